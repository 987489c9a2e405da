"""Taps on small modules made for the purpose: what is found, in which order, and what is left behind."""

from __future__ import annotations

import threading
from functools import partial

import pytest
import torch

from probewidgets.models.taps import Tap, find_blocks, first_tensor, record, run


class Block(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lin = torch.nn.Linear(4, 4)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, None]:
        inner = self.lin(x)
        inner += x  # in place: what `lin` gave is changed after it came by
        return inner, None


class Stack(torch.nn.Module):
    """Blocks between an embedding and a norm, or one block that is run several times."""

    def __init__(self, n: int, shared: bool = False, norm: bool = True) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embed = torch.nn.Embedding(9, 4)
        self.blocks = torch.nn.ModuleList([Block() for _ in range(1 if shared else n)])
        self.order = [0] * n if shared else list(range(n))
        self.norm = torch.nn.LayerNorm(4) if norm else torch.nn.Identity()

    def forward(self, ids: torch.Tensor) -> tuple[torch.Tensor, ...]:
        states = [self.embed(ids)]
        for index in self.order:
            states.append(self.blocks[index](x=states[-1])[0])
        return (*states[:-1], self.norm(states[-1]))


IDS = torch.tensor([[1, 2, 3]])


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("norm", [False, True])
def test_blocks_and_final_norm_are_found_where_one_module_is_each_block_or_all_of_them(
    shared: bool, norm: bool
) -> None:
    model = Stack(3, shared, norm)
    calls, states = record(model, lambda: model(IDS))
    blocks = find_blocks(calls, states)
    assert blocks is not None
    assert blocks.pattern == "blocks.*" and blocks.final_norm is norm
    assert blocks.entry == Tap("blocks.0", 0, "input")
    assert blocks.blocks == tuple(Tap("blocks.0", i) if shared else Tap(f"blocks.{i}", 0) for i in range(3))
    found = run(model, [blocks.entry, *blocks.blocks[:-1], blocks.last], lambda: model(IDS))
    for tap, state in zip((blocks.entry, *blocks.blocks[:-1], blocks.last), states, strict=True):
        assert torch.equal(found[tap], state)


def test_states_that_no_repeated_module_gives_have_no_blocks() -> None:
    model = Stack(2)
    calls, states = record(model, lambda: model(IDS))
    assert find_blocks(calls, [state + 1 for state in states]) is None
    assert find_blocks([], states) is None


def test_what_came_by_is_copied_where_that_is_asked_for() -> None:
    model = Stack(2)
    tap = Tap("blocks.1.lin")
    forward = partial(model, IDS)
    plain, copied = (run(model, [tap, Tap("norm")], forward, *take)[tap] for take in ((), (torch.clone,)))
    read = run(model, [Tap("blocks.1.lin", 0, "input")], lambda: model(IDS))[Tap("blocks.1.lin", 0, "input")]
    torch.testing.assert_close(copied, model.blocks[1].lin(read))
    torch.testing.assert_close(plain, copied + read)


def test_a_run_ends_with_the_last_tap_and_leaves_no_hook() -> None:
    model = Stack(3)
    ran: list[str] = []
    hook = model.norm.register_forward_pre_hook(lambda *_: ran.append("norm"))
    found = run(model, [Tap("blocks.1"), Tap("blocks.0")], lambda: model(IDS))
    assert set(found) == {Tap("blocks.0"), Tap("blocks.1")} and not ran
    model(IDS)
    assert ran == ["norm"]
    hook.remove()
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in model.modules())


def test_a_pass_of_somebody_else_at_the_same_time_is_let_be() -> None:
    model, theirs = Stack(2), torch.tensor([[4, 5, 6], [7, 8, 0]])
    alone = [state.detach() for state in model(theirs)]
    answer: list[torch.Tensor] = []

    def forward() -> None:
        other = threading.Thread(target=lambda: answer.extend(model(theirs)))
        other.start()
        other.join()
        model(IDS)

    ours = run(model, [Tap("blocks.0"), Tap("norm")], forward)
    torch.testing.assert_close(ours[Tap("norm")], model(IDS)[-1])
    torch.testing.assert_close(answer, alone)


def test_a_tap_that_does_not_come_by_is_missing() -> None:
    model = Stack(1)
    assert run(model, [Tap("blocks.0", 1), Tap("norm")], lambda: model(IDS)).keys() == {Tap("norm")}


@pytest.mark.parametrize("start", [record, lambda model, forward: run(model, [Tap("norm")], forward)])
def test_an_exception_goes_through_and_leaves_no_hook(start) -> None:
    model = Stack(1)
    with pytest.raises(IndexError):
        start(model, lambda: model(torch.tensor([[99]])))
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in model.modules())


def test_the_first_tensor_is_found_in_tuples_lists_and_mappings() -> None:
    tensor = torch.zeros(1)
    for values in ((tensor,), (None, tensor), ([None, (tensor,)],), ({"a": 3, "b": [tensor]},)):
        assert first_tensor(*values) is tensor
    assert first_tensor(None, 3, "x", {}) is None
