"""Steps that all sentence tasks share: each text once, labels in equal numbers, and a corpus of what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from probewidgets.data.corpus import Corpus, assembled, check_corpus
from probewidgets.data.examples import Example
from probewidgets.data.splits import normalised
from probewidgets.errors import DataError, clipped, whole_number

__all__ = ["Labelled", "built", "distinct", "divided", "fewest_and_most", "halves", "is_word", "tags_of", "trimmed"]

Labelled = tuple[Example, str]
"""An example and its label."""

SHARES = {"train": 0.7, "dev": 0.15, "test": 0.15}
"""Of the sides, where a task has to split anew."""


def distinct(task: str, corpus: Corpus) -> dict[str, list[Example]]:
    """The examples of each side, for a task; of equal texts (up to case and spaces) only the first.

    Raises:
        DataError: Something else than a Corpus came.
    """
    check_corpus(task, corpus)
    seen: set[str] = set()
    sides: dict[str, list[Example]] = {}
    for side, indices in corpus.split.items():
        sides[side] = []
        for i in indices:
            text = normalised(corpus[i].text)
            if text not in seen and corpus[i].words:
                seen.add(text)
                sides[side].append(corpus[i])
    return sides


def fewest_and_most(name: str, value: object) -> tuple[int, int]:
    """Two whole numbers, the first no larger than the second.

    Raises:
        DataError: Something else came.
    """
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != 2:
        raise DataError(f"{name} must be two whole numbers, the fewest and the most, but {clipped(value)} came.")
    fewest, most = (whole_number(f"Each number of {name}", number, 0, DataError) for number in value)
    if fewest > most:
        raise DataError(f"{name} must be the fewest and then the most, but {clipped(value)} came.")
    return fewest, most


def is_word(form: str) -> bool:
    """Tell whether it is more than punctuation: whether there is a letter or a digit in it."""
    return any(char.isalnum() for char in form)


def tags_of(example: Example) -> Sequence[str | None]:
    """The tag of each word: `xpos`, or else `upos`."""
    annotations = example.annotations
    return annotations.get("xpos") or annotations.get("upos") or (None,) * len(example.words)


def trimmed(sides: Mapping[str, Sequence[Labelled]], random: np.random.Generator) -> dict[str, list[Labelled]]:
    """Each side with its labels in equal numbers: as many of each as of the rarest, drawn at random.

    A label that a side lacks makes that side empty; `built` says so.
    """
    labels = sorted({label for rows in sides.values() for _, label in rows})
    kept: dict[str, list[Labelled]] = {}
    for side, rows in sides.items():
        counts = Counter(label for _, label in rows)
        n = min((counts[label] for label in labels), default=0)
        order = random.permutation(len(rows)).tolist()
        so_far: Counter[str] = Counter()
        chosen = []
        for i in order:
            so_far[rows[i][1]] += 1
            if so_far[rows[i][1]] <= n:
                chosen.append(i)
        kept[side] = [rows[i] for i in sorted(chosen)]
    return kept


def halves(strata: Sequence[object], random: np.random.Generator) -> tuple[list[int], list[int]]:
    """Rows that stay as they are, and rows that are changed: as many, in each stratum; none is in both."""
    stay: list[int] = []
    change: list[int] = []
    for stratum in sorted(set(strata), key=str):
        members = [i for i in random.permutation(len(strata)).tolist() if strata[i] == stratum]
        half = len(members) // 2
        stay += members[:half]
        change += members[half : 2 * half]
    return sorted(stay), sorted(change)


def divided(groups: Mapping[str, Sequence[Labelled]], random: np.random.Generator) -> dict[str, list[Labelled]]:
    """Whole groups on the sides, about 70/15/15 of every label: the largest first, each where most is lacking."""
    total = Counter(label for rows in groups.values() for _, label in rows)
    sides: dict[str, list[Labelled]] = {side: [] for side in SHARES}
    filled: dict[str, Counter[str]] = {side: Counter() for side in SHARES}
    names = sorted(groups)
    order = sorted((names[i] for i in random.permutation(len(names))), key=lambda name: -len(groups[name]))
    for name in order:
        counts = Counter(label for _, label in groups[name])

        def lacking(side: str, counts: Counter[str] = counts) -> float:
            quota = SHARES[side]
            return sum(n * (1 - filled[side][label] / (quota * total[label])) for label, n in counts.items())

        side = max(SHARES, key=lacking)
        sides[side] += groups[name]
        filled[side].update(counts)
    return sides


def built(task: str, corpus: Corpus, sides: Mapping[str, Iterable[Labelled]], needed: str, labels: int = 2) -> Corpus:
    """The Corpus of a task.

    Args:
        task: Its name, and that of the label.
        corpus: What it was made from.
        sides: The examples of each side with their labels.
        needed: What sentences the task needs, for the message.
        labels: How many labels train must show.

    Raises:
        DataError: A side is empty, or train shows too few labels.
    """
    labelled = {side: [replace(e, labels={task: label}) for e, label in rows] for side, rows in sides.items()}
    shown = {example.labels[task] for example in labelled.get("train", ())}
    counts = ", ".join(f"{side} {len(labelled.get(side, ())):,}" for side in SHARES)
    if len(shown) < labels or not all(labelled.get(side) for side in SHARES):
        raise DataError(
            f"{task}: {corpus.name!r} has too little for it: of {len(corpus):,} sentences, {counts} are left, with "
            f"{len(shown)} label(s) in train, where every side needs some and train at least {labels} labels. It takes "
            f"{needed}. Give more text."
        )
    name = f"SentEval-style {task} of {corpus.name}"
    return assembled(labelled, name, corpus.licence, corpus.segmenter)
