"""Bars: in a terminal they are tqdm's; a notebook keeps what was done, and not a bar at 0 %."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from probewidgets.machine.progress import OUTPUT, bar, heard_by


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


def test_who_listens_is_told_and_nothing_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    told: list[tuple[str, int, int]] = []
    with heard_by(lambda *step: told.append(step)):
        with bar("Probing", "layer", [0, 3]) as layers:
            assert list(layers) == [0, 3]
        with bar("Capturing", "text", total=5) as texts:
            texts.update(2)
            texts.update(3)
    assert told == [("layer", n, 2) for n in (0, 1, 2)] + [("text", n, 5) for n in (0, 2, 5)]
    assert capsys.readouterr() == ("", "")


def test_what_who_listens_raises_ends_the_work() -> None:
    def enough(unit: str, done: int, total: int) -> None:
        if done == 2:
            raise InterruptedError(f"{done} of {total} {unit}s")

    seen: list[int] = []
    with (
        pytest.raises(InterruptedError, match="2 of 4 layers"),
        heard_by(enough),
        bar("Probing", "layer", range(4)) as layers,
    ):
        seen.extend(layers)
    assert seen == [0, 1]
