"""The page of a trainer in a real browser, against the fake model: what it shows and says, and that nothing jumps."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

import probewidgets as pw
from tests.widgets.helpers import SENT, as_json, stop_time, violations
from tests.widgets.trainer import states
from tests.widgets.trainer.states import LAYERS, MAKERS, PHASES, curve_of, losses, progress, scores_of, state

Open = Callable[..., "Trainer"]
START = """async ([esm, css, state, inner]) => {
    const { start } = await import("/fake_model.js");
    const getWidget = async (reference) => ({ render: async ({ el }) => el.append(`[${reference}]`) });
    const host = inner ? { getWidget } : {};
    Object.assign(window, await start(esm, css, state, 1, host));
}"""


class Trainer:
    """A trainer's page, whose kernel answers when a test says so."""

    def __init__(self, page: Page, phase: str, inner: bool, view: dict[str, Any]) -> None:
        self.page = page
        traits = state(phase, **view)
        self.view = traits["_view"]
        esm, css = states.bundle()
        page.evaluate(START, [esm, css, as_json(traits), inner])
        self.root = page.get_by_role("region", name="Probe trainer", exact=True)
        self.status = self.root.get_by_role("status")
        self.grid = self.root.get_by_role("grid", name="Layer scores", exact=True)

    def by(self, role: Any, name: str) -> Locator:
        return self.root.get_by_role(role, name=name, exact=True)

    def sent(self, kind: str) -> list[dict[str, Any]]:
        """What was said, without the address."""
        said = self.page.evaluate(SENT, kind)
        return [{name: value for name, value in each.items() if name not in ("kind", "seq", "client")} for each in said]

    def receive(self, name: str, value: Any) -> None:
        self.page.evaluate("([name, value]) => model.receive(name, value)", [name, as_json(value)])

    def show(self, answers: bool = True, **view: Any) -> None:
        """The kernel sends another view, which answers all that was said, or nothing."""
        client, seq = self.page.evaluate("[model.sent[0].client, model.sent.at(-1).seq]")
        self.view = self.view | view | {"rev": self.view["rev"] + 1, "answered": {client: seq} if answers else {}}
        self.receive("_view", self.view)

    def turn(self, phase: str) -> None:
        """Another phase, with all that comes with it."""
        self.show(**{name: value for name, value in MAKERS[phase]().items() if name not in ("rev", "answered")})
        self.receive("_progress", progress(phase))
        self.receive("_losses", losses(phase))


@pytest.fixture
def opened(page: Page) -> Open:
    def open_one(phase: str = "choosing", *, inner: bool = True, **view: Any) -> Trainer:
        return Trainer(page, phase, inner, view)

    return open_one


# --- names ------------------------------------------------------------------------------------------------------------


def test_every_part_has_its_name(opened: Open) -> None:
    trainer = opened()
    for role, name in (
        ("combobox", "Corpus"),
        ("combobox", "Task"),
        ("combobox", "Model"),
        ("combobox", "Probe"),
        ("group", "Layers"),
        ("spinbutton", "Control draws"),
        ("checkbox", "Random-weights model"),
        ("button", "Train"),
        ("button", "Open in explorer"),
        ("button", "See errors"),
        ("button", "Copy code"),
        ("button", "Save"),
        ("button", "Keys"),
        ("grid", "Layer scores"),
    ):
        expect(trainer.by(role, name)).to_have_count(1)
    group = trainer.by("group", "Layers")
    for role, name in (("textbox", "Layers"), ("combobox", "Site"), ("combobox", "Pool")):
        expect(group.get_by_role(role, name=name, exact=True)).to_have_count(1)
    expect(trainer.status).to_have_count(1)
    for name in ("Corpus file", "Model name or folder", "Size of the probe"):
        expect(trainer.by("textbox", name)).to_have_count(0)
    expect(trainer.by("button", "Stop")).to_have_count(0)
    expect(trainer.by("progressbar", "Training")).to_have_count(0)


