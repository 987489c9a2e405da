"""One live explorer in one notebook: type, see, choose, with the mouse and the keyboard, in light and in dark."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from playwright.sync_api import expect

from tests.browser.explorer import Explorer
from tests.browser.lab import Notebook
from tests.browser.stub import LAYERS, cell_names, item_names

TEXT = "the cats sat .\nshe can fish"


@pytest.fixture(scope="module")
def live(opened: Callable[..., Notebook]) -> Iterator[Notebook]:
    notebook = opened("explorer", "w")
    notebook.run_all()
    yield notebook
    notebook.close()
    assert notebook.faults() == []


@pytest.fixture
def explorer(live: Notebook) -> Explorer:
    """The explorer, back where every test begins: TEXT, layer 3, all layers, predicted labels, nothing selected."""
    live.python("None", f"w.layers = None; w.colour = 'label'; w.selected = None; w.layer = 3; w.text = {TEXT!r}")
    explorer = Explorer(live.page)
    explorer.expect_items(item_names(TEXT, 3))
    expect(explorer.slider).to_have_value("3")
    return explorer


def test_what_is_typed_key_by_key_is_predicted(explorer: Explorer, live: Notebook) -> None:
    explorer.type("she sat .\nthe old fish")
    explorer.expect_items(item_names("she sat .\nthe old fish", 3))
    expect(explorer.box).to_have_value("she sat .\nthe old fish")
    expect(explorer.cells).to_have_count(len(LAYERS) * 6)
    for layer in LAYERS:
        expect(explorer.row(layer)).to_have_count(1)
        for name in cell_names("she sat .\nthe old fish", layer):
            expect(explorer.cell(name)).to_have_count(1)
    live.expect_python("w.text", "she sat .\nthe old fish")
    live.expect_python("w.predictions.text", "she sat .\nthe old fish")
    expect(explorer.status).to_contain_text("6 words")
    asked = live.python("len(stub.asked)")
    explorer.type("can she fish the old cats")
    explorer.expect_items(item_names("can she fish the old cats", 3))
    assert live.python("len(stub.asked)") - asked < 25, "typing is not debounced"


def test_gold_labels_are_compared(explorer: Explorer) -> None:
    explorer.type("fish/VERB cats/DET zzz")
    explorer.expect_items(item_names("fish/VERB cats/DET zzz", 3))
    for item, remark in zip(explorer.items.all(), ("right", "wrong", "not seen"), strict=True):
        expect(item).to_have_accessible_description(re.compile(remark))
    expect(explorer.status).to_contain_text("1 of 2 gold right")


def test_the_layer_follows_slider_row_header_and_arrow_keys(explorer: Explorer, live: Notebook) -> None:
    def at(layer: int) -> None:
        explorer.expect_items(item_names(TEXT, layer))
        expect(explorer.slider).to_have_value(str(layer))
        expect(explorer.row(layer)).to_have_attribute("aria-selected", "true")
        live.expect_python("w.layer", layer)

    explorer.slider.fill("5")
    at(5)
    explorer.slider.press("ArrowLeft")
    at(4)
    explorer.row(1).click()
    at(1)
    expect(explorer.row(1)).to_be_focused()
    live.page.keyboard.press("ArrowUp")  # the deepest layer is on top
    at(2)
    live.page.keyboard.press("ArrowDown")
    live.page.keyboard.press("ArrowDown")
    at(0)
    explorer.row(4).hover()
    live.page.mouse.down()
    explorer.row(5).hover()  # dragged along like a slider
    live.page.mouse.up()
    at(5)


def test_the_first_row_and_the_last_cell_can_be_selected(explorer: Explorer, live: Notebook) -> None:
    explorer.row(LAYERS[-1]).click()
    live.expect_python("w.layer", LAYERS[-1])
    first = explorer.cell(cell_names(TEXT, 6)[0])
    first.click()
    expect(first).to_have_attribute("aria-selected", "true")
    expect(explorer.details).to_contain_text("the · layer 6")
    live.expect_python("w.selected", [6, 0])

    live.page.keyboard.press("Control+End")
    last = explorer.cell(cell_names(TEXT, 0)[-1])
    expect(last).to_be_focused()
    live.page.keyboard.press("Enter")
    expect(last).to_have_attribute("aria-selected", "true")
    expect(first).to_have_attribute("aria-selected", "false")
    expect(explorer.details).to_contain_text("fish · layer 0")
    label = cell_names(TEXT, 0)[-1].split()[-2]
    expect(explorer.details.get_by_role("row").first).to_have_accessible_name(re.compile(f"^{label} 0\\.\\d"))
    live.expect_python("w.selected", [0, 6])
    live.page.keyboard.press("Escape")
    expect(explorer.box).to_be_focused()

    explorer.items.nth(1).get_by_role("button").click()
    expect(explorer.details).to_contain_text(f"cats · layer {live.python('w.layer')}")
    live.expect_python("w.selected[1]", 1)


def test_the_colour_means_what_is_chosen(explorer: Explorer, live: Notebook) -> None:
    cell = explorer.cell(cell_names(TEXT, 3)[1])
    by_label = cell.evaluate("cell => getComputedStyle(cell).backgroundColor")
    explorer.colour.select_option("Probability of VERB")
    live.expect_python("[w.colour, w.label]", ["probability", "VERB"])
    number = live.python("float(w.predictions.proba[3, 1, w.predictions.labels.index('VERB')])")
    expect(cell).to_have_text(f"{number:.2f}")
    assert cell.evaluate("cell => getComputedStyle(cell).backgroundColor") != by_label
    explorer.colour.select_option("Entropy")
    live.expect_python("[w.colour, w.label]", ["entropy", None])
    p = live.python("w.predictions.proba[3, 1].tolist()")
    expect(cell).to_have_text(f"{_entropy(p):.2f}")
    explorer.colour.select_option("Predicted label")
    expect(cell).to_have_text(cell_names(TEXT, 3)[1].split()[-2])
    live.expect_python("w.colour", "label")


def test_any_subset_of_the_layers_can_be_shown(explorer: Explorer, live: Notebook) -> None:
    explorer.root.get_by_text("All 7 layers shown").click()
    for layer in (1, 3):
        explorer.root.get_by_role("checkbox", name=f"Show layer {layer}", exact=True).uncheck()
    live.expect_python("list(w.layers)", [0, 2, 4, 5, 6])
    expect(explorer.grid.get_by_role("rowheader")).to_have_count(5)
    assert live.python("w.layer") in (2, 4), "the nearest layer takes over"
    explorer.slider.press("Home")
    live.expect_python("w.layer", 0)
    explorer.slider.press("ArrowRight")  # skips what is hidden
    live.expect_python("w.layer", 2)
    explorer.root.get_by_role("button", name="All", exact=True).click()
    live.expect_python("list(w.layers)", list(LAYERS))
    expect(explorer.grid.get_by_role("rowheader")).to_have_count(7)
    explorer.root.get_by_text("All 7 layers shown").click()


def test_what_python_sets_is_painted(explorer: Explorer, live: Notebook) -> None:
    live.python("None", "w.text = 'fish can fish'; w.layer = 6; w.selected = (6, 2); w.label = 'AUX'")
    explorer.expect_items(item_names("fish can fish", 6))
    expect(explorer.box).to_have_value("fish can fish")
    expect(explorer.slider).to_have_value("6")
    expect(explorer.details).to_contain_text("fish · layer 6")
    expect(explorer.colour.locator("option:checked")).to_have_text("Probability of AUX")
    live.expect_python("w.painted == w._rev", True)


def test_keys_stay_in_the_widget(explorer: Explorer, live: Notebook) -> None:
    live.page.locator(".jp-Cell .cm-content").last.click()
    live.page.keyboard.press("Control+End")
    live.page.keyboard.type("  # mine")
    before = live.sources(), live.counts()
    holders = {
        "word": explorer.items.first.get_by_role("button"),
        "cell": explorer.cell(cell_names(TEXT, 0)[0]),
        "row header": explorer.row(3),
        "slider": explorer.slider,
        "box": explorer.box,  # the last: what is typed there changes the others' names
    }
    letters = ("a", "b", "c", "x", "v", "d", "d", "m", "i", "0")
    moves = ("ArrowUp", "ArrowDown", "Shift+ArrowDown", "Control+Shift+ArrowUp", "Control+Shift+ArrowDown")
    runs = ("Shift+Enter", "Control+Enter", "Alt+Enter")
    edits = ("Control+z", "Control+Shift+z", "Control+a", "Control+Backspace", "Control+Shift+m", "Control+Shift+-")
    for where, holder in holders.items():
        holder.focus()
        for key in (*letters, *moves, *runs, *edits):
            live.page.keyboard.press(key)
            assert (live.sources(), live.counts()) == before, f"{key} in the {where} reached the notebook"
    expect(live.page.locator(".jp-mod-multiSelected")).to_have_count(0)
    live.expect_python("w.text", explorer.box.input_value())  # nothing is on its way any more


def test_what_is_typed_can_be_undone(explorer: Explorer) -> None:
    explorer.box.press("Control+End")
    explorer.box.press_sequentially(" well")
    explorer.expect_items(item_names(f"{TEXT} well", 3))
    explorer.box.press("Control+z")
    expect(explorer.box).to_have_value(TEXT)
    explorer.expect_items(item_names(TEXT, 3))


def test_the_caret_stays_where_it_is_typed(explorer: Explorer) -> None:
    explorer.type("the man sat")
    explorer.expect_items(item_names("the man sat", 3))
    for _ in "man sat":
        explorer.box.press("ArrowLeft")
    for word in ("old ", "grey "):  # an answer comes between the two
        explorer.box.press_sequentially(word)
        expect(explorer.list).to_contain_text(word.strip())
    expect(explorer.box).to_have_value("the old grey man sat")
    explorer.expect_items(item_names("the old grey man sat", 3))


def test_the_newest_text_does_not_wait_for_older_ones(explorer: Explorer, live: Notebook) -> None:
    explorer.box.fill("slow boat")  # at once: on a busy machine, what is typed key by key is answered in between
    expect(explorer.status).to_have_text("Working…")
    live.expect_python("w.busy", True)
    explorer.slider.fill("5")
    explorer.expect_items(item_names(TEXT, 5))  # choices go on beside it
    explorer.type("the cats")
    explorer.expect_items(item_names("the cats", 5))
    live.expect_python("[w.busy, w.text, w.predictions.text]", [False, "the cats", "the cats"])
    explorer.box.fill("slow fish")
    expect(explorer.status).to_have_text("Working…")
    live.python("None", "stub.let_go.set()")
    explorer.expect_items(item_names("slow fish", 5))
    live.python("None", "stub.let_go.clear()")


@pytest.mark.parametrize("text", ["slow boat", "deaf as a post"])
def test_what_takes_long_can_be_stopped(explorer: Explorer, live: Notebook, text: str) -> None:
    explorer.box.fill(text)
    stop = explorer.root.get_by_role("button", name="Stop", exact=True)
    expect(explorer.root.get_by_text(re.compile(r"^\d+ s$"))).to_be_visible()
    expect(explorer.status).to_have_text("Working…")
    stop.click()
    expect(explorer.status).to_contain_text("Stopped; below is the answer to “\u2068the cats sat . she can fish")
    expect(stop).to_have_count(0)
    expect(explorer.box).to_be_focused()
    expect(explorer.box).to_have_value(text)
    explorer.type("the cats")
    explorer.expect_items(item_names("the cats", 3))
    live.python("None", "stub.let_go.set()")
    live.expect_python("sum(t.name == 'probewidgets-worker' for t in __import__('threading').enumerate())", 1)
    live.python("None", "stub.let_go.clear()")
    explorer.expect_items(item_names("the cats", 3))
    live.expect_python("[w.busy, w.text, w.predictions.text]", [False, "the cats", "the cats"])


HOSTILE = (
    "<script>window.hacked=1</script> <img/src=x/onerror=window.hacked=2> &amp; \"'><b>bold</b>",
    "👩‍👩‍👧 👍🏽 naïve שלום مرحبا \u202eevil a\u200bb zero\u200dwidth",
)


def test_typed_text_stays_text(explorer: Explorer, live: Notebook) -> None:
    text = "\n".join(HOSTILE)
    live.page.evaluate("() => { delete window.hacked; }")
    explorer.box.fill("")
    explorer.box.focus()
    live.page.keyboard.insert_text(text)
    explorer.expect_items(item_names(text, 3))
    expect(explorer.box).to_have_value(text)
    assert explorer.root.locator("script, img, b").count() == 0
    assert explorer.root.get_by_text("⟨RLO⟩evil").count() > 0
    for word in range(12):
        live.python("None", f"w.selected = (3, {word})")
        expect(explorer.grid.locator('[aria-selected="true"][role="gridcell"]')).to_have_count(1)
    expect(explorer.details).to_contain_text("layer 3")
    assert live.page.evaluate("() => window.hacked") is None
    live.expect_python("w.text", text)
    assert "<script" not in live.python("w._repr_mimebundle_()[0]['text/html']")


def test_five_thousand_pasted_words_stay_usable(explorer: Explorer, live: Notebook) -> None:
    sentence = ("the", "old", "man", "can", "fish", "near", "the", "light", ".")
    words = list(itertools.islice(itertools.cycle(sentence), 5000))
    text = "\n".join(" ".join(words[i : i + 25]) for i in range(0, 5000, 25))
    explorer.box.fill("")
    live.page.keyboard.insert_text(text)
    expect(explorer.status).to_contain_text("5,000 words")
    live.expect_python("len(w.predictions)", 5000)
    shown = explorer.items.count()
    assert 0 < shown <= 400
    expect(explorer.root.get_by_role("group", name="Pages")).to_contain_text(f"1–{shown} of 5,000")
    explorer.root.get_by_role("button", name="Later").click()
    expect(explorer.root.get_by_role("group", name="Pages")).to_contain_text(f"{shown + 1}–{2 * shown} of 5,000")
    explorer.cells.last.click()
    expect(explorer.details).to_contain_text(f"{words[2 * shown - 1]} · layer 0")
    live.expect_python("w.selected", [0, 2 * shown - 1])
    explorer.type("back again")
    explorer.expect_items(item_names("back again", live.python("w.layer")))
    expect(explorer.root.get_by_role("group", name="Pages")).to_have_count(0)


def test_an_error_of_the_predictor_is_shown_and_passes(explorer: Explorer, live: Notebook) -> None:
    explorer.box.fill("boom")
    expect(explorer.alert).to_have_text("ValueError: no <b>boom</b> today")
    expect(explorer.status).to_contain_text("Failed; below is the answer to “\u2068the cats sat . she can fish")
    expect(explorer.items).to_have_count(7)  # the last good answer stays
    explorer.root.get_by_text("Traceback", exact=True).click()
    expect(explorer.root.locator("pre", has_text="<b>boom</b>")).to_contain_text("stub.py")
    live.expect_python("'stub.py' in w.traceback", True)
    expect(explorer.box).to_have_value("boom")
    live.expect_python("w.error", "ValueError: no <b>boom</b> today")
    explorer.type("the cats")
    explorer.expect_items(item_names("the cats", 3))
    expect(explorer.alert).to_have_count(0)
    live.expect_python("w.error", "")


def test_a_text_that_is_too_long_is_refused_and_kept(explorer: Explorer, live: Notebook) -> None:
    explorer.box.fill("cats " * 50_000)
    expect(explorer.alert).to_contain_text("250,000 characters")
    explorer.expect_items(item_names(TEXT, 3))
    assert explorer.box.evaluate("box => box.value.length") == 250_000
    live.expect_python("w.text", TEXT)
    explorer.type("the cats")
    explorer.expect_items(item_names("the cats", 3))
    expect(explorer.alert).to_have_count(0)


@pytest.mark.parametrize("text", ["", "   \n \n", "x" * 3000])
def test_odd_texts_leave_the_widget_alive(explorer: Explorer, text: str) -> None:
    explorer.box.fill(text)
    explorer.expect_items(item_names(text, 3))
    expect(explorer.root).to_be_visible()
    explorer.type("the cats")
    explorer.expect_items(item_names("the cats", 3))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_theme_is_readable_by_everyone(explorer: Explorer, live: Notebook, theme: str, screenshots: Path) -> None:
    live.theme(theme)
    text = "the old man/NOUN can/AUX fish/NOUN zzz .\nshe sat"
    explorer.type(text)
    explorer.expect_items(item_names(text, 3))
    explorer.cell(cell_names(text, 4)[3]).click()
    assert violations(live, "gridcell") == []
    explorer.root.screenshot(path=screenshots / f"{theme}-label.png")
    explorer.colour.select_option("Probability of NOUN")
    expect(explorer.root.get_by_text(re.compile("^probability of NOUN:"))).to_be_visible()
    explorer.root.screenshot(path=screenshots / f"{theme}-probability.png")
    explorer.colour.select_option("Entropy")
    explorer.root.get_by_text("All 7 layers shown").click()
    explorer.box.fill("boom")
    expect(explorer.alert).to_contain_text("boom")
    assert violations(live, "alert") == []  # axe does not look at what has lost its colour; its contrast stays
    explorer.root.screenshot(path=screenshots / f"{theme}-error.png")
    explorer.root.get_by_text("All 7 layers shown").click()
    ink = explorer.root.evaluate("root => getComputedStyle(root).color")
    channels = [int(part) for part in ink.removeprefix("rgb(").rstrip(")").split(",")]
    assert (sum(channels) / 3 < 128) == (theme == "light"), f"the ink is {ink}"
    live.theme("light")


# How many elements of a role have a text that is in sight.
WRITTEN = """role => [...document.querySelectorAll(`.pw [role=${role}]`)]
    .filter(e => e.textContent && getComputedStyle(e).color !== "rgba(0, 0, 0, 0)").length"""


def violations(notebook: Notebook, role: str) -> list[str]:
    """What axe finds wrong inside the widget, when it has looked at the contrast of all that is written in a role."""
    # JupyterLab's body has no height of its own, which makes axe believe that nothing in it can be seen. Cells, which
    # are laid out one by one, it takes for covered by JupyterLab.
    style = notebook.page.add_style_tag(
        content="body { overflow: visible !important } .pw-cell { contain: none !important; overflow: hidden }"
    )
    found = Axe().run(notebook.page, context={"include": [".pw"]}, options={}).response
    written = notebook.page.evaluate(WRITTEN, role)
    style.evaluate("style => style.remove()")
    looked_at = [
        node["html"]
        for rule in (*found["passes"], *found["violations"])
        if rule["id"] == "color-contrast"
        for node in rule["nodes"]
    ]
    assert sum(f'role="{role}"' in html for html in looked_at) == written > 0
    return [f"{rule['id']}: {node['html']}" for rule in found["violations"] for node in rule["nodes"]]


# What of an element and all around it overflows sideways; JupyterLab lays itself out some time after a resize.
TOO_WIDE = """root => {
    const found = [];
    for (let each = root; each; each = each.parentElement)
        if (each.scrollWidth > each.clientWidth + 1) found.push(`${each.tagName}.${each.className}`);
    return found;
}"""


@pytest.mark.parametrize("width", [700, 480])
def test_a_narrow_window_holds_it(explorer: Explorer, live: Notebook, width: int, screenshots: Path) -> None:
    size = live.page.viewport_size
    assert size is not None
    explorer.type("the old man can fish near the light and the extraordinarily-long-compound-word sat")
    expect(explorer.items).to_have_count(12)
    live.page.set_viewport_size({"width": width, "height": 2000})
    try:
        root = explorer.root.element_handle()
        live.page.wait_for_function(f"root => ({TOO_WIDE})(root).length === 0", arg=root, timeout=5000)
        assert explorer.root.evaluate("root => root.clientWidth") < width
    except PlaywrightTimeoutError:
        pytest.fail(f"wider than the window: {explorer.root.evaluate(TOO_WIDE)}")
    finally:
        explorer.root.screenshot(path=screenshots / f"narrow-{width}.png")
        live.page.set_viewport_size(size)


def _entropy(p: list[float]) -> float:
    return -sum(x * math.log2(x) for x in p if x > 0)
