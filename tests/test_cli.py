from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from probewidgets import cli
from probewidgets.cli import checking, opening, seen

FIRST = "01_quickstart.ipynb"


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """The commands that would have been run, in an empty folder; and the settings that JupyterLab would have read."""
    commands: list[list[str]] = []

    def call(command: list[str], env: dict[str, str]) -> int:
        commands.append([*command, env["JUPYTER_CONFIG_PATH"]])
        return 0

    monkeypatch.setattr("subprocess.call", call)
    monkeypatch.chdir(tmp_path)
    return commands


# ---------------------------------------------------------------------- lab


def test_lab_copies_the_notebooks_and_opens_the_first(called: list[list[str]], capsys: Any) -> None:
    assert cli.main(["lab", "--no-browser", "--port", "8889"]) == 0
    folder = Path("probewidgets-notebooks")
    shipped = sorted(path.name for path in (Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
    assert sorted(path.name for path in folder.iterdir()) == shipped
    assert f"Copied to {folder}: {FIRST}, " in capsys.readouterr().out
    command = called[0][:-1]
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert command[-5:-3] == [f"--ServerApp.root_dir={folder.resolve()}", f"--LabApp.default_url=/lab/tree/{FIRST}"]
    assert command[-3:] == ["--no-browser", "--port", "8889"]


def test_lab_never_writes_over_a_notebook_that_is_there(called: list[list[str]], capsys: Any) -> None:
    shipped = len([*(Path(__file__).parents[1] / "notebooks").glob("*.ipynb")])
    assert cli.main(["lab", "mine"]) == 0
    Path("mine", FIRST).write_text("changed", encoding="utf-8")
    Path("mine", "02_why_probe_translation_models.ipynb").unlink()
    capsys.readouterr()
    assert cli.main(["lab", "mine"]) == 0
    copied, same, changed = capsys.readouterr().out.splitlines()
    assert Path("mine", FIRST).read_text(encoding="utf-8") == "changed"
    assert copied == "Copied to mine: 02_why_probe_translation_models.ipynb."
    assert same == f"In mine, as they come: {shipped - 2} of {shipped} notebooks."
    assert f"left so: {FIRST}. " in changed


def test_lab_says_why_it_cannot_copy(called: list[list[str]], capsys: Any) -> None:
    Path("file").write_text("", encoding="utf-8")
    assert cli.main(["lab", "file"]) == 2
    assert "could not be copied to file: " in capsys.readouterr().out and not called


def test_lab_without_jupyterlab_says_what_to_install(called: list[list[str]], monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert cli.main(["lab"]) == 2
    out = capsys.readouterr().out
    assert "pip install 'probewidgets[lab]'" in out and "pipx run --spec 'probewidgets[lab]'" in out
    assert not called and not list(Path().iterdir())


def test_lab_opens_a_notebook_of_ones_own_and_writes_it_once(called: list[list[str]]) -> None:
    assert cli.main(["lab", "--port", "8889", "mine.ipynb"]) == 0
    written = Path("mine.ipynb")
    assert "pw.explore()" in json.loads(written.read_text("utf-8"))["cells"][0]["source"]
    written.write_text("mine", encoding="utf-8")
    assert cli.main(["lab", "mine.ipynb", "--no-browser"]) == 0
    assert written.read_text(encoding="utf-8") == "mine"
    assert called[0][-4:-1] == ["--port", "8889", "mine.ipynb"]
    assert called[1][-3:-1] == ["mine.ipynb", "--no-browser"]
    assert list(Path().iterdir()) == [written]


def test_lab_in_a_folder_that_is_not_there_says_so(called: list[list[str]], capsys: Any) -> None:
    assert cli.main(["lab", "nowhere/x.ipynb"]) == 2
    assert "There is no folder nowhere" in capsys.readouterr().out and not called


def test_lab_is_not_asked_about_news_and_the_settings_of_the_person_come_first(
    called: list[list[str]], monkeypatch: Any
) -> None:
    from jupyterlab_server.settings_utils import _get_overrides

    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/first")
    assert cli.main(["lab"]) == 0
    first, ours = called[0][-1].split(os.pathsep)
    assert first == "/first"
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", ours)
    overrides, error = _get_overrides("nowhere")
    assert overrides["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false" and not error


def test_ctrl_c_is_left_to_jupyterlab(monkeypatch: Any, tmp_path: Path) -> None:
    def interrupted(command: list[str], env: dict[str, str]) -> int:
        os.kill(os.getpid(), signal.SIGINT)
        return 7

    monkeypatch.setattr("subprocess.call", interrupted)
    monkeypatch.chdir(tmp_path)
    before = signal.getsignal(signal.SIGINT)
    assert cli.main(["lab", "x.ipynb"]) == 7
    assert signal.getsignal(signal.SIGINT) is before


# ---------------------------------------------------------------------- doctor


def test_doctor_names_what_is_there(capsys: pytest.CaptureFixture[str], cache_folder: Path) -> None:
    assert cli.main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "✓ float32 products on the CPU: " in out and "✓ torch" in out and str(cache_folder) in out
    assert "✓ anywidget's page side" in out and "✓ ipywidgets's page side" in out and "weights as expected" in out
    assert "✓ server: JupyterLab" in out and "✓ kernel python3" in out
    assert "· a blank widget here: the page is older" in out


def test_doctor_says_what_is_missing_and_what_to_do(capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("PROBEWIDGETS_ONEDNN", "on")
    monkeypatch.setattr("probewidgets.models.embedded._PACKAGE", "no_such_package_at_all")
    monkeypatch.setattr("jupyter_core.paths.jupyter_path", lambda *_: [])
    assert cli.main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "✗ anywidget's page side was not found" in out and "✗ The embedded model is not installed" in out
    assert "✗ float32 products on the CPU: " in out and "is 'on', which is neither 0 nor 1" in out
    assert "· a blank widget here: what is marked ✗" in out


def has(python: str = "/a/bin/python", **versions: str) -> dict[str, Any]:
    """What a Python has, whose page side is that of anywidget 0.11.0."""
    pages = {name: ["0.11.0", "/a/share"] for name in seen.PAGES}
    return {"python": "3.11", "executable": python, "versions": versions, "pages": pages, "kernels": []}


KERNELS = {
    "/a/bin/python": has(probewidgets="0.1.0", anywidget="0.11.0"),
    "/old/python3": has("/old/python3", probewidgets="0.1.0", anywidget="0.9.21"),
    "/half/python3": has("/half/python3", probewidgets="0.1.0"),
    "/other/python3": has("/other/python3"),
}


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("/a/bin/python", "✓ kernel k (K): /a/bin/python has probewidgets 0.1.0, anywidget 0.11.0"),
        (
            "/old/python3",
            "✗ kernel k (K): /old/python3 has probewidgets 0.1.0, anywidget 0.9.21: the server's page side",
        ),
        ("/half/python3", "✗ kernel k (K): /half/python3 has probewidgets 0.1.0, anywidget ?: install anywidget there"),
        (
            "/other/python3",
            "· kernel k (K): /other/python3 has no probewidgets; to use it there: /other/python3 -m pip",
        ),
        ("/gone/python3", "✗ kernel k (K): /gone/python3 does not start"),
        ("R", "· kernel k (K): R is no Python"),
    ],
)
def test_doctor_says_of_each_kernel_whether_it_fits_the_server(program: str, line: str, monkeypatch: Any) -> None:
    monkeypatch.setattr("probewidgets.cli.checking._asked", KERNELS.get)
    monkeypatch.setattr("shutil.which", lambda _: None)
    here = has(probewidgets="0.1.0", anywidget="0.11.0", jupyterlab="4.6.6") | {"kernels": [["k", "K", program]]}
    told = list(checking._server(here))
    assert told[3].startswith(line)
    assert told[4:] == ([] if line[0] == "✓" else [told[-1]]) and told[-1].startswith(
        line[0] if line[0] == "✓" else "✗"
    )


def test_doctor_asks_the_environment_of_the_command_jupyter_lab(tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "bin with space").mkdir()
    python = tmp_path / "bin with space" / "python3"
    python.symlink_to(sys.executable)
    command = tmp_path / "jupyter-lab"
    command.write_text(f"#!/bin/sh\n'''exec' \"{python}\" \"$0\" \"$@\"\n' '''\n", encoding="utf-8")
    monkeypatch.setattr("shutil.which", lambda _: str(command))
    told = list(checking._server(has(probewidgets="0.1.0", anywidget="0.11.0")))
    assert told[0].startswith("· server: the command jupyter-lab is JupyterLab") and str(python) in told[0]
    assert not [line for line in told if "no JupyterLab here" in line]


def test_doctor_without_any_jupyterlab_says_where_to_ask(monkeypatch: Any) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    (told,) = checking._server(has(anywidget="0.11.0"))
    assert told.startswith("✗ server: no JupyterLab here") and "pip install 'probewidgets[lab]'" in told


def test_what_is_seen_needs_the_standard_library_alone() -> None:
    code = Path(seen.__file__).read_text(encoding="utf-8")
    told = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True).stdout
    assert json.loads(told.splitlines()[-1])["versions"] == {}


def test_lab_and_doctor_are_named_by_the_help(capsys: Any) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    out = capsys.readouterr().out
    assert opening.FOLDER in re.sub(r"\s+", "", out) and "doctor" in out
