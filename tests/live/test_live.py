from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tiny
import torch

import probewidgets as pw
from probewidgets.data.corpus import Corpus, Example, Span, Split
from probewidgets.errors import DataError, ModelError, ProbeError
from probewidgets.metrics.calibration import scaled
from probewidgets.sweeps.results import Sweep
from tests.scores import changed

WORDS = ("The", "cats", "sat", "on", "mats", "well", "run", "runs")


def corpus(n: int = 60) -> Corpus:
    """Sentences whose words carry the label of their length, so that a probe has something to find."""
    rng = np.random.default_rng(0)
    examples = []
    for number in range(n):
        words = [WORDS[i] for i in rng.integers(0, len(WORDS), 6)]
        text, spans, at = " ".join(words), [], 0
        for word in words:
            spans.append(Span(at, at + len(word)))
            at += len(word) + 1
        tags = tuple("LONG" if len(word) > 3 else "SHORT" for word in words)
        kind = {"kind": "a" if number % 2 else "b"}
        examples.append(Example(f"{text}", tuple(spans), {"tag": tags}, kind, id=str(number)))
    return Corpus(tuple(examples), Split(tuple(range(40)), tuple(range(40, 50)), tuple(range(50, n))))


@pytest.fixture(scope="module")
def lm() -> pw.LanguageModel:
    return pw.LanguageModel(*tiny.model("bert"))


@pytest.fixture(scope="module")
def sweep(lm: pw.LanguageModel) -> Sweep:
    return pw.sweep(pw.capture(lm, corpus(), pw.WordTask("tag"), store=False), pw.LinearProbe(l2=1e-3))


def test_predictions_are_those_of_the_probes_on_captured_states(lm, sweep) -> None:
    texts = ["cats sat on mats", "The runs"]
    got = pw.predictor(lm, sweep)("\n".join(texts))
    examples = tuple(
        Example(t, tuple(Span(t.index(w), t.index(w) + len(w)) for w in t.split()), {"tag": ("?",) * len(t.split())})
        for t in texts
    )
    acts = pw.capture(lm, Corpus(examples, Split((0, 1), (), ())), pw.WordTask("tag"), store=False)
    assert [u.text for u in got.units] == list(acts.targets.surface)
    assert [u.line for u in got.units] == [0, 0, 0, 0, 1, 1]
    for row, layer in enumerate(sweep.layers):
        want = scaled(sweep.probes[row].log_proba(acts.layer(layer)), sweep.score(layer).temperature)
        np.testing.assert_allclose(got.proba[row], np.exp(want), atol=1e-4)
    np.testing.assert_allclose(got.proba.sum(-1), 1, atol=1e-5)


def test_what_is_shown_is_at_the_temperature_of_dev_and_no_label_changes(lm, sweep) -> None:
    warm, cold = changed(sweep, temperature=4.0), changed(sweep, temperature=1.0)
    shown, own = (pw.predictor(lm, one)("cats sat on mats") for one in (warm, cold))
    np.testing.assert_allclose(
        shown.proba, np.exp(scaled(np.log(own.proba).reshape(-1, 2), 4)).reshape(own.proba.shape), rtol=1e-3
    )
    assert (shown.proba.max(-1) < own.proba.max(-1)).all()
    np.testing.assert_array_equal(shown.proba.argmax(-1), own.proba.argmax(-1))


def test_units_stand_where_they_were_typed(lm, sweep) -> None:
    text = "  The cats/LONG,\n\n\tdon't run"
    got = pw.predictor(lm, sweep)(text)
    assert [u.text for u in got.units] == ["The", "cats", ",", "do", "n't", "run"]
    assert [u.gold for u in got.units] == [None, "LONG", None, None, None, None]
    for unit in got.units:
        assert text[unit.start : unit.end] == unit.text
    assert [u.line for u in got.units] == [0, 0, 0, 2, 2, 2]
    assert [u.seen for u in got.units] == [True, True, False, False, False, True]


def test_a_tag_that_is_no_label_is_read_as_text_and_noted(lm, sweep) -> None:
    got = pw.predictor(lm, sweep)("The cats/NN sat/long on/XX")
    assert [u.text for u in got.units] == ["The", "cats", "/", "NN", "sat", "on", "/", "XX"]
    assert got.units[4].gold == "LONG"
    assert got.notes[0] == (
        "'NN' is not a label of this probe, so 'cats/NN' was read as text (and 1 more). Its labels: LONG, SHORT."
    )


