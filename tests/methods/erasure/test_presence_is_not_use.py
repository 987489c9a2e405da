"""A model carries what its task does not need: a probe reads it, and nothing is lost where it is erased.

Source: Ravichander, Belinkov and Hovy 2021, "Probing the Probing Paradigm: Does Probing Accuracy Entail Task
Relevance?", section 4, with a synthetic task in place of theirs.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch

import probewidgets as pw
from probewidgets.captures.activations import Activations
from probewidgets.data.corpus import Corpus, Example, Split
from probewidgets.machine.threads import few_threads

SYMBOLS = {"a": 1, "b": 2, "x": 3, "y": 4}
LENGTH, SIDES = 9, (2000, 400, 800)


class Reader(torch.nn.Module):
    """A GRU, and a linear unit that says of the last state whether there were more a than b."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = torch.nn.Embedding(5, 4)
        self.gru = torch.nn.GRU(4, 16, batch_first=True)
        self.more = torch.nn.Linear(16, 1)

    def forward(self, symbols: torch.Tensor) -> torch.Tensor:
        return self.gru(self.embed(symbols))[0]


@cache
def sentences() -> Corpus:
    """Nine letters a or b, and before the last of them a mark, x or y, which says nothing of them."""
    rng = np.random.default_rng(0)
    made = []
    for _ in range(sum(SIDES)):
        letters, mark = rng.choice(["a", "b"], LENGTH), str(rng.choice(["x", "y"]))
        more = "a" if (letters == "a").sum() > LENGTH / 2 else "b"
        text = " ".join([*letters[:-1], mark, letters[-1]])
        made.append(Example(text, labels={"mark": mark, "more": more}))
    train, dev, _ = np.split(np.arange(len(made)), np.cumsum(SIDES)[:-1])
    test = tuple(range(SIDES[0] + SIDES[1], len(made)))
    return Corpus(tuple(made), Split(tuple(train.tolist()), tuple(dev.tolist()), test), "marks")


@cache
def trained() -> pw.SequenceModel:
    corpus = sentences()
    some = [corpus[i] for i in corpus.split.train]
    symbols = torch.tensor([[SYMBOLS[s] for s in one.text.split()] for one in some])
    gold = torch.tensor([[float(one.labels["more"] == "a")] for one in some])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        reader = Reader()
        optimiser = torch.optim.Adam(reader.parameters(), 1e-2)
        with few_threads(reader):
            for _ in range(12):
                for rows in torch.randperm(len(some)).split(64):
                    said = reader.more(reader(symbols[rows])[:, -1])
                    loss = torch.nn.functional.binary_cross_entropy_with_logits(said, gold[rows])
                    optimiser.zero_grad()
                    loss.backward()
                    optimiser.step()
    return pw.SequenceModel(reader, SYMBOLS)


def captured(column: str) -> Activations:
    return pw.capture(trained(), sentences(), pw.SentenceTask(column), pool=pw.last, store=False)


def right(states: np.ndarray, acts: Activations, rows: np.ndarray) -> float:
    """How often the model's own unit, given these states, says what is so."""
    unit = trained().model.more
    says = states @ unit.weight[0].detach().numpy() + unit.bias.item() > 0
    return float((says == (acts.targets.y[rows] == acts.targets.labels.index("a"))).mean())


def test_a_probe_reads_what_the_task_never_needed_and_erasing_it_costs_nothing() -> None:
    mark, more = captured("mark"), captured("more")
    read = pw.sweep(mark, pw.LinearProbe(), progress=False).best.accuracy
    assert read.value > 0.9
    assert read.low > 0.8  # of 0.5 by guessing

    train, test = mark.rows("train"), mark.rows("test")
    eraser = pw.erasers.LEACE().fit(mark.layer(0)[train], mark.targets.y[train])
    states = mark.layer(0)[test]
    before, after = right(states, more, test), right(eraser.apply(states), more, test)
    assert before > 0.95
    assert abs(after - before) <= 0.02


def test_erasing_what_the_task_needs_costs_nearly_all() -> None:
    more = captured("more")
    train, test = more.rows("train"), more.rows("test")
    eraser = pw.erasers.LEACE().fit(more.layer(0)[train], more.targets.y[train])
    assert right(eraser.apply(more.layer(0)[test]), more, test) < 0.65


def test_the_mark_cannot_be_read_where_it_was_erased() -> None:
    table = pw.erase(captured("mark"), eraser=pw.erasers.LEACE(), progress=False).table()
    assert table.iloc[0].filter(like="after").iloc[0] < 0.6
