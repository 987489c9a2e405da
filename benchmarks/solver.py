"""Training one layer's probe: this package's solver beside scikit-learn's LogisticRegression, to the same loss.

    python benchmarks/solver.py [--sentences 3000] [--layer 2]

The same standardised states, the same penalties, one after the other in one process. scikit-learn is given the largest
of a few tolerances at which its loss is at least as low as ours; times are wall clock, the ratio is what counts. Then
both as they come, at their own tolerances. Then how far the accuracies of a sweep, which stops at a tolerance of 1e-4
nats, are from those at 1e-8.
"""

from __future__ import annotations

import argparse
import time
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

import probewidgets as pw


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sentences", type=int, default=3000)
    parser.add_argument("--layer", type=int, default=2)
    options = parser.parse_args()
    acts = pw.capture(
        pw.LanguageModel(), pw.corpora.english(options.sentences), pw.WordTask("upos"), layers=[options.layer]
    )
    X = StandardScaler().fit_transform(acts.layer(options.layer)).astype(np.float32)
    y = acts.targets.y
    print(f"{len(X):,} words x {X.shape[1]} features, {len(np.unique(y))} labels, layer {options.layer}")
    print("     l2 |     ours      loss | scikit-learn      loss  tol | times as fast | same label")
    for l2 in (1e-2, 1e-3, 1e-4):
        start = time.perf_counter()
        ours = pw.LinearProbe(l2=l2, tol=1e-6).fit(X, y)
        mine = time.perf_counter() - start
        loss = objective(ours.log_proba(X), ours.coef_, y, l2)
        theirs, seconds, other, tol = scikit_learn(X, y, l2, loss)
        same = np.mean(theirs.predict(X) == ours.predict(X))
        print(
            f"{l2:7.0e} | {mine:6.2f} s  {loss:.6f} | {seconds:10.2f} s  {other:.6f} {tol:.0e} "
            f"| {seconds / mine:13.1f} | {same:.4f}"
        )

    print("\n      C |     ours      loss | scikit-learn      loss | times as fast, both as they come")
    for c in (0.01, 0.1, 1.0):
        l2 = 1 / (2 * c * len(X))
        (ours, mine), (theirs, seconds) = (
            timed(lambda model=model: model.fit(X, y)) for model in (pw.LinearProbe(l2=l2), LogisticRegression(C=c))
        )
        losses = (
            objective(ours.log_proba(X), ours.coef_, y, l2),
            objective(theirs.predict_log_proba(X), theirs.coef_, y, l2),
        )
        print(
            f"{c:7} | {mine:6.2f} s  {losses[0]:.6f} | {seconds:10.2f} s  {losses[1]:.6f} | {seconds / mine:13.1f}"
            f"{'' if losses[0] <= losses[1] else '  WORSE'}"
        )

    print("\n     l2 | test accuracy at 1e-4 - at 1e-8: task, control (points)")
    for l2 in (1e-2, 1e-3, 1e-4, 1e-5):
        rough, exact = (
            pw.sweep(acts, pw.LinearProbe(l2=l2, tol=tol), control=True, progress=False).scores[0]
            for tol in (1e-4, 1e-8)
        )
        task, control = (
            100 * (getattr(rough, name).value - getattr(exact, name).value) for name in ("accuracy", "control")
        )
        print(f"{l2:7.0e} | {task:+.3f}, {control:+.3f}")


def scikit_learn(X, y, l2: float, loss: float):
    """The quickest fit of scikit-learn's whose loss is within 1e-6 of `loss`; else the tightest tried."""
    for tol in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6):
        model = LogisticRegression(C=1 / (2 * l2 * len(X)), tol=tol, max_iter=5000)
        start = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(X, y)
        seconds = time.perf_counter() - start
        got = objective(model.predict_log_proba(X), model.coef_, y, l2)
        if got <= loss + 1e-6:
            break
    return model, seconds, got, tol


def timed(run):
    """What it gives, and the seconds that it takes."""
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return run(), time.perf_counter() - start


def objective(log_proba, coef, y, l2: float) -> float:
    """Mean cross-entropy (nats) + l2 * ||W||^2, W with rows of mean 0, as at every optimum."""
    return float(-log_proba[np.arange(len(y)), y].mean() + l2 * (coef**2).sum())


if __name__ == "__main__":
    main()
