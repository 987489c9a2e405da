"""What an explorer says of itself: what it is about, and what each number and mark on its screen means."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

import probewidgets
from probewidgets.look.answers import COLOURS
from probewidgets.sweeps.score import NAMES
from probewidgets.widgets.explorer import terms as module
from probewidgets.widgets.explorer.terms import subject, terms
from tests.widgets.fakes import fake_predictor, fake_sweep
from tests.widgets.helpers import Show, explorer


def test_it_says_what_is_read_from_which_model_by_which_probe() -> None:
    sweep = fake_sweep()
    assert subject(sweep) == f"{sweep.task} read from {sweep.model.name} · LinearProbe · {sweep.corpus}"
    assert subject(None) == ""


def test_every_line_of_the_curve_is_explained() -> None:
    told = terms(fake_sweep(), "label")
    assert tuple(told[-len(module.KEYS) :]) == module.KEYS
    meanings = dict(told[: -len(module.KEYS)])
    assert {"control", "selectivity", "majority", "word type", "layer 0"} <= set(meanings)
    assert next(iter(meanings)) == "accuracy, thin line"
    assert all(meaning.endswith(".") and "{" not in meaning for meaning in meanings.values())


def test_every_baseline_and_score_that_the_package_has_is_explained() -> None:
    code = "".join(path.read_text() for path in Path(probewidgets.__file__).parent.rglob("*.py"))
    baselines = {name for name in re.findall(r'Baseline\("([^"]+)"', code) if not name.startswith("control")}
    assert len(baselines) > 5 and baselines <= set(module._BASELINES)
    assert {NAMES.get(name, name) for name in ("accuracy", "r2", "micro_f1", "uas", "uuas")} <= set(module._METRICS)


@pytest.mark.parametrize("kind", COLOURS)
def test_without_a_sweep_the_marks_are_explained(kind: str) -> None:
    meanings = dict(terms(None, kind))
    assert "dotted" in meanings and "accuracy, thin line" not in meanings
    assert ("✓ ✗" in meanings) == (kind != "number")


def test_the_page_shows_them_where_one_asks(show: Show) -> None:
    widget = explorer()
    page = show(widget)
    expect(page.locator(".pw-about")).to_contain_text(subject(fake_predictor().sweep))
    page.get_by_role("button", name="Keys").click()
    keys = page.get_by_role("dialog", name="Keys")
    for term, meaning in terms(widget.sweep, "label"):
        expect(keys.get_by_text(term, exact=True)).to_be_visible()
        expect(keys.get_by_text(meaning, exact=True)).to_be_visible()
