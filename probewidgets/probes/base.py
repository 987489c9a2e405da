"""A Probe (hyper-parameters) is fitted and becomes a FittedProbe (weights): two types, so no use before the fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Real
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError, whole_number
from probewidgets.machine.arrays import Floats, Ints, empty
from probewidgets.probes.names import Names

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Choice", "FittedProbe", "LabelProbe", "Probe", "Scaler"]


_BLOCK = 8192
"""Rows worked on at a time, where a copy of all of them would be large."""


@runtime_checkable
class FittedProbe(Protocol):
    """Weights that turn states into label probabilities. Immutable, numpy only."""

    @property
    def labels(self) -> tuple[Any, ...]:
        """(K,) the labels, in the order of the columns."""

    def log_proba(self, X: Floats) -> Floats:
        """(N, D) states -> (N, K) log-probabilities in nats."""

    def predict(self, X: Floats) -> npt.NDArray[Any]:
        """(N, D) states -> (N,) labels."""

    def rescaled(self, scaler: Scaler) -> FittedProbe:
        """This probe, fitted on `scaler.apply(X)`, as one for X itself."""


class Probe:
    """Hyper-parameters: a frozen dataclass. Says of itself what an experiment must know; nobody asks for its class.

    A probe of one's own may be any object with `fit(X, y)`; what it does not say is as it is here.
    """

    answers: ClassVar[str] = "label"
    """What the targets must carry: `"label"` (one), `"labels"` (any number), `"number"`."""
    asks: ClassVar[frozenset[str]] = frozenset({"control", "random", "seeds"})
    """What a sweep of it can be asked for, beside the task."""
    trial: ClassVar[str] = "label"
    """Which trial it brings to a sweep: the name of one, see `probewidgets.sweeps.trial`."""
    penalty: ClassVar[str] = "l2"
    """Which of its fields is the penalty that is chosen on dev, where it is None."""
    stops_early: ClassVar[bool] = False
    """Whether its training ends where dev gains no more."""
    one_core: ClassVar[bool] = False
    """Whether it trains on one core and several may train at a time: a sweep then takes as many layers side by side."""

    @property
    def seeded(self) -> bool:
        """Whether its training begins at random, from a `seed` of its own."""
        return hasattr(self, "seed")

    @property
    def open_grid(self) -> tuple[float, ...]:
        """The penalties among which dev chooses; none where the penalty is fixed, or there is none."""
        return tuple(getattr(self, "grid", ())) if getattr(self, self.penalty, 0) is None else ()

    @property
    def fixed_penalty(self) -> float:
        """The penalty that it names; NaN where it leaves it open, or has none."""
        value = getattr(self, self.penalty, None)
        return float("nan") if value is None else float(value)

    def at(self, penalty: float) -> Self:
        """The same probe with its penalty fixed, where it left it open."""
        return replace(self, **{self.penalty: penalty}) if self.open_grid else self  # type: ignore[type-var]

    def reseeded(self, step: int) -> Self:
        """The same probe with the seed that is so many after its own."""
        return replace(self, seed=self.seed + step)  # type: ignore[type-var, attr-defined]

    def n_parameters(self, fitted: Any) -> int:
        """Weights and biases of the probe as it is trained."""
        return count_parameters(fitted)

    def fit(self, *args: Any) -> Any:
        """Fit; of most probes on (N, D) states and (N,) labels. Leaves the probe as it was."""
        raise NotImplementedError


class LabelProbe(Probe):
    """A probe that tells one label per row, for several label sets over the same states by the same rule."""

    def choose(self, X: Floats, Y: Ints, X_dev: Floats, Y_dev: Ints, labels: Sequence[Any]) -> tuple[Choice, ...]:
        """Fit T label sets, each at the penalty with the lowest cross-entropy on dev, where the penalty is open.

        Here: each as it is, for a probe that has nothing to choose.

        Args:
            X: (N, D) states of train.
            Y: (T, N) index into `labels`.
            X_dev: (M, D) states of dev.
            Y_dev: (T, M) index into `labels`; -1 where train never shows the label: such rows do not count.
            labels: (K,) what the columns are called.

        Returns:
            (T,) choices.

        Raises:
            ProbeError: `fit` gives no fitted probe.
        """
        pairs = zip(Y, Y_dev, strict=True)
        return tuple(self._as_it_is(X, y, X_dev, y_dev, tuple(labels)) for y, y_dev in pairs)

    def _as_it_is(self, X: Floats, y: Ints, X_dev: Floats, y_dev: Ints, labels: tuple[Any, ...]) -> Choice:
        fitted = self.fit(X, np.array(labels)[y])
        if not isinstance(fitted, FittedProbe):
            raise ProbeError(
                f"{repr(self).split('(')[0]}.fit must return a fitted probe with labels, log_proba(X), predict(X) and "
                f"rescaled(scaler), but returned {type(fitted).__name__}. Use LinearProbe(), or wrap it."
            )
        if tuple(fitted.labels) != labels:
            fitted = _Spread(fitted, labels)
        nats = dev_nats(fitted.log_proba(X_dev), y_dev)
        return Choice(fitted, self.fixed_penalty, False, bool(getattr(fitted, "converged", True)), nats)


@dataclass(frozen=True, eq=False)
class _Spread:
    """A fitted probe with a column for every label of the task: where it saw few rows, it may know fewer."""

    inner: FittedProbe
    labels: tuple[str, ...]

    @property
    def converged(self) -> bool:
        return bool(getattr(self.inner, "converged", True))

    def log_proba(self, X: Floats) -> Floats:
        out = np.full((len(X), len(self.labels)), -np.inf)
        out[:, [self.labels.index(str(label)) for label in self.inner.labels]] = self.inner.log_proba(X)
        return out

    def predict(self, X: Floats) -> npt.NDArray[Any]:
        return self.inner.predict(X)

    def rescaled(self, scaler: Scaler) -> _Spread:
        return _Spread(self.inner.rescaled(scaler), self.labels)


@dataclass(frozen=True)
class Choice:
    """A fitted probe, and how it does on dev."""

    fitted: FittedProbe
    l2: float
    """The penalty chosen on dev, or the probe's own."""
    edge_of_grid: bool
    """Whether it is the strongest or the weakest of a grid of several."""
    converged: bool
    """Whether the fit met its tolerance."""
    dev_nats: float
    """Mean cross-entropy on dev, over its rows with a known label (nats)."""


