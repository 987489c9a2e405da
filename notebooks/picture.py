"""Take the README's picture: the real quickstart explorer in a real JupyterLab, typed into and clicked.

python notebooks/picture.py          writes explorer.png beside this file; needs Chromium, takes minutes the first time
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import expect

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from docs.pictures import FIRST_TIME, stage
from tests.browser.explorer import Explorer

TEXT = "I can't bear/VERB the light/NOUN in this room,\nso I light/VERB a candle."
WORD, LAYER = "bear", 0
"""The cell that is clicked: what the embeddings say of a word whose neighbours decide."""
CELLS = ("import probewidgets as pw", "explorer = pw.explore()\nexplorer")


def take(path: Path) -> None:
    """Type, click, and save what is then on the screen."""
    with stage(*CELLS) as notebook:
        notebook.run_all(FIRST_TIME)
        explorer = Explorer(notebook.page)
        explorer.type(TEXT)
        expect(explorer.list.get_by_role("listitem", name="candle")).to_be_visible()
        notebook.wait_idle()
        explorer.grid.get_by_role("gridcell", name=f"{WORD}, layer {LAYER}").first.click()
        expect(explorer.details).to_contain_text(f"{WORD} · layer {LAYER}")
        notebook.page.set_viewport_size({"width": 1200, "height": 1300})  # all of it is in sight
        explorer.root.screenshot(path=path)


if __name__ == "__main__":
    take(HERE / "explorer.png")
