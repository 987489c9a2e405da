"""Both ways between scikit-learn and probes: its estimators in a sweep, and our probes in its pipelines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from probewidgets.errors import ProbeError
from probewidgets.machine.arrays import Floats
from probewidgets.metrics.scores import log_softmax
from probewidgets.probes.base import LabelProbe, Probe, Scaler, as_labels, check_labels, check_present, check_states

__all__ = ["FittedScikit", "ProbeClassifier", "ScikitProbe"]


@dataclass(frozen=True)
class ScikitProbe(LabelProbe):
    """Any classifier of scikit-learn as a probe. `sweep` wraps one by itself: `pw.sweep(acts, SVC())`.

    Raises:
        ProbeError: The estimator gives neither probabilities nor decisions.
    """

    estimator: Any
    """The classifier; never fitted itself, only copies of it are."""

    def __post_init__(self) -> None:
        if not any(hasattr(self.estimator, name) for name in ("predict_proba", "decision_function")):
            raise ProbeError(
                f"{type(self.estimator).__name__} has neither predict_proba nor decision_function, so it is no "
                "classifier that says how sure it is. Use one that does, such as LogisticRegression()."
            )

    def __repr__(self) -> str:
        return " ".join(repr(self.estimator).split())

    def fit(self, X: Floats, y: npt.NDArray[Any]) -> FittedScikit:
        """Fit a copy of the estimator on (N, D) states and (N,) labels.

        Raises:
            ProbeError: NaN or infinity in X, not one label per row, fewer than two labels.
        """
        X = check_states(X)
        labels, _ = check_labels(X, y)
        fitted = clone(self.estimator).fit(X, y)
        return FittedScikit(labels, fitted, None)


@dataclass(frozen=True, eq=False)
class FittedScikit:
    """A fitted estimator of scikit-learn, on states that are standardised first if a sweep did so in training."""

    labels: tuple[Any, ...]
    """(K,) sorted."""
    estimator: Any
    scaler: Scaler | None
    """What is done to states before the estimator sees them."""

    def __repr__(self) -> str:
        return f"FittedScikit({type(self.estimator).__name__}, {len(self.labels)} labels)"

    def log_proba(self, X: Floats) -> Floats:
        """(N, D) states -> (N, K) log-probabilities in nats; from decisions by a softmax where there are no others."""
        X = check_states(X)
        X = X if self.scaler is None else self.scaler.apply(X.astype(self.scaler.mean.dtype, copy=False))
        if hasattr(self.estimator, "predict_proba"):
            return np.log(np.maximum(self.estimator.predict_proba(X), 1e-12))
        decision = np.asarray(self.estimator.decision_function(X), dtype=np.float64)
        return log_softmax(np.stack([-decision / 2, decision / 2], 1) if decision.ndim == 1 else decision)

    def proba(self, X: Floats) -> Floats:
        """(N, D) states -> (N, K) probabilities."""
        return np.exp(self.log_proba(X))

    def predict(self, X: Floats) -> npt.NDArray[Any]:
        """(N, D) states -> (N,) most probable labels."""
        return as_labels(self.labels, self.log_proba(X).argmax(1))

    def rescaled(self, scaler: Scaler) -> FittedScikit:
        """This probe, fitted on `scaler.apply(X)`, as one for X itself."""
        if self.scaler is not None:
            raise ProbeError("This probe standardises states already: it cannot be rescaled again.")
        return replace(self, scaler=scaler)


class ProbeClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A probe as a classifier of scikit-learn, for its pipelines, grids and cross-validation.

    Args:
        probe: Any probe of this package; `LinearProbe()` by default.
    """

    def __init__(self, probe: Probe | None = None) -> None:
        self.probe = probe

    def fit(self, X: Any, y: Any) -> ProbeClassifier:
        """Fit the probe on (N, D) numbers and (N,) labels."""
        from probewidgets.probes.linear import LinearProbe

        X, y = validate_data(self, X, y)
        check_present(y)
        check_classification_targets(y)
        self.classes_ = np.unique(y)
        if len(self.classes_) < 2:
            raise ValueError(f"A probe needs at least two classes to tell apart, but y holds one class only: {y[0]!r}.")
        self.fitted_ = (LinearProbe() if self.probe is None else self.probe).fit(np.asarray(X, dtype=np.float64), y)
        return self

    def predict_log_proba(self, X: npt.ArrayLike) -> Floats:
        """(N, D) numbers -> (N, K) log-probabilities in nats."""
        check_is_fitted(self)
        return self.fitted_.log_proba(np.asarray(validate_data(self, X, reset=False), dtype=np.float64))

    def predict_proba(self, X: npt.ArrayLike) -> Floats:
        """(N, D) numbers -> (N, K) probabilities."""
        return np.exp(self.predict_log_proba(X))

    def predict(self, X: npt.ArrayLike) -> npt.NDArray[Any]:
        """(N, D) numbers -> (N,) most probable labels."""
        likeliest = self.predict_log_proba(X).argmax(1)
        return as_labels(tuple(self.classes_), likeliest)
