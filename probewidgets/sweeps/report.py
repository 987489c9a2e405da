"""A sweep as a table and as a text, whatever kind of probe it is of: what `Sweep.table` and `Sweep.report` give."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from probewidgets.metrics.detection import FALSE_ALARMS
from probewidgets.sweeps.checks import cautions, checks, few
from probewidgets.sweeps.score import NAMES, Score
from probewidgets.values import Estimate

if TYPE_CHECKING:
    import pandas as pd

    from probewidgets.sweeps.results import Sweep

__all__ = ["over_seeds", "report", "short_probe", "table"]

_ONE_LABEL = ("majority", "word type", "layer 0")
"""Baselines that a table of a task of labels has a column for, known or not."""
_MANY_LABELS = 8
"""Labels that a report lists."""
_WIDTH = 100
"""Characters in a line of a report: what a notebook shows beside its side bar on a screen of 1280 pixels."""


# ---------------------------------------------------------------------- table


def table(sweep: Sweep) -> pd.DataFrame:
    """One row per layer, its index the layer too: scores with `_low` and `_high`, control, baselines, the fit."""
    import pandas as pd

    frame: pd.DataFrame = pd.DataFrame([_row(sweep, score) for score in sweep.scores])
    frame.index = pd.Index(sweep.layers)
    return frame


def _row(sweep: Sweep, score: Score) -> dict[str, Any]:
    row: dict[str, Any] = {"layer": score.layer, "name": sweep.model.layer_name(score.layer)}
    for name, estimate in score.estimates.items():
        row |= _bounds(name, estimate)
    row |= _beside(sweep, score)
    baselines = {baseline.name: baseline.value.value for baseline in sweep.baselines}
    if sweep.kind == "label":
        row |= {name.replace(" ", "_"): baselines.get(name, float("nan")) for name in _ONE_LABEL}
    else:
        row |= {name.replace(" ", "_"): value for name, value in baselines.items()}
    if not np.isnan(sweep.unseen):
        row["unseen"] = sweep.unseen
    row |= {name: value for name, value in score.facts.items() if not isinstance(value, tuple) and name not in row}
    row |= _fit(sweep, score)
    for name, estimate in score.detection.items():
        row |= _bounds(name, estimate)
    return row


def _beside(sweep: Sweep, score: Score) -> dict[str, Any]:
    """What the first score is held against; of what a sweep of this kind can be asked for, NaN where it was not."""
    nan, row = Estimate(float("nan")), dict[str, Any]()
    if sweep.kind not in ("tree", "pair"):
        row |= {**_bounds("control", score.control or nan), "control_sampling": sampling(sweep)}
        row |= _bounds("selectivity", score.selectivity or nan)
    if sweep.kind == "label":
        row |= {**_bounds("random", score.random or nan), "random_sd": score.random_sd}
        row |= _bounds("above_random", score.above_random or nan)
        row["seeds_mean"], row["seeds_sd"] = over_seeds(score.seed_accuracies)
    for name, estimate in score.beside.items():
        row |= _bounds(name, estimate)
    return row


def _fit(sweep: Sweep, score: Score) -> dict[str, Any]:
    """How the probe was fitted and chosen."""
    row: dict[str, Any] = {"dev_loss": score.dev_loss}
    if sweep.kind in ("label", "labels", "number"):
        row |= {sweep.settings.get("penalty", "l2"): score.l2, "edge_of_grid": score.edge_of_grid}
    if sweep.kind == "label":
        row["control_edges"] = score.control_edges
    return row | {"converged": score.converged}


def _bounds(name: str, estimate: Estimate) -> dict[str, float]:
    return {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}


def sampling(sweep: Sweep) -> str | None:
    """How the control task was drawn; None without one. (Early versions drew as in train, and did not say so.)"""
    return sweep.settings.get("control sampling", "empirical") if sweep.scores[0].control else None


def over_seeds(accuracies: Sequence[float]) -> tuple[float, float]:
    """Mean and standard deviation over seeds; NaN where there are none."""
    if not accuracies:
        return float("nan"), float("nan")
    return float(np.mean(accuracies)), float(np.std(accuracies, ddof=1))


# ---------------------------------------------------------------------- report


def report(sweep: Sweep) -> str:
    """What was run, on what, what came out, and what to be careful about."""
    parts = (
        _what(sweep),
        [*_layers(sweep), *_detection(sweep)],
        [*_per_label(sweep)],
        _without(sweep),
        [f"Checks of layer {sweep.best.layer}, the {sweep.chosen}:", *checks(sweep)],
        ["Be careful:", *cautions(sweep)],
    )
    return "\n\n".join(filter(None, ("\n".join(map(_folded, part)) for part in parts)))


def _folded(line: str) -> str:
    """A line as several where it is long, all but the first indented. What has no space in it stays whole."""
    return textwrap.fill(line, _WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def _columns(rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Rows of cells as lines below their heads; columns that have no room follow below, beside the first one again."""
    padded = []
    for head in dict.fromkeys(head for row in rows for head in row):
        cells = [head, *(row.get(head, "") for row in rows)]
        padded.append([f"{cell:{max(map(len, cells))}}" for cell in cells])
    shown = padded[:1]
    for column in padded[1:]:
        if sum(len(each[0]) + 2 for each in [*shown, column]) > _WIDTH:
            yield from _lines(shown)
            shown = padded[:1]
        shown.append(column)
    yield from _lines(shown)


