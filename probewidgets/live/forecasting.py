"""Forecasting: what a training will take on this machine, by trying a little of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, chain, repeat
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from probewidgets.data.corpus import Corpus
from probewidgets.data.splits import Split
from probewidgets.machine.progress import heard_by

if TYPE_CHECKING:
    from probewidgets.captures.activations import Activations
    from probewidgets.live.training import Order

__all__ = ["Forecast", "forecast"]

Result = TypeVar("Result")

_SECOND = 2_000
"""Characters of the first trial batch; the second is chosen so that it takes about `_SECONDS`."""
_MOST = 60_000
_SECONDS = 0.7
_NUMBERS = 9_000_000
"""Numbers in the states of a trial fit, at most; and in one of half as many targets, which together tell how time
grows. Both are so many that probes work on them as they do on all (small states are taken in double precision)."""


@dataclass(frozen=True)
class Forecast:
    """What a training will take: measured on a sample of its texts, and grown to all of them."""

    targets: int
    tokens: int
    """Of all texts, by those of the sample."""
    kept: float
    """Share of the texts whose states are in the cache already."""
    capture: float
    """Seconds."""
    layer: float
    """Seconds that the fits and scores of a layer take."""
    layers: int
    memory: int
    """Bytes."""
    disk: int
    """Bytes."""

    @property
    def seconds(self) -> float:
        """Of all of it."""
        return self.capture + self.layers * self.layer


def forecast(order: Order, check: Callable[[], object] = lambda: None) -> Forecast:
    """Time a trial batch, and trial fits on what it gives, and see what of it is kept from before.

    Args:
        order: What is to be trained.
        check: Called between steps; what it raises ends the work.

    Raises:
        ProbeWidgetsError: Whatever capture or sweep would raise at once.

    Cost: some seconds; three trial captures and two or three trial fits, each made twice.
    """
    from probewidgets.captures.ahead import look_ahead

    room = look_ahead(
        order.model, order.corpus, order.task, layers=order.layers, pool=order.pool, site=order.site
    )  # fmt: skip
    check()
    slope, fixed, tokens_each, sample = _read(order, check)
    characters = sum(len(example.text) for example in order.corpus)
    tokens = round(characters * tokens_each)
    models = 2 if order.random else 1
    left = 1 - room.kept / max(1, room.texts)
    return Forecast(
        targets=room.targets,
        tokens=tokens,
        kept=1 - left,
        capture=fixed * models + slope * characters * (left + models - 1),
        layer=_fit_seconds(order, sample, room.targets, check) * models,
        layers=len(order.layers),
        memory=room.memory * models,
        disk=room.disk,
    )


def _read(order: Order, check: Callable[[], object]) -> tuple[float, float, float, Activations]:
    """Seconds for each character and for none, tokens for each character, and the states of the sample."""
    _, took_few, few = _captured(order, _SECOND)
    check()
    sample, took, many = _captured(order, int(np.clip(few * _SECONDS / max(took_few, 1e-3), 2 * _SECOND, _MOST)))
    check()
    slope = _slope(took_few, few, took, many)
    if (enough := min(_SECONDS / slope, _MOST)) > 2 * many:  # what is there for each capture has hidden how quick it is
        took_few, few = took, many
        sample, took, many = _captured(order, int(enough))
        slope = _slope(took_few, few, took, many)
        check()
    texts = [example.text for example in sample.corpus]
    tokens = sum(map(len, order.model.encode(texts, None if not _decodes(order) else texts)))
    return slope, max(took - slope * many, 0.0), tokens / max(many, 1), sample


def _slope(took_few: float, few: int, took: float, many: int) -> float:
    """Seconds for each character more."""
    if many <= few:  # the corpus is as small as the trial
        return took / max(many, 1)
    return max((took - took_few) / (many - few), 0.2 * took / many)


def _decodes(order: Order) -> bool:
    return order.model.stack == "decoder"


def _captured(order: Order, characters: int) -> tuple[Activations, float, int]:
    """States of some texts from all over the corpus, how long that took (s), and their characters."""
    from probewidgets.captures.capture import capture

    corpus = _some(order.corpus, characters)
    take = partial(
        capture,
        order.model,
        corpus,
        order.task,
        layers=order.layers,
        pool=order.pool,
        site=order.site,
        too_long="window",
        store=False,
    )
    with heard_by(lambda *_: None):
        acts, took = _timed(take)
    return acts, took, sum(len(example.text) for example in corpus)


def _timed(act: Callable[[], Result]) -> tuple[Result, float]:
    """What it gives, and seconds: of two runs the quicker, as shapes that are new to a library cost more once."""
    times = []
    for _ in range(2):
        start = perf_counter()
        result = act()
        times.append(perf_counter() - start)
    return result, min(times)


def _some(corpus: Corpus, characters: int) -> Corpus:
    """So many characters of texts, evenly from all over a corpus; one text at least, all of them on the side train."""
    total = sum(len(example.text) for example in corpus)
    share = min(1.0, characters / max(total, 1))
    count = max(1, round(share * len(corpus)))
    places = np.unique(np.linspace(0, len(corpus) - 1, count).round().astype(int))
    lengths = accumulate(len(corpus[int(place)].text) for place in places)
    few = max(1, sum(length <= 2 * characters for length in lengths))
    examples = tuple(corpus[int(place)] for place in places[:few])
    return replace(corpus, examples=examples, split=Split(tuple(range(len(examples))), (), ()))


def _fit_seconds(order: Order, sample: Activations, targets: int, check: Callable[[], object]) -> float:
    """Seconds that a layer in the middle takes, with as many targets as there are."""
    most = min(max(_NUMBERS // sample.states.shape[2], 1), targets)
    (few, short), (many, long) = (_trial(order, sample, rows, check) for rows in (most // 2, most))
    slope = max((long - short) / max(many - few, 1), 0.2 * long / many) if many > few else long / many
    seconds = long + slope * (targets - many)
    if not getattr(order.probe, "stops_early", False) or many <= sample.n_targets:
        return seconds
    # Copies are learned in fewer epochs than as many other texts, and those in fewer than some of them: the one says
    # too little, the other too much.
    alone, took = _trial(order, sample, sample.n_targets, check)
    return float(np.sqrt(seconds * max(took * targets / alone, seconds)))


def _trial(order: Order, sample: Activations, rows: int, check: Callable[[], object]) -> tuple[int, float]:
    """How many targets a trial had, and how long one layer took (s)."""
    from probewidgets.sweeps.sweep import begun

    acts = _grown(order, sample, max(rows, 1))
    trial = begun(acts, order.probe, control=order.draws)
    check()
    _, took = _timed(partial(trial.run, *acts.layers))
    check()
    return acts.n_targets, took


def _grown(order: Order, sample: Activations, rows: int) -> Activations:
    """A layer in the middle of a sample, again and again to as many rows, on sides in the proportions of the corpus."""
    middle = len(sample.layers) // 2
    again = max(1, round(rows / max(1, sample.n_targets)))
    each = len(sample.corpus)
    sizes = [len(side) for _, side in order.corpus.split.items()]
    ends = np.cumsum(np.array(sizes) / max(1, sum(sizes)) * each).round().astype(int).tolist()
    shuffled = np.random.default_rng(0).permutation(each)  # each side has all kinds of texts
    # The copies of a text stand on one side, or dev would have been seen, and ever weaker penalties tried.
    sides: Sequence[tuple[int, ...]] = [
        tuple(np.sort((shuffled[low:high, None] + each * np.arange(again)).ravel()).tolist())
        for low, high in zip([0, *ends], ends, strict=False)
    ]
    examples = tuple(chain.from_iterable(repeat(sample.corpus.examples, again)))
    targets = sample.targets
    shift = np.repeat(np.arange(again) * len(sample.corpus), len(targets))
    place = np.tile(np.arange(len(targets)), again)
    return replace(
        sample,
        states=np.tile(np.asarray(sample.layer(sample.layers[middle])), (again, 1))[None],
        layers=(sample.layers[middle],),
        targets=replace(targets.take(place), example=targets.example[place] + shift),
        corpus=replace(sample.corpus, examples=examples, split=Split(*sides)),
    )
