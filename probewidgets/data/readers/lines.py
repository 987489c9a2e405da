"""Reader of files with one sentence per line, and of files beside it with one label per word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example, placed
from probewidgets.data.readers.files import PathLike, as_path, check_masked, decoded
from probewidgets.data.readers.groups import Group, kept_together
from probewidgets.data.segment import best_segmenter
from probewidgets.data.splits import Split
from probewidgets.errors import DataError, FormatError, clipped

__all__ = ["read_lines"]

KIND = "one sentence per line"


def read_lines(
    text: PathLike,
    labels: Mapping[str, PathLike] | None = None,
    *,
    source: PathLike | None = None,
    group: Group | None = None,
    name: str | None = None,
    licence: str = "",
    seed: int = 0,
) -> Corpus:
    """Read sentences, one per line with spaces between their words, and files with one label per word beside them.

    Line n of a label file labels line n of the text; `_` is no label. Lines that are empty in all files are left out.
    Sentences are split 70/15/15.

    Typed texts are cut by the segmenter that agrees best with the words, as well as `corpus.writing.agreement` says.
    One that does better is put in by `dataclasses.replace(corpus, segmenter=...)`: see `Corpus`.

    Args:
        text: The sentences.
        labels: What to call an annotation -> the file with its labels: `{"upos": "train.en.upos"}`. None by default.
        source: Where `text` is a translation: what it was translated from, line by line, so that a decoder can be
            probed (`LanguageModel(..., stack="decoder")`).
        group: One of `labels`, whose value at the first word counts, and is a label of the sentence under that name; or
            a function Example -> group, or a list with a group for each sentence that is not empty. Sentences of one
            group stand on one side of the split.
        name: What to call the corpus; by default, the name of the file.
        licence: A line that says under which licence the sentences stand.
        seed: Of the split.

    Raises:
        FormatError: A line has more labels than words, or fewer; the files do not have the same number of lines; or
            there is no sentence.
        DataError: A file cannot be read, or there are too few sentences to split.
    """
    labels = {} if labels is None else labels
    if not isinstance(labels, Mapping):
        raise DataError(
            f"labels must map names to files, such as {{'upos': 'train.upos'}}, but {clipped(labels)} came."
        )
    given = {"text": text, **labels} | ({} if source is None else {"source": source})
    if len(given) != 1 + len(labels) + (source is not None):
        raise DataError("No annotation can be called 'text' or 'source': these are other files. Choose another name.")
    paths = {what: as_path(path, what, KIND) for what, path in given.items()}
    lines = {what: _lines(path) for what, path in paths.items()}
    _check_lengths(paths, lines)
    examples = []
    for number, row in enumerate(zip(*lines.values(), strict=True), start=1):
        columns = dict(zip(lines, row, strict=True))
        if any(line.strip() for line in row):
            examples.append(_example(paths, number, columns))
    if not examples:
        raise FormatError(paths["text"], 1, "no sentence found, expected one a line. Is this the right file?")
    check_masked(examples, str(paths["text"]))
    rows = tuple(range(len(examples)))
    corpus = Corpus(
        tuple(examples),
        Split.completed({"train": rows}, [example.text for example in examples], seed),
        name or paths["text"].name,
        licence,
        best_segmenter(examples)[0],
    )
    return kept_together(_labelled(corpus, group), {"train": text}, group, seed)


def _labelled(corpus: Corpus, group: Group | None) -> Corpus:
    """The corpus with the group of each sentence as its label, where it is one of the annotations."""
    if not isinstance(group, str):
        return corpus
    firsts = [(example.annotations.get(group) or (None,))[0] for example in corpus]
    labelled = (replace(e, labels={group: value}) for e, value in zip(corpus, firsts, strict=True))
    return replace(corpus, examples=tuple(labelled))


def _lines(path: Path) -> list[str]:
    # Not splitlines(): words may hold characters that it takes for line ends.
    lines = decoded(path, KIND).split("\n")
    return lines[:-1] if not lines[-1] else lines


def _check_lengths(paths: Mapping[str, Path], lines: Mapping[str, list[str]]) -> None:
    n = len(lines["text"])
    for what, path in paths.items():
        if len(lines[what]) != n:
            raise FormatError(
                path,
                min(n, len(lines[what])) + 1,
                f"the file has {len(lines[what]):,} lines, expected {n:,}, as many as {paths['text']}. Each line "
                "stands beside the sentence in the same line; give an empty sentence an empty line.",
            )


def _example(paths: Mapping[str, Path], number: int, columns: Mapping[str, str]) -> Example:
    """One line of each file."""
    forms = columns["text"].split()
    text, words = placed(forms)
    annotations = {}
    for what, line in columns.items():
        if what in ("text", "source"):
            continue
        values = line.split()
        if len(values) != len(forms):
            raise FormatError(
                paths[what],
                number,
                f"{len(values)} label(s) for {len(forms)} word(s), expected one each. The sentence reads "
                f"{clipped(text)}, the labels {clipped(line)}.",
            )
        annotations[what] = tuple(None if value == "_" else value for value in values)
    source = columns.get("source")
    if source is not None and not (source.strip() and forms):
        raise FormatError(
            paths["source"],
            number,
            f"a sentence without its translation: {clipped(source, 40)} and {clipped(text, 40)}.",
        )
    try:
        return Example(text, words, annotations, id=f"{paths['text'].name}:{number}", source=source)
    except DataError as error:
        raise FormatError(paths["text"], number, str(error)) from None
