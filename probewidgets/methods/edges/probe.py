"""The edge probe: it learns how to mix layers and pool the tokens of a span, and gives each label its own sigmoid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError
from probewidgets.machine.arrays import Floats, Ints
from probewidgets.probes.base import Probe, check_count, check_flag, check_positive
from probewidgets.probes.stored import Storable

if TYPE_CHECKING:
    import torch

__all__ = ["EdgeProbe", "FittedEdge", "Spans"]


@dataclass(frozen=True, eq=False)
class Spans:
    """Targets and the states of their tokens."""

    states: Floats
    """(L, T, D) of the tokens."""
    begin: Ints
    """(N, S) first token of each span."""
    end: Ints
    """(N, S) one past its last token."""

    def __len__(self) -> int:
        return len(self.begin)

    def layers(self, which: slice) -> Spans:
        """The same targets with some of the layers."""
        return Spans(self.states[which], self.begin, self.end)

    def take(self, rows: Ints) -> Spans:
        """Some of the targets, with all tokens."""
        return Spans(self.states, self.begin[rows], self.end[rows])


@dataclass(frozen=True)
class EdgeProbe(Probe):
    """Tokens are projected, pooled by attention within each span, and read by a small MLP with a sigmoid per label.

    For each span a projection and an attention of its own; then tanh, layer norm, dropout, and one logit per label.
    Several layers are mixed by learned weights (softmax) and a learned scale. Mean binary cross-entropy over targets
    and labels, by Adam; the rate is halved after `patience` epochs without improvement on dev, the best epoch kept, the
    end after four times as many.

    Args:
        width: Width of the projections.
        hidden: Width of the hidden layer.
        dropout: Share of the hidden units left out in each step of training, in [0, 1).
        rate: Learning rate of Adam.
        batch: Targets per step.
        epochs: At most so many; where they do not suffice, `converged` is False.
        patience: Epochs without improvement after which the rate is halved.
        seed: Of the first weights, of the order of the batches and of the dropout.
        cumulative: Whether, in a sweep, the probe of layer l mixes layers 0 to l, which gives the expected layer.

    Raises:
        ProbeError: A number is out of range.

    Source: Tenney et al. 2019, "What do you learn from context? Probing for sentence structure in contextualized word
    representations", section 3. There the rate is 1e-4, for millions of targets; 1e-3 here, for thousands.
    """

    width: int = 256
    hidden: int = 256
    dropout: float = 0.3
    rate: float = 1e-3
    batch: int = 32
    epochs: int = 40
    patience: int = 1
    seed: int = 0
    cumulative: bool = False

    answers: ClassVar[str] = "labels"
    trial: ClassVar[str] = "edge"
    asks: ClassVar[frozenset[str]] = frozenset({"control"})
    stops_early: ClassVar[bool] = True
    one_core: ClassVar[bool] = True

    def __post_init__(self) -> None:
        check_flag("cumulative", self.cumulative)
        for name in ("width", "hidden", "batch", "epochs", "patience"):
            check_count(name, getattr(self, name))
        check_positive("rate", self.rate)
        if not 0 <= self.dropout < 1:
            raise ProbeError(f"dropout must be a share >= 0 and < 1, but {self.dropout!r} came.")

    def fit(self, train: Spans, Y: npt.NDArray[np.bool_], dev: Spans, Y_dev: npt.NDArray[np.bool_]) -> FittedEdge:
        """Fit on targets and (N, K) labels, stopping on dev.

        Raises:
            ProbeError: No target, or not one row of labels each.
        """
        from probewidgets.machine.threads import Workers

        for spans, labels in ((train, Y), (dev, Y_dev)):
            if not len(spans) or labels.shape[:1] != (len(spans),):
                raise ProbeError(f"{len(spans)} targets came with labels of shape {labels.shape}: give a row for each.")
        with Workers():  # steps this small are quicker on one thread
            return self._train(train, Y, dev, Y_dev)

    def n_parameters(self, fitted: FittedEdge) -> int:
        """Those of its network."""
        return sum(array.size for array in fitted.arrays().values())

    def _train(self, train: Spans, Y: npt.NDArray[Any], dev: Spans, Y_dev: npt.NDArray[Any]) -> FittedEdge:
        import torch
        from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

        from probewidgets.probes.descend import ByOptimiser, Optimised, Patience, descend

        random = torch.Generator().manual_seed(self.seed)
        net = _network(train.states.shape[0], train.states.shape[2], train.begin.shape[1], Y.shape[1], self, random)
        adam = torch.optim.Adam(net.parameters(), lr=self.rate, fused=True)
        gold, gold_dev = torch.tensor(Y, dtype=torch.float32), torch.tensor(Y_dev, dtype=torch.float32)
        states, states_dev = torch.tensor(train.states), torch.tensor(dev.states)

        def epoch() -> None:
            net.train()
            for rows in torch.randperm(len(gold), generator=random).split(self.batch):
                adam.zero_grad(set_to_none=True)
                cross_entropy(net(_tokens(states, train, rows.numpy())), gold[rows]).backward()
                adam.step()
            net.eval()

        def loss() -> float:
            return float(cross_entropy(_logits(net, states_dev, dev), gold_dev))

        by_name = net.state_dict()
        fit = Optimised(adam, list(by_name.values()))
        patience = Patience(self.epochs, gain=1e-5, slow=self.patience, end=4 * self.patience)
        least, ended = descend(ByOptimiser(fit, epoch, loss), 1, patience)
        net.load_state_dict(dict(zip(by_name, fit.best, strict=True)))
        return FittedEdge(net.eval(), float(least), bool(ended))


@dataclass(frozen=True, eq=False)
class FittedEdge(Storable):
    """A fitted edge probe."""

    kind: ClassVar[str] = "edge"

    network: Any
    """The torch module."""
    dev_loss: float
    """Mean binary cross-entropy on dev (nats)."""
    converged: bool
    """Whether training ended by itself."""

    def __repr__(self) -> str:
        return f"FittedEdge({sum(p.numel() for p in self.network.parameters()):,} parameters)"

    @property
    def mix(self) -> npt.NDArray[np.float64]:
        """(L,) weights of the layers in the mix, positive and with sum 1."""
        return np.asarray(self.network.mix.detach().double().softmax(0).numpy())

    def proba(self, spans: Spans) -> npt.NDArray[np.float64]:
        """(N, K) probability of each label; they need not sum to 1."""
        import torch

        with torch.no_grad():
            return np.asarray(_logits(self.network, torch.tensor(spans.states), spans).sigmoid().double().numpy())

    def predict(self, spans: Spans) -> npt.NDArray[np.bool_]:
        """(N, K) whether each label is given: where its probability is 0.5 or more."""
        return self.proba(spans) >= 0.5

    @property
    def width(self) -> int:
        """D."""
        return int(self.network.project[0].in_features)

    @property
    def n_labels(self) -> int:
        """K."""
        return int(self.network.read[-1].out_features)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All weights of the network by name."""
        return {name: value.detach().numpy() for name, value in self.network.state_dict().items()}

    def facts(self) -> dict[str, Any]:
        """How its training ended."""
        return {"dev_loss": self.dev_loss, "converged": self.converged}

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Those of the network that they were put into."""
        return {}

    @classmethod
    def of_parts(cls, arrays: Mapping[str, npt.NDArray[Any]], facts: Mapping[str, Any]) -> FittedEdge:
        """The probe of which these are the weights and the facts.

        Raises:
            KeyError: One is missing.
            ValueError: They are not those of one network.
        """
        import torch

        width, features = arrays["project.0.weight"].shape
        n_spans = sum(name.startswith("project.") for name in arrays) // 2
        n_labels, hidden = arrays["read.4.weight"].shape
        probe = EdgeProbe(width=width, hidden=hidden)
        net = _network(len(arrays["mix"]), features, n_spans, n_labels, probe, torch.Generator())
        try:
            net.load_state_dict({name: torch.tensor(value) for name, value in arrays.items()})
        except RuntimeError as error:
            raise ValueError(str(error)) from error
        return cls(net.eval(), **facts)


def _network(
    layers: int, features: int, n_spans: int, n_labels: int, probe: EdgeProbe, random: torch.Generator
) -> torch.nn.Module:
    """The network; first weights and dropout are drawn by a generator, where torch's own layers share one of all."""
    import torch
    from torch import nn

    class Dropout(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            if not self.training or not probe.dropout:
                return x
            keep = 1 - probe.dropout
            return x * torch.empty_like(x).bernoulli_(keep, generator=random).div_(keep)

    def linear(inputs: int, outputs: int) -> nn.Linear:
        layer: nn.Linear = nn.utils.skip_init(nn.Linear, inputs, outputs)
        for weights in layer.parameters():
            nn.init.uniform_(weights, -(inputs**-0.5), inputs**-0.5, generator=random)
        return layer

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.mix = nn.Parameter(torch.zeros(layers))
            self.scale = nn.Parameter(torch.ones(()))
            self.project = nn.ModuleList(linear(features, probe.width) for _ in range(n_spans))
            self.score = nn.ModuleList(linear(probe.width, 1) for _ in range(n_spans))
            self.read = nn.Sequential(
                linear(n_spans * probe.width, probe.hidden),
                nn.Tanh(),
                nn.LayerNorm(probe.hidden),
                Dropout(),
                linear(probe.hidden, n_labels),
            )

        def forward(self, spans: Sequence[_Tokens]) -> torch.Tensor:
            """The tokens of each target's first span, of its second, ... -> (B, K) logits."""
            pooled: list[torch.Tensor] = []
            maps: Iterator[tuple[Any, Any]] = zip(self.project, self.score, strict=True)
            for span, (project, score) in zip(spans, maps, strict=True):
                # One layer is no mix, and then nobody asks for the gradient of what is projected.
                mixed = span.states[0] if layers == 1 else torch.einsum("l,lnd->nd", self.mix.softmax(0), span.states)
                tokens = torch.addmm(project.bias, mixed, self.scale * project.weight.T)
                grid = tokens.new_full((span.targets * span.longest,), -torch.inf)
                weights = grid.index_copy(0, span.place, score(tokens)[:, 0]).view(-1, span.longest).softmax(1)
                weighted = weights.flatten().index_select(0, span.place)[:, None] * tokens
                empty = tokens.new_zeros(span.targets, tokens.shape[1])
                pooled.append(empty.index_add(0, span.place // span.longest, weighted))
            out: torch.Tensor = self.read(torch.cat(pooled, 1))
            return out

    return Network()


class _Tokens(NamedTuple):
    """The n tokens of one span each of B targets, one after the other: most spans are short, and few are long."""

    states: torch.Tensor
    """(L, n, D)"""
    place: torch.Tensor
    """(n,) of each among B x the longest."""
    targets: int
    """B."""
    longest: int
    """Tokens of the longest span."""


def _tokens(states: torch.Tensor, spans: Spans, rows: Ints) -> list[_Tokens]:
    """The tokens of some targets' spans: of the first of each, of the second, ..."""
    import torch

    laid = []
    for begin, end in zip(spans.begin[rows].T, spans.end[rows].T, strict=True):
        lengths = end - begin
        longest = int(lengths.max())
        step = np.arange(longest)
        place = np.flatnonzero(step < lengths[:, None])
        token = torch.from_numpy((begin[:, None] + step).ravel()[place])
        laid.append(_Tokens(states.index_select(1, token), torch.from_numpy(place), len(rows), longest))
    return laid


def _logits(net: torch.nn.Module, states: torch.Tensor, spans: Spans) -> torch.Tensor:
    """(N, K); long spans with long ones, so that little is filled up."""
    import torch

    order = np.argsort((spans.end - spans.begin).max(1), kind="stable")
    parts = [net(_tokens(states, spans, rows)) for rows in _cut(order, 512)]
    return torch.cat(parts)[torch.from_numpy(np.argsort(order, kind="stable"))]


def _cut(rows: Ints, size: int) -> Iterator[Ints]:
    for low in range(0, len(rows), size):
        yield rows[low : low + size]
