"""Edge probing, on states where one layer carries the label."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

import probewidgets as pw
from probewidgets.captures.activations import Activations
from probewidgets.captures.span_tokens import SpanTokens
from probewidgets.errors import DataError, ProbeError
from probewidgets.methods.edges.probe import EdgeProbe
from tests import tiny

SMALL = EdgeProbe(width=16, hidden=16, epochs=12, rate=3e-3, dropout=0.0)


def planted(at: int = 2, n_layers: int = 5, n: int = 240, strength: float = 4) -> SpanTokens:
    """Relations between words, told by the states of one layer and of none other."""
    corpus = pw.corpora.english(n)
    targets = pw.EdgeTask("deprel").targets(corpus)
    common = np.argsort(-np.bincount(targets.y))[:4]
    kept = np.flatnonzero(np.isin(targets.y, common))
    targets = targets.take(kept)
    y = np.searchsorted(np.sort(common), targets.y)
    targets = replace(targets, y=y, labels=tuple(targets.labels[k] for k in np.sort(common)))
    rng = np.random.default_rng(0)
    rows = 2 * len(targets)
    states = rng.normal(size=(n_layers, rows, 8)).astype(np.float32)
    states[at, :, :4] += strength * np.repeat(np.eye(4, dtype=np.float32)[y], 2, axis=0)
    tokens = replace(
        targets,
        task="tokens",
        unit="token",
        example=np.repeat(targets.example, 2),
        spans=targets.spans.reshape(-1, 1, 2),
        surface=tuple("t" for _ in range(rows)),
        y=np.zeros(rows, np.int64),
        labels=("token",),
    )
    begin = np.arange(rows).reshape(-1, 2)
    return SpanTokens(Activations.from_arrays(states, tokens, corpus, embeddings=True), targets, begin, begin + 1)


def test_the_layer_that_carries_the_label_is_found() -> None:
    sweep = pw.sweep(planted(), replace(SMALL, cumulative=True), progress=False)
    f1 = [score.estimates["micro_f1"].value for score in sweep.scores]
    assert f1[1] < 0.6
    assert f1[2] > 0.9
    assert sweep.differential.argmax() == 1  # from layer 1 to layer 2
    assert sweep.expected_layer.value == pytest.approx(2, abs=0.2)
    assert sweep.centre_of_gravity == pytest.approx(2, abs=0.3)
    assert sweep.mix.argmax() == 2


@pytest.mark.parametrize("at", [1, 3])
def test_the_centre_of_gravity_is_at_that_layer_wherever_it_is(at: int) -> None:
    probe = replace(SMALL, epochs=40, rate=2e-2, dropout=0.3, cumulative=True)
    sweep = pw.sweep(planted(at, strength=1.5), probe, bootstrap=20, progress=False)
    assert sweep.centre_of_gravity == pytest.approx(at, abs=0.3)
    assert sweep.expected_layer.value == pytest.approx(at, abs=0.2)
    assert sweep.differential.argmax() == at - 1 and sweep.differential.max() > 0.7


def test_test_rows_change_neither_scaler_nor_weights() -> None:
    spans = planted(1, 2, 60)
    test = np.isin(spans.targets.example, spans.tokens.corpus.split.test)
    states, y = np.array(spans.tokens.states), spans.targets.y.copy()
    states[:, np.repeat(test, 2)] = 1e4  # two tokens for each target, in order
    y[test] = 0
    changed = replace(spans, tokens=replace(spans.tokens, states=states), targets=replace(spans.targets, y=y))
    probe = replace(SMALL, epochs=2)
    one, other = (pw.sweep(some, probe, bootstrap=20, progress=False) for some in (spans, changed))
    for a, b in zip(one.probes, other.probes, strict=True):
        for name, weight in a.arrays().items():
            np.testing.assert_array_equal(weight, b.arrays()[name])
    assert [s.dev_loss for s in one.scores] == [s.dev_loss for s in other.scores]
    assert one.scores[1].estimates != other.scores[1].estimates


def test_each_layer_by_itself() -> None:
    sweep = pw.sweep(planted(), SMALL, control=1, progress=False)
    f1 = [score.estimates["micro_f1"].value for score in sweep.scores]
    assert int(np.argmax(f1)) == 2
    assert max(f1[:2] + f1[3:]) < 0.6
    best = sweep.score(2)
    assert best.selectivity is not None
    assert best.selectivity.value > 0.3
    assert [baseline.name for baseline in sweep.baselines] == ["constant", "word type", "layer 0"]
    assert "micro_f1" in sweep.table()
    assert " sweep(..., control=3)" in pw.sweep(planted(n=60), SMALL, progress=False).report()
    assert repr(sweep).startswith("EdgeSweep('") and "\n" not in repr(sweep) and len(repr(sweep)) < 250
    with pytest.raises(ProbeError, match="cumulative=True"):
        _ = sweep.expected_layer


def test_the_control_task_may_be_drawn_uniformly() -> None:
    probe = EdgeProbe(width=4, hidden=4, epochs=1)
    spans = planted(at=0, n_layers=1, n=60)
    uniform, empirical = (pw.sweep(spans, probe, control=c, progress=False) for c in (pw.ControlTask(1, True), 1))
    assert [s.settings["control sampling"] for s in (uniform, empirical)] == ["uniform", "empirical"]
    assert uniform.scores[0].estimates == empirical.scores[0].estimates
    assert uniform.scores[0].control != empirical.scores[0].control


@pytest.mark.parametrize("family", ["bert", "gpt2"])
def test_tokens_are_captured_as_the_model_gives_them(family: str) -> None:
    import torch

    model = pw.LanguageModel(*tiny.model(family))
    corpus = pw.corpora.english(12)
    spans = pw.capture(model, corpus, pw.EdgeTask("deprel"), pool=None, store=False)
    assert len(spans.targets) == len(pw.EdgeTask("deprel").targets(corpus))
    target = spans.targets[5]
    text = corpus[target.example].text
    encoded = model.tokenizer(text, return_tensors="pt", return_offsets_mapping=True)
    offsets = encoded.pop("offset_mapping")[0].tolist()
    with torch.no_grad():
        hidden = model.model(**encoded, output_hidden_states=True).hidden_states[1][0]
    for side, span in enumerate(target.spans):
        inside = [i for i, (a, b) in enumerate(offsets) if a < span.end and b > span.start and b > a]
        rows = slice(int(spans.begin[5, side]), int(spans.end[5, side]))
        np.testing.assert_allclose(spans.tokens.layer(1)[rows], hidden[inside].numpy(), atol=1e-4)


def test_sentences_and_numbers_have_no_edges() -> None:
    model = pw.LanguageModel(*tiny.model("bert"))
    corpus = pw.corpora.english(6)
    with pytest.raises(DataError, match="labels sentences"):
        pw.capture(model, corpus, pw.SentenceTask(lambda one: len(one.words), name="length"), pool=None)
    spans = pw.capture(model, corpus, pw.WordTask("upos"), pool=None, store=False)
    numbers = replace(spans.targets, y=np.arange(len(spans.targets), dtype=float), labels=())
    with pytest.raises(DataError, match="carry numbers"):
        pw.sweep(replace(spans, targets=numbers), SMALL)


def test_layers_side_by_side_give_what_each_gives_alone_and_leave_the_generator_of_all_as_it_is() -> None:
    tokens, before = planted(n=60), torch.get_num_threads()
    probe = replace(SMALL, epochs=2, dropout=0.3)
    torch.manual_seed(3)
    drawn = torch.rand(1)
    torch.manual_seed(3)
    try:
        torch.set_num_threads(3)
        together = pw.sweep(tokens, probe, progress=False)
        torch.set_num_threads(1)
        alone = pw.sweep(tokens, probe, progress=False)
    finally:
        torch.set_num_threads(before)
    for ours, theirs in zip(together.probes, alone.probes, strict=True):
        for name, array in ours.arrays().items():
            np.testing.assert_array_equal(array, theirs.arrays()[name], err_msg=name)
    assert torch.rand(1) == drawn
