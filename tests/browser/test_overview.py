"""Many cells are an overview, painted: its colours are those of the words above it."""

from __future__ import annotations

import pytest

from tests.browser.explorer import Explorer
from tests.browser.lab import Notebook

MANY = "pw.ProbeExplorer(stub, text='the old man can fish . ' * 25)"
# Of the first few words: their colour in the list, and the pixel of the active layer on its paper, from 0 to 255.
COLOURS = """() => {
  const row = document.querySelector(".pw-active canvas");
  const pixels = [...row.getContext("2d").getImageData(0, 0, 6, 1).data];
  const words = [...document.querySelectorAll('[aria-label="Predictions"] [role="listitem"] > *')].slice(0, 6);
  const parts = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((part) =>
    Math.round((colour.startsWith("color(") ? 255 : 1) * part));
  const paper = parts(getComputedStyle(row.closest(".pw-scroll")).backgroundColor);
  return words.map((word, at) => {
    const [pixel, alpha] = [pixels.slice(4 * at, 4 * at + 3), pixels[4 * at + 3] / 255];
    return [parts(getComputedStyle(word).backgroundColor), pixel.map((c, i) => paper[i] + (c - paper[i]) * alpha)];
  });
}"""


@pytest.mark.cells(MANY)
def test_it_has_the_colours_of_the_words_in_both_themes_from_the_first_on(notebook: Notebook) -> None:
    notebook.run_all()
    explorer = Explorer(notebook.page)
    explorer.items.first.wait_for()
    for theme in ("light", "dark"):
        notebook.theme(theme)
        for word, pixel in notebook.page.evaluate(COLOURS):
            assert max(abs(a - b) for a, b in zip(word, pixel, strict=True)) <= 2, (theme, word, pixel)