def test_fields_come_with_the_option_that_wants_them(opened: Open) -> None:
    trainer = opened()
    trainer.by("combobox", "Corpus").select_option("file")
    expect(trainer.by("textbox", "Corpus file")).to_be_visible()
    trainer.by("combobox", "Model").select_option("place")
    expect(trainer.by("textbox", "Model name or folder")).to_be_visible()
    trainer.show(probe=trainer.view["probe"] | {"value": "mlp", "size": {"name": "hidden units", "value": "64"}})
    expect(trainer.by("textbox", "Size of the probe")).to_have_value("64")


# --- what each control says -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "option", "said"),
    [
        ("Corpus", "given", {"corpus": "given"}),
        ("Task", "deprel", {"task": "deprel"}),
        ("Model", "given", {"model": "given"}),
        ("Pool", "last", {"pool": "last"}),
        ("Probe", "mlp", {"probe": "mlp"}),
    ],
)
def test_a_choice_is_said_at_once_and_stands_until_it_is_answered(
    opened: Open, name: str, option: str, said: dict[str, str]
) -> None:
    trainer = opened()
    box = trainer.by("combobox", name)
    before = box.input_value()
    box.select_option(option)
    assert trainer.sent("choose") == [said]
    trainer.show(answers=False, status="something else has happened")
    expect(box).to_have_value(option)
    trainer.show()  # it has not been done
    expect(box).to_have_value(before)


def test_what_cannot_be_chosen_says_why(opened: Open) -> None:
    trainer = opened()
    option = trainer.by("combobox", "Task").locator("option", has_text="sentiment")
    expect(option).to_have_text("sentiment: a label of each sentence — this corpus has no such labels")
    expect(option).to_be_disabled()
    trainer.show(control={"value": 0, "reason": "not for whole sentences"})
    expect(trainer.by("spinbutton", "Control draws")).to_be_disabled()
    expect(trainer.root.get_by_title("not for whole sentences")).to_be_visible()


def test_what_is_typed_is_said_on_enter_and_when_the_field_is_left(opened: Open) -> None:
    trainer = opened()
    layers = trainer.by("textbox", "Layers")
    layers.fill("0-3, 6")
    assert trainer.sent("choose") == []
    layers.press("Enter")
    assert trainer.sent("choose") == [{"layers": "0-3, 6"}]
    trainer.show(layers=trainer.view["layers"] | {"text": "0-3, 6", "value": [0, 1, 2, 3, 6]})
    layers.fill("1-2")
    trainer.by("combobox", "Site").focus()
    assert trainer.sent("choose")[-1] == {"layers": "1-2"}
    trainer.by("combobox", "Corpus").select_option("file")
    path = trainer.by("textbox", "Corpus file")
    path.fill("/tmp/what?.conllu")
    path.press("Enter")
    assert trainer.sent("choose")[-1]["corpus_path"] == "/tmp/what?.conllu"
    path.press("?")
    expect(trainer.page.get_by_role("dialog")).to_have_count(0)


def test_enter_asks_again_for_the_same(opened: Open) -> None:
    trainer = opened(
        corpus=states.fresh()["corpus"] | {"value": "file", "path": "a.conllu", "error": "There is no a.conllu."}
    )
    expect(trainer.root.get_by_role("alert")).to_have_text("There is no a.conllu.")
    trainer.by("textbox", "Corpus file").press("Enter")
    assert trainer.sent("choose") == [{"corpus_path": "a.conllu"}]


def test_a_number_and_a_mark_are_said(opened: Open) -> None:
    trainer = opened()
    draws = trainer.by("spinbutton", "Control draws")
    draws.press("ArrowUp")
    draws.press("Enter")
    assert trainer.sent("choose")[-1] == {"control": 2}
    draws.fill("70")
    draws.press("Enter")
    assert trainer.sent("choose")[-1] == {"control": 9}
    trainer.by("checkbox", "Random-weights model").check()
    assert trainer.sent("choose")[-1] == {"random": True}


