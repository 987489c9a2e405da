from __future__ import annotations

import hashlib
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import KernelManager, start_new_kernel
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
sys.path.insert(0, str(ROOT / "docs/tutorials"))

import build  # noqa: E402

# What trains for minutes trains shorter here, on less: the test is that the code runs and what it shows reads well. The
# numbers that the text speaks of are those of `make notebooks`, which runs it as it stands; so does the test of the
# quickstart in a real JupyterLab.
SHORTER = {
    "01_quickstart.ipynb": {
        "pw.corpora.english(1500)": "pw.corpora.english(200)",
        "pw.explore(": "pw.explore(corpus=pw.corpora.english(200), text=",
    },
    "20_capture_in_depth.ipynb": {"english(200)": "english(100)"},
    "08_diagnostic_classifiers.ipynb": {
        "epochs=20": "epochs=4",
        "arithmetic(3000)": "arithmetic(1000)",
        "arithmetic(400, test=LANGUAGES, n_test=400": "arithmetic(150, test=LANGUAGES, n_test=100",
    },
    "02_why_probe_translation_models.ipynb": {
        "translations(7000)": "translations(200)",
        "translations(1500, seed=1)": "translations(100, seed=1)",
        "pw.LinearProbe()": "pw.LinearProbe(l2=1e-4)",
        "pw.LinearProbe(grid=(1e-2, 1e-3, 1e-4))": "pw.LinearProbe(l2=1e-4)",
        "EPOCHS, RATE = 20, 4e-3": "EPOCHS, RATE = 2, 4e-3",
    },
    "03_sentence_encoders.ipynb": {
        "english(8000)": "english(3000)",
        "pw.LinearProbe()": "pw.LinearProbe(l2=1e-4)",
        "(240, 60, 150)": "(40, 15, 25)",
        "(1500, 200, 400)": "(40, 20, 30)",
        "(500, 100, 200)": "(100, 30, 40)",
    },
    "06_how_big_should_a_probe_be.ipynb": {"english(500)": "english(100)"},
    "04_how_a_probe_is_trained.ipynb": {
        "english(500)": "english(400)",
        "-5.5, -0.5": "-5.5, -1.0",
        "steps=120": "steps=80",
    },
    "10_how_a_success_is_torn_down.ipynb": {"english(400)": "english(300)"},
    "05_words_spans_edges_trees.ipynb": {
        "english(1500)": "english(800)",
        "english(500)": "english(300)",
        "pw.LinearProbe()": "pw.LinearProbe(l2=1e-3)",
        "epochs=8": "epochs=4",
        "epochs=15": "epochs=8",
    },
    "11_your_own_model_and_data.ipynb": {
        "pw.sweep(acts": "pw.sweep(acts, pw.LinearProbe(l2=1e-3)",
        '"disliked") * 50': '"disliked") * 20',
        "range(250)": "range(150)",
    },
    "21_workbench.ipynb": {"english(1500)": "english(80)"},
}


def shortened(path: Path, changes: dict[str, str]) -> None:
    """Put other text into the code of a notebook; all that is to be replaced must be there."""
    notebook = nbformat.read(path, as_version=4)
    for old, new in changes.items():
        cells = [cell for cell in notebook.cells if cell.cell_type == "code" and old in cell.source]
        assert cells, f"{path.name} has no {old!r}: take it from SHORTER"
        for cell in cells:
            cell.source = cell.source.replace(old, new)
    nbformat.write(notebook, path)


@pytest.fixture(scope="session")
def kernel() -> Iterator[KernelManager]:
    """One for all notebooks that a worker runs: half of the time of a short one is that of the libraries it imports."""
    manager, client = start_new_kernel(startup_timeout=300)
    client.stop_channels()
    yield manager
    manager.shutdown_kernel(now=True)


def forget(kernel: KernelManager, folder: Path) -> None:
    """Make a kernel as good as new, in a folder: what a notebook has not imported or set is not there."""
    client = kernel.blocking_client()
    client.start_channels()
    code = f"import os; os.chdir({str(folder)!r}); get_ipython().reset(new_session=True)"
    assert client.execute_interactive(code, store_history=False, timeout=60)["content"]["status"] == "ok"
    client.stop_channels()


