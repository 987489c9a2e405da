"""Tested: the test targets of a sweep one by one. Where each stands, what it is, and in which order they are listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError
from probewidgets.machine.arrays import Floats, Ints
from probewidgets.metrics.intervals import Clusters
from probewidgets.sweeps.results import Sweep

if TYPE_CHECKING:
    import pandas as pd

    from probewidgets.captures.activations import Activations

__all__ = ["Tested", "frame", "ordered"]

_INSTEAD = {
    "number": "the answers are numbers: sweep.table() has their errors (mae, mse), and ProbeErrors lists them",
    "labels": "each target carries any number of labels, so none is given in place of another: sweep.per_label(layer) "
    "has precision and recall of each",
    "tree": "the answers are trees: ProbeExplorer shows the heads that are wrong",
    "head": "the answers are heads of words: ProbeExplorer shows those that are wrong",
    "pair": "the probes compare the two statements of a pair: sweep.table() has how many they get right",
}


@dataclass(frozen=True, eq=False)
class Tested:
    """The N test targets of a sweep, sentence by sentence, in the order of `Sweep.answers`.

    A subclass says what its answers are: each target has a class that is gold and one that is given, G in all, such as
    labels, or bins of numbers.

    Args:
        sweep: The answers, and the fitted probes.
        acts: The states that it was made with: a sweep keeps neither sentences nor states.

    Raises:
        ProbeError: These are no such values, they do not belong together, or the answers are of another kind.
    """

    sweep: Sweep
    acts: Activations

    kind: ClassVar[str]
    """Of the sweeps that it is for: see `Sweep.kind`."""
    measure: ClassVar[str]
    """The column of a slice's score: the mean of `measured` over its targets."""
    low_is_worst: ClassVar[bool]
    """Whether a low score is a bad one."""
    right_or_wrong: ClassVar[bool]
    """Whether an answer is either; a number is more or less far off."""
    sorts: ClassVar[tuple[str, ...]]
    """What targets can be sorted by: see `keys`; the first is the one that lists begin with."""

    def __post_init__(self) -> None:
        _check(self.sweep, self.acts, self.kind)

    def __len__(self) -> int:
        return len(self.rows)

    # ------------------------------------------------------------------ where each stands, and what it is

    @cached_property
    def rows(self) -> Ints:
        """(N,) the row of each in the Activations."""
        rows = self.acts.rows("test")
        return rows[np.argsort(self.acts.targets.example[rows], kind="stable")]

    @cached_property
    def example(self) -> Ints:
        """(N,) the sentence of each, as a place in the corpus."""
        return self.acts.targets.example[self.rows]

    @cached_property
    def spans(self) -> Ints:
        """(N, S, 2) characters of its sentence that each is."""
        return self.acts.targets.spans[self.rows]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """(N,) word type of each."""
        return tuple(self.acts.targets.surface[row] for row in self.rows)

    @cached_property
    def frequency(self) -> Ints:
        """(N,) how many training targets are of the same word type."""
        surface = self.acts.targets.surface
        counts = Counter(surface[row] for row in self.acts.rows("train"))
        return np.fromiter((counts[word] for word in self.words), np.int64, len(self))

    @cached_property
    def seen(self) -> npt.NDArray[np.bool_]:
        """(N,) whether train shows the word type."""
        return self.frequency > 0

    @cached_property
    def sentence(self) -> tuple[Ints, Ints]:
        """(N,) place of each among the words of its sentence, counted from 0; and (N,) how many words that has.

        A target of several words stands where its first one does; in a text whose words are not marked, what stands
        between spaces is one.
        """
        place, many = np.zeros(len(self), np.int64), np.zeros(len(self), np.int64)
        starts = self.spans[:, 0, 0] if self.spans.shape[1] else np.zeros(len(self), np.int64)
        for example in np.unique(self.example):
            mine = slice(*np.searchsorted(self.example, [example, example + 1]))
            begin = self._starts(int(example))
            many[mine] = len(begin)
            place[mine] = np.maximum(np.searchsorted(begin, starts[mine], side="right") - 1, 0)
        return place, many

    def _starts(self, example: int) -> list[int]:
        """Where the words of a sentence begin (chars)."""
        whole = self.acts.corpus[example]
        if whole.words:
            return [word.start for word in whole.words]
        ends = [0]
        for part in whole.text.split():
            ends.append(whole.text.index(part, ends[-1]) + len(part))
        return [end - len(part) for end, part in zip(ends[1:], whole.text.split(), strict=True)]

    @cached_property
    def clusters(self) -> Clusters:
        """The test sentences, drawn again as the sweep's own intervals have them."""
        return Clusters(self.example, int(self.sweep.settings.get("bootstrap", 1000)), self.sweep.seed)

    # ------------------------------------------------------------------ what the probes say

    @property
    def names(self) -> tuple[str, ...]:
        """(G,) what the classes are called."""
        raise NotImplementedError

    @property
    def gold(self) -> Ints:
        """(N,) the class that each is of."""
        raise NotImplementedError

    def given(self, layer: int) -> Ints:
        """(N,) the class that a layer's probe gives to each."""
        raise NotImplementedError

    def told(self, layer: int) -> Floats:
        """(N,) what else there is to be told of the answers of a layer: how sure they are, or how far off."""
        raise NotImplementedError

    def distribution(self, layer: int, place: int) -> Floats:  # noqa: ARG002 - which a subclass may ask for
        """(K,) probabilities of all labels for one target; none where there are no labels."""
        return np.zeros(0)

    def ready(self, layer: int) -> None:
        """Raise what keeps the answers of a layer from being had."""

    def wrong(self, layer: int) -> npt.NDArray[np.bool_]:
        """(N,) whether another class is given than the one that is gold."""
        return self.given(layer) != self.gold

    def measured(self, layer: int) -> npt.NDArray[np.float64]:
        """(N,) what the score of a slice is the mean of."""
        raise NotImplementedError

    def keys(self, told: Floats) -> Mapping[str, npt.NDArray[Any]]:
        """By what they can be sorted, (N,) numbers, the least first; `told`: see there."""
        raise NotImplementedError

    def columns(self, layer: int, told: Floats) -> Mapping[str, npt.NDArray[Any]]:
        """(N,) columns of a table that say what is gold, what is given, and what is told of it."""
        raise NotImplementedError

    def beside(self, layer: int, group: Ints, size: int) -> Mapping[str, npt.NDArray[Any]]:
        """(size,) columns that a table of slices has beside the score, of targets in so many groups."""
        raise NotImplementedError

    def counts(self, layer: int) -> Ints:
        """(G, G) how many targets of each class (row) were given each class (column)."""
        size = len(self.names)
        return np.bincount(self.gold * size + self.given(layer), minlength=size * size).reshape(size, size)

    def listed(
        self,
        layer: int,
        *,
        where: npt.NDArray[np.bool_] | None = None,
        gold: int | None = None,
        given: int | None = None,
        wrong: bool = False,
    ) -> Ints:
        """The places of the targets that fit, in the order of the text.

        Args:
            layer: Whose answers.
            where: (N,) of which targets; all by default.
            gold: Those that are of this class.
            given: Those to which this class is given.
            wrong: Those that are wrong.
        """
        fit = np.ones(len(self), bool) if where is None else where.copy()
        if gold is not None:
            fit &= self.gold == gold
        if given is not None:
            fit &= self.given(layer) == given
        if wrong:
            fit &= self.wrong(layer)
        return np.flatnonzero(fit)

    def states(self, layer: int, rows: Ints) -> npt.NDArray[np.float32]:
        """(rows, D) states; of those in a store no more is read than these rows' blocks."""
        states = np.empty((len(rows), self.acts.states.shape[2]), np.float32)
        for block, matrix in self.acts.blocks(layer):
            mine = np.flatnonzero((rows >= block.start) & (rows < block.stop))
            if len(mine):
                states[mine] = matrix[rows[mine] - block.start]
        return states