def test_buttons_say_what_they_do(opened: Open) -> None:
    trainer = opened("done")
    trainer.by("button", "Train").dblclick()
    assert trainer.sent("train") == [{}], "once is enough"
    trainer.show()
    for name, what in (("Open in explorer", "explorer"), ("See errors", "errors")):
        trainer.by("button", name).click()
        assert trainer.sent("open")[-1] == {"what": what}
    trainer.by("button", "Save").click()
    menu = trainer.page.get_by_role("menu")
    assert menu.get_by_role("menuitem").all_text_contents()[:3] == ["Save sweep", "as a notebook", "PY"]
    menu.get_by_role("menuitem", name="Save sweep").click()
    assert trainer.sent("save") == [{"format": "safetensors"}]


def test_a_double_click_on_train_does_not_stop_it(opened: Open) -> None:
    trainer = opened("costing")
    trainer.by("button", "Train").focus()
    trainer.page.keyboard.press("Enter")
    trainer.turn("running")
    stop = trainer.by("button", "Stop")
    expect(stop).to_be_focused()
    stop.evaluate("button => button.dispatchEvent(new MouseEvent('click', { detail: 2, bubbles: true }))")
    assert trainer.sent("stop") == []
    stop.click()
    assert trainer.sent("stop") == [{}]
    trainer.show(stopping=True)
    expect(stop).to_be_disabled()
    trainer.turn("stopped")
    expect(trainer.by("button", "Go on")).to_be_enabled()


def test_what_is_wanting_is_said_beside_the_button(opened: Open) -> None:
    trainer = opened("choosing")
    expect(trainer.by("button", "Train")).to_be_disabled()
    expect(trainer.status).to_have_text("Choose what to read")
    trainer.turn("costing")
    expect(trainer.by("button", "Train")).to_be_enabled()
    expect(trainer.status).to_have_text("what it costs is being worked out…")


# --- drafts -----------------------------------------------------------------------------------------------------------


def test_a_view_that_arrives_does_not_overwrite_what_is_being_typed(opened: Open) -> None:
    trainer = opened()
    layers = trainer.by("textbox", "Layers")
    layers.focus()
    trainer.page.keyboard.press("End")
    trainer.page.keyboard.type(", 9")
    trainer.show(status="the cost is known")
    expect(layers).to_have_value("0-6, 9")
    expect(layers).to_be_focused()
    trainer.page.keyboard.press("Escape")
    expect(layers).to_have_value("0-6")
    trainer.by("combobox", "Probe").focus()
    assert trainer.sent("choose") == []


REFUSE = """text => {
    const { seq, client } = model.sent.at(-1);
    model.emit("msg:custom", { kind: "refused", text, seq, client });
}"""


def test_text_that_is_refused_stays_to_be_mended(opened: Open) -> None:
    trainer = opened()
    layers = trainer.by("textbox", "Layers")
    layers.fill("0-9")
    layers.press("Enter")
    trainer.page.evaluate(REFUSE, "there is no layer 9")
    expect(layers).to_have_value("0-9")
    assert layers.get_attribute("aria-invalid") == "true"
    assert violations(trainer.page) == []
    layers.press("Enter")
    assert trainer.sent("choose") == [{"layers": "0-9"}] * 2
    trainer.show()
    expect(layers).to_have_value("0-6")


def test_a_refusal_shows_again_what_the_kernel_has(opened: Open) -> None:
    trainer = opened()
    box = trainer.by("combobox", "Probe")
    box.select_option("mlp")
    trainer.page.evaluate(REFUSE, "not while it reads")
    expect(box).to_have_value("linear")
    expect(trainer.page.get_by_role("alert").filter(has_text="not while it reads")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 400])
