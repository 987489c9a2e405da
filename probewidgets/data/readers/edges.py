"""Reader of edge-probing files: a sentence with its labelled spans, or pairs of spans, as JSON on each line."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example, Span
from probewidgets.data.readers.files import PathLike, decoded, read_sides
from probewidgets.data.readers.groups import Group, kept_together, name_of
from probewidgets.errors import DataError, FormatError, clipped

__all__ = ["read_edges"]


def read_edges(
    train: PathLike,
    dev: PathLike | None = None,
    test: PathLike | None = None,
    *,
    group: Group | None = None,
    name: str | None = None,
    licence: str = "",
    seed: int = 0,
) -> Corpus:
    """Read edge-probing files: a line of JSON for each sentence.

    Such as `{"text": "She ate rice", "targets": [{"span1": [1, 2], "span2": [2, 3], "label": "ARG1"}]}`.

    Spans are ranges `[first, last + 1)` of what stands between spaces in the text. `EdgeTask("targets")` reads them
    where there are two each, `SpanTask("targets")` where there is one; a list of labels makes either multi-label. What
    else is in the objects (`"info"`) is not read.

    Typed texts are cut by the segmenter that agrees best with the words, as well as `corpus.writing.agreement` says.
    One that does better is put in by `dataclasses.replace(corpus, segmenter=...)`: see `Corpus`.

    Args:
        train: The training sentences; alone, they are split 70/15/15 by example.
        dev: The development sentences; without them, but with `test`, 15 % of `train` are set apart for it.
        test: The test sentences; without them, but with `dev`, 15 % of `train` are set apart for it.
        group: A key of the objects, such as a document, whose value is a label of each sentence under that name; or a
            function Example -> group, or a list with a group for each sentence. Sentences of one group stand on one
            side where a split is made.
        name: What to call the corpus; by default, what the file names share, or else their folder.
        licence: A line that says under which licence the sentences stand.
        seed: Of the split, where one is made.

    Raises:
        FormatError: A line is no such JSON; a span is empty, runs backwards or leaves the sentence; some targets have
            one label and others a list, or some two spans and others one.
        DataError: A file cannot be read, or there are too few sentences to split.

    Source: Tenney et al. 2019, "What do you learn from context? Probing for sentence structure in contextualized word
    representations", section 3.
    """
    shape, key = _Shape(), name_of(group)
    paths = {"train": train, "dev": dev, "test": test}
    corpus = read_sides(
        lambda path: _read(path, shape, key), paths, "edge-probing JSON", name=name, licence=licence, seed=seed
    )
    return kept_together(corpus, paths, group, seed)


@dataclass
class _Shape:
    """Shape that all targets share, as the first one has it."""

    first: dict[str, str] = field(default_factory=dict)

    def check(self, what: str, given: str) -> None:
        """Raise DataError if the targets before had something else."""
        before = self.first.setdefault(what, given)
        if before != given:
            raise DataError(f"it has {given}, but the targets before have {before}. Give all of them alike.")


def _read(path: Path, shape: _Shape, group: str | None) -> list[Example]:
    """The sentences of one file."""
    examples = []
    # Not splitlines(): texts may hold characters that it takes for line ends.
    for number, line in enumerate(decoded(path, "edge-probing JSON").split("\n"), start=1):
        if line.strip():
            examples.append(_example(path, number, line, shape, group))
    if not examples:
        raise FormatError(path, 1, "no line found, expected JSON. Check that this is the right file.")
    return examples


def _example(path: Path, number: int, line: str, shape: _Shape, group: str | None) -> Example:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:  # ValueError: no JSON, or a number of thousands of digits
        message = f"this is no JSON ({error}), expected one object on each line. It reads {clipped(line)}."
        raise FormatError(path, number, message) from None
    text = given.get("text") if isinstance(given, dict) else None
    targets = given.get("targets") if isinstance(given, dict) else None
    if not isinstance(text, str) or not isinstance(targets, list):
        message = 'expected an object with "text", a string, and "targets", a list; '
        hint = " Spans of characters, as annotation tools export them, are read by read_table."
        raise FormatError(path, number, f"{message}{clipped(line)} came.{hint}")
    words = tuple(Span(*match.span()) for match in re.finditer(r"\S+", text))
    read = []
    for k, target in enumerate(targets, start=1):
        try:
            read.append(_target(target, words, shape))
        except DataError as error:
            raise FormatError(path, number, f"target {k} of {len(targets)}: {error}") from None
    labels = {} if group is None else {group: _group(path, number, given, group)}
    try:
        return Example(text, words, labels=labels, id=f"{path.name}:{number}", targets=tuple(read))
    except DataError as error:
        raise FormatError(path, number, str(error)) from None


def _group(path: Path, number: int, given: dict[str, Any], key: str) -> Any:
    value = given.get(key)
    if not isinstance(value, str | int) or value == "":
        raise FormatError(path, number, f"{key!r} must name the group of the sentence, but {clipped(value)} came.")
    return value


def _target(target: Any, words: tuple[Span, ...], shape: _Shape) -> tuple[tuple[Span, ...], Any]:
    """The spans of a target, and its label."""
    if not isinstance(target, dict) or "span1" not in target or "label" not in target:
        raise DataError(f'expected an object with "span1" and "label", but {clipped(target)} came.')
    label = target["label"]
    several = isinstance(label, list)
    if not all(isinstance(name, str | int) and name != "" for name in (label if several else [label])):
        raise DataError(f"the label must be a string or a list of strings, but {clipped(label)} came.")
    spans = tuple(_span(name, target[name], words) for name in ("span1", "span2") if target.get(name) is not None)
    shape.check("spans", f"{len(spans)} span(s)")
    shape.check("label", "a list of labels" if several else "one label")
    return spans, tuple(map(str, label)) if several else str(label)


def _span(name: str, given: Any, words: tuple[Span, ...]) -> Span:
    """The characters that a range of words covers."""
    if not isinstance(given, list) or len(given) != 2 or not all(type(edge) is int for edge in given):
        raise DataError(f"{name} must be [first, last + 1], two numbers of words, but {clipped(given)} came.")
    first, end = given
    if not 0 <= first < end <= len(words):
        kind = "is empty" if first == end else "runs backwards" if first > end else "leaves the sentence"
        raise DataError(f"{name} {given} {kind}, expected 0 <= first < end <= {len(words)}, its words.")
    return Span(words[first].start, words[end - 1].end)
