"""Take the README's pictures: the real quickstart explorer in a real JupyterLab, typed into and clicked, and a trainer.

python docs/readme/picture.py          writes explorer.png and trainer.png beside this file; needs Chromium, and minutes
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from docs import pictures
from docs.pictures import FIRST_TIME, stage
from tests.browser.explorer import Explorer

TEXT = "I can't bear/VERB the light/NOUN in this room,\nso I light/VERB a candle."
WORD, LAYER = "bear", 0
"""The cell that is clicked: what the embeddings say of a word whose neighbours decide."""
WIDTH = 1100
"""Of the trainer (px)."""
CELLS = ("import probewidgets as pw", "explorer = pw.explore()\nexplorer")


def take(path: Path) -> None:
    """Type, click, and save what is then on the screen."""
    with stage(*CELLS) as notebook:
        notebook.run_all(FIRST_TIME)
        explorer = Explorer(notebook.page)
        explorer.type(TEXT)
        # A kept first answer is there before the model is loaded.
        expect(explorer.list.get_by_role("listitem", name="candle")).to_be_visible(timeout=1000 * FIRST_TIME)
        notebook.wait_idle()
        explorer.grid.get_by_role("gridcell", name=f"{WORD}, layer {LAYER}").first.click()
        expect(explorer.details).to_contain_text(f"{WORD} · layer {LAYER}")
        notebook.page.set_viewport_size({"width": 1200, "height": 1300})  # all of it is in sight
        explorer.root.screenshot(path=path)


def take_trainer(path: Path) -> None:
    """While it learns: some layers have their scores, and the losses of the next one fall."""
    with tempfile.TemporaryDirectory() as folder:
        (picture,) = pictures.take([pictures.Picture("light", "trainer-running", WIDTH)], Path(folder))
        shutil.copy(picture, path)


if __name__ == "__main__":
    take(HERE / "explorer.png")
    take_trainer(HERE / "trainer.png")
