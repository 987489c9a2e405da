"""Probes trained by Adam: an MLP of one or two hidden layers, and a linear one of limited rank."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError
from probewidgets.machine.arrays import Floats, Ints
from probewidgets.metrics.scores import log_softmax
from probewidgets.probes.base import (
    Choice,
    LabelProbe,
    Scaler,
    as_labels,
    check_count,
    check_grid,
    check_labels,
    check_positive,
    check_states,
)
from probewidgets.probes.linear import FittedLinear
from probewidgets.probes.stored import Storable
from probewidgets.probes.watching import watched_as_sets

if TYPE_CHECKING:
    from probewidgets.probes.network import Trained

__all__ = ["FittedMLP", "LowRankProbe", "MLPProbe"]


class NetworkProbe(LabelProbe):
    """A probe that is trained by Adam, all label sets and penalties together."""

    stops_early: ClassVar[bool] = True
    relu: ClassVar[bool]
    """Whether there is a ReLU after each layer but the last."""
    l2: float | None
    seed: int
    epochs: int
    grid: tuple[float, ...]
    dropout: float

    def _check(self) -> None:
        check_count("epochs", self.epochs)
        check_count("seed", self.seed, 0)
        if self.l2 is not None:
            check_positive("l2", self.l2, zero=True)
        check_grid(self.grid, zero=True)

    def _train(
        self,
        hidden: tuple[int, ...],
        X: Floats,
        Y: Ints,
        X_dev: Floats,
        Y_dev: Ints,
        n_labels: int,
        fitted: Callable[[Trained, float], FittedMLP | FittedLinear],
    ) -> tuple[Choice, ...]:
        """Train all label sets at all penalties together; of each set take the penalty that is best on dev."""
        from probewidgets.probes.network import Labelled, Schedule, train

        X, X_dev = check_states(X), check_states(X_dev)
        grid = self.grid if self.l2 is None else (self.l2,)
        many = len(grid)
        with watched_as_sets(many):
            trained = train(
                Labelled(X, np.repeat(Y, many, 0)),
                Labelled(X_dev, np.repeat(Y_dev, many, 0)),
                (X.shape[1], *hidden, n_labels),
                grid * len(Y),
                Schedule(epochs=self.epochs, dropout=self.dropout, seed=self.seed),
                relu=self.relu,
            )
        choices = []
        for fits in (trained[i : i + many] for i in range(0, len(trained), many)):
            rank = min(range(many), key=lambda i: (fits[i].dev_nats, i))
            best, l2 = fits[rank], grid[rank]
            edge = many > 1 and rank in (0, many - 1)
            choices.append(Choice(fitted(best, l2), l2, edge, best.converged, best.dev_nats))
        return tuple(choices)


@dataclass(frozen=True)
class MLPProbe(NetworkProbe):
    """One or two hidden ReLU layers: the hyper-parameters. To see what a bigger probe memorises.

    Mean cross-entropy (nats) + l2 * (sum of the squares of all matrices), biases free; Adam at 1e-3 on batches of 256,
    the rate halved after each epoch without improvement, the best epoch kept, the end at the fifth such epoch in a row.
    `sweep` measures improvement on dev; `fit` alone, which has no dev, on train.

    Args:
        hidden: Width of the hidden layer, or of each of two: `(100, 50)`.
        l2: The penalty. None: `sweep` chooses it on dev from `grid`; `fit` alone takes 0.
        seed: Of the first weights, of the order of the batches and of the dropout.
        epochs: At most so many; where they do not suffice, `converged` is False.
        grid: Penalties for `sweep` to try, strongest first, if `l2` is None.
        dropout: Share of the hidden units that each step of training leaves out, in [0, 1).

    Raises:
        ProbeError: A number is out of range.

    Source: Hewitt and Liang 2019, "Designing and Interpreting Probes with Control Tasks", section 4 (the schedule).
    """

    hidden: int | tuple[int, ...] = 64
    l2: float | None = 0.0
    seed: int = 0
    epochs: int = 40
    grid: tuple[float, ...] = (1e-3, 1e-4, 1e-5)
    dropout: float = 0.0

    relu: ClassVar[bool] = True

    def __post_init__(self) -> None:
        for width in _widths(self.hidden):
            check_count("hidden", width)
        self._check()
        if isinstance(self.dropout, bool) or not isinstance(self.dropout, int | float) or not 0 <= self.dropout < 1:
            raise ProbeError(f"dropout must be a share >= 0 and < 1, but {self.dropout!r} came.")

    def fit(self, X: Floats, y: npt.NDArray[Any]) -> FittedMLP:
        """Fit on (N, D) states and (N,) labels (strings or numbers).

        Raises:
            ProbeError: NaN or infinity in X, not one label per row, fewer than two labels.
        """
        X = check_states(X)
        labels, index = check_labels(X, y)
        alone = replace(self, l2=self.l2 or 0.0)
        return alone.choose(X, index[None], X, index[None], labels)[0].fitted  # type: ignore[return-value]

    def choose(self, X: Floats, Y: Ints, X_dev: Floats, Y_dev: Ints, labels: Sequence[Any]) -> tuple[Choice, ...]:
        """Fit T label sets, each at its best penalty on dev. See `LabelProbe`."""

        def fitted(trained: Trained, l2: float) -> FittedMLP:
            return FittedMLP(tuple(labels), trained.weights[::2], trained.weights[1::2], trained.converged, l2)

        return self._train(_widths(self.hidden), X, Y, X_dev, Y_dev, len(labels), fitted)


@dataclass(frozen=True)
class LowRankProbe(NetworkProbe):
    """A linear probe whose weights have at most some rank: softmax(A B x + b), with B of shape (rank, D).

    Trained as an MLPProbe is, and as small as one wants: to see how few directions a property needs. A rank of K - 1
    or more limits nothing.

    Args:
        rank: The most that the rank of the weights may be.
        l2: The penalty on A and B. None: `sweep` chooses it on dev from `grid`; `fit` alone takes 0.
        seed: Of the first weights and of the order of the batches.
        epochs: At most so many; where they do not suffice, `converged` is False.
        grid: Penalties for `sweep` to try, strongest first, if `l2` is None.

    Raises:
        ProbeError: A number is out of range.

    Source: Hewitt and Liang 2019, "Designing and Interpreting Probes with Control Tasks", section 4.1.
    """

    rank: int = 2
    l2: float | None = 0.0
    seed: int = 0
    epochs: int = 40
    grid: tuple[float, ...] = (1e-3, 1e-4, 1e-5)

    relu: ClassVar[bool] = False
    dropout: ClassVar[float] = 0.0  # type: ignore[misc]

    def __post_init__(self) -> None:
        check_count("rank", self.rank)
        self._check()

    def fit(self, X: Floats, y: npt.NDArray[Any]) -> FittedLinear:
        """Fit on (N, D) states and (N,) labels (strings or numbers).

        Raises:
            ProbeError: NaN or infinity in X, not one label per row, fewer than two labels.
        """
        X = check_states(X)
        labels, index = check_labels(X, y)
        alone = replace(self, l2=self.l2 or 0.0)
        return alone.choose(X, index[None], X, index[None], labels)[0].fitted  # type: ignore[return-value]

    def choose(self, X: Floats, Y: Ints, X_dev: Floats, Y_dev: Ints, labels: Sequence[Any]) -> tuple[Choice, ...]:
        """Fit T label sets, each at its best penalty on dev. See `LabelProbe`."""

        def fitted(trained: Trained, l2: float) -> FittedLinear:
            low, shift, high, bias = trained.weights
            return FittedLinear(tuple(labels), high @ low, high @ shift + bias, trained.converged, l2)

        return self._train((self.rank,), X, Y, X_dev, Y_dev, len(labels), fitted)

    def n_parameters(self, fitted: FittedLinear) -> int:
        """Those of its two factors."""
        k, width = fitted.coef_.shape
        return int(self.rank * (width + k + 1) + k)


def _widths(hidden: int | tuple[int, ...]) -> tuple[int, ...]:
    widths = tuple(hidden) if isinstance(hidden, tuple | list) else (hidden,)
    if not 1 <= len(widths) <= 2:
        raise ProbeError(f"hidden must be the width of one hidden layer, or of each of two, but {hidden!r} came.")
    return widths


@dataclass(frozen=True, eq=False)
class FittedMLP(Storable):
    """A fitted MLP. Predicts in numpy."""

    kind: ClassVar[str] = "mlp"

    labels: tuple[Any, ...]
    """(K,) sorted."""
    coefs_: tuple[npt.NDArray[np.float64], ...]
    """Weights (outputs, inputs) of each layer; those of the first in the units of the states given."""
    intercepts_: tuple[npt.NDArray[np.float64], ...]
    """Biases (outputs,) of each layer."""
    converged: bool
    """Whether training ended by itself."""
    l2: float
    """The penalty it was fitted with."""

    def __repr__(self) -> str:
        hidden = " x ".join(str(len(coef)) for coef in self.coefs_[:-1])
        width = self.coefs_[0].shape[1]
        return f"FittedMLP({len(self.labels)} labels x {hidden} hidden x {width} features, l2 {self.l2:.3g})"

    def log_proba(self, X: Floats) -> Floats:
        """(N, D) states -> (N, K) log-probabilities in nats.

        Raises:
            ProbeError: Another number of features than in training, NaN or infinity.
        """
        hidden = check_states(X, self.coefs_[0].shape[1])
        for coef, intercept in zip(self.coefs_[:-1], self.intercepts_[:-1], strict=True):
            hidden = np.maximum(hidden @ coef.T + intercept, 0)
        return log_softmax(hidden @ self.coefs_[-1].T + self.intercepts_[-1])

    def proba(self, X: Floats) -> Floats:
        """(N, D) states -> (N, K) probabilities."""
        return np.exp(self.log_proba(X))

    def predict(self, X: Floats) -> npt.NDArray[Any]:
        """(N, D) states -> (N,) most probable labels."""
        return as_labels(self.labels, self.log_proba(X).argmax(1))

    def rescaled(self, scaler: Scaler) -> FittedMLP:
        """This probe, fitted on `scaler.apply(X)`, as one for X itself."""
        coef = self.coefs_[0] / scaler.scale.astype(np.float64)
        shift = self.intercepts_[0] - coef @ scaler.mean
        return replace(self, coefs_=(coef, *self.coefs_[1:]), intercepts_=(shift, *self.intercepts_[1:]))

    @property
    def width(self) -> int:
        """D."""
        return int(self.coefs_[0].shape[-1])

    @property
    def n_labels(self) -> int:
        """K."""
        return len(self.labels)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Of the weights and biases of each layer."""
        sizes = [self.width, *(len(coef) for coef in self.coefs_[:-1]), len(self.labels)]
        shapes: dict[str, tuple[int, ...]] = {f"coefs_.{i}": pair[::-1] for i, pair in enumerate(pairwise(sizes))}
        return shapes | {f"intercepts_.{i}": (size,) for i, size in enumerate(sizes[1:])}
