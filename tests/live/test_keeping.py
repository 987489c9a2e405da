"""Keeping: a lesson is found as it was left, by one writer at a time, and never overwritten by another one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from probewidgets.data.lessons import Lesson
from probewidgets.errors import StoreError
from probewidgets.live.keeping import Keeper
from probewidgets.machine.claims import Claim
from tests.data.test_lessons import lesson, painted

KILLED = """
import os, sys
from probewidgets.data.lessons import Lesson
from probewidgets.live.keeping import Keeper
keeper, lesson, found = Keeper.kept(Lesson(labels=("food",)).typed("The chef brought bread."))
keeper.save(lesson.painted([3], "food"))
os._exit(9)
"""


@pytest.fixture(autouse=True)
def notebook_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "my notebooks"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def start() -> Lesson:
    return Lesson(labels=("food",)).typed("The chef brought bread.")


def test_a_lesson_is_found_as_a_killed_kernel_left_it() -> None:
    subprocess.run([sys.executable, "-c", KILLED], check=False)
    keeper, found, again = Keeper.kept(start())
    assert again and painted(found) == {"bread": "food"}
    keeper.close()
    assert sorted(os.listdir()) == ["teacher.jsonl"]


def test_a_lesson_that_began_otherwise_has_a_file_of_its_own() -> None:
    first, _, _ = Keeper.kept(start())
    first.save(start())
    other, begun, again = Keeper.kept(lesson(bread="food"))
    assert (other.path.name, again) == ("teacher-2.jsonl", False) and begun.n_painted == 1
    other.save(begun)
    third, found, again = Keeper.kept(lesson(bread="food"))
    assert (third.path.name, again, found.n_painted) == ("teacher-2.jsonl", True, 1)


def test_a_newer_keeper_takes_over_and_the_older_one_hears_of_it() -> None:
    older, begun, _ = Keeper.kept(start())
    older.save(begun.painted([0], "food"))
    told = []
    older.given_up = lambda: told.append(True)
    newer, found, again = Keeper.kept(start())
    assert told == [True] and again and found.n_painted == 1
    newer.save(found)


def test_another_writer_is_refused_where_the_path_was_given_and_passed_by_where_not(notebook_folder: Path) -> None:
    claim = Claim(notebook_folder / "teacher.jsonl")
    with pytest.raises(StoreError, match="written by another kernel"):
        Keeper.kept(start(), "teacher.jsonl")
    assert Keeper.kept(start())[0].path.name == "teacher-2.jsonl"
    claim.release()


def test_a_file_that_somebody_changed_is_left_and_the_lesson_goes_on_beside_it(notebook_folder: Path) -> None:
    keeper, begun, _ = Keeper.kept(start(), "mine.jsonl")
    keeper.save(begun)
    theirs = notebook_folder / "mine.jsonl"
    theirs.write_text("theirs", "utf-8")
    keeper.save(begun.painted([0], "food"))
    assert theirs.read_text("utf-8") == "theirs"
    assert keeper.path.name == "mine-2.jsonl"
    keeper.save(begun.painted([0, 1], "food"))
    keeper.close()
    assert Keeper.kept(Lesson(), "mine-2.jsonl")[1].n_painted == 2


def test_a_path_alone_goes_on_with_any_lesson_and_other_sentences_are_refused(notebook_folder: Path) -> None:
    keeper, begun, _ = Keeper.kept(start(), "mine.jsonl")
    keeper.save(begun.painted([0], "food"))
    keeper.close()
    keeper, found, again = Keeper.kept(Lesson(), notebook_folder / "mine.jsonl")
    assert again and found.n_painted == 1
    keeper.close()
    with pytest.raises(StoreError, match="began with other sentences"):
        Keeper.kept(lesson(bread="food"), "mine.jsonl")
    (notebook_folder / "notes.txt").write_text("notes", "utf-8")
    with pytest.raises(StoreError, match="holds no lesson"):
        Keeper.kept(Lesson(), "notes.txt")
    assert (notebook_folder / "notes.txt").read_text("utf-8") == "notes"


def test_a_full_disk_leaves_the_file_as_it_was(notebook_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper, begun, _ = Keeper.kept(start(), "mine.jsonl")
    keeper.save(begun)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left on device"):
        keeper.save(begun.painted([0], "food"))
    monkeypatch.undo()
    os.chdir(notebook_folder)
    assert Keeper.kept(Lesson(), "mine.jsonl")[1].n_painted == 0
    assert [name for name in os.listdir() if name.endswith(".part")] == []


def test_a_folder_that_is_not_there_is_told() -> None:
    with pytest.raises(StoreError, match="Nothing can be written beside"):
        Keeper.kept(start(), "none/mine.jsonl")
