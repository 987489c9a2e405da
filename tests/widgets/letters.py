"""Letters for the pages of the tests: fonts that matplotlib brings, so that no test depends on those of the machine."""

from __future__ import annotations

import base64
import io
from functools import cache
from pathlib import Path

import matplotlib
from fontTools import subset
from fontTools.ttLib import TTFont
from playwright.sync_api import Page

FONTS = {
    "usual": ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    "wide": ("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf"),
    "narrow": ("STIXGeneral.ttf", "STIXGeneralBol.ttf"),
}
"""A font's regular and bold letters, by how much room they take."""

CHARACTERS = {*map(chr, range(0x20, 0x7F)), *"·–−…✓✗▶◂▸←→↑↓␣⟨⟩"}


@cache
def letters(file: str) -> str:
    """The characters of one of matplotlib's fonts that our pages use, as base64."""
    font = TTFont(Path(matplotlib.get_data_path(), "fonts", "ttf", file))
    options = subset.Options(hinting=False, notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(CHARACTERS))
    subsetter.subset(font)
    raw = io.BytesIO()
    font.save(raw)
    return base64.b64encode(raw.getvalue()).decode()


def use_letters(page: Page, kind: str) -> None:
    """Give the page's widgets, from here on, the usual letters, wide ones or narrow ones."""
    page.evaluate(
        """async ([family, faces]) => {
            for (const [weight, base64] of Object.entries(faces)) {
                const face = new FontFace(family, `url(data:font/ttf;base64,${base64})`, { weight });
                document.fonts.add(await face.load());
            }
            document.body.style.setProperty("--jp-ui-font-family", `"${family}"`);
            document.body.style.fontFamily = `"${family}"`;
        }""",
        [f"given {kind}", dict(zip(("400", "700"), map(letters, FONTS[kind]), strict=True))],
    )
