"""Score: what one layer's probe scored on test, whatever kind of probe it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from probewidgets.errors import ProbeError, clipped
from probewidgets.values import Baseline, Estimate

__all__ = ["NAMES", "Score", "named"]

_BASELINES = (
    "majority", "word type", "layer 0", "control chance", "control ceiling",
    "constant", "previous word", "next word", "offset", "chain", "chance",
)  # fmt: skip
"""Names of all baselines that sweeps have, each of some kinds of task."""

NAMES = {
    "r2": "R²", "micro_f1": "micro-F1", "macro_f1": "macro-F1", "cross_entropy": "cross-entropy",
    "uas": "UAS", "uuas": "UUAS", "distance_spearman": "distance r", "depth_spearman": "depth r",
}  # fmt: skip
"""What scores are called where people read them, where that is not their name."""

_NAN = float("nan")
_NOT_ASKED: Mapping[str, Any] = {
    "control": None, "control_sd": _NAN, "control_l2": (), "control_edges": 0, "selectivity": None,
    "random": None, "random_sd": _NAN, "random_l2": (), "random_edges": 0, "above_random": None,
    "auroc": None, "average_precision": None, "recall_at_fpr_01": None, "recall_at_fpr_10": None,
    "seed_accuracies": (), "accuracy_unseen": _NAN, "accuracy_ambiguous": _NAN, "calibration_error": _NAN,
    "calibration_error_scaled": _NAN, "temperature": 1.0,
}  # fmt: skip
"""What is read of a check that was not asked for, or made."""


@dataclass(frozen=True)
class Score:
    """What one layer's probe scored on test, and how it was fitted and chosen.

    Everything that is named can be read as an attribute too: `score.accuracy`, `score.selectivity`, `score.brier`.

    Of a task of labels `estimates` has `accuracy`, `macro_f1`, `cross_entropy`; of numbers `r2`, `mse`, `mae`,
    `pearson`, `spearman`; of sets of labels `micro_f1`, `macro_f1`, `exact`, `cross_entropy`; of heads `uas`; of trees
    `uuas`, `distance_spearman`, `root`, `depth_spearman`; of contrast pairs `accuracy`.
    """

    layer: int
    estimates: Mapping[str, Estimate]
    """The test scores by name; the first is the one that the sweep goes by."""
    dev_loss: float
    """What layers are chosen by, the least the best: of labels the cross-entropy on dev (bits per target, over the
    labels that train shows), of numbers the mean squared error, of sets the cross-entropy per label (nats)."""
    converged: bool = True
    """Whether all fits met their tolerance: of the task, the control draws, random models and further seeds."""
    l2: float = _NAN
    """The penalty: chosen on dev where the probe leaves it open, else its own; of sets of labels the median over them;
    NaN for a probe without one. An `ElasticNetProbe`'s is its L1 penalty: `Sweep.settings["penalty"]` says which."""
    edge_of_grid: bool = False
    """Whether that penalty (or one of the labels') is the smallest or the largest of the grid: a better one may lie
    outside."""
    beside: Mapping[str, Estimate] = field(default_factory=dict)
    """What the first score is held against: `control` (the control task, mean over the draws) and `selectivity`;
    `random` (models, or directions, that learned nothing; mean over them) and `above_random`; `mass_mean`."""
    detection: Mapping[str, Estimate] = field(default_factory=dict)
    """Of a task of two labels, how well the second is told from the first, whatever the threshold: `auroc`,
    `average_precision`, and `recall_at_fpr_01` and `recall_at_fpr_10`, the share of its targets that are found where
    1 % and 10 % of the others are taken for it; NaN with fewer than 100 and 10 others. Of contrast pairs the same of
    all their statements, the true ones told from the others. Of sets of labels `auroc` and `average_precision`, means
    over the labels (macro), each told from all targets that do not carry it."""
    by_label: Mapping[str, tuple[Estimate, ...]] = field(default_factory=dict)
    """Of sets of labels (K,) `auroc` and `average_precision` of each label; none in files of early versions."""
    facts: Mapping[str, float | bool | tuple[float, ...]] = field(default_factory=dict)
    """Further numbers by name.

    `control_sd`, `control_l2`, `control_edges`: standard deviation over the draws of the control task; the penalty of
    each; how many of them took an end of the grid. `random_sd`, `random_l2`, `random_edges`: the same of the random
    models. `seed_accuracies`: of the probe trained from each of several seeds, its own first.
    Of labels `accuracy_unseen`: on test targets whose word type is not in train; `accuracy_ambiguous`: on those whose
    type has two labels or more there; `mcc`: Matthews correlation, in [-1, 1]; `brier`: Brier score, summed over the
    labels, in [0, 2]; `calibration_error`: how far confidence is from accuracy, over 15 bins of equal mass, in [0, 1];
    `temperature`: what logits are divided by for the probabilities that are shown, fitted on dev, above 1 where the
    probe was too sure (every score is the probe's own); `calibration_error_scaled`: the error at that temperature.
    Of contrast pairs `loss`: on train, the lowest of all starts; `found`: share of the training pairs that were right
    before the direction's end was chosen; `flipped`: whether it was turned round."""

    def __getattr__(self, name: str) -> Any:
        own = vars(self)  # not self.…: while a copy is made, it has no field yet
        for named in (*map(own.get, ("estimates", "beside", "detection", "facts")), _NOT_ASKED):
            if named and name in named:
                return named[name]
        parts = ("estimates", "beside", "detection", "facts")
        has = ", ".join(named for part in parts for named in own.get(part, {}))
        raise AttributeError(f"This score has no {name!r}. It has {has}.")

    @property
    def value(self) -> Estimate:
        """The first score: the one that the sweep goes by."""
        return next(iter(self.estimates.values()))

    @property
    def dev_cross_entropy(self) -> float:
        """The dev loss of a task of labels: bits per target."""
        return self.dev_loss


def named(baselines: Sequence[Baseline], name: str) -> Estimate | None:
    """The baseline of that name, or of a column of that name; None where there is none here, but may be.

    Raises:
        ProbeError: No sweep has such a baseline.
    """
    values = {baseline.name: baseline.value for baseline in baselines}
    spaced = str(name).replace("_", " ")
    if spaced not in values and spaced not in _BASELINES:
        raise ProbeError(f"There is no baseline {clipped(name)}. This sweep has {', '.join(values) or 'none'}.")
    return values.get(spaced)
