"""OnTest: the test targets of a sweep of labels one by one, and what each layer says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError
from probewidgets.machine.arrays import Floats, Ints
from probewidgets.metrics.calibration import scaled
from probewidgets.sweeps.results import Sweep
from probewidgets.sweeps.tested import Tested, frame, ordered

__all__ = ["SORTS", "OnTest", "frame", "ordered"]

SORTS = ("confidence", "frequency", "seen", "text")
"""What targets can be sorted by: `"confidence"` is the surest first; the others, see `ordered`."""
_ROUNDING = 0.05
"""How far the probability of the label that the sweep kept may be below the largest one, in states kept in half."""


@dataclass(frozen=True, eq=False)
class OnTest(Tested):
    """The N test targets of a sweep of labels; a class is a label, and all K of them are classes."""

    kind: ClassVar[str] = "label"
    measure: ClassVar[str] = "accuracy"
    low_is_worst: ClassVar[bool] = True
    right_or_wrong: ClassVar[bool] = True
    sorts: ClassVar[tuple[str, ...]] = SORTS

    def __post_init__(self) -> None:
        if isinstance(self.sweep, Sweep) and self.sweep.kind == self.kind and not self.sweep.answers.size:
            raise ProbeError("This sweep was saved by a version that did not keep the answers: sweep again for them.")
        super().__post_init__()
        own = np.array(self.acts.targets.labels, object)[self.acts.targets.y[self.rows]]
        if not np.array_equal(own, np.array(self.names, object)[self.gold]):
            raise ProbeError(
                f"The test targets of these Activations carry other labels than those that the sweep of "
                f"{self.sweep.task!r} was tested on. Give the Activations that the sweep was made with."
            )

    @property
    def names(self) -> tuple[str, ...]:
        """(K,) the labels."""
        return self.sweep.label_names

    @property
    def gold(self) -> Ints:
        """(N,) gold label of each, as a place in `names`."""
        return self.sweep.gold

    def given(self, layer: int) -> Ints:
        """(N,) the label that a layer's probe gives to each, as a place in `names`."""
        return np.asarray(self.sweep.answers[self.sweep.index(layer)])

    def hits(self, layer: int) -> npt.NDArray[np.bool_]:
        """(N,) whether it is right."""
        return ~self.wrong(layer)

    def measured(self, layer: int) -> npt.NDArray[np.float64]:
        """(N,) 1 for what is right, 0 for what is wrong."""
        return self.hits(layer).astype(np.float64)

    def beside(self, layer: int, group: Ints, size: int) -> Mapping[str, npt.NDArray[Any]]:
        """How many are wrong."""
        return {"errors": np.bincount(group, self.wrong(layer), minlength=size).astype(np.int64)}

    def keys(self, told: Floats) -> Mapping[str, npt.NDArray[Any]]:
        """The surest first."""
        return {"confidence": -told}

    def columns(self, layer: int, told: Floats) -> Mapping[str, npt.NDArray[Any]]:
        """The gold label, the one that is given, whether that is right, and how sure it is."""
        names = np.array(self.names, object)
        given = names[self.given(layer)]
        return {"gold": names[self.gold], "given": given, "right": self.hits(layer), "confidence": told}

    def told(self, layer: int) -> Floats:
        """(N,) `confidence`."""
        return self.confidence(layer)

    def confidence(self, layer: int) -> npt.NDArray[np.float32]:
        """(N,) the probability of the label that is given, calibrated on dev as a predictor's are.

        Raises:
            ProbeError: The probe answers these states otherwise than the sweep kept it.
            StoreError: The states are in a store of which a file is gone.

        Cost: 25,000 words x 384 features x 17 labels take 0.1 s.
        """
        proba = self._proba(layer, self.rows)
        best, given = proba.argmax(1), self.given(layer)
        share = proba[np.arange(len(proba)), given]
        # Between labels that are about as probable, how states were rounded decides.
        if (proba[np.arange(len(proba)), best] - share > _ROUNDING).any():
            raise ProbeError(
                f"At layer {layer} the probe gives other labels to these states than the sweep kept. Give the "
                "Activations that the sweep was made with."
            )
        return share.astype(np.float32)

    def distribution(self, layer: int, place: int) -> Floats:
        """(K,) probabilities of all labels for one target, calibrated alike."""
        return self._proba(layer, self.rows[place : place + 1])[0]

    def _proba(self, layer: int, rows: Ints) -> Floats:
        """(rows, K) calibrated probabilities."""
        log_proba = self.sweep.probe_of(layer).log_proba(self.states(layer, rows))
        return np.asarray(np.exp(scaled(log_proba, self.sweep.score(layer).temperature)))
