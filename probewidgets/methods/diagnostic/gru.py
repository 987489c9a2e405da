"""A small GRU that learns to work out arithmetic, with its gates in reach: small enough to be understood by probes.

Source: Veldhoen, Hupkes and Zuidema 2016, "Diagnostic Classifiers Revealing how Neural Networks Process Hierarchical
Structure", section 3; Cho et al. 2014, "Learning Phrase Representations using RNN Encoder-Decoder for Statistical
Machine Translation", for the GRU.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch

from probewidgets.data.corpora.expressions import SYMBOLS
from probewidgets.data.corpus import Corpus
from probewidgets.errors import DataError, ModelError, whole_number
from probewidgets.machine.progress import bar
from probewidgets.machine.threads import few_threads
from probewidgets.models.sequence_model import SequenceModel
from probewidgets.probes.sentences import alike

__all__ = ["ArithmeticGRU", "read_values", "train_gru"]

BATCH = 64
"""Expressions per step."""
ALIKE = 50
"""So many batches are drawn together, and their expressions put to those of like length: half as much padding."""
CLIP = 1.0
"""The longest gradient: one odd batch must not throw the weights far off."""
SCALE = 20.0
"""The linear unit counts in twenties: its weights would have far to go if states between -1 and 1 were to give 60."""


class ArithmeticGRU(torch.nn.Module):
    """Reads symbols one by one; a linear unit gives a number from its state.

    What can be captured: its states, (B, T, hidden), and by name `embed`, and the gates `reset` and `update`. Where
    `update` is 1 a unit keeps its state, where it is 0 the state is written anew; `reset` says how much of the state
    before counts in what is written.

    Args:
        embedding: Width of a symbol's embedding.
        hidden: Width of a state.
    """

    def __init__(self, embedding: int = 2, hidden: int = 15) -> None:
        super().__init__()
        self.embed = torch.nn.Embedding(len(SYMBOLS), embedding)
        self.gru = torch.nn.GRU(embedding, hidden, batch_first=True)
        self.reset, self.update = torch.nn.Identity(), torch.nn.Identity()
        self.value = torch.nn.Linear(hidden, 1)

    def forward(self, symbols: torch.Tensor) -> torch.Tensor:
        """(B, T) numbers of symbols -> (B, T, hidden) states."""
        embedded = self.embed(symbols)
        states: torch.Tensor = self.gru(embedded)[0]
        if not self.training:
            self._show_gates(embedded, states)
        return states

    def _show_gates(self, embedded: torch.Tensor, states: torch.Tensor) -> None:
        """Pass both gates through modules of their own: torch's GRU, which is quick, keeps them to itself."""
        before = torch.nn.functional.pad(states[:, :-1], (0, 0, 1, 0))
        n = 2 * self.gru.hidden_size  # what stands below is for the new state
        by_symbol, by_state, bias, other_bias = (weight[:n] for weight in self.gru.all_weights[0])
        open_ = torch.nn.functional.linear(embedded, by_symbol, bias)
        open_ = open_ + torch.nn.functional.linear(before, by_state, other_bias)
        reset, update = open_.sigmoid().chunk(2, dim=-1)
        self.reset(reset)
        self.update(update)

    def values(self, symbols: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """(B, T) numbers of symbols, of which (B,) `lengths` count -> (B,) what the last of their states says."""
        states = self(symbols)
        last = states[torch.arange(len(lengths)), lengths - 1]
        return SCALE * torch.nn.functional.linear(last, self.value.weight, self.value.bias)[:, 0]


def train_gru(
    corpus: Corpus,
    *,
    embedding: int = 2,
    hidden: int = 15,
    epochs: int = 40,
    rate: float = 2e-2,
    seed: int = 0,
    progress: bool = True,
) -> SequenceModel:
    """A GRU that has learned to say the value of the expressions in a corpus's train side, from its last state.

    Least squares by Adam, whose rate falls to nothing along a cosine. Dev and test are not looked at.

    Args:
        corpus: `arithmetic(3000)`, or any other of the same symbols with a label `"value"`.
        embedding: Width of a symbol's embedding.
        hidden: Width of a state.
        epochs: How often every expression is read.
        rate: Adam's first rate.
        seed: Of the first weights and of the order: on one machine, equal seeds give equal models. The caller's random
            numbers are not moved.
        progress: Whether to show a bar, with the mean squared error of each epoch.

    Returns:
        What `capture` takes. Its control is `.randomized(seed)`.

    Raises:
        DataError: An expression of train has no value, or train is empty.
        ModelError: A width or the number of epochs is no whole number above 0.

    Cost: half a minute on one core for 3,000 expressions of each language.
    """
    for name, number in (("embedding", embedding), ("hidden", hidden), ("epochs", epochs)):
        whole_number(f"{name} of train_gru", number, 1, ModelError)
    texts, values = _lessons(corpus)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        reader = ArithmeticGRU(embedding, hidden)
        with few_threads(reader):
            _train(reader, texts, values, epochs, rate, progress)
    return SequenceModel(reader, SYMBOLS, name=f"GRU-{hidden} (seed {seed})")


def read_values(model: SequenceModel, texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """The values that a trained GRU takes expressions to have.

    Args:
        model: From `train_gru`.
        texts: (N,) expressions.

    Returns:
        (N,) numbers.

    Raises:
        ModelError: It is another model, or a symbol is unknown.
    """
    if not isinstance(model.model, ArithmeticGRU):
        raise ModelError(f"read_values takes a model from train_gru, but {model!r} came.")
    encoded = [torch.tensor(text.inputs["input"]) for text in model.encode(texts)]
    with model.lock, few_threads(model.model), torch.inference_mode():
        parts = [model.model.values(*_padded(encoded[low : low + 512])) for low in range(0, len(encoded), 512)]
    return np.concatenate([part.double().numpy() for part in parts])


def _lessons(corpus: Corpus) -> tuple[list[torch.Tensor], torch.Tensor]:
    """The symbols and the values of train."""
    examples = [corpus[row] for row in corpus.split.train]
    lacking = next((e for e in examples if not isinstance(e.labels.get("value"), int | float)), None)
    if lacking is not None or not examples:
        why = f"{lacking!r} has none" if lacking else "train is empty"
        raise DataError(f"A GRU learns the label 'value', a number, of every expression in train, but {why}.")
    unknown = next((form for e in examples for form in e.text.split() if form not in SYMBOLS), None)
    if unknown is not None:
        raise DataError(f"{unknown!r} is no symbol of arithmetic. There are {', '.join(list(SYMBOLS)[1:])}.")
    texts = [torch.tensor([SYMBOLS[form] for form in example.text.split()]) for example in examples]
    return texts, torch.tensor([float(example.labels["value"]) for example in examples])


def _train(
    reader: ArithmeticGRU, texts: list[torch.Tensor], values: torch.Tensor, epochs: int, rate: float, progress: bool
) -> None:
    lengths = [len(text) for text in texts]
    steps = epochs * len(_drawn(lengths))
    optimiser = torch.optim.Adam(reader.parameters(), rate)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    with bar("Training a GRU", "epoch", range(epochs), shown=progress, leave=False) as passes:
        for _ in passes:
            total = 0.0
            for rows in _drawn(lengths):
                symbols, n_symbols = _padded([texts[row] for row in rows])
                loss = torch.nn.functional.mse_loss(reader.values(symbols, n_symbols) / SCALE, values[rows] / SCALE)
                optimiser.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(reader.parameters(), CLIP)
                optimiser.step()
                falling.step()
                total += SCALE**2 * float(loss.detach()) * len(rows)
            passes.set_postfix_str(f"squared error {total / len(texts):.2f}")


def _drawn(lengths: list[int]) -> list[list[int]]:
    """Which expressions stand in each batch of an epoch: drawn anew at each call."""
    draws = torch.randperm(len(lengths)).split(ALIKE * BATCH)
    batches = [batch for rows in draws for batch in alike(lengths, BATCH, rows)]
    return [batches[place] for place in torch.randperm(len(batches)).tolist()]


def _padded(texts: list[torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    """(B, T) symbols, filled up on the right, and (B,) how many of them there are."""
    lengths = torch.tensor([len(text) for text in texts])
    return torch.nn.utils.rnn.pad_sequence(texts, batch_first=True), lengths