def ordered(tested: Tested, places: Ints, sort: str, told: Floats, reverse: bool = False) -> Ints:
    """Places, sorted; what is equal stays in the order of the text, and what is no number comes last.

    Args:
        tested: The test targets.
        places: Which.
        sort: One of `tested.sorts`, of which all have `"frequency"` (the commonest word in training first), `"seen"`
            (words that training never showed first), and `"text"`.
        told: (N,) of all targets: see `Tested.told`.
        reverse: The other way round.
    """
    keys = {
        **tested.keys(np.asarray(told, np.float64)),
        "frequency": -tested.frequency,
        "seen": tested.seen.astype(np.int64),
        "text": np.arange(len(tested)),
    }
    if sort not in keys:
        raise ProbeError(f"Targets are sorted by one of {list(tested.sorts)}, but {sort!r} came.")
    key = keys[sort][places]
    return places[np.argsort(-key if reverse else key, kind="stable")]  # what is NaN is sorted to the end


def frame(tested: Tested, layer: int, told: Floats, places: Ints | None = None) -> pd.DataFrame:
    """One row per target, by its place: sentence, word, what is gold and given, and what it is sliced by."""
    import pandas as pd

    where, (position, many) = np.arange(len(tested)) if places is None else places, tested.sentence
    return pd.DataFrame(
        {
            "layer": layer,
            "example": tested.example[where],
            "sentence": [tested.acts.corpus[int(example)].text for example in tested.example[where]],
            "word": [tested.words[place] for place in where],
            **{name: column[where] for name, column in tested.columns(layer, told).items()},
            "frequency": tested.frequency[where],
            "seen": tested.seen[where],
            "position": position[where],
            "words": many[where],
        },
        index=pd.Index(where, name="target"),
    )


