"""Offers: the tasks that a corpus's own annotations give, with what each would have to learn."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example
from probewidgets.data.sources import KEYED, Sources, pairs_of, sources_of
from probewidgets.data.tasks import EdgeTask, SentenceTask, SpanTask, Task, WordTask

__all__ = ["Offer", "offer_of", "offers_of"]

_ENTITY = re.compile(r"([BIEMSLU])[-_](.+)")
"""A tag that says where in an entity a word stands."""
_MOST = 1000
"""Labels that a probe is offered, at most: of more, each is too rare to be learnt."""
_FEW_NUMBERS = 20
"""Different whole numbers up to which they are taken for names of classes."""
_SKIPPED = {"form", "head", "deps", *KEYED}
"""Annotations whose values are no labels: the words themselves, places in the sentence, and lists of features."""
_Counts = Counter[Any]


@dataclass(frozen=True)
class Offer:
    """A task, and what its labels are like in a corpus."""

    task: Task
    kind: str
    """What a target carries: `"label"`, `"labels"` or `"number"`."""
    counts: Mapping[str, int]
    """Label -> how often it stands there, the commonest first; of numbers nothing."""
    total: int
    """Targets with a label, over all sides."""
    reason: str = ""
    """Why no probe can be trained on it; empty if one can."""

    @property
    def key(self) -> str:
        """`"WordTask:upos"`."""
        return f"{type(self.task).__name__}:{self.task.name}"


def offers_of(corpus: Corpus) -> list[Offer]:
    """The tasks of a corpus: of its words, their features, its sentences, spans and edges, those first that can be.

    Cost: a few passes over all annotations.
    """
    sources = sources_of(corpus)
    offers = [offer for task, values in _named(corpus, sources) if (offer := _offer(task, values)) is not None]
    return sorted(offers, key=lambda offer: bool(offer.reason))


def offer_of(task: Task, corpus: Corpus) -> Offer:
    """A task of somebody's own, with what it finds in a corpus. Errors are those of the task."""
    targets = task.targets(corpus)
    if targets.kind == "number":
        return Offer(task, "number", {}, len(targets))
    counts = targets.y.sum(0) if targets.kind == "labels" else np.bincount(targets.y, minlength=len(targets.labels))
    commonest = Counter(dict(zip(targets.labels, counts.tolist(), strict=True))).most_common()
    reason = _reason(dict(commonest), len(targets)) if targets.kind == "label" else ""
    return Offer(task, targets.kind, dict(commonest), len(targets), reason)


def _named(corpus: Corpus, sources: Sources) -> Iterator[tuple[Callable[[bool], Task], _Counts]]:
    """Each task (told whether it is of numbers), and how often each label stands there."""
    counts = {name: _counted(v for e in corpus for v in e.annotations.get(name) or ()) for name in sources.annotations}
    columns = {name: counts[name] for name in _columns(sources)}
    for name, labels in {**columns, **_features(sources, counts)}.items():
        if begins := _entities(labels):
            yield lambda _, name=name: SpanTask(name), begins  # type: ignore[misc]
        yield lambda numbers, name=name: WordTask(name, numbers), labels  # type: ignore[misc]
    for name in sorted(sources.labels):
        labels = _counted(example.labels.get(name) for example in corpus)
        yield lambda numbers, name=name: SentenceTask(name, regression=numbers), labels  # type: ignore[misc]
    for name in sorted(sources.spans):
        labels = _counted(label for example in corpus for _, label in example.spans.get(name, ()))
        yield lambda numbers, name=name: SpanTask(name, regression=numbers), labels  # type: ignore[misc]
    yield from _of_targets(corpus)
    if {"head", "deprel"} <= sources.annotations:
        yield lambda _: EdgeTask("deprel"), _counted(label for example in corpus for label in _of_edges(example))


