"""Reader of files of trees in Penn brackets, such as the Penn Treebank's."""

from __future__ import annotations

import re
from pathlib import Path

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example, placed
from probewidgets.data.readers.files import PathLike, decoded, read_sides
from probewidgets.data.readers.groups import Group, kept_together
from probewidgets.data.trees import parse
from probewidgets.errors import FormatError

__all__ = ["read_trees"]

ESCAPED = {
    "-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}", "``": '"', "''": '"',
    r"\/": "/", r"\*": "*",
}  # fmt: skip
"""How files write what brackets cannot hold."""

_ESCAPE = re.compile(r"-[LR][RSC]B-|^``$|^''$|\\[/*]")


def read_trees(
    train: PathLike,
    dev: PathLike | None = None,
    test: PathLike | None = None,
    *,
    group: Group | None = None,
    name: str | None = None,
    licence: str = "",
    seed: int = 0,
) -> Corpus:
    """Read files of trees in Penn brackets, over one line or several each.

    A text is its words with spaces between them (`-LRB-` is `(`). Tags become the annotation `"xpos"`; labels lose
    functions and indices (`NP-SBJ-1` is `NP`); what stands for no word (`-NONE-`) is left out, and so is a bracket
    without a label, or one called ROOT or TOP, around a whole tree.

    Typed texts are cut by the segmenter that agrees best with the words, as well as `corpus.writing.agreement` says.
    One that does better is put in by `dataclasses.replace(corpus, segmenter=...)`: see `Corpus`.

    Args:
        train: The training trees; alone, they are split 70/15/15 by example.
        dev: The development trees; without them, but with `test`, 15 % of `train` are set apart for it.
        test: The test trees; without them, but with `dev`, 15 % of `train` are set apart for it.
        group: A function Example -> group, or a list with a group, such as a document, for each tree, in the order of
            the files: trees of one group stand on one side where a split is made.
        name: What to call the corpus; by default, what the file names share, or else their folder.
        licence: A line that says under which licence the trees stand.
        seed: Of the split, where one is made.

    Raises:
        FormatError: Brackets do not match, or a file holds no tree.
        DataError: A file cannot be read, or there are too few trees to split.
    """
    paths = {"train": train, "dev": dev, "test": test}
    corpus = read_sides(_read, paths, "bracketed trees", name=name, licence=licence, seed=seed)
    return kept_together(corpus, paths, group, seed)


def _read(path: Path) -> list[Example]:
    def fail(line: int, message: str) -> FormatError:
        return FormatError(path, line, message)

    examples = []
    for line, tree in parse(decoded(path, "bracketed trees"), fail):
        tags, leaves = zip(*tree.tagged, strict=True)
        text, words = placed([_ESCAPE.sub(lambda match: ESCAPED[match[0]], leaf) for leaf in leaves])
        annotations = {"xpos": tags} if any(tags) else {}
        examples.append(Example(text, words, annotations, tree=str(tree), id=f"{path.name}:{line}"))
    if not examples:
        raise fail(1, "no tree found, expected (S (NP ...) (VP ...)). Check that this is the right file.")
    return examples
