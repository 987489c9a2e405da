"""Threads: a small model runs on one, and the person's own number is as it was."""

from __future__ import annotations

import contextlib

import pytest
import torch

from probewidgets.models.threads import few_threads


@pytest.mark.parametrize(("width", "inside"), [(3, 1), (400, 2)])
def test_a_small_model_runs_on_one_thread_and_a_large_one_on_as_many_as_there_were(width: int, inside: int) -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        with contextlib.suppress(RuntimeError), few_threads(torch.nn.Linear(width, width)):
            assert torch.get_num_threads() == inside
            raise RuntimeError("in the middle")
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