def test_a_refusal_stands_beside_what_has_caused_it_and_moves_nothing(opened: Open, width: int) -> None:
    trainer = opened("done", corpus=states.fresh()["corpus"] | {"value": "file", "path": "a.conllu"})
    trainer.page.set_viewport_size({"width": width, "height": 900})
    frame = trainer.page.locator(".pw")
    height = frame.evaluate("e => e.clientHeight")
    alert = trainer.page.get_by_role("alert").filter(visible=True)
    for act, place in (
        (lambda: trainer.by("textbox", "Corpus file").press("Enter"), ".pw-t-step:nth-child(1)"),
        (lambda: trainer.by("combobox", "Task").select_option("deprel"), ".pw-t-step:nth-child(2)"),
        (lambda: trainer.by("combobox", "Pool").select_option("last"), ".pw-t-step:nth-child(3)"),
        (lambda: trainer.by("spinbutton", "Control draws").press("ArrowUp"), ".pw-t-step:nth-child(4)"),
        (trainer.by("button", "Train").click, ".pw-t-bar"),
        (trainer.by("button", "See errors").click, ".pw-t-opens"),
    ):
        act()
        trainer.page.evaluate(REFUSE, "no room for that")
        expect(alert).to_have_text("no room for that")
        expect(trainer.root.locator(place).get_by_role("alert").filter(visible=True)).to_have_count(1)
        assert frame.evaluate("e => e.clientHeight") == height, place
        trainer.show()
        expect(alert).to_have_text("no room for that")  # it stays until something else is done
    trainer.by("combobox", "Pool").select_option("first")
    expect(alert).to_have_count(0)


def test_what_another_page_is_refused_changes_nothing_here(opened: Open) -> None:
    trainer = opened()
    trainer.by("combobox", "Probe").select_option("mlp")
    trainer.page.evaluate("""() => {
        const { seq } = model.sent.at(-1);
        model.emit("msg:custom", { kind: "refused", text: "not theirs", seq, client: "another" });
    }""")
    expect(trainer.by("combobox", "Probe")).to_have_value("mlp")
    expect(trainer.page.get_by_text("not theirs")).to_have_count(0)


# --- while it runs ----------------------------------------------------------------------------------------------------


def test_while_it_runs_choices_are_shown_and_not_changed(opened: Open) -> None:
    trainer = opened("running")
    fields = trainer.root.locator("select, input")
    assert fields.count() >= 9
    for field in fields.all():
        expect(field).to_be_disabled()
    ratios = trainer.root.locator("select").evaluate_all("all => all.map(e => [getComputedStyle(e).opacity, e.value])")
    assert all(opacity == "1" and value for opacity, value in ratios)
    expect(trainer.root.get_by_text("what is done stays")).to_be_visible()
    expect(trainer.by("button", "Save")).to_have_count(0)
    expect(trainer.by("button", "Open in explorer")).to_be_disabled()


def test_progress_moves_the_bar_at_once_and_the_status_once_a_second(opened: Open) -> None:
    trainer = opened("running")
    stop_time(trainer.page)
    bar = trainer.by("progressbar", "Training")
    expect(bar).to_have_js_property("value", 620)
    first = "Layer 3 of 7 · captured 254,854 tokens in 25 s · fitting, about 9 s left of 38 s"
    expect(trainer.status).to_have_text(first)
    trainer.page.clock.run_for(1500)
    for step in range(1, 5):
        trainer.receive("_progress", {"done": 620 + step, "total": 1000, "text": f"Layer 4 of 7 · step {step}"})
    expect(bar).to_have_js_property("value", 624)
    expect(trainer.status).to_have_text("Layer 4 of 7 · step 1")
    trainer.page.clock.run_for(1100)
    expect(trainer.status).to_have_text("Layer 4 of 7 · step 4")
    assert trainer.status.locator("span").get_attribute("aria-live") == "off", "seconds are seen, and not read out"


def test_the_losses_are_drawn_and_said_in_words(opened: Open) -> None:
    trainer = opened("running")
    figure = trainer.root.get_by_role("img")
    name = figure.get_attribute("aria-label") or ""
    assert name.startswith(
        "Losses of layer 3, loss on train, with its penalty (bits): task 0.22 after 47 passes, control "
    )
    assert name.endswith("cross-entropy on dev: task 0.71, 0.34; control 2.60")
    assert figure.locator("polyline").count() == 2 and figure.locator("circle").count() == 3
    ends = figure.locator(".pw-t-end")
    assert [text.split()[0] for text in ends.all_text_contents()] == ["task", "control"]
    near = losses("running")
    near["lines"][1]["points"] = [[x, y + 0.001] for x, y in near["lines"][0]["points"]]
    trainer.receive("_losses", near)
    boxes = [box for end in ends.all() if (box := end.bounding_box())]
    tops = sorted(box["y"] for box in boxes)
    assert tops[1] - tops[0] >= 13, "names do not overlap"
    outer = trainer.root.locator(".pw-t-plot").bounding_box()
    assert outer and all(box["x"] + box["width"] <= outer["x"] + outer["width"] for box in boxes)


