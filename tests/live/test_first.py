from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import probewidgets as pw
from probewidgets.data.corpora import grammar
from probewidgets.errors import ModelError
from probewidgets.live import explore
from probewidgets.live.first import Later, keep_first

TEXT = "She can fish."
OTHER = "They can see the light."


FEW = grammar.english(60)


@pytest.fixture(autouse=True)
def new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in one where torch has not been imported yet; and on few sentences."""
    monkeypatch.setattr(explore, "_is_torch_here", lambda: False)
    monkeypatch.setattr(grammar, "english", lambda n: FEW)


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    def refuse(*_: object) -> None:
        raise ModelError("no model today")

    with monkeypatch.context() as patch:
        patch.setattr(pw.LanguageModel, "__init__", refuse)
        yield patch


@pytest.fixture(scope="module")
def made(tmp_path_factory: Any) -> tuple[Any, Path]:
    """A first explorer, and the folder in which it has kept what it made."""
    folder = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROBEWIDGETS_CACHE", str(folder))
        patch.setattr(explore, "_is_torch_here", lambda: False)
        patch.setattr(grammar, "english", lambda n: FEW)
        widget = pw.explore(TEXT, layers=[0, 3])
        widget.close()
    return widget, folder


@pytest.fixture
def first(made: Any, cache_folder: Path) -> pw.ProbeExplorer:
    shutil.copytree(made[1], cache_folder)
    return made[0]


def later(widget: pw.ProbeExplorer) -> bool:
    widget.close()
    return isinstance(widget._predictor, Later)


def test_a_first_text_is_answered_the_second_time_before_there_is_a_model(first: Any, no_model: Any) -> None:
    again = pw.explore(TEXT, layers=[0, 3])
    np.testing.assert_array_equal(again.predictions.proba, first.predictions.proba)
    assert again.predictions.units == first.predictions.units and again.predictions.notes == first.predictions.notes
    assert again.sweep.table().equals(first.sweep.table())
    with pytest.raises(ModelError, match="no model today"):
        again.compute(OTHER)
    no_model.undo()
    np.testing.assert_array_equal(
        again.compute(OTHER).proba, pw.predictor(pw.LanguageModel(), first.sweep)(OTHER).proba
    )
    assert again.compute("She can fish/VERB .").units[2].gold == "VERB"
    again.close()


def test_torch_is_not_imported_for_it(first: Any) -> None:
    code = f"import sys, probewidgets as pw; print(pw.explore({TEXT!r}, layers=[0, 3]), 'torch' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert "ProbeExplorer(" in told and told.endswith("False\n")


def test_what_is_asked_for_otherwise_is_made_anew(first: Any, tmp_path: Path, monkeypatch: Any) -> None:
    def kept(text: str = TEXT, **more: Any) -> bool:
        path = explore._first(explore.Wanted(**{"layers": [0, 3], **more}), text)
        return path is not None and path.exists()

    assert kept()
    assert not kept(OTHER)
    for other in ({"layers": [3]}, {"control": False}, {"store": tmp_path}, {"probe": pw.LinearProbe()}):
        assert not kept(**other)
    monkeypatch.setattr("probewidgets.live.first.version", lambda name: "another")
    assert not kept()


def test_where_torch_is_there_and_may_have_been_set_otherwise_nothing_is_taken_as_it_was(
    first: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(explore, "_is_torch_here", lambda: True)
    assert not later(pw.explore(TEXT, layers=[0, 3]))


def test_what_is_damaged_or_has_lost_its_sweep_is_made_anew(first: Any, cache_folder: Path) -> None:
    (path,) = (cache_folder / "sweeps").glob("first-*")
    (sweep,) = set((cache_folder / "sweeps").iterdir()) - {path}
    path.write_bytes(path.read_bytes()[:-9])
    assert not later(pw.explore(TEXT, layers=[0, 3]))
    assert later(pw.explore(TEXT, layers=[0, 3]))
    sweep.unlink()
    assert not later(pw.explore(TEXT, layers=[0, 3]))


def test_the_model_is_loaded_once_the_cell_has_ended(first: Any) -> None:
    async def cell() -> bool:
        widget = pw.explore(TEXT, layers=[0, 3])
        asleep = not widget._predictor.is_awake
        while not widget._predictor.is_awake:
            await asyncio.sleep(0.05)
        return asleep and later(widget)

    assert asyncio.run(asyncio.wait_for(cell(), 60))


def test_a_kept_answer_that_the_model_does_not_give_is_said(first: Any, cache_folder: Path) -> None:
    (path,) = (cache_folder / "sweeps").glob("first-*")
    (sweep,) = set((cache_folder / "sweeps").iterdir()) - {path}
    keep_first(path, replace(first.predictions, proba=first.predictions.proba[..., ::-1]), sweep)
    widget = pw.explore(TEXT, layers=[0, 3])
    assert later(widget)
    with pytest.warns(UserWarning, match="is not what the model says now"):
        widget._predictor(OTHER)
    np.testing.assert_allclose(widget._predictor(TEXT).proba, first.predictions.proba, atol=1e-5)