@dataclass(frozen=True, eq=False)
class Scaler:
    """Mean and standard deviation of each feature, of the rows it was made from, in the type of their states."""

    mean: Floats
    """(D,)"""
    scale: Floats
    """(D,) standard deviations; 1 where a feature is constant."""

    @staticmethod
    def of(X: Floats) -> Scaler:
        """The scaler of (N, D) states. A feature is constant where it varies no more than rounding does."""
        mean = X.mean(0, dtype=np.float64)
        square = np.zeros_like(mean)
        for low in range(0, len(X), _BLOCK):
            square += np.square(X[low : low + _BLOCK] - mean.astype(X.dtype)).sum(0, dtype=np.float64)
        scale = np.sqrt(square / len(X))
        rounding = 4 * np.finfo(X.dtype).eps * np.abs(mean)
        return Scaler(mean.astype(X.dtype), np.where(scale > rounding, scale, 1.0).astype(X.dtype))

    def apply(self, X: Floats) -> Floats:
        """(N, D) states -> (N, D) with the mean taken off and divided by the scale, in the type they came in."""
        out = np.subtract(X, self.mean, out=empty(X.shape, X.dtype))
        out /= self.scale
        return out


def check_states(X: Floats, width: int | None = None) -> Floats:
    """(N, D) floating-point states, or an error that says what came.

    Raises:
        ProbeError: Not a matrix, no row, another width than `width`, NaN or infinity.
    """
    X = np.asarray(X)
    if X.ndim != 2 or X.shape[1] == 0:
        raise ProbeError(f"States must be a matrix (rows, features), but an array of shape {X.shape} came.")
    if width is not None and X.shape[1] != width:
        raise ProbeError(
            f"The probe was fitted on {width} features, but states with {X.shape[1]} came. "
            "Give states of the same model, layer kind and pool as in training."
        )
    X = X if X.dtype in (np.float32, np.float64) else X.astype(np.float32 if X.dtype == np.float16 else np.float64)
    finite = [np.isfinite(X[low : low + _BLOCK]).all(1) for low in range(0, len(X), _BLOCK)]
    bad = np.flatnonzero(~np.concatenate([np.ones(0, dtype=bool), *finite]))
    if len(bad):
        feature = int(np.flatnonzero(~np.isfinite(X[bad[0]]))[0])
        raise ProbeError(
            f"{len(bad):,} of {len(X):,} rows hold NaN or infinity, first {X[bad[0], feature]} in row {bad[0]}, "
            f"feature {feature}. Drop these rows, or load the model with dtype='float32'."
        )
    return X


