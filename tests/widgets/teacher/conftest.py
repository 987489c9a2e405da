"""Teachers of a tiny model, each in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import tiny

import probewidgets as pw
from tests.widgets.helpers import settle

TEXT = "The chef brought bread.\nIn Lisbon my aunt sells fish.\nA cook ate rice here."
Make = Callable[..., pw.ProbeTeacher]


@pytest.fixture(scope="session")
def lm() -> pw.LanguageModel:
    return pw.LanguageModel(*tiny.model("bert"))


@pytest.fixture
def make(lm: pw.LanguageModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Make teachers, of TEXT and two labels unless told otherwise; they are settled, and closed in the end."""
    folder = tmp_path / "my notebooks"
    folder.mkdir()
    monkeypatch.chdir(folder)
    teachers: list[pw.ProbeTeacher] = []

    def make_one(**options: object) -> pw.ProbeTeacher:
        if not {"text", "corpus", "path"} & options.keys():
            options["text"] = TEXT
        teacher = pw.ProbeTeacher(**{"model": lm, "labels": ["food", "person"], **options})
        teachers.append(teacher)
        settle(teacher)
        return teacher

    yield make_one
    for teacher in teachers:
        teacher.close()


@pytest.fixture
def taught(make: Make) -> pw.ProbeTeacher:
    """A teacher of which enough is painted to be judged."""
    teacher = make()
    teacher.paint(0, 1, "person")
    teacher.paint(0, 3, "food")
    teacher.paint(0, [0, 2], "O")
    teacher.paint(1, 3, "person")
    teacher.paint(1, 5, "food")
    teacher.paint(2, 1, "person")
    settle(teacher)
    return teacher
