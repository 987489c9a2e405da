"""Scores by hand: named values find their place."""

from __future__ import annotations

import re
from dataclasses import fields, replace

from probewidgets.sweeps.results import Sweep
from probewidgets.sweeps.score import Score

BESIDE = ("control", "selectivity", "random", "above_random", "mass_mean")
FIELDS = {field.name for field in fields(Score)}


def rescored(score: Score, **named: object) -> Score:
    """The same score with other values; None takes one away."""
    own = {name: named.pop(name) for name in FIELDS & set(named)}
    parts = {"estimates": dict(score.estimates), "beside": dict(score.beside), "facts": dict(score.facts)}
    for name, value in named.items():
        part = "beside" if name in BESIDE else "estimates" if name in parts["estimates"] else "facts"
        parts[part][name] = value
        if value is None:
            del parts[part][name]
    return replace(score, **{**parts, **own})  # type: ignore[arg-type]


def score_of(layer: int, estimates: tuple[str, ...], dev_loss: float = 0.0, **named: object) -> Score:
    """A score of which `named` has the values; those of `estimates` are its own."""
    own = {name: named.pop(name) for name in FIELDS & set(named)}
    mine = {name: named.pop(name) for name in estimates}
    beside = {name: named.pop(name) for name in BESIDE if name in named}
    shown = {name: value for name, value in beside.items() if value is not None}
    return Score(layer, mine, dev_loss, beside=shown, facts=named, **own)  # type: ignore[arg-type]


def changed(sweep: Sweep, **named: object) -> Sweep:
    """The same sweep with other values in all its scores."""
    return replace(sweep, scores=tuple(rescored(score, **named) for score in sweep.scores))


def in_full(sweep: Sweep) -> str:
    """A sweep's report, its folded lines put together again."""
    return re.sub("\n {4}", " ", sweep.report())


def scores_of(sweep: Sweep) -> list[dict[str, str]]:
    """The scores in a sweep's report, one row of cells by head per layer."""
    block = in_full(sweep).split("Test scores")[1].split("\n\n")[0].splitlines()[1:]
    rows: dict[str, dict[str, str]] = {}
    for line in block:
        cells = re.split(" {2,}", line.strip())
        if cells[0] == "layer":
            heads = cells
        elif len(cells) == len(heads):
            rows.setdefault(cells[0], {}).update(zip(heads, cells, strict=True))
    return list(rows.values())
