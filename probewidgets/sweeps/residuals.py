"""The test targets of a sweep of numbers one by one: what is true and what is predicted, in bins, and how far apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError
from probewidgets.machine.arrays import Floats, Ints
from probewidgets.sweeps.on_test import OnTest
from probewidgets.sweeps.results import Sweep
from probewidgets.sweeps.tested import Tested
from probewidgets.values import Scale

if TYPE_CHECKING:
    from probewidgets.captures.activations import Activations

__all__ = ["Bins", "NumbersOnTest", "targets_on_test"]

_BINS = 8
"""Steps, about, between the 5 % and the 95 % quantile of train."""
_ROUNDING = 0.05
"""How far the mean absolute error may be from the one that the sweep measured, as a share, in states kept in half."""


@dataclass(frozen=True, eq=False)
class Bins:
    """Numbers in bins of equal width between round edges; the first and the last one are open."""

    edges: npt.NDArray[np.float64]
    """(G - 1,) where a bin ends and the next one begins; an edge belongs to the bin above it."""
    names: tuple[str, ...]
    """(G,)."""

    @classmethod
    def of(cls, numbers: npt.ArrayLike, scale: Scale) -> Bins:
        """Bins of a task's numbers.

        Args:
            numbers: Those of train; where all are whole, edges lie between whole numbers, so that what rounds to a
                number is in its bin.
            scale: What they are like.
        """
        step = _round_step((scale.high - scale.low) / _BINS)
        whole = bool((np.mod(numbers, 1) == 0).all())
        if whole and step <= 1:  # a bin for each number
            step, low, high = 1.0, np.floor(scale.low) + 1, np.ceil(scale.high)
        else:
            low, high = np.ceil(scale.low / step + 1e-9), np.floor(scale.high / step + 1e-9)
        ticks = step * np.arange(low, max(high, low) + 1)
        if whole:
            return cls(*_between_whole(ticks, int(step)))
        texts = [scale.text(tick) for tick in ticks]
        inner = [f"{low} to {high}" for low, high in pairwise(texts)]
        return cls(ticks, (f"below {texts[0]}", *inner, f"{texts[-1]} and over"))

    def place(self, numbers: npt.ArrayLike) -> Ints:
        """(N,) numbers -> (N,) the bin of each."""
        return np.searchsorted(self.edges, np.asarray(numbers, np.float64), side="right").astype(np.int64)


@dataclass(frozen=True, eq=False)
class NumbersOnTest(Tested):
    """The N test targets of a sweep of numbers; a class is a bin of numbers.

    A sweep keeps no predicted numbers: they are made anew from the states, and held against the scores of the sweep.
    """

    kind: ClassVar[str] = "number"
    measure: ClassVar[str] = "mae"
    low_is_worst: ClassVar[bool] = False
    right_or_wrong: ClassVar[bool] = False
    sorts: ClassVar[tuple[str, ...]] = ("residual", "signed", "frequency", "seen", "text")

    _predicted: dict[int, npt.NDArray[np.float64]] = field(default_factory=dict, repr=False)
    """What was predicted so far, by layer."""

    @cached_property
    def true(self) -> npt.NDArray[np.float64]:
        """(N,) the true number of each."""
        return np.asarray(self.acts.targets.y[self.rows], np.float64)

    @cached_property
    def scale(self) -> Scale:
        """What the numbers of train are like."""
        return Scale.of(self.acts.targets.y[self.acts.rows("train")])

    @cached_property
    def bins(self) -> Bins:
        """Those of true and of predicted numbers alike."""
        return Bins.of(self.acts.targets.y[self.acts.rows("train")], self.scale)

    @property
    def names(self) -> tuple[str, ...]:
        """(G,) the bins."""
        return self.bins.names

    @cached_property
    def gold(self) -> Ints:
        """(N,) the bin of each true number."""
        return self.bins.place(self.true)

    def given(self, layer: int) -> Ints:
        """(N,) the bin of each predicted number."""
        return self.bins.place(self.predicted(layer))

    def predicted(self, layer: int) -> npt.NDArray[np.float64]:
        """(N,) what a layer's probe predicts.

        Raises:
            ProbeError: It predicts other numbers from these states than the sweep measured.
            StoreError: The states are in a store of which a file is gone.

        Cost: one product with the states of test; what was predicted once is kept.
        """
        if layer not in self._predicted:
            numbers = self._predict(layer, self.rows)
            mean, measured = float(np.abs(numbers - self.true).mean()), self.sweep.score(layer).mae.value
            if not abs(mean - measured) <= _ROUNDING * measured + 1e-3 * (self.scale.high - self.scale.low):
                raise ProbeError(
                    f"At layer {layer} the mean absolute error on these states is {mean:.3g}, but the sweep measured "
                    f"{measured:.3g}. Give the Activations that the sweep was made with."
                )
            self._predicted[layer] = numbers
        return self._predicted[layer]

    def residual(self, layer: int) -> npt.NDArray[np.float64]:
        """(N,) predicted - true: above 0 where the prediction is too high."""
        return self.predicted(layer) - self.true

    def through(self, place: int) -> npt.NDArray[np.float64]:
        """(L,) what the probe of every layer predicts for one target; NaN where it raises."""
        numbers = np.full(len(self.sweep.layers), np.nan)
        for at, layer in enumerate(self.sweep.layers):
            try:
                numbers[at] = self._predict(layer, self.rows[place : place + 1])[0]
            except Exception:  # a probe of one's own, a file that is gone: it is said where its layer is chosen
                continue
        return numbers

    def _predict(self, layer: int, rows: Ints) -> npt.NDArray[np.float64]:
        return np.asarray(self.sweep.probe_of(layer).predict(self.states(layer, rows)), np.float64)

    # ------------------------------------------------------------------ what lists and slices are made of

    def ready(self, layer: int) -> None:
        """Raise what `predicted` does: without it there is nothing to show."""
        self.predicted(layer)

    def told(self, layer: int) -> Floats:
        """(N,) `residual`."""
        return self.residual(layer)

    def measured(self, layer: int) -> npt.NDArray[np.float64]:
        """(N,) how far off each is."""
        return np.abs(self.residual(layer))

    def beside(self, layer: int, group: Ints, size: int) -> Mapping[str, npt.NDArray[Any]]:
        """The mean residual: whether predictions are too high or too low."""
        sums, counts = np.bincount(group, self.residual(layer), size), np.bincount(group, minlength=size)
        return {"residual": np.divide(sums, counts, out=np.full(size, np.nan), where=counts > 0)}

    def keys(self, told: Floats) -> Mapping[str, npt.NDArray[Any]]:
        """`"residual"`: the farthest off first; `"signed"`: what is most too high first."""
        return {"residual": -np.abs(told), "signed": -told}

    def columns(self, layer: int, told: Floats) -> Mapping[str, npt.NDArray[Any]]:
        """The true number, the predicted one, and predicted - true."""
        return {"gold": self.true, "given": self.predicted(layer), "residual": told}


def targets_on_test(sweep: Sweep, acts: Activations | None) -> OnTest | NumbersOnTest:
    """The test targets of a sweep of labels, or of numbers.

    Raises:
        ProbeError: The answers are neither, or the two do not belong together.
    """
    numbers = isinstance(sweep, Sweep) and sweep.kind == NumbersOnTest.kind
    return (NumbersOnTest if numbers else OnTest)(sweep, acts)  # type: ignore[arg-type]  # they say what is missing


def _round_step(width: float) -> float:
    """1, 2 or 5 times a power of ten: the one that is nearest to a width, by its ratio to it."""
    power = 10.0 ** np.floor(np.log10(width))
    return float(min((factor * power for factor in (1, 2, 5, 10)), key=lambda step: abs(np.log(step / width))))


def _between_whole(ticks: npt.NDArray[np.float64], step: int) -> tuple[npt.NDArray[np.float64], tuple[str, ...]]:
    """Edges half a number below each tick, and the whole numbers that lie between two of them."""
    firsts = [int(tick) for tick in ticks]
    texts = [(_signed(first), _signed(first + step - 1)) for first in firsts]
    inner = [low if step == 1 else f"{low} to {high}" for low, high in texts[:-1]]
    return ticks - 0.5, (f"up to {_signed(firsts[0] - 1)}", *inner, f"{texts[-1][0]} and over")


def _signed(number: int) -> str:
    return f"{number:,}".replace("-", "−")
