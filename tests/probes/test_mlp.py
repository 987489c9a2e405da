from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from probewidgets.errors import ProbeError
from probewidgets.probes import network
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.mlp import FittedMLP, LowRankProbe, MLPProbe


@pytest.fixture
def a_thread_each(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    monkeypatch.setattr(network, "_WORTH", 1)
    yield
    torch.set_num_threads(before)


def exclusive_or(n: int = 2000) -> tuple[np.ndarray, np.ndarray]:
    X = np.random.default_rng(0).normal(size=(n, 2))
    return X, np.where(X[:, 0] * X[:, 1] > 0, "same", "different")


def test_an_mlp_reads_what_no_linear_probe_can() -> None:
    X, y = exclusive_or()
    assert (LinearProbe().fit(X, y).predict(X) == y).mean() < 0.7
    assert (MLPProbe(hidden=32).fit(X, y).predict(X) == y).mean() > 0.9


def test_numpy_predicts_what_torch_was_trained_to() -> None:
    X, y = exclusive_or(300)
    fitted = MLPProbe(hidden=8, epochs=2).fit(X, y)
    hidden = torch.relu(torch.tensor(X @ fitted.coefs_[0].T + fitted.intercepts_[0]))
    logits = hidden @ torch.tensor(fitted.coefs_[1]).T + torch.tensor(fitted.intercepts_[1])
    np.testing.assert_allclose(fitted.log_proba(X), logits.log_softmax(1).numpy(), atol=1e-12)


def test_the_seed_decides_the_fit_and_nothing_else_does() -> None:
    X, y = exclusive_or(300)
    torch.manual_seed(1)
    one = MLPProbe(hidden=8, epochs=3).fit(X, y)
    state = torch.get_rng_state()
    two = MLPProbe(hidden=8, epochs=3).fit(X, y)
    assert torch.equal(torch.get_rng_state(), state)
    np.testing.assert_array_equal(one.coefs_[0], two.coefs_[0])
    assert not np.array_equal(one.coefs_[0], MLPProbe(hidden=8, epochs=3, seed=1).fit(X, y).coefs_[0])


def test_a_penalty_shrinks_the_weights_and_can_be_chosen_on_dev() -> None:
    X, y = exclusive_or(400)
    free, held = (MLPProbe(hidden=16, l2=l2, epochs=10).fit(X, y) for l2 in (0.0, 1e-2))
    assert (held.coefs_[0] ** 2).sum() < (free.coefs_[0] ** 2).sum()
    index = (y == "same").astype(int)
    probe = MLPProbe(hidden=16, l2=None, epochs=5, grid=(10.0, 1e-4, 1e-5))
    (choice,) = probe.choose(X[:200], index[None, :200], X[200:], index[None, 200:], ("different", "same"))
    assert choice.l2 < 10.0
    assert choice.fitted.l2 == choice.l2


def test_too_few_epochs_are_flagged() -> None:
    X, y = exclusive_or(400)
    assert not MLPProbe(hidden=16, epochs=2).fit(X, y).converged


def test_impossible_settings_and_states_are_refused() -> None:
    X, y = exclusive_or(50)
    with pytest.raises(ProbeError, match="hidden must be a whole number >= 1"):
        MLPProbe(hidden=0)
    with pytest.raises(ProbeError, match="l2 must be a number >= 0"):
        MLPProbe(l2=-1.0)
    X[3, 1] = np.inf
    with pytest.raises(ProbeError, match="row 3, feature 1"):
        MLPProbe().fit(X, y)


def written_out(X: np.ndarray, y: np.ndarray, hidden: tuple[int, ...], l2: float) -> torch.nn.Sequential:
    """The same network, weights, batches and Adam as torch itself has them, for two epochs at the full rate."""
    random = torch.Generator().manual_seed(0)
    widths = (X.shape[1], *hidden, 2)
    layers = []
    for below, above in pairwise(widths):
        layer = torch.nn.Linear(below, above)
        with torch.no_grad():
            layer.weight.copy_((2 * torch.rand((above, below), generator=random) - 1) / below**0.5)
            layer.bias.copy_((2 * torch.rand((above, 1), generator=random) - 1)[:, 0] / below**0.5)
        layers += [layer, torch.nn.ReLU()]
    net = torch.nn.Sequential(*layers[:-1])
    adam = torch.optim.Adam(net.parameters(), lr=1e-3)
    states, gold = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
    for _ in range(2):
        for rows in torch.randperm(len(X), generator=random).split(256):
            adam.zero_grad()
            penalty = sum(m.weight.square().sum() for m in net if isinstance(m, torch.nn.Linear))
            (torch.nn.functional.cross_entropy(net(states[rows]), gold[rows]) + l2 * penalty).backward()
            adam.step()
    return net


@pytest.mark.parametrize("hidden", [(8,), (8, 5)])
def test_gradients_and_steps_are_those_of_torch(hidden: tuple[int, ...]) -> None:
    X, labels = exclusive_or(700)
    y = (labels == "same").astype(int)
    fitted = MLPProbe(hidden=hidden, l2=1e-3, epochs=2).fit(X, y)
    expected = written_out(X, y, hidden, 1e-3)(torch.tensor(X, dtype=torch.float32)).log_softmax(1)
    np.testing.assert_allclose(fitted.log_proba(X), expected.detach().numpy(), atol=2e-5)


def test_label_sets_that_are_trained_together_end_as_they_do_alone() -> None:
    X, labels = exclusive_or(600)
    task = (labels == "same").astype(int)
    control = np.random.default_rng(1).integers(0, 2, len(X))
    probe = MLPProbe(hidden=16, epochs=12)
    names = ("different", "same")
    both = probe.choose(X, np.stack([task, control]), X, np.stack([task, control]), names)
    for y, together in zip((task, control), both, strict=True):
        (alone,) = probe.choose(X, y[None], X, y[None], names)
        np.testing.assert_allclose(together.fitted.log_proba(X), alone.fitted.log_proba(X), atol=1e-4)
        assert together.converged == alone.converged


def three_label_sets(n: int) -> tuple[np.ndarray, np.ndarray]:
    """What is hard, what is easy, what cannot be learned: they end after different numbers of epochs."""
    X, labels = exclusive_or(n)
    return X, np.stack([labels == "same", X[:, 0] > 0, np.random.default_rng(1).integers(0, 2, n)]).astype(int)


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_fits_in_threads_of_their_own_are_those_of_one_stack(dropout: float, request: pytest.FixtureRequest) -> None:
    X, Y = three_label_sets(1200)
    probe = MLPProbe(hidden=64, epochs=40, dropout=dropout)
    sides = X[:600], Y[:, :600], X[600:], Y[:, 600:], (0, 1)
    stacked = probe.choose(*sides)
    request.getfixturevalue("a_thread_each")
    apart, again = probe.choose(*sides), probe.choose(*sides)
    assert {each.converged for each in stacked} == {True, False}, "one leaves the stack before the others"
    for one, other, same in zip(stacked, apart, again, strict=True):
        np.testing.assert_allclose(one.fitted.log_proba(X), other.fitted.log_proba(X), atol=1e-4)
        assert one.converged == other.converged
        np.testing.assert_array_equal(other.fitted.coefs_[0], same.fitted.coefs_[0])


def out_of_memory() -> None:
    raise MemoryError


def interrupt() -> None:
    signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)


