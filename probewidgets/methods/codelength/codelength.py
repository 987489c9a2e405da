"""Codelength: the labels of train sent block by block, each block with a probe of the blocks before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from probewidgets.captures.activations import Activations
from probewidgets.data.control import ControlTask
from probewidgets.errors import ProbeError, clipped
from probewidgets.machine.arrays import Floats, Ints, take
from probewidgets.machine.progress import bar
from probewidgets.metrics.codelength import Code, Codelength, cut_points, smoothed_bits, uniform_bits
from probewidgets.probes.base import Probe, check_count
from probewidgets.probes.linear import LinearProbe
from probewidgets.sweeps.fits import as_control, check_arguments, check_shown, fit, label_shares, rows_of, states_of

__all__ = ["codelength"]


def codelength(
    acts: Activations,
    probe: Probe | None = None,
    *,
    seed: int = 0,
    control: bool | int | ControlTask = False,
    progress: bool = True,
) -> Codelength:
    """How many bits it takes to send the labels of train, given the states: short where they are easy to learn.

    The training sentences are shuffled once and cut into blocks, each as long as all before it. The first block is sent
    uniformly; for each other one a fresh probe is fitted on the blocks before, its penalty chosen on dev (which is not
    paid for), and its surprise at the labels is what they cost. Unlike accuracy this counts how many examples a probe
    needs, so a task and its control differ even where both are solved in the end.

    Args:
        acts: (L, N, D) states, their targets and the split; of test nothing is seen.
        probe: Which probe; `LinearProbe()` by default.
        seed: Of the order of the sentences, of the control draws and of the shuffled labels.
        control: Whether to send control labels and shuffled labels in the same blocks too; a number asks for so many
            draws of the control, and a `ControlTask` says too how labels are drawn.
        progress: Whether to show a progress bar over the layers.

    Returns:
        A Codelength: bits of each block, compression, and what of the length is learning.

    Raises:
        DataError: Train or dev has no target, train has one label only, or targets do not carry one label each.
        ModelError: States hold NaN or infinity.
        ProbeError: An argument is not what it should be.

    Cost: each layer about three times that of `sweep` with as many label sets.

    Source: Voita and Titov 2020, "Information-Theoretic Probing with Minimum Description Length", section 2.2.
    """
    probe = LinearProbe() if probe is None else probe
    check_arguments("codelength", acts, probe)
    blocks = _Blocks(acts, check_count("seed", seed, 0), as_control(control))
    codes: list[Code] = []
    with bar(f"Sending {acts.targets.task}", "layer", acts.layers, shown=progress) as layers:
        for layer in layers:
            codes.extend(_send(blocks, probe, layer))
    targets = acts.targets
    return Codelength(
        task=targets.task,
        unit=targets.unit,
        n_labels=len(targets.labels),
        model=acts.model,
        corpus=acts.corpus.name,
        probe=repr(probe),
        ends=blocks.ends,
        targets=tuple(np.diff(blocks.bounds).tolist()),
        codes=tuple(codes),
        seed=blocks.seed,
        sentence_targets=np.bincount(blocks.sentence).astype(np.int64),
        control_sampling=blocks.control.sampling,
    )


@dataclass(frozen=True, eq=False)
class _Blocks:
    """The same for all layers: the rows in the order in which they are sent, their ends, and their labels."""

    acts: Activations
    seed: int
    control: ControlTask

    @cached_property
    def rows(self) -> dict[str, Ints]:
        return rows_of(self.acts, ("train", "dev"))

    @cached_property
    def sentence(self) -> Ints:
        """(N train,) the place of each training target's sentence in the shuffled order."""
        sentences, index = np.unique(self.acts.targets.example[self.rows["train"]], return_inverse=True)
        return np.random.default_rng(self.seed).permutation(len(sentences))[index]

    @cached_property
    def order(self) -> Ints:
        """(N train,) rows of train, sentence by sentence in the shuffled order."""
        return self.rows["train"][np.argsort(self.sentence, kind="stable")]

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """(B,) after how many sentences each block ends."""
        return cut_points(int(self.sentence.max()) + 1)

    @cached_property
    def bounds(self) -> tuple[int, ...]:
        """(B + 1,) after how many targets each block ends, 0 first."""
        within = np.bincount(self.sentence).cumsum()
        return (0, *(int(within[end - 1]) for end in self.ends))

    @cached_property
    def label_sets(self) -> dict[str, Ints]:
        """For each set its labels, one per target."""
        targets = self.acts.targets
        sets = {"task": targets.y}
        p = label_shares(self.acts, self.rows["train"])
        check_shown(self.acts, self.rows)
        if not self.control.draws:
            return sets
        # The draws of `sweep` at this seed: the same control task.
        for i, drawn in enumerate(self.control.labels(targets, p, self.seed)):
            sets[f"control {i + 1}" if i else "control"] = drawn
        shuffled, rng = targets.y.copy(), np.random.default_rng([self.seed, 1])
        for rows in self.rows.values():
            shuffled[rows] = rng.permutation(shuffled[rows])
        return {**sets, "shuffled": shuffled}


