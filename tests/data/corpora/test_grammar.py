"""Laws of the generated corpus: each sentence is a tree, agrees, reads back as typed, is ambiguous as English is."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict

import pytest

from probewidgets.data.corpora.grammar import english
from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example
from probewidgets.data.segment import best_segmenter
from probewidgets.data.splits import Split, normalised
from probewidgets.errors import DataError

UPOS = {
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM",
    "VERB", "X",
}  # fmt: skip
N = 5000


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return english(N)


def column(example: Example, name: str) -> tuple:
    return example.annotations[name]


def leaves(tree: str) -> list[str]:
    """The words of a Penn bracketing."""
    return [leaf.replace("-LRB-", "(").replace("-RRB-", ")") for leaf in re.findall(r" ([^\s()]+)\)", tree)]


def features(feats: str | None) -> dict[str, str]:
    return dict(pair.split("=") for pair in feats.split("|")) if feats else {}


def test_there_are_as_many_distinct_sentences_as_asked_for(corpus):
    assert len(corpus) == N
    assert len({normalised(example.text) for example in corpus}) == N
    assert len({example.id for example in corpus}) == N


def test_equal_seeds_give_equal_corpora_and_other_seeds_other_ones():
    first, again, other = english(200, seed=3), english(200, seed=3), english(200, seed=4)
    assert first == again
    assert len({example.text for example in first} & {example.text for example in other}) < 10


@pytest.mark.parametrize("n", ["x", 2.5, None, True])
def test_a_number_of_sentences_that_is_none_is_an_error(n):
    with pytest.raises(DataError, match=r"n of english\(n, seed\) must be a whole number"):
        english(n)
    with pytest.raises(DataError, match=r"seed of english\(n, seed\) must be a whole number"):
        english(3, n)


def test_a_shorter_corpus_is_the_start_of_a_longer_one(corpus):
    assert english(50).examples == corpus.examples[:50]


def test_the_split_is_by_example_and_seventy_fifteen_fifteen(corpus):
    assert corpus.split == Split.seeded([example.text for example in corpus], 0)
    assert [len(indices) for _, indices in corpus.split.items()] == [3500, 750, 750]
    assert corpus.overlap().duplicates == 0


def test_lengths_are_those_of_written_english(corpus):
    lengths = [len(example.words) for example in corpus]
    assert 10 <= corpus.n_words / len(corpus) <= 14
    assert min(lengths) <= 3
    assert 35 <= max(lengths) <= 40


def test_every_word_has_its_characters_in_order(corpus):
    for example in corpus:
        ends = [0, *(span.end for span in example.words)]
        for before, span in zip(ends, example.words, strict=False):
            assert before <= span.start < span.end
            assert not example.text[before : span.start].strip()
        assert example.words[-1].end == len(example.text)
        assert example.text == example.text.strip()
        assert "  " not in example.text


def test_every_word_has_a_tag_a_lemma_and_features_in_order(corpus):
    for example in corpus:
        assert set(column(example, "upos")) <= UPOS
        assert all(column(example, "lemma"))
        assert all(column(example, "xpos"))
        for feats in column(example, "feats"):
            assert feats != ""
            names = list(features(feats))
            assert names == sorted(names, key=str.lower)


def test_all_tags_are_used(corpus):
    used = Counter(tag for example in corpus for tag in column(example, "upos"))
    assert set(used) == UPOS


def test_heads_make_one_tree_per_sentence_without_cycles(corpus):
    for example in corpus:
        heads, relations = column(example, "head"), column(example, "deprel")
        n = len(heads)
        assert heads.count(0) == 1
        assert [relation for head, relation in zip(heads, relations, strict=True) if head == 0] == ["root"]
        assert relations.count("root") == 1
        for at in range(1, n + 1):
            steps = 0
            while at:
                assert 0 <= heads[at - 1] <= n
                at = heads[at - 1]
                steps += 1
                assert steps <= n


def test_trees_are_projective_but_for_fronted_wh_phrases(corpus):
    crossing = 0
    for example in corpus:
        heads = column(example, "head")
        edges = [(min(i, h), max(i, h)) for i, h in enumerate(heads, start=1) if h]
        if any(a < c < b < d for a, b in edges for c, d in edges):
            crossing += 1
            assert any(xpos in ("WP", "WDT") for xpos in column(example, "xpos"))
    assert crossing < 0.03 * len(corpus)


def test_the_leaves_of_the_constituency_tree_are_the_words(corpus):
    for example in corpus:
        assert example.tree.count("(") == example.tree.count(")")
        assert tuple(leaves(example.tree)) == example.forms


def test_preterminals_of_the_constituency_tree_are_the_penn_tags(corpus):
    for example in corpus:
        assert tuple(re.findall(r"\((\S+) [^\s()]+\)", example.tree)) == column(example, "xpos")


def test_finite_verbs_agree_with_their_subjects(corpus):
    checked = 0
    for example in corpus:
        feats = [features(f) for f in column(example, "feats")]
        heads, relations = column(example, "head"), column(example, "deprel")
        for at, (head, relation) in enumerate(zip(heads, relations, strict=True)):
            outer = any(h == head and r == "nsubj:outer" for h, r in zip(heads, relations, strict=True))
            if (
                outer
                or relation not in ("nsubj", "nsubj:pass")
                or feats[at].get("PronType", "").startswith(("Int", "Rel"))
            ):
                continue
            group = [
                head - 1,
                *(i for i, h in enumerate(heads) if h == head and relations[i] in ("aux", "aux:pass", "cop")),
            ]
            finite = [i for i in group if feats[i].get("Mood") == "Ind"]
            own = [i for i, h in enumerate(heads) if h == at + 1]
            if not finite or column(example, "upos")[at] not in ("NOUN", "PRON", "PROPN") or "Number" not in feats[at]:
                continue
            joined = any(relations[i] == "conj" for i in own) and any(
                heads[i] - 1 in own and relations[i] == "cc" and example.forms[i] != "&" for i in range(len(heads))
            )
            quantity = any(relations[i] == "nmod" for i in own)  # `a lot of people are`
            nation = column(example, "lemma")[at] in ("States", "Nations", "Philippines", "Netherlands")
            number = "Plur" if joined or feats[at]["Number"] in ("Plur", "Ptan") else "Sing"
            person = feats[at].get("Person", "3")
            for i in finite:
                if quantity or nation:
                    continue
                assert feats[i]["Number"] == number, example.text
                assert feats[i]["Person"] == ("3" if joined else person), example.text
                checked += 1
    assert checked > 1500


def test_a_and_an_follow_the_next_sound(corpus):
    for example in corpus:
        forms = [form.lower() for form in example.forms]
        for article, following in itertools.pairwise(forms):
            if article == "an":
                assert re.match(r"[aeiouh8]|11|18|[fnmlrsx][a-z]{1,3}\b", following), example.text
            elif article == "a" and following[0] in "aei":
                assert following.startswith(("eu", "e-")), example.text


def test_the_segmenter_finds_the_same_words(corpus):
    name, agreement = best_segmenter(corpus.examples)
    assert (name, corpus.segmenter) == ("english", "english")
    assert agreement > 0.98


def majority_labels(corpus: Corpus) -> tuple[dict[str, str], str]:
    """The most frequent tag of each word type in train, and of all."""
    types: dict[str, Counter] = defaultdict(Counter)
    for i in corpus.split.train:
        for form, tag in zip(corpus[i].forms, column(corpus[i], "upos"), strict=True):
            types[form][tag] += 1
    overall = sum(types.values(), Counter()).most_common(1)[0][0]
    return {form: tags.most_common(1)[0][0] for form, tags in types.items()}, overall


@pytest.mark.parametrize("seed", [0, 1])
def test_the_word_alone_does_not_tell_the_tag(seed):
    corpus = english(N, seed)
    best, overall = majority_labels(corpus)
    words = [(f, t) for i in corpus.split.test for f, t in zip(corpus[i].forms, column(corpus[i], "upos"), strict=True)]
    right = sum(best.get(form, overall) == tag for form, tag in words)
    assert 0.8 < right / len(words) <= 0.90


def test_many_words_stand_in_several_categories(corpus):
    tags = defaultdict(set)
    for example in corpus:
        for form, tag in zip(example.forms, column(example, "upos"), strict=True):
            tags[form.lower()].add(tag)
    assert sum(len(shown) > 1 for shown in tags.values()) > 400
    assert sum({"NOUN", "VERB"} <= shown for shown in tags.values()) >= 100
    expected = {
        "that": {"DET", "PRON", "SCONJ"}, "to": {"PART", "ADP"}, "'s": {"PART", "AUX", "PRON"}, "have": {"AUX", "VERB"},
        "like": {"VERB", "ADP", "INTJ"}, "as": {"ADP", "SCONJ", "ADV"}, "in": {"ADP", "ADV", "SCONJ"},
        "up": {"ADP", "ADV"}, "back": {"NOUN", "ADV", "ADP"}, "no": {"DET", "INTJ"}, "one": {"NUM", "PRON"},
        "so": {"ADV", "SCONJ"}, "there": {"PRON", "ADV"}, "well": {"ADV", "INTJ"}, "more": {"ADJ", "ADV"},
        "what": {"PRON", "DET"}, "light": {"NOUN", "ADJ"}, "run": {"NOUN", "VERB"},
    }  # fmt: skip
    for form, shown in expected.items():
        assert shown <= tags[form], form
    assert tags["her"] == {"PRON"}


def test_the_lexicon_is_rich(corpus):
    lemmas = {
        (lemma, tag)
        for example in corpus
        for lemma, tag in zip(column(example, "lemma"), column(example, "upos"), strict=True)
    }
    assert len(lemmas) >= 3000


def test_the_phenomena_are_all_there(corpus):
    relations = Counter(relation for example in corpus for relation in column(example, "deprel"))
    for relation in (
        "nsubj", "nsubj:pass", "obj", "iobj", "obl", "obl:agent", "nmod", "nmod:poss", "amod", "nummod",
        "advmod", "acl", "acl:relcl", "advcl", "ccomp", "xcomp", "csubj", "conj", "cc", "appos", "vocative",
        "discourse", "expl", "flat", "compound", "compound:prt", "fixed", "parataxis", "aux", "aux:pass",
        "cop", "mark", "case", "det", "det:predet", "punct", "list",
    ):  # fmt: skip
        assert relations[relation] >= 10, relation
