"""Input that cannot be probed, or only just: through every entry an error that names it, or a stated result."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import probewidgets as pw
import probewidgets.data.questions as ask
from probewidgets.captures.activations import Activations
from probewidgets.captures.span_tokens import SpanTokens
from probewidgets.data.corpus import Corpus, Example, Split
from probewidgets.errors import (
    DataError,
    FormatError,
    ModelError,
    ProbeError,
    ProbeWidgetsError,
    StoreError,
    WidgetError,
)
from tests.methods.edges.test_trial import planted
from tests.methods.trees.test_trial import sentence, treebank
from tests.sweeps.test_graded import numbers, sets
from tests.synthetic import activations
from tests.widgets.fakes import fake_predictions, fake_predictor, fake_sweep

QUICK: dict[str, Any] = {"progress": False, "bootstrap": 20}
EDGE = pw.EdgeProbe(width=4, hidden=4, epochs=2)
PROBES = {
    "linear": pw.LinearProbe(),
    "MLP": pw.MLPProbe(hidden=4, epochs=2),
    "low rank": pw.LowRankProbe(rank=1, epochs=2),
    "means": pw.MassMeanProbe(),
    "elastic net": pw.ElasticNetProbe(),
    "k sparse": pw.KSparseProbe(k=1),
    "scikit-learn's own": pw.ProbeClassifier(),
}
LABELLED: dict[str, Callable[[Activations], Any]] = {
    "sweep": lambda acts: pw.sweep(acts, **QUICK),
    "sweep of MLPs": lambda acts: pw.sweep(acts, PROBES["MLP"], control=1, **QUICK),
    "compare": lambda acts: pw.compare(acts, [pw.LinearProbe(l2=0.1)], control=1, progress=False),
    "codelength": lambda acts: pw.codelength(acts, progress=False),
    "information": lambda acts: pw.information(acts, **QUICK),
    "erase": lambda acts: pw.erase(acts, **QUICK),
    "neurons": lambda acts: pw.neurons(acts, **QUICK),
}
entries = pytest.mark.parametrize("entry", LABELLED)


def relabelled(acts: Activations, y: np.ndarray, labels: tuple[str, ...] = ()) -> Activations:
    return replace(acts, targets=replace(acts.targets, y=y, labels=labels or acts.targets.labels))


def without(acts: Activations, side: str) -> Activations:
    """The same without labels on one side."""
    kept = np.setdiff1d(np.arange(acts.n_targets), acts.rows(side))
    return replace(acts, states=acts.states[:, kept], targets=acts.targets.take(kept))  # type: ignore[index]


def spans_without(spans: SpanTokens, side: str) -> SpanTokens:
    indices = dict(spans.tokens.corpus.split.items())[side]
    kept = np.flatnonzero(~np.isin(spans.targets.example, indices))
    return replace(spans, targets=spans.targets.take(kept), begin=spans.begin[kept], end=spans.end[kept])


def rare(acts: Activations, side: str) -> Activations:
    """One label on one example alone, of one side."""
    y = acts.targets.y.copy()
    y[y == 3] = 2
    y[acts.rows(side)[0]] = 3
    return relabelled(acts, y)


# --- a side without labels -------------------------------------------------------------------------------------------


@entries
@pytest.mark.parametrize("side", ["train", "dev", "test"])
def test_a_side_without_labels_is_named_and_counted(entry: str, side: str) -> None:
    acts = without(activations(30), side)
    if (entry, side) == ("codelength", "test"):  # a code sends train: test is not looked at
        assert LABELLED[entry](acts).n_targets == len(acts.rows("train"))
        return
    with pytest.raises(DataError, match=rf"The {side} side has no target of task 'tag' \(.*{side} 0.*targets\)"):
        LABELLED[entry](acts)


@pytest.mark.parametrize("side", ["train", "dev", "test"])
def test_so_is_it_where_answers_are_graded_and_for_edges_and_trees(side: str) -> None:
    said = rf"The {side} side has no target of task '(tag|deprel)' \(.*{side} 0.*targets\)"
    with pytest.raises(DataError, match=said):
        pw.sweep(without(numbers(30), side), pw.RidgeProbe(), **QUICK)
    with pytest.raises(DataError, match=said):
        pw.sweep(without(sets(30), side), pw.SigmoidProbe(), **QUICK)
    with pytest.raises(DataError, match=said):
        pw.sweep(spans_without(planted(1, 2, 30), side), EDGE, **QUICK)
    with pytest.raises(DataError, match=f"The {side} side has no sentence of two words or more with a tree"):
        pw.sweep(without(treebank(20), side), pw.StructuralProbe(rank=2, epochs=1), **QUICK)


def test_a_file_whose_test_side_has_no_label_is_captured_and_refused_by_the_sweep(tmp_path: Path) -> None:
    path = tmp_path / "task.txt"
    path.write_text("tr\tA\tone two\ntr\tB\ttwo\nva\tA\tthree\nte\t\tfour\n")
    acts = pw.capture(pw.LanguageModel(), pw.read_senteval(path), pw.SentenceTask("label"), store=False)
    assert (acts.n_targets, acts.targets.unlabelled) == (3, 1)
    with pytest.raises(DataError, match="The test side has no target of task 'label'"):
        pw.sweep(acts, **QUICK)


# --- too few labels, too many labels ---------------------------------------------------------------------------------


@entries
def test_one_label_is_nothing_to_tell_apart(entry: str) -> None:
    acts = activations(30)
    with pytest.raises(DataError, match=r"All \d+ training targets of task 'tag' carry the label 'L00'"):
        LABELLED[entry](relabelled(acts, np.zeros_like(acts.targets.y)))


@pytest.mark.parametrize("probe", PROBES)
def test_no_probe_is_fitted_on_one_label(probe: str) -> None:
    with pytest.raises(ValueError, match=r"at least two (labels|classes) to tell apart.*'a'"):
        PROBES[probe].fit(np.random.default_rng(0).normal(size=(12, 3)), np.array(["a"] * 12))


def test_an_edge_label_that_all_or_none_of_train_carries_is_named() -> None:
    spans = planted(1, 2, 30)
    same = replace(spans, targets=replace(spans.targets, y=np.zeros_like(spans.targets.y)))
    with pytest.raises(
        DataError, match=f"In train, every target of task 'deprel' carries the label '{same.targets[0].label}'"
    ):
        pw.sweep(same, EDGE, **QUICK)
    each = tuple(f"c{i}" for i in range(len(spans.targets)))
    many = replace(spans, targets=replace(spans.targets, y=np.arange(len(each)), labels=each))
    with pytest.raises(DataError, match=r"In train, no target of task 'deprel' carries the label 'c\d+'"):
        pw.sweep(many, EDGE, **QUICK)


@entries
def test_a_label_with_one_example_is_learned_from_it_and_its_numbers_are_numbers(entry: str) -> None:
    found = LABELLED[entry](rare(activations(30), "train"))
    if isinstance(found, pw.Sweep):
        assert min(found.label_counts) == 1 and len(found.labels) == 4
        assert all(np.isfinite([s.accuracy.value, s.macro_f1.value, s.cross_entropy.value]).all() for s in found.scores)
    assert "nan" not in repr(found)


def test_a_label_that_only_one_test_example_carries_is_an_error_of_the_probe_and_is_listed() -> None:
    found = pw.sweep(rare(activations(30), "test"), **QUICK)
    assert found.labels_unseen == ("L03",) and found.labels == ("L00", "L01", "L02")
    assert all(score.accuracy.value < 1 for score in found.scores)
    assert "L03" in found.report()


@entries
def test_more_labels_than_examples_leave_nothing_to_choose_by(entry: str) -> None:
    acts = activations(30)
    each = np.arange(acts.n_targets)
    with pytest.raises(
        DataError, match=r"Train shows none of the labels of the (dev|test) side's \d+ targets of task 'tag'"
    ):
        LABELLED[entry](relabelled(acts, each, tuple(f"c{i}" for i in each)))


@pytest.mark.parametrize("probe", PROBES)
def test_a_probe_of_as_many_labels_as_rows_gives_each_a_probability(probe: str) -> None:
    X, y = np.random.default_rng(0).normal(size=(12, 3)), np.array([f"c{i:02d}" for i in range(12)])
    fitted: Any = PROBES[probe].fit(X, y)
    proba = np.exp(fitted.predict_log_proba(X) if probe == "scikit-learn's own" else fitted.log_proba(X))
    assert proba.shape == (12, 12)
    np.testing.assert_allclose(proba.sum(1), 1)


# --- labels that are none --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("probe", PROBES)
@pytest.mark.parametrize(
    ("none", "said"), [(float("nan"), "nan"), (None, "None"), (pd.NA, "<NA>"), (np.datetime64("NaT"), "NaT")], ids=str
)
def test_a_row_without_a_label_is_named_and_no_class(probe: str, none: object, said: str) -> None:
    X, y = np.random.default_rng(0).normal(size=(12, 3)), np.array(["a", "b"] * 6, dtype=object)
    y[7] = none
    # Of most of these scikit-learn says so itself, before it asks the probe; and fails over pandas.NA.
    theirs = "|NaN|ambiguous" if probe == "scikit-learn's own" else ""
    with pytest.raises(
        (ValueError, TypeError), match=rf"1 of 12 rows carry no label, first .*{said}.* in row 7{theirs}"
    ):
        PROBES[probe].fit(X, y)


def test_numbers_that_are_none_are_no_class_either() -> None:
    X, y = np.random.default_rng(0).normal(size=(12, 3)), np.array([0.0, 1.0] * 6)
    y[[3, 5]] = np.nan
    with pytest.raises(ProbeError, match="2 of 12 rows carry no label, first nan in row 3"):
        pw.LinearProbe().fit(X, y)
    with pytest.raises(ProbeError, match="y holds NaN or infinity, first in row 3"):
        pw.RidgeProbe().fit(X, y)


def test_labels_of_several_kinds_and_words_for_numbers_are_refused() -> None:
    X = np.random.default_rng(0).normal(size=(4, 3))
    with pytest.raises(ProbeError, match="Labels must be of one kind, but these came: number, str"):
        pw.LinearProbe().fit(X, np.array([1, "a", 2, "b"], dtype=object))
    with pytest.raises(ProbeError, match=r"y must hold one number per row, but something else came: .*'a'"):
        pw.RidgeProbe().fit(X, ["a", "b", "c", "d"])


def test_a_number_that_is_none_is_named_with_its_target() -> None:
    acts = numbers(30)
    y = acts.targets.y.copy()
    y[5] = np.nan
    with pytest.raises(DataError, match=rf"but nan came for '{acts.targets.surface[5]}' \(example 0\)"):
        relabelled(acts, y)


def test_readers_take_a_missing_label_for_none_and_name_one_that_cannot_be_read(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": ["a", "b", "c", "d"], "label": [1.0, np.nan, 2.0, 1.0]})
    for regression in (False, True):
        targets = pw.SentenceTask("label", regression=regression).targets(pw.read_table(frame))
        assert (len(targets), targets.unlabelled) == (3, 1)
    words = pd.DataFrame({"words": [["a"], ["b"], ["c"], ["d"]], "tags": [["X"], [np.nan], ["Y"], ["X"]]})
    assert pw.WordTask("tags").targets(pw.read_table(words)).unlabelled == 1
    path = tmp_path / "t.csv"
    path.write_text("text,label\na b,1\nc d,nan\ne f,2\ng,1\n")
    with pytest.raises(FormatError, match=r"t\.csv, line 3: 'label' is 'nan', which stands for no value"):
        pw.read_table(path)
    path.write_text("text,label\na b,1\nc d,inf\ne f,2\ng,1\n")
    with pytest.raises(
        DataError, match="example 't:3': a regression predicts finite numbers, but the label 'inf' came"
    ):
        pw.SentenceTask("label", regression=True).targets(pw.read_table(path))
    edges = tmp_path / "e.json"
    edges.write_text(
        "\n".join(
            json.dumps({"text": "a b", "targets": [{"span1": [0, 1], "label": label}]}) for label in ("A", float("nan"))
        )
    )
    with pytest.raises(FormatError, match=r"e\.json, line 2: target 1 of 1: the label must be .* but nan came"):
        pw.read_edges(edges)


# --- numbers that never change ---------------------------------------------------------------------------------------


def test_a_constant_number_is_refused_in_train_and_has_no_correlation_on_test() -> None:
    acts = numbers(30)
    with pytest.raises(DataError, match=r"All .* training targets of task 'tag' are 2: there is nothing to predict"):
        pw.sweep(relabelled(acts, np.full_like(acts.targets.y, 2)), pw.RidgeProbe(), **QUICK)
    y = acts.targets.y.copy()
    y[acts.rows("test")] = 1.0
    for score in pw.sweep(relabelled(acts, y), pw.RidgeProbe(), **QUICK).scores:
        assert np.isnan(score.estimates["pearson"].value) and "n/a" in str(score.estimates["pearson"])
        assert np.isfinite(score.estimates["mse"].value)
    np.testing.assert_allclose(
        pw.RidgeProbe().fit(acts.layer(0), np.full(acts.n_targets, 3.0)).predict(acts.layer(0)), 3
    )


# --- texts that stand there twice ------------------------------------------------------------------------------------


def test_contradictory_duplicates_are_counted_said_and_bound_what_a_probe_can_reach(tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("text,label\na b,1\na b,2\nc,1\nd,2\n")
    with pytest.warns(UserWarning, match=r"1 text\(s\) of 'twice' stand there with different labels"):
        corpus = pw.read_table(path)
    assert corpus.overlap().contradictions == 1
    X = np.repeat(np.random.default_rng(0).normal(size=(6, 3)), 2, axis=0)
    fitted = pw.LinearProbe(l2=1e-3).fit(X, np.array(["a", "b"] * 6))
    np.testing.assert_allclose(fitted.log_proba(X), np.log(0.5), atol=1e-4)


# --- spans and heads -------------------------------------------------------------------------------------------------


def test_a_span_outside_its_sentence_is_named_with_its_example() -> None:
    with pytest.raises(DataError, match=r"Example 'x': the word \[0, 5\) ends after its text of 2 characters"):
        Example("ab", ((0, 5),), id="x")
    corpus = pw.corpora.english(10)
    name = corpus[0].id
    for task in (pw.SpanTask(lambda e: [((0, 999), "A")]), pw.EdgeTask(lambda e: [((0, 2), (0, 999), "A")])):
        with pytest.raises(DataError, match=rf"the span \[0, 999\) ends after the text of example '{name}'"):
            task.targets(corpus)


@pytest.mark.parametrize(
    ("heads", "said"), [([2, 1, 0], "the heads from word 1 on go round in a circle"), ([2, 3, 1], "has 0 roots")]
)
def test_heads_that_run_in_a_circle_are_named_with_their_sentence(heads: list[int], said: str) -> None:
    trees = [sentence([0, 1, 2], f"s{i}") for i in range(6)]
    trees[2] = replace(trees[2], annotations={"head": tuple(heads)})
    corpus = Corpus(tuple(trees), Split((0, 1, 2), (3,), (4, 5)), "cyclic")
    with pytest.raises(DataError, match=f"example 's2'.*{said}"):
        pw.TreeTask().targets(corpus)
    with pytest.raises(DataError, match=f"example 's2'.*{said}"):
        pw.capture(pw.LanguageModel(), corpus, pw.TreeTask(), store=False)
    sound = replace(corpus, examples=tuple(sentence([0, 1, 2], f"s{i}") for i in range(6)))
    acts = Activations.from_arrays([np.zeros((18, 2), np.float32)], pw.TreeTask().targets(sound), sound)
    with pytest.raises(DataError, match=f"'s2'.*{said}"):
        pw.sweep(replace(acts, corpus=corpus), pw.StructuralProbe(rank=1, epochs=1), **QUICK)


def test_an_edge_file_of_strings_and_of_lists_is_refused_at_the_line_where_they_meet(tmp_path: Path) -> None:
    path = tmp_path / "mixed.json"
    lines = ({"text": "a b", "targets": [{"span1": [0, 1], "label": label}]} for label in ("A", "B", ["A", "B"]))
    path.write_text("\n".join(map(json.dumps, lines)))
    with pytest.raises(FormatError, match=r"mixed\.json, line 3: target 1 of 1: it has a list of labels, but"):
        pw.read_edges(path)


def test_a_missing_label_in_a_plain_list_is_found_too() -> None:
    X = np.random.default_rng(0).normal(size=(6, 3))
    with pytest.raises(ProbeError, match="1 of 6 rows carry no label, first nan in row 4"):
        pw.LinearProbe().fit(X, ["a", "b", "a", "b", float("nan"), "a"])
    dates = np.array(["2020", "2021", "NaT", "2020", "2021", "2020"], dtype="datetime64[Y]")
    with pytest.raises(ProbeError, match="1 of 6 rows carry no label"):
        pw.LinearProbe().fit(X, dates)
    assert pw.LinearProbe().fit(X, [1, 2, 1, 2, 1, 2]).labels == (1, 2)


# --- an argument of another kind -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "build",
    [
        pw.questions.bigram_shift,
        pw.questions.content_pairs,
        pw.questions.coordination_inversion,
        pw.questions.object_number,
        pw.questions.odd_man_out,
        pw.questions.order_pairs,
        pw.questions.past_present,
        pw.questions.permuted,
        lambda corpus: pw.corpora.sample(corpus, 3),
        pw.questions.sentence_length,
        pw.questions.subject_number,
        pw.questions.top_constituents,
        pw.questions.tree_depth,
        pw.questions.word_content,
    ],
)
def test_what_is_made_of_a_corpus_takes_a_corpus(build: Callable[[Any], Any]) -> None:
    with pytest.raises(
        DataError, match=r"^\w+ takes a Corpus, but 'file\.conllu' came\. Readers .* read_table\(\.\.\.\)"
    ):
        build("file.conllu")


@pytest.mark.parametrize("bins", [3, "ab", "abcd", [1, 2], [(1, 2)], [(1, 2), (3,)], [("a", "b"), ("c", "d")], None])
def test_bins_that_are_none_are_refused(bins: Any) -> None:
    with pytest.raises(DataError, match=r"bins must be two or more \(first, last\) numbers of words in order, but"):
        pw.questions.sentence_length(pw.corpora.english(10), bins=bins)


def refused(call: Callable[[], Any], kind: type[ProbeWidgetsError], said: str) -> None:
    with pytest.raises(kind, match=said):
        call()


@pytest.mark.parametrize(
    ("arguments", "kind", "said"),
    [
        ({"task": "upos"}, DataError, r"explore takes a task, such as WordTask\('upos'\), but 'upos' came"),
        ({"task": pw.WordTask}, DataError, "explore takes a task, .* came"),
        ({"corpus": "f.conllu"}, DataError, "explore takes a Corpus, but 'f.conllu' came"),
        ({"store": 5}, StoreError, "The path of a file or folder is a string or a Path, but 5 came"),
    ],
    ids=["name", "class", "corpus", "store"],
)
def test_explore_says_what_it_takes(arguments: dict[str, Any], kind: type[ProbeWidgetsError], said: str) -> None:
    refused(lambda: pw.explore(**arguments), kind, said)


def test_words_are_embedded_by_a_model_and_stand_beside_activations() -> None:
    model, pairs = pw.LanguageModel(), pw.questions.order_pairs(pw.corpora.english(60))
    said = "word_embeddings takes a LanguageModel and WordPairs, such as .* gives, but "
    refused(lambda: pw.word_embeddings(pairs, model), ModelError, said + "WordPairs and LanguageModel came")  # type: ignore[arg-type]
    refused(lambda: pw.word_embeddings(model, ["a b"]), ModelError, said + "LanguageModel and list came")  # type: ignore[arg-type]
    refused(
        lambda: activations(30).beside(pairs),  # type: ignore[arg-type]
        ModelError,
        r"beside takes Activations, such as word_embeddings\(model, pairs\) gives, but WordPairs came",
    )


WHOLE: list[Callable[..., Any]] = [
    lambda **odd: pw.sweep(planted(1, 2, 30), EDGE, **odd),
    lambda **odd: pw.sweep(treebank(20), pw.StructuralProbe(rank=2, epochs=1), **odd),
]


@pytest.mark.parametrize("run", WHOLE, ids=["edges", "trees"])
@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ({"seed": -1}, "seed must be a whole number >= 0, but -1 came"),
        ({"seed": "a"}, "seed must be a whole number >= 0, but 'a' came"),
        ({"bootstrap": True}, "bootstrap must be a whole number >= 1, but True came"),
        ({"bootstrap": 0}, "bootstrap must be a whole number >= 1, but 0 came"),
    ],
)
def test_a_seed_and_a_number_of_resamples_are_whole_numbers(run: Callable[..., Any], odd: Any, said: str) -> None:
    refused(lambda: run(**odd, progress=False), ProbeError, said)


def test_an_edge_sweep_takes_tokens_of_spans_and_a_probe_of_them() -> None:
    pooled = "An EdgeProbe learns how to pool the tokens of each span, but the states came pooled"
    refused(lambda: pw.sweep(activations(30), EDGE), ProbeError, pooled)
    kept = "A LinearProbe reads one state per target, but the tokens of each span were kept: use an EdgeProbe"
    refused(lambda: pw.sweep(planted(1, 2, 30), pw.LinearProbe()), ProbeError, kept)


@pytest.mark.parametrize(
    ("call", "kind", "said"),
    [
        (lambda acts: pw.compare(acts, pw.LinearProbe()), ProbeError, "compare takes a list of probes second, .* came"),
        (lambda acts: pw.neurons(acts, sizes=5), ProbeError, "sizes must be numbers of neurons .* but 5 came"),
        (lambda acts: pw.similarity(acts, measure="cka"), ProbeError, "measure must be a function: .* but 'cka' came"),
        (lambda acts: pw.figures.comparison(fake_sweep()), WidgetError, "comparison draws .* but Sweep came"),
        (lambda acts: pw.figures.codelength(fake_sweep()), WidgetError, "codelength draws .* but Sweep came"),
        (lambda acts: pw.sweep(acts, **QUICK).save(None), StoreError, "The path of a file .* but None came"),
        (lambda acts: pw.Sweep.load(None), StoreError, "The path of a file .* but None came"),
    ],
)
def test_an_argument_of_another_kind_is_named(call: Any, kind: type[ProbeWidgetsError], said: str) -> None:
    refused(lambda: call(activations(30)), kind, said)


@pytest.mark.parametrize("text", [None, 3, ["a b", "c"]])
def test_a_predictor_reads_one_string(text: Any) -> None:
    acts = pw.capture(pw.LanguageModel(), pw.corpora.english(30), pw.WordTask("upos"), layers=[0], store=False)
    live = pw.predictor(pw.LanguageModel(), pw.sweep(acts, pw.LinearProbe(l2=0.1), **QUICK))
    refused(lambda: live(text), DataError, f"A text is one string, .* but {type(text).__name__} came")


@pytest.mark.parametrize("draw", [pw.figures.token_strip, pw.figures.layer_heatmap])
def test_figures_of_a_text_take_its_predictions(draw: Callable[[Any], Any]) -> None:
    told = r"pass what predictor\(model, sweep\)\(text\) gives"
    refused(lambda: draw(fake_sweep()), WidgetError, f"Predictions are drawn, but Sweep came: {told}")
    refused(lambda: draw(fake_predictions("a b").to_frame()), WidgetError, f"but DataFrame came: {told}")
    refused(
        lambda: draw(pw.ProbeExplorer(fake_predictor())), WidgetError, r"but ProbeExplorer came: pass its \.predictions"
    )


@pytest.mark.parametrize(
    ("proba", "said"),
    [
        ([[[0.5, 0.5]]], r"proba must be an array .* = \(1, 1, 2\), but list came"),
        (np.zeros((1, 2, 2)), r"proba must be an array .* = \(1, 1, 2\), but \(1, 2, 2\) came"),
        (np.array([[[-0.5, 1.5]]]), r"in \[0, 1\], but -0.5 came"),
        (np.array([[[0.5, 40]]]), r"in \[0, 1\], but 40 came"),
        (np.array([[[np.inf, 0.5]]]), r"in \[0, 1\], but inf came"),
        (np.array([[[np.nan, 2.0]]]), r"in \[0, 1\], but 2 came"),
    ],
)
def test_predictions_hold_an_array_of_probabilities(proba: Any, said: str) -> None:
    refused(lambda: pw.Predictions("a", (pw.Unit("a", 0, 1),), (0,), ("A", "B"), proba), ProbeError, said)


# --- an argument of another kind that looks like a number, or like True -----------------------------------------------


@pytest.mark.parametrize(
    ("call", "kind", "said"),
    [
        (lambda: pw.MassMeanProbe(whiten="no"), ProbeError, "whiten must be True or False, but 'no' came"),
        (lambda: pw.MassMeanProbe(prior=0), ProbeError, "prior must be True or False, but 0 came"),
        (lambda: pw.BilinearProbe(linear="no"), ProbeError, "linear must be True or False, but 'no' came"),
        (lambda: pw.static("no"), WidgetError, "static takes True or False, but 'no' came"),
        (
            lambda: pw.capture(
                pw.LanguageModel(), pw.corpora.english(10), pw.WordTask("upos"), layers=[True], store=False
            ),
            ModelError,
            "Layer True is not in",
        ),
    ],
)
def test_what_python_would_take_for_a_number_or_for_true_is_refused(call: Any, kind: Any, said: str) -> None:
    refused(call, kind, said)


def test_a_value_that_is_cut_in_a_message_ends_in_an_ellipsis() -> None:
    refused(lambda: pw.WordTask(list(range(100))), DataError, r"but \[0, 1, 2, .{49}… came")  # type: ignore[arg-type]
    refused(lambda: pw.WordTask([0, 1, 2]), DataError, r"but \[0, 1, 2\] came")  # type: ignore[arg-type]


SEEDED = {
    "sample": lambda corpus, seed: pw.corpora.sample(corpus, 10, seed=seed),
    "bigram_shift": lambda corpus, seed: pw.questions.bigram_shift(corpus, seed=seed),
    "odd_man_out": lambda corpus, seed: pw.questions.odd_man_out(corpus, seed=seed),
    "past_present": lambda corpus, seed: pw.questions.past_present(corpus, seed=seed),
    "sentence_length": lambda corpus, seed: pw.questions.sentence_length(corpus, seed=seed),
    "word_content": lambda corpus, seed: pw.questions.word_content(corpus, n_words=3, seed=seed),
    "tree_depth": lambda corpus, seed: pw.questions.tree_depth(corpus, seed=seed),
    "top_constituents": lambda corpus, seed: pw.questions.top_constituents(corpus, seed=seed),
    "content_pairs": lambda corpus, seed: pw.questions.content_pairs(corpus, seed=seed),
    "order_pairs": lambda corpus, seed: pw.questions.order_pairs(corpus, seed=seed),
    "permuted": lambda corpus, seed: pw.questions.permuted(corpus, seed=seed),
}


@pytest.mark.parametrize("draw", SEEDED)
@pytest.mark.parametrize("seed", [-1, 0.5, "a", None, True])
def test_a_draw_from_a_corpus_takes_a_whole_number_as_its_seed(draw: str, seed: object) -> None:
    with pytest.raises(DataError, match=f"seed must be a whole number >= 0, but {seed!r} came"):
        SEEDED[draw](pw.corpora.english(300), seed)


@pytest.mark.parametrize("seed", [0.5, "a", None, True])
def test_a_random_split_takes_a_whole_number_as_its_seed(seed: object) -> None:
    with pytest.raises(DataError, match=f"seed must be a whole number, but {seed!r} came"):
        pw.Split.seeded(["a", "b", "c", "d"], seed=seed)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda c: ask.odd_man_out(c, frequency=5),
            "frequency must be two whole numbers, the fewest and the most, but 5",
        ),
        (
            lambda c: ask.past_present(c, frequency=(4,)),
            r"frequency must be two whole numbers.* but \(4,\) came",
        ),
        (
            lambda c: ask.subject_number(c, frequency=("a", 9)),
            "Each number of frequency must be a whole number >= 0",
        ),
        (
            lambda c: ask.object_number(c, frequency=(9, 4)),
            r"frequency must be the fewest and then the most.*\(9, 4\)",
        ),
        (lambda c: ask.tree_depth(c, depths=5), "depths must be two whole numbers"),
        (lambda c: ask.tree_depth(c, least="a"), "least must be a whole number >= 0, but 'a' came"),
        (lambda c: ask.top_constituents(c, n_labels=1), "n_labels must be a whole number >= 2, but 1 came"),
        (lambda c: ask.word_content(c, n_words=0), "n_words must be a whole number >= 1, but 0 came"),
        (lambda c: ask.word_content(c, skip=-1), "skip must be a whole number >= 0, but -1 came"),
        (lambda c: ask.content_pairs(c, skip="a"), "skip must be a whole number >= 0, but 'a' came"),
        (lambda c: ask.content_pairs(c, least=1.5), "least must be a whole number >= 0, but 1.5 came"),
    ],
)
def test_what_a_task_counts_is_told_in_whole_numbers(call: Callable[[pw.Corpus], object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        call(pw.corpora.english(300))
