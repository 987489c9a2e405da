"""What the numbers of a sweep are worth: which checks were made and passed, and what may not be concluded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from probewidgets.sweeps.score import Score

if TYPE_CHECKING:
    from probewidgets.sweeps.results import Sweep

__all__ = ["cautions", "checks"]

_NAMED = 20
"""Labels named in a line."""
_LOW_SELECTIVITY = 0.05
_MANY_UNSEEN = 0.05
_DRAWS = 3
"""Control draws, or training seeds, from which on their spread can be seen."""
_CALIBRATED = 0.05
_NOT_BEATEN = ("layer 0", "control chance", "control ceiling")
"""Baselines that a probe need not beat: those of the control task, and layer 0, which has a check of its own."""


# ---------------------------------------------------------------------- checks


def checks(sweep: Sweep) -> Iterator[str]:
    """Which checks were made, whether they were passed, and which can be made elsewhere."""
    best = sweep.best
    for baseline in sweep.baselines:
        if baseline.name not in _NOT_BEATEN:
            value = baseline.value.value
            yield _check(best.value.low > value, f"above the baseline {baseline.name!r} ({value:.3f})")
    if best.layer and 0 in sweep.layers and sweep.hits.size:
        above = sweep.difference(best.layer, 0)
        yield _check(above.low > 0, f"above layer 0, by {above}")
    if sweep.kind not in ("tree", "pair"):
        yield from _control(sweep, best)
    yield _check(best.converged and not best.edge_of_grid, "fit converged, its penalty inside the grid")
    if sweep.kind == "label":
        yield from _calibration(best)
        yield from _training(sweep, best)
        yield _check(None, "size of the probe: compare(acts, [...]); description length: codelength(acts)")
        yield _check(None, "use, as against presence: erase(acts) before and after")
    if "mass_mean" in best.beside:
        yield _check(best.above_random.low > 0, f"above random directions, by {best.above_random}")


def _control(sweep: Sweep, best: Score) -> Iterator[str]:
    if not best.selectivity:
        yield _check(None, "control task: sweep(..., control=3)")
        return
    floor = _LOW_SELECTIVITY if sweep.kind == "label" else 0.0
    yield _check(best.selectivity.low > floor, f"selective: above {floor:g} ({best.selectivity})")
    draws = len(best.control_l2) or sweep.settings.get("control draws", 0)
    yield _check(draws >= _DRAWS, f"control task drawn {_DRAWS} times or more ({draws})")


def _calibration(best: Score) -> Iterator[str]:
    """Whether the probabilities that are shown can be believed: those at the temperature, where there is one."""
    own, after = best.calibration_error, best.calibration_error_scaled
    shown, text = own, f"{own:.3f}"
    if not np.isnan(after):
        shown, text = after, f"{own:.3f} before, {after:.3f} at temperature {best.temperature:.2f}"
    if not np.isnan(shown):
        yield _check(shown < _CALIBRATED, f"calibrated: confidence within {_CALIBRATED} of accuracy ({text})")


def _training(sweep: Sweep, best: Score) -> Iterator[str]:
    """Whether it is the model's training that is read, and whether the probe's own varies."""
    if best.random and best.above_random:
        names = ", ".join(sweep.settings.get("random models") or ["the same model with random weights"])
        text = f"above {names} ({best.random.value:.3f}), by {best.above_random}"
        yield _check(best.above_random.low > 0, text)
    else:
        yield _check(None, "random weights: sweep(..., random=capture(model.randomized(0), corpus, task))")
    if many := sweep.settings.get("training seeds"):
        text = (
            f"trained from {_DRAWS} seeds or more ({many})"
            if many > 1
            else f"several seeds: sweep(..., seeds={_DRAWS})"
        )
        yield _check(many >= _DRAWS if many > 1 else None, text)


def _check(passed: bool | None, what: str) -> str:
    verdict = {True: "passed", False: "FAILED", None: "not made"}[None if passed is None else bool(passed)]
    return f"  {verdict:8s}  {what}"


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
    if selectivity is None:
        yield "- No control task was trained: this says nothing of how much the probe memorises. Try control=True."
    elif sweep.kind != "label" and not selectivity.low > 0:
        yield f"- Layer {best.layer} is not clearly selective: the probe learns random answers about as well."
    elif sweep.kind == "label" and selectivity.value < _LOW_SELECTIVITY and sweep.unit == "sentence":
        yield (
            f"- Layer {best.layer} is {selectivity.value:.3f} above random labels of the texts, which nothing can "
            "predict: the task may hardly be read there at all."
        )
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
    if sweep.unit == "sentence" and selectivity is not None:
        yield "- The control task of sentences has one random label per text: pure memorisation, at chance on test."


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
        yield "- There is one test sentence only: no interval can be given."
    if sweep.model.final_norm and sweep.model.n_layers - 1 in sweep.layers:
        yield f"- Layer {sweep.model.n_layers - 1} is after the model's final norm: another scale than those below."
    if without := sweep.settings.get("unlabelled"):
        yield f"- {without:,} {sweep.unit}s carry no label of this task: nothing was learned or tested on them."
    if sweep.settings.get("missing"):
        yield f"- {sweep.settings['missing']:,} targets have no row: no token, or too long for the model."
