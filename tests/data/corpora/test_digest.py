from __future__ import annotations

from dataclasses import replace

from probewidgets.data.corpora.grammar.digest import ENGLISH, digest
from probewidgets.data.corpora.grammar.english import english


def test_the_digest_that_explore_goes_by_is_that_of_the_default_corpus() -> None:
    today = digest(english())
    assert today == ENGLISH, (
        "english() gives another corpus than it did, so that explore would show sweeps of the old one. If that is "
        f'meant, write ENGLISH = "{today}" in probewidgets/data/corpora/grammar/digest.py.'
    )


def test_texts_words_tags_and_split_are_in_the_digest() -> None:
    corpus = english(20)
    first, *rest = corpus.examples
    upos = first.annotations["upos"]
    others = (
        replace(corpus, examples=(replace(first, text=first.text + " "), *rest)),
        replace(corpus, examples=(replace(first, words=first.words[:-1], annotations={"upos": upos[:-1]}), *rest)),
        replace(corpus, examples=(replace(first, annotations={"upos": ("X", *upos[1:])}), *rest)),
        replace(corpus, split=replace(corpus.split, dev=corpus.split.test, test=corpus.split.dev)),
    )
    assert len({digest(other) for other in (corpus, *others)}) == 5
    assert digest(corpus) == digest(english(20))
