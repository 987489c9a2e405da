"""The screen of benchmarks/real_models.py, for a few kinds, of which most were wrong once; and that it can fail."""

from __future__ import annotations

import re
from typing import Any

import pytest
import torch

import probewidgets as pw
from benchmarks import real_models
from tests import zoo

KINDS = (
    "dots3_note_text",  # its layers differ in their heads, and its config does not say one number
    "flaubert",  # its blocks are no modules
    "fsmt",  # its encoder is no model, and its decoder masks by whether it keeps a cache
    "hunyuan_v1_moe",  # experts beside one that is shared, all in the MLP
    "mamba",  # the states it reports are one block ahead
    "pegasus_x",  # pads inside
    "rwkv",  # a gate comes last in its MLP
    "switch_transformers",  # experts in some layers
    "zaya",  # a router that is an MLP, in the MLP
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_right_at_every_site_or_refused_by_name(kind: str) -> None:
    for row in real_models.screen(kind):
        assert row.outcomes and all(text.startswith(("right", "refused")) for text in row.outcomes.values()), row
        assert not row.layers or row.outcomes["residual"].startswith("right")


def test_every_kind_of_text_model_is_screened() -> None:
    assert {"bert", "gpt2", "t5", "llama", "mamba", "xlnet", *KINDS} <= set(zoo.kinds()) and len(zoo.kinds()) > 100


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (lambda states: tuple(state + 1 for state in states), "no layer|not reported|apart|others in a batch"),
        (lambda states: states[::-1], "another order|others in a batch"),
        (lambda states: 1 / 0, "raw error, ZeroDivisionError"),
    ],
)
def test_the_screen_sees_what_is_wrong(fault: Any, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = pw.LanguageModel.states

    def states(lm: pw.LanguageModel, batch: Any, *args: Any, **kwargs: Any) -> Any:
        given = real(lm, batch, *args, **kwargs)
        return fault(given) if len(batch) > 1 else given

    monkeypatch.setattr(pw.LanguageModel, "states", states)
    (row,) = real_models.screen("gpt2")
    assert not row.outcomes["residual"].startswith("right")
    assert re.search(told, row.outcomes["residual"]), row.outcomes["residual"]


def test_rows_that_are_not_those_reported_are_told() -> None:
    lm = pw.LanguageModel()
    piece = lm.encode(real_models.TEXTS)[1]
    rows = [state[0] for state in lm.states([piece])]
    assert real_models.not_as_reported(lm, piece, rows) == ""
    assert "are not reported" in real_models.not_as_reported(lm, piece, [rows[0], rows[1] + 1, *rows[2:]])
    assert "another order" in real_models.not_as_reported(lm, piece, [rows[0], rows[2], rows[1], *rows[3:]])
    assert "are no layer" in real_models.not_as_reported(lm, piece, [rows[0], *rows[3:]])
    assert not real_models.close(rows[0], torch.zeros_like(rows[0]))
