"""What `make` says while it installs, and which torch it takes."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

PIP = """#!/bin/sh
echo "Collecting torch==2.13.0"
echo "  Downloading torch-2.13.0-cp311-cp311-manylinux_2_28_x86_64.whl (899.8 MB)"
echo "Collecting six"
echo "  Downloading six-1.17.0-py2.py3-none-any.whl (11 kB)"
echo "Installing collected packages: six, torch"
echo "$@"
exit {status}
"""


@pytest.fixture
def install() -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", Path(__file__).parents[1] / ".ci" / "install.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pip(folder: Path, monkeypatch: pytest.MonkeyPatch, status: int = 0) -> None:
    """A Python whose pip says what a real one does, and ends in some status."""
    program = folder / "python"
    program.write_text(PIP.format(status=status), encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))


def test_large_downloads_and_steps_are_told_and_the_rest_is_not(
    install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    pip(tmp_path, monkeypatch)
    assert install.main(["-e", ".[lab]"]) == 0
    out, err = capfd.readouterr()
    assert out == "  downloading torch, 899.8 MB ...\n  unpacking 2 packages ...\n" and not err


def test_all_that_pip_said_is_shown_where_it_fails(
    install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    pip(tmp_path, monkeypatch, status=3)
    assert install.main(["-e", "."]) == 3
    err = capfd.readouterr().err
    assert "Downloading six-1.17.0" in err and "-m pip install --no-compile" in err and err.endswith("-e .\n")


@pytest.mark.parametrize(
    ("platform", "torch", "gpu", "reached", "told"),
    [
        ("darwin", False, False, True, ""),
        ("linux", True, False, True, ""),
        ("linux", False, True, True, ""),
        (
            "linux",
            False,
            False,
            True,
            "  no NVIDIA GPU here: torch 2.13.0 comes from https://download.pytorch.org/whl/cpu",
        ),
        ("linux", False, False, False, "  no NVIDIA GPU here, and no torch 2.13.0 to be had"),
    ],
)
def test_cuda_is_not_fetched_for_nothing(
    platform: str, torch: bool, gpu: bool, reached: bool, told: str, install: ModuleType,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    pip(tmp_path, monkeypatch)
    calls: list[list[str]] = []
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(install, "has_torch", lambda: torch)
    monkeypatch.setattr(install, "has_gpu", lambda: gpu)
    monkeypatch.setattr(install, "reached", lambda _: reached)
    monkeypatch.setattr(install, "install", lambda arguments: calls.append(arguments) or 0)
    assert install.main(["--torch", "2.13.0"]) == 0
    out = capfd.readouterr().out
    assert out.startswith(told) and bool(out) == bool(told)
    assert calls == ([["--no-deps", "--index-url", install.CPU_INDEX, "torch==2.13.0"]] if "comes from" in told else [])
