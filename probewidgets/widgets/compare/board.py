"""Board: what stands beside what. The rows of layers, the words that answer each other, and what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from probewidgets.live.compared import Difference, difference, matched_by_place, matched_by_words, why_not
from probewidgets.metrics.alignment import align_layers
from probewidgets.sweeps.paired import Pair, why_unpaired
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Estimate, Predictions

__all__ = ["NO_ANSWER", "Board", "Margins", "Seen"]

Row = tuple[int | None, ...]
NO_ANSWER = "there is no answer to this text"


@dataclass(frozen=True, eq=False)
class Seen:
    """One predictor at one moment."""

    name: str
    sweep: Sweep | None
    shown: Predictions | None
    """Its answer."""
    shown_for: str | None
    """The text that it answers."""
    late: bool
    """Whether that is not the newest text, whose answer nobody waits for any more: it failed, or was stopped."""
    layers: tuple[int, ...]
    deepest: int
    """The last layer of the model."""
    best: int | None
    rev: int


@dataclass(frozen=True, eq=False)
class Board:
    """What some predictors say, side by side. Places among the predictors are told by number."""

    seen: tuple[Seen, ...]
    pair: bool
    """Whether they are one predictor on two sentences, and not several on one."""
    align: str
    """What stands on one row: the same `"layer"`, or the same relative `"depth"`."""
    against: int
    """The predictor that differences are taken from."""
    label: str | None = None
    """The label whose probability they are of."""

    @cached_property
    def rows(self) -> list[Row]:
        """(R, P) the layer of each predictor on each row, the lowest row first."""
        if self.align == "depth":
            depths = [[layer / max(each.deepest, 1) for layer in each.layers] for each in self.seen]
            return [
                tuple(None if at is None else each.layers[at] for at, each in zip(row, self.seen, strict=True))
                for row in align_layers(depths)
            ]
        every = sorted({layer for each in self.seen for layer in each.layers})
        return [tuple(layer if layer in each.layers else None for each in self.seen) for layer in every]

    def row_of(self, place: int, layer: int | None) -> int | None:
        """The row on which a layer of a predictor stands."""
        return next((row for row, layers in enumerate(self.rows) if layer is not None and layers[place] == layer), None)

    # ------------------------------------------------------------------ words

    @cached_property
    def keys(self) -> list[list[int | None]]:
        """Of each predictor (U,) a number for each unit: units that answer each other have the same."""
        if self.pair:
            first, second = (each.shown for each in self.seen)
            own: list[int | None] = list(range(len(first or ())))
            return [own, self._opposite(first, second)]
        places: dict[tuple[str, int, int], int] = {}
        keys: list[list[int | None]] = []
        for each in self.seen:
            text = "" if each.shown is None else each.shown.text
            keys.append([places.setdefault((text, unit.start, unit.end), len(places)) for unit in each.shown or ()])
        return keys

    @staticmethod
    def _opposite(first: Predictions | None, second: Predictions | None) -> list[int | None]:
        if first is None or second is None:
            return [None] * len(second or ())
        return [None if at < 0 else at for at in matched_by_words(second, first)]

    def counterpart(self, place: int, unit: int, other: int) -> int | None:
        """The unit of another predictor that answers a unit of one."""
        if place == other:
            return unit
        key = self.keys[place][unit] if unit < len(self.keys[place]) else None
        return self.keys[other].index(key) if key is not None and key in self.keys[other] else None

    # ------------------------------------------------------------------ differences

    @cached_property
    def reasons(self) -> list[str]:
        """Of each predictor why the other one cannot be taken from it; empty where it can, and of that one itself."""
        return ["" if place == self.against else self._why_not(place) for place in range(len(self.seen))]

    def _why_not(self, place: int) -> str:
        here, there = self.seen[place], self.seen[self.against]
        if here.shown is None or there.shown is None or here.late or there.late:
            return NO_ANSWER
        if not self.pair and here.shown_for != there.shown_for:
            return NO_ANSWER
        tasks = [None if each.sweep is None else each.sweep.task for each in (here, there)]
        same_task = tasks[0] == tasks[1] and (tasks[0] is not None or here.shown.scale == there.shown.scale)
        reason = why_not(here.shown, there.shown, self.pair or same_task, (here.name, there.name))
        if not reason and len(here.shown) and len(there.shown) and not any(at >= 0 for at in self._matched(place)):
            return "no word of the one is a word of the other: they cut the text differently"
        return reason

    @property
    def why_no_difference(self) -> str:
        """Why there is no difference at all; empty where there is one."""
        reasons = [reason for place, reason in enumerate(self.reasons) if place != self.against]
        return "" if not all(reasons) else reasons[0]

    def _matched(self, place: int) -> list[int]:
        here, there = self.seen[place].shown, self.seen[self.against].shown
        if here is None or there is None:
            return []
        return matched_by_words(here, there) if self.pair else matched_by_place(here, there)

    @cached_property
    def differences(self) -> list[Difference | None]:
        """Of each predictor what it says, less what the other one does; None where that means nothing."""
        return [self._difference(place) for place in range(len(self.seen))]

    def _difference(self, place: int) -> Difference | None:
        here, there = self.seen[place].shown, self.seen[self.against].shown
        if place == self.against or self.reasons[place] or here is None or there is None:
            return None
        beside = {row[place]: row[self.against] for row in self.rows}
        label = self.label if self.label in here.labels else None
        best = self.seen[self.against].best
        return difference(
            here,
            there,
            self._matched(place),
            [beside.get(layer) for layer in here.layers],
            label=label,
            at=best if best in there.layers else None,
        )

    # ------------------------------------------------------------------ scores

    @cached_property
    def scored(self) -> list[int]:
        """The predictors whose scores stand on one axis: those that go by the metric of the first that has scores."""
        metric = next((each.sweep.metric for each in self.seen if each.sweep is not None), None)
        places = [at for at, each in enumerate(self.seen) if each.sweep is not None and each.sweep.metric == metric]
        return places[:1] if self.pair else places

    def score(self, place: int, row: int) -> Estimate | None:
        """The score of the layer on a row."""
        sweep, layer = self.seen[place].sweep, self.rows[row][place]
        return None if sweep is None or layer not in sweep.layers else sweep.score(layer).value


class Margins:
    """How far the scores of predictors are above another one's, which takes a while and never changes.

    Args:
        sweeps: The sweep of each predictor, where it has one.
    """

    def __init__(self, sweeps: Sequence[Sweep | None]) -> None:
        self._sweeps = sweeps
        self._pairs: dict[tuple[int, int], Pair | str] = {}
        self._margins: dict[tuple[int, int, int, int], Estimate | None] = {}

    def note(self, place: int, other: int) -> str:
        """What the intervals of differences are, or why there are none."""
        pair = self._pair(place, other)
        return f"no interval of that: {pair}" if isinstance(pair, str) else f"interval of the difference: {pair.method}"

    def margin(self, place: int, layer: int | None, other: int, beside: int | None) -> Estimate | None:
        """The score of a layer less that of a layer of another one: with an interval where targets are the same.

        Elsewhere it is the bare difference, if both are of one task and go by the same metric; else nothing.
        """
        if layer is None or beside is None:
            return None
        key = (place, layer, other, beside)
        if key not in self._margins:
            self._margins[key] = self._margin(*key)
        return self._margins[key]

    def _margin(self, place: int, layer: int, other: int, beside: int) -> Estimate | None:
        sweep, against = self._sweeps[place], self._sweeps[other]
        if sweep is None or against is None or layer not in sweep.layers or beside not in against.layers:
            return None
        if (sweep.task, sweep.unit, sweep.metric) != (against.task, against.unit, against.metric):
            return None
        pair = self._pair(place, other)
        if isinstance(pair, str):
            return Estimate(sweep.score(layer).value.value - against.score(beside).value.value)
        return pair.difference(layer, beside)

    def _pair(self, place: int, other: int) -> Pair | str:
        """Two sweeps on the same test targets; or why they are not."""
        if (place, other) not in self._pairs:
            sweep, against = self._sweeps[place], self._sweeps[other]
            if sweep is None or against is None:
                self._pairs[place, other] = "one of them has no sweep"
            else:
                self._pairs[place, other] = why_unpaired(sweep, against) or Pair(sweep, against)
        return self._pairs[place, other]