def test_what_is_read_as_gold_and_what_is_not_is_noted(lm, sweep) -> None:
    live = pw.predictor(lm, sweep)
    assert live("The/SHORT cats").notes[0].startswith("Read as gold labels: 'The/SHORT'. A slash that is text is ")
    note = live("a short/long walk").notes[0]
    assert note.startswith("'short/long' was read as text, for it need not be a gold label.")
    assert [unit.gold for unit in live("a short/long walk").units] == [None] * 5
    assert live(r"cats\/LONG").notes[0] == r"Each '\/' was read as '/'."


def test_words_that_the_tokenizer_does_not_know_are_noted(lm, sweep) -> None:
    (note,) = pw.predictor(lm, sweep)(f"The {'x' * 300} sat").notes
    assert note.startswith("1 word(s) are unknown to the tokenizer, e.g. 'xxxxxxxxxxxxxxxxxxxxxxx…': ")


@pytest.mark.parametrize("text", ["", "   ", "\n\n \t\n", "\u200b\u200d", "\ufeff"])
def test_a_text_without_words_gives_no_units(lm, sweep, text: str) -> None:
    got = pw.predictor(lm, sweep)(text)
    assert len(got) == 0 and got.proba.shape == (4, 0, 2)


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "👨‍👩‍👧 👍🏽", "שלום עולם", "a\u202eb\u0000c\x07", "e\u0301tat naïve", "北京大学"],
)
def test_any_text_has_predictions_that_are_probabilities(lm, sweep, text: str) -> None:
    got = pw.predictor(lm, sweep)(text)
    assert len(got) > 0
    np.testing.assert_allclose(got.proba.sum(-1), 1, atol=1e-5)


def test_a_line_longer_than_the_model_is_read_in_windows_and_says_so(lm, sweep) -> None:
    words = [WORDS[i % len(WORDS)] for i in range(500)]
    got = pw.predictor(lm, sweep)(" ".join(words))
    assert [u.text for u in got.units] == words
    assert len(got.notes) == 1
    assert "more than the 64 that BertModel takes: read in windows" in got.notes[0]
    assert np.isfinite(got.proba).all()


def test_a_word_longer_than_the_model_is_read_whole_in_windows() -> None:
    decoder = pw.LanguageModel(*tiny.model("gpt2"))
    swept = pw.sweep(pw.capture(decoder, corpus(), pw.WordTask("tag"), store=False), pw.LinearProbe(l2=1e-3))
    word = "cats" * 200
    got = pw.predictor(decoder, swept)(f"The {word} sat")
    assert [u.text for u in got.units] == ["The", word, "sat"]
    assert any("read in windows that overlap" in note for note in got.notes)
    assert np.isfinite(got.proba).all()


def test_a_sentence_probe_has_one_unit_a_line(lm) -> None:
    swept = pw.sweep(pw.capture(lm, corpus(), pw.SentenceTask("kind"), store=False), pw.LinearProbe(l2=1e-2))
    got = pw.predictor(lm, swept)("cats sat on mats\n\nThe runs/a")
    assert [(u.text, u.line, u.gold) for u in got.units] == [("cats sat on mats", 0, None), ("The runs", 2, "a")]
    (apart,) = pw.predictor(lm, swept)("The runs /a").units
    assert (apart.text, apart.gold) == ("The runs", "a")
    assert pw.predictor(lm, swept)("The cats/a run").notes[0].startswith("'cats/a' was read as text")
    long = pw.predictor(lm, swept)("cats " * 300)
    assert len(long) == 1 and "read in windows that overlap" in long.notes[0]


def test_the_work_ends_when_the_check_raises(lm, sweep) -> None:
    class StopError(Exception):
        pass

    def check() -> None:
        raise StopError

    with pytest.raises(StopError):
        pw.predictor(lm, sweep)("The cats", check=check)


def test_nan_in_the_states_is_an_error_that_names_the_layer_and_the_word(lm, sweep) -> None:
    body, tokenizer = tiny.model("bert")
    spoilt = type(body)(body.config).eval()
    with torch.no_grad():
        spoilt.encoder.layer[1].output.dense.bias[0] = float("nan")
    with pytest.warns(UserWarning, match="are not those that the sweep was made with"):
        predictor = pw.predictor(pw.LanguageModel(spoilt, tokenizer), sweep)
    with pytest.raises(ModelError, match="layer 2 hold NaN or infinity, first at 'The'"):
        predictor("The cats")


def test_another_model_than_the_sweeps_is_refused(lm, sweep) -> None:
    with pytest.raises(ProbeError, match=r"sweep was made with 'BertModel' \(9 layers x 32\)"):
        pw.predictor(lm, replace(sweep, model=replace(sweep.model, n_layers=9)))


