"""Groups, such as documents and authors: examples that stand on one side of a split together."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example
from probewidgets.data.readers.cells import is_missing
from probewidgets.data.splits import Split
from probewidgets.errors import DataError, clipped

__all__ = ["Group", "groups_of", "kept_together", "name_of", "warn_of_groups"]

Group = str | Callable[[Example], Hashable] | Iterable[Hashable]
"""What the readers take as `group=`: what the file calls it; a function Example -> its group; or the groups themselves,
one for each example in its order. None stands for a group of its own."""


def name_of(group: Group | None) -> str | None:
    """What the file calls it; None where it is not the file that says it."""
    return group if isinstance(group, str) else None


def groups_of(examples: Sequence[Example], group: Group, name: str) -> list[Hashable]:
    """The group of each example.

    Args:
        examples: In their order; where the file says the group, it is a label of each under that name.
        group: As the reader was given it.
        name: Of the corpus.

    Raises:
        DataError: No example has such a label; there are fewer groups or more; the function fails; a group cannot be
            compared with others.
    """
    if isinstance(group, str):
        groups = [example.labels.get(group) for example in examples]
        if all(value is None for value in groups):
            raise DataError(
                f"No sentence of {name!r} has a {group!r}, by which sentences were to be kept together. Where the file "
                "does not say it, give a function Example -> group, or a list with a group for each sentence."
            )
    elif callable(group):
        groups = [_asked(group, example) for example in examples]
    else:
        groups = list(group) if isinstance(group, Iterable) else [group]
        if len(groups) != len(examples):
            raise DataError(
                f"group= must have a group for each of the {len(examples):,} sentences of {name!r}, in their order, "
                f"but {len(groups):,} came. None stands for a group of its own."
            )
    for value, example in zip(groups, examples, strict=True):
        if not isinstance(value, Hashable) or isinstance(value, bytes):
            raise DataError(
                f"Example {example.id!r}: a group must be a name or a number, but {clipped(value)} came of group=."
            )
    return [None if is_missing(value) else value for value in groups]


def _asked(group: Callable[[Example], Any], example: Example) -> Any:
    """What a function of the person's own says of an example."""
    try:
        return group(example)
    except Exception as error:
        raise DataError(
            f"group= failed on example {example.id!r} ({type(error).__name__}: {error}). It is given an Example, and "
            "must give its group, such as lambda example: example.id.split(':')[0]."
        ) from error


def kept_together(corpus: Corpus, given: Mapping[str, Any], group: Group | None, seed: int) -> Corpus:
    """The corpus, split anew so that examples of one group stand on one side.

    Args:
        corpus: As `read_sides` gave it.
        given: `"train"`, `"dev"`, `"test"` -> the path, or None where the side was drawn from train.
        group: See `Group`; None leaves the corpus as it is.
        seed: Of the split.

    Raises:
        DataError: See `groups_of`; or there are too few groups.
    """
    if group is None:
        return corpus
    groups = groups_of(corpus.examples, group, corpus.name)
    kept = {side: rows for side, rows in corpus.split.items() if side != "train" and given.get(side) is not None}
    inside = set().union(*kept.values()) if kept else set()
    kept["train"] = tuple(i for i in range(len(corpus)) if i not in inside)
    split = Split.completed(kept, [example.text for example in corpus], seed, groups)
    return replace(corpus, split=warn_of_groups(split, groups, corpus.name))


def warn_of_groups(split: Split, groups: Sequence[Hashable] | None, name: str) -> Split:
    """The split as it is, with a warning where a group stands on several sides of it."""
    if groups is None:
        return split
    sides_of: dict[Any, set[str]] = {}
    for side, rows in split.items():
        for i in rows:
            sides_of.setdefault(groups[i], set()).add(side)
    torn = [group for group, sides in sides_of.items() if group is not None and len(sides) > 1]
    if torn:
        warnings.warn(
            f"{len(torn):,} group(s) of {name!r}, of which {clipped(torn[0], 40)} is the first, stand on several of "
            "the sides that were given: what a probe learns of them in train counts on test.",
            stacklevel=4,
        )
    return split
