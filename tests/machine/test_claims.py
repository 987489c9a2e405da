"""Claims: one writer at a time, and nothing that a killed one leaves behind stops the next."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from probewidgets.machine.claims import Claim

OTHER = """
import sys, pathlib
from probewidgets.machine.claims import Claim
claim = Claim(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_file_is_claimed_once_and_again_after_its_release(tmp_path: Path) -> None:
    path = tmp_path / "a file"
    first = Claim(path)
    with pytest.raises(BlockingIOError):
        Claim(path)
    first.release()
    first.release()
    second = Claim(path)
    assert second.guarded
    second.release()
    assert list(tmp_path.iterdir()) == []


def test_another_process_holds_its_claim_until_it_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with subprocess.Popen(
        [sys.executable, "-c", OTHER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        with pytest.raises(BlockingIOError):
            Claim(path)
        other.kill()
        other.wait()
        Claim(path).release()


def test_a_folder_that_is_not_there_is_an_error_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Claim(tmp_path / "none" / "a")
