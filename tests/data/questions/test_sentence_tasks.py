"""The ten sentence tasks built from a corpus of one's own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from probewidgets.data.corpora.grammar import english
from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example, placed
from probewidgets.data.questions import (
    ADI_BINS,
    SENTEVAL_BINS,
    bigram_shift,
    coordination_inversion,
    object_number,
    odd_man_out,
    past_present,
    sentence_length,
    subject_number,
    top_constituents,
    tree_depth,
    word_content,
)
from probewidgets.data.questions.building import is_word
from probewidgets.data.questions.surface import bin_of
from probewidgets.data.splits import Split, normalised
from probewidgets.data.tasks import SentenceTask
from probewidgets.data.trees import tree_of
from probewidgets.errors import DataError

Build = Callable[..., Corpus]

TEXTUAL = (sentence_length, word_content, bigram_shift)
INFLECTED = (past_present, subject_number, object_number)
CHANGED = (bigram_shift, odd_man_out, coordination_inversion)
ALL = (*TEXTUAL, *INFLECTED, odd_man_out, coordination_inversion, tree_depth, top_constituents)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return english(3000, seed=1)


@pytest.fixture(scope="module")
def built_by(corpus: Corpus) -> dict[Build, Corpus]:
    """Every task of one corpus, with its defaults."""
    return {task: task(corpus) for task in ALL}


def of_sides(corpus: Corpus) -> Iterator[tuple[str, list[Example]]]:
    return ((side, [corpus[i] for i in indices]) for side, indices in corpus.split.items())


def three_sides(*examples: Example) -> Corpus:
    """The same examples, renumbered in their texts, on each of three sides."""
    n = len(examples)
    sides = [tuple(range(k * n, (k + 1) * n)) for k in range(3)]
    return Corpus(tuple(replace(e, id=f"{k}-{i}") for k in range(3) for i, e in enumerate(examples)), Split(*sides))


def written(text: str, tree: str | None = None, **columns: object) -> Example:
    """A sentence whose words stand between spaces."""
    spans, at = [], 0
    for form in text.split():
        spans.append((text.index(form, at), text.index(form, at) + len(form)))
        at = spans[-1][1]
    return Example(text, tuple(spans), columns, tree=tree, id=text[:8])  # type: ignore[arg-type]


def words(n: int, start: int = 0) -> Example:
    return written(" ".join(f"w{start + i}" for i in range(n)))


def name(task: Build) -> str:
    return task.__name__


# --- what holds for all of them --------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", ALL, ids=name)
def test_the_label_is_the_tasks_own_and_the_name_says_that_it_is_not_senteval(
    built_by: dict[Build, Corpus], task: Build
) -> None:
    built = built_by[task]
    assert built.name == f"SentEval-style {task.__name__} of generated-english"
    assert all(set(example.labels) == {task.__name__} for example in built)
    assert len(SentenceTask(task.__name__).targets(built)) == len(built)
    assert built.licence.endswith("MIT")


@pytest.mark.parametrize("task", ALL, ids=name)
def test_equal_seeds_give_equal_tasks(corpus: Corpus, built_by: dict[Build, Corpus], task: Build) -> None:
    assert task(corpus) == built_by[task]
    assert task(corpus, seed=1) != built_by[task]


@pytest.mark.parametrize("task", ALL, ids=name)
def test_no_text_is_there_twice(built_by: dict[Build, Corpus], task: Build) -> None:
    assert len({normalised(example.text) for example in built_by[task]}) == len(built_by[task])


@pytest.mark.parametrize("task", [task for task in ALL if task is not tree_depth], ids=name)
def test_every_side_has_its_labels_in_equal_numbers(built_by: dict[Build, Corpus], task: Build) -> None:
    labels = {example.labels[task.__name__] for example in built_by[task]}
    for _, examples in of_sides(built_by[task]):
        counts = Counter(example.labels[task.__name__] for example in examples)
        assert set(counts) == labels
        assert len(set(counts.values())) == 1


@pytest.mark.parametrize("task", [task for task in ALL if task not in (*INFLECTED, word_content)], ids=name)
def test_the_sides_stay_as_they_are(corpus: Corpus, built_by: dict[Build, Corpus], task: Build) -> None:
    side_of = {example.id: side for side, examples in of_sides(corpus) for example in examples}
    for side, examples in of_sides(built_by[task]):
        assert examples
        assert {side_of[example.id] for example in examples} == {side}


@pytest.mark.parametrize("task", ALL, ids=name)
def test_too_little_text_is_an_error_that_says_what_was_found(task: Build) -> None:
    with pytest.raises(
        DataError,
        match=rf"^{task.__name__}: (the train side of )?'toy' has .*(Give more text|Use )|^{task.__name__}: no ",
    ):
        task(replace(three_sides(words(6), words(9)), name="toy"))


@pytest.mark.parametrize("task", ALL, ids=name)
def test_a_text_that_is_repeated_counts_once(corpus: Corpus, built_by: dict[Build, Corpus], task: Build) -> None:
    n, repeated = len(corpus), [corpus[i] for i in corpus.split.train]
    again = replace(
        corpus,
        examples=(*corpus.examples, *(replace(example, id="again") for example in repeated)),
        split=replace(corpus.split, test=(*corpus.split.test, *range(n, n + len(repeated)))),
    )
    built = task(again)
    assert built.examples == built_by[task].examples


# --- length and word -------------------------------------------------------------------------------------------------


def test_lengths_fall_into_the_published_bins() -> None:
    expected = {5: 0, 8: 0, 9: 1, 12: 1, 13: 2, 16: 2, 17: 3, 20: 3, 21: 4, 25: 4, 26: 5, 28: 5}
    assert {n: bin_of(n) for n in expected} == {n: str(k) for n, k in expected.items()}
    assert bin_of(4) is bin_of(29) is None
    assert [bin_of(n, ADI_BINS) for n in (29, 30, 33, 34, 70, 71)] == ["5", "6", "6", "7", "7", None]


def test_the_label_is_the_bin_of_the_corpus_own_words(built_by: dict[Build, Corpus]) -> None:
    for example in built_by[sentence_length]:
        low, high = SENTEVAL_BINS[int(example.labels["sentence_length"])]
        assert low <= len(example.words) <= high


def test_all_sentences_in_a_bin_are_kept_where_they_need_not_be_balanced(corpus: Corpus) -> None:
    built = sentence_length(corpus, balanced=False)
    assert len(built) == sum(5 <= len(example.words) <= 28 for example in corpus)


def test_a_bin_that_a_side_lacks_is_an_error() -> None:
    lacking = Corpus((words(5), words(9), words(6, 9), words(10, 9), words(7, 50)), Split((0, 1), (2, 3), (4,)))
    with pytest.raises(DataError, match="the test side of 'corpus' has no sentence of 9 to 12 words"):
        sentence_length(lacking, bins=((5, 8), (9, 12)))


@pytest.mark.parametrize("bins", [(), ((1, 2),), ((1, 4), (3, 6)), ((5, 4), (6, 7)), ((6, 8), (1, 5))])
def test_bins_out_of_order_are_an_error(corpus: Corpus, bins: object) -> None:
    with pytest.raises(DataError, match="bins must be two or more"):
        sentence_length(corpus, bins=bins)  # type: ignore[arg-type]


def test_exactly_one_of_the_words_is_in_a_sentence_and_once(corpus: Corpus) -> None:
    built = word_content(corpus, n_words=30)
    chosen = {example.labels["word_content"] for example in built}
    assert len(chosen) == 30
    for example in built:
        forms = [form.lower() for form in example.forms]
        assert [form for form in forms if form in chosen] == [example.labels["word_content"]]


def test_so_it_is_with_a_thousand_words() -> None:
    """Conneau et al.'s own number: sentences with two of the words, or with one of them twice, are many here."""
    random = np.random.default_rng(0)
    letters = "abcdefghij"
    targets = ["".join(letters[i // 10**k % 10] for k in range(4)) for i in range(1040)]
    fillers = [f"{a}{b}x" for a in letters for b in letters][:60]
    sentences = []
    for i in range(16_000):
        own = [targets[i % 1040]] * (2 if i % 17 == 0 else 1)
        more = [targets[random.integers(1040)]] if i % 7 == 0 else []
        drawn = [*own, *more, *(fillers[k] for k in random.integers(60, size=random.integers(3, 9)))]
        sentences.append(Example(*placed([drawn[k] for k in random.permutation(len(drawn))]), id=f"s{i}"))
    whole = Corpus(tuple(sentences), Split(tuple(range(15_998)), (15_998,), (15_999,)), "many words")
    built = word_content(whole, n_words=1000, skip=60)
    labels = [example.labels["word_content"] for example in built]
    chosen = set(labels)
    assert len(chosen) == 1000
    for example, label in zip(built, labels, strict=True):
        assert [form for form in example.forms if form in chosen] == [label]
    for _, side in of_sides(built):
        assert len(set(Counter(example.labels["word_content"] for example in side).values())) == 1


def test_the_words_are_long_enough_and_none_of_the_commonest(corpus: Corpus) -> None:
    common = Counter(form.lower() for example in corpus for form in example.forms if is_word(form))
    rank = {word: i for i, (word, _) in enumerate(sorted(common.items(), key=lambda item: (-item[1], item[0])))}
    chosen = {example.labels["word_content"] for example in word_content(corpus, n_words=20, skip=60)}
    assert all(len(word) >= 4 and rank[word] >= 60 for word in chosen)


# --- forms that decide -----------------------------------------------------------------------------------------------


def deciding(task: Build, example: Example) -> str:
    heads, relations = example.annotations["head"], example.annotations["deprel"]
    root = heads.index(0)
    if task is past_present:
        return example.forms[root].lower()
    relation = {"subject_number": "nsubj", "object_number": "obj"}[task.__name__]
    (place,) = [i for i, head in enumerate(heads) if head == root + 1 and relations[i].split(":")[0] == relation]
    return example.forms[place].lower()


@pytest.mark.parametrize("task", INFLECTED, ids=name)
def test_no_form_that_decides_is_on_two_sides(built_by: dict[Build, Corpus], task: Build) -> None:
    forms = [{deciding(task, example) for example in examples} for _, examples in of_sides(built_by[task])]
    assert all(forms)
    assert not forms[0] & forms[1] and not forms[0] & forms[2] and not forms[1] & forms[2]


@pytest.mark.parametrize("task", INFLECTED, ids=name)
def test_the_sides_are_about_70_15_15(built_by: dict[Build, Corpus], task: Build) -> None:
    sizes = np.array([len(examples) for _, examples in of_sides(built_by[task])])
    np.testing.assert_allclose(sizes / sizes.sum(), (0.7, 0.15, 0.15), atol=0.03)


def test_the_root_verbs_tag_is_the_tense(built_by: dict[Build, Corpus]) -> None:
    labels = {"VBD": "PAST", "VBP": "PRES", "VBZ": "PRES"}
    for example in built_by[past_present]:
        tag = example.annotations["xpos"][example.annotations["head"].index(0)]
        assert example.labels["past_present"] == labels[tag]


def test_features_decide_where_tags_are_not_penns(corpus: Corpus) -> None:
    def without_tags(example: Example) -> Example:
        return replace(example, annotations={k: v for k, v in example.annotations.items() if k != "xpos"})

    bare = replace(corpus, examples=tuple(map(without_tags, corpus)))
    for task, most in ((past_present, 1.0), (subject_number, 0.99), (object_number, 0.97)):
        with_tags = {example.id: example.labels for example in task(corpus)}
        with_features = {example.id: example.labels for example in task(bare)}
        shared = with_tags.keys() & with_features.keys()
        assert len(shared) > 50
        assert np.mean([with_tags[i] == with_features[i] for i in shared]) >= most


def test_forms_outside_of_the_frequencies_are_left_out(corpus: Corpus) -> None:
    built = past_present(corpus, frequency=(2, 5))
    counts = Counter(deciding(past_present, example) for example in built)
    assert max(counts.values()) <= 5
    all_of_them = past_present(corpus, frequency=(1, 10**6))
    assert max(Counter(deciding(past_present, example) for example in all_of_them).values()) > 5


def test_sentences_without_one_root_are_left_out(corpus: Corpus) -> None:
    def two_roots(example: Example) -> Example:
        roots = (0, 0, *(None,) * len(example.words))[: len(example.words)]
        return replace(example, annotations={**example.annotations, "head": roots if len(roots) > 1 else (None,)})

    with pytest.raises(DataError, match=r"no sentence of 'generated-english' has heads and relations .* one root"):
        past_present(replace(corpus, examples=tuple(map(two_roots, corpus))))


# --- sentences that are changed --------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", CHANGED, ids=name)
def test_no_sentence_is_there_in_both_versions(corpus: Corpus, built_by: dict[Build, Corpus], task: Build) -> None:
    original = {example.id: example for example in corpus}
    texts = {normalised(example.text) for example in corpus}
    assert len({example.id for example in built_by[task]}) == len(built_by[task])
    for example in built_by[task]:
        if example.labels[task.__name__] == "O":
            assert example.text == original[example.id].text
        else:
            assert normalised(example.text) not in texts


@pytest.mark.parametrize("task", CHANGED, ids=name)
def test_words_stay_words_and_nothing_is_annotated(corpus: Corpus, built_by: dict[Build, Corpus], task: Build) -> None:
    original = {example.id: example for example in corpus}
    for example in built_by[task]:
        assert len(example.words) == len(original[example.id].words)
        assert not example.annotations and example.tree is None
        assert all(a.end <= b.start for a, b in zip(example.words, example.words[1:], strict=False))
        if task is not odd_man_out:
            forms = Counter(form.lower() for form in example.forms)
            assert forms == Counter(form.lower() for form in original[example.id].forms)
            assert Counter(example.text.lower()) == Counter(original[example.id].text.lower())


def test_a_shift_swaps_two_neighbours_and_nothing_else(corpus: Corpus, built_by: dict[Build, Corpus]) -> None:
    original = {example.id: example.forms for example in corpus}
    inverted = [example for example in built_by[bigram_shift] if example.labels["bigram_shift"] == "I"]
    assert len(inverted) > 700
    for example in inverted:
        before, after = original[example.id], example.forms
        places = [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
        assert len(places) == 2
        i, j = places
        assert j == i + 1 and i > 0
        assert (after[i], after[j]) == (before[j], before[i])
        assert is_word(after[i]) and is_word(after[j]) and after[i].lower() != after[j].lower()


def test_no_half_of_a_contraction_is_moved() -> None:
    texts = ("We don't go", "They can't stay", "He won't sit", "She isn't here")
    spans = ([(0, 2), (3, 5), (5, 8), (9, 11)], [(0, 4), (5, 7), (7, 10), (11, 15)])
    spans += ([(0, 2), (3, 5), (5, 8), (9, 12)], [(0, 3), (4, 6), (6, 9), (10, 14)])
    examples = [Example(text, given) for text, given in zip(texts, spans, strict=True)]  # type: ignore[arg-type]
    with pytest.raises(DataError, match="bigram_shift"):
        bigram_shift(three_sides(*examples))


def test_words_that_share_a_token_stay_where_they_are() -> None:
    spans = ((0, 2), (3, 8), (9, 11), (9, 11), (12, 16), (17, 20))
    given = [Example(f"Il parle du chat n{i:02}", spans, id=str(i)) for i in range(12)]  # type: ignore[arg-type]
    built = bigram_shift(Corpus(tuple(given), Split((0, 1, 2, 3), (4, 5, 6, 7), (8, 9, 10, 11))))
    inverted = [example for example in built if example.labels["bigram_shift"] == "I"]
    assert len(inverted) == 6
    for example in inverted:
        assert example.words[2] == example.words[3]
        assert example.forms[:4] == ("Il", "parle", "du", "du")
        assert example.text == f"Il parle du {example.forms[4]} {example.forms[5]}"


def test_a_replacement_has_the_same_tag_and_known_neighbours(corpus: Corpus, built_by: dict[Build, Corpus]) -> None:
    original = {example.id: example for example in corpus}
    bigrams = {pair for example in corpus for pair in pairwise(["", *map(str.lower, example.forms), ""])}
    usual: dict[str, Counter[str]] = defaultdict(Counter)
    for example in corpus:
        for form, tag in zip(example.forms, example.annotations["xpos"], strict=True):
            usual[form.lower()][tag] += 1
    incoming: dict[str, set[str]] = {}
    for side, examples in of_sides(built_by[odd_man_out]):
        incoming[side] = set()
        for example in examples:
            if example.labels["odd_man_out"] == "O":
                continue
            before, after = original[example.id], ["", *map(str.lower, example.forms), ""]
            (place,) = [i for i, (a, b) in enumerate(zip(before.forms, example.forms, strict=True)) if a != b]
            word = example.forms[place]
            assert usual[word][before.annotations["xpos"][place]] == max(usual[word].values())
            assert {(after[place], word), (word, after[place + 2])} <= bigrams
            incoming[side].add(word)
    assert all(incoming.values())
    assert not incoming["train"] & incoming["dev"] and not incoming["train"] & incoming["test"]
    assert not incoming["dev"] & incoming["test"]


def cut(text: str) -> list[str]:
    """The clauses around the one conjunction."""
    for conjunction in (" and ", " but ", " or ", " so ", " yet ", " nor "):
        if text.count(conjunction) == 1:
            return [clause.strip(" ,.!?") for clause in text.split(conjunction)]
    return []


def test_an_inversion_swaps_the_clauses(corpus: Corpus, built_by: dict[Build, Corpus]) -> None:
    original = {example.id: example.text for example in corpus}
    inverted = [e for e in built_by[coordination_inversion] if e.labels["coordination_inversion"] == "I"]
    compared = 0
    for example in inverted:
        before, after = cut(original[example.id].lower()), cut(example.text.lower())
        if len(before) == len(after) == 2:
            assert before == after[::-1]
            compared += 1
    assert compared > 20


def test_neither_label_goes_with_the_longer_clause(built_by: dict[Build, Corpus]) -> None:
    for _, examples in of_sides(built_by[coordination_inversion]):
        longer: dict[str, Counter[int]] = {"O": Counter(), "I": Counter()}
        for example in examples:
            clauses = cut(example.text.lower())
            if len(clauses) == 2:
                difference = len(clauses[0].split()) - len(clauses[1].split())
                longer[example.labels["coordination_inversion"]][int(np.sign(difference))] += 1
        # Words are counted between spaces here, so that ties are not quite the same.
        assert abs(longer["O"][1] - longer["O"][-1]) <= 0.2 * len(examples) + 3
        assert abs(longer["I"][1] - longer["I"][-1]) <= 0.2 * len(examples) + 3


def coordinated(text: str, tags: str, heads: tuple[int, ...], relations: str) -> Example:
    return written(text, xpos=tuple(tags.split()), head=heads, deprel=tuple(relations.split()))


def dependencies(n: int) -> list[Example]:
    """Sentences of two clauses, either of which is the longer, by heads and relations alone."""
    examples = []
    for i in range(n):
        examples.append(
            coordinated(
                f"Mia{i} runs and he{i} sleeps well .",
                "NNP VBZ CC PRP VBZ RB .",
                (2, 0, 5, 5, 2, 5, 2),
                "nsubj root cc nsubj conj advmod punct",
            )
        )
        examples.append(
            coordinated(
                f"The{i} dog runs , but she{i} sleeps .",
                "DT NN VBZ , CC PRP VBZ .",
                (2, 3, 0, 7, 7, 7, 3, 3),
                "det nsubj root punct cc nsubj conj punct",
            )
        )
    return examples


def numbered(examples: list[Example]) -> Corpus:
    n = len(examples) // 3
    return Corpus(tuple(examples), Split(*(tuple(range(k * n, (k + 1) * n)) for k in range(3))), "toy")


def test_clauses_are_found_by_heads_where_there_is_no_tree() -> None:
    built = coordination_inversion(numbered(dependencies(12)))
    texts = {example.text for example in built if example.labels["coordination_inversion"] == "I"}
    assert len(built) == 24 and len(texts) == 12
    for text in texts:
        first, number = text.split()[0], "".join(filter(str.isdigit, text.split()[0]))
        expected = (
            f"He{number} sleeps well and Mia{number} runs .",
            f"She{number} sleeps , but the{number} dog runs .",
        )
        assert text == expected[first.startswith("She")]


def test_heads_that_run_in_a_circle_are_an_error_that_names_the_sentence() -> None:
    circle = coordinated(
        "Mia runs and he sleeps well .",
        "NNP VBZ CC PRP VBZ RB .",
        (6, 0, 5, 5, 2, 1, 2),
        "nsubj root cc nsubj conj advmod punct",
    )
    subject = replace(circle, annotations={**circle.annotations, "head": (2, 0, 5, 5, 2, 7, 6)})
    with pytest.raises(DataError, match=r"Example 'Mia runs': its heads run in a circle"):
        coordination_inversion(numbered([subject, *dependencies(12)[:-1]]))


# --- trees -----------------------------------------------------------------------------------------------------------


def test_depth_says_nothing_about_length(corpus: Corpus, built_by: dict[Build, Corpus]) -> None:
    depth = np.array([int(example.labels["tree_depth"]) for example in built_by[tree_depth]])
    length = np.array([len(example.words) for example in built_by[tree_depth]])
    everywhere = [(tree_of(example).depth, len(example.words)) for example in corpus]  # type: ignore[union-attr]
    assert np.corrcoef(np.array(everywhere).T)[0, 1] > 0.5
    assert abs(np.corrcoef(depth, length)[0, 1]) < 0.1
    assert len(depth) > 500
    assert depth.min() >= 5 and depth.max() <= 12


def test_the_depth_is_the_most_brackets_around_a_word(built_by: dict[Build, Corpus]) -> None:
    for example in built_by[tree_depth]:
        brackets = np.cumsum([{"(": 1, ")": -1}.get(char, 0) for char in example.tree or ""])
        assert brackets.max() == int(example.labels["tree_depth"])


def test_the_top_constituents_are_read_from_left_to_right(built_by: dict[Build, Corpus]) -> None:
    labels = Counter(example.labels["top_constituents"] for example in built_by[top_constituents])
    assert {"NP_VP_.", "VP_.", "OTHER"} <= set(labels)
    for example in built_by[top_constituents]:
        assert not is_word(example.forms[-1]) and all(map(is_word, example.forms[:-1]))
        tree = tree_of(example)
        assert tree is not None
        sequence = "_".join(child.label for child in tree.children)  # type: ignore[union-attr]
        assert example.labels["top_constituents"] in (sequence, "OTHER")


def test_rare_sequences_are_other_and_so_many_labels_at_most(corpus: Corpus) -> None:
    few = top_constituents(corpus, n_labels=3, balanced=False)
    labels = Counter(example.labels["top_constituents"] for example in few)
    assert set(labels) == {"NP_VP_.", "VP_.", "OTHER"}
    assert labels["NP_VP_."] > labels["VP_."]


def test_a_tree_that_does_not_fit_its_words_is_an_error_that_names_the_example() -> None:
    wrong = written("a b c", tree="(S (X a) (X b))")
    with pytest.raises(DataError, match="'0-0': its tree has 2 leaves for 3 words"):
        tree_depth(three_sides(wrong, words(5)))
