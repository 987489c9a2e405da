"""What is left of the errors of a sweep without a kernel, what goes into files, and what restores it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from probewidgets.widgets.errors import payload, still
from probewidgets.widgets.errors.choices import CHOICES
from probewidgets.widgets.errors.listing import Listing
from probewidgets.widgets.kit.files import Files
from probewidgets.widgets.kit.messages import Hearing
from probewidgets.widgets.reading.states import FORMAT, VERSION, read_state

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from typing_extensions import Self

__all__ = ["MAYBE", "SavedErrors"]

MAYBE: dict[str, Any] = {
    "layer": int,
    "label": str | None,
    "cell": list | None,
    "slice": list | None,
    "wrong": bool,
    "sort": str,
    "reverse": bool,
    "selected": int | None,
}
"""The choices and their types."""
_FIELDS = Hearing("a saved view", MAYBE, {"widget": str}, queued=False, method="restore")


class SavedErrors(Listing, Files):
    """What is saved is what is listed: the picture of the grid, tables, the first examples."""

    def _show(self) -> None:
        """List what is chosen, and send it."""
        raise NotImplementedError

    def _choices(self) -> dict[str, Any]:
        """What is chosen, as JSON can hold it."""
        pairs = {name: None if (pair := getattr(self, name)) is None else list(pair) for name in ("cell", "slice")}
        return {name: getattr(self, name) for name in CHOICES} | pairs

    def _choose(self, choices: Mapping[str, Any]) -> None:
        """Make several choices, in the order in which they depend on each other; or none, where one does not fit."""
        before = self._choices()
        with self._quietly():
            try:
                for name in filter(choices.__contains__, CHOICES):
                    setattr(self, name, choices[name])
            except BaseException:
                for name in CHOICES:
                    setattr(self, name, before[name])
                raise

    def _rows(self, start: int) -> dict[str, Any]:
        """A part of the list, from a row on."""
        places = self._order[start : start + payload.MOST_ROWS]
        rows = payload.encode_rows(self._screen, self.layer, places, self._told.values)
        return {"start": start, "size": payload.MOST_ROWS, "rows": rows}

    def _tables(self) -> str:
        return still.table(self._screen, self.layer, self._slice_table, self._rows(0)["rows"], len(self._order))

    def _plain(self) -> str:
        return still.text(repr(self), self._screen, self._slice_table, self._rows(0)["rows"])

    def _draw(self) -> bytes | None:
        return still.picture(self._screen, self.layer, mark=self.cell).small_png()

    def _figure(self, width: Any) -> Figure:
        return still.picture(self._screen, self.layer, width, self.cell).figure()

    def _frame(self) -> pd.DataFrame:
        """What is listed."""
        return self.to_frame(shown=True).reset_index()

    def _page_title(self) -> str:
        return f"{self._title}: {self.sweep.task} in {self.sweep.model.name}"

    def _saved(self) -> tuple[dict[str, Any], list[str]]:
        view, captions = super()._saved()
        here = min(len(self._order), payload.MOST_ROWS)
        if here < len(self._order):
            captions = [*captions, f"This page holds the first {here:,} of {len(self._order):,} listed."]
        return view, captions

    def _state(self) -> dict[str, Any]:
        return {"format": FORMAT, "version": VERSION, "widget": type(self).__name__, **self._choices()}

    def restore(self, state: str | os.PathLike[str] | Mapping[str, Any]) -> Self:
        """Show what `save("view.json")` has kept: layer, cell, slice, order, selection; or change nothing.

        Args:
            state: The file, or what it holds.

        Returns:
            The widget itself.

        Raises:
            StoreError: No such file, no saved view, or one of a newer version.
            WidgetError: A layer, a label, a slice or a target that this widget does not have.
        """
        fields = _FIELDS.fields(read_state(state))
        with self._lock:
            try:
                self._choose(fields)
            finally:
                self._show()
        return self
