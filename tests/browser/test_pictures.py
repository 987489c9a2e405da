"""The script that takes pictures of the explorer."""

from __future__ import annotations

import struct
from pathlib import Path

from docs import pictures, scenes
from docs.pictures import Picture
from tests.browser.lab import Notebook


def size(file: Path) -> tuple[int, int]:
    """Width and height that the head of a PNG file tells (px)."""
    width, height = struct.unpack(">II", file.read_bytes()[16:24])
    return width, height


def test_a_picture_has_the_width_that_its_name_says_and_all_of_the_height(notebook: Notebook, tmp_path: Path) -> None:
    notebook.run_all()
    wanted = [Picture("light", "stub", width) for width in (360, 1280)]
    files = list(pictures.taken(notebook.page, wanted, tmp_path))
    assert [file.name for file in files] == ["stub_360_light.png", "stub_1280_light.png"]
    sizes = [size(file) for file in files]
    assert [width for width, _ in sizes] == [360, 1280]
    frame = notebook.page.locator(".pw").bounding_box()
    assert frame and abs(sizes[-1][1] - frame["height"]) < 2, "but for parts of pixels"
    assert sizes[0][1] > sizes[1][1], "what is narrow is higher, and is not cut"


def test_every_scene_is_taken_in_both_themes() -> None:
    every = pictures.pictures()
    assert len({picture.name for picture in every}) == len(every)
    assert {(picture.scene, picture.theme) for picture in every} == {
        (scene, theme) for scene in scenes.SCENES for theme in ("light", "dark")
    }


def test_pictures_are_asked_for_by_patterns_of_their_names() -> None:
    assert [picture.name for picture in pictures.pictures("*_360_dark")] == ["7-layers_17-labels_360_dark"]
    assert pictures.pictures("nothing of that name") == []
