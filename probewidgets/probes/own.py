"""Probes of one's own: any object with `fit(X, y)`, and any classifier of scikit-learn, as a probe like the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, is_dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import numpy.typing as npt

from probewidgets.errors import ProbeError, clipped
from probewidgets.machine.arrays import Floats, Ints
from probewidgets.probes.base import Choice, LabelProbe, Probe

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["OwnProbe", "as_probe"]


def as_probe(probe: Any, name: str = "sweep") -> Probe:
    """A probe as it is; a classifier of scikit-learn, or somebody's own object with `fit`, as one.

    Args:
        probe: What came.
        name: Which function it was given to, for the error.

    Raises:
        ProbeError: It is no probe.
    """
    if isinstance(probe, type) or not hasattr(probe, "fit" if not isinstance(probe, Probe) else "answers"):
        raise ProbeError(f"{name} takes a probe such as LinearProbe() or MLPProbe(), but {clipped(probe)} came.")
    if isinstance(probe, Probe):
        return probe
    if hasattr(probe, "get_params"):
        from probewidgets.probes.scikit import ScikitProbe

        return ScikitProbe(probe)
    return OwnProbe(probe)


@dataclass(frozen=True)
class OwnProbe(LabelProbe):
    """Somebody's own probe of labels: an object with `fit`, which says of itself what fields it has."""

    probe: Any

    def __repr__(self) -> str:
        """What it says of itself: its type where it says nothing, for an address in memory is no name for results."""
        name = repr(self.probe)
        return f"{type(self.probe).__name__}()" if name == object.__repr__(self.probe) else name

    @property
    def seeded(self) -> bool:
        """Whether it is a dataclass with a seed."""
        return is_dataclass(self.probe) and hasattr(self.probe, "seed")

    @property
    def open_grid(self) -> tuple[float, ...]:
        """The penalties of its `grid`, where its `l2` is None."""
        return tuple(getattr(self.probe, "grid", ())) if getattr(self.probe, "l2", 0) is None else ()

    @property
    def fixed_penalty(self) -> float:
        """Its `l2`, where that is a number."""
        return _number(getattr(self.probe, "l2", None))

    def reseeded(self, step: int) -> Self:
        """The same with the seed that is so many after its own."""
        return replace(self, probe=replace(self.probe, seed=self.probe.seed + step))

    def at(self, penalty: float) -> Self:
        """The same with its penalty fixed."""
        return replace(self, probe=replace(self.probe, l2=penalty)) if self.open_grid else self

    def fit(self, X: Floats, y: npt.NDArray[Any]) -> Any:
        """What its own `fit` gives."""
        return self.probe.fit(X, y)

    def choose(self, X: Floats, Y: Ints, X_dev: Floats, Y_dev: Ints, labels: Sequence[Any]) -> tuple[Choice, ...]:
        """What its own `choose` gives, or each label set fitted as it is."""
        if hasattr(self.probe, "choose"):
            return cast("tuple[Choice, ...]", self.probe.choose(X, Y, X_dev, Y_dev, labels))
        return super().choose(X, Y, X_dev, Y_dev, labels)


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float("nan")