def test_a_pool_of_ones_own_must_be_given_again(lm, sweep) -> None:
    def mine(states, ranges):
        return pw.first(states, ranges)

    with pytest.raises(ProbeError, match=r"pass it, predictor\(..., pool=...\)"):
        pw.predictor(lm, replace(sweep, pool="mine"))
    assert len(pw.predictor(lm, replace(sweep, pool="mine"), pool=mine)("The cats")) == 2


def test_spans_and_edges_cannot_be_typed(lm, sweep) -> None:
    with pytest.raises(ProbeError, match="does not say which edges to probe"):
        pw.predictor(lm, replace(sweep, unit="edge"))


def test_explore_reads_what_it_made_before(lm, cache_folder, monkeypatch) -> None:
    made = pw.explore("The cats", model=lm, corpus=corpus(), task=pw.WordTask("tag"), probe=pw.LinearProbe(l2=1e-3))
    assert made.text == "The cats"
    made.close()
    monkeypatch.setattr("probewidgets.captures.capture.capture", lambda *a, **k: pytest.fail("captured again"))
    again = pw.explore(model=lm, corpus=corpus(), task=pw.WordTask("tag"), probe=pw.LinearProbe(l2=1e-3))
    assert repr(again.sweep) == repr(made.sweep)
    again.close()


class Sure:
    """A probe of someone else's, with the repr that Python gives: always certain of one label."""

    def __init__(self, column: int) -> None:
        self.column = column

    def fit(self, X: np.ndarray, y: np.ndarray) -> Sure:
        self.labels = tuple(np.unique(y).tolist())
        return self

    def rescaled(self, scaler: object) -> Sure:
        return self

    def log_proba(self, X: np.ndarray) -> np.ndarray:
        return np.log(np.eye(len(self.labels))[np.full(len(X), self.column)] * 0.98 + 0.01)

    def predict(self, X: np.ndarray) -> np.ndarray:
        return np.array(self.labels)[np.full(len(X), self.column)]

    def __repr__(self) -> str:
        return "<Sure object at 0x7f>"


def test_explore_shows_a_probe_that_cannot_be_saved_and_never_takes_another_for_it(lm, cache_folder) -> None:
    for column, label in enumerate(("LONG", "SHORT")):
        made = pw.explore("The cats", model=lm, corpus=corpus(), task=pw.WordTask("tag"), probe=Sure(column))
        assert pw.predictor(lm, made.sweep)("The cats").label(0) == (label, label)
        made.close()
    assert not (cache_folder / "sweeps").exists()


