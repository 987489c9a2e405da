from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import probewidgets as pw
from probewidgets.data.offers import Offer, offers_of


def by_key(corpus: pw.Corpus) -> dict[str, Offer]:
    return {offer.key: offer for offer in offers_of(corpus)}


def texts(column: str, labels: Sequence[Any]) -> pw.Corpus:
    return pw.read_table({"text": [f"text number {i}" for i in range(len(labels))], column: list(labels)}, label=column)


@pytest.fixture(scope="module")
def english() -> pw.Corpus:
    return pw.corpora.english(80)


def test_what_is_offered_can_be_read_and_is_counted_as_the_task_counts(english: pw.Corpus) -> None:
    offers = offers_of(english)
    assert offers[0].key == "WordTask:upos"
    for offer in offers:
        targets = offer.task.targets(english)
        assert offer.kind == targets.kind
        counts = np.bincount(targets.y, minlength=len(targets.labels))
        assert dict(offer.counts) == dict(zip(targets.labels, counts.tolist(), strict=True)), offer.key
        assert offer.total == len(targets)
        assert list(offer.counts.values()) == sorted(offer.counts.values(), reverse=True)


def test_words_features_phrases_and_edges_are_offered(english: pw.Corpus) -> None:
    keys = set(by_key(english))
    assert {"WordTask:upos", "WordTask:Number", "SpanTask:constituents", "EdgeTask:deprel"} <= keys
    assert not {"WordTask:form", "WordTask:head", "WordTask:feats", "WordTask:misc"} & keys


def test_what_cannot_be_learnt_says_why_and_stands_last(english: pw.Corpus) -> None:
    offers = offers_of(english)
    reasons = [bool(offer.reason) for offer in offers]
    assert reasons == sorted(reasons)
    assert by_key(english)["WordTask:Poss"].reason == "only one label, Yes"
    nearly = by_key(texts("id", [f"name {i}" for i in range(30)]))["SentenceTask:id"]
    assert nearly.reason == "nearly each of 30 has a label of its own"


def test_entities_are_offered_beside_the_tags_that_mark_them(tmp_path) -> None:
    path = tmp_path / "ner.txt"
    path.write_text("".join(f"John{i} B-PER\nSmith I-PER\nsaw O\nParis B-LOC\n\n" for i in range(12)))
    offers = by_key(pw.read_columns(path))
    assert offers["SpanTask:tag"].counts == {"PER": 12, "LOC": 12}
    assert offers["WordTask:tag"].counts == {"B-PER": 12, "I-PER": 12, "O": 12, "B-LOC": 12}


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        ([i / 7 for i in range(30)], "number"),
        ([str(i / 7) for i in range(30)], "number"),
        ([i % 5 for i in range(30)], "label"),
        (["pos", "neg"] * 15, "label"),
        ([["a", "b"], ["b"], []] * 10, "labels"),
    ],
)
def test_numbers_are_told_from_the_names_of_classes(labels: list[Any], kind: str) -> None:
    corpus = texts("mark", labels)
    offer = by_key(corpus)["SentenceTask:mark"]
    assert offer.kind == kind == offer.task.targets(corpus).kind
    assert not offer.reason
