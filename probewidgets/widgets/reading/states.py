"""States: what of a view over Predictions is kept in a file, and how it is shown again."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from probewidgets.errors import StoreError, WidgetError, clipped
from probewidgets.machine.files import path_of
from probewidgets.widgets.kit.files import Files
from probewidgets.widgets.kit.messages import Hearing
from probewidgets.widgets.reading.saved import SavedReading

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from typing_extensions import Self

__all__ = ["FORMAT", "VERSION", "Restorable", "read_state"]

FORMAT = "probewidgets view"
VERSION = 1
"""Of the file. A newer one is refused."""
_FIELDS = Hearing(
    "a saved view",
    {"layer": int | None, "layers": list, "label": str | None, "colour": str, "selected": list | None},
    {"text": str | None, "gold": bool, "first": int, "widget": str},
    queued=False,
    method="restore",
)
"""What a state holds, and of which types."""


class Restorable(SavedReading, Files):
    """A view that can be written to any file, and shown again from one."""

    def to_frame(self, probabilities: bool = False) -> pd.DataFrame:
        """The predictions of all layers as a DataFrame, one row per (layer, unit); empty where there are none.

        Args:
            probabilities: Whether to add a column for each label: `p_NOUN`, ...
        """
        return pd.DataFrame() if self.predictions is None else self.predictions.to_frame(probabilities)

    def _figure(self, width: Any) -> Figure | None:
        sheet = self._sheet(width)
        return None if sheet is None else sheet.figure()

    def _frame(self) -> pd.DataFrame:
        """The layers that are shown, and the units on the page, numbered as in the whole text."""
        if self._shown is None:
            return pd.DataFrame(columns=["layer", "unit", "text"])
        window = self._window(self._shown)
        frame = self._shown.part(window.start, window.end).to_frame(probabilities=True)
        frame["unit"] += window.start
        return frame[frame["layer"].isin(self.layers)]

    def _state(self) -> dict[str, Any]:
        with self._lock:
            text = None if self._shown is None else self._shown.text
            where = {"format": FORMAT, "version": VERSION, "widget": type(self).__name__, "text": text}
            return where | self._choices() | {"first": self._window_start}

    def restore(self, state: str | os.PathLike[str] | Mapping[str, Any]) -> Self:
        """Show what `save("view.json")` has kept: text, layer, layers, label, colour, selection, page of units.

        `ProbeExplorer(predictor).restore("view.json")` asks the predictor for the text; a widget over Predictions must
        have those of the same text. Nothing changes where it cannot be shown.

        Args:
            state: The file, or what it holds.

        Returns:
            The widget itself.

        Raises:
            StoreError: No such file, no saved view, or one of a newer version.
            WidgetError: A layer, a label, a colour, a unit or a text that this widget does not have.
            Exception: Whatever the predictor raises.
        """
        fields = _FIELDS.fields(read_state(state))
        self._check_layers_and_label(fields)
        self._show_text(fields.get("text"), fields.get("gold"))
        with self._lock:
            before = {name: getattr(self, name) for name in ("layers", "layer", "label", "colour", "selected")}
            with self._quietly():
                try:
                    self._choose_all(fields)
                except BaseException:
                    self._choose_all(before)
                    raise
            self._window_start = fields.get("first", 0)
            self._publish()
        return self

    def _check_layers_and_label(self, fields: Mapping[str, Any]) -> None:
        """Before a predictor is asked, as far as it can be told what it knows."""
        unknown = [layer for layer in fields["layers"] if layer not in self._all_layers]
        if unknown and self._all_layers:
            raise WidgetError(f"The saved view has the layers {unknown}, but here are {list(self._all_layers)}.")
        label = fields["label"]
        if label is not None and self._all_labels and label not in self._all_labels:
            raise WidgetError(f"The saved view has the label {label!r}, but here are {list(self._all_labels)}.")

    def _show_text(self, text: str | None, gold: bool | None) -> None:  # noqa: ARG002 - for those that can ask
        """Have the units of a text."""
        here = None if self._shown is None else self._shown.text
        if text is not None and here is not None and text != here:
            raise WidgetError(
                f"The saved view is of the text {clipped(text)}, but this widget shows {clipped(here)}: give it the "
                f"predictions of that text first, or restore the view in a ProbeExplorer."
            )

    def _choose_all(self, fields: Mapping[str, Any]) -> None:
        """Make all choices, in the order in which they depend on each other."""
        self.selected = None
        self.layers = fields["layers"]
        self.layer = fields["layer"]
        self.label = fields["label"]
        if fields["label"] is None or fields["colour"] != "probability":
            self.colour = fields["colour"]
        self.selected = fields["selected"]


def read_state(state: str | os.PathLike[str] | Mapping[str, Any]) -> dict[str, Any]:
    """The content of a saved view, without what says that it is one."""
    name = "The state"
    if isinstance(state, Mapping):
        content: Any = dict(state)
    else:
        path = path_of(state)
        name = repr(os.fspath(state))
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise StoreError(f"{name} could not be read: {error.strerror or error}.") from error
        except ValueError as error:
            raise StoreError(f"{name} is not JSON, so no saved view: {error}.") from error
    if not isinstance(content, dict) or content.pop("format", None) != FORMAT:
        raise StoreError(f'{name} is no saved view: `save("view.json")` of a widget writes one.')
    version = content.pop("version", None)
    if version != VERSION:
        raise StoreError(f"{name} is a saved view of version {version!r}, but this package reads version {VERSION}.")
    return content
