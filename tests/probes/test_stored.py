from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from probewidgets.errors import ProbeError, StoreError
from probewidgets.probes import stored
from probewidgets.probes.linear import FittedLinear, LinearProbe
from probewidgets.probes.mlp import FittedMLP, MLPProbe


def fitted(labels: object = ("a", "b", "c")) -> FittedLinear:
    X = np.random.default_rng(0).normal(size=(60, 4))
    return LinearProbe(l2=1e-2).fit(X, np.array(labels)[np.arange(60) % 3])


def header(path: Path) -> dict[str, str]:
    with safe_open(path, framework="numpy") as file:
        return dict(file.metadata())


@pytest.mark.parametrize("labels", [("a", "b", "c"), (1, 5, 9), ("Ω", "☕ é", "\u202eb")])
def test_a_linear_probe_comes_back_as_it_was(tmp_path: Path, labels: object) -> None:
    probe = fitted(labels)
    probe.save(tmp_path / "probe.safetensors")
    back = FittedLinear.load(tmp_path / "probe.safetensors")
    assert (back.labels, back.converged, back.l2) == (probe.labels, probe.converged, probe.l2)
    np.testing.assert_array_equal(back.coef_, probe.coef_)
    np.testing.assert_array_equal(back.intercept_, probe.intercept_)


def test_an_mlp_comes_back_as_it_was(tmp_path: Path) -> None:
    X = np.random.default_rng(0).normal(size=(60, 4))
    probe = MLPProbe(hidden=5, epochs=2).fit(X, np.arange(60) % 3)
    probe.save(tmp_path / "probe.safetensors")
    np.testing.assert_array_equal(FittedMLP.load(tmp_path / "probe.safetensors").log_proba(X), probe.log_proba(X))


def test_a_file_of_another_kind_of_probe_is_refused(tmp_path: Path) -> None:
    fitted().save(tmp_path / "probe")
    with pytest.raises(StoreError, match="holds a 'linear' probe, not a 'mlp' one"):
        FittedMLP.load(tmp_path / "probe")


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no file .*nowhere"):
        FittedLinear.load(tmp_path / "nowhere")


@pytest.mark.parametrize("content", [b"", b"not a safetensors file at all", b"\x80\x04cos\nsystem\n."])
def test_a_file_that_is_no_safetensors_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "probe"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="not a whole safetensors file"):
        FittedLinear.load(path)


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "probe"
    fitted().save(path)
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(StoreError, match="delete it, and make and save it again"):
        FittedLinear.load(path)


def test_one_flipped_bit_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "probe"
    fitted().save(path)
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)
    with pytest.raises(StoreError, match="changed or damaged"):
        FittedLinear.load(path)


@pytest.mark.parametrize("change", [("0.01", "0.02"), ('"a"', '"a')])
def test_a_changed_fact_is_noticed(tmp_path: Path, change: tuple[str, str]) -> None:
    path = tmp_path / "probe"
    fitted().save(path)
    facts = header(path)["facts"]
    assert change[0] in facts
    save_file(load_file(path), path, metadata=header(path) | {"facts": facts.replace(*change)})
    with pytest.raises(StoreError, match="changed or damaged"):
        FittedLinear.load(path)


@pytest.mark.parametrize("place", ["nowhere/probe", "."])
def test_a_place_that_cannot_be_written_is_named_as_it_was_given(tmp_path: Path, place: str, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match=rf"'{place}' could not be written"):
        fitted().save(place)
    assert os.listdir(tmp_path) == []


def test_a_foreign_safetensors_file_is_refused(tmp_path: Path) -> None:
    save_file({"x": np.zeros(3)}, tmp_path / "foreign")
    with pytest.raises(StoreError, match="another program"):
        FittedLinear.load(tmp_path / "foreign")


@pytest.mark.parametrize("version", ["3", "0", "-1", "", "one", "²"])
def test_another_format_than_ours_asks_for_an_upgrade(tmp_path: Path, version: str) -> None:
    path = tmp_path / "probe"
    fitted().save(path)
    save_file(load_file(path), path, metadata=header(path) | {"version": version})
    with pytest.raises(StoreError, match=rf"format version '{version}'.*Upgrade probewidgets"):
        FittedLinear.load(path)


@pytest.mark.parametrize("name", ["coef_", "intercept_"])
def test_a_linear_probe_whose_parts_disagree_is_refused(tmp_path: Path, name: str) -> None:
    probe, path = fitted(), tmp_path / "probe"
    replace(probe, **{name: getattr(probe, name)[:2]}).save(path)
    with pytest.raises(StoreError, match=rf"do not belong together: {name} has the shape .* where the others want"):
        FittedLinear.load(path)


@pytest.mark.parametrize("name", ["intercepts_.0", "coefs_.1", "intercepts_.1"])
def test_an_mlp_whose_parts_disagree_is_refused(tmp_path: Path, name: str) -> None:
    X, path = np.random.default_rng(0).normal(size=(60, 4)), tmp_path / "probe"
    probe = MLPProbe(hidden=5, epochs=1).fit(X, np.arange(60) % 3)
    field, place = name.split(".")
    arrays = [array[..., :2] if i == int(place) else array for i, array in enumerate(getattr(probe, field))]
    replace(probe, **{field: tuple(arrays)}).save(path)
    with pytest.raises(StoreError, match=f"do not belong together: {name} has the shape"):
        FittedMLP.load(path)


@pytest.mark.parametrize(
    "labels",
    [
        (b"a", b"b", b"c"),
        np.array(["2001-01-01", "2002-01-01", "2003-01-01"], "datetime64[s]"),
        (1.0, 2.0, np.inf),
    ],
)
def test_labels_that_no_file_can_hold_are_an_error_that_leaves_no_file(tmp_path: Path, labels: object) -> None:
    with pytest.raises(ProbeError, match=r"The label .* cannot be saved: only strings and finite numbers can"):
        fitted(labels).save(tmp_path / "probe")
    with pytest.raises(ProbeError, match="The label nan cannot be saved"):
        replace(fitted(), labels=(1.0, 2.0, np.nan)).save(tmp_path / "probe")
    assert os.listdir(tmp_path) == []


def test_facts_that_json_cannot_hold_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ProbeError, match="The probe holds something that cannot be saved as JSON"):
        replace(fitted(), l2=object()).save(tmp_path / "probe")  # type: ignore[arg-type]


def test_a_number_that_is_none_survives(tmp_path: Path) -> None:
    replace(fitted(), l2=float("nan")).save(tmp_path / "probe")
    assert np.isnan(FittedLinear.load(tmp_path / "probe").l2)


def test_a_header_that_lacks_a_part_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "probe"
    fitted().save(path)
    arrays, facts = load_file(path), '{"kind": "linear"}'
    save_file(arrays, path, metadata=header(path) | {"facts": facts, "sha256": stored._digest(arrays, facts)})
    with pytest.raises(StoreError, match="lacks a part"):
        FittedLinear.load(path)


def test_a_failed_save_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "probe"
    fitted().save(path)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="disk full"):
        fitted((7, 8, 9)).save(path)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["probe"]


def test_a_saved_file_can_be_read_by_whoever_may_read_new_files(tmp_path: Path) -> None:
    fitted().save(tmp_path / "probe")
    (tmp_path / "plain").write_bytes(b"")
    assert (tmp_path / "probe").stat().st_mode == (tmp_path / "plain").stat().st_mode
