"""Take pictures of the widgets in a real JupyterLab: light and dark, wide and narrow, much and little, in every state.

    python docs/pictures.py                            all of them, into docs/pictures; needs Chromium
    python docs/pictures.py --only '80-layers*'        those whose names fit; the names are SCENE_WIDTH_THEME
    python docs/pictures.py --to FOLDER

Every scene (`docs/scenes`) is taken in four widths of the widget itself in the light theme, and in one in the dark
theme; the first scene in all widths of both. A picture is of the widget alone, as high as it is. The first time most of
it is spent on training probes, which are then kept: give `--only` what you want to look at.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from playwright.sync_api import Locator, Page

from probewidgets.captures.cache import default_folder
from tests.browser.lab import Lab, Notebook, closed_context
from tests.chromium import chromium

SCENES = (
    "7-layers_17-labels",
    "31-layers_17-labels",
    "80-layers_17-labels",
    "7-layers_2-labels",
    "7-layers_60-labels",
    "two-sentences",
    "200-words",
    "whole-sentences",
    "right-to-left",
    "strip",
    "heatmap",
    "curve",
    "trainer-choosing",
    "trainer-no-file",
    "trainer-refused",
    "trainer-costing",
    "trainer-running",
    "trainer-stopped",
    "trainer-failed",
    "trainer-done",
    "trainer-opened",
    "trainer-31-layers",
    "teacher-empty",
    "teacher-painted",
    "teacher-sentences",
    "compare-values",
    "compare-difference",
    "compare-pair",
    "errors-matrix",
    "errors-cell",
    "errors-25000-words",
    "errors-31-layers",
)
WIDTHS = (360, 800, 1280, 1920)
"""Widths of the widget (px)."""
USUAL = 1280
"""The width of what is taken in one width only (px)."""
ROOM = 400
"""What a window is higher than the widget, so that all of it is in sight (px)."""
FIRST_TIME = 600.0
"""Longest wait for a capture of a corpus and a sweep over it (s)."""
# A Lab has a cache of its own, which is empty: with the person's, a second picture is quick.
CACHE = f"import os; os.environ['PROBEWIDGETS_CACHE'] = {os.fspath(default_folder())!r}"
# Drawn in the newest size, with what the page has asked the kernel for.
SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"


def refused(frame: Locator) -> None:
    """Layers that the model does not have."""
    layers = frame.get_by_role("textbox", name="Layers", exact=True)
    layers.fill("0-99")
    layers.press("Enter")
    frame.get_by_role("alert").filter(visible=True).wait_for()


def opened(frame: Locator) -> None:
    """The explorer below what it was trained in."""
    frame.get_by_role("button", name="Open in explorer", exact=True).click()
    frame.get_by_role("gridcell", name="layer 0").first.wait_for()


HANDS: dict[str, Callable[[Locator], None]] = {"trainer-refused": refused, "trainer-opened": opened}
"""Scenes that need a hand in the page, before their picture is taken."""


class Picture(NamedTuple):
    """A scene in one width and one theme."""

    theme: str
    scene: str
    width: int
    """Of the widget (px)."""

    @property
    def name(self) -> str:
        """Its file's name, without `.png`."""
        return f"{self.scene}_{self.width}_{self.theme}"


def pictures(pattern: str = "*") -> list[Picture]:
    """All pictures whose names fit a pattern as a shell takes it, in the order in which they are taken."""
    light = [Picture("light", scene, width) for scene in SCENES for width in WIDTHS]
    dark = [
        Picture("dark", scene, width) for scene in SCENES for width in WIDTHS if width == USUAL or scene == SCENES[0]
    ]
    return [picture for picture in light + dark if fnmatch(picture.name, pattern)]


@contextmanager
def stage(*cells: str) -> Iterator[Notebook]:
    """A notebook of these cells, open in a JupyterLab whose kernels have the person's cache."""
    with ExitStack() as stack:
        lab = stack.enter_context(Lab(Path(stack.enter_context(tempfile.TemporaryDirectory()))))
        context = stack.enter_context(closed_context(stack.enter_context(chromium()), []))
        yield Notebook(context, lab, lab.write("pictures.ipynb", CACHE, *cells))


def take(wanted: Sequence[Picture], folder: Path) -> Iterator[Path]:
    """Take these pictures; their files, as they are written."""
    folder.mkdir(parents=True, exist_ok=True)
    scenes = list(dict.fromkeys(picture.scene for picture in wanted))
    start = f"import sys; sys.path.insert(0, {os.fspath(HERE)!r})\nfrom scenes import scene"
    cells = [f"await scene({scene!r})" for scene in scenes]
    with stage(start, *cells) as notebook:
        for cell in (0, 1):
            notebook.run_cell(cell, FIRST_TIME)
        for theme in dict.fromkeys(picture.theme for picture in wanted):
            notebook.theme(theme)
            for cell, scene in enumerate(scenes, 2):
                widths = [picture for picture in wanted if (picture.theme, picture.scene) == (theme, scene)]
                if widths:
                    notebook.run_cell(cell, FIRST_TIME)
                    notebook.raise_errors()
                    if scene in HANDS:
                        HANDS[scene](shown(notebook.page))
                    yield from taken(notebook.page, widths, folder)
                    notebook.clear(cell)


def shown(page: Page) -> Locator:
    """The one widget that is on the page, with what is opened inside."""
    return page.locator(".pw[data-rev]").first


def taken(page: Page, widths: Iterable[Picture], folder: Path) -> Iterator[Path]:
    """Pictures of the widget on the page."""
    frame = shown(page)
    for picture in widths:
        fit(page, frame, picture.width)
        file = folder / f"{picture.name}.png"
        frame.screenshot(path=file)
        yield file


def fit(page: Page, frame: Locator, width: int) -> None:
    """Make the window so wide that the widget has this width (px), and so high that all of it is in sight."""
    for _ in range(8):
        page.evaluate(SETTLED)
        box, window = frame.bounding_box(), page.viewport_size
        assert box and window
        more, height = width - round(box["width"]), round(box["height"]) + ROOM
        if not more and window["height"] == height:
            return
        page.set_viewport_size({"width": window["width"] + more, "height": height})
    raise RuntimeError(f"The widget could not be made {width} px wide; it is {box['width']} px.")


def main() -> None:
    """Take what the command line asks for, and tell each file."""
    parser = argparse.ArgumentParser(description="Take pictures of the widgets in a real JupyterLab.")
    parser.add_argument("--only", default="*", metavar="NAME", help="the pictures whose names fit, e.g. '80-layers*'")
    parser.add_argument("--to", type=Path, default=HERE / "pictures", metavar="FOLDER", help="default: docs/pictures")
    options = parser.parse_args()
    wanted = pictures(options.only)
    if not wanted:
        parser.error(f"there is no picture {options.only!r}; there are: {', '.join(each.name for each in pictures())}")
    for file in take(wanted, options.to):
        print(file, flush=True)


if __name__ == "__main__":
    main()