def _send(blocks: _Blocks, probe: Probe, layer: int) -> Iterator[Code]:
    """The codes of all label sets at one layer."""
    states = states_of(blocks.acts, layer)
    X, X_dev = take(states, blocks.order), take(states, blocks.rows["dev"])
    Y = np.stack([y[blocks.order] for y in blocks.label_sets.values()])
    Y_dev = np.stack([y[blocks.rows["dev"]] for y in blocks.label_sets.values()])
    k, bounds = len(blocks.acts.targets.labels), blocks.bounds
    bits, converged = [np.full((len(Y), bounds[1]), np.log2(k))], True
    for n, end in pairwise(bounds[1:]):
        cost, met = _cost(blocks, probe, (X[:n], Y[:, :n]), (X_dev, Y_dev), (X[n:end], Y[:, n:end]))
        bits.append(cost)
        converged = converged and met
    data, met = _cost(blocks, probe, (X, Y), (X_dev, Y_dev), (X, Y))
    for t, labels in enumerate(blocks.label_sets):
        yield Code(
            layer=layer,
            labels=labels,
            block_bits=np.array([block[t].sum() for block in bits]),
            uniform=uniform_bits(bounds[-1], k),
            data_cost=float(data[t].sum()),
            converged=converged and met,
            sentence_bits=_sums(np.sort(blocks.sentence), np.concatenate([block[t] for block in bits])),
        )


Side = tuple[Floats, Ints]
"""(N, D) states and (T, N) labels."""


def _cost(blocks: _Blocks, probe: Probe, train: Side, dev: Side, sent: Side) -> tuple[npt.NDArray[np.float64], bool]:
    """(T, M) bits for the labels `sent` under probes of `train`, and whether these converged.

    Where train shows one label only, or dev none of its labels, nothing can be fitted yet: these sets are sent
    uniformly.
    """
    labels, n = blocks.acts.targets.labels, train[1].shape[1]
    cost = np.full(sent[1].shape, np.log2(len(labels)))
    can = [t for t, (y, y_dev) in enumerate(zip(train[1], dev[1], strict=True)) if _fittable(y, y_dev)]
    if not can:
        return cost, True
    fits = fit(probe, train[0], train[1][can], dev[0], dev[1][can], labels)
    for t, log_proba in zip(can, fits.log_proba(sent[0]), strict=True):
        cost[t] = smoothed_bits(log_proba, sent[1][t], n)
    if not np.isfinite(cost).all():
        raise ProbeError(f"{clipped(probe)} gives probabilities that are no numbers: a code cannot be made of them.")
    return cost, fits.converged


def _sums(index: Ints, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.bincount(index, values).astype(np.float64)


def _fittable(y: Ints, y_dev: Ints) -> bool:
    shown = np.unique(y)
    return len(shown) > 1 and bool(np.isin(y_dev, shown).any())
