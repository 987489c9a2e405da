"""ProbeCompare: one text and several predictors side by side, or one predictor and two sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from probewidgets.errors import WidgetError, clipped
from probewidgets.machine.interrupts import uninterrupted
from probewidgets.values import Predictions
from probewidgets.widgets.compare.saved import SavedCompare
from probewidgets.widgets.compare.terms import terms
from probewidgets.widgets.kit.checks import clean_text, refuse_unknown
from probewidgets.widgets.kit.linker import linked
from probewidgets.widgets.kit.static import plural
from probewidgets.widgets.reading.typed import EXAMPLE, milliseconds

__all__ = ["ProbeCompare"]

PAIR = "The key to the cabinets is here.\nThe keys to the cabinet are here."


class ProbeCompare(SavedCompare):
    """Two or more predictors on one text, or one predictor on two sentences, with what differs between them.

    Models, tasks, probes, sizes, trained against random weights: whatever gives Predictions can be compared. Each has a
    grid of layers and words; layers stand on one row by their number or by their relative depth, and a word that is
    chosen in one grid is chosen in all. Each works on a thread of its own, and one that fails hides no other; those
    of one model that read a text alike run it once (see `probewidgets.live.shared`). `link` ties layer, label and word
    to those of another widget.

    In the mode `"difference"`, cells show how much more (or less) probable a label is than with the predictor that is
    compared `against`, at the layer on the same row; or, in a pair of sentences, than in the first one, whose words are
    aligned with those of the second by the fewest changes. That means something where both know the same labels; where
    they do not, it is said why. The scores of all stand on one axis; how far one is above the other has an interval
    where both were tested on the same targets (see `probewidgets.sweeps.paired`).

    Args:
        predictors: A mapping from names to callables `text -> Predictions`, or a list of them, of which each that has
            an attribute `sweep` also shows its scores; or one callable, for a pair of sentences.
        pair: Whether one predictor is compared on the first two lines of the text. By default where one came.
        text: The first text; of a pair also two texts.
        show: `"values"` or `"difference"`.
        align: Whether the same `"layer"` or the same relative `"depth"` stands on one row; by default the layer where
            all models have as many, else the depth.
        against: Name of the predictor that differences are taken from; the first by default.
        row: The active row, counted from the lowest; by default that of the layer which the first sweep chose on dev.
        word: The word under inspection, (name, unit index).
        label: The label whose probability is the colour, or is subtracted; by default of each word its gold label, else
            the one that the predictor compared against gives it at its best layer.
        colour: What colour means in values: `"label"` (the default), `"probability"` with `label`, or `"entropy"`.
        debounce: Time from the last key to the question (ms).
        layout: An `ipywidgets.Layout`.

    Raises:
        TypeError: A keyword that it does not know.
        WidgetError: No predictors that can be compared, or a choice that there is not.
    """

    _title = "Probe compare"
    _esm, _css = linked(Path(__file__).with_name("view.js"))

    def __init__(
        self,
        predictors: Mapping[str, Callable[..., Predictions]]
        | Sequence[Callable[..., Predictions]]
        | Callable[..., Predictions],
        *,
        pair: bool | None = None,
        text: str | Sequence[str] | None = None,
        show: str = "values",
        align: str | None = None,
        against: str | None = None,
        row: int | None = None,
        word: tuple[str, int] | None = None,
        label: str | None = None,
        colour: str | None = None,
        debounce: int = 120,
        layout: Any = None,
        **unknown: Any,
    ) -> None:
        refuse_unknown(type(self), unknown)
        self._debounce = milliseconds(debounce)
        super().__init__(predictors, pair, layout)
        with self._or_closed():
            with self._quietly():
                self.text = _joined(text, self._pair)
                answers, ended = self._answers(self.text)
                if ended:
                    raise ended
                self._take(self.text, answers)
                self.align = align or ("depth" if self._deep_differently else "layer")
                self._fit(None)
                given = {"against": against, "row": row, "label": label, "colour": colour, "word": word}
                for name, value in given.items():
                    if value is not None:
                        setattr(self, name, value)
                self.show = show
            self._changed()
            self._told()

    # ------------------------------------------------------------------ Python side

    @property
    def names(self) -> tuple[str, ...]:
        """(P,) what the predictors are called; of a pair, its sentences."""
        return self._names

    @property
    def rows(self) -> tuple[dict[str, int | None], ...]:
        """(R,) the layers that stand on each row, by name of the predictor, the lowest row first."""
        return tuple(dict(zip(self._names, row, strict=True)) for row in self._board().rows)

    @property
    def cells(self) -> dict[str, tuple[int, int]]:
        """The cells under inspection, name -> (layer, unit index): the chosen word wherever it has a counterpart."""
        board = self._board()
        if self.word is None or self.row is None:
            return {}
        place, unit = self._names.index(self.word[0]), self.word[1]
        units = [board.counterpart(place, unit, other) for other in range(len(self._names))]
        cells = zip(self._names, board.rows[self.row], units, strict=True)
        return {name: (layer, at) for name, layer, at in cells if layer is not None and at is not None}

    def compute(self, text: str | Sequence[str]) -> dict[str, Predictions]:
        """Ask all predictors for a text now, in this thread, and show it, unless another one is asked for meanwhile.

        Returns:
            Name -> Predictions, of those that have answered; `errors` says what the others raised.

        Raises:
            WidgetError: The text is no string, or too long.
            KeyboardInterrupt: The kernel was interrupted: what was answered by then is shown, and the others have
                stopped.
        """
        joined = clean_text(_joined(text, self._pair))
        with self._lock:
            self._asked += 1
            asked = self._asked
        answers, ended = self._answers(joined)
        try:
            with self._lock, uninterrupted():
                if self._asked == asked:
                    with self._quietly():
                        self.text = joined
                    self._take(joined, answers)
                    self._answered = dict(self._heard)
                    self._changed()
        finally:
            self._told()
        if ended:
            raise ended
        return {name: answer[0] for name, answer in zip(self._names, answers, strict=True) if isinstance(answer, tuple)}

    def __repr__(self) -> str:
        board = self._board()
        what = "a pair of sentences" if self._pair else plural(len(self._names), "predictor")
        errors = f", errors {self.errors!r}" if self.errors else ""
        return (
            f"ProbeCompare({what}, {self._head}: {plural(len(board.rows), 'row')} by {self.align}, {self.show}{errors})"
        )

    def _payload(self) -> dict[str, Any]:
        about = terms(self._pair, any(panel.sweep is not None for panel in self._panels))
        return super()._payload() | {"debounce": self._debounce, "terms": about}


def _joined(text: object, pair: bool) -> str:
    """The first text, whatever came for it."""
    if text is None:
        return PAIR if pair else EXAMPLE
    if isinstance(text, list | tuple) and all(isinstance(each, str) for each in text):
        if not pair or len(text) != 2:
            raise WidgetError(f"Two texts are for one predictor on a pair of sentences, but {clipped(text)} came.")
        return "\n".join(" ".join(each.split("\n")) for each in text)
    return clean_text(text)