def _of_targets(corpus: Corpus) -> Iterator[tuple[Callable[[bool], Task], _Counts]]:
    """The spans or edges that the examples came with, and the phrases of their trees."""
    own = [target for example in corpus for target in example.targets]
    spans_each = {len(spans) for spans, _ in own}
    if spans_each == {1}:
        yield lambda numbers: SpanTask("targets", regression=numbers), _counted(label for _, label in own)
    if spans_each == {2}:
        yield lambda numbers: EdgeTask("targets", regression=numbers), _counted(label for _, label in own)
    if any(example.tree for example in corpus):
        targets = SpanTask("constituents").targets(corpus)
        yield lambda _: SpanTask("constituents"), Counter(targets.labels[k] for k in targets.y)


def _of_edges(example: Example) -> Iterator[Any]:
    """The relations of the words that have a head in their sentence."""
    heads, labels = (example.annotations.get(name) or () for name in ("head", "deprel"))
    return (label for head, label in zip(heads, labels, strict=False) if head)


def _columns(sources: Sources) -> list[str]:
    """Annotations of words that are labels: tags first, then what else stands in a column."""
    first = [name for name in ("upos", "tag", "ner", "xpos", "deprel") if name in sources.annotations]
    return [*first, *(name for name in sorted(sources.annotations) if name not in {*first, *_SKIPPED})]


def _features(sources: Sources, counts: Mapping[str, _Counts]) -> dict[str, _Counts]:
    """The features of words and how often each value stands there; of a key in FEATS and in MISC, the former."""
    features: dict[str, _Counts] = {}
    for column in KEYED:
        of_column: dict[str, _Counts] = {key: Counter() for key in sorted(sources.keys[column])}
        for written, n in counts.get(column, {}).items():
            for key, value in pairs_of(written).items():
                of_column[key][value] += n
        features |= {key: each for key, each in of_column.items() if key not in {*features, *sources.annotations}}
    return features


def _counted(values: Iterable[Any]) -> _Counts:
    """How often each value stands there; lists of labels as tuples, and None and NaN (no label) not at all."""
    plain = (tuple(value) if isinstance(value, list | set | frozenset) else value for value in values)
    return Counter(value for value in plain if value is not None and value == value)


def _entities(counts: _Counts) -> _Counts:
    """How often an entity of each kind begins; nothing where the tags do not say so."""
    tags = {tag: _ENTITY.fullmatch(tag) for tag in counts if isinstance(tag, str) and tag not in ("O", "o")}
    if not tags or len(tags) < len(counts) - 1 or not all(tags.values()):
        return Counter()
    begins: _Counts = Counter()
    for tag, match in tags.items():
        if match is not None and match[1] in "BSU":
            begins[match[2]] += counts[tag]
    return begins


def _offer(task: Callable[[bool], Task], counts: _Counts) -> Offer | None:
    """What there is to learn; None where there is not a single label."""
    total = counts.total()
    if not total:
        return None
    if any(isinstance(label, tuple) for label in counts):
        each: _Counts = Counter()
        for labels, n in counts.items():
            each.update(dict.fromkeys(map(str, labels if isinstance(labels, tuple) else (labels,)), n))
        return Offer(task(False), "labels", dict(each.most_common()), total)
    if _are_numbers(counts):
        return Offer(task(True), "number", {}, total)
    labels = {str(label): n for label, n in counts.most_common()}
    return Offer(task(False), "label", labels, total, _reason(labels, total))


def _are_numbers(labels: Iterable[Any]) -> bool:
    """Whether labels are numbers, and not the names of a few classes."""
    try:
        numbers = {float(label) for label in labels if not isinstance(label, bool)}
    except (TypeError, ValueError):
        return False
    return len(numbers) > _FEW_NUMBERS or any(number != int(number) for number in numbers if math.isfinite(number))


def _reason(counts: Mapping[str, int], total: int) -> str:
    if len(counts) < 2:
        return f"only one label, {next(iter(counts))}"
    if len(counts) > _MOST:
        return f"{len(counts):,} labels, each too rare to be learnt"
    return f"nearly each of {total:,} has a label of its own" if 2 * len(counts) > total else ""
