"""Screens: what is said on the page of the errors of labels, and of those of numbers. All of it is text or columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from probewidgets.figures.matrix import axis_of
from probewidgets.look.palette import encode_labels
from probewidgets.look.visible import visible
from probewidgets.machine.arrays import Floats, Ints
from probewidgets.sweeps.on_test import OnTest
from probewidgets.sweeps.residuals import NumbersOnTest
from probewidgets.sweeps.tested import Tested
from probewidgets.values import Estimate, digits
from probewidgets.widgets.kit.static import plural

__all__ = ["KINDS", "LabelScreen", "NumberScreen", "Screen", "screen_of", "slice_name"]

_MOST_PROBABLE = 5
SORT_NAMES = {
    "confidence": "confidence",
    "residual": "size of the residual",
    "signed": "residual, too high first",
    "frequency": "word frequency",
    "seen": "seen or unseen type",
    "text": "order of the text",
}
"""What can be sorted by, in the words of a menu."""
KINDS = {
    "label": "label",
    "number": "true number",
    "word type": "word type",
    "length": "sentence length",
    "seen": "seen or unseen",
    "position": "place in sentence",
}
"""What slices are by, in the words of a menu."""
OTHER_TYPES = "all rarer types"
"""What the slice of the word types without one of their own is called."""

On = TypeVar("On", bound=Tested)


@dataclass(frozen=True, eq=False)
class Screen(Generic[On]):
    """The words of a page, and what differs between kinds of answers."""

    tested: On

    words: ClassVar[tuple[str, str]]
    """What a target is, and what it is given: the rows of the grid and its columns."""
    column: ClassVar[str]
    """What the list says of an answer, as the head of its column."""
    caption: ClassVar[str]
    """What the grid is, before what its numbers are."""
    score: ClassVar[str]
    """What the score of a slice is called."""
    row_share: ClassVar[str] = ""
    """What the share of the row is on the diagonal,"""
    column_share: ClassVar[str] = ""
    """and that of the column."""

    @property
    def sorts(self) -> tuple[str, ...]:
        """What there is to sort by: whole sentences have no word type."""
        sorts = self.tested.sorts
        return sorts if self.typed else tuple(sort for sort in sorts if sort not in ("frequency", "seen"))

    @property
    def typed(self) -> bool:
        """Whether targets have a word type."""
        return self.tested.sweep.unit != "sentence"

    @property
    def axis(self) -> list[int]:
        """Classes that have a row of their own, in their order."""
        raise NotImplementedError

    @property
    def palette(self) -> Mapping[str, Any]:
        """Colours of the classes, where they have some."""
        return {}

    def facts(self) -> dict[str, Any]:
        """What stays as it is, whatever is chosen."""
        tested = self.tested
        return {
            **self.palette,
            "labels": list(tested.names),
            "called": [visible(name) for name in tested.names],
            "words": self.words,
            "titles": ["sentence", *self.words, self.column, *["in train"] * self.typed],
            "caption": self.caption,
            "numbers": not tested.right_or_wrong,
            "metric": tested.sweep.metric_name,
            "sorts": {name: SORT_NAMES[name] for name in self.sorts},
        }

    def answers(self, layer: int, places: Ints, told: Floats) -> dict[str, list[Any]]:
        """Columns of a list: what is gold, what is given, what is told of it; of labels the first two are places."""
        raise NotImplementedError

    def detail(self, layer: int, place: int, proba: Floats) -> dict[str, Any]:
        """What is said of one target; `proba`: of each label, none where there is none to be had."""
        raise NotImplementedError

    def counted(self, layer: int) -> str:
        """How many targets there are, and, where they are right or wrong, how many are wrong."""
        raise NotImplementedError

    @property
    def many(self) -> str:
        """How many targets there are."""
        return plural(len(self.tested), self.tested.sweep.unit)

    def summary(self, layer: int) -> str:
        """How a layer does, in a line."""
        raise NotImplementedError

    def value(self, score: float) -> str:
        """The score of a slice, short."""
        raise NotImplementedError

    def slice_said(self, name: str, row: Any) -> str:
        """A slice in words, from its row of the table."""
        tested = self.tested
        ends = [getattr(row, f"{tested.measure}{end}") for end in ("", "_low", "_high")]
        value, low, high = (self.full(end) for end in ends)
        between = f"95 % interval {low} to {high}" if np.isfinite(ends[1]) else "no interval"
        return f"{KINDS[row.kind]} {name}: {self.score} {value}, {between}; {self.beside(row)}"

    def full(self, score: float) -> str:
        """The score of a slice, in full."""
        raise NotImplementedError

    def beside(self, row: Any) -> str:
        """What else is said of a slice."""
        raise NotImplementedError

    def overall(self, layer: int) -> Estimate:
        """The score of all of test, as slices have it."""
        score: Estimate = self.tested.sweep.score(layer).estimates[self.tested.measure]
        return score

    def common(self, place: int) -> list[str]:
        """What is said of a target whatever its answers are: how often train shows it, where it stands, its name."""
        tested = self.tested
        position, many = (int(column[place]) for column in tested.sentence)
        count = int(tested.frequency[place])
        shown = f"in train {plural(count, 'time')}" if count else "not seen in training"
        typed = [shown, f"word {position + 1:,} of {many:,}"] if self.typed else []
        return [*typed, tested.acts.corpus[int(tested.example[place])].id]


class LabelScreen(Screen[OnTest]):
    """Labels: who is taken for whom."""

    words = ("gold", "given")
    column = "confidence"
    caption = "What was given (columns) for each gold label (rows)"
    score = "accuracy"
    row_share = "; on the diagonal this is recall"
    column_share = "; on the diagonal this is precision"

    @property
    def axis(self) -> list[int]:
        """The commonest in training first."""
        return axis_of(self.tested.sweep)

    @property
    def palette(self) -> Mapping[str, Any]:
        """Those of the labels."""
        return {"palette": encode_labels(self.tested.names, self.tested.sweep)["palette"]}

    def answers(self, layer: int, places: Ints, told: Floats) -> dict[str, list[Any]]:
        """Labels as their places; the probability of the one that is given."""
        given = self.tested.given(layer)[places]
        sure = [f"{value:.2f}" if np.isfinite(value) else None for value in told[places]]
        return {"gold": self.tested.gold[places].tolist(), "given": given.tolist(), "told": sure}

    def detail(self, layer: int, place: int, proba: Floats) -> dict[str, Any]:  # noqa: ARG002 - `proba` is its
        """What every layer gives, and the most probable labels."""
        tested = self.tested
        best = np.argsort(-proba, kind="stable")[:_MOST_PROBABLE].tolist()
        gold = int(tested.gold[place])
        return {
            "gold": gold,
            "answers": [int(tested.given(each)[place]) for each in tested.sweep.layers],
            "best": [[k, float(proba[k]) if np.isfinite(proba[k]) else None] for k in best],
            "facts": [f"gold {visible(tested.names[gold])}", *self.common(place)],
        }

    def summary(self, layer: int) -> str:
        """`"layer 2: 5 of 218 words wrong, accuracy 0.977 [0.960, 0.996]"`."""
        return f"layer {layer}: {self.counted(layer)}, accuracy {self.overall(layer)}"

    def counted(self, layer: int) -> str:
        """`"5 of 218 words wrong"`."""
        return f"{int(self.tested.wrong(layer).sum()):,} of {self.many} wrong"

    def value(self, score: float) -> str:
        """`".86"`."""
        return digits(score, 2).removeprefix("0")

    def full(self, score: float) -> str:
        """`"0.864"`."""
        return digits(score, 3)

    def beside(self, row: Any) -> str:
        """How many are wrong."""
        return f"{row.errors:,} of {plural(row.targets, self.tested.sweep.unit)} wrong"


class NumberScreen(Screen[NumbersOnTest]):
    """Numbers: how far what is predicted is from what is true."""

    words = ("true", "predicted")
    column = "residual"
    caption = "Predicted numbers (columns) for true ones (rows)"
    score = "mean absolute error"

    @property
    def axis(self) -> list[int]:
        """From the least bin to the largest."""
        return list(range(len(self.tested.names)))

    def answers(self, layer: int, places: Ints, told: Floats) -> dict[str, list[Any]]:
        """Numbers, and predicted - true with its sign."""
        columns = (self.tested.true, self.tested.predicted(layer))
        true, predicted = ([self.number(value) for value in column[places]] for column in columns)
        return {"gold": true, "given": predicted, "told": [self.signed(value) for value in told[places]]}

    def detail(self, layer: int, place: int, proba: Floats) -> dict[str, Any]:  # noqa: ARG002 - numbers have none
        """What every layer predicts."""
        tested = self.tested
        residual = self.signed(tested.residual(layer)[place])
        true = self.number(tested.true[place])
        predicted = self.number(tested.predicted(layer)[place])
        return {
            "gold": None,
            "answers": [self.number(value) for value in tested.through(place)],
            "best": [],
            "facts": [f"true {true}", f"predicted {predicted}", f"residual {residual}", *self.common(place)],
        }

    def summary(self, layer: int) -> str:
        """`"layer 2: 218 words, R² 0.91 [0.88, 0.93], mean absolute error 0.42 [0.38, 0.47]"`."""
        sweep, error = self.tested.sweep, self.overall(layer)
        ends = "" if np.isnan(error.low) else f" [{self.full(error.low)}, {self.full(error.high)}]"
        return (
            f"layer {layer}: {self.counted(layer)}, {sweep.metric_name} {sweep.score(layer).value}, "
            f"{self.score} {self.full(error.value)}{ends}"
        )

    def counted(self, layer: int) -> str:  # noqa: ARG002 - none is wrong at any
        """`"218 words"`."""
        return self.many

    def number(self, value: float) -> str:
        """A number as the explorer shows it; `"–"` for what is none."""
        return self.tested.scale.text(value) if np.isfinite(value) else "–"

    def signed(self, value: float) -> str:
        """A difference with its sign."""
        text = self.full(value)
        return text if text[0] in "−–" or not text.strip("0.") else f"+{text}"

    def value(self, score: float) -> str:
        """The same as in full."""
        return self.full(score)

    def full(self, score: float) -> str:
        """With a digit more than numbers have: differences are smaller."""
        return digits(score, self.tested.scale.places + 1)

    def beside(self, row: Any) -> str:
        """Which way predictions lean."""
        way = "too high" if row.residual > 0 else "too low"
        return f"{plural(row.targets, self.tested.sweep.unit)}, on average {self.full(abs(row.residual))} {way}"


def screen_of(tested: OnTest | NumbersOnTest) -> Screen[Any]:
    """The words of the page for these targets."""
    return NumberScreen(tested) if isinstance(tested, NumbersOnTest) else LabelScreen(tested)


def slice_name(name: str) -> str:
    """What a slice is called where people read it."""
    return visible(name) or OTHER_TYPES
