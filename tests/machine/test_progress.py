"""Bars: in a terminal they are tqdm's; a notebook keeps what was done, and not a bar at 0 %."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from probewidgets.machine.progress import OUTPUT, bar


def outputs(*lines: str, failing: bool = False) -> list[Any]:
    """What a notebook keeps of a cell with these lines."""
    source = "\n".join(("from probewidgets.machine.progress import bar", *lines))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(notebook, timeout=60, kernel_name="python3", allow_errors=failing).execute()
    return [output for output in notebook.cells[0].outputs if output.output_type != "stream"]


def test_a_notebook_keeps_one_plain_line_of_a_bar_that_has_ended() -> None:
    (kept,) = outputs("with bar('Probing upos', 'layer', range(7)) as layers:", "    for layer in layers: pass")
    assert set(kept.data) == {"text/plain"} and kept.metadata == OUTPUT
    assert kept.data["text/plain"] == "Probing upos: 7 layers in 00:00"


def test_a_notebook_says_where_a_bar_stopped() -> None:
    lines = "with bar('Capturing', 'text', total=9) as texts:", "    texts.update(4)", "    raise KeyError"
    kept, error = outputs(*lines, failing=True)
    assert kept.data == {"text/plain": "Capturing: stopped after 4 of 9 texts, 00:00"}
    assert error.ename == "KeyError"


@pytest.mark.parametrize("leave", [True, False])
def test_in_a_terminal_a_bar_is_drawn_and_stays_or_goes(leave: bool, capfd: pytest.CaptureFixture[str]) -> None:
    with bar("Probing", "layer", range(3), leave=leave) as layers:
        assert list(layers) == [0, 1, 2]
    drawn = capfd.readouterr().err
    assert "Probing:   0%" in drawn and drawn.endswith("\n") == leave


def test_no_bar_is_drawn_where_none_is_wanted(capfd: pytest.CaptureFixture[str]) -> None:
    with bar("Probing", "layer", range(3), shown=False) as layers:
        assert list(layers) == [0, 1, 2]
    assert capfd.readouterr() == ("", "")
