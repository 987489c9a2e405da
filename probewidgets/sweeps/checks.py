"""What the numbers of a sweep are worth: which checks were made and passed, and what may not be concluded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from probewidgets.metrics.scores import BINS
from probewidgets.sweeps.score import Score
from probewidgets.values import Estimate

if TYPE_CHECKING:
    from probewidgets.sweeps.results import Sweep

__all__ = ["cautions", "checks", "few"]

_NAMED = 20
"""Labels named in a line."""
_LOW_SELECTIVITY = 0.05
_MANY_UNSEEN = 0.05
_DRAWS = 3
"""Control draws, or training seeds, from which on their spread can be seen."""
_FEW = 10
"""Test sentences from which on they are not called few: an interval over fewer is too narrow."""
_JUDGED = 5
"""Test sentences from which on something can be shown: even where all of four agree, chance does so once in 16."""
_CALIBRATED = 0.05
_NOT_BEATEN = ("layer 0", "control chance", "control ceiling")
"""Baselines that a probe need not beat: those of the control task, and layer 0, which has a check of its own."""


# ---------------------------------------------------------------------- checks


def few(sweep: Sweep) -> str:
    """How many sentences the numbers are of, where they are few, `"1 sentence"`; else nothing."""
    texts = sweep.counts["test"][1]
    return "" if texts >= _FEW else "1 sentence" if texts == 1 else f"{texts} sentences"


def checks(sweep: Sweep) -> Iterator[str]:
    """Which checks were made, what came of them, and which can be made elsewhere.

    Three verdicts: passed, failed, or cannot be judged, and then why not.
    """
    best = sweep.best
    for baseline in sweep.baselines:
        if baseline.name not in _NOT_BEATEN:
            value = baseline.value.value
            yield _above(sweep, best.value, value, f"above the baseline {baseline.name!r} ({value:.3f})")
    if best.layer and 0 in sweep.layers and sweep.hits.size:
        above = sweep.difference(best.layer, 0)
        yield _above(sweep, above, 0, f"above layer 0, by {above}")
    if sweep.kind not in ("tree", "pair") and sweep.unit != "sentence":
        yield from _control(sweep, best)
    yield _check(best.converged and not best.edge_of_grid, "fit converged, its penalty inside the grid")
    if sweep.kind == "label":
        yield from _calibration(sweep, best)
        yield from _training(sweep, best)
        yield _check(None, "size of the probe: compare(acts, [...]); description length: codelength(acts)")
        yield _check(None, "use, as against presence: erase(acts) before and after")
    if "mass_mean" in best.beside:
        yield _above(sweep, best.above_random, 0, f"above random directions, by {best.above_random}")


def _control(sweep: Sweep, best: Score) -> Iterator[str]:
    if not best.selectivity:
        yield _check(None, "control task: sweep(..., control=3)")
        return
    floor = _LOW_SELECTIVITY if sweep.kind == "label" else 0.0
    yield _above(sweep, best.selectivity, floor, f"selective: above {floor:g} ({best.selectivity})")
    draws = len(best.control_l2) or sweep.settings.get("control draws", 0)
    yield _several(draws, "control task drawn", "times", "control")


def _calibration(sweep: Sweep, best: Score) -> Iterator[str]:
    """Whether the probabilities that are shown can be believed: those at the temperature, where there is one."""
    own, after = best.calibration_error, best.calibration_error_scaled
    shown, text = own, f"{own:.3f}"
    if not np.isnan(after):
        shown, text = after, f"{own:.3f} before, {after:.3f} at temperature {best.temperature:.2f}"
    if np.isnan(shown):
        return
    what, targets = f"calibrated: confidence within {_CALIBRATED} of accuracy ({text})", sweep.counts["test"][0]
    by_chance = chance_error(best.accuracy.value, targets)
    if shown >= _CALIBRATED and by_chance >= _CALIBRATED:
        yield _unjudged(what, f"of {targets:,} {sweep.unit}s a probe without any fault shows {by_chance:.3f}")
    else:
        yield _check(shown < _CALIBRATED, what)


def chance_error(accuracy: float, targets: int) -> float:
    """About the calibration error that a well calibrated probe shows, for accuracy and confidence differ by chance.

    In a bin of n targets they differ by sqrt(2 / pi) standard errors on average.
    """
    return float(np.sqrt(2 / np.pi * accuracy * (1 - accuracy) * min(BINS, targets) / max(1, targets)))


def _training(sweep: Sweep, best: Score) -> Iterator[str]:
    """Whether it is the model's training that is read, and whether the probe's own varies."""
    if best.random and best.above_random:
        names = ", ".join(sweep.settings.get("random models") or ["the same model with random weights"])
        text = f"above {names} ({best.random.value:.3f}), by {best.above_random}"
        yield _above(sweep, best.above_random, 0, text)
    else:
        yield _check(None, "random weights: sweep(..., random=capture(model.randomized(0), corpus, task))")
    if many := sweep.settings.get("training seeds"):
        if many > 1:
            yield _several(many, "trained from", "seeds", "seeds")
        else:
            yield _check(None, f"several seeds: sweep(..., seeds={_DRAWS})")


def _above(sweep: Sweep, estimate: Estimate, floor: float, what: str) -> str:
    """Whether an estimate is surely above something; few sentences cannot show it."""
    if sweep.counts["test"][1] < _JUDGED:
        return _unjudged(what, f"tested on {few(sweep)} only, {_JUDGED} or more can show it")
    if np.isnan([estimate.low, floor]).any():
        return _unjudged(what, "it has no interval")
    return _check(estimate.low > floor, what)


def _several(many: int, done: str, times: str, argument: str) -> str:
    """Whether something was done so often that its spread can be seen."""
    what = f"{done} {_DRAWS} {times} or more ({many})"
    if many >= _DRAWS:
        return _check(True, what)
    return _unjudged(what, f"how much it varies is not seen, sweep(..., {argument}={_DRAWS}) shows it")


def _check(passed: bool | None, what: str) -> str:
    verdict = {True: "passed", False: "FAILED", None: "not made"}[None if passed is None else bool(passed)]
    return f"  {verdict:8s}  {what}"


def _unjudged(what: str, why: str) -> str:
    return f"  cannot be judged  {what}: {why}"


# ---------------------------------------------------------------------- what to be careful about


def cautions(sweep: Sweep) -> Iterator[str]:
    """What may not be concluded, and what may be off."""
    yield "- A probe shows what can be read off the states, not that the model uses it."
    yield from (f"- {caution}" for caution in sweep.cautions)
    if sweep.kind not in ("tree", "pair"):
        yield from _of_control(sweep)
    yield from _of_baselines(sweep)
    yield from _of_copies(sweep)
    yield from _of_labels(sweep)
    yield from _of_fits(sweep)
    yield from _of_data(sweep)


def _of_control(sweep: Sweep) -> Iterator[str]:
    best = sweep.best
    selectivity = best.selectivity
    if sweep.unit == "sentence":
        yield (
            "- There is no control task of sentences: a random label per text is pure memorisation, at chance on test "
            "whatever the states are."
        )
    elif selectivity is None:
        yield "- No control task was trained: this says nothing of how much the probe memorises. Try control=True."
    elif sweep.kind != "label" and not selectivity.low > 0:
        yield f"- Layer {best.layer} is not clearly selective: the probe learns random answers about as well."
    elif sweep.kind == "label" and selectivity.value < _LOW_SELECTIVITY:
        yield (
            f"- Selectivity of layer {best.layer} is {selectivity.value:.3f}: the probe learns random labels of "
            "the words almost as well, so its accuracy says little of the states."
        )
    if sweep.kind == "label" and best.random and best.above_random and not best.above_random.low > 0:
        yield (
            f"- With random weights the model does as well, or not surely worse ({best.random.value:.3f}): that layer "
            f"{best.layer} has learned any of this in training may not be concluded."
        )


def _of_baselines(sweep: Sweep) -> Iterator[str]:
    best = sweep.best
    if sweep.kind == "label":
        word_type = sweep.baseline("word type")
        if word_type and best.accuracy.value <= word_type.value:
            yield f"- The commonest label of each word type does as well as the best layer ({word_type.value:.3f})."
    else:
        for baseline in sweep.baselines:
            value = baseline.value.value
            if baseline.name not in _NOT_BEATEN and not best.value.low > value:
                yield f"- The best layer is not clearly above the baseline {baseline.name!r} ({value:.3f})."
    if "mass_mean" in best.beside and not best.above_random.low > 0:
        yield f"- Layer {best.layer} is not clearly above random directions, by {best.above_random}."
    if sweep.model.begins_with_embeddings and 0 not in sweep.layers:
        yield (
            "- Layer 0 was not captured, so there is no baseline of the embeddings: add it, "
            f"capture(..., layers={[0, *sweep.layers]})."
        )


def _of_copies(sweep: Sweep) -> Iterator[str]:
    """What the sides share. How much that changes the scores is not known."""
    n_test = sweep.test_in_train
    if n_test is None and sweep.duplicates:
        yield f"- {sweep.duplicates:,} dev or test sentences also stand in train."
        return
    if n_test:
        yield f"- {n_test:,} test sentences also stand in train: what the probe remembers of them counts in the scores."
    if n_dev := sweep.duplicates - (n_test or 0):
        yield (
            f"- {n_dev:,} dev sentences also stand in train: the choice on dev favours what remembers them; no test "
            "score counts them."
        )
    if sweep.dev_in_test:
        yield f"- {sweep.dev_in_test:,} dev sentences also stand in test: what is chosen on dev has seen them."


def _of_labels(sweep: Sweep) -> Iterator[str]:
    if sweep.kind == "label" and sweep.unit != "sentence" and sweep.unseen > _MANY_UNSEEN:
        yield f"- {sweep.unseen:.1%} of the test targets are of unseen types: no control task can be solved on them."
    if sweep.labels_unseen:
        more = len(sweep.labels_unseen) - _NAMED
        named = ", ".join(sweep.labels_unseen[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
        yield (
            f"- Train never shows {named}: on test these labels count as errors in accuracy and F1; cross-entropy, and "
            "so the choice on dev, leaves them out."
        )


def _of_fits(sweep: Sweep) -> Iterator[str]:
    if edges := [str(score.layer) for score in sweep.scores if score.edge_of_grid]:
        yield f"- The best penalty lies at the edge of the grid for layer {', '.join(edges)}: widen the grid."
    if edges := [str(score.layer) for score in sweep.scores if score.control_edges]:
        yield (
            f"- The best penalty of a control draw lies at the edge of the grid for layer {', '.join(edges)}: "
            "widen the grid, or selectivity may be off."
        )
    if edges := [str(score.layer) for score in sweep.scores if score.random_edges]:
        yield (
            f"- The best penalty for a random model lies at the edge of the grid for layer {', '.join(edges)}: "
            "widen the grid, or it may do better than is shown."
        )
    if loose := [str(score.layer) for score in sweep.scores if not score.converged]:
        yield f"- The fit did not converge for layer {', '.join(loose)}: raise max_iter (epochs, for an MLP)."


def _of_data(sweep: Sweep) -> Iterator[str]:
    if sweep.counts["test"][1] < 2:
        yield "- There is one test sentence only: no interval can be given, and the scores say little."
    elif texts := few(sweep):
        yield f"- There are {texts} of test only: the scores say little, and their intervals are too narrow."
    if sweep.model.final_norm and sweep.model.n_layers - 1 in sweep.layers:
        yield f"- Layer {sweep.model.n_layers - 1} is after the model's final norm: another scale than those below."
    if without := sweep.settings.get("unlabelled"):
        yield f"- {without:,} {sweep.unit}s carry no label of this task: nothing was learned or tested on them."
    if sweep.settings.get("missing"):
        yield f"- {sweep.settings['missing']:,} targets have no row: no token, or too long for the model."
