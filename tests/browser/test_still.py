"""Nothing jumps: while somebody types, the parts of the widget move by whole lines of the box only."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.explorer import Explorer
from tests.browser.lab import Notebook
from tests.browser.stub import item_names

TEXT = "The old man can fish zzz near the light.\nShe sat/VERB on the extraordinarily long wall with her cats."

# Looks at every frame that is painted, and keeps each place of each part by the number of lines in the box. Places are
# counted from the top of the widget (px).
WATCH = """([root, box, parts]) => {
    const seen = window.seen = {};
    const note = (lines, name, place) => {
        const places = (seen[lines] ??= {})[name] ??= [];
        if (!places.includes(Math.round(place))) places.push(Math.round(place));
    };
    const look = () => {
        const { top, height } = root.getBoundingClientRect();
        const lines = box.value.split("\\n").length;
        note(lines, "height", height);
        for (const [name, part] of Object.entries(parts)) {
            if (part.isConnected && part.checkVisibility()) note(lines, name, part.getBoundingClientRect().top - top);
        }
        window.looks = requestAnimationFrame(look);
    };
    look();
}"""


def watched(notebook: Notebook, explorer: Explorer, **parts: Locator) -> None:
    """From here on, each frame is looked at."""
    handles = {name: part.element_handle() for name, part in parts.items()}
    notebook.page.evaluate(WATCH, [explorer.root.element_handle(), explorer.box.element_handle(), handles])


def places(notebook: Notebook) -> dict[str, dict[str, list[int]]]:
    """What was seen, by number of lines and name."""
    return notebook.page.evaluate("() => { cancelAnimationFrame(window.looks); return window.seen; }")


def several(seen: dict[str, dict[str, list[int]]]) -> list[Any]:
    """Where something stood at more than one place."""
    return [(lines, name, each) for lines, names in seen.items() for name, each in names.items() if len(each) > 1]


@pytest.mark.parametrize("width", [1280, 800])
def test_while_sentences_are_typed_each_part_has_one_place_for_each_number_of_lines(
    notebook: Notebook, width: int
) -> None:
    notebook.page.set_viewport_size({"width": width, "height": 900})
    notebook.run_all()
    explorer = Explorer(notebook.page)
    explorer.expect_items(item_names("the old man", 3))
    explorer.type("The old")
    explorer.expect_items(item_names("The old", 3))
    legend = explorer.root.locator(".pw-legend")
    watched(notebook, explorer, status=explorer.status, grid=explorer.grid, details=explorer.details, legend=legend)
    for line, sentence in enumerate(TEXT.split("\n")):
        explorer.box.press_sequentially("\n" * bool(line) + sentence.removeprefix("The old"))
        explorer.expect_items(item_names("\n".join(TEXT.split("\n")[: line + 1]), 3))
    expect(explorer.status).to_contain_text("1 of 1 gold")
    seen = places(notebook)
    assert set(seen) == {"1", "2"}
    assert several(seen) == []
    for name, (first,) in seen["1"].items():
        assert seen["2"][name] == [first + 26], "it moves with the box, by one line"