def test_where_there_is_nothing_to_watch_it_says_why(opened: Open) -> None:
    trainer = opened("running")
    told = "This probe is solved at once: there is nothing to watch"
    trainer.receive("_losses", losses("running") | {"lines": [], "dev": [], "note": told})
    expect(trainer.root.get_by_text(told)).to_be_visible()
    expect(trainer.root.get_by_role("img")).to_have_count(0)


def test_the_first_pass_of_a_fit_is_a_dot(opened: Open) -> None:
    trainer = opened("running")
    dots = trainer.root.get_by_role("img").locator("circle")
    trainer.receive("_losses", losses("running", 1) | {"dev": []})
    expect(dots).to_have_count(2)
    trainer.receive("_losses", losses("running", 2) | {"dev": []})
    expect(dots).to_have_count(0)


def test_losses_are_redrawn_quickly(opened: Open) -> None:
    trainer = opened("running")
    ms = trainer.page.evaluate(
        """losses => {
            const start = performance.now();
            for (let i = 0; i < 50; i += 1) model.receive("_losses", { ...losses, layer: i });
            document.body.getBoundingClientRect();
            return (performance.now() - start) / 50;
        }""",
        losses("running", 300),
    )
    assert ms < 20, ms


# --- the rows ---------------------------------------------------------------------------------------------------------


def test_layers_are_rows_with_the_deepest_on_top(opened: Open) -> None:
    trainer = opened("running")
    heads = trainer.grid.get_by_role("rowheader")
    assert heads.evaluate_all("all => all.map(e => e.ariaLabel)") == [f"Layer {layer}" for layer in reversed(LAYERS)]
    rows, told = trainer.grid.get_by_role("row"), scores_of(curve_of(3))
    names = rows.evaluate_all("all => all.map(e => e.ariaLabel)")
    assert names[2:4] == ["Layer 4: still to come", "Layer 3: in work"]
    assert names[4].startswith(f"Layer 2: {told['2']}")
    expect(rows.nth(4)).to_contain_text(f"{curve_of(3)['accuracy'][2][0]:.3f}".lstrip("0"))
    expect(rows.nth(0).get_by_role("gridcell")).to_have_text("")


def test_the_axis_of_the_scores_stays_where_it_is_while_layers_come(opened: Open) -> None:
    trainer = opened("running", curve=None)
    seen = set()
    for count in range(1, 8):
        curve = curve_of(count)
        low = [[0.02, 0.01, 0.03]] * count
        for baselines in (curve["baselines"], []):
            for control in (curve["control"], [None] * count, low):
                trainer.show(curve=curve | {"baselines": baselines, "control": control, "selectivity": low})
                seen.add(trainer.grid.locator("svg").first.get_attribute("viewBox"))
    assert seen == {"-0.05 0 1.1 1"}
    trainer.show(curve=curve_of(2) | {"metric": "R²", "control": [[-0.12, None, None]] * 2})
    assert (trainer.grid.locator("svg").first.get_attribute("viewBox") or "").startswith("-0.26"), "below 0 is seen too"


def test_keys_go_along_the_rows_and_say_each(opened: Open) -> None:
    trainer = opened("done")
    rows = trainer.grid.get_by_role("gridcell")
    trainer.grid.locator("[tabindex='0']").focus()
    expect(rows.first).to_be_focused()
    for key, place in (("ArrowDown", 1), ("End", 6), ("ArrowDown", 6), ("ArrowUp", 5), ("Home", 0)):
        trainer.page.keyboard.press(key)
        expect(rows.nth(place)).to_be_focused()
    expect(trainer.root.locator(".pw-t-told")).to_have_text(re.compile("^Layer 6: accuracy 0"))
    trainer.show(status="something else")
    expect(rows.first).to_be_focused()


