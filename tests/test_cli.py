from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from probewidgets import cli


def test_doctor_names_what_is_there(capsys: pytest.CaptureFixture[str], cache_folder: Path) -> None:
    assert cli.main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "✓ float32 products on the CPU: " in out
    assert (
        "✓ torch" in out
        and "anywidget's page side" in out
        and "weights as expected" in out
        and str(cache_folder) in out
    )


def test_doctor_says_what_is_missing_and_what_to_do(capsys, monkeypatch) -> None:
    monkeypatch.setenv("PROBEWIDGETS_ONEDNN", "on")
    monkeypatch.setattr("probewidgets.models.embedded._PACKAGE", "no_such_package_at_all")
    monkeypatch.setattr("jupyter_core.paths.jupyter_path", lambda *_: [])
    assert cli.main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "✗ anywidget's page side was not found" in out and "✗ The embedded model is not installed" in out
    assert "✗ float32 products on the CPU: " in out and "is 'on', which is neither 0 nor 1" in out


def test_lab_writes_a_first_notebook_once_and_opens_it(tmp_path, monkeypatch, capsys) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr("subprocess.call", lambda command: called.append(command) or 0)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["lab", "--no-browser"]) == 0
    written = Path("probewidgets.ipynb")
    assert "pw.explore()" in json.loads(written.read_text())["cells"][0]["source"]
    written.write_text("mine")
    assert cli.main(["lab"]) == 0
    assert written.read_text() == "mine"
    assert called[0][:3] == [sys.executable, "-m", "jupyterlab"]
    assert called[0][-2:] == ["--no-browser", "probewidgets.ipynb"]


def test_lab_passes_the_rest_on_to_jupyterlab(tmp_path, monkeypatch) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr("subprocess.call", lambda command: called.append(command) or 0)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["lab", "--port", "8889", "mine.ipynb"]) == 0
    assert called[0][-3:] == ["--port", "8889", "mine.ipynb"]
    assert Path("mine.ipynb").is_file()


def test_lab_in_a_folder_that_is_not_there_says_so(capsys) -> None:
    assert cli.main(["lab", "nowhere/x.ipynb"]) == 2
    assert "There is no folder nowhere" in capsys.readouterr().err
