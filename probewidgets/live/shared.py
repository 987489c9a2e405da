"""Shared: predictors of one model that read a text alike run it once, and each takes the states of its own layers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ModelError
from probewidgets.live.numbers import NumberPredictor
from probewidgets.live.predictor import HeadPredictor, Predictor
from probewidgets.live.reader import Check, Reader, Text
from probewidgets.machine.arrays import Ints

if TYPE_CHECKING:
    from probewidgets.captures.pooling import Pool
    from probewidgets.captures.reading import Reading

__all__ = ["sharing"]

Batches: TypeAlias = "list[tuple[Ints, list[npt.NDArray[np.float32]]]]"

MOST_KEPT = 1 << 26
"""Bytes of states that wait for whoever comes next; a text that has more is run by each."""
_PATIENCE = 0.05
"""Seconds between two looks at whether an answer that waits for another's pass is still wanted."""


class Passes:
    """The states of the newest text that was run, at all layers that somebody asks for, until all have taken theirs.

    Args:
        layers: Those that are asked for.
        takers: How many take them.
    """

    def __init__(self, layers: Sequence[int], takers: int) -> None:
        self.layers = tuple(layers)
        self._takers = takers
        self._lock = threading.Lock()
        self._of: Reading | None = None
        self._batches: Batches = []
        self._left = 0

    def take(self, reading: Reading, run: Callable[[], Batches], check: Check) -> Batches:
        """The states of a text: those that are here, or what `run` gives, which all others wait for.

        Raises:
            Exception: Whatever `run` raises, or `check` while another one runs.
        """
        while not self._lock.acquire(timeout=_PATIENCE):
            check()
        try:
            if self._of is None or not _same(self._of, reading):
                self._of = None  # one text at a time is kept
                self._batches = run()
                self._of, self._left = reading, self._takers
            batches, self._left = self._batches, self._left - 1
            if self._left <= 0:
                self._of, self._batches = None, []
            return batches
        finally:
            self._lock.release()


@dataclass(frozen=True, eq=False)
class SharedReader(Reader):
    """A reader that looks for the states of a text among those that another one of the same model has had."""

    passes: Passes = field(default_factory=lambda: Passes((), 0))

    def states(
        self, text: Text, layers: Sequence[int], pool: Pool, site: str, check: Check
    ) -> Iterator[tuple[Ints, list[npt.NDArray[np.float32]]]]:
        """Batch by batch, as any reader has them.

        Raises:
            ModelError: The states hold NaN or infinity.
        """
        batches = self._together(text, pool, site, check)
        if batches is None:
            yield from super().states(text, layers, pool, site, check)
            return
        rows = [self.passes.layers.index(layer) for layer in layers]
        for at, states in batches:
            yield at, [states[row] for row in rows]

    def _together(self, text: Text, pool: Pool, site: str, check: Check) -> Batches | None:
        """The states at the layers of all; None where there are none, or too many of them, or something is wrong."""
        layers, run = self.passes.layers, super().states
        if text.reading is None or 4 * len(layers) * len(text.units) * self.model.hidden_size > MOST_KEPT:
            return None
        try:
            return self.passes.take(text.reading, lambda: list(run(text, layers, pool, site, check)), check)
        except ModelError:  # maybe of a layer that only others have: alone, one's own say what is wrong with them
            return None


def sharing(predictors: Sequence[Any]) -> list[Any]:
    """The same predictors, of which those of one model go through it together.

    They are those that `predictor` made of one LanguageModel, or of several with the same fingerprint as they are now,
    and that pool the states of the same site alike. A text is then run once for all of them, at all layers that one of
    them has, by the first that asks; the others wait for it. Where they cut it into other words or pieces, as they may
    by their corpora and gold labels, each runs it as its own.

    What they say is what they say alone, but for rounding: a pass is the same whichever of its states are looked at.
    """
    shared = list(predictors)
    left = [at for at, each in enumerate(predictors) if isinstance(each, Predictor | HeadPredictor | NumberPredictor)]
    while left:
        group = [at for at in left if _alike(predictors[left[0]], predictors[at])]
        left = [at for at in left if at not in group]
        layers = {layer for at in group for layer in predictors[at].sweep.layers}
        passes = Passes(sorted(layers), len(group))
        for at in group if len(group) > 1 else ():
            shared[at] = _with(predictors[at], passes)
    return shared


def _with(predictor: Any, passes: Passes) -> Any:
    """The same predictor with a reader that shares."""
    reader, twin = predictor.reader, replace(predictor)
    own = {each.name: getattr(reader, each.name) for each in fields(reader)}
    vars(twin)["reader"] = SharedReader(**own, passes=passes)  # where the cached property keeps it
    return twin


def _alike(mine: Any, other: Any) -> bool:
    """Whether two take the same states from one model. Weights are hashed only where they may well be equal."""
    card, theirs = mine.sweep.model, other.sweep.model
    if mine.pool is not other.pool or card.site != theirs.site:
        return False
    if mine.model is other.model:
        return True
    return card.fingerprint == theirs.fingerprint != "" and mine.model.fingerprint() == other.model.fingerprint()


def _same(mine: Reading, other: Reading) -> bool:
    """Whether two readings run the same tokens, and pool the same of them."""
    a, b = mine.aligned, other.aligned
    arrays = [
        (getattr(side, name), getattr(against, name))
        for side, against, names in (
            (mine, other, ("piece_begin", "token_begin", "place", "owner")),
            (a, b, ("content", "start", "end", "last")),
        )
        for name in names
    ]
    inputs, others = ([(piece.inputs, piece.source) for piece in each.pieces] for each in (mine, other))
    return inputs == others and all(np.array_equal(*pair) for pair in arrays)
