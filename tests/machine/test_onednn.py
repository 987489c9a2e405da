"""oneDNN: the quicker way gives what torch gives, is taken where it can be, and only there."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import threading
from contextlib import nullcontext

import pytest
import torch
from torch.nn.functional import linear as plain

import probewidgets as pw
from probewidgets.machine import onednn
from probewidgets.machine.onednn import linear, product, quick_products
from probewidgets.probes.solver import Design, minimise
from tests import tiny

# Not by whether torch has the operator: where it goes away, these tests have to fail.
pytestmark = pytest.mark.skipif(
    platform.machine().lower() not in ("x86_64", "amd64"), reason="torch multiplies by MKL on x86 only"
)


@pytest.fixture(autouse=True)
def helps(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a processor where oneDNN is the quicker, and for small products too."""
    monkeypatch.setattr(onednn, "_HELPS", True)
    monkeypatch.setattr(onednn, "_WORK", 0)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """The shapes of what went the quicker way."""
    shapes: list[tuple[int, ...]] = []
    plainly = onednn._onednn

    def counted(x: torch.Tensor, *rest: torch.Tensor | None) -> torch.Tensor:
        shapes.append(tuple(x.shape))
        return plainly(x, *rest)

    monkeypatch.setattr(onednn, "_onednn", counted)
    return shapes


def same(a: torch.Tensor, b: torch.Tensor) -> bool:
    return a.shape == b.shape and a.dtype == b.dtype and torch.allclose(a.double(), b.double(), atol=1e-4)


@pytest.mark.parametrize("rows", [*range(8, 40), 63, 64, 65, 127, 500, 513])
def test_a_linear_map_is_the_same_for_any_number_of_rows(rows: int, quick: list[tuple[int, ...]]) -> None:
    x, weight, bias = torch.randn(rows, 24), torch.randn(16, 24), torch.randn(16)
    assert same(linear(x, weight, bias), plain(x, weight, bias))
    assert same(linear(x, weight), plain(x, weight))
    assert len(quick) == 2


def test_texts_of_a_thousand_lengths_make_few_shapes(quick: list[tuple[int, ...]]) -> None:
    weight = torch.randn(4, 3)
    for rows in range(8, 1009):
        assert same(linear(x := torch.randn(rows, 3), weight), x @ weight.T)
    assert len(quick) == 1001
    assert len(set(quick)) <= 24
    assert max((shape[0] - rows) / rows for rows, shape in enumerate(quick, 8) if rows >= 32) <= 0.25


def test_many_fits_over_ever_other_states_make_few_shapes(quick: list[tuple[int, ...]]) -> None:
    for n in range(4100, 4130):
        X, y = torch.randn(n, 8).numpy(), torch.randint(3, (1, n))
        minimise(Design.of(X), y, 3, torch.tensor([0.01]), max_iter=3)
    assert len(quick) > 100
    assert len(set(quick)) <= 8


