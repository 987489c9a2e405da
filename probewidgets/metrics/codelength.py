"""Description length: how many bits it takes to send the labels to someone who has the states. Always in bits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError
from probewidgets.metrics.intervals import Clusters
from probewidgets.values import Estimate, ModelCard

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Code", "Codelength", "cut_points", "smoothed_bits", "uniform_bits"]

Floats = npt.NDArray[np.floating[Any]]

_PARTS = (10, 20, 40, 80, 160, 320, 625, 1250, 2500, 5000, 10000)
"""Where blocks end, in ten-thousandths of the sentences: whole numbers, so that no end depends on rounding."""
_FEW_SENTENCES = 500
_MARGINAL = 1.1
"""From this compression of shuffled labels on, what the frequencies of the labels give is worth telling."""


def cut_points(n_sentences: int) -> tuple[int, ...]:
    """After how many sentences each block of an online code ends: 0.1, 0.2, 0.4, ..., 25, 50 and 100 % of them.

    Blocks that would be empty are left out, so that few sentences make fewer blocks.

    Source: Voita and Titov 2020, "Information-Theoretic Probing with Minimum Description Length", section 4.1.
    """
    return tuple(sorted({end for part in _PARTS if (end := n_sentences * part // _PARTS[-1])}))


def uniform_bits(n: int, n_labels: int) -> float:
    """Bits for N labels without any knowledge of them: N log2 K."""
    return float(n * np.log2(n_labels))


def smoothed_bits(log_proba: Floats, gold: npt.NDArray[np.integer[Any]], n_before: int) -> npt.NDArray[np.float64]:
    """(M,) bits for labels under predictions mixed with a little uniform mass, so that none costs infinitely much.

    Args:
        log_proba: (M, K) log-probabilities in nats.
        gold: (M,) columns.
        n_before: How many labels the probe was fitted on: K / (2 (that + K)) of the mass is made uniform.
    """
    k = log_proba.shape[1]
    share = k / (2 * (n_before + k))
    right = np.exp(log_proba[np.arange(len(gold)), gold].astype(np.float64))
    return np.asarray(-np.log2((1 - share) * right + share / k))


@dataclass(frozen=True, eq=False)
class Code:
    """Code of one label set, given the states of one layer."""

    layer: int
    labels: str
    """`"task"`, `"control"` (the next draws `"control 2"`, ...) or `"shuffled"`."""
    block_bits: npt.NDArray[np.float64]
    """(B,) bits of each block; the first is sent uniformly, each other one with the probe of the blocks before."""
    uniform: float
    """Bits of all blocks sent uniformly."""
    data_cost: float
    """Bits of all blocks under the probe that was fitted on all of them: what is left once everything is known."""
    converged: bool = True
    """Whether all fits met their tolerance."""
    sentence_bits: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    """(S,) bits of each sentence, in the order in which they were sent: what `difference` pairs."""

    @property
    def bits(self) -> float:
        """The code's length: the sum over its blocks."""
        return float(self.block_bits.sum())

    @property
    def model_cost(self) -> float:
        """Bits that were spent on learning: the code's length - the data cost."""
        return self.bits - self.data_cost

    @property
    def compression(self) -> float:
        """Uniform length / length: 1 where the states say nothing of labels that are equally common."""
        return self.uniform / self.bits if self.bits else float("inf")

    def __str__(self) -> str:
        return f"{self.bits / 1000:,.2f} kbit, {self.compression:.2f}x shorter than uniform"