@pytest.mark.parametrize("count", [1, 13, 33, 34, 60, 79, 81])
def test_rows_shrink_before_anything_scrolls(opened: Open, count: int) -> None:
    layers = list(range(count))
    trainer = opened("running", planned=layers, layers={"all": layers, "value": layers, "text": f"0-{count - 1}"})
    expect(trainer.grid.get_by_role("row")).to_have_count(count)
    scrolls = trainer.grid.evaluate("e => e.scrollHeight > e.clientHeight + 1")
    assert scrolls == (count > 80)
    height = trainer.grid.get_by_role("row").first.evaluate("e => e.clientHeight")
    assert height == max(min(480 // count, 24), 6)


# --- what it gets wrong, the report, what is opened ------------------------------------------------------------------


def test_wrong_words_are_shown_on_the_colour_of_what_they_are_given(opened: Open) -> None:
    trainer = opened("running")
    mark = trainer.root.locator("mark", has_text="google")
    expect(mark).to_have_attribute("title", "given NOUN, gold VERB")
    light = trainer.view["task"]["palette"]["light"][0].lstrip("#")
    colour = "rgb({}, {}, {})".format(*(int(light[at : at + 2], 16) for at in (0, 2, 4)))
    assert mark.evaluate("e => getComputedStyle(e).backgroundColor") == colour
    expect(trainer.root.get_by_text("40 of 25,096 test words wrong")).to_be_visible()


def test_of_numbers_it_says_that_none_is_wrong(opened: Open) -> None:
    trainer = opened("done", wrong=None)
    expect(trainer.root.get_by_text("Answers of this kind are not right or wrong.")).to_be_visible()


def test_nobody_waits_any_more_once_it_has_ended(opened: Open) -> None:
    trainer = opened("running")
    expect(trainer.root.get_by_text("while you wait: test words")).to_be_visible()
    trainer.show(phase="done", locked=False, working=None)  # what it gets wrong is as before
    expect(trainer.root.get_by_text("while you wait")).to_have_count(0)


def test_words_that_are_markup_are_words(opened: Open) -> None:
    row = {"before": "<i>", "word": "<b>x</b>", "after": "&amp;", "gold": "<u>", "given": "NOUN"}
    trainer = opened("done", wrong={"layer": 1, "errors": 1, "tested": 1, "rows": [row]}, report=["<em>0.9</em>"])
    expect(trainer.root.locator(".pw-t-sentence")).to_contain_text("<i><b>x</b>&amp;")
    expect(trainer.by("region", "Report")).to_have_text("<em>0.9</em>")
    assert trainer.root.locator("i i, b b, em, u").count() == 0


def test_in_the_end_the_report_stands_where_the_losses_were(opened: Open) -> None:
    trainer = opened("running")
    trainer.turn("done")
    report = trainer.by("region", "Report")
    assert report.locator("p").all_text_contents() == states.REPORT
    expect(trainer.root.get_by_role("img")).to_have_count(0)
    expect(trainer.by("button", "Open in explorer")).to_be_enabled()


def test_a_failure_is_told_with_its_traceback(opened: Open) -> None:
    trainer = opened("failed")
    expect(trainer.root.get_by_role("alert").filter(has_text="Layer 3 could not be fitted")).to_be_visible()
    trainer.root.get_by_text("Traceback", exact=True).click()
    expect(trainer.root.locator("details pre")).to_contain_text("MemoryError")


def test_another_widget_is_drawn_below_and_closed(opened: Open) -> None:
    trainer = opened("done")
    trainer.receive("_inner", "anywidget:first")
    trainer.show(opened="explorer")
    page = trainer.page
    expect(page.get_by_text("[anywidget:first]")).to_be_visible()
    trainer.receive("_inner", "anywidget:second")
    trainer.show(opened="errors")
    expect(page.get_by_text("[anywidget:second]")).to_be_visible()
    expect(page.get_by_text("[anywidget:first]")).to_have_count(0)
    page.get_by_role("button", name="Close", exact=True).click()
    assert trainer.sent("open") == [{"what": ""}]
    trainer.receive("_inner", "")
    trainer.show(opened="")
    expect(page.get_by_text("[anywidget:second]")).to_have_count(0)
    expect(page.get_by_role("button", name="Close")).to_have_count(0)
    expect(trainer.by("button", "Open in explorer")).to_be_focused()


def test_where_the_host_draws_no_widget_inside_it_says_what_to_write(opened: Open) -> None:
    trainer = opened("done", inner=False, opened="errors")
    trainer.receive("_inner", "anywidget:first")
    told = "This front end cannot open it here: display(trainer.errors) in a cell does."
    expect(trainer.page.get_by_text(told)).to_be_visible()


def test_the_code_can_be_copied(opened: Open) -> None:
    trainer = opened()
    expect(trainer.root.locator(".pw-t-code")).to_have_text(states.CODE)
    trainer.by("button", "Copy code").click()
    expect(trainer.root.get_by_role("button", name=re.compile("^(Copied|Selected)"))).to_be_visible()
    assert trainer.page.evaluate("getSelection().toString()") == states.CODE


# --- nothing jumps ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1280, 800, 600, 400])
def test_nothing_jumps_from_phase_to_phase(opened: Open, width: int) -> None:
    names = "step field:not([hidden]) bar press layers row middle side opens same code"
    parts = ", ".join(f".pw-t-{name}" for name in names.split())
    places = """(root, parts) => [...root.querySelectorAll(parts)].map(e => {
        const { x, y, width, height } = e.getBoundingClientRect();
        return [e.classList[0], x, y, width, height].join(" ");
    })"""
    trainer = opened("costing")
    trainer.page.set_viewport_size({"width": width, "height": 900})
    first = trainer.root.evaluate(places, parts)
    trainer.show(phase="running", locked=True, planned=list(LAYERS), working=0)
    assert trainer.root.evaluate(places, parts) == first, "a run begins"
    for phase in ("running", "stopped", "running", "done", "failed"):
        trainer.turn(phase)
        trainer.page.wait_for_timeout(50)
        assert trainer.root.evaluate(places, parts) == first, phase


@pytest.mark.parametrize("phase", PHASES)
def test_it_fits_from_360_pixels_on(opened: Open, phase: str) -> None:
    trainer = opened(phase)
    for width in (2000, 1280, 800, 760, 500, 480, 360):
        trainer.page.set_viewport_size({"width": width, "height": 800})
        assert trainer.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


def test_what_is_seen_is_explained(opened: Open) -> None:
    trainer = opened("done", terms=[["a term", "a sentence that explains it"]] * 60)
    trainer.by("button", "Keys").click()
    explained = trainer.page.get_by_role("dialog", name="Keys")
    expect(explained).to_be_visible()
    assert violations(trainer.page) == []
    trainer.page.keyboard.press("Escape")
    expect(explained).to_have_count(0)


def test_it_fits_where_lines_run_from_right_to_left(opened: Open) -> None:
    trainer = opened("running")
    trainer.page.evaluate("document.documentElement.dir = 'rtl'")
    for width in (1280, 400):
        trainer.page.set_viewport_size({"width": width, "height": 800})
        assert trainer.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


# --- for everybody ----------------------------------------------------------------------------------------------------


# Colours are the same at any width.
@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (800, "light"), (2000, "light"), (800, "dark")])
def test_axe_finds_nothing_in_either_theme_at_any_width(opened: Open, page: Page, width: int, theme: str) -> None:
    page.evaluate(
        """dark => {
            document.body.dataset.jpThemeLight = String(!dark);
            document.body.style.setProperty("--jp-layout-color0", dark ? "#111" : "#fff");
        }""",
        theme == "dark",
    )
    page.set_viewport_size({"width": width, "height": 900})
    trainer = opened("choosing")
    # In the dark, labels on their fills have the contrast that is asked for (4.5), and not the enhanced one (7).
    without = ("color-contrast-enhanced",) if theme == "dark" else ()
    for phase in PHASES:
        trainer.turn(phase)
        page.wait_for_timeout(150)
        if phase == "running":
            trainer.by("button", "Keys").click()
        assert violations(page, without) == [], phase


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_choices_can_be_read_while_they_are_locked(opened: Open, page: Page, theme: str) -> None:
    page.evaluate("theme => { document.body.dataset.jpThemeLight = String(theme === 'light'); }", theme)
    trainer = opened("running")
    ratios = trainer.root.locator("select, input:not([type=checkbox])").evaluate_all(
        """all => all.filter(e => e.checkVisibility()).map(element => {
            const level = (colour) => {
                const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
                pen.fillStyle = colour;
                pen.fillRect(0, 0, 1, 1);
                const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((each) => {
                    const c = each / 255;
                    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
                });
                return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
            };
            const style = getComputedStyle(element);
            const [ink, paper] = [style.webkitTextFillColor, style.backgroundColor].map(level);
            return Math.max(ink, paper) / Math.min(ink, paper);
        })"""
    )
    assert len(ratios) >= 7 and min(ratios) >= 4.5


