"""What is left of a comparison without its page: picture, tables, a DataFrame, files, a state that restores it."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pandas as pd

from probewidgets.errors import WidgetError
from probewidgets.values import Predictions
from probewidgets.widgets.compare import still
from probewidgets.widgets.compare.choices import CHOICES
from probewidgets.widgets.compare.comparing import Comparing
from probewidgets.widgets.kit.messages import Hearing
from probewidgets.widgets.reading.states import FORMAT, VERSION, read_state

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from typing_extensions import Self

__all__ = ["SavedCompare"]

_FIELDS = Hearing(
    "a saved view",
    {"text": str, "show": str, "align": str, "against": int, "row": int | None, "label": str | None, "colour": str},
    {"word": list | None, "widget": str},
    queued=False,
    method="restore",
)
"""What a state holds, and of which types."""


class SavedCompare(Comparing):
    """What is saved is what is on the screen: values or differences, at the active row."""

    @abstractmethod
    def compute(self, text: str | Sequence[str]) -> dict[str, Predictions]:
        """Ask all predictors for a text now, and show their answers."""

    def to_frame(self, probabilities: bool = False) -> pd.DataFrame:
        """All predictions in one DataFrame, one row per predictor, layer and unit, as `Predictions.to_frame` has them.

        Beside them: `predictor`, its name; `row`, the row on which the layer stands; `word`, a number that is the same
        for units which answer each other; and `difference` to the predictor compared against, with the `label` that it
        is `of`, or NaN where there is none.

        Args:
            probabilities: Whether to add a column for each label: `p_NOUN`, ...
        """
        return still.frame(self._board(), self._names, probabilities)

    def _draw(self) -> bytes | None:
        sheet = still.picture(self._board(), self._choices(), None, most=still.MOST_PICTURED)
        return None if sheet is None else sheet.small_png()

    def _figure(self, width: Any) -> Figure | None:
        sheet = still.picture(self._board(), self._choices(), width)
        return None if sheet is None else sheet.figure()

    def _tables(self) -> str:
        return still.tables(self._board(), self._choices(), self.errors)

    def _plain(self) -> str:
        return still.text(repr(self), self._board(), self._choices())

    def _frame(self) -> pd.DataFrame:
        return self.to_frame(probabilities=True)

    def _state(self) -> dict[str, Any]:
        with self._lock:
            where = {"format": FORMAT, "version": VERSION, "widget": type(self).__name__, "text": self.text}
            return where | self._choices()

    def restore(self, state: str | os.PathLike[str] | Mapping[str, Any]) -> Self:
        """Show what `save("view.json")` has kept: text, what is shown against what, row, word and label.

        Args:
            state: The file, or what it holds. It tells predictors by their order.

        Returns:
            The widget itself.

        Raises:
            StoreError: No such file, no saved view, or one of a newer version.
            WidgetError: A choice that this widget does not have.
        """
        fields = _FIELDS.fields(read_state(state))
        self.compute(fields["text"])
        with self._lock:
            before = {name: getattr(self, name) for name in CHOICES}
            with self._quietly():
                try:
                    for name in ("align", "against", "row", "label", "colour", "word", "show"):
                        self._restore_one(name, fields.get(name))
                except BaseException:
                    for name, value in before.items():
                        with suppress(WidgetError):
                            setattr(self, name, value)
                    raise
            self._changed()
        return self

    def _restore_one(self, name: str, value: Any) -> None:
        if name == "against" or (name == "word" and value is not None):
            place = value if name == "against" else value[0]
            if not isinstance(place, int) or not 0 <= place < len(self._names):
                raise WidgetError(
                    f"The saved view is of predictor {place!r}, but here are {len(self._names)}: {list(self._names)}."
                )
            value = self._names[place] if name == "against" else (self._names[place], value[1])
        if (name, value) != ("colour", "probability"):
            setattr(self, name, value)