@pytest.mark.parametrize("name", [path.name for path in sorted(NOTEBOOKS.glob("*.ipynb"))])
def test_the_notebook_runs_from_the_top_and_reads_well_without_a_kernel(
    name: str, tmp_path: Path, kernel: KernelManager
) -> None:
    copy = tmp_path / name
    shutil.copy(NOTEBOOKS / name, copy)
    shortened(copy, SHORTER.get(name, {}))
    forget(kernel, tmp_path)
    nbformat.write(build.build(copy, kernel), copy)
    assert list(build.faults(copy)) == []
    outputs = [output.get("data", {}) for cell in nbformat.read(copy, 4).cells for output in cell.get("outputs", [])]
    assert sum(bool({"text/html", "image/png"} & {*data}) for data in outputs) >= 4


def test_a_sentence_that_is_not_true_of_what_ran_fails_the_build(tmp_path: Path, monkeypatch: Any) -> None:
    path = tmp_path / "claims.ipynb"
    cells = [nbformat.v4.new_markdown_cell("It is three."), nbformat.v4.new_code_cell("number = 3")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    monkeypatch.setattr(build, "claims_of", lambda _: {"It is three.": "number == 3"})
    assert [cell.source for cell in build.build(path).cells] == ["It is three.", "number = 3"]
    monkeypatch.setattr(build, "claims_of", lambda _: {"It is three.": "number == 4"})
    with pytest.raises(CellExecutionError, match="It is three"):
        build.build(path)
    monkeypatch.setattr(build, "claims_of", lambda _: {"It is four.": "True"})
    with pytest.raises(ValueError, match="It is four"):
        build.build(path)


def test_every_file_of_claims_is_a_notebooks() -> None:
    claims = {path.stem for path in (ROOT / "docs/tutorials/claims").iterdir()}
    assert claims == {path.stem for path in NOTEBOOKS.glob("*.ipynb")}


def test_a_notebook_that_was_not_run_or_is_live_is_found(tmp_path: Path) -> None:
    cell = nbformat.v4.new_code_cell("1", execution_count=3)
    cell.outputs = [
        nbformat.v4.new_output("display_data", {build.VIEW: {}}),
        nbformat.v4.new_output("error", ename="E"),
    ]
    path = tmp_path / "bad.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": {}}), path)
    assert len(list(build.faults(path))) == 5


def test_a_claim_of_a_sentence_that_is_no_longer_there_is_found_without_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rewritten.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("It is three.")])
    notebook.metadata["probewidgets"] = {"executed": build.fingerprint(notebook)}
    nbformat.write(notebook, path)
    monkeypatch.setattr(build, "claims_of", lambda _: {"It is three.": "True", "It is four.": "True"})
    (fault,) = build.faults(path)
    assert fault.startswith("does not have the sentence 'It is four.'")


def test_widgets_that_catch_output_can_be_built_and_leave_nothing_live(tmp_path: Path) -> None:
    code = ["import ipywidgets\nipywidgets.interact(lambda x: print(x), x=3);", "1 + 1"]
    path = tmp_path / "interact.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in code]), path)
    built = build.build(path)
    nbformat.write(built, path)
    assert list(build.faults(path)) == []
    assert built.cells[1].outputs[0].data["text/plain"] == "2"


def test_code_that_was_changed_after_it_was_executed_is_found(tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", execution_count=1)])
    notebook.metadata["probewidgets"] = {"executed": build.fingerprint(notebook)}
    path = tmp_path / "changed.ipynb"
    nbformat.write(notebook, path)
    assert list(build.faults(path)) == []
    notebook.cells[0].source = "2"
    nbformat.write(notebook, path)
    assert list(build.faults(path)) == ["was changed since it was executed: its outputs are those of other code"]


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_the_exercise_has_one_answer_and_takes_it_however_it_is_typed(path: Path) -> None:
    cells = [cell.source for cell in nbformat.read(path, as_version=4).cells]
    (exercise,) = (source for source in cells if "def check(answer)" in source)
    names: dict[str, Any] = {"hashlib": hashlib}
    exec(exercise[exercise.index("def check") : exercise.rindex("check(answer)")], names)
    check = names["check"]
    assert check(None).startswith("Put ")
    possible = [*range(100_000), *sorted(set(re.findall(r"\w+", " ".join(cells))) - set(map(str, range(100_000))))]
    (right,) = (answer for answer in possible if check(answer) == "Right.")
    assert check(-1).startswith("Not yet: ") and check(0.5).startswith("Not yet: ")
    typed = [str(right), float(right)] if isinstance(right, int) else [f" {right.upper()}"] * (path.stem[:2] == "01")
    assert [check(answer) for answer in typed] == ["Right."] * len(typed)
