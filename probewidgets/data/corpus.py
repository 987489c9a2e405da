"""Examples (texts with their words and annotations), the Corpus that holds them, and its Split."""

from __future__ import annotations

import operator
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from probewidgets.errors import DataError, clipped, whole_number

__all__ = ["Corpus", "Example", "Overlap", "Span", "Split"]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range `[start, end)` of characters in an Example's text.

    Args:
        start: First character, counted from 0 (chars).
        end: One past the last character (chars).
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise DataError(f"A span must be 0 <= start <= end, but [{self.start}, {self.end}) came.")

    def of(self, text: str) -> str:
        """The characters of `text` that this span covers."""
        return text[self.start : self.end]


def as_span(given: Any, what: str) -> Span:
    """A Span from a (start, end) pair, or a DataError that says `what` it was to be."""
    if isinstance(given, Span):
        return given
    try:
        if isinstance(given, str | bytes):
            raise TypeError
        start, end = map(operator.index, given)
    except (TypeError, ValueError):
        raise DataError(
            f"{what} must be a Span or a (start, end) pair of characters in the text, but {clipped(given)} came."
        ) from None
    return Span(start, end)


class _Frozen(dict[str, Any]):
    """A dict that cannot be written to, but is copied, pickled and turned into JSON as any other.

    Not a MappingProxyType, which neither pickle nor `dataclasses.asdict` can take.
    """

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("An Example cannot be changed: make another one with dataclasses.replace.")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[_Frozen], tuple[dict[str, Any]]]:
        return _Frozen, (dict(self),)


@dataclass(frozen=True)
class Example:
    """One text with its words and what is known about it. Immutable, and so are its mappings.

    Words may be given as (start, end) pairs, annotations as any sequences, and feats as mappings; they are kept as
    Spans, as tuples, and in UD's own writing (`"Number=Sing|Person=3"`).

    Args:
        text: The text as a person would write it; every span counts its characters.
        words: (W,) the words, in order of their text.
        annotations: Name (`"upos"`, `"feats"`, `"head"`, `"deprel"`, ...) -> (W,) one value per word; None where there
            is none. `"head"` holds the 1-based index of the word's head, 0 for the root.
        labels: Name -> a label (or a number, or a list of labels) of the whole text.
        tree: The constituency tree in Penn brackets, its leaves the words in order: `(S (NP (DET the) ...) ...)`.
        id: What errors and reports call this example.
        source: What the encoder reads where an encoder-decoder's decoder is probed: `text` is then its target text.
        targets: What is labelled in the text by whoever made it: (spans, label) each, one Span or two.
            `SpanTask("targets")` and `EdgeTask("targets")` read them.

    Raises:
        DataError: The text is none or holds half a character (a lone surrogate); a word is no span or lies outside the
            text; annotations or labels are no mapping; an annotation does not have one value per word.
    """

    text: str
    words: tuple[Span, ...] = ()
    annotations: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    labels: Mapping[str, Any] = field(default_factory=dict)
    tree: str | None = None
    id: str = ""
    source: str | None = None
    targets: tuple[tuple[tuple[Span, ...], Any], ...] = ()

    def __post_init__(self) -> None:
        self._check_text()
        object.__setattr__(
            self,
            "words",
            tuple(as_span(word, f"Example {self.id!r}: a word") for word in self._values("words", self.words)),
        )
        for span in self.words:
            if span.end > len(self.text):
                raise DataError(
                    f"Example {self.id!r}: the word [{span.start}, {span.end}) ends after its text of "
                    f"{len(self.text)} characters: {clipped(self.text, 80)}."
                )
        for what, given, such in (
            ("annotations", self.annotations, "{'upos': ('DET', 'NOUN')}"),
            ("labels", self.labels, "{'tense': 'past'}"),
        ):
            if not isinstance(given, Mapping):
                raise DataError(
                    f"Example {self.id!r}: {what} must be a mapping such as {such}, but {type(given).__name__} came."
                )
        annotations = {name: self._values(f"annotation {name!r}", given) for name, given in self.annotations.items()}
        if "feats" in annotations:
            annotations["feats"] = tuple(map(self._feats, annotations["feats"]))
        object.__setattr__(self, "annotations", _Frozen(annotations))
        object.__setattr__(self, "labels", _Frozen(self.labels))
        object.__setattr__(self, "targets", tuple((tuple(spans), label) for spans, label in self.targets))
        for name, values in annotations.items():
            if len(values) != len(self.words):
                raise DataError(
                    f"Example {self.id!r}: annotation {name!r} has {len(values)} values for {len(self.words)} words. "
                    "Give one value per word, None where there is none."
                )

    def __hash__(self) -> int:
        # Of what can always be hashed; equal examples agree in it.
        return hash((self.text, self.words, self.id))

    def _check_text(self) -> None:
        if not isinstance(self.text, str):
            raise DataError(f"Example {self.id!r}: the text must be a string, but {type(self.text).__name__} came.")
        check_characters(self.text, f"Example {self.id!r}: ")

    def _values(self, what: str, values: Any) -> tuple[Any, ...]:
        """A tuple from any iterable but a string."""
        if isinstance(values, tuple):
            return values
        try:
            if isinstance(values, str | bytes | Mapping):
                raise TypeError
            return tuple(values)
        except TypeError:
            raise DataError(
                f"Example {self.id!r}: {what} must be a sequence with one item per word, but {clipped(values)} came."
            ) from None

    def _feats(self, feats: Any) -> str | None:
        """`{"Person": "3", "Number": "Sing"}` in UD's own writing."""
        if feats is None or isinstance(feats, str):
            return feats
        if not isinstance(feats, Mapping):
            raise DataError(
                f"Example {self.id!r}: feats must be 'Number=Sing|Person=3', a mapping or None for each word, but "
                f"{clipped(feats)} came."
            )
        pairs = sorted((str(key), str(value)) for key, value in feats.items() if value is not None)
        return "|".join(f"{key}={value}" for key, value in pairs) or None

    def __repr__(self) -> str:
        text = self.text if len(self.text) <= 60 else self.text[:59] + "…"
        more = [*(["tree"] if self.tree else []), *([f"{len(self.targets)} targets"] if self.targets else [])]
        known = ", ".join([*self.annotations, *self.labels, *more])
        words = f"{len(self.words)} word{'' if len(self.words) == 1 else 's'}"
        return f"Example({text!r}: {words}{f'; {known}' if known else ''})"

    @property
    def forms(self) -> tuple[str, ...]:
        """The words as strings."""
        return tuple(self.text[span.start : span.end] for span in self.words)