def test_explore_goes_on_where_the_sweep_cannot_be_kept(lm, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise ProbeError("cannot be saved")

    monkeypatch.setattr(Sweep, "save", refuse)
    with pytest.warns(UserWarning, match="could not be cached in .*: cannot be saved"):
        pw.explore(model=lm, corpus=corpus(), task=pw.WordTask("tag"), probe=pw.LinearProbe(l2=1e-3)).close()


def test_explore_makes_a_damaged_sweep_anew_and_says_so(lm, cache_folder) -> None:
    options = {"model": lm, "corpus": corpus(), "task": pw.WordTask("tag"), "probe": pw.LinearProbe(l2=1e-3)}
    pw.explore(**options).close()
    (path,) = (cache_folder / "sweeps").glob("*.safetensors")
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.warns(UserWarning, match="cannot be read and is made anew"):
        pw.explore(**options).close()
    pw.explore(**options).close()


def test_explore_makes_anew_what_another_task_of_the_same_name_labels(lm) -> None:
    def explored(n: int) -> tuple[int, ...]:
        task = pw.SentenceTask(lambda example: str(len(example.text) % n), name="length")
        made = pw.explore(model=lm, corpus=corpus(), task=task, probe=pw.LinearProbe(l2=1e-2))
        made.close()
        return made.sweep.label_counts

    assert len(explored(2)) == 2
    assert len(explored(3)) == 3


def test_explore_pools_as_it_is_told_and_keeps_the_pools_apart(lm, cache_folder) -> None:
    def doubled(states: torch.Tensor, ranges: object) -> torch.Tensor:
        return 2 * pw.mean(states, ranges)

    options = {"model": lm, "corpus": corpus(), "task": pw.SentenceTask("kind"), "probe": pw.LinearProbe(l2=1e-3)}
    pools = {}
    for pool in (None, pw.mean, pw.last, pw.cls, doubled):
        made = pw.explore("The cats", **options, pool=pool)
        made.close()
        pools[made.sweep.pool] = made.sweep.probes[-1].coef_
    acts = pw.capture(lm, options["corpus"], options["task"], pool=pw.last, store=False)
    np.testing.assert_allclose(
        pools["last"], pw.sweep(acts, options["probe"], control=True).probes[-1].coef_, atol=1e-5
    )
    assert list(pools) == ["mean", "last", "cls", "doubled"]
    assert len(list((cache_folder / "sweeps").iterdir())) == 3  # what a pool of one's own does is not in its name
    with pytest.raises(ModelError, match="pool must be a function"):
        pw.explore(**options, pool="last")


def test_explore_keeps_apart_what_no_key_of_a_model_can_tell(lm) -> None:
    options = {"model": lm, "corpus": corpus(), "task": pw.WordTask("tag"), "probe": pw.LinearProbe(l2=1e-3)}
    plain = pw.explore(**options)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        other = pw.explore(**options)
    assert not np.array_equal(plain.sweep.probes[-1].coef_, other.sweep.probes[-1].coef_)
    plain.close(), other.close()


def test_explore_refuses_what_cannot_be_typed_before_it_begins(monkeypatch) -> None:
    monkeypatch.setattr(
        "probewidgets.models.language_model.LanguageModel", lambda *_: pytest.fail("a model was loaded")
    )
    with pytest.raises(ProbeError, match="does not say which edges to probe"):
        pw.explore(task=pw.EdgeTask("deprel"))
    with pytest.raises(pw.ProbeWidgetsError, match="text must be a string"):
        pw.explore(3)


def test_a_probe_of_some_words_only_says_so_of_every_text(lm, sweep) -> None:
    partial = replace(sweep, settings={**sweep.settings, "unlabelled": sum(n for n, _ in sweep.counts.values())})
    assert "50% of them: what is predicted for others means nothing" in pw.predictor(lm, partial)("The cats").notes[0]
    assert pw.predictor(lm, sweep)("The cats").notes == ()


def test_another_pool_than_the_sweeps_is_refused(lm, sweep) -> None:
    with pytest.raises(ProbeError, match="made with the pool 'mean', not 'first'"):
        pw.predictor(lm, sweep, pool=pw.first)


def test_the_second_look_makes_no_corpus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from probewidgets.data.corpora import grammar

    made: list[int] = []
    whole = grammar.english
    monkeypatch.setattr(grammar, "english", lambda n: made.append(n) or whole(60))
    first = pw.explore("She can fish.", layers=[0], store=tmp_path)
    second = pw.explore("She can fish.", layers=[0], store=tmp_path)
    assert made == [1500]
    np.testing.assert_array_equal(first.predictions.proba, second.predictions.proba)
    third = pw.explore("She can fish.", layers=[0], store=tmp_path, corpus=whole(80))
    assert third.sweep.counts != first.sweep.counts
    for widget in (first, second, third):
        widget.close()


# ---------------------------------------------------------------------- heads


@pytest.fixture(scope="module")
def heads(lm: pw.LanguageModel) -> pw.Sweep:
    """Each word is attached to the one before."""
    before = {"head": tuple(range(6))}
    examples = tuple(replace(example, annotations=before) for example in corpus())
    acts = pw.capture(lm, replace(corpus(), examples=examples), pw.TreeTask(), store=False)
    return pw.sweep(acts, pw.BilinearProbe(rank=4, epochs=2), bootstrap=20, progress=False)


def test_heads_of_a_typed_text_are_those_of_the_probes_on_captured_states(lm, heads) -> None:
    got = pw.predictor(lm, heads)("The cats sat\n\nruns on the mats")
    assert [(unit.text, unit.line) for unit in got.units] == [
        ("The", 0), ("cats", 0), ("sat", 0), ("runs", 2), ("on", 2), ("the", 2), ("mats", 2),
    ]  # fmt: skip
    assert got.labels == ("The", "cats", "sat", "runs", "on", "the", "mats") and got.layers == heads.layers
    spans = {"The cats sat": [(0, 3), (4, 8), (9, 12)], "runs on the mats": [(0, 4), (5, 7), (8, 11), (12, 16)]}
    typed = [
        Example(text, tuple(Span(*ends) for ends in some), {"x": ("?",) * len(some)}) for text, some in spans.items()
    ]
    acts = pw.capture(lm, Corpus(tuple(typed), Split((0, 1), (), ())), pw.WordTask("x"), store=False)
    for row, layer in enumerate(heads.layers):
        want = np.zeros((7, 7))
        for some in (slice(0, 3), slice(3, 7)):
            want[some, some] = np.exp(heads.probes[row].log_proba(acts.layer(layer)[some]))
        np.testing.assert_allclose(got.proba[row], want, atol=1e-5)
    np.testing.assert_allclose(got.proba.sum(-1), 1, atol=1e-5)
    assert [unit.seen for unit in got.units] == [True, True, True, True, True, False, True]


@pytest.fixture(scope="module")
def trees(lm: pw.LanguageModel, heads: pw.Sweep) -> pw.Sweep:
    examples = tuple(replace(example, annotations={"head": tuple(range(6))}) for example in corpus())
    acts = pw.capture(lm, replace(corpus(), examples=examples), pw.TreeTask(), store=False)
    return pw.sweep(acts, pw.StructuralProbe(rank=4, epochs=2), bootstrap=20, progress=False)


def test_a_structural_probe_gives_the_tree_of_each_line(lm, trees) -> None:
    got = pw.predictor(lm, trees)("The cats sat\nruns\nThe mats on well")
    assert [note[:24] for note in got.notes] == ["The tree that each layer", "In a line of one word, t"]
    assert set(np.unique(got.proba)) == {0, 1} and (got.proba.sum(-1) == 1).all()
    typed = Example("The cats sat", (Span(0, 3), Span(4, 8), Span(9, 12)), {"x": ("?",) * 3})
    acts = pw.capture(lm, Corpus((typed,), Split((0,), (), ())), pw.WordTask("x"), store=False)
    for row, layer in enumerate(trees.layers):
        found = got.proba[row].argmax(-1)
        for some in (slice(0, 3), slice(3, 4), slice(4, 8)):
            words = np.arange(8)[some]
            assert (found[some] == words).sum() == 1 and set(found[some]) <= set(words), "one root, and no way out"
        wanted = [
            place if head == 0 else head - 1 for place, head in enumerate(trees.probes[row].heads(acts.layer(layer)))
        ]
        assert found[:3].tolist() == wanted


def test_words_that_come_twice_are_numbered(lm, heads) -> None:
    live = pw.predictor(lm, heads)
    got = live("the cats on the mats\nthe runs")
    assert got.labels == ("the (1)", "cats", "on", "the (2)", "mats", "the (3)", "runs")
    assert set(got.label(heads.layers[-1])[5:]) <= {"the (3)", "runs"}, "heads stand in the same line"
    assert repr(live) == "HeadPredictor('tree', 'BertModel', layers (0, 1, 2, 3))"
    assert live("").proba.shape == (4, 0, 0)


def test_what_is_true_of_heads_is_said(lm, heads) -> None:
    live = pw.predictor(lm, heads)
    assert [note[:24] for note in live("cats sat").notes] == ["Each word's head is chos"]
    assert [note[:24] for note in live("cats sat\nThe").notes] == [
        "Each word's head is chos",
        "In a line of one word, t",
    ]


def test_heads_of_a_text_that_is_too_long_are_refused(lm, heads, monkeypatch) -> None:
    monkeypatch.setattr("probewidgets.live.predictor._MOST_WORDS", 6)
    live = pw.predictor(lm, heads)
    assert len(live("cats sat on\nmats runs well")) == 6
    with pytest.raises(ProbeError, match=r"up to 6 words can be shown, but 7 came"):
        live("cats sat on\nmats runs well The")


def test_heads_can_be_explored(lm, heads, tmp_path) -> None:
    heads.save(tmp_path / "heads.safetensors")
    again = pw.Sweep.load(tmp_path / "heads.safetensors")
    explorer = pw.ProbeExplorer(pw.predictor(lm, again), text="cats sat on mats", layer=2)
    assert explorer.error == "" and explorer.layer == 2
    frame = explorer.to_frame()
    assert set(frame["label"]) <= {"cats", "sat", "on", "mats"}
    assert explorer.sweep is not None and explorer.sweep.metric == "uas"
    explorer.close()


def test_heads_of_another_model_or_pool_are_refused(lm, heads) -> None:
    with pytest.raises(ProbeError, match="Give the model of the sweep"):
        pw.predictor(lm, replace(heads, model=replace(heads.model, n_layers=9)))
    with pytest.raises(ProbeError, match="made with the pool 'mean', not 'first'"):
        pw.predictor(lm, heads, pool=pw.first)


def test_half_a_character_is_told(lm, sweep, heads) -> None:
    for one in (sweep, heads):
        with pytest.raises(DataError, match="character 5 of the text is half a character"):
            pw.predictor(lm, one)("cats \ud800 sat")
