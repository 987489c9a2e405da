"""What every experiment does: the rows of each side, states that are sound, and label sets fitted on train."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from probewidgets.captures.activations import Activations
from probewidgets.data.control import ControlTask
from probewidgets.errors import DataError, ModelError, ProbeError, clipped
from probewidgets.machine.arrays import Floats, Ints, take
from probewidgets.metrics import baselines
from probewidgets.metrics.intervals import Clusters
from probewidgets.probes.base import Choice, FittedProbe, LabelProbe, Probe, Scaler
from probewidgets.probes.own import as_probe
from probewidgets.values import Estimate

__all__ = [
    "Fits",
    "Plan",
    "Sides",
    "as_control",
    "check_arguments",
    "check_shown",
    "fit",
    "label_shares",
    "other_rows",
    "rows_of",
    "states_of",
]

# ---------------------------------------------------------------------- what came


def check_arguments(name: str, acts: object, probe: object) -> None:
    """Say which argument is not what it should be, where Python would only miss an attribute deep inside.

    Raises:
        ProbeError: No Activations, or no probe.
        DataError: The targets do not carry one label each.
    """
    if not isinstance(acts, Activations):
        raise ProbeError(f"{name} takes Activations first, but {type(acts).__name__} came: capture(...) gives them.")
    if as_probe(probe, name).answers != "label":
        raise ProbeError(
            f"{name} takes a probe of labels such as LinearProbe() or MLPProbe(), but {clipped(probe)} came."
        )
    if acts.targets.kind != "label":
        raise DataError(
            f"{name} takes targets that carry one label each, but those of task {acts.targets.task!r} carry "
            f"{'several' if acts.targets.kind == 'labels' else 'numbers'}. Use a task that names one class per target."
        )


def as_control(control: object) -> ControlTask:
    """How the control task is drawn, from what an experiment takes: False, True, a number of draws, a ControlTask.

    Raises:
        ProbeError: It is something else, or the number is negative.
    """
    if isinstance(control, ControlTask):
        return control
    if not isinstance(control, bool | int | np.integer) or control < 0:
        raise ProbeError(
            f"control must be False, True or a number of draws >= 0, or a ControlTask, but {control!r} came. "
            "Say control=3, or control=ControlTask(draws=3, uniform=True)."
        )
    return ControlTask(int(control))


# ---------------------------------------------------------------------- rows and states


def rows_of(acts: Activations, names: Sequence[str] = ("train", "dev", "test")) -> dict[str, Ints]:
    """The rows of each side.

    Raises:
        DataError: A side has no target.
    """
    rows = {name: acts.rows(name) for name in names}
    for name, members in rows.items():
        if not len(members):
            raise DataError(
                f"The {name} side has no target of task {acts.targets.task!r} "
                f"({', '.join(f'{side} {len(r):,}' for side, r in rows.items())} targets). Probes are fitted on train, "
                "chosen on dev and tested on test: give the corpus a split with all of them."
            )
    return rows


def other_rows(acts: Activations, other: Activations) -> str:
    """What is not the same where row does not stand beside row: `"another corpus"`, `"other targets"`, or nothing."""
    if acts.corpus is not other.corpus and [e.text for e in acts.corpus] != [e.text for e in other.corpus]:
        return "another corpus"
    mine, theirs = acts.targets, other.targets
    same = all(np.array_equal(getattr(mine, column), getattr(theirs, column)) for column in ("example", "spans"))
    return "" if same else "other targets"


def label_shares(acts: Activations, train: Ints) -> npt.NDArray[np.float64]:
    """(K,) how common each label is among the training targets; sums to 1.

    Raises:
        DataError: All of them carry one label.
    """
    counts = np.bincount(acts.targets.y[train], minlength=len(acts.targets.labels))
    if np.count_nonzero(counts) < 2:
        raise DataError(
            f"All {len(train):,} training targets of task {acts.targets.task!r} carry the label "
            f"{acts.targets.labels[counts.argmax()]!r}: there is nothing to tell apart. Use another task, or more text."
        )
    return counts / counts.sum()


def check_shown(acts: Activations, rows: Mapping[str, Ints]) -> None:
    """Raise DataError where train shows none of the labels of another side."""
    y = acts.targets.y
    for side in rows:
        if not np.isin(y[rows[side]], y[rows["train"]]).any():
            raise DataError(
                f"Train shows none of the labels of the {side} side's {len(rows[side]):,} targets of task "
                f"{acts.targets.task!r}: nothing learned can be {'chosen' if side == 'dev' else 'tested'} there. "
                "Split the corpus otherwise, or use more text."
            )


def states_of(acts: Activations, layer: int) -> Floats:
    """(N, D) states of a layer.

    Raises:
        ModelError: They hold NaN or infinity.
    """
    states = acts.layer(layer)
    # A sum is quick and holds no copy; it is NaN or infinite if any number is.
    if np.isfinite(states.sum(1, dtype=np.float64)).all():
        return states
    bad = np.flatnonzero(~np.isfinite(states).all(1))
    target = acts.targets[int(bad[0])]
    raise ModelError(
        f"Layer {layer} of {acts.model.name!r} holds NaN or infinity in {len(bad):,} of {len(states):,} rows, "
        f"first for {clipped(target.surface, 40)} (example {target.example}). Load the model with dtype='float32' and "
        "capture again, or leave the layer out: capture(..., layers=...)."
    )


@dataclass(frozen=True, eq=False)
class Sides:
    """What is the same for all layers of an experiment: the rows of each side, their words, the test sentences."""

    acts: Activations
    seed: int
    bootstrap: int
    """Resamples of the test sentences."""

    @cached_property
    def rows(self) -> dict[str, Ints]:
        """The rows of train, dev and test."""
        return rows_of(self.acts)

    @cached_property
    def clusters(self) -> Clusters:
        """The test sentences."""
        return Clusters(self.acts.targets.example[self.rows["test"]], self.bootstrap, self.seed)

    @cached_property
    def counts(self) -> dict[str, tuple[int, int]]:
        """Of each side how many targets, in how many sentences."""
        return {side: (len(r), len(np.unique(self.acts.targets.example[r]))) for side, r in self.rows.items()}

    def words(self, side: str) -> list[str]:
        """The word type of each target of a side."""
        return [self.acts.targets.surface[i] for i in self.rows[side]]

    @cached_property
    def unseen(self) -> npt.NDArray[np.bool_]:
        """(test,) whether the word type is not in train."""
        return baselines.unseen(self.words("train"), self.words("test"))


# ---------------------------------------------------------------------- fits


@dataclass(frozen=True, eq=False)
class Fits:
    """Label sets fitted over the same states, which were standardised on train."""

    choices: tuple[Choice, ...]
    """(T,)"""
    scaler: Scaler

    @property
    def converged(self) -> bool:
        """Whether all fits met their tolerance."""
        return all(choice.converged for choice in self.choices)

    def log_proba(self, X: Floats) -> list[Floats]:
        """(N, D) states -> for each label set (N, K) log-probabilities in nats; -inf for labels it does not know."""
        scaled = self.scaler.apply(X)
        return [choice.fitted.log_proba(scaled) for choice in self.choices]

    def for_raw_states(self) -> list[FittedProbe]:
        """The fitted probes, as ones for states as the model gives them."""
        return [choice.fitted.rescaled(self.scaler) for choice in self.choices]


def fit(probe: Probe, X: Floats, Y: Ints, X_dev: Floats, Y_dev: Ints, labels: Sequence[str]) -> Fits:
    """Fit T label sets on standardised train; a penalty that the probe leaves open is chosen on dev.

    Args:
        probe: Which probe of labels.
        X: (N, D) states of train.
        Y: (T, N) index into `labels`.
        X_dev: (M, D) states of dev.
        Y_dev: (T, M) index into `labels`, -1 for none; rows whose label train does not show do not count.
        labels: (K,) what the columns are called.

    Raises:
        ProbeError: The probe gives no fitted probe.
    """
    scaler, names = Scaler.of(X), tuple(labels)
    X, X_dev = scaler.apply(X), scaler.apply(X_dev)
    shown = np.stack([np.where(np.isin(dev, y), dev, -1) for y, dev in zip(Y, Y_dev, strict=True)])
    chosen: LabelProbe = as_probe(probe)  # type: ignore[assignment]
    return Fits(chosen.choose(X, Y, X_dev, shown, names), scaler)


# ---------------------------------------------------------------------- one label set, from side to side


@dataclass(frozen=True, eq=False)
class Plan(Sides):
    """An experiment that fits the task's own labels on states of any kind, and counts what is right on test."""

    @cached_property
    def y(self) -> dict[str, Ints]:
        """Of each side the labels, as indices into all of them.

        Raises:
            DataError: Train shows one label only, or none of another side's.
        """
        label_shares(self.acts, self.rows["train"])
        check_shown(self.acts, self.rows)
        return {side: self.acts.targets.y[rows] for side, rows in self.rows.items()}

    @cached_property
    def majority(self) -> Estimate:
        """Test accuracy of train's commonest label."""
        return self.clusters.mean(self.y["test"] == baselines.majority(self.y["train"]))

    def states(self, layer: int) -> dict[str, Floats]:
        """Of each side the states of one layer."""
        return self.sides_of(states_of(self.acts, layer))

    def sides_of(self, features: Floats) -> dict[str, Floats]:
        """(N, D) features of all targets -> those of each side."""
        return {side: take(features, rows) for side, rows in self.rows.items()}

    def read(self, probe: Probe, states: dict[str, Floats]) -> tuple[Floats, bool]:
        """(test, K) log-probabilities (nats) of a probe of these states, and whether its fit converged."""
        y = self.y
        fits = fit(probe, states["train"], y["train"][None], states["dev"], y["dev"][None], self.acts.targets.labels)
        return fits.log_proba(states["test"])[0], fits.converged

    def hits(self, probe: Probe, states: dict[str, Floats]) -> tuple[npt.NDArray[np.float64], bool]:
        """(test,) 1 where a probe of these states is right, else 0, and whether its fit converged."""
        log_proba, converged = self.read(probe, states)
        return (log_proba.argmax(1) == self.y["test"]).astype(np.float64), converged
