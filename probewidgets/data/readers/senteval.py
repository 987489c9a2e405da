"""Reader of SentEval's probing files: one sentence a line, its side of the split and its label before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from probewidgets.data.corpus import Corpus, assembled, warn_of_contradictions
from probewidgets.data.examples import Example
from probewidgets.data.readers.files import PathLike, as_path, decoded
from probewidgets.data.readers.groups import Group, groups_of, warn_of_groups
from probewidgets.data.sampling import sample
from probewidgets.data.segment import segment
from probewidgets.errors import DataError, FormatError, clipped

__all__ = ["read_senteval"]

SIDES = {"tr": "train", "va": "dev", "te": "test"}


def read_senteval(
    path: PathLike,
    *,
    group: Group | None = None,
    name: str | None = None,
    licence: str = "",
    most: int | Sequence[int] | None = None,
    seed: int = 0,
) -> Corpus:
    """Read a probing task of SentEval: lines of side (`tr`, `va`, `te`), label and text, with tabs between them.

    The label is `labels["label"]`, a string as it stands in the file, None where it is empty; the text is the last
    field, as it stands, and its words are what stands between spaces. Where labels are numbers in an order
    (`sentence_length`, `tree_depth`), `SentenceTask("label", regression=True)` reads them as such.

    Args:
        path: The file.
        group: A function Example -> group, or a list with a group, such as a document, for each sentence, train before
            dev before test. The file gives the sides; a group that stands on several of them is said.
        name: What to call the corpus; by default, the file's name.
        licence: A line that says under which licence the sentences stand.
        most: Examples of each side at most, or three numbers for train, dev and test: drawn at random, with the labels
            in their shares. These files are sorted in places, so their first lines are no sample.
        seed: Of the draw.

    Returns:
        The Corpus, with the split of the file; `capture` it with `SentenceTask("label")`.

    Raises:
        FormatError: A line breaks the format: too few fields, another side, no text; or the file is not UTF-8.
        DataError: The file cannot be read.

    Source: Conneau et al. 2018, "What you can cram into a single vector", section 2.
    """
    file = as_path(path, "path", "SentEval")
    sides: dict[str, list[Example]] = {side: [] for side in SIDES.values()}
    for side, example in _examples(file):
        sides[side].append(example)
    if not any(sides.values()):
        raise FormatError(file, 1, "no line found, expected at least one. Check that this is the right file.")
    corpus = assembled(sides, name or file.stem, licence, "whitespace")
    if group is not None:
        warn_of_groups(corpus.split, groups_of(corpus.examples, group, corpus.name), corpus.name)
    return warn_of_contradictions(corpus if most is None else sample(corpus, most, label="label", seed=seed))


def _examples(path: Path) -> Iterator[tuple[str, Example]]:
    """The side and the Example of every line that is not empty."""
    # Not splitlines(): texts may hold characters that it takes for line ends.
    for number, line in enumerate(decoded(path, "SentEval").split("\n"), start=1):
        if not line.strip():
            continue
        fields = line.split("\t")
        if len(fields) < 3:
            message = f"{len(fields)} field(s), expected at least 3 with tabs between them: side, label, text."
            raise FormatError(path, number, f"{message} It reads {clipped(line, 80)}.")
        if fields[0] not in SIDES:
            raise FormatError(path, number, f"the side is {clipped(fields[0], 40)}, expected one of {list(SIDES)}.")
        text = fields[-1]
        words = tuple(segment(text, "whitespace"))
        if not words:
            raise FormatError(path, number, "the last field, which is the text, is empty. Remove the line.")
        try:
            yield (
                SIDES[fields[0]],
                Example(text, words, labels={"label": fields[1] or None}, id=f"{path.name}:{number}"),
            )
        except DataError as error:
            raise FormatError(path, number, str(error)) from None
