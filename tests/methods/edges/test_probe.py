from __future__ import annotations

import numpy as np
import pytest
import torch

from probewidgets.errors import ProbeError
from probewidgets.methods.edges.probe import EdgeProbe, Spans, _network, _tokens


def spans(lengths: list[int], layers: int = 2, width: int = 5, seed: int = 0) -> Spans:
    """Targets with one span each, one after the other."""
    ends = np.cumsum(lengths)
    states = np.random.default_rng(seed).normal(size=(layers, int(ends[-1]), width)).astype(np.float32)
    return Spans(states, (ends - lengths)[:, None], ends[:, None])


def pooled(net: torch.nn.Module, some: Spans) -> torch.Tensor:
    """What the MLP reads."""
    seen = []
    hook = net.read.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].detach()))
    net.eval()(_tokens(torch.tensor(some.states), some, np.arange(len(some))))
    hook.remove()
    return seen[0]


def test_a_span_of_one_token_is_that_token_projected() -> None:
    some = spans([1, 1, 1])
    torch.manual_seed(0)
    net = _network(2, 5, 1, 3, EdgeProbe(width=4), torch.Generator())
    mixed = torch.tensor(some.states).mean(0)  # equal weights at first, and a scale of 1
    torch.testing.assert_close(pooled(net, some), net.project[0](mixed).detach())


def test_equal_scores_give_the_mean() -> None:
    some = spans([3, 1, 2])
    net = _network(2, 5, 1, 3, EdgeProbe(width=4), torch.Generator())
    torch.nn.init.zeros_(net.score[0].weight)
    projected = net.project[0](torch.tensor(some.states).mean(0)).detach()
    means = torch.stack([projected[0:3].mean(0), projected[3:4].mean(0), projected[4:6].mean(0)])
    torch.testing.assert_close(pooled(net, some), means)


def test_tokens_outside_a_span_have_no_say() -> None:
    some = spans([2, 4])
    states = torch.tensor(some.states, requires_grad=True)
    net = _network(2, 5, 1, 3, EdgeProbe(width=4), torch.Generator()).eval()
    net(_tokens(states, some, np.array([0, 1])))[0].sum().backward()
    assert states.grad is not None
    assert (states.grad[:, :2] != 0).any()
    assert (states.grad[:, 2:] == 0).all()


def labelled(n: int, seed: int) -> tuple[Spans, np.ndarray]:
    """A target carries the label if the first feature of any of its tokens is large, in layer 1 alone."""
    lengths = np.random.default_rng(seed).integers(1, 5, n).tolist()
    some = spans(lengths, layers=3, width=6, seed=seed)
    rows = [some.states[1, b:e, 0].max() > 0.8 for b, e in zip(some.begin[:, 0], some.end[:, 0], strict=True)]
    flags = np.array(rows)
    return some, np.stack([flags, ~flags], 1)


def test_it_learns_which_token_and_which_layer_matter() -> None:
    (train, Y), (dev, Y_dev), (test, Y_test) = (labelled(n, seed) for n, seed in ((1500, 0), (300, 1), (300, 2)))
    fitted = EdgeProbe(width=16, hidden=16, epochs=25, rate=3e-3, dropout=0.1).fit(train, Y, dev, Y_dev)
    assert (fitted.predict(test) == Y_test).mean() > 0.93
    assert fitted.mix.argmax() == 1
    assert fitted.mix.sum() == pytest.approx(1)
    np.testing.assert_allclose(fitted.proba(test.take(np.array([7, 3]))), fitted.proba(test)[[7, 3]], atol=1e-6)


def test_of_two_spans_it_reads_what_only_both_together_tell_and_which_is_which() -> None:
    rng = np.random.default_rng(0)
    n = 1800
    states = rng.normal(size=(1, 2 * n, 4)).astype(np.float32)
    one, other = states[0, 0::2], states[0, 1::2]
    alike, ordered = (one[:, 0] > 0) == (other[:, 0] > 0), one[:, 1] > other[:, 1]
    begin = np.arange(2 * n).reshape(n, 2)
    Y = np.stack([alike, ordered], 1)
    train, dev, test = (np.arange(low, high) for low, high in ((0, 1200), (1200, 1500), (1500, n)))
    some = Spans(states, begin, begin + 1)
    fitted = EdgeProbe(width=8, hidden=64, epochs=60, rate=1e-2, dropout=0.0).fit(
        some.take(train), Y[train], some.take(dev), Y[dev]
    )
    right = (fitted.proba(some.take(test)) > 0.5) == Y[test]
    assert right.mean(0).min() > 0.9


def test_the_seed_decides_and_leaves_torchs_own_alone() -> None:
    some, Y = labelled(60, 0)
    probe = EdgeProbe(width=4, hidden=4, epochs=2)
    state = torch.get_rng_state()
    one, two = (probe.fit(some, Y, some, Y).proba(some) for _ in range(2))
    assert torch.equal(torch.get_rng_state(), state)
    np.testing.assert_array_equal(one, two)


def test_impossible_settings_are_refused() -> None:
    some, Y = labelled(20, 0)
    with pytest.raises(ProbeError, match="width must be a whole number >= 1"):
        EdgeProbe(width=0)
    with pytest.raises(ProbeError, match="dropout must be a share"):
        EdgeProbe(dropout=1.0)
    with pytest.raises(ProbeError, match="20 targets came with labels of shape"):
        EdgeProbe().fit(some, Y[:3], some, Y)
