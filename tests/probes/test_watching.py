from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

import probewidgets as pw
from probewidgets.probes.watching import Step, watched, watched_by

LABELS = ("A", "B", "C")


def problem(n: int = 600) -> tuple[np.ndarray, np.ndarray]:
    """(n, 8) states, and the labels of a task and of two draws that the states say nothing of."""
    rng = np.random.default_rng(0)
    task = rng.integers(0, 3, n)
    X = rng.normal(size=(n, 8)).astype(np.float32) + 2 * np.eye(3, 8, dtype=np.float32)[task]
    return X, np.stack([task, rng.integers(0, 3, n), rng.integers(0, 3, n)])


def choose(probe: pw.LinearProbe | pw.MLPProbe, steps: list[Step] | None = None) -> tuple:
    X, Y = problem()
    sides = X[:400], Y[:, :400], X[400:], Y[:, 400:], LABELS
    if steps is None:
        return probe.choose(*sides)
    with watched_by(steps.append):
        return probe.choose(*sides)


def test_of_a_linear_probe_each_pass_over_train_is_told_for_each_label_set() -> None:
    steps: list[Step] = []
    choose(pw.LinearProbe(), steps)
    passes = [step for step in steps if step.counts == "pass"]
    assert {step.of for step in passes} == {"objective"}
    assert {fit for step in passes for fit in step.fits} == {0, 1, 2}
    tried = defaultdict(list)
    for step in passes:
        tried[step.penalty].extend(loss for fit, loss in zip(step.fits, step.loss, strict=True) if fit == 0)
    assert all(losses[-1] <= losses[0] + 1e-6 for losses in tried.values() if losses)
    # What can be read has a low loss in the end; of labels drawn at random, chance.
    last = {fit: loss for step in passes for fit, loss in zip(step.fits, step.loss, strict=True)}
    assert last[0] < 0.3 < np.log(3) - 0.2 < last[1]


def test_each_penalty_that_is_tried_ends_with_its_loss_on_dev() -> None:
    steps: list[Step] = []
    task, *_ = choose(pw.LinearProbe(), steps)
    ends = [step for step in steps if step.of == "dev"]
    of_task = {step.penalty: step.loss[step.fits.index(0)] for step in ends if 0 in step.fits}
    assert min(of_task, key=of_task.__getitem__) == task.l2
    assert ends[-1].loss[0] == pytest.approx(task.dev_nats)
    assert set(of_task) <= set(pw.LinearProbe().grid)


def test_of_networks_each_epoch_is_told_by_label_set_whatever_the_penalties() -> None:
    steps: list[Step] = []
    choices = choose(pw.MLPProbe(hidden=8, l2=None, epochs=6), steps)
    assert {(step.of, step.counts) for step in steps} == {("dev", "epoch")}
    assert {fit for step in steps for fit in step.fits} == {0, 1, 2}
    assert {round(step.penalty, 8) for step in steps} == {1e-3, 1e-4, 1e-5}
    least = min(step.loss[0] for step in steps if step.fits == [0])
    assert least == pytest.approx(choices[0].dev_nats, abs=1e-4)


@pytest.mark.parametrize("probe", [pw.LinearProbe(), pw.MLPProbe(hidden=8, epochs=4)])
def test_looking_on_changes_nothing(probe: pw.LinearProbe | pw.MLPProbe) -> None:
    X, _ = problem()
    for alone, seen in zip(choose(probe), choose(probe, []), strict=True):
        np.testing.assert_array_equal(alone.fitted.log_proba(X), seen.fitted.log_proba(X))


@pytest.mark.parametrize("probe", [pw.LinearProbe(), pw.MLPProbe(hidden=8)])
def test_what_who_looks_on_raises_ends_the_fits(probe: pw.LinearProbe | pw.MLPProbe) -> None:
    seen: list[Step] = []

    def enough(step: Step) -> None:
        seen.append(step)
        if len(seen) == 3:
            raise KeyboardInterrupt

    X, Y = problem()
    with pytest.raises(KeyboardInterrupt), watched_by(enough):
        probe.choose(X[:400], Y[:, :400], X[400:], Y[:, 400:], LABELS)
    assert 3 <= len(seen) <= 5  # fits on other threads may be between two checks
    assert watched() is None