def _lines(columns: Sequence[Sequence[str]]) -> Iterator[str]:
    yield from (f"  {'  '.join(cells)}".rstrip() for cells in zip(*columns, strict=True))


def _what(sweep: Sweep) -> Iterator[str]:
    n = {side: f"{targets:,} {sweep.unit}s in {texts:,} sentences" for side, (targets, texts) in sweep.counts.items()}
    yield f"Task {sweep.task!r} ({_answers(sweep)}) on {sweep.corpus!r}, read off {sweep.model.place!r}"
    standardised = sweep.settings.get("standardised", "train")
    states = "states not standardised" if standardised == "no" else f"states standardised on {standardised}"
    yield f"  probe {short_probe(sweep.probe)}, pool {sweep.pool!r}, {states}, seed {sweep.seed}"
    yield f"  fitted on train ({n['train']}), {_chosen(sweep)} on dev ({n['dev']}), tested on test ({n['test']})"
    yield from _control(sweep)
    yield from (f"  {note}" for note in sweep.notes)


def _answers(sweep: Sweep) -> str:
    """What the probes answer."""
    return {
        "label": f"{len(sweep.labels)} labels",
        "labels": f"any of {len(sweep.labels)} labels",
        "number": "numbers",
        "tree": "the tree of each sentence",
        "head": "the head of each word",
        "pair": "which statement of each pair is true",
    }[sweep.kind]


def _chosen(sweep: Sweep) -> str:
    """What dev was used for."""
    on_dev = {
        "chosen on": bool(sweep.settings.get("grid")) and sweep.settings.get("chosen on") != "not chosen",
        "stopped on": sweep.settings.get("stopped on", "not stopped") != "not stopped",
    }
    words = {"chosen on": "penalty", "stopped on": "epoch"}
    parts = [words[use] for use, used in on_dev.items() if used]
    return " and ".join(filter(None, (", ".join(parts), "best layer"))) + " chosen"


def _control(sweep: Sweep) -> Iterator[str]:
    """How the control task was drawn, in words."""
    shares = {
        "empirical": "drawn as often as it is in train",
        "uniform": "each one that train shows equally likely",
    }
    if way := sampling(sweep):
        draws = sweep.settings.get("control draws", 1)
        if sweep.kind == "head":
            yield (
                f"  control task: each word type attaches to itself, to the first or to the last word of its sentence, "
                f"all equally likely; draws: {draws}"
            )
            return
        what = "label" if sweep.kind == "label" else "answer"
        yield f"  control task: one random {what} per word type, {shares[way]} ({way}); draws: {draws}"


def _layers(sweep: Sweep) -> Iterator[str]:
    texts, targets = few(sweep), f"{sweep.counts['test'][0]:,} {sweep.unit}s"
    only = f" of {texts} only ({targets})" if texts else ""
    yield f"Test scores{only}, with 95 % intervals over sentences (*: {sweep.chosen}):"
    scores, against = ([part(sweep, score) for score in sweep.scores] for part in (_scores, _against))
    together = [*_columns([{**left, **right} for left, right in zip(scores, against, strict=True)])]
    fits = len(together) == 1 + len(sweep.scores)
    yield from together if fits else (*_columns(scores), *_columns(against))
    if any("±" in line for line in together):
        yield "  ±: standard deviation, over draws of the control task, random models or training seeds"
    if not all(np.isnan(score.l2) for score in sweep.scores):
        each = ", ".join(f"{score.l2:.3g}" for score in sweep.scores)
        yield f"  penalty {sweep.settings.get('penalty', 'l2')} of each layer: {each}"


def _place(sweep: Sweep, score: Score) -> dict[str, str]:
    return {"layer": sweep.model.layer_name(score.layer) + (" *" if score is sweep.best else "")}


def _scores(sweep: Sweep, score: Score) -> dict[str, str]:
    """A layer's scores, the first with its interval."""
    first, *others = score.estimates
    row = _place(sweep, score) | {NAMES.get(first, first): str(score.value)}
    for name, estimate in ((name, score.estimates[name]) for name in others):
        row[NAMES.get(name, name)] = f"{estimate.value:.3f} {estimate.unit}".rstrip()
    return row


