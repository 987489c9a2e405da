"""Files of sweeps that earlier versions wrote: what their headers say, as today's say it.

There was a class for each kind of probe then, and a kind of file for each class.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["KINDS", "as_today"]

Facts = dict[str, Any]

_PENALTIES = ("l2", "edge_of_grid", "converged")


def as_today(kind: str, facts: Facts) -> Facts:
    """The header of a file of some kind, as today's has it."""
    if "class" not in facts:
        _of_class(kind, facts)
    if facts["unit"] == "sentence":
        _without_control(facts)
    return facts


def _of_class(kind: str, facts: Facts) -> None:
    """A header from before there was one class for all kinds of probe."""
    facts["class"] = "edge-sweep" if kind == "edge-sweep" else "sweep"
    _READERS[kind](facts)


def _without_control(facts: Facts) -> None:
    """Sweeps of sentences had a control task, which cannot mean anything."""
    for score in facts["scores"]:
        for name in ("control", "selectivity"):
            score["beside"].pop(name, None)
    facts["baselines"] = [each for each in facts["baselines"] if not each["name"].startswith("control")]


def _labels(facts: Facts) -> None:
    facts |= {"kind": "label", "baselines": [_baseline(each) for each in facts["baselines"]]}
    names = ("accuracy", "macro_f1", "cross_entropy")
    facts["scores"] = [_score(_NEWER | score, names, "dev_cross_entropy") for score in facts["scores"]]


def _graded(facts: Facts) -> None:
    metric = next(iter(facts["scores"][0]["scores"]))
    facts["baselines"] = [
        {"name": name, "value": scores.pop(metric), "others": scores} for name, scores in facts["baselines"].items()
    ]
    names = tuple(facts["scores"][0]["scores"])
    facts["scores"] = [_score(score | score.pop("scores"), names, "dev_loss") for score in facts["scores"]]


def _edges(facts: Facts) -> None:
    _graded(facts)
    facts["settings"]["cumulative"] = facts.pop("cumulative")


def _trees(facts: Facts) -> None:
    facts |= {"kind": "tree", "unit": "word"}
    facts["baselines"] = [{"name": "chain", "value": facts.pop("chain")}]
    names = ("uuas", "distance_spearman", "root", "depth_spearman")
    facts["scores"] = [_score(score, names, "dev_loss") for score in facts["scores"]]


def _heads(facts: Facts) -> None:
    facts |= {"kind": "head", "unit": "word", "baselines": [_baseline(each) for each in facts["baselines"]]}
    facts["scores"] = [_score(score, ("uas",), "dev_loss") for score in facts["scores"]]


def _pairs(facts: Facts) -> None:
    facts |= {"kind": "pair", "unit": "pair", "pool": "", "baselines": []}
    facts["counts"] = {side: [pairs, 2 * pairs] for side, pairs in facts["counts"].items()}
    if alone := facts.pop("alone"):
        facts["cautions"] = [f"{alone:,} statements were left out: the other one of their pair has no row."]
    facts["scores"] = [_score(score, ("accuracy",), "dev_loss") for score in facts["scores"]]


_NEWER: Facts = dict.fromkeys(("mcc", "brier", "calibration_error", "calibration_error_scaled")) | {"temperature": 1.0}
"""What the earliest files did not have yet."""
_BESIDE = ("control", "selectivity", "random", "above_random", "mass_mean")

_READERS: dict[str, Callable[[Facts], None]] = {
    "sweep": _labels,
    "graded-sweep": _graded,
    "edge-sweep": _edges,
    "structural-sweep": _trees,
    "attachment-sweep": _heads,
    "contrast-sweep": _pairs,
}
KINDS = tuple(_READERS)
"""The kinds of files that there were."""


def _baseline(facts: Facts) -> Facts:
    return {"name": facts["name"], "value": facts["accuracy"]}


def _score(facts: Facts, names: tuple[str, ...], loss: str) -> Facts:
    """A score, which had a field for everything."""
    rest = dict(facts)
    score = {
        "layer": rest.pop("layer"),
        "estimates": {name: rest.pop(name) for name in names},
        "dev_loss": rest.pop(loss, None),
        "beside": {name: rest[name] for name in _BESIDE if rest.get(name) is not None},
    }
    score |= {name: rest.pop(name) for name in _PENALTIES if name in rest}
    facts = {name: value for name, value in rest.items() if name not in _BESIDE and value != []}
    return score | {"facts": facts}
