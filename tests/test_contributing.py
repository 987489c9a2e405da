"""The recipes of CONTRIBUTING.md, each executed on a small example of its own; that of a widget, in its page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import probewidgets as pw
from probewidgets.errors import FormatError
from tests import tiny
from tests.recipes import RECIPES, module_of
from tests.synthetic import activations


@pytest.fixture
def recipe(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    with module_of(request.param, tmp_path) as module:
        yield module


def of(title: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("recipe", [title], indirect=True)


def test_there_are_four() -> None:
    assert list(RECIPES) == ["A probe", "A task", "A reader", "A widget"]


@of("A probe")
def test_a_probe_is_swept_saved_and_loaded(recipe: Any, tmp_path: Path) -> None:
    acts = activations(40)
    sweep = pw.sweep(acts, recipe.NearestProbe(), control=1, bootstrap=20, progress=False)
    assert sweep.score(1).accuracy.value > sweep.baseline("majority").value
    assert sweep.best.control is not None
    sweep.save(tmp_path / "sweep")
    back = pw.Sweep.load(tmp_path / "sweep")
    X = acts.layer(1)
    np.testing.assert_array_equal(back.probe_of(1).log_proba(X), sweep.probe_of(1).log_proba(X))
    assert "NearestProbe" in back.report()
    assert pw.compare(acts, [recipe.NearestProbe(), pw.MassMeanProbe()], control=0, progress=False).sizes


@of("A task")
def test_a_task_is_captured_and_swept(recipe: Any) -> None:
    model, corpus = pw.LanguageModel(*tiny.model("bert")), pw.corpora.english(30)
    acts = pw.capture(model, corpus, recipe.CapitalTask(), store=False)
    assert acts.n_targets == sum(len(example.words) for example in corpus)
    sweep = pw.sweep(acts, pw.LinearProbe(l2=1e-3), bootstrap=20, progress=False)
    assert (sweep.task, sweep.labels) == ("capital", ("lower", "upper"))


@of("A reader")
def test_a_reader_reads_its_files_and_names_the_line_of_what_it_cannot_read(recipe: Any, tmp_path: Path) -> None:
    path = tmp_path / "tagged.txt"
    path.write_text("".join(f"the/DET cat{i}/NOUN sat/VERB\n" for i in range(12)))
    corpus = recipe.read_slashes(str(path))
    assert len(corpus) == 12 and corpus[0].forms == ("the", "cat0", "sat")
    assert corpus[0].annotations["tag"] == ("DET", "NOUN", "VERB")
    assert all(side for _, side in corpus.split.items())
    path.write_text("the/DET cat\n")
    with pytest.raises(FormatError, match="every word needs a tag"):
        recipe.read_slashes(str(path))
