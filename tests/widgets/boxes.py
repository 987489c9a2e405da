"""The boxes of ipywidgets as a page has them: the same CSS, without a notebook. tests/browser has the real ones."""

from __future__ import annotations

from playwright.sync_api import Page

BOXES = {
    "HBox": "display: flex; flex-direction: row",
    "VBox, centred": "display: flex; flex-direction: column; align-items: center",
    "VBox, at the start": "display: flex; flex-direction: column; align-items: flex-start",
    "GridBox": "display: grid; grid-template-columns: 1fr 1fr",
    "hidden at first": "display: none",
}
"""What a box is, and how it lays out what is in it."""


def boxed(page: Page, box: str) -> Page:
    """Put the widget of a page into a box, beside a button; one that is hidden at first is shown after a while."""
    page.evaluate(
        """([style, kind]) => {
            const host = document.querySelector(".pw").parentElement;
            const output = Object.assign(document.createElement("div"), { id: "output" });
            const box = Object.assign(document.createElement("div"), { className: `widget-${kind}` });
            box.style.cssText = style;
            host.replaceWith(output);
            output.append(box);
            box.append(host, Object.assign(document.createElement("button"), { textContent: "beside" }));
        }""",
        [BOXES[box], "hbox" if box == "HBox" else "box"],
    )
    if box == "hidden at first":
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        page.evaluate("() => { document.querySelector('.widget-box').style.display = ''; }")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page
