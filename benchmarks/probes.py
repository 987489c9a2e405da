"""Training probes beside what a user would do instead, on real text and in one run.

    python benchmarks/probes.py FOLDER [--sentences 3000] [--parts linear mlp growth neurox]

FOLDER holds train.conllu and dev.conllu; parts of speech, the embedded model, first subword of each word, states
standardised on train, float32. Each side works with all cores. What is compared:

- linear: 7 layers x (task, control) x 4 penalties = 56 softmax regressions, beside a loop over scikit-learn's
  LogisticRegression (lbfgs, its default tolerance, 300 iterations) shared out by joblib. Every one of our fits must end
  at an objective no worse than scikit-learn's; how many do is printed, as is how far the scores on dev differ.
- mlp: width 1000, task and control of every layer, beside a plain torch loop for each, with torch's quickest Adam.
  First weights, batches, number of epochs and choice of the epoch are the same; scores may differ by rounding only,
  which where two epochs are as good decides between them.
- growth: seconds and peak memory of a layer's two fits, for 25,000 to 200,000 words.
- neurox: one layer, beside Adam at 1e-3, 10 epochs of batches of 32 in order, raw states.

Seconds are wall clock; the ratios are what counts. With all of train scikit-learn takes about half an hour.
"""

from __future__ import annotations

import argparse
import resource
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from joblib import Parallel, delayed
from sklearn.linear_model import LogisticRegression

import probewidgets as pw
from probewidgets.data.control import control_labels
from probewidgets.probes.base import Scaler
from probewidgets.probes.solver import Design, Solution, minimise

PENALTIES = (1e-3, 1e-2, 1e-1, 1.0)
"""C in scikit-learn's convention, strongest first."""
TOLERANCES = {1e-3: 3e-6, 1e-2: 2e-5, 1e-1: 1.5e-4, 1.0: 1e-3}
"""Of our fits, in nats: as close to the minimum as scikit-learn comes with its own stopping rule, which is less close
for weak penalties."""


