"""OnTest: the test targets of a sweep one by one. Where each stands, what it is, and what each layer says of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError
from probewidgets.machine.arrays import Floats, Ints
from probewidgets.metrics.calibration import scaled
from probewidgets.metrics.intervals import Clusters
from probewidgets.sweeps.results import Sweep

if TYPE_CHECKING:
    import pandas as pd

    from probewidgets.captures.activations import Activations

__all__ = ["SORTS", "OnTest", "frame", "ordered"]

SORTS = ("confidence", "frequency", "seen", "text")
"""What targets can be sorted by: see `ordered`."""
_ROUNDING = 0.05
"""How far the probability of the label that the sweep kept may be below the largest one, in states kept in half."""
_INSTEAD = {
    "number": "its answers are numbers: sweep.table() has their errors (mae, mse), and ProbeExplorer shows them",
    "labels": "each target carries any number of labels, so none is given in place of another: sweep.per_label(layer) "
    "has precision and recall of each",
    "tree": "its answers are trees: ProbeExplorer shows the heads that are wrong",
    "head": "its answers are heads of words: ProbeExplorer shows those that are wrong",
    "pair": "its probes compare the two statements of a pair: sweep.table() has how many they get right",
}


@dataclass(frozen=True, eq=False)
class OnTest:
    """The N test targets of a sweep of labels, sentence by sentence, in the order of `Sweep.answers`.

    Args:
        sweep: The answers, and the fitted probes.
        acts: The states that it was made with: a sweep keeps neither sentences nor states.

    Raises:
        ProbeError: These are no such values, they do not belong together, or the sweep's answers are not one label
            each.
    """

    sweep: Sweep
    acts: Activations

    def __post_init__(self) -> None:
        _check(self.sweep, self.acts)
        own = np.array(self.acts.targets.labels, object)[self.acts.targets.y[self.rows]]
        if not np.array_equal(own, np.array(self.sweep.label_names, object)[self.sweep.gold]):
            raise ProbeError(
                f"The test targets of these Activations carry other labels than those that the sweep of "
                f"{self.sweep.task!r} was tested on. Give the Activations that the sweep was made with."
            )

    def __len__(self) -> int:
        return len(self.sweep.gold)

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
    def gold(self) -> Ints:
        """(N,) gold label of each, as a place in `Sweep.label_names`."""
        return self.sweep.gold

    def given(self, layer: int) -> Ints:
        """(N,) the label that a layer's probe gives to each, as a place in `Sweep.label_names`."""
        return np.asarray(self.sweep.answers[self.sweep.index(layer)])

    def hits(self, layer: int) -> npt.NDArray[np.bool_]:
        """(N,) whether it is right."""
        return self.given(layer) == self.gold

    def confidence(self, layer: int) -> npt.NDArray[np.float32]:
        """(N,) the probability of the label that is given, calibrated on dev as a predictor's are.

        Raises:
            ProbeError: The probe answers these states otherwise than the sweep kept it.
            StoreError: The states are in a store of which a file is gone.

        Cost: 25,000 words x 384 features x 17 labels take 0.1 s.
        """
        proba = self._proba(layer, self.rows)
        best, given = proba.argmax(1), self.given(layer)
        share = proba[np.arange(len(proba)), given]
        # Between labels that are about as probable, how states were rounded decides.
        if (proba[np.arange(len(proba)), best] - share > _ROUNDING).any():
            raise ProbeError(
                f"At layer {layer} the probe gives other labels to these states than the sweep kept. Give the "
                "Activations that the sweep was made with."
            )
        return share.astype(np.float32)

    def distribution(self, layer: int, place: int) -> Floats:
        """(K,) probabilities of all labels for one target, calibrated alike."""
        return self._proba(layer, self.rows[place : place + 1])[0]

    def _proba(self, layer: int, rows: Ints) -> Floats:
        """(rows, K) calibrated probabilities; of states in a store no more is read than these rows' blocks."""
        states = np.empty((len(rows), self.acts.states.shape[2]), np.float32)
        for block, matrix in self.acts.blocks(layer):
            mine = np.flatnonzero((rows >= block.start) & (rows < block.stop))
            if len(mine):
                states[mine] = matrix[rows[mine] - block.start]
        log_proba = self.sweep.probe_of(layer).log_proba(states)
        return np.asarray(np.exp(scaled(log_proba, self.sweep.score(layer).temperature)))

    # ------------------------------------------------------------------ lists

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
            gold: Those whose gold label this is.
            given: Those to which this label is given.
            wrong: Those that are wrong.
        """
        fit = np.ones(len(self), bool) if where is None else where.copy()
        answers = self.given(layer)
        if gold is not None:
            fit &= self.gold == gold
        if given is not None:
            fit &= answers == given
        if wrong:
            fit &= answers != self.gold
        return np.flatnonzero(fit)


def ordered(
    tested: OnTest, places: Ints, sort: str, confidence: npt.NDArray[np.floating[Any]], reverse: bool = False
) -> Ints:
    """Places, sorted; what is equal stays in the order of the text.

    Args:
        tested: The test targets.
        places: Which.
        sort: `"confidence"` (the surest first), `"frequency"` (the commonest word in training first), `"seen"`
            (words that training never showed first), or `"text"`.
        confidence: (N,) of all targets; what is no number comes last.
        reverse: The other way round.
    """
    keys = {
        "confidence": -np.asarray(confidence, np.float64),
        "frequency": -tested.frequency,
        "seen": tested.seen.astype(np.int64),
        "text": np.arange(len(tested)),
    }
    if sort not in keys:
        raise ProbeError(f"Targets are sorted by one of {list(SORTS)}, but {sort!r} came.")
    key = keys[sort][places]
    return places[np.argsort(-key if reverse else key, kind="stable")]  # what is NaN is sorted to the end


def frame(
    tested: OnTest, layer: int, confidence: npt.NDArray[np.floating[Any]], places: Ints | None = None
) -> pd.DataFrame:
    """One row per target, by its place: sentence, word, gold and given label, and what it is sliced by."""
    import pandas as pd

    names, where = np.array(tested.sweep.label_names, object), np.arange(len(tested)) if places is None else places
    given, (position, many) = tested.given(layer), tested.sentence
    return pd.DataFrame(
        {
            "layer": layer,
            "example": tested.example[where],
            "sentence": [tested.acts.corpus[int(example)].text for example in tested.example[where]],
            "word": [tested.words[place] for place in where],
            "gold": names[tested.gold[where]],
            "given": names[given[where]],
            "right": given[where] == tested.gold[where],
            "confidence": confidence[where],
            "frequency": tested.frequency[where],
            "seen": tested.seen[where],
            "position": position[where],
            "words": many[where],
        },
        index=pd.Index(where, name="target"),
    )


def _check(sweep: object, acts: object) -> None:
    """Raise ProbeError where they cannot be shown target by target, and say what is missing."""
    from probewidgets.captures.activations import Activations  # with torch behind it, which is not needed to import us

    if not isinstance(sweep, Sweep):
        raise ProbeError(f"A Sweep is needed, but {type(sweep).__name__} came: sweep(acts) gives one.")
    if sweep.kind != "label":
        raise ProbeError(
            f"Who is taken for whom is asked of probes that give one label per target, but of this sweep of "
            f"{sweep.task!r} {_INSTEAD.get(sweep.kind, 'the answers are others')}."
        )
    if not sweep.answers.size:
        raise ProbeError("This sweep was saved by a version that did not keep the answers: sweep again for them.")
    if not isinstance(acts, Activations):
        other = "nothing" if acts is None else type(acts).__name__
        raise ProbeError(
            f"A Sweep keeps answers and probes, but not the sentences and their states: give the Activations that it "
            f"was made with too, which capture(model, corpus, task) gives (from its cache, where it kept them); "
            f"{other} came."
        )
    differs = {
        f"the task is {acts.targets.task!r}, not {sweep.task!r}": acts.targets.task != sweep.task,
        f"the model is {acts.model.name!r}, not {sweep.model.name!r}": (acts.model.name, acts.model.fingerprint)
        != (sweep.model.name, sweep.model.fingerprint),
        f"there are {len(acts.rows('test')):,} test targets, not {len(sweep.gold):,}": len(acts.rows("test"))
        != len(sweep.gold),
        f"the layers are {list(acts.layers)}, and {list(sweep.layers)} are needed": not set(sweep.layers)
        <= set(acts.layers),
        f"the pool is {acts.pool!r}, not {sweep.pool!r}": acts.pool != sweep.pool,
    }
    wrong = [what for what, other in differs.items() if other]
    if wrong:
        raise ProbeError(
            f"These Activations are not those that the sweep was made with: {'; '.join(wrong)}. Give the same ones, or "
            "sweep these."
        )
