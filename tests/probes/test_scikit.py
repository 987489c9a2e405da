from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.utils.estimator_checks import parametrize_with_checks

import probewidgets as pw
from probewidgets.errors import ProbeError
from probewidgets.probes.base import Scaler
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.means import MassMeanProbe
from probewidgets.probes.mlp import MLPProbe
from probewidgets.probes.scikit import ProbeClassifier, ScikitProbe
from tests.synthetic import activations


@parametrize_with_checks(
    [
        ProbeClassifier(LinearProbe()),
        ProbeClassifier(MLPProbe(hidden=32, epochs=200)),
        ProbeClassifier(MassMeanProbe(whiten=True)),
    ]
)
def test_our_probes_are_estimators_of_scikit_learn(estimator: Any, check: Any) -> None:
    check(estimator)


def test_a_probe_goes_into_a_pipeline() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(200, 5)), rng.integers(0, 2, 200)
    X[:, 0] += 3 * y
    scores = cross_val_score(make_pipeline(StandardScaler(), ProbeClassifier()), X, y)
    assert scores.mean() > 0.85


def test_an_estimator_in_a_sweep_scores_as_our_own_probe_at_its_penalty() -> None:
    acts = activations(80)
    n = len(acts.rows("train"))
    theirs = pw.sweep(acts, LogisticRegression(C=0.1, max_iter=1000), control=True)
    ours = pw.sweep(acts, pw.LinearProbe(l2=1 / (2 * 0.1 * n), tol=1e-9), control=True)
    for a, b in zip(theirs.scores, ours.scores, strict=True):
        assert a.accuracy.value == pytest.approx(b.accuracy.value, abs=0.004)
        assert a.control is not None
        assert b.control is not None
        assert a.control.value == pytest.approx(b.control.value, abs=0.004)
    assert theirs.probe.startswith("LogisticRegression(C=0.1")


def test_decisions_become_probabilities_that_agree_with_them() -> None:
    acts = activations(60)
    sweep = pw.sweep(acts, LinearSVC())
    X = acts.layer(1)
    proba = np.exp(sweep.probes[1].log_proba(X))
    np.testing.assert_allclose(proba.sum(1), 1)
    scaler = Scaler.of(X[acts.rows("train")])
    labels = np.array(acts.targets.labels)[acts.targets.y]
    direct = LinearSVC().fit(scaler.apply(X[acts.rows("train")]), labels[acts.rows("train")])
    assert (sweep.probes[1].predict(X) == direct.predict(scaler.apply(X))).mean() > 0.99


def test_two_labels_have_one_decision_each() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(100, 3))
    y = np.where(X[:, 0] > 0, "yes", "no")
    fitted = ScikitProbe(LinearSVC()).fit(X, y)
    assert fitted.log_proba(X).shape == (100, 2)
    assert (fitted.predict(X) == y).mean() > 0.95


def test_what_is_no_classifier_is_refused() -> None:
    with pytest.raises(ProbeError, match="LinearRegression has neither predict_proba nor decision_function"):
        ScikitProbe(LinearRegression())