@dataclass
class Data:
    """One layer's standardised states, and the labels of task and control."""

    X: np.ndarray
    Y: np.ndarray
    X_dev: np.ndarray
    Y_dev: np.ndarray
    k: int
    """Labels."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where train.conllu and dev.conllu are")
    parser.add_argument("--sentences", type=int, default=3000, help="of train; 0: all of it")
    parser.add_argument("--parts", nargs="+", default=["linear", "mlp", "growth", "neurox"])
    options = parser.parse_args()
    train, dev = (options.folder / f"{side}.conllu" for side in ("train", "dev"))
    corpus = pw.read_conllu(train, dev, dev)
    acts = pw.capture(pw.LanguageModel(), corpus, pw.WordTask("upos"), pool=pw.first)
    print(f"{torch.get_num_threads()} threads")
    if "linear" in options.parts:
        linear([layer(acts, number, options.sentences) for number in acts.layers])
    if "mlp" in options.parts:
        mlp([layer(acts, number, options.sentences // 2) for number in acts.layers])
    if "growth" in options.parts:
        growth(layer(acts, 3, 0))
    if "neurox" in options.parts:
        neurox(acts, options.sentences)


def layer(acts: pw.Activations, number: int, sentences: int) -> Data:
    """One layer of the first sentences of train, with one control draw."""
    states, targets = acts.layer(number), acts.targets
    train, dev = acts.rows("train"), acts.rows("dev")
    if sentences:
        train = train[targets.example[train] < sentences]
    p = np.bincount(targets.y[train], minlength=len(targets.labels)) / len(train)
    Y = np.stack([targets.y, control_labels(targets, p, 0)])
    scaler = Scaler.of(states[train])
    return Data(scaler.apply(states[train]), Y[:, train], scaler.apply(states[dev]), Y[:, dev], len(targets.labels))


# ---------------------------------------------------------------------- softmax regression


def linear(layers: list[Data]) -> None:
    n, fits = len(layers[0].X), 2 * len(PENALTIES) * len(layers)
    print(f"\nlinear: {n:,} words x {layers[0].X.shape[1]} features, {fits} fits")
    ours, mine = timed(lambda: [our_path(data) for data in layers])
    theirs, seconds = timed(lambda: their_loop(layers))
    worse, off = 0, []
    for data, our, their in zip(layers, ours, theirs, strict=True):
        for (c, which), w in our.items():
            loss, accuracy = judged(data, which, *w, c)
            other, reference = judged(data, which, *their[c, which], c)
            worse += loss > other + 1e-6
            off.append(100 * abs(accuracy - reference))
    print(f"  ours {mine:8.1f} s   scikit-learn {seconds:8.1f} s   {seconds / mine:5.1f} x as fast (8, aim 15)")
    print(f"  objective no worse than scikit-learn's: {fits - worse} of {fits} fits")
    print(f"  dev accuracy differs by {np.median(off):.2f} points (median), {max(off):.2f} at most (aim: 0.2)")
    data = layers[2]
    _, one = timed(lambda: our_fits(Design.of(data.X), data, data.Y[:1], 1e-2, None))
    _, other_one = timed(lambda: their_fit(data.X, data.Y[0], 1e-2, data.k))
    print(f"  a single fit: ours {one:.2f} s, scikit-learn {other_one:.2f} s, {other_one / one:.1f} x as fast (3)")


def our_path(data: Data) -> dict[tuple[float, int], tuple[np.ndarray, np.ndarray]]:
    """Task and control at every penalty; each starts where the two stronger penalties point to."""
    design, before, start, found = Design.of(data.X), None, None, {}
    for c in PENALTIES:
        start = solved = our_fits(design, data, data.Y, c, start)
        if before is not None:
            start = replace(solved, weights=solved.weights + (solved.weights - before))
        before = solved.weights
        found |= {(c, which): design.unrotate(each) for which, each in enumerate(solved.weights)}
    return found


def our_fits(design: Design, data: Data, Y: np.ndarray, c: float, start: Solution | None) -> Solution:
    l2 = torch.full((len(Y),), 1 / (2 * c * Y.shape[1]), dtype=torch.float64)
    return minimise(design, torch.from_numpy(Y), data.k, l2, start=start, tol=TOLERANCES[c])


def their_loop(layers: list[Data]) -> list[dict[tuple[float, int], tuple[np.ndarray, np.ndarray]]]:
    keys = [(c, which) for c in PENALTIES for which in (0, 1)]
    jobs = [delayed(their_fit)(data.X, data.Y[which], c, data.k) for data in layers for c, which in keys]
    flat = iter(Parallel(n_jobs=torch.get_num_threads())(jobs))
    return [{key: next(flat) for key in keys} for _ in layers]


def their_fit(X: np.ndarray, y: np.ndarray, c: float, k: int) -> tuple[np.ndarray, np.ndarray]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LogisticRegression(C=c, max_iter=300).fit(X, y)
    # A control draw may miss a label.
    coef, intercept = np.zeros((k, X.shape[1])), np.full(k, -1e3)
    coef[model.classes_], intercept[model.classes_] = model.coef_, model.intercept_
    return coef, intercept


def judged(data: Data, which: int, coef: np.ndarray, bias: np.ndarray, c: float) -> tuple[float, float]:
    """The objective on train (nats), and the accuracy on dev."""
    y = data.Y[which]
    logits = data.X @ coef.T + bias
    top = logits.max(1, keepdims=True)
    log_p = logits - top - np.log(np.exp(logits - top).sum(1, keepdims=True))
    loss = -log_p[np.arange(len(y)), y].mean() + (coef**2).sum() / (2 * c * len(y))
    return float(loss), float(((data.X_dev @ coef.T + bias).argmax(1) == data.Y_dev[which]).mean())


# ---------------------------------------------------------------------- MLP


def mlp(layers: list[Data], width: int = 1000, epochs: int = 5) -> None:
    print(f"\nmlp: {len(layers[0].X):,} words, width {width}, {2 * len(layers)} fits of {epochs} epochs")
    labels = tuple(range(layers[0].k))
    probe = pw.MLPProbe(hidden=width, epochs=epochs)
    ours, mine = timed(lambda: [probe.choose(d.X, d.Y, d.X_dev, d.Y_dev, labels) for d in layers])
    theirs, seconds = timed(lambda: [[torch_loop(d, i, width, epochs) for i in (0, 1)] for d in layers])
    score = [
        float((c.fitted.predict(d.X_dev) == y).mean())
        for d, cs in zip(layers, ours, strict=True)
        for c, y in zip(cs, d.Y_dev, strict=True)
    ]
    gaps = [100 * abs(a - b) for a, b in zip(score, [each for pair in theirs for each in pair], strict=True)]
    print(f"  ours {mine:8.1f} s   torch loop {seconds:8.1f} s   {seconds / mine:5.2f} x as fast (never below 1)")
    print(f"  dev accuracy at the best epoch differs by {np.median(gaps):.2f} points (median), {max(gaps):.2f} at most")
    print(f"  and by at most 0.2 in {sum(gap <= 0.2 for gap in gaps)} of {len(gaps)} fits")


def torch_loop(data: Data, which: int, width: int, epochs: int) -> float:
    """The plain way: a module, autograd, Adam; accuracy on dev at the epoch with the lowest cross-entropy there.

    The rate is halved after an epoch without gain. A control task's accuracy goes on rising when its cross-entropy does
    too, so the last epoch's would be another number.
    """
    random = torch.Generator().manual_seed(0)
    X, y = torch.from_numpy(data.X), torch.from_numpy(data.Y[which])
    X_dev, y_dev = torch.from_numpy(data.X_dev), torch.from_numpy(data.Y_dev[which])
    net = torch.nn.Sequential(torch.nn.Linear(X.shape[1], width), torch.nn.ReLU(), torch.nn.Linear(width, data.k))
    for part in (net[0], net[2]):
        for weights in part.parameters():
            bound = part.in_features**-0.5
            weights.data = (2 * torch.rand(weights.shape, generator=random) - 1) * bound
    adam = torch.optim.Adam(net.parameters(), lr=1e-3, fused=True)
    lowest, accuracy = float("inf"), 0.0
    for _ in range(epochs):
        for rows in torch.randperm(len(X), generator=random).split(256):
            adam.zero_grad(set_to_none=True)
            torch.nn.functional.cross_entropy(net(X[rows]), y[rows]).backward()
            adam.step()
        with torch.no_grad():
            logits = net(X_dev)
            nats = float(torch.nn.functional.cross_entropy(logits, y_dev))
        if nats < lowest - 1e-4:
            lowest, accuracy = nats, float((logits.argmax(1) == y_dev).double().mean())
        else:
            adam.param_groups[0]["lr"] /= 2
    return accuracy


# ---------------------------------------------------------------------- growth


def growth(data: Data) -> None:
    print("\ngrowth: task and control of one layer, C = 0.01")
    print("    words   seconds   us a word   memory beyond the states (MB)   states (MB)")
    for n in (25_000, 50_000, 100_000, 200_000):
        if n > len(data.X):
            break
        X, Y = np.ascontiguousarray(data.X[:n]), np.ascontiguousarray(data.Y[:, :n])
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        _, seconds = timed(lambda X=X, Y=Y: our_fits(Design.of(X), data, Y, 1e-2, None))
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        print(f"  {n:7,}   {seconds:7.2f}   {1e6 * seconds / n:9.1f}   {grown:29.0f}   {X.nbytes / 2**20:11.0f}")


# ---------------------------------------------------------------------- what is used today


def neurox(acts: pw.Activations, sentences: int, number: int = 3) -> None:
    """Adam at 1e-3, 10 epochs of batches of 32 in the order of the corpus, no penalty, raw states."""
    data = layer(acts, number, sentences)
    states, train = acts.layer(number), acts.rows("train")
    train = train[acts.targets.example[train] < sentences] if sentences else train
    X, y = torch.from_numpy(states[train]), torch.from_numpy(data.Y[0])
    X_dev, y_dev = torch.from_numpy(states[acts.rows("dev")]), torch.from_numpy(data.Y_dev[0])

    def adam() -> float:
        torch.manual_seed(0)
        net = torch.nn.Linear(X.shape[1], len(acts.targets.labels))
        optimiser = torch.optim.Adam(net.parameters(), lr=1e-3)
        for _ in range(10):
            for low in range(0, len(X), 32):
                optimiser.zero_grad(set_to_none=True)
                torch.nn.functional.cross_entropy(net(X[low : low + 32]), y[low : low + 32]).backward()
                optimiser.step()
        return float((net(X_dev).argmax(1) == y_dev).double().mean())

    labels = tuple(range(len(acts.targets.labels)))
    ours, mine = timed(lambda: pw.LinearProbe().choose(data.X, data.Y[:1], data.X_dev, data.Y_dev[:1], labels)[0])
    theirs, seconds = timed(adam)
    accuracy = float((ours.fitted.predict(data.X_dev) == data.Y_dev[0]).mean())
    print(f"\nneurox: layer {number}, {len(X):,} words; ours chooses its penalty on dev")
    print(f"  ours {mine:.1f} s, dev accuracy {accuracy:.4f};   Adam {seconds:.1f} s, dev accuracy {theirs:.4f}")


def timed(work: Callable):
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


if __name__ == "__main__":
    main()
