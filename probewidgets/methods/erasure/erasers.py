"""Erasers: what a linear probe could read is taken out of the states, and the rest is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError
from probewidgets.machine.arrays import Floats, empty
from probewidgets.probes.base import Scaler, check_count, check_labels, check_positive, check_states
from probewidgets.probes.linear import LinearProbe

__all__ = ["INLP", "LEACE", "Eraser", "FittedEraser", "Moments", "RandomDirections"]

_BLOCK = 8192
"""Rows worked on at a time."""
_FLAT = 1e-12
"""Directions with less than this share of the largest variance are taken for constant."""
_NOTHING = 1e-6
"""Singular values below this share of the largest are taken for 0."""

Matrix = npt.NDArray[np.float64]


@runtime_checkable
class Eraser(Protocol):
    """Hyper-parameters. `fit` returns a FittedEraser and leaves the Eraser as it was."""

    kind: ClassVar[str]
    """What its FittedErasers are called."""

    def fit(self, X: Floats, y: npt.NDArray[Any], X_dev: Floats, y_dev: npt.NDArray[Any]) -> FittedEraser:
        """Fit on (N, D) states and (N,) labels of train; dev tells when to stop, where that is a question."""


@dataclass(frozen=True, eq=False)
class FittedEraser:
    """An affine map of states: x - A B (x - mean), with A B a projector. What it maps to the mean is erased."""

    kind: str
    """Which eraser it was: `"LEACE"`, `"INLP"` or `"random"`."""
    mean: Matrix
    """(D,) of the states that it was fitted on; stays where it is."""
    out: Matrix
    """(D, R) A: along what states are moved."""
    into: Matrix
    """(R, D) B: what they are read by."""
    steps: tuple[tuple[int, float], ...] = ()
    """Of INLP: for each probe that was trained, how many dimensions had been removed and its accuracy then."""

    @property
    def n_dims(self) -> int:
        """R, dimensions removed."""
        return self.out.shape[1]

    @property
    def projector(self) -> Matrix:
        """(D, D) what is left of a centred state: I - A B."""
        return np.eye(len(self.mean)) - self.out @ self.into

    def apply(self, X: Floats) -> Floats:
        """(N, D) states -> (N, D) without what was to be erased, in the type they came in.

        Raises:
            ProbeError: Another number of features than in training, NaN or infinity.
        """
        X = check_states(X, len(self.mean))
        erased = empty(X.shape, X.dtype)
        for low in range(0, len(X), _BLOCK):
            rows = X[low : low + _BLOCK].astype(np.float64)
            erased[low : low + _BLOCK] = rows - ((rows - self.mean) @ self.into.T) @ self.out.T
        return erased

    def __repr__(self) -> str:
        return f"FittedEraser({self.kind}: {self.n_dims} of {len(self.mean)} dimensions removed)"


@dataclass(frozen=True, eq=False)
class Moments:
    """Means and centred products of states and labels, gathered batch by batch: all that LEACE needs of them."""

    labels: tuple[Any, ...]
    """(K,) what may come; none where numbers are to be erased."""
    n: int = 0
    """Rows so far."""
    x: Matrix = field(default_factory=lambda: np.zeros(0))
    """(D,) mean state."""
    z: Matrix = field(default_factory=lambda: np.zeros(0))
    """(K,) mean of the labels, one-hot: their shares; or the mean numbers."""
    xx: Matrix = field(default_factory=lambda: np.zeros((0, 0)))
    """(D, D) sum of the products of centred states."""
    xz: Matrix = field(default_factory=lambda: np.zeros((0, 0)))
    """(D, K) sum of the products of centred states and centred labels."""

    def add(self, X: Floats, y: npt.ArrayLike) -> Moments:
        """These with (N, D) states and (N,) labels (or numbers) more; in which batches they come does not matter.

        Raises:
            ProbeError: NaN or infinity, another width than before, not one label per row, or a label not declared.

        Source: Chan, Golub and LeVeque 1983, "Algorithms for computing the sample variance", equation 2.1.
        """
        X = check_states(X, len(self.x) if self.n else None).astype(np.float64)
        Z = self._coded(np.asarray(y), len(X))
        if not len(X):
            return self
        x, z = X.mean(0), Z.mean(0)
        X, Z = X - x, Z - z
        if not self.n:
            return Moments(self.labels, len(X), x, z, X.T @ X, X.T @ Z)
        n = self.n + len(X)
        dx, dz, share = x - self.x, z - self.z, self.n * len(X) / n
        xx = self.xx + X.T @ X + share * np.outer(dx, dx)
        xz = self.xz + X.T @ Z + share * np.outer(dx, dz)
        return Moments(self.labels, n, self.x + dx * len(X) / n, self.z + dz * len(X) / n, xx, xz)

    def _coded(self, y: npt.NDArray[Any], n: int) -> Matrix:
        """(N, K) one-hot labels, or numbers as columns."""
        if len(y) != n:
            raise ProbeError(f"y must hold one label per row, ({n}), but came with shape {y.shape}.")
        if not self.labels:
            return y.reshape(n, -1).astype(np.float64)
        coded = y[:, None] == np.array(self.labels)[None]
        if not coded.any(1).all():
            unknown = y[~coded.any(1)].tolist()[0]
            raise ProbeError(f"Label {unknown!r} was not declared: Moments of {list(self.labels)[:10]} are gathered.")
        return coded.astype(np.float64)

    def eraser(self) -> FittedEraser:
        """The least-squares eraser of what was gathered.

        Raises:
            ProbeError: Fewer than two rows were gathered.

        Source: Belrose et al. 2023, "LEACE: Perfect linear concept erasure in closed form", theorem 4.3.
        """
        if self.n < 2:
            raise ProbeError(f"An eraser needs two rows at least, but {self.n} came.")
        # The solution does not depend on the scale of the features, but how exactly it is found does.
        scale = np.sqrt(self.xx.diagonal() / self.n)
        scale = np.where(scale > 0, scale, 1.0)
        variance, axes = np.linalg.eigh(self.xx / self.n / np.outer(scale, scale))
        kept = variance > _FLAT * max(variance[-1], 0.0)
        root, axes = np.sqrt(variance[kept]), axes[:, kept]
        whitened = (axes / root) @ (axes.T @ (self.xz / self.n / scale[:, None]))
        u = _range(whitened)
        out, into = (axes * root) @ (axes.T @ u), (u.T @ axes / root) @ axes.T
        return FittedEraser(LEACE.kind, self.x, scale[:, None] * out, into / scale)


@dataclass(frozen=True)
class LEACE:
    """Least-squares concept erasure: afterwards states and labels are uncorrelated, and states move least.

    On the rows it was fitted on no linear probe, of whatever loss, does better than a constant. A probe that is not
    linear still may. Of K labels K - 1 dimensions go; labels that are floating-point numbers are erased as numbers.

    Source: Belrose et al. 2023, "LEACE: Perfect linear concept erasure in closed form", theorem 4.3.
    """

    kind: ClassVar[str] = "LEACE"

    def fit(
        self, X: Floats, y: npt.NDArray[Any], X_dev: Floats | None = None, y_dev: npt.NDArray[Any] | None = None
    ) -> FittedEraser:
        """Fit on (N, D) states and (N,) labels, or (N,) or (N, Z) floats. Dev is not needed.

        Raises:
            ProbeError: NaN or infinity in X, not one label per row, fewer than two labels.

        Cost: one product of N * D * D, one eigendecomposition of D x D.
        """
        X, y = check_states(X), np.asarray(y)
        labels = () if np.issubdtype(y.dtype, np.floating) else check_labels(X, y)[0]
        moments = Moments(labels)
        for low in range(0, len(X), _BLOCK):
            moments = moments.add(X[low : low + _BLOCK], y[low : low + _BLOCK])
        return moments.eraser()


@dataclass(frozen=True)
class INLP:
    """Iterative null-space projection: what a linear probe reads is projected away, until a fresh one reads nothing.

    Each step takes up to K - 1 dimensions, so many steps take far more than the labels need: look at `n_dims`, and at
    `RandomDirections` of as many. States are projected after standardising, so that the scale of a feature does not
    matter, and about their mean, to which a bias is indifferent.

    Args:
        max_steps: Probes that are trained at most.
        margin: A fresh probe reads nothing when its accuracy is at most this much above the majority's.
        probe: What is trained in each step; by default `LinearProbe(tol=1e-5)`.

    Raises:
        ProbeError: A number is out of range.

    Source: Ravfogel et al. 2020, "Null It Out: Guarding Protected Attributes by Iterative Nullspace Projection",
    algorithm 1; the stop within a margin of the majority is that of Elazar et al. 2021, "Amnesic Probing".
    """

    kind: ClassVar[str] = "INLP"

    max_steps: int = 20
    margin: float = 0.01
    probe: LinearProbe = field(default_factory=lambda: LinearProbe(tol=1e-5))

    def __post_init__(self) -> None:
        check_count("max_steps", self.max_steps)
        check_positive("margin", self.margin, zero=True)

    def fit(
        self, X: Floats, y: npt.NDArray[Any], X_dev: Floats | None = None, y_dev: npt.NDArray[Any] | None = None
    ) -> FittedEraser:
        """Fit on (N, D) states and (N,) labels; dev, or else train, is asked whether a probe still reads something.

        Raises:
            ProbeError: NaN or infinity in X, not one label per row, fewer than two labels.
        """
        X, y = check_states(X), np.asarray(y)
        labels, index = check_labels(X, y)
        scaler = Scaler.of(X)
        X = scaler.apply(X)
        X_dev, y_dev = (X, y) if X_dev is None or y_dev is None else (scaler.apply(check_states(X_dev)), y_dev)
        enough = float(np.mean(y_dev == labels[int(np.bincount(index).argmax())])) + self.margin
        basis = np.zeros((X.shape[1], 0))
        steps: list[tuple[int, float]] = []
        for _ in range(self.max_steps):
            probe = self.probe.fit(_projected(X, basis), y)
            steps.append((basis.shape[1], float(np.mean(probe.predict(_projected(X_dev, basis)) == y_dev))))
            if steps[-1][1] <= enough or basis.shape[1] == X.shape[1]:
                break
            # The same may be added to all labels: of the K rows K - 1 count. One basis of all the rows so far is
            # projected away at once, since projecting again and again would let errors grow.
            rows = _projected(probe.coef_ - probe.coef_.mean(0), basis)
            basis = _range(np.concatenate([basis, _range(rows.T)], 1))
        scale = scaler.scale.astype(np.float64)
        mean = scaler.mean.astype(np.float64)
        return FittedEraser(self.kind, mean, scale[:, None] * basis, basis.T / scale, tuple(steps))


@dataclass(frozen=True)
class RandomDirections:
    """The control of an eraser: as many dimensions, but random ones of the standardised states.

    Args:
        n_dims: R, dimensions to remove.
        seed: Of the directions.

    Raises:
        ProbeError: A number is out of range.

    Source: Elazar et al. 2021, "Amnesic Probing: Behavioral Explanation with Amnesic Counterfactuals", section 3.2.
    """

    kind: ClassVar[str] = "random"

    n_dims: int
    seed: int = 0

    def __post_init__(self) -> None:
        if self.n_dims:
            check_count("n_dims", self.n_dims)

    def fit(
        self, X: Floats, y: npt.NDArray[Any], X_dev: Floats | None = None, y_dev: npt.NDArray[Any] | None = None
    ) -> FittedEraser:
        """Of (N, D) states only means and scales count.

        Raises:
            ProbeError: The states are narrower than the dimensions to remove.
        """
        X = check_states(X)
        if self.n_dims > X.shape[1]:
            raise ProbeError(f"{self.n_dims} dimensions cannot be removed from states of {X.shape[1]} features.")
        drawn = np.random.default_rng(self.seed).uniform(-0.5, 0.5, (X.shape[1], self.n_dims))
        basis, scaler = np.linalg.qr(drawn)[0], Scaler.of(X)
        scale = scaler.scale.astype(np.float64)
        return FittedEraser(self.kind, scaler.mean.astype(np.float64), scale[:, None] * basis, basis.T / scale)


def _projected(X: Floats, basis: Matrix) -> Floats:
    """(N, D) rows without what lies along an orthonormal (D, R) basis."""
    B = basis.astype(X.dtype)
    return X - (X @ B) @ B.T


def _range(matrix: Matrix) -> Matrix:
    """(D, R) orthonormal basis of what the columns span, up to directions that are nothing but rounding."""
    u, size, _ = np.linalg.svd(matrix, full_matrices=False)
    return u[:, size > _NOTHING * size.max(initial=0.0)]