def _check(sweep: object, acts: object, kind: str) -> None:
    """Raise ProbeError where they cannot be shown target by target, and say what is missing."""
    from probewidgets.captures.activations import Activations  # with torch behind it, which is not needed to import us

    if not isinstance(sweep, Sweep):
        raise ProbeError(f"A Sweep is needed, but {type(sweep).__name__} came: sweep(acts) gives one.")
    if sweep.kind != kind:
        raise ProbeError(
            f"Errors are listed of probes that give one label per target, or one number, but of this sweep of "
            f"{sweep.task!r} {_INSTEAD.get(sweep.kind, 'the answers are others')}."
        )
    if not isinstance(acts, Activations):
        other = "nothing" if acts is None else type(acts).__name__
        raise ProbeError(
            f"A Sweep keeps answers and probes, but not the sentences and their states: give the Activations that it "
            f"was made with too, which capture(model, corpus, task) gives (from its cache, where it kept them); "
            f"{other} came."
        )
    wrong = list(_differences(sweep, acts))
    if wrong:
        raise ProbeError(
            f"These Activations are not those that the sweep was made with: {'; '.join(wrong)}. Give the same ones, or "
            "sweep these."
        )


def _differences(sweep: Sweep, acts: Activations) -> Iterator[str]:
    """In what the Activations are other ones than those of the sweep."""
    if acts.targets.task != sweep.task:
        yield f"the task is {acts.targets.task!r}, not {sweep.task!r}"
    if (acts.model.name, acts.model.fingerprint) != (sweep.model.name, sweep.model.fingerprint):
        yield f"the model is {acts.model.name!r}, not {sweep.model.name!r}"
    here, there = len(acts.rows("test")), sweep.counts["test"][0]
    if here != there:
        yield f"there are {here:,} test targets, not {there:,}"
    if not set(sweep.layers) <= set(acts.layers):
        yield f"the layers are {list(acts.layers)}, and {list(sweep.layers)} are needed"
    if acts.pool != sweep.pool:
        yield f"the pool is {acts.pool!r}, not {sweep.pool!r}"
