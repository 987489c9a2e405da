"""Products: the quicker way gives what torch gives, is taken where it can be, and only there."""

from __future__ import annotations

import threading

import pytest
import torch
from torch.nn.functional import linear

import probewidgets as pw
from probewidgets import products
from probewidgets.products import product, quick_products
from tests import tiny

pytestmark = pytest.mark.skipif(not hasattr(torch.ops.mkldnn, "_linear_pointwise"), reason="torch has no oneDNN here")


@pytest.fixture(autouse=True)
def helps(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a processor where oneDNN is the quicker."""
    monkeypatch.setattr(products, "_HELPS", True)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """The shapes of what went the quicker way."""
    shapes: list[tuple[int, ...]] = []
    plainly = products._onednn

    def counted(x: torch.Tensor, *rest: torch.Tensor | None) -> torch.Tensor:
        shapes.append(tuple(x.shape))
        return plainly(x, *rest)

    monkeypatch.setattr(products, "_onednn", counted)
    return shapes


def same(a: torch.Tensor, b: torch.Tensor) -> bool:
    return a.shape == b.shape and a.dtype == b.dtype and torch.allclose(a.double(), b.double(), atol=1e-4)


@pytest.mark.parametrize("rows", [*range(8, 40), 63, 64, 65, 127, 500, 513])
def test_a_linear_map_is_the_same_for_any_number_of_rows(rows: int, taken: list[tuple[int, ...]]) -> None:
    x, weight, bias = torch.randn(rows, 24), torch.randn(16, 24), torch.randn(16)
    with torch.inference_mode(), quick_products():
        made, without = linear(x, weight, bias), linear(x, weight)
    assert same(made, linear(x, weight, bias)) and same(without, linear(x, weight))
    assert len(taken) == 2


def test_texts_of_a_thousand_lengths_make_few_shapes(taken: list[tuple[int, ...]]) -> None:
    weight = torch.randn(4, 3)
    with torch.inference_mode(), quick_products():
        for rows in range(8, 1009):
            assert same(linear(x := torch.randn(rows, 3), weight), x @ weight.T)
    assert len(taken) == 1001
    assert len(set(taken)) <= 16
    assert max((shape[0] - rows) / rows for rows, shape in enumerate(taken, 8) if rows >= 32) <= 0.5


LAYOUTS = {
    "rows of a batch": torch.randn(3, 5, 24),
    "a batch turned around": torch.randn(5, 3, 24).transpose(0, 1),
    "one row for all": torch.randn(1, 24).expand(15, 24),
    "a slice": torch.randn(20, 60)[:15, 7:31],
    "every second": torch.randn(30, 48)[::2, ::2],
    "columns": torch.randn(24, 15).T,
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_however_numbers_lie_in_memory(layout: str, taken: list[tuple[int, ...]]) -> None:
    x, weight = LAYOUTS[layout], torch.randn(24, 16).T
    with torch.inference_mode(), quick_products():
        assert same(linear(x, weight), x @ weight.T)
    flat = x.reshape(-1, 24)
    assert same(product(flat, weight), flat @ weight.T) and same(product(flat.T, flat.T), flat.T @ flat)
    assert len(taken) == 3


def test_the_layers_of_gpt2_go_that_way_too(taken: list[tuple[int, ...]]) -> None:
    from transformers.pytorch_utils import Conv1D

    layer, x = Conv1D(16, 24), torch.randn(2, 9, 24)
    with torch.inference_mode():
        plain = layer(x)
        with quick_products():
            assert same(layer(x), plain)
    assert taken == [(24, 24)]


def test_gradients_other_types_and_few_rows_go_torchs_own_way(taken: list[tuple[int, ...]]) -> None:
    x, layer = torch.randn(20, 24), torch.nn.Linear(24, 16)
    with quick_products():
        layer(x).sum().backward()
        assert layer.weight.grad is not None
        with torch.no_grad():
            assert layer.double()(x.double()).dtype == torch.float64
            assert layer.bfloat16()(x.bfloat16()).dtype == torch.bfloat16
            assert layer.float()(x[:7]).shape == (7, 16)
            assert layer(x[:0]).shape == (0, 16)
            assert layer(x[0]).shape == (16,)
            with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
                layer(torch.randn(20, 23))
    assert product(x.double(), x.double()).dtype == torch.float64
    assert not taken


def test_automatic_precision_is_kept(taken: list[tuple[int, ...]]) -> None:
    layer = torch.nn.Linear(24, 16)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16), quick_products():
        assert layer(torch.randn(20, 24)).dtype == torch.bfloat16
    assert not taken


def test_only_this_thread_is_concerned(taken: list[tuple[int, ...]]) -> None:
    layer = torch.nn.Linear(24, 16).requires_grad_(False)
    with quick_products():
        other = threading.Thread(target=layer, args=(torch.randn(20, 24),))
        other.start()
        other.join()
    assert not taken


def test_nothing_is_changed_where_it_does_not_help(
    taken: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(products, "_HELPS", False)
    x = torch.randn(20, 24)
    with torch.inference_mode(), quick_products():
        assert same(linear(x, x), x @ x.T) and same(product(x, x), x @ x.T)
    assert not taken


@pytest.mark.parametrize(
    ("processor", "helps"),
    [
        ({"cpu_name": "AMD EPYC", "avx512_f": True}, True),
        ({"cpu_name": "AMD EPYC", "avx512_f": False}, False),
        ({"cpu_name": "Intel(R) Xeon(R)", "avx512_f": True}, False),
        ({"architecture": "aarch64"}, False),
    ],
)
def test_where_it_helps(processor: dict[str, object], helps: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: processor, raising=False)
    monkeypatch.setattr(torch.backends.mkl, "is_available", lambda: True)
    assert products._helps() is helps
    monkeypatch.setattr(torch.backends.mkl, "is_available", lambda: False)
    assert not products._helps()


def test_a_torch_that_does_not_say_what_processor_it_has_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert not products._helps()


@pytest.mark.parametrize("family", ["bert", "gpt2", "llama", "t5"])
def test_a_model_has_the_same_states_either_way(
    family: str, taken: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = "encoder" if family == "t5" else None
    model = pw.LanguageModel(*tiny.model(family), stack=stack)
    texts = model.encode(["The cats sleep near the old house, and the dog does not.", "Nobody sees it."])
    quick = model.states(texts)
    assert len(taken) >= 4 * (model.n_layers - 1)
    monkeypatch.setattr(products, "_HELPS", False)
    for a, b in zip(quick, model.states(texts), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5)
