"""One of each widget, and what axe finds in them, in any host."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

import probewidgets as pw
from tests import tiny
from tests.browser.stub import Stub
from tests.widgets.compare.stands import compared
from tests.widgets.errors.made import errors
from tests.widgets.fakes import fake_predictions

COUNT = 8


def every() -> list[Any]:
    """One of each widget that there is, of stand-ins and of a tiny model."""
    model = pw.LanguageModel(*tiny.model("bert"))
    teacher = pw.ProbeTeacher(text="the old man\nshe sat", labels=["noun"], model=model, path=False)
    teacher.paint(0, [1, 2], "noun")
    return [
        pw.ProbeExplorer(Stub(), text="the old man"),
        pw.TokenStrip(fake_predictions("the old man")),
        pw.LayerHeatmap(fake_predictions("the old man")),
        pw.LayerCurve(Stub().sweep),
        pw.ProbeTrainer(pw.corpora.english(60), model=model),
        teacher,
        compared(),
        errors(),
    ]


# With every rule that axe has, also those that are switched off by default.
LOOK = """async root => {
    const rules = Object.fromEntries(axe.getRules().map(({ ruleId }) => [ruleId, { enabled: true }]));
    const { violations, passes } = await axe.run(root, { rules });
    const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => [id, html.slice(0, 200)]));
    return [found, passes.flatMap(({ nodes }) => nodes).length];
}"""


def violations(page: Page) -> list[list[str]]:
    """What axe finds in each of our widgets on a page: a rule, and the element that does not keep it."""
    # A host's body may have no height of its own, which makes axe believe that nothing in it can be seen.
    page.evaluate("() => { document.body.style.overflow = 'visible'; }")
    page.evaluate(Axe().axe_script)
    looked = [frame.evaluate(LOOK) for frame in page.locator(".pw[data-rev]").all()]
    assert min(count for _, count in looked) > 20, "axe has looked at nothing"
    return [each for found, _ in looked for each in found]
