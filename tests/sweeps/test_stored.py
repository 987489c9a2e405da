"""Sweeps of numbers, of sets of labels, of edges, trees, heads and pairs come back from their files as they were."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open

import probewidgets as pw
from probewidgets.errors import ProbeError, StoreError
from probewidgets.methods.edges.probe import EdgeProbe, Spans
from probewidgets.methods.edges.trial import EdgeSweep
from probewidgets.probes.stored import read, write
from tests.methods.contrast.test_trial import planted as pairs
from tests.methods.edges.test_trial import planted
from tests.methods.heads.test_trial import planted as heads
from tests.methods.trees.test_trial import treebank
from tests.sweeps.test_graded import numbers, sets

QUICK = EdgeProbe(width=4, hidden=5, epochs=2, cumulative=True)
OPTIONS = {"bootstrap": 20, "progress": False}
EARLY = Path(__file__).with_name("early")


@cache
def made(name: str) -> pw.Sweep:
    acts, probe, control = {
        "numbers": lambda: (numbers(40), pw.RidgeProbe(), 2),
        "sets": lambda: (sets(40), pw.SigmoidProbe(pw.LinearProbe(l2=0.01)), 0),
        "edges": lambda: (planted(1, 3, 40), QUICK, 1),
        "heads": lambda: (heads(30), pw.BilinearProbe(rank=3, linear=True, epochs=2), 2),
        "heads by MLP": lambda: (heads(30), pw.PairwiseMLPProbe(hidden=3, epochs=2), 0),
        "pairs": lambda: (pairs(40), pw.CCSProbe(restarts=2, epochs=20), 0),
        "trees": lambda: (treebank(30, 6), pw.StructuralProbe(rank=4, epochs=2), 0),
    }[name]()
    return pw.sweep(acts, probe, control=control, **OPTIONS)


NAMES = ("numbers", "sets", "edges", "heads", "heads by MLP", "pairs", "trees")


def answers(sweep: Any) -> list[np.ndarray]:
    """What each of its probes says of some states."""
    rng = np.random.default_rng(0)
    found = []
    for i, probe in enumerate(sweep.probes):
        if sweep.kind == "labels" and isinstance(sweep, EdgeSweep):
            states = rng.normal(size=(i + 1, 6, 8)).astype(np.float32)
            found.append(probe.proba(Spans(states, np.array([[0, 3]]), np.array([[2, 6]]))))
        elif sweep.kind == "tree":
            X = rng.normal(size=(5, probe.distance_.shape[1]))
            found += [probe.distances(X), probe.depths(X)]
        elif sweep.kind == "head":
            found.append(probe.scores(rng.normal(size=(5, probe.left_.shape[1]))))
        elif sweep.kind == "pair":
            found.append(probe.proba(*rng.normal(size=(2, 5, len(probe.coef_)))))
        else:
            found.append(probe.predict(rng.normal(size=(5, probe.coef_.shape[-1]))))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_it_comes_back_as_it_was(name: str, tmp_path: Path) -> None:
    sweep = made(name)
    sweep.save(tmp_path / "sweep")
    assert [path.name for path in tmp_path.iterdir()] == ["sweep"]
    back = pw.Sweep.load(tmp_path / "sweep")
    assert type(back) is type(sweep)
    assert repr(back) == repr(sweep)
    assert repr(back.scores) == repr(sweep.scores)  # all digits, and NaN is NaN
    assert back.table().equals(sweep.table())
    assert (back.model, back.counts, back.probe, back.settings) == (
        sweep.model, sweep.counts, sweep.probe, sweep.settings,
    )  # fmt: skip
    assert back.report() == sweep.report()
    assert max(map(len, back.report().splitlines())) <= 100  # what a notebook shows beside its side bar
    assert (back.metric, back.labels, back.kind) == (sweep.metric, sweep.labels, sweep.kind)
    if isinstance(sweep, EdgeSweep):
        assert isinstance(back, EdgeSweep) and back.expected_layer == sweep.expected_layer
    for one, two in zip(answers(back), answers(sweep), strict=True):
        np.testing.assert_array_equal(one, two)
    for array in ("hits", "sentence_targets", "answers", "gold"):
        np.testing.assert_array_equal(getattr(back, array), getattr(sweep, array))
    assert bool(back.answers.size) == (name in ("numbers", "sets", "edges"))


def header_of(path: Path) -> dict[str, str]:
    with safe_open(path, framework="numpy") as file:
        return dict(file.metadata())


@pytest.mark.parametrize("name", NAMES)
def test_the_header_names_kind_and_version_and_what_was_loaded_is_saved_again_the_same(
    name: str, tmp_path: Path
) -> None:
    sweep = made(name)
    sweep.save(tmp_path / "one")
    pw.Sweep.load(tmp_path / "one").save(tmp_path / "two")
    header, again = (header_of(tmp_path / each) for each in ("one", "two"))
    assert again == header  # and with it the digest of all arrays
    assert header["format"] == "probewidgets.sweep"
    assert header["version"] == "2"


@pytest.mark.parametrize("name", NAMES)
def test_equal_seeds_give_equal_files(name: str, tmp_path: Path) -> None:
    for place, sweep in (("one", made(name)), ("two", made.__wrapped__(name))):
        sweep.save(tmp_path / place)
    assert header_of(tmp_path / "one") == header_of(tmp_path / "two")  # all numbers, and the digest of all arrays


def test_only_sweeps_of_edges_are_read_as_such(tmp_path: Path) -> None:
    made("trees").save(tmp_path / "trees")
    with pytest.raises(StoreError, match=r"'.*trees' holds a Sweep: read it with pw\.Sweep\.load"):
        EdgeSweep.load(tmp_path / "trees")
    made("edges").save(tmp_path / "edges")
    assert isinstance(pw.Sweep.load(tmp_path / "edges"), EdgeSweep)


EXPECTED = json.loads((EARLY / "expected.json").read_text("utf-8"))


@pytest.mark.parametrize("name", EXPECTED)
def test_files_of_the_version_with_a_class_for_each_kind_of_probe_still_load(name: str, tmp_path: Path) -> None:
    """All columns that its table had, with all digits; the report of labels to the letter; and it is saved anew."""
    back = pw.Sweep.load(EARLY / f"{name}.safetensors")
    table = json.loads(back.table().to_json(double_precision=15))
    assert {column: table[column] for column in EXPECTED[name]["table"]} == EXPECTED[name]["table"]
    if name.startswith("labels"):
        assert back.report() == EXPECTED[name]["report"]
    back.save(tmp_path / "again")
    again = pw.Sweep.load(tmp_path / "again")
    assert (repr(again.scores), again.report()) == (repr(back.scores), back.report())


def test_what_is_swept_today_scores_as_it_did_then() -> None:
    # Since then the batches of trees are drawn anew for each epoch.
    for name, apart in {"numbers": 1e-4, "heads": 1e-4, "trees": 0.05, "pairs": 1e-4}.items():
        then, now = (pw.Sweep.load(EARLY / f"{name}.safetensors"), made(name))
        for one, other in zip(then.scores, now.scores, strict=True):
            for metric, estimate in one.estimates.items():
                assert other.estimates[metric].value == pytest.approx(estimate.value, abs=apart), (name, metric)


def test_missing_damaged_and_foreign_files_are_named(tmp_path: Path) -> None:
    made("sets").save(tmp_path / "sweep")
    data = bytearray((tmp_path / "sweep").read_bytes())
    data[-1] ^= 1
    (tmp_path / "flipped").write_bytes(data)
    (tmp_path / "short").write_bytes(data[: len(data) // 2])
    (tmp_path / "foreign").write_text("no tensors")
    for name, message in {
        "absent": "There is no file '.*absent'",
        "flipped": "The contents of '.*flipped' were changed or damaged",
        "short": "'.*short' is not a whole safetensors file",
        "foreign": "'.*foreign' is not a whole safetensors file",
    }.items():
        with pytest.raises(StoreError, match=message):
            pw.Sweep.load(tmp_path / name)


def changed(name: str, tmp_path: Path, change: Callable[[dict[str, Any], dict[str, Any]], object]) -> Path:
    """The file of a sweep with other arrays and facts, and a digest that fits them."""
    made(name).save(tmp_path / "whole")
    arrays, facts = read(tmp_path / "whole", "sweep")
    del facts["format"]
    change(arrays, facts)
    write(tmp_path / "changed", "sweep", arrays, facts)
    return tmp_path / "changed"


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("sets", lambda a, f: f.pop("scores"), "lacks a part"),
        ("sets", lambda a, f: f.update(more=1), "lacks a part, or has one too many"),
        ("sets", lambda a, f: f["probes"].pop(), "2 scores and 1 probes"),
        ("sets", lambda a, f: f["labels"].pop(), "labels and names"),
        ("edges", lambda a, f: f["labels"].pop(), "labels and names"),
        ("edges", lambda a, f: f.update({"class": "forest"}), "lacks a part"),
        ("sets", lambda a, f: f["probes"][0].update(kind="forest"), "lacks a part"),
        ("numbers", lambda a, f: a.update({"1.coef_": a["1.coef_"][:-1]}), "are for states of"),
        ("edges", lambda a, f: a.pop("0.read.0.bias"), r"lacks a part.*read\.0\.bias"),
        ("trees", lambda a, f: a.update({"0.centre_": np.zeros(1)}), "do not belong together"),
        ("heads", lambda a, f: a.update({"0.right_": a["0.right_"][:-1]}), "do not belong together"),
        ("heads by MLP", lambda a, f: a.update({"0.out_": a["0.out_"][:-1]}), "do not belong together"),
        ("pairs", lambda a, f: a.update({"0.one.scale": np.ones(1)}), "do not belong together"),
        ("pairs", lambda a, f: a.pop("0.other.scale"), r"lacks a part.*scale"),
    ],
)
def test_parts_that_do_not_belong_together_are_refused(
    name: str, change: Callable[..., object], message: str, tmp_path: Path
) -> None:
    path = changed(name, tmp_path, change)
    with pytest.raises(StoreError, match="(?s)changed.*" + message):
        pw.Sweep.load(path)


def test_what_cannot_be_saved_leaves_no_file(tmp_path: Path) -> None:
    for broken, message in (
        (replace(made("sets"), probes=made("sets").probes[:1]), "2 scores and 1 probes"),
        (replace(made("sets"), probes=("mine", "mine")), "A str cannot be saved: only probes of this package can"),
    ):
        with pytest.raises(ProbeError, match=message):
            broken.save(tmp_path / "sweep")
    assert not list(tmp_path.iterdir())
