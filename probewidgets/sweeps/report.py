"""Results as tables and as text: what `Sweep.table`, `Sweep.report` and `Predictions.to_frame` give."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from probewidgets.sweeps.results import GradedSweep, LayerScore, Sweep
from probewidgets.values import Estimate

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["graded_report", "graded_table", "over_seeds", "report", "short_probe", "table"]

_NAMED = 20
"""Labels named in a line of the report."""
_LOW_SELECTIVITY = 0.05
_MANY_UNSEEN = 0.05
_DRAWS = 3
"""Control draws, or training seeds, from which on their spread can be seen."""
_CALIBRATED = 0.05


def table(sweep: Sweep) -> pd.DataFrame:
    """One row per layer, its index the layer too: scores with `_low` and `_high`, control, baselines, the fit."""
    import pandas as pd

    nan = Estimate(float("nan"))
    rows = []
    for score in sweep.scores:
        row: dict[str, object] = {"layer": score.layer, "name": sweep.model.layer_name(score.layer)}
        for name in ("accuracy", "macro_f1", "cross_entropy"):
            row |= _bounds(name, getattr(score, name))
        row |= {"control": (score.control or nan).value, "control_sampling": _sampling(sweep)}
        row |= _bounds("selectivity", score.selectivity or nan)
        row |= {"random": (score.random or nan).value, "random_sd": score.random_sd}
        row |= _bounds("above_random", score.above_random or nan)
        row["seeds_mean"], row["seeds_sd"] = over_seeds(score.seed_accuracies)
        for column, name in (("majority", "majority"), ("word_type", "word type"), ("layer_0", "layer 0")):
            row[column] = (sweep.baseline(name) or nan).value
        row |= {
            "unseen": sweep.unseen,
            "accuracy_unseen": score.accuracy_unseen,
            "accuracy_ambiguous": score.accuracy_ambiguous,
            "calibration_error": score.calibration_error,
            "calibration_error_scaled": score.calibration_error_scaled,
            "temperature": score.temperature,
            sweep.settings.get("penalty", "l2"): score.l2,
            "edge_of_grid": score.edge_of_grid,
            "control_edges": score.control_edges,
            "converged": score.converged,
        }
        rows.append(row)
    made: pd.DataFrame = pd.DataFrame(rows)
    made.index = pd.Index(sweep.layers)
    return made


def report(sweep: Sweep) -> str:
    """What was run, on what, what came out, and what to be careful about."""
    parts = (_what(sweep), _layers(sweep), _beside(sweep), _checks(sweep), ("Be careful:", *_warnings(sweep)))
    return "\n\n".join("\n".join(part) for part in parts)


def graded_table(sweep: GradedSweep) -> pd.DataFrame:
    """One row per layer, its index the layer too: every score with `_low` and `_high`, control, baselines, the fit."""
    import pandas as pd

    nan = Estimate(float("nan"))
    rows = []
    for score in sweep.scores:
        row: dict[str, object] = {"layer": score.layer, "name": sweep.model.layer_name(score.layer)}
        for name, estimate in score.scores.items():
            row |= _bounds(name, estimate)
        row |= {"control": (score.control or nan).value, "control_sampling": _sampling(sweep)}
        row |= _bounds("selectivity", score.selectivity or nan)
        for name, scores in sweep.baselines.items():
            row[name.replace(" ", "_")] = scores[sweep.metric].value
        row |= {"l2": score.l2, "edge_of_grid": score.edge_of_grid, "converged": score.converged}
        rows.append(row)
    made: pd.DataFrame = pd.DataFrame(rows)
    made.index = pd.Index(sweep.layers)
    return made


def graded_report(sweep: GradedSweep) -> str:
    """What was run, on what, what came out, and what to be careful about."""
    what = "numbers" if sweep.kind == "number" else f"any of {len(sweep.labels)} labels"
    lines = [
        f"Task {sweep.task!r} ({what}) on {sweep.corpus!r}, read off {sweep.model.place!r}",
        f"  probe {short_probe(sweep.probe)}, pool {sweep.pool!r}, states standardised on train, seed {sweep.seed}",
        *(f"  {side}: {n:,} {sweep.unit}s in {texts:,} sentences" for side, (n, texts) in sweep.counts.items()),
        *_control(sweep),
        "",
        "Test scores, with 95 % intervals over sentences:",
    ]
    for score in sweep.scores:
        best = "   <- best on dev" if score is sweep.best else ""
        said = ", ".join(f"{name} {estimate}" for name, estimate in score.scores.items())
        control = f", control {score.control.value:.3f}, selectivity {score.selectivity}" if score.control else ""
        lines.append(f"  layer {sweep.model.layer_name(score.layer)}: {said}{control}{best}")
    lines += ["", "Without the layer's states, on the same test targets:"]
    lines += [f"  {name}: {sweep.metric} {scores[sweep.metric]}" for name, scores in sweep.baselines.items()]
    return "\n".join([*lines, "", "Be careful:", *_graded_warnings(sweep)])


def _graded_warnings(sweep: GradedSweep) -> Iterator[str]:
    yield "- A probe shows what can be read off the states, not that the model uses it."
    best = sweep.best
    if best.selectivity is None:
        yield (
            "- No control task was run: how much the probe merely remembers is not known. "
            f"{sweep.made_by}(..., control=3)."
        )
    elif not best.selectivity.low > 0:
        yield f"- Layer {best.layer} is not clearly selective: the probe learns random answers about as well."
    stuck = [score.layer for score in sweep.scores if score.edge_of_grid]
    if stuck:
        yield f"- A penalty of layer(s) {stuck} lies on the edge of the grid: a better one may lie outside."
    loose = [score.layer for score in sweep.scores if not score.converged]
    if loose:
        yield f"- The probes of layer(s) {loose} did not converge: give them more iterations."
    low = sweep.best.scores[sweep.metric].low
    known = {name: scores[sweep.metric].value for name, scores in sweep.baselines.items() if name != "layer 0"}
    for name, value in known.items():
        if not name.startswith("control") and low <= value:
            yield f"- The best layer is not clearly above the baseline {name!r} ({value:.3f})."


def _bounds(name: str, estimate: Estimate) -> dict[str, object]:
    return {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}


def _sampling(sweep: Sweep | GradedSweep) -> str | None:
    """How the control task was drawn; None without one. (Early versions drew as in train, and did not say so.)"""
    return sweep.settings.get("control sampling", "empirical") if sweep.scores[0].control else None


def _control(sweep: Sweep | GradedSweep) -> Iterator[str]:
    """How the control task was drawn, in words."""
    shares = {
        "empirical": "drawn as often as it is in train",
        "uniform": "each one that train shows equally likely",
    }
    if sampling := _sampling(sweep):
        draws = sweep.settings.get("control draws", 1)
        what = "answer" if isinstance(sweep, GradedSweep) else "label"
        kind = "text" if sweep.unit == "sentence" else "word type"
        yield f"  control task: one random {what} per {kind}, {shares[sampling]} ({sampling}); draws: {draws}"


def _what(sweep: Sweep) -> Iterator[str]:
    n = {side: f"{targets:,} {sweep.unit}s in {texts:,} sentences" for side, (targets, texts) in sweep.counts.items()}
    yield f"Task {sweep.task!r} ({len(sweep.labels)} labels) on {sweep.corpus!r}, read off {sweep.model.place!r}"
    yield f"  probe {short_probe(sweep.probe)}, pool {sweep.pool!r}, states standardised on train, seed {sweep.seed}"
    yield f"  fitted on train ({n['train']}), {_chosen(sweep)} on dev ({n['dev']}), tested on test ({n['test']})"
    yield from _control(sweep)


def _chosen(sweep: Sweep) -> str:
    """What dev was used for."""
    on_dev = {"penalty": "chosen on", "epoch": "stopped on"}
    parts = [what for what, name in on_dev.items() if sweep.settings.get(name) == "dev cross-entropy"]
    return " and ".join(filter(None, (", ".join(parts), "best layer"))) + " chosen"


def _layers(sweep: Sweep) -> Iterator[str]:
    penalty = sweep.settings.get("penalty", "l2")
    yield "Test scores, with 95 % intervals over sentences:"
    for score in sweep.scores:
        best = "   <- best on dev" if score is sweep.best else ""
        yield f"  layer {sweep.model.layer_name(score.layer)}: accuracy {score.accuracy}, {_rest(score, penalty)}{best}"


def _rest(score: LayerScore, penalty: str) -> str:
    parts = [f"macro-F1 {score.macro_f1.value:.3f}", f"cross-entropy {score.cross_entropy.value:.3f} bits"]
    if score.control and score.selectivity:
        spread = "" if np.isnan(score.control_sd) else f" (sd {score.control_sd:.3f} over draws)"
        parts.append(f"control {score.control.value:.3f}{spread}, selectivity {score.selectivity}")
    if score.random and score.above_random:
        over = "" if np.isnan(score.random_sd) else f" (sd {score.random_sd:.3f} over seeds)"
        parts.append(f"random model {score.random.value:.3f}{over}, above it {score.above_random}")
    if score.seed_accuracies:
        mean, sd = over_seeds(score.seed_accuracies)
        parts.append(f"accuracy over {len(score.seed_accuracies)} training seeds {mean:.3f} (sd {sd:.3f})")
    return ", ".join([*parts, f"{penalty} {score.l2:.3g}"])


def over_seeds(accuracies: Sequence[float]) -> tuple[float, float]:
    """Mean and standard deviation over seeds; NaN where there are none."""
    if not accuracies:
        return float("nan"), float("nan")
    return float(np.mean(accuracies)), float(np.std(accuracies, ddof=1))


def _beside(sweep: Sweep) -> Iterator[str]:
    yield "Without the layer's states, on the same test targets:"
    for baseline in sweep.baselines:
        yield f"  {baseline.name}: {baseline.accuracy.value:.3f}"
    if sweep.unit == "sentence":  # no text comes twice
        return
    best = sweep.best
    yield f"  {sweep.unseen:.1%} of the test targets have a word type that train never shows"
    yield (
        f"  layer {best.layer} is right on {_percent(best.accuracy_unseen)} of those, and on "
        f"{_percent(best.accuracy_ambiguous)} of the types with several labels in train"
    )


def _checks(sweep: Sweep) -> Iterator[str]:
    """Which checks were made, whether they were passed, and which can be made elsewhere."""
    best = sweep.best
    yield f"Checks of layer {best.layer}, the best on dev:"
    for name in ("majority", "word type"):
        other = sweep.baseline(name)
        if other:
            yield _check(best.accuracy.low > other.value, f"above the baseline {name!r} ({other.value:.3f})")
    if best.layer and 0 in sweep.layers and len(sweep.hits):
        above = sweep.difference(best.layer, 0)
        yield _check(above.low > 0, f"above layer 0, by {above}")
    if best.selectivity:
        ok = best.selectivity.low > _LOW_SELECTIVITY
        yield _check(ok, f"selective: above {_LOW_SELECTIVITY} ({best.selectivity})")
        draws = len(best.control_l2)
        yield _check(draws >= _DRAWS, f"control task drawn {_DRAWS} times or more ({draws})")
    else:
        yield _check(None, "control task: sweep(..., control=3)")
    yield _check(best.converged and not best.edge_of_grid, "fit converged, its penalty inside the grid")
    yield from _calibration(best)
    if best.random and best.above_random:
        names = ", ".join(sweep.settings.get("random models") or ["the same model with random weights"])
        said = f"above {names} ({best.random.value:.3f}), by {best.above_random}"
        yield _check(best.above_random.low > 0, said)
    else:
        yield _check(None, "random weights: sweep(..., random=capture(model.randomized(0), corpus, task))")
    if many := sweep.settings.get("training seeds"):
        said = (
            f"trained from {_DRAWS} seeds or more ({many})"
            if many > 1
            else f"several seeds: sweep(..., seeds={_DRAWS})"
        )
        yield _check(many >= _DRAWS if many > 1 else None, said)
    yield _check(None, "size of the probe: compare(acts, [...]); description length: codelength(acts)")
    yield _check(None, "use, as against presence: erase(acts) before and after")


def _calibration(best: LayerScore) -> Iterator[str]:
    """Whether the probabilities that are shown can be believed: those at the temperature, where there is one."""
    own, after = best.calibration_error, best.calibration_error_scaled
    shown, said = own, f"{own:.3f}"
    if not np.isnan(after):
        shown, said = after, f"{own:.3f} before, {after:.3f} at temperature {best.temperature:.2f}"
    if not np.isnan(shown):
        yield _check(shown < _CALIBRATED, f"calibrated: confidence within {_CALIBRATED} of accuracy ({said})")


def _check(passed: bool | None, what: str) -> str:
    verdict = {True: "passed", False: "FAILED", None: "not made"}[None if passed is None else bool(passed)]
    return f"  {verdict:8s}  {what}"


def _warnings(sweep: Sweep) -> Iterator[str]:
    best = sweep.best
    yield "- A probe shows what can be read off the states, not that the model uses it."
    if best.selectivity is None:
        yield "- No control task was trained: this says nothing of how much the probe memorises. Try control=True."
    elif best.selectivity.value < _LOW_SELECTIVITY and sweep.unit == "sentence":
        yield (
            f"- Layer {best.layer} is {best.selectivity.value:.3f} above random labels of the texts, which nothing can "
            "predict: the task may hardly be read there at all."
        )
    elif best.selectivity.value < _LOW_SELECTIVITY:
        yield (
            f"- Selectivity of layer {best.layer} is {best.selectivity.value:.3f}: the probe learns random labels of "
            "the words almost as well, so its accuracy says little of the states."
        )
    if best.random and best.above_random and not best.above_random.low > 0:
        yield (
            f"- With random weights the model does as well, or not surely worse ({best.random.value:.3f}): that layer "
            f"{best.layer} has learned any of this in training may not be concluded."
        )
    if sweep.unit == "sentence" and best.selectivity is not None:
        yield "- The control task of sentences has one random label per text: pure memorisation, at chance on test."
    word_type = sweep.baseline("word type")
    if word_type and best.accuracy.value <= word_type.value:
        yield f"- The commonest label of each word type does as well as the best layer ({word_type.value:.3f})."
    if sweep.model.begins_with_embeddings and 0 not in sweep.layers:
        yield (
            "- Layer 0 was not captured, so there is no baseline of the embeddings: add it, "
            f"capture(..., layers={[0, *sweep.layers]})."
        )
    yield from _copies(sweep)
    if sweep.unit != "sentence" and sweep.unseen > _MANY_UNSEEN:
        yield f"- {sweep.unseen:.1%} of the test targets are of unseen types: no control task can be solved on them."
    if sweep.labels_unseen:
        more = len(sweep.labels_unseen) - _NAMED
        named = ", ".join(sweep.labels_unseen[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
        yield (
            f"- Train never shows {named}: on test these labels count as errors in accuracy and F1; cross-entropy, and "
            "so the choice on dev, leaves them out."
        )
    if edges := [str(s.layer) for s in sweep.scores if s.edge_of_grid]:
        yield f"- The best penalty lies at the edge of the grid for layer {', '.join(edges)}: widen the grid."
    if edges := [str(s.layer) for s in sweep.scores if s.control_edges]:
        yield (
            f"- The best penalty of a control draw lies at the edge of the grid for layer {', '.join(edges)}: "
            "widen the grid, or selectivity may be off."
        )
    if edges := [str(s.layer) for s in sweep.scores if s.random_edges]:
        yield (
            f"- The best penalty for a random model lies at the edge of the grid for layer {', '.join(edges)}: "
            "widen the grid, or it may do better than is shown."
        )
    if loose := [str(s.layer) for s in sweep.scores if not s.converged]:
        yield f"- The fit did not converge for layer {', '.join(loose)}: raise max_iter (epochs, for an MLP)."
    if sweep.counts["test"][1] < 2:
        yield "- There is one test sentence only: no interval can be given."
    if sweep.model.final_norm and sweep.model.n_layers - 1 in sweep.layers:
        yield f"- Layer {sweep.model.n_layers - 1} is after the model's final norm: another scale than those below."
    if without := sweep.settings.get("unlabelled"):
        yield f"- {without:,} {sweep.unit}s carry no label of this task: nothing was learned or tested on them."
    if sweep.settings.get("missing"):
        yield f"- {sweep.settings['missing']:,} targets have no row: no token, or too long for the model."


def _copies(sweep: Sweep) -> Iterator[str]:
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


def short_probe(probe: str) -> str:
    """A probe's repr without what is left open, its grid of penalties by its ends: `LinearProbe(max_iter=500)`."""

    def grid(match: re.Match[str]) -> str:
        penalties = [float(number) for number in match[1].split(",") if number.strip()]
        return f"grid of {len(penalties)} from {min(penalties):g} to {max(penalties):g}" if penalties else match[0]

    short = re.sub(r"\w+=None, |, \w+=None(?=[,)])", "", probe)
    return re.sub(r"grid=\(([-+.e\d, ]+)\)", grid, short)


def _percent(share: float) -> str:
    return "n/a" if np.isnan(share) else f"{share:.1%}"
