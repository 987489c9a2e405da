"""Control labels: one per word type, drawn like the task's own labels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import chisquare

from probewidgets.data.control import ControlTask, control_labels
from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example, Span
from probewidgets.data.splits import Split
from probewidgets.data.targets import Targets
from probewidgets.data.tasks import EdgeTask, SentenceTask, WordTask
from probewidgets.errors import DataError

P = np.array([0.5, 0.25, 0.2, 0.05])


def targets(surface: list[str], y: npt.ArrayLike | None = None) -> Targets:
    n = len(surface)
    return Targets(
        task="toy",
        unit="word",
        example=np.arange(n),
        spans=np.zeros((n, 1, 2), dtype=np.int64),
        surface=tuple(surface),
        y=np.zeros(n, dtype=np.int64) if y is None else np.asarray(y),
        labels=("A", "B", "C", "D"),
    )


def zipf(n: int, types: int, seed: int = 0) -> list[str]:
    return [f"w{i % types}" for i in np.random.default_rng(seed).zipf(1.3, size=n)]


def by_type(surface: list[str], labels: npt.NDArray[np.int64]) -> dict[str, int]:
    return dict(zip(surface, labels.tolist(), strict=True))


def test_equal_words_have_equal_labels() -> None:
    surface = zipf(5000, 600)
    labels = control_labels(targets(surface), P, seed=0)
    table = by_type(surface, labels)
    assert [table[word] for word in surface] == labels.tolist()
    assert labels.dtype == np.int64


def test_words_are_equal_only_character_by_character() -> None:
    pairs = [(f"word{i}", f"Word{i}") for i in range(200)]
    labels = control_labels(targets([form for pair in pairs for form in pair]), P, seed=0)
    assert (labels[::2] != labels[1::2]).any()
    odd = ["a", "a\x00", "a ", "a\u200d", "\u00e9", "e\u0301"] * 50
    table = {seed: by_type(odd, control_labels(targets(odd), P, seed)) for seed in range(40)}
    for other in set(odd) - {"a"}:
        assert any(labels["a"] != labels[other] for labels in table.values())


def test_the_draws_follow_the_distribution_over_types() -> None:
    surface = [f"w{i}" for i in range(20_000)]
    for seed in range(5):
        counts = np.bincount(control_labels(targets(surface), P, seed), minlength=4)
        assert chisquare(counts, P * len(surface)).pvalue > 1e-3


def test_uniform_draws_give_each_label_that_train_shows_equally_often() -> None:
    surface = [f"w{i}" for i in range(20_000)]
    shares = np.array([0.7, 0.0, 0.25, 0.05])
    for seed in range(5):
        (drawn,) = ControlTask(1, uniform=True).labels(targets(surface), shares, seed)
        counts = np.bincount(drawn, minlength=4)
        assert counts[1] == 0
        assert chisquare(counts[[0, 2, 3]]).pvalue > 1e-3
        (as_in_train,) = ControlTask(1).labels(targets(surface), shares, seed)
        assert chisquare(np.bincount(as_in_train, minlength=4)[[0, 2, 3]]).pvalue < 1e-9


@pytest.mark.parametrize("uniform", [False, True])
def test_draws_are_those_of_their_seeds_and_equal_for_equal_words(uniform: bool) -> None:
    surface = zipf(3000, 500)
    control = ControlTask(3, uniform=uniform)
    draws, again = (list(control.labels(targets(surface), P, 2)) for _ in range(2))
    np.testing.assert_array_equal(draws, again)
    assert len({tuple(draw) for draw in [*draws, *control.labels(targets(surface), P, 3)]}) == 6
    for draw in draws:
        table = by_type(surface, draw)
        assert [table[word] for word in surface] == draw.tolist()


def test_uniform_rows_have_each_answer_of_train_once() -> None:
    # Three answers, shared by very different numbers of training targets.
    y = np.array([[True, False]] * 900 + [[False, True]] * 90 + [[True, True]] * 10 + [[False, False]] * 4000)
    answers = Targets(
        "toy",
        "word",
        np.arange(5000),
        np.zeros((5000, 1, 2), np.int64),
        tuple(f"w{i}" for i in range(5000)),
        y,
        ("A", "B"),
    )
    (rows,) = ControlTask(1, uniform=True).rows(answers, np.arange(1000), 0)
    assert len(np.unique(rows)) == 3
    assert chisquare(np.unique(y[rows], axis=0, return_counts=True)[1]).pvalue > 1e-3
    (rows,) = ControlTask(1).rows(answers, np.arange(1000), 0)
    assert y[rows].mean(0) == pytest.approx([0.91, 0.1], abs=0.02)


@pytest.mark.parametrize(("draws", "uniform"), [(-1, False), (True, False), (1.5, False), (3, "yes")])
def test_a_senseless_control_task_is_an_error(draws: object, uniform: object) -> None:
    with pytest.raises(DataError, match=r"(draws|uniform) must be"):
        ControlTask(draws, uniform)  # type: ignore[arg-type]


def test_frequent_words_do_not_weigh_more_in_the_draw() -> None:
    # One draw per type, not per token: a word that is half of the tokens still takes one label.
    surface = ["the"] * 10_000 + [f"w{i}" for i in range(10_000)]
    table = by_type(surface, control_labels(targets(surface), P, seed=1))
    counts = np.bincount(list(table.values()), minlength=4)
    assert chisquare(counts, P * len(table)).pvalue > 1e-3


def test_the_draws_do_not_know_the_task() -> None:
    y = np.random.default_rng(0).integers(0, 4, size=3000)
    surface = [f"w{i % 700}" for i in range(3000)]
    with_labels, without = control_labels(targets(surface, y), P, 3), control_labels(targets(surface), P, 3)
    assert (with_labels == without).all()


def test_the_same_seed_gives_the_same_labels_and_another_seed_others() -> None:
    surface = zipf(2000, 500)
    first = control_labels(targets(surface), P, seed=7)
    assert (first == control_labels(targets(surface), P, seed=7)).all()
    assert (first != control_labels(targets(surface), P, seed=8)).any()


def test_the_order_of_the_corpus_changes_nothing() -> None:
    surface = zipf(2000, 500)
    order = np.random.default_rng(5).permutation(len(surface))
    labels = control_labels(targets(surface), P, seed=0)
    shuffled = control_labels(targets([surface[i] for i in order]), P, seed=0)
    assert (labels[order] == shuffled).all()


def test_a_label_that_train_never_shows_is_never_drawn() -> None:
    surface = [f"w{i}" for i in range(5000)]
    labels = control_labels(targets(surface), [0.5, 0.0, 0.5, 0.0], seed=0)
    assert set(labels.tolist()) == {0, 2}


def corpus() -> Corpus:
    def example(text: str, label: str) -> Example:
        words, at = [], 0
        for form in text.split():
            words.append(Span(at, at + len(form)))
            at += len(form) + 1
        heads = (2, 0, 2)
        return Example(
            text, tuple(words), {"upos": ("X", "Y", "X"), "head": heads, "deprel": ("s", "root", "o")}, {"l": label}
        )

    texts = ["dogs see cats", "cats see dogs", "birds see cats", "dogs see cats"]
    return Corpus(tuple(example(text, "ab"[i % 2]) for i, text in enumerate(texts)), Split((0, 1), (2,), (3,)))


@pytest.mark.parametrize("task", [WordTask("upos"), EdgeTask(), SentenceTask("l")])
def test_types_are_words_modifiers_and_whole_sentences_on_all_sides_of_the_split(
    task: WordTask | EdgeTask | SentenceTask,
) -> None:
    labelled = task.targets(corpus())
    for seed in range(5):
        labels = control_labels(labelled, np.full(2, 0.5), seed)
        table = by_type(list(labelled.surface), labels)
        assert [table[surface] for surface in labelled.surface] == labels.tolist()
    expected = {
        "word": {"dogs", "see", "cats", "birds"},
        "edge": {"dogs", "cats", "birds"},
        "sentence": {example.text for example in corpus()},
    }
    assert set(labelled.surface) == expected[labelled.unit]


@pytest.mark.parametrize(
    "p", [[0.5, 0.5], [0.5, 0.5, 0.5, 0.5], [1.5, -0.5, 0, 0], [np.nan, 0.5, 0.25, 0.25], [[1, 0, 0, 0]]]
)
def test_shares_that_are_no_distribution_over_the_labels_are_an_error(p: npt.ArrayLike) -> None:
    with pytest.raises(DataError, match="p must be 4 shares"):
        control_labels(targets(["a"]), p, seed=0)