def _detection(sweep: Sweep) -> Iterator[str]:
    """What needs no threshold: of two labels, of contrast pairs, of sets of labels."""
    best = sweep.best
    if not best.detection:
        return
    parts = [f"AUROC {best.auroc}", f"average precision {best.average_precision}"]
    for name, share in FALSE_ALARMS.items():
        if name in best.detection:
            value, negatives = best.detection[name], _negatives(sweep)
            why = f"n/a ({negatives:,} negatives, {round(1 / share)} are needed)"
            given = why if np.isnan(value.value) else str(value)
            parts.append(f"recall at {round(100 * share)} % false alarms {given}")
    yield f"{_told(sweep)} at layer {best.layer}, whatever the threshold: {', '.join(parts)}"


def _told(sweep: Sweep) -> str:
    """What is told from what."""
    if sweep.kind == "pair":
        return "True statements told from the others"
    if sweep.kind == "labels":
        return "Each label told from the rest, mean over labels,"
    first, second = sweep.labels
    return f"{second!r} told from {first!r}"


def _negatives(sweep: Sweep) -> int:
    """What may be taken for what is sought on test, falsely."""
    return sweep.counts["test"][0] if sweep.kind == "pair" else int((sweep.gold == 0).sum())


def _per_label(sweep: Sweep) -> Iterator[str]:
    """F1 of each label at the chosen layer; of many the worst."""
    if not (sweep.answers.size and sweep.label_names):
        return
    layer, table = sweep.best.layer, sweep.per_label(sweep.best.layer)
    most = len(table) > _MANY_LABELS
    shown = table.sort_values("f1", kind="stable").head(_MANY_LABELS) if most else table
    which = f", the worst {_MANY_LABELS} of {len(table)} (the others: per_label({layer}))" if most else ""
    yield f"F1 of the labels at layer {layer}{which}:"
    wide = max(len(str(label)) for label in shown.index)
    for label, row in shown.iterrows():
        f1 = Estimate(row["f1"], row["f1_low"], row["f1_high"])
        value = "n/a, neither gold nor given" if np.isnan(f1.value) else str(f1)
        yield f"  {label!s:{wide}}  {value}, of {int(row['support']):,} {sweep.unit}s"


def _against(sweep: Sweep, score: Score) -> dict[str, str]:
    """What a layer's first score is held against."""
    row = _place(sweep, score)
    if score.control and score.selectivity:
        row |= {"control": _spread(score.control.value, score.control_sd), "selectivity": str(score.selectivity)}
    if "mass_mean" in score.beside:
        row |= {"random directions": f"{score.random.value:.3f}", "above them": str(score.above_random)}
        row |= {"mass mean (with labels)": f"{score.mass_mean.value:.3f}", "loss": f"{score.loss:.3f}"}
        row["right on train"] = f"{score.found:.1%}{', turned' if score.flipped else ''}"
    elif score.random and score.above_random:
        row |= {"random model": _spread(score.random.value, score.random_sd), "above it": str(score.above_random)}
    if score.seed_accuracies:
        row[f"over {len(score.seed_accuracies)} training seeds"] = _spread(*over_seeds(score.seed_accuracies))
    return row


def _spread(value: float, sd: float) -> str:
    return f"{value:.3f}" + ("" if np.isnan(sd) else f" ± {sd:.3f}")


def _without(sweep: Sweep) -> Iterator[str]:
    yield "Without the layer's states, on the same test targets:"
    for baseline in sweep.baselines:
        yield f"  {baseline.name}: {baseline.value.value:.3f}"
    if sweep.unit == "sentence" or np.isnan(sweep.unseen):  # no text comes twice
        return
    best = sweep.best
    yield f"  {sweep.unseen:.1%} of the test targets have a word type that train never shows"
    if sweep.kind == "label":
        yield (
            f"  layer {best.layer} is right on {_percent(best.accuracy_unseen)} of those, and on "
            f"{_percent(best.accuracy_ambiguous)} of the types with several labels in train"
        )


def _percent(share: float) -> str:
    return "n/a" if np.isnan(share) else f"{share:.1%}"


def short_probe(probe: str) -> str:
    """A probe's repr without what is left open, its grid of penalties by its ends: `LinearProbe(max_iter=500)`."""

    def grid(match: re.Match[str]) -> str:
        penalties = [float(number) for number in match[1].split(",") if number.strip()]
        return f"grid of {len(penalties)} from {min(penalties):g} to {max(penalties):g}" if penalties else match[0]

    short = re.sub(r"\w+=None, |, \w+=None(?=[,)])", "", probe)
    return re.sub(r"grid=\(([-+.e\d, ]+)\)", grid, short)
