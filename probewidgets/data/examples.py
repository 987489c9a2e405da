"""Examples: texts with their words and with what is known about them."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from probewidgets.errors import DataError, clipped

__all__ = ["Example", "Span", "as_span", "check_characters", "placed"]


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
        spans: Name -> (span, label) pairs: what was marked in the text under that name, words or not. A span may be a
            (start, end) pair of characters. `SpanTask(name)` reads them.

    Raises:
        DataError: The text is none or holds half a character (a lone surrogate); a word or a span is none or lies
            outside the text; annotations, labels or spans are no mapping; an annotation does not have one value per
            word.
    """

    text: str
    words: tuple[Span, ...] = ()
    annotations: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    labels: Mapping[str, Any] = field(default_factory=dict)
    tree: str | None = None
    id: str = ""
    source: str | None = None
    targets: tuple[tuple[tuple[Span, ...], Any], ...] = ()
    spans: Mapping[str, tuple[tuple[Span, Any], ...]] = field(default_factory=dict)

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
            ("spans", self.spans, "{'entities': [((0, 3), 'PER')]}"),
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
        object.__setattr__(
            self, "spans", _Frozen({name: self._spans(name, given) for name, given in self.spans.items()})
        )
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

    def _spans(self, name: str, given: Any) -> tuple[tuple[Span, Any], ...]:
        """(span, label) pairs, each within the text and none empty."""
        where = f"Example {self.id!r}: spans {name!r}"
        pairs = []
        for item in self._values(f"spans {name!r}", given):
            if not isinstance(item, tuple | list) or len(item) != 2:
                raise DataError(f"{where} must be (span, label) pairs, but {clipped(item)} is among them.")
            span = as_span(item[0], where)
            if not span.start < span.end <= len(self.text):
                raise DataError(
                    f"{where}: [{span.start}, {span.end}) is empty, or ends after the text of {len(self.text)} "
                    f"characters: {clipped(self.text, 80)}."
                )
            pairs.append((span, item[1]))
        return tuple(pairs)

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
        names = ", ".join([*self.annotations, *self.labels, *self.spans, *more])
        words = f"{len(self.words)} word{'' if len(self.words) == 1 else 's'}"
        return f"Example({text!r}: {words}{f'; {names}' if names else ''})"

    @property
    def forms(self) -> tuple[str, ...]:
        """The words as strings."""
        return tuple(self.text[span.start : span.end] for span in self.words)


def placed(forms: Sequence[str]) -> tuple[str, tuple[Span, ...]]:
    """Words as a text with a space between them, and where they stand in it."""
    spans, at = [], 0
    for form in forms:
        spans.append(Span(at, at + len(form)))
        at += len(form) + 1
    return " ".join(forms), tuple(spans)


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
