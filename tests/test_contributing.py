"""The recipes of CONTRIBUTING.md, each executed on a small example of its own."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

import probewidgets as pw
from probewidgets.errors import FormatError
from tests import tiny
from tests.synthetic import activations
from tests.widgets.conftest import *  # noqa: F403  the page of a widget
from tests.widgets.helpers import SENT, as_json, said

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = dict(re.findall(r"^## (A \w+)\n(.*?)(?=^## |\Z)", TEXT, re.S | re.M))
KIT = ROOT / "probewidgets" / "widgets" / "kit"


@pytest.fixture
def recipe(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """What the code of a recipe defines, as a module that its classes are at home in, beside the kit."""
    name = request.param.split()[1]
    (tmp_path / "kit").symlink_to(KIT)
    for language, file in (("python", f"{name}/recipe_{name}.py"), ("js", f"{name}/view.js")):
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n\n".join(re.findall(rf"```{language}\n(.*?)```", RECIPES[request.param], re.S)), "utf-8")
    spec = importlib.util.spec_from_file_location(f"recipe_{name}", tmp_path / name / f"recipe_{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[module.__name__]


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


@of("A widget")
def test_a_widget_is_asked_by_its_page_and_answers(recipe: Any, show: Any) -> None:
    widget = recipe.Letters()
    page = show(widget)
    page.get_by_role("textbox", name="Text").fill("a b, c!")
    (asked,) = page.evaluate(SENT, "count")
    assert said(widget, asked)[0]["kind"] == "ack"
    page.evaluate("view => model.receive('_view', view)", as_json(widget._view))
    expect(page.get_by_role("status", name="Letters")).to_have_text("3")
    assert "Letters: 3" in widget._repr_mimebundle_()["text/plain"]
    widget.close()