@pytest.fixture
def listening() -> Iterator[None]:
    """Interrupts are heard, also where a shell that started the tests in its background has turned them off."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("a_thread_each", "listening")
@pytest.mark.parametrize(("fate", "error"), [(out_of_memory, MemoryError), (interrupt, KeyboardInterrupt)])
def test_all_fits_stop_when_one_fails_or_the_kernel_is_interrupted(
    fate: Callable[[], None], error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    X, Y = three_label_sets(600)
    judged = []

    def endless(log_proba: np.ndarray, gold: np.ndarray) -> float:
        judged.append(gold)
        if len(judged) == 5:
            fate()
        return -float(len(judged))

    monkeypatch.setattr(network, "dev_nats", endless)
    with pytest.raises(error):
        MLPProbe(hidden=16, epochs=2000).choose(X, Y, X, Y, (0, 1))
    assert len(judged) < 1000


def test_two_hidden_layers_come_back_as_they_were(tmp_path: Path) -> None:
    X, y = exclusive_or(300)
    fitted = MLPProbe(hidden=(8, 4), epochs=2).fit(X, y)
    fitted.save(tmp_path / "probe")
    np.testing.assert_array_equal(FittedMLP.load(tmp_path / "probe").log_proba(X), fitted.log_proba(X))
    assert repr(fitted) == "FittedMLP(2 labels x 8 x 4 hidden x 2 features, l2 0)"


def test_dropout_makes_a_wide_probe_remember_less() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(200, 10)), rng.integers(0, 2, 200)
    kept, dropped = (MLPProbe(hidden=200, dropout=share, epochs=40).fit(X, y) for share in (0.0, 0.8))
    assert (dropped.predict(X) == y).mean() < (kept.predict(X) == y).mean() - 0.05
    for share in (1.0, -0.1, True):
        with pytest.raises(ProbeError, match="dropout must be a share"):
            MLPProbe(dropout=share)


def test_a_low_rank_probe_has_that_rank_and_sees_as_many_directions() -> None:
    rng = np.random.default_rng(0)
    y = rng.integers(0, 8, 1500)
    X = np.eye(8)[y] @ np.linalg.qr(rng.normal(size=(20, 8)))[0].T * 4 + rng.normal(size=(1500, 20))
    right = {}
    for rank in (1, 7):
        fitted = LowRankProbe(rank=rank, epochs=200).fit(X, y)
        assert np.linalg.matrix_rank(fitted.coef_, tol=1e-6) == rank
        right[rank] = (fitted.predict(X) == y).mean()
    assert right[1] < 0.6
    assert right[7] > 0.9 * (LinearProbe().fit(X, y).predict(X) == y).mean()


def test_more_than_two_hidden_layers_are_refused() -> None:
    with pytest.raises(ProbeError, match="one hidden layer, or of each of two"):
        MLPProbe(hidden=(4, 4, 4))
    with pytest.raises(ProbeError, match="rank must be a whole number >= 1"):
        LowRankProbe(rank=0)
