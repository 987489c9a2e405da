"""Sweeps of numbers, of sets of labels, of edges, trees, heads and pairs come back from their files as they were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from probewidgets.probes.persistence import read, write
from safetensors import safe_open
from tests.methods.contrast.test_experiment import planted as pairs
from tests.methods.edges.test_experiment import planted
from tests.methods.heads.test_experiment import planted as heads
from tests.methods.trees.test_experiment import treebank

import probewidgets as pw
from probewidgets.errors import ProbeError, StoreError
from probewidgets.methods.edges.probe import EdgeProbe, Spans
from tests.sweeps.test_graded import numbers, sets
from tests.synthetic import activations

QUICK = EdgeProbe(width=4, hidden=5, epochs=2)


@cache
def made(name: str) -> Any:
    if name == "numbers":
        return pw.sweep(numbers(40), pw.RidgeProbe(), control=2, bootstrap=20, progress=False)
    if name == "sets":
        return pw.sweep(sets(40), pw.SigmoidProbe(pw.LinearProbe(l2=0.01)), bootstrap=20, progress=False)
    if name == "edges":
        return pw.edge_sweep(planted(1, 3, 40), QUICK, cumulative=True, control=1, bootstrap=20, progress=False)
    if name == "heads":
        probe = pw.BilinearProbe(rank=3, linear=True, epochs=2)
        return pw.attachment(heads(30), probe, control=2, bootstrap=20, progress=False)
    if name == "heads by MLP":
        return pw.attachment(heads(30), pw.PairwiseMLPProbe(hidden=3, epochs=2), bootstrap=20, progress=False)
    if name == "pairs":
        return pw.ccs(pairs(40), pw.CCSProbe(restarts=2, epochs=20), bootstrap=20, progress=False)
    probe = pw.StructuralProbe(rank=4, epochs=2)
    return pw.structural(treebank(30, 6), probe, bootstrap=20, progress=False)


KINDS = {
    "numbers": "graded-sweep", "sets": "graded-sweep", "edges": "edge-sweep", "trees": "structural-sweep",
    "heads": "attachment-sweep", "heads by MLP": "attachment-sweep", "pairs": "contrast-sweep",
}  # fmt: skip
NAMES = tuple(KINDS)


def answers(sweep: Any) -> list[np.ndarray]:
    """What each of its probes says of some states."""
    rng = np.random.default_rng(0)
    found = []
    for i, probe in enumerate(sweep.probes):
        if isinstance(sweep, pw.EdgeSweep):
            states = rng.normal(size=(i + 1, 6, 8)).astype(np.float32)
            found.append(probe.proba(Spans(states, np.array([[0, 3]]), np.array([[2, 6]]))))
        elif isinstance(sweep, pw.StructuralSweep):
            X = rng.normal(size=(5, probe.distance_.shape[1]))
            found += [probe.distances(X), probe.depths(X)]
        elif isinstance(sweep, pw.AttachmentSweep):
            found.append(probe.scores(rng.normal(size=(5, probe.left_.shape[1]))))
        elif isinstance(sweep, pw.ContrastSweep):
            found.append(probe.proba(*rng.normal(size=(2, 5, len(probe.coef_)))))
        else:
            found.append(probe.predict(rng.normal(size=(5, probe.coef_.shape[-1]))))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_it_comes_back_as_it_was(name: str, tmp_path: Path) -> None:
    sweep = made(name)
    sweep.save(tmp_path / "sweep")
    assert [path.name for path in tmp_path.iterdir()] == ["sweep"]
    back = type(sweep).load(tmp_path / "sweep")
    assert repr(back) == repr(sweep)
    assert repr(back.scores) == repr(sweep.scores)  # all digits, and NaN is NaN
    assert back.table().equals(sweep.table())
    assert (back.model, back.counts, back.probe, back.settings) == (
        sweep.model, sweep.counts, sweep.probe, sweep.settings,
    )  # fmt: skip
    if name != "trees":
        assert back.report() == sweep.report()
    if name in ("numbers", "sets", "edges"):
        assert (back.metric, back.labels, back.kind) == (sweep.metric, sweep.labels, sweep.kind)
    if name == "edges":
        assert back.expected_layer == sweep.expected_layer
    for one, two in zip(answers(back), answers(sweep), strict=True):
        np.testing.assert_array_equal(one, two)


def header_of(path: Path) -> dict[str, str]:
    with safe_open(path, framework="numpy") as file:
        return dict(file.metadata())


@pytest.mark.parametrize("name", NAMES)
def test_the_header_names_kind_and_version_and_what_was_loaded_is_saved_again_the_same(
    name: str, tmp_path: Path
) -> None:
    sweep = made(name)
    sweep.save(tmp_path / "one")
    type(sweep).load(tmp_path / "one").save(tmp_path / "two")
    header, again = (header_of(tmp_path / each) for each in ("one", "two"))
    assert again == header  # and with it the digest of all arrays
    assert header["format"] == f"probewidgets.{KINDS[name]}"
    assert header["version"] == "1"


@pytest.mark.parametrize("name", NAMES)
def test_equal_seeds_give_equal_files(name: str, tmp_path: Path) -> None:
    for place, sweep in (("one", made(name)), ("two", made.__wrapped__(name))):
        sweep.save(tmp_path / place)
    assert header_of(tmp_path / "one") == header_of(tmp_path / "two")  # all numbers, and the digest of all arrays


def test_another_kind_of_file_is_refused_with_the_class_that_reads_it(tmp_path: Path) -> None:
    files = {}
    for name in NAMES:
        made(name).save(tmp_path / name)
        files[tmp_path / name] = type(made(name))
    pw.sweep(activations(30), bootstrap=20, progress=False).save(tmp_path / "plain")
    files[tmp_path / "plain"] = pw.Sweep
    for path, right in files.items():
        for wrong in {*files.values()} - {right}:
            with pytest.raises(StoreError, match=rf"Read it with pw\.{right.__name__}\.load\('.*{path.name}'\)"):
                wrong.load(path)


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
            pw.GradedSweep.load(tmp_path / name)


def changed(name: str, tmp_path: Path, change: Callable[[dict[str, Any], dict[str, Any]], object]) -> Path:
    """The file of a sweep with other arrays and facts, and a digest that fits them."""
    kind = KINDS[name]
    made(name).save(tmp_path / "whole")
    arrays, facts = read(tmp_path / "whole", kind)
    change(arrays, facts)
    write(tmp_path / "changed", kind, arrays, facts)
    return tmp_path / "changed"


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("sets", lambda a, f: f.pop("scores"), "lacks a part"),
        ("sets", lambda a, f: f.update(more=1), "lacks a part, or has one too many"),
        ("sets", lambda a, f: f["probes"].pop(), "2 scores and 1 probes"),
        ("sets", lambda a, f: f["labels"].pop(), "do not fit each other or the labels"),
        ("sets", lambda a, f: f["probes"][0].update(kind="forest"), "lacks a part"),
        ("numbers", lambda a, f: a.update({"1.coef_": a["1.coef_"][:-1]}), "are for states of"),
        ("edges", lambda a, f: a.pop("0.read.0.bias"), r"lacks a part.*read\.0\.bias"),
        ("trees", lambda a, f: a.update({"0.centre_": np.zeros(1)}), "do not fit each other"),
        ("heads", lambda a, f: a.update({"0.right_": a["0.right_"][:-1]}), "do not fit each other"),
        ("heads by MLP", lambda a, f: a.update({"0.out_": a["0.out_"][:-1]}), "do not fit each other"),
        ("pairs", lambda a, f: a.update({"0.one.scale": np.ones(1)}), "do not fit each other"),
        ("pairs", lambda a, f: a.pop("0.other.scale"), r"lacks a part.*other\.scale"),
    ],
)
def test_parts_that_do_not_belong_together_are_refused(
    name: str, change: Callable[..., object], message: str, tmp_path: Path
) -> None:
    path = changed(name, tmp_path, change)
    with pytest.raises(StoreError, match="(?s)changed.*" + message):
        type(made(name)).load(path)


def test_what_cannot_be_saved_leaves_no_file(tmp_path: Path) -> None:
    for broken, message in (
        (replace(made("sets"), probes=made("sets").probes[:1]), "2 scores and 1 probes"),
        (replace(made("sets"), probes=("mine", "mine")), "A str cannot be saved: only FittedRidge, "),
    ):
        with pytest.raises(ProbeError, match=message):
            broken.save(tmp_path / "sweep")
    assert not list(tmp_path.iterdir())