@dataclass(frozen=True)
class Split:
    """Which examples are train, dev and test: indices into the Corpus. Examples, never tokens, are split.

    Args:
        train: Indices of the examples that probes are fitted on.
        dev: Of those on which penalties are chosen and training is stopped.
        test: Of those on which probes are scored.

    Raises:
        DataError: An example stands on two sides.
    """

    train: tuple[int, ...]
    dev: tuple[int, ...]
    test: tuple[int, ...]

    def __post_init__(self) -> None:
        seen: dict[int, str] = {}
        for side, indices in self.items():
            for index in indices:
                if index in seen:
                    raise DataError(
                        f"Example {index} is in both {seen[index]} and {side}. Give every example to one side only."
                    )
                seen[index] = side

    def items(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The sides by name, in the order train, dev, test."""
        yield from (("train", self.train), ("dev", self.dev), ("test", self.test))

    @staticmethod
    def seeded(texts: Sequence[str], seed: int = 0, dev: float = 0.15, test: float = 0.15) -> Split:
        """A random split by example; equal texts (up to case and spaces) always land on one side.

        Args:
            texts: The text of each example.
            seed: Of the shuffle; the same seed gives the same split.
            dev: Share of the examples for dev, in (0, 1).
            test: Share of the examples for test, in (0, 1).

        Raises:
            DataError: The shares leave nothing for train, there are fewer than 3 different texts, or `seed` is no whole
                number.
        """
        whole_number("seed", seed, None, DataError)
        if not (0 < dev < 1 and 0 < test < 1 and dev + test < 1):
            raise DataError(f"dev and test must be shares that leave some train, but dev={dev}, test={test} came.")
        groups: dict[str, list[int]] = {}
        for index, text in enumerate(texts):
            groups.setdefault(normalised(text), []).append(index)
        if len(groups) < 3:
            raise DataError(
                f"{len(groups)} different text(s) cannot be split into train, dev and test: give at least 3, "
                "or pass a Split of your own."
            )
        order = list(groups.values())
        random.Random(seed).shuffle(order)
        n_test = max(1, round(test * len(order)))
        n_dev = max(1, round(dev * len(order)))
        if n_test + n_dev >= len(order):
            raise DataError(f"dev={dev} and test={test} of {len(order)} different texts leave none for train.")
        sides = (order[n_test + n_dev :], order[n_test : n_test + n_dev], order[:n_test])
        return Split(*(tuple(sorted(i for group in side for i in group)) for side in sides))


@dataclass(frozen=True)
class Overlap:
    """What the sides share: the leaks that can make a probe look better than it is."""

    duplicates: int
    """Dev and test texts that also stand in train (equal up to case and spaces)."""
    examples: tuple[str, ...]
    """The first few of these texts."""
    unseen_tokens: float
    """Share of the test words whose type (exact string) is not in train, in [0, 1]."""
    unseen_types: float
    """Share of the test word types that are not in train, in [0, 1]."""
    test_in_train: int
    """Of `duplicates`, the test texts: what a probe remembers of them counts in the test scores."""
    dev_in_test: int
    """Dev texts that also stand in test: the choice on dev has seen them."""
    contradictions: int = 0
    """Texts (equal up to case and spaces) that carry different labels of one name: no probe can get them all right."""

    def __str__(self) -> str:
        contradictions = f"; {self.contradictions:,} text(s) with different labels" if self.contradictions else ""
        return (
            f"{self.duplicates:,} dev/test sentence(s) also in train ({self.test_in_train:,} of test); "
            f"{self.dev_in_test:,} dev sentence(s) also in test; "
            f"{self.unseen_tokens:.1%} of test words ({self.unseen_types:.1%} of types) unseen in train{contradictions}"
        )


@dataclass(frozen=True)
class Corpus:
    """Ordered Examples with a name, a licence line and a Split.

    Args:
        examples: The texts, in order.
        split: Which of them are train, dev and test; `Split.seeded` draws one.
        name: What tables and captions call it.
        licence: A line that says under which licence the sentences stand.
        segmenter: How words are found in raw text so that they match this corpus: `"english"`, `"unicode"` or
            `"whitespace"`; see `probewidgets.data.segment`.

    Raises:
        DataError: The split names an example that is not there.
    """

    examples: tuple[Example, ...]
    split: Split
    name: str = "corpus"
    licence: str = ""
    segmenter: str = "english"

    def __post_init__(self) -> None:
        for side, indices in self.split.items():
            bad = [i for i in indices if not 0 <= i < len(self.examples)]
            if bad:
                raise DataError(
                    f"The {side} side of the split names example {bad[0]}, but the corpus has {len(self.examples)}."
                )

    def __len__(self) -> int:
        return len(self.examples)

    def __iter__(self) -> Iterator[Example]:
        return iter(self.examples)

    def __getitem__(self, index: int) -> Example:
        return self.examples[index]

    def __repr__(self) -> str:
        sizes = " / ".join(f"{len(indices):,}" for _, indices in self.split.items())
        words = self.n_words
        licence = self.licence or "no licence line"
        return f"Corpus({self.name!r}: {sizes} sentences (train / dev / test), {words:,} words, {licence})"

    @property
    def n_words(self) -> int:
        """Words in all examples."""
        return sum(len(example.words) for example in self.examples)

    def overlap(self) -> Overlap:
        """Count the sentences that the sides share, and the word types of test that are not in train."""
        texts = {side: [normalised(self.examples[i].text) for i in indices] for side, indices in self.split.items()}
        train_texts, test_texts = set(texts["train"]), set(texts["test"])
        evaluated = zip((*self.split.dev, *self.split.test), (*texts["dev"], *texts["test"]), strict=True)
        copies = [self.examples[i].text for i, text in evaluated if text in train_texts]
        train_types = {form for i in self.split.train for form in self.examples[i].forms}
        test_words = [form for i in self.split.test for form in self.examples[i].forms]
        test_types = set(test_words)
        return Overlap(
            duplicates=len(copies),
            examples=tuple(copies[:5]),
            unseen_tokens=_share(form not in train_types for form in test_words),
            unseen_types=_share(form not in train_types for form in test_types),
            test_in_train=sum(text in train_texts for text in texts["test"]),
            dev_in_test=sum(text in test_texts for text in texts["dev"]),
            contradictions=self._contradictions(),
        )

    def _contradictions(self) -> int:
        """How many different texts carry two labels of one name."""
        label_of: dict[tuple[str, str], Any] = {}
        doubtful: set[str] = set()
        for example in self.examples:
            text = normalised(example.text) if example.labels else ""
            for name, label in example.labels.items():
                known = label is not None and label == label  # NaN is no label
                if known and label_of.setdefault((text, name), label) != label:
                    doubtful.add(text)
        return len(doubtful)


def check_characters(text: str, where: str = "") -> None:
    """Raise DataError where a text holds half a character."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise DataError(
            f"{where}character {error.start} of the text is half a character (the lone surrogate "
            f"{text[error.start]!a}), which no tokenizer takes. Decode the text again, or replace it: "
            "text.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace')."
        ) from None


def check_corpus(name: str, corpus: object) -> None:
    """Raise DataError unless a Corpus came; `name` is the function that takes it."""
    if not isinstance(corpus, Corpus):
        raise DataError(
            f"{name} takes a Corpus, but {type(corpus).__name__} came: read_conllu(...) and english() give one."
        )


def normalised(text: str) -> str:
    """`text` without differences of case and spaces: two texts equal under it are one sentence."""
    return re.sub(r"\s+", " ", text).strip().casefold()


def _share(flags: Iterable[bool]) -> float:
    flags = list(flags)
    return sum(flags) / len(flags) if flags else float("nan")