@dataclass(frozen=True, eq=False)
class Codelength:
    """One task, every layer: the online code of its labels, and beside it those of the control labels."""

    task: str
    unit: str
    """What was labelled: `"word"`, `"span"`, `"edge"` or `"sentence"`."""
    n_labels: int
    """K, of the task: all labels count, whether or not train shows them."""
    model: ModelCard
    corpus: str
    probe: str
    """The probe's own one-line repr."""
    ends: tuple[int, ...]
    """(B,) after how many sentences each block ends."""
    targets: tuple[int, ...]
    """(B,) labels in each block."""
    codes: tuple[Code, ...]
    """One per layer and label set, in the order of the layers, the task first."""
    seed: int = 0
    sentence_targets: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """(S,) labels in each sentence, in the order in which they were sent."""
    control_sampling: str = "none"
    """How the labels of the control were drawn: `"empirical"` (as often as in train), `"uniform"`, or not at all."""

    @property
    def layers(self) -> tuple[int, ...]:
        """(L,) the layers, in order."""
        return tuple(dict.fromkeys(code.layer for code in self.codes))

    @property
    def label_sets(self) -> tuple[str, ...]:
        """Label sets that were sent: `"task"`, and `"control"` and `"shuffled"` if they were asked for."""
        return tuple(dict.fromkeys(code.labels for code in self.codes))

    @property
    def n_targets(self) -> int:
        """N, labels in all blocks."""
        return sum(self.targets)

    @property
    def best(self) -> Code:
        """The shortest code of the task."""
        return min((code for code in self.codes if code.labels == "task"), key=lambda code: code.bits)

    def code(self, layer: int, labels: str = "task") -> Code:
        """The code of one label set at one layer.

        Raises:
            ProbeError: There is none.
        """
        for code in self.codes:
            if (code.layer, code.labels) == (layer, labels):
                return code
        raise ProbeError(
            f"There is no code of {labels!r} at layer {layer!r}: layers {list(self.layers)}, "
            f"label sets {list(self.label_sets)}."
        )

    def difference(self, layer: int, other: int, labels: str = "task", bootstrap: int = 1000) -> Estimate:
        """Bits per label at `layer` - bits per label at `other`, with a paired interval over sentences.

        The interval tells how much sentences differ, for this order of them and these probes; another seed, another
        order.

        Raises:
            ProbeError: There is no such code.
        """
        above = self.code(layer, labels).sentence_bits - self.code(other, labels).sentence_bits
        clusters = Clusters(np.arange(len(above)), bootstrap, self.seed)
        return clusters.ratio(above, self.sentence_targets, unit="bits")

    @property
    def notes(self) -> tuple[str, ...]:
        """Cautions for the reader, in words."""
        return tuple(self._notes())

    def _notes(self) -> Iterator[str]:
        if self.ends[-1] < _FEW_SENTENCES:
            yield (
                f"{self.ends[-1]:,} training sentences make a short code, most of which is learning: compare layers "
                f"from {_FEW_SENTENCES} on."
            )
        if loose := {code.layer for code in self.codes if not code.converged}:
            yield f"A fit did not converge at layer {', '.join(map(str, sorted(loose)))}: raise max_iter (epochs)."
        shuffled = max((code.compression for code in self._of("shuffled")), default=0.0)
        if shuffled > _MARGINAL:
            yield (
                f"Shuffled labels, too, are sent {shuffled:.2f}x shorter than uniform: so much comes from some labels "
                "being common, not from the states."
            )

    def _of(self, labels: str) -> list[Code]:
        return [code for code in self.codes if code.labels == labels]

    def table(self) -> pd.DataFrame:
        """One row per layer, its index the layer too: bits, compression, what of it is data and what learning.

        The columns of the control and shuffled labels, where they were sent, begin with their names.
        """
        import pandas as pd

        rows = []
        for layer in self.layers:
            row: dict[str, object] = {"layer": layer, "name": self.model.layer_name(layer)}
            for code in (code for code in self.codes if code.layer == layer):
                before = "" if code.labels == "task" else f"{code.labels.replace(' ', '_')}_"
                row |= {f"{before}bits": code.bits, f"{before}compression": code.compression}
                row |= {f"{before}data_cost": code.data_cost, f"{before}model_cost": code.model_cost}
            if "control" in self.label_sets:
                row["control_sampling"] = self.control_sampling
            row |= {"uniform_bits": self.code(layer).uniform, "targets": self.n_targets}
            rows.append(row)
        return pd.DataFrame(rows, index=pd.Index(self.layers))

    def curve(self) -> pd.DataFrame:
        """One row per layer, label set and block: how the price of a label falls as more are known."""
        import pandas as pd

        rows = [
            {
                "layer": code.layer,
                "labels": code.labels,
                "block": block,
                "sentences": end,
                "targets": n,
                "bits": bits,
                "bits_per_target": bits / n if n else float("nan"),
            }
            for code in self.codes
            for block, (end, n, bits) in enumerate(zip(self.ends, self.targets, code.block_bits, strict=True))
        ]
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        best = self.best
        control = ""
        if "control" in self.label_sets:
            control = f", control {self.code(best.layer, 'control').compression:.2f}x"
        return (
            f"Codelength({self.task!r} on {self.model.name!r}: {len(self.layers)} layers, {self.n_targets:,} "
            f"{self.unit}s in {len(self.ends)} blocks, shortest at layer {best.layer}: {best}{control})"
        )