LAYOUTS = {
    "rows of a batch": torch.randn(3, 5, 24),
    "a batch turned around": torch.randn(5, 3, 24).transpose(0, 1),
    "one row for all": torch.randn(1, 24).expand(15, 24),
    "a slice": torch.randn(20, 60)[:15, 7:31],
    "every second": torch.randn(30, 48)[::2, ::2],
    "columns": torch.randn(24, 15).T,
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_however_numbers_lie_in_memory(layout: str, quick: list[tuple[int, ...]]) -> None:
    x, weight = LAYOUTS[layout], torch.randn(24, 16).T
    assert same(linear(x, weight), x @ weight.T)
    flat = x.reshape(-1, 24)
    assert same(product(flat, weight), flat @ weight.T) and same(product(flat.T, flat.T), flat.T @ flat)
    assert len(quick) == 3


def test_the_layers_of_gpt2_go_that_way_too(quick: list[tuple[int, ...]]) -> None:
    from transformers.pytorch_utils import Conv1D

    layer, x = Conv1D(16, 24), torch.randn(2, 9, 24)
    with torch.inference_mode():
        plainly = layer(x)
        with quick_products(layer):
            assert same(layer(x), plainly)
    assert quick == [(24, 24)]


def test_gradients_other_types_and_few_rows_go_torchs_own_way(quick: list[tuple[int, ...]]) -> None:
    x, layer = torch.randn(20, 24), torch.nn.Linear(24, 16)
    with quick_products(layer):
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
    assert not quick


def test_what_goes_through_a_frozen_layer_has_torchs_gradients(quick: list[tuple[int, ...]]) -> None:
    layer, weight = torch.nn.Linear(24, 16).requires_grad_(False), torch.linspace(-2, 2, 16)
    found = []
    for way in (nullcontext(), quick_products(layer)):
        x = (torch.arange(480.0).view(2, 10, 24) / 100).sin().requires_grad_()
        with way:
            (first,) = torch.autograd.grad((layer(x).tanh() @ weight).sum(), x, create_graph=True)
            (second,) = torch.autograd.grad(first.square().sum(), x)
        found.append((first.detach(), second))
    assert all(same(one, other) for one, other in zip(*found, strict=True)) and found[0][1].abs().max() > 0.1
    assert quick, "the layer forward, and what is not to be differentiated again"
    del quick[:]
    with quick_products(layer):
        layer(x).sum().backward()
    assert quick == [(24, 24), (24, 16)], "forward and back"


@pytest.mark.parametrize("bias", [torch.tensor(2.0), torch.ones(1), torch.ones(1, 16), torch.ones(20, 16)])
def test_a_bias_of_another_shape_is_spread_as_torch_does(bias: torch.Tensor, quick: list[tuple[int, ...]]) -> None:
    x, weight = torch.randn(20, 24), torch.randn(16, 24)
    assert torch.equal(linear(x, weight, bias), plain(x, weight, bias))
    with quick_products(torch.nn.Linear(1, 1)):
        assert torch.equal(torch.addmm(bias, x, weight.T), x @ weight.T + bias)
    assert not quick


def test_automatic_precision_is_kept(quick: list[tuple[int, ...]]) -> None:
    layer, x = torch.nn.Linear(24, 16), torch.randn(20, 24)
    with torch.inference_mode():
        with torch.autocast("cpu", torch.bfloat16), quick_products(layer):
            assert layer(x).dtype == torch.bfloat16
        with quick_products(layer), torch.autocast("cpu", torch.bfloat16):
            assert layer(x).dtype == torch.bfloat16
    assert not quick


def test_only_this_thread_is_concerned(quick: list[tuple[int, ...]]) -> None:
    layer = torch.nn.Linear(24, 16).requires_grad_(False)
    with quick_products(layer):
        other = threading.Thread(target=layer, args=(torch.randn(20, 24),))
        other.start()
        other.join()
    assert not quick


def test_a_compiled_model_is_compiled_as_ever() -> None:
    times: list[int] = []

    def compiler(graph: torch.fx.GraphModule, inputs: object) -> object:
        times.append(1)
        return graph.forward

    layer = torch.compile(torch.nn.Linear(24, 16), backend=compiler)
    with torch.inference_mode(), quick_products(layer):
        for rows in range(10, 20):
            layer(torch.randn(rows, 24))
    assert len(times) <= 2


@pytest.mark.filterwarnings("ignore:TF32")  # torch's own, of the same switches
def test_what_is_turned_off_stays_off(quick: list[tuple[int, ...]]) -> None:
    x = torch.randn(20, 24)
    with torch.backends.mkldnn.flags(enabled=False):
        assert same(linear(x, x), x @ x.T)
    assert not quick


def test_small_products_are_not_worth_it(quick: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(onednn, "_HELPS", True)
    monkeypatch.setattr(onednn, "_onednn", lambda *_: pytest.fail("went the quicker way"))
    linear(torch.randn(20, 24), torch.randn(16, 24))


def test_models_that_it_cannot_help_run_as_ever() -> None:
    layer = torch.nn.Linear(24, 16)
    for model in (layer.to("meta"), torch.nn.Linear(2, 2).double(), torch.nn.ReLU()):
        with quick_products(model):
            assert not torch.overrides._get_current_function_mode_stack()


def test_nothing_is_changed_where_it_does_not_help(
    quick: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onednn, "_HELPS", False)
    x = torch.randn(20, 24)
    with quick_products(torch.nn.Linear(24, 16)):
        assert same(plain(x, x), x @ x.T) and same(product(x, x), x @ x.T)
    assert not quick


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
    assert onednn._helps() is helps
    monkeypatch.setattr(torch.backends.mkl, "is_available", lambda: False)
    assert not onednn._helps()


def test_a_torch_that_does_not_say_what_processor_it_has_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert not onednn._helps()


@pytest.mark.parametrize(
    ("switch", "there", "quicker", "used", "told"),
    [
        (None, True, True, True, "oneDNN (the quicker on this processor)"),
        (
            None,
            True,
            False,
            False,
            "torch as it is (oneDNN would not be quicker here; $PROBEWIDGETS_ONEDNN=1 takes it)",
        ),
        ("0", True, True, False, "torch as it is ($PROBEWIDGETS_ONEDNN is 0)"),
        ("1", True, False, True, "oneDNN ($PROBEWIDGETS_ONEDNN is 1)"),
        ("1", False, False, False, "torch as it is ($PROBEWIDGETS_ONEDNN is 1, but this torch does not carry both)"),
        ("yes", True, True, True, "oneDNN ($PROBEWIDGETS_ONEDNN is 'yes', which is neither 0 nor 1, and not followed)"),
    ],
)
def test_the_switch_decides_and_what_was_decided_is_told(
    switch: str | None, there: bool, quicker: bool, used: bool, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(onednn.SWITCH, raising=False)
    if switch is not None:
        monkeypatch.setenv(onednn.SWITCH, switch)
    monkeypatch.setattr(onednn, "_there", lambda: there)
    monkeypatch.setattr(onednn, "_helps", lambda: quicker)
    monkeypatch.setattr(onednn, "_HELPS", onednn._wanted())
    assert (onednn.used(), onednn.described()) == (used, told)


def test_the_switch_is_read_when_the_package_is_loaded() -> None:
    code = (
        "import importlib, os\nfrom probewidgets.machine import onednn\nprint(onednn.used())\n"
        f"os.environ[{onednn.SWITCH!r}] = '1'\nprint(onednn.used(), importlib.reload(onednn).used())"
    )
    assert printed(code, **{onednn.SWITCH: "0"}).split() == ["False", "False", str(onednn._there())]


def printed(code: str, **environment: str) -> str:
    """What a Python of its own prints."""
    return subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True, check=True
    ).stdout


QUICK = "torch.ops.mkldnn._linear_pointwise.default(x, weight, bias, 'none', [], '')"
PRODUCTS = ("linear(x, weight, bias)", "torch.addmm(bias, x, weight.T)", "x @ weight.T")


@pytest.fixture(scope="module")
def by_onednn() -> dict[str, bool]:
    """Whether oneDNN makes each large product of float32, by its own account of what it runs."""
    code = (
        "import torch; from torch.nn.functional import linear\n"
        "x, weight, bias = torch.randn(512, 384), torch.randn(384, 384), torch.randn(384)\n"
        f"for product in {(QUICK, *PRODUCTS)}:\n"
        "    with torch.inference_mode():\n        eval(product)\n"
        "    print('== end', flush=True)"
    )
    told = printed(code, ONEDNN_VERBOSE="1", DNNL_VERBOSE="1").split("== end")
    return {
        product: any("exec" in line and ("inner_product" in line or "matmul" in line) for line in lines.splitlines())
        for product, lines in zip((QUICK, *PRODUCTS), told[:-1], strict=True)
    }


def test_onednn_tells_what_it_multiplies(by_onednn: dict[str, bool]) -> None:
    assert by_onednn[QUICK]  # or the next test would see nothing


@pytest.mark.parametrize("product", PRODUCTS)
def test_torch_does_not_take_onednn_by_itself_yet(product: str, by_onednn: dict[str, bool]) -> None:
    if not onednn._helps():
        pytest.skip("on this processor torch has nothing to gain by it, and what it does here says nothing")
    assert not by_onednn[product], (
        f"torch {torch.__version__} multiplies float32 by oneDNN itself ({product}) on this processor: delete "
        "probewidgets/machine/onednn.py and its two callers, models/held.py and probes/shared.py."
    )


@pytest.mark.parametrize("family", ["bert", "gpt2", "llama", "t5"])
def test_a_model_has_the_same_states_either_way(
    family: str, quick: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = "encoder" if family == "t5" else None
    model = pw.LanguageModel(*tiny.model(family), stack=stack)
    texts = model.encode(["The cats sleep near the old house, and the dog does not.", "Nobody sees it."])
    quickly = model.states(texts)
    assert len(quick) >= 4 * (model.n_layers - 1)
    monkeypatch.setattr(onednn, "_HELPS", False)
    for a, b in zip(quickly, model.states(texts), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5)
