"""Metrics: plain functions of numpy arrays, `pw.metrics.macro_f1(gold, predicted)`. They know of no probe and no sweep.

    right or wrong        accuracy, confusion, f1, macro_f1, micro_f1, mcc, precision_recall_f1
    two labels            auroc, average_precision, recall_at
    how sure, how rightly brier, cross_entropy_bits, ece, scaled, temperature
    from logits           log_softmax, entropy
    without the states    majority, word_type, unseen, ambiguous_types
    beside a control task selectivity, control_ceiling
    intervals             Clusters, percentile_interval
    bits of a code        uniform_bits, smoothed_bits, cut_points
    accuracy, complexity  pareto_frontier, hypervolume, nuclear_norm, rank
    where in the layers   mix_weights, centre_of_gravity, kl_to_uniform, differential, expected_layer
    how alike two models  cka, svcca, pwcca
    side by side          align_words, align_layers

The paper of each formula stands with its function. What scores numbers, sets of labels and controls with intervals
over sentences, as sweeps do, is in `metrics.graded`, `metrics.controls` and `metrics.intervals`.
"""

from __future__ import annotations

from probewidgets.metrics.alignment import align_layers, align_words
from probewidgets.metrics.baselines import ambiguous_types, majority, unseen, word_type
from probewidgets.metrics.calibration import scaled, temperature
from probewidgets.metrics.codelength import cut_points, smoothed_bits, uniform_bits
from probewidgets.metrics.complexity import hypervolume, nuclear_norm, pareto_frontier, rank
from probewidgets.metrics.controls import control_ceiling, selectivity
from probewidgets.metrics.detection import auroc, average_precision, recall_at
from probewidgets.metrics.intervals import Clusters, percentile_interval
from probewidgets.metrics.layers import centre_of_gravity, differential, expected_layer, kl_to_uniform, mix_weights
from probewidgets.metrics.scores import (
    accuracy,
    brier,
    confusion,
    cross_entropy_bits,
    ece,
    entropy,
    f1,
    log_softmax,
    macro_f1,
    mcc,
    micro_f1,
    precision_recall_f1,
)
from probewidgets.metrics.similarity import cka, pwcca, svcca

__all__ = [
    "Clusters",
    "accuracy",
    "align_layers",
    "align_words",
    "ambiguous_types",
    "auroc",
    "average_precision",
    "brier",
    "centre_of_gravity",
    "cka",
    "confusion",
    "control_ceiling",
    "cross_entropy_bits",
    "cut_points",
    "differential",
    "ece",
    "entropy",
    "expected_layer",
    "f1",
    "hypervolume",
    "kl_to_uniform",
    "log_softmax",
    "macro_f1",
    "majority",
    "mcc",
    "micro_f1",
    "mix_weights",
    "nuclear_norm",
    "pareto_frontier",
    "percentile_interval",
    "precision_recall_f1",
    "pwcca",
    "rank",
    "recall_at",
    "scaled",
    "selectivity",
    "smoothed_bits",
    "svcca",
    "temperature",
    "uniform_bits",
    "unseen",
    "word_type",
]
