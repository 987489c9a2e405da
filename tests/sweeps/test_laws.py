"""Laws of every public probe: all of them go the same way."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import probewidgets as pw
from probewidgets import figures
from probewidgets.data.corpus import Corpus, Example, Span, Split
from probewidgets.errors import ProbeError
from probewidgets.probes.base import Probe
from tests import tiny
from tests.methods.contrast.test_trial import planted as pairs
from tests.methods.edges.test_trial import planted as edges

OPTIONS: dict[str, Any] = {"bootstrap": 20, "progress": False}
WORDS = ["the", "cats", "sat", "on", "mats", "well"]


def corpus(**annotations: Callable[[list[str]], tuple[Any, ...]]) -> Corpus:
    """Sentences of the same words in other orders, with annotations of them."""
    rng = np.random.default_rng(0)
    examples = []
    for i in range(12):
        forms = [WORDS[k] for k in rng.permutation(6)]
        starts = np.cumsum([0, *(len(form) + 1 for form in forms[:-1])]).tolist()
        spans = tuple(Span(start, start + len(form)) for start, form in zip(starts, forms, strict=True))
        examples.append(Example(" ".join(forms), spans, {k: of(forms) for k, of in annotations.items()}, id=f"s{i}"))
    return Corpus(tuple(examples), Split(tuple(range(6)), (6, 7, 8), (9, 10, 11)), "orders")


@pytest.fixture(scope="module")
def model() -> pw.LanguageModel:
    return pw.LanguageModel(*tiny.model("bert"))


@pytest.fixture(scope="module")
def states(model: pw.LanguageModel) -> dict[str, Any]:
    """By what a probe answers, states of a task that carries it."""
    texts = corpus(
        head=lambda forms: tuple(range(len(forms))),
        vowels=lambda forms: tuple(len(form) + (form == "mats") for form in forms),
        length=lambda forms: tuple("short" if len(form) < 4 else "long" for form in forms),
        letters=lambda forms: tuple([letter for letter in "ast" if letter in form] for form in forms),
    )

    def captured(task: Any) -> Any:
        return pw.capture(model, texts, task, store=False)

    return {
        "label": captured(pw.WordTask("length")),
        "labels": captured(pw.WordTask("letters")),
        "number": captured(pw.WordTask("vowels", regression=True)),
        "tree": captured(pw.TreeTask()),
        "head": captured(pw.TreeTask()),
        "pair": pairs(24),
        "edge": edges(1, 2, 40),
    }


QUICK: dict[str, dict[str, Any]] = {
    "BilinearProbe": {"rank": 2, "epochs": 1}, "CCSProbe": {"restarts": 1, "epochs": 5},
    "EdgeProbe": {"width": 4, "hidden": 4, "epochs": 1}, "ElasticNetProbe": {"grid": (1e-2, 1e-3)},
    "KSparseProbe": {"k": 3}, "LowRankProbe": {"epochs": 1}, "MLPProbe": {"hidden": 3, "epochs": 1},
    "PairwiseMLPProbe": {"hidden": 2, "epochs": 1}, "StructuralProbe": {"rank": 2, "epochs": 1},
}  # fmt: skip
PROBES = sorted(
    name
    for name in dir(pw)
    if inspect.isclass(thing := getattr(pw, name)) and issubclass(thing, Probe) and thing is not Probe
)
NOT_TYPED = {
    "CCSProbe": r"compare the two statements of a pair, .* Ask them of captured pairs instead: `sweep.probe_of",
    "EdgeProbe": r"does not say which (edge|span)s to probe; .* Use `sweep.probes` on captured Activations instead",
}
"""Of what a typed text cannot be asked, and what to do instead."""


def test_there_is_a_probe_of_every_kind() -> None:
    assert {getattr(pw, name).answers for name in PROBES} == {"label", "labels", "number", "tree", "head", "pair"}
    assert len(PROBES) > 12


@pytest.mark.parametrize("name", PROBES)
def test_every_public_probe_goes_through_sweep_file_table_report_curve_and_explorer(
    name: str, states: dict[str, Any], model: pw.LanguageModel, tmp_path: Path
) -> None:
    probe = getattr(pw, name)(**QUICK.get(name, {}))
    acts = states["edge" if name == "EdgeProbe" else probe.answers]
    sweep = pw.sweep(acts, probe, control="control" in probe.asks, **OPTIONS)
    assert len(sweep) == len(acts.layers) and sweep.best in sweep.scores
    assert ("control" in sweep.best.beside) == ("control" in probe.asks)
    assert all(probe.n_parameters(fitted) > 0 for fitted in sweep.probes)

    sweep.save(tmp_path / "sweep")
    back = pw.Sweep.load(tmp_path / "sweep")
    assert (repr(back), back.report(), type(back)) == (repr(sweep), sweep.report(), type(sweep))
    assert back.table().equals(sweep.table())

    metric = sweep.metric
    assert {"layer", metric, f"{metric}_low", f"{metric}_high", "converged"} <= set(sweep.table())
    for part in (sweep.task, sweep.metric_name, "Be careful:", "not that the model uses it"):
        assert part in sweep.report()
    assert figures.layer_curve(back)._repr_png_()
    curve = pw.LayerCurve(back)
    curve.close()

    if name in NOT_TYPED:
        theirs = replace(back, model=states["label"].model)  # states made up are of no model
        with pytest.raises(ProbeError, match=NOT_TYPED[name]):
            pw.predictor(model, theirs)
        return
    live = pw.predictor(model, back)
    predicted = live("the cats sat")
    assert predicted.layers == sweep.layers and len(predicted) == 3
    assert predicted.kind == (probe.answers if probe.answers in ("labels", "number") else "label")
    assert len(predicted.to_frame()) == 3 * len(sweep)
    explorer = pw.ProbeExplorer(live, text="the cats sat")
    assert explorer.error == "" and explorer.sweep is back
    shown = repr(explorer.snapshot())
    for answer in map(str, predicted.answers(explorer.layer) if probe.answers == "label" else ()):
        assert answer in shown
    for picture in (figures.token_strip, figures.layer_heatmap):
        assert picture(predicted, sweep=back)._repr_png_()
    explorer.to_html(tmp_path / "page.html")
    assert "cats" in (tmp_path / "page.html").read_text()
    explorer.close()


@pytest.mark.parametrize("name", PROBES)
def test_what_a_probe_cannot_be_asked_for_is_refused_by_name(name: str, states: dict[str, Any]) -> None:
    probe = getattr(pw, name)(**QUICK.get(name, {}))
    acts = states["edge" if name == "EdgeProbe" else probe.answers]
    wants: dict[str, Any] = {"control": 1, "random": acts, "seeds": 2}
    for what in sorted(set(wants) - probe.asks):
        with pytest.raises(ProbeError, match=rf"A sweep of {name} cannot be asked for {what}=: leave it out"):
            pw.sweep(acts, probe, **{what: wants[what]}, **OPTIONS)


def test_probes_that_pool_by_themselves_are_refused_for_words_too(
    states: dict[str, Any], model: pw.LanguageModel
) -> None:
    acts = pw.capture(model, states["labels"].corpus, pw.WordTask("letters"), store=False, pool=None)
    sweep = pw.sweep(acts, pw.EdgeProbe(**QUICK["EdgeProbe"]), **OPTIONS)
    with pytest.raises(ProbeError, match=r"pool the tokens of each word themselves, .* Sweep capture\(.*pool=mean\)"):
        pw.predictor(model, sweep)


def test_predictions_of_sets_are_the_probes_own(states: dict[str, Any], model: pw.LanguageModel) -> None:
    sweep = pw.sweep(states["labels"], pw.SigmoidProbe(), **OPTIONS)
    acts = states["labels"]
    text = acts.corpus[0].text
    got = pw.predictor(model, sweep)(text)
    rows = np.flatnonzero(acts.targets.example == 0)
    for row, layer in enumerate(sweep.layers):
        np.testing.assert_allclose(got.proba[row], sweep.probes[row].proba(acts.layer(layer)[rows]), atol=1e-5)
    assert any("Any number of labels may hold" in note for note in got.notes)
    held = [tuple(sorted(answer)) for answer in got.answers(sweep.layers[0])]
    truth = sweep.probes[0].predict(acts.layer(sweep.layers[0])[rows])
    assert held == [tuple(label for label, holds in zip(sweep.labels, row, strict=True) if holds) for row in truth]


def test_predictions_of_numbers_are_the_probes_own_and_know_those_of_train(
    states: dict[str, Any], model: pw.LanguageModel, tmp_path: Path
) -> None:
    acts = states["number"]
    sweep = pw.sweep(acts, pw.RidgeProbe(), **OPTIONS)
    sweep.save(tmp_path / "sweep")
    got = pw.predictor(model, pw.Sweep.load(tmp_path / "sweep"))(acts.corpus[0].text)
    rows = np.flatnonzero(acts.targets.example == 0)
    for row, layer in enumerate(sweep.layers):
        np.testing.assert_allclose(got.values[row], sweep.probes[row].predict(acts.layer(layer)[rows]), atol=1e-4)
        assert got.answers(layer) == tuple(got.values[row].tolist())
    assert got.scale == pw.Scale.of(acts.targets.y[acts.rows("train")])
    assert (got.scale.least, got.scale.largest) == (2, 5)
    far = replace(sweep, settings={**sweep.settings, "numbers": pw.Scale(-2, -1.5, -2, -1).facts})
    n = 3 * len(sweep)
    told = rf"{n} of {n} numbers lie outside of all that the probe was trained on, −2 to −1: ↑ above, ↓ below"
    assert any(re.match(told, note) for note in pw.predictor(model, far)("the cats sat").notes)
    before = replace(sweep, settings={name: value for name, value in sweep.settings.items() if name != "numbers"})
    older = pw.predictor(model, before)("the cats sat")
    np.testing.assert_array_equal(older.scale.ends, np.quantile(older.values.astype(float), [0.05, 0.95]))
    assert any("does not say which numbers it was trained on" in note for note in older.notes)
    assert not older.scale.outside([1e9, -1e9]).any()


def test_a_text_without_words_has_no_numbers(states: dict[str, Any], model: pw.LanguageModel) -> None:
    sweep = pw.sweep(states["number"], pw.RidgeProbe(), **OPTIONS)
    got = pw.predictor(model, sweep)(" ")
    assert (len(got), got.values.shape, len(got.to_frame())) == (0, (len(sweep), 0), 0)
    explorer = pw.ProbeExplorer(pw.predictor(model, sweep), text=" ")
    assert (explorer.error, explorer.colour) == ("", "value")
    explorer.close()


def test_a_penalty_is_fixed_and_a_seed_moved_in_one_way_for_all() -> None:
    for name in PROBES:
        probe = getattr(pw, name)()
        fixed = probe.at(0.125)
        assert (fixed == probe) == (not probe.open_grid)
        assert not fixed.open_grid
        if probe.seeded:
            assert probe.reseeded(2) == replace(probe, seed=probe.seed + 2)