def test_it_can_be_used_with_forced_colours(opened: Open, page: Page) -> None:
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    trainer = opened("running")
    working = trainer.grid.get_by_role("row").nth(3)
    ordinary = trainer.grid.get_by_role("row").nth(2)
    edge = "e => getComputedStyle(e).borderInlineStartColor"
    assert working.evaluate(edge) != ordinary.evaluate(edge)
    assert violations(page, ("color-contrast-enhanced", "color-contrast")) == []


# --- without a kernel -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", ["choosing", "running", "done"])
def test_in_a_saved_page_all_can_be_read_and_nothing_pretends_to_work(opened: Open, phase: str) -> None:
    trainer = opened(phase, static=True, opened="explorer" if phase == "done" else "")
    for name in ("Train", "Stop", "Save", "Close", "Open in explorer", "See errors"):
        expect(trainer.page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    for field in trainer.root.locator("select, input").all():
        expect(field).to_be_disabled()
    expect(trainer.status).to_contain_text("a saved view, without a kernel")
    assert trainer.page.evaluate("model.sent") == []


def test_when_the_kernel_is_gone_controls_are_off_and_the_status_says_so(opened: Open) -> None:
    trainer = opened("done")
    trainer.page.evaluate("model.widget_manager.kernel.statusChanged.emit('dead')")
    expect(trainer.status).to_have_text("The kernel has ended. Not connected: run the cell again.")
    for control in trainer.root.locator("select, input").all():
        expect(control).to_be_disabled()
    for name in ("Train", "Save", "Open in explorer"):
        expect(trainer.by("button", name)).to_be_disabled()
    expect(trainer.by("button", "Copy code")).to_be_enabled()


@pytest.mark.parametrize("width", [1280, 400])
def test_sheets_of_other_widgets_on_the_page_change_nothing(opened: Open, width: int) -> None:
    trainer = opened("running")
    trainer.page.set_viewport_size({"width": width, "height": 900})
    looks = """root => [...root.querySelectorAll("*")].map(e => {
        const style = getComputedStyle(e);
        const box = e.getBoundingClientRect();
        const names = e.ownerSVGElement
            ? "stroke strokeWidth strokeDasharray fill fontSize"
            : "color backgroundColor borderTopColor fontSize fontWeight padding display opacity cursor position";
        const looks = names.split(" ").map(name => style[name]);
        return String([e.className.baseVal ?? e.className, ...looks, box.x, box.y, box.width]);
    })"""
    for phase in ("running", "choosing", "done"):
        trainer.turn(phase)
        trainer.page.wait_for_timeout(300)
        before = trainer.root.evaluate(looks)
        trainer.page.evaluate(
            """sheets => {
                window.others = document.createElement("style");
                window.others.textContent = sheets;
                document.head.append(window.others);
            }""",
            "\n".join(widget._css for widget in (pw.ProbeExplorer, pw.ProbeErrors, pw.ProbeTeacher, pw.ProbeCompare)),
        )
        assert trainer.root.evaluate(looks) == before, phase
        trainer.page.evaluate("others.remove()")