def check_labels(X: Floats, y: npt.ArrayLike) -> tuple[tuple[Any, ...], Ints]:
    """The sorted labels of training rows, and the index of each row's label among them.

    Raises:
        ProbeError: No row, not one label per row, a label that is None or NaN, or fewer than two labels.
    """
    # As objects first: numpy makes the text "nan" of a NaN among strings.
    y = y if isinstance(y, np.ndarray) else np.asarray(y, dtype=object)
    if y.shape != (len(X),):
        raise ProbeError(f"y must hold one label per row, ({len(X)},), but came with shape {y.shape}.")
    if not len(y):
        raise ProbeError("There is no row to fit on. Give at least one row of each of two labels.")
    check_present(y)
    y = np.array(y.tolist()) if y.dtype == object else y
    labels, index = np.unique(y, return_inverse=True)
    if len(labels) < 2:
        raise ProbeError(f"A probe needs at least two labels to tell apart, but all rows carry {labels.tolist()[0]!r}.")
    return tuple(labels.tolist()), index.astype(np.int64)


def check_present(y: npt.NDArray[Any]) -> None:
    """Raise ProbeError where a label is None or NaN, or where labels are of kinds that have no order."""
    if y.dtype.kind not in "fcOmM":
        return
    values = y.tolist()
    missing = [row for row, value in enumerate(values) if _is_missing(value)]
    if missing:
        raise ProbeError(
            f"{len(missing):,} of {len(y):,} rows carry no label, first {values[missing[0]]!r} in row {missing[0]}. "
            "Drop these rows, or give them a label of their own."
        )
    kinds = sorted({_kind(value) for value in values})
    if len(kinds) > 1:
        raise ProbeError(
            f"Labels must be of one kind, but these came: {', '.join(kinds)}. Give strings: y.astype(str)."
        )


def _kind(value: Any) -> str:
    return "number" if isinstance(value, Real) else "str" if isinstance(value, str) else type(value).__name__


def _is_missing(value: Any) -> bool:
    try:
        return value is None or bool(value != value)
    except TypeError:  # pandas.NA is neither equal nor unequal to itself
        return True


def check_positive(name: str, value: object, zero: bool = False) -> None:
    """Raise ProbeError unless `value` is a finite number > 0 (or >= 0)."""
    number = isinstance(value, Real) and not isinstance(value, bool) and np.isfinite(float(value))
    if not number or not (value > 0 or (zero and value == 0)):  # type: ignore[operator]
        raise ProbeError(f"{name} must be a number {'>= 0' if zero else '> 0'}, but {value!r} came.")


def check_count(name: str, value: object, fewest: int = 1) -> int:
    """A whole number that is not too small, or ProbeError."""
    return whole_number(name, value, fewest, ProbeError)


def check_flag(name: str, value: object) -> None:
    """Raise ProbeError unless `value` is True or False."""
    if not isinstance(value, bool):
        raise ProbeError(f"{name} must be True or False, but {value!r} came.")


def check_grid(grid: object, zero: bool = False) -> None:
    """Raise ProbeError unless `grid` holds different penalties, strongest first."""
    if not isinstance(grid, tuple | list) or not grid:
        raise ProbeError(f"grid must hold penalties to try, such as (1e-2, 1e-3, 1e-4), but {grid!r} came.")
    for penalty in grid:
        check_positive("Every penalty of the grid", penalty, zero)
    if list(grid) != sorted(set(grid), reverse=True):
        raise ProbeError(f"grid must hold different penalties, strongest first, but {grid} came.")


def dev_nats(log_proba: Floats, gold: Ints) -> float:
    """Mean cross-entropy (nats) over the rows whose label is known (not -1); NaN where there is none."""
    rows = np.flatnonzero(gold >= 0)
    return float(-log_proba[rows, gold[rows]].mean(dtype=np.float64)) if len(rows) else float("nan")


def as_labels(labels: tuple[Any, ...], index: Ints) -> npt.NDArray[Any]:
    """(N,) indices -> (N,) labels; names are such that a comparison with numbers is an error."""
    answers = np.array(labels)[index]
    return answers.view(Names) if answers.dtype.kind == "U" else answers


def count_parameters(fitted: Any) -> int:
    """Numbers in the arrays of a fitted probe."""
    values = vars(fitted).values()
    flat = [array for value in values for array in (value if isinstance(value, tuple) else (value,))]
    return int(sum(array.size for array in flat if isinstance(array, np.ndarray)))
