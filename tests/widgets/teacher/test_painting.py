"""The page of a ProbeTeacher in a real browser: painting by hand and by keys, and what is shown of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

import probewidgets as pw
from probewidgets.widgets.teacher import payload
from tests.widgets.helpers import SENT, Show, as_json, said, settle
from tests.widgets.teacher.conftest import TEXT, Make


class Desk:
    """A teacher and its page: what one says is carried to the other when a test says so."""

    def __init__(self, teacher: pw.ProbeTeacher, show: Show) -> None:
        self.teacher = teacher
        self.page = show(teacher)
        self.carried = 0
        self.root = self.page.get_by_role("region", name="Probe teacher", exact=True)
        self.box = self.root.get_by_role("textbox", name="Sentences", exact=True)
        self.labels = self.root.get_by_role("listbox", name="Labels", exact=True)
        self.new = self.root.get_by_role("textbox", name="New label", exact=True)
        self.grid = self.root.get_by_role("grid", name="Words", exact=True)
        self.status = self.root.get_by_role("status")

    def word(self, form: str) -> Locator:
        return self.grid.get_by_role("gridcell").filter(has=self.page.locator(f"bdi:text-is('{form}')"))

    def sent(self, kind: str) -> list[dict[str, Any]]:
        return self.page.evaluate(SENT, kind)

    def strokes(self) -> list[tuple[list[str], str | None]]:
        """What was painted so far: words and label."""
        form = {u: f for s in self.teacher._lesson.sentences for u, f in zip(s.ids, s.forms, strict=True)}
        return [([form[unit] for unit in m["units"]], m["label"]) for m in self.sent("paint")]

    def carry(self) -> None:
        """What the page has said to the kernel, and back what that says now."""
        messages = self.page.evaluate("from => model.sent.slice(from)", self.carried)
        self.carried += len(messages)
        for message in messages:
            for reply in said(self.teacher, message)[1:]:
                self.page.evaluate("reply => model.emit('msg:custom', reply)", as_json(reply))
        settle(self.teacher)
        for name in ("_choice", "_view"):
            value = as_json(getattr(self.teacher, name))
            self.page.evaluate("([name, value]) => model.receive(name, value)", [name, value])

    def drag(self, start: str, end: str, *, let_go: bool = True) -> None:
        for form, act in ((start, self.page.mouse.down), (end, None)):
            box = self.word(form).bounding_box()
            assert box is not None
            self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
            if act:
                act()
        if let_go:
            self.page.mouse.up()

    def names(self) -> list[str]:
        return self.grid.get_by_role("gridcell").evaluate_all("cells => cells.map(cell => cell.ariaLabel)")


@pytest.fixture
def desk(make: Make, show: Show) -> Desk:
    return Desk(make(), show)


def previewed(desk: Desk) -> list[str]:
    return desk.grid.locator(".pw-preview bdi").all_text_contents()


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_a_stroke_snaps_to_words_while_it_is_drawn_and_is_painted_when_the_hand_lets_go(desk: Desk) -> None:
    desk.drag("chef", "bread", let_go=False)
    assert previewed(desk) == ["chef", "brought", "bread"]
    assert desk.strokes() == []
    desk.page.mouse.up()
    assert previewed(desk) == []
    assert desk.strokes() == [(["chef", "brought", "bread"], "food")]
    assert desk.names()[:4] == ["The: untouched", *(f"{w}: food, painted" for w in ("chef", "brought", "bread"))]


def test_a_stroke_may_go_back_and_into_another_sentence(desk: Desk) -> None:
    desk.drag("Lisbon", "brought")
    assert desk.strokes() == [(["brought", "bread", ".", "In", "Lisbon"], "food")]


def test_escape_gives_a_stroke_up(desk: Desk) -> None:
    desk.drag("chef", "bread", let_go=False)
    desk.page.keyboard.press("Escape")
    assert previewed(desk) == []
    desk.page.mouse.up()
    assert desk.strokes() == []


def test_a_click_paints_a_word_and_another_one_takes_it_off(desk: Desk) -> None:
    desk.word("bread").click()
    desk.carry()
    expect(desk.word("bread")).to_have_accessible_name("bread: food, painted")
    desk.word("bread").click()
    assert desk.strokes() == [(["bread"], "food"), (["bread"], None)]
    desk.labels.get_by_role("option", name="person", exact=True).click()
    desk.word("bread").click()
    assert desk.strokes()[-1] == (["bread"], "person")


def test_nothing_here_is_a_mark_of_its_own(desk: Desk) -> None:
    desk.labels.get_by_role("option", name="Nothing here", exact=True).click()
    desk.drag("The", "The")
    desk.carry()
    expect(desk.word("The")).to_have_accessible_name("The: nothing, painted")
    assert desk.teacher.corpus[0].annotations["label"][0] == "O"
    expect(desk.status).to_contain_text("1 word painted, kept in teacher.jsonl")


# --- by keys ----------------------------------------------------------------------------------------------------------


def test_arrows_go_along_words_and_lines_and_shift_chooses_several(desk: Desk) -> None:
    desk.word("The").focus()
    for key, form in (
        ("ArrowRight", "chef"),
        ("End", "."),
        ("Home", "The"),
        ("ArrowDown", "In"),
        ("ArrowUp", "The"),
        ("Control+End", "."),
        ("Control+Home", "The"),
        ("ArrowLeft", "The"),
    ):
        desk.page.keyboard.press(key)
        assert desk.page.evaluate("document.activeElement.querySelector('bdi').textContent") == form
    desk.page.keyboard.press("Shift+ArrowRight")
    desk.page.keyboard.press("Shift+ArrowRight")
    assert desk.grid.locator("[aria-selected=true] bdi").all_text_contents() == ["The", "chef", "brought"]
    desk.page.keyboard.press("2")
    assert desk.strokes() == [(["The", "chef", "brought"], "person")]


def test_digits_space_and_backspace_paint(desk: Desk) -> None:
    desk.word("chef").focus()
    desk.page.keyboard.press("ArrowRight")
    desk.page.keyboard.press("ArrowLeft")
    for key, label in (("1", "food"), ("2", "person"), ("0", "O"), ("Backspace", None), (" ", "food"), (" ", None)):
        desk.page.keyboard.press(key)
        assert desk.strokes()[-1] == (["chef"], label)
    desk.page.keyboard.press("9")  # there is no ninth label
    assert len(desk.strokes()) == 6


def test_undo_and_redo_by_keys_and_buttons(desk: Desk) -> None:
    undo, redo = (desk.root.get_by_role("button", name=name, exact=True) for name in ("Undo", "Redo"))
    expect(undo).to_be_disabled()
    desk.word("bread").click()
    desk.carry()
    desk.page.keyboard.press("Control+z")
    desk.carry()
    expect(desk.word("bread")).to_have_accessible_name("bread: untouched")
    expect(redo).to_be_enabled()
    desk.page.keyboard.press("Control+y")
    desk.carry()
    expect(desk.word("bread")).to_have_accessible_name("bread: food, painted")
    undo.click()
    desk.carry()
    redo.click()
    assert [len(desk.sent(kind)) for kind in ("undo", "redo")] == [2, 2]


def test_labels_are_made_chosen_and_taken_away_by_keys(desk: Desk) -> None:
    desk.new.fill(" place ")
    desk.new.press("Enter")
    desk.carry()
    options = desk.labels.get_by_role("option")
    expect(options).to_have_count(4)
    expect(options.nth(2)).to_have_attribute("aria-selected", "true")
    expect(desk.new).to_have_value("")
    desk.labels.focus()
    desk.page.keyboard.press("ArrowLeft")
    assert desk.sent("choose")[-1]["label"] == "person"
    desk.page.keyboard.press("Delete")
    desk.carry()
    assert desk.teacher.labels == ("food", "place")
    desk.labels.focus()
    desk.page.keyboard.press("2")
    assert desk.sent("choose")[-1]["label"] == "place"


def test_a_label_is_renamed_by_keys_and_its_words_stay_painted(desk: Desk) -> None:
    desk.word("bread").click()
    desk.labels.focus()
    desk.page.keyboard.press("F2")
    box = desk.root.get_by_role("textbox", name="New name of food", exact=True)
    expect(box).to_be_focused()
    expect(box).to_have_value("food")
    desk.page.keyboard.type("meal")  # in the place of the name, which is selected
    desk.page.keyboard.press("Enter")
    expect(box).to_be_hidden()
    expect(desk.labels).to_be_focused()
    desk.carry()
    assert desk.teacher.labels == ("meal", "person")
    expect(desk.labels.get_by_role("option", name="meal", exact=True)).to_have_attribute("aria-selected", "true")
    expect(desk.word("bread")).to_have_accessible_name("bread: meal, painted")
    desk.word("rice").focus()
    desk.page.keyboard.press("Control+z")
    desk.carry()
    expect(desk.word("bread")).to_have_accessible_name("bread: food, painted")


def test_a_label_is_renamed_and_taken_away_by_mouse(desk: Desk) -> None:
    desk.labels.get_by_role("option", name="person", exact=True).dblclick()
    box = desk.root.get_by_role("textbox", name="New name of person", exact=True)
    box.fill("people")
    desk.word("bread").focus()  # what is written counts, wherever one clicks next
    assert desk.sent("rename")[-1]["to"] == "people"
    desk.carry()
    rename = desk.root.get_by_role("button", name="Rename label", exact=True)
    rename.click()
    desk.root.get_by_role("textbox", name="New name of people", exact=True).press("Escape")
    expect(rename).to_be_visible()
    assert len(desk.sent("rename")) == 1
    desk.root.get_by_role("button", name="Remove label", exact=True).click()
    desk.carry()
    assert desk.teacher.labels == ("food",)
    expect(rename).to_be_disabled()
    desk.labels.focus()
    desk.page.keyboard.press("F2")
    expect(rename).to_be_visible()


def test_a_name_that_another_label_has_is_refused_and_it_is_said_what_to_do(desk: Desk) -> None:
    desk.word("bread").click()
    desk.labels.focus()
    desk.page.keyboard.press("F2")
    desk.page.keyboard.type("person")
    desk.page.keyboard.press("Enter")
    desk.carry()
    expect(desk.root.page.get_by_role("alert").first).to_contain_text("There is a label 'person' already")
    assert desk.teacher.labels == ("food", "person")
    expect(desk.word("bread")).to_have_accessible_name("bread: food, painted")


def test_what_is_predicted_is_accepted_or_rejected_by_one_key_each(taught: pw.ProbeTeacher, show: Show) -> None:
    desk = Desk(taught, show)
    offered = [form for _, form in taught._view["next"]]
    desk.grid.get_by_role("gridcell").first.focus()
    desk.page.keyboard.press("n")
    focused = "document.activeElement.querySelector('bdi').textContent"
    assert desk.page.evaluate(focused) == offered[0]
    name = desk.page.evaluate("document.activeElement.ariaLabel")
    desk.page.keyboard.press("Enter")
    (words, label), *_ = desk.strokes()
    assert words == [offered[0]] and name.startswith(f"{offered[0]}: {'nothing' if label == 'O' else label} 0.")
    assert desk.page.evaluate(focused) == offered[1]
    name = desk.page.evaluate("document.activeElement.ariaLabel")
    desk.page.keyboard.press("x")
    if name.startswith(f"{offered[1]}: nothing"):
        assert desk.sent("aside")
    else:
        assert desk.strokes()[-1] == ([offered[1]], "O")


# --- what is shown ----------------------------------------------------------------------------------------------------


def test_all_other_words_show_what_the_probe_now_thinks(desk: Desk) -> None:
    for form, key in (("bread", "1"), ("chef", "2"), ("The", "0")):
        desk.word(form).focus()
        desk.page.evaluate("document.activeElement.dispatchEvent(new PointerEvent('pointerdown'))")
        desk.word(form).click()
        desk.page.keyboard.press(key)
    desk.carry()
    names = desk.names()
    assert names[1] == "chef: person, painted" and names[3] == "bread: food, painted"
    painted = {"The", "chef", "bread"}
    others = [name for name in names if name.split(":")[0] not in painted]
    assert all(name.rsplit(" ", 1)[1][:2] in ("0.", "1.") for name in others)


def test_strokes_made_while_the_kernel_is_busy_are_shown_and_all_sent_in_their_order(desk: Desk) -> None:
    desk.page.evaluate("model.answers = false")
    for form in ("bread", "chef", "fish"):
        desk.word(form).click()
    assert desk.strokes() == [(["bread"], "food")]  # one flies, two wait
    for form in ("bread", "chef", "fish"):
        expect(desk.word(form)).to_have_accessible_name(f"{form}: food, painted")
    expect(desk.status).to_contain_text("kept and sent when it is free: 3 changes")
    desk.page.evaluate("model.answers = true; model.ack(model.sent.at(-1))")
    desk.page.wait_for_function("model.sent.filter(m => m.kind === 'paint').length === 3")
    desk.carry()
    assert desk.teacher._lesson.n_painted == 3
    expect(desk.status).to_contain_text("3 words painted, kept in")


def test_a_view_that_does_not_know_of_a_stroke_yet_does_not_take_it_off(desk: Desk) -> None:
    desk.word("bread").click()
    older = as_json({**desk.teacher._view, "rev": 99})
    desk.page.evaluate("view => model.receive('_view', view)", older)
    expect(desk.word("bread")).to_have_accessible_name("bread: food, painted")
    desk.carry()
    expect(desk.word("bread")).to_have_accessible_name("bread: food, painted")


def test_a_stroke_that_is_refused_goes_and_it_is_said_why(desk: Desk) -> None:
    desk.word("bread").click()
    desk.teacher._yield()
    desk.carry()
    expect(desk.root.page.get_by_role("alert").first).to_contain_text("goes on in a newer widget")
    expect(desk.word("bread")).to_have_accessible_name("bread: untouched")
    expect(desk.status).to_contain_text("goes on in a newer widget")
    desk.word("fish").click(force=True)
    assert len(desk.strokes()) == 1
    expect(desk.new).to_be_disabled()


def test_what_is_typed_is_asked_once_and_never_jumps_back(desk: Desk) -> None:
    desk.page.clock.install(time=0)
    desk.page.clock.pause_at(1000)
    desk.box.press("Control+End")
    desk.box.press_sequentially("\nShe runs")
    assert desk.sent("text") == []
    desk.page.evaluate("view => model.receive('_view', view)", as_json({**desk.teacher._view, "rev": 99}))
    expect(desk.box).to_have_value(f"{TEXT}\nShe runs")
    desk.page.clock.run_for(600)
    assert [message["text"] for message in desk.sent("text")] == [f"{TEXT}\nShe runs"]
    desk.carry()
    expect(desk.word("runs")).to_have_count(1)
    expect(desk.box).to_have_value(f"{TEXT}\nShe runs")


def test_faults_are_said_beside_what_is_kept(desk: Desk) -> None:
    faults = {"unsaved": "No space left on device.", "error": "RuntimeError: <b>no</b>", "traceback": "File x"}
    desk.page.evaluate("view => model.receive('_view', view)", as_json({**desk.teacher._view, **faults, "rev": 99}))
    alerts = desk.root.get_by_role("alert")
    expect(alerts.nth(0)).to_contain_text("Not saved. No space left")
    expect(alerts.nth(1)).to_contain_text("What is painted is kept. RuntimeError: <b>no</b>")
    desk.root.get_by_role("button", name="Try again").click()
    assert len(desk.sent("again")) == 1


def test_a_kernel_that_is_gone_is_said_with_what_did_not_reach_it(desk: Desk) -> None:
    desk.page.evaluate("model.answers = false")
    desk.word("bread").click()
    desk.page.evaluate("model.emit('comm_live_update')")
    expect(desk.status).to_contain_text("The kernel has restarted")
    expect(desk.status).to_contain_text("kept in teacher.jsonl")
    expect(desk.status).to_contain_text("1 stroke did not reach it, and is made then")
    expect(desk.box).to_be_disabled()


def test_strokes_that_did_not_reach_a_kernel_are_made_when_the_lesson_is_shown_again(make: Make, show: Show) -> None:
    older = Desk(make(), show)
    older.page.evaluate("model.answers = false")
    older.word("bread").click()
    older.drag("fish", "fish")
    older.page.evaluate("model.emit('comm_live_update')")
    newer = Desk(make(), show)
    newer.root, newer.grid = newer.root.last, newer.grid.last
    newer.carry()
    assert newer.teacher.corpus[0].annotations["label"][3] == newer.teacher.corpus[1].annotations["label"][5] == "food"
    assert newer.page.evaluate("sessionStorage.length") == 0


def test_somebody_new_is_told_what_comes_first(make: Make, show: Show) -> None:
    desk = Desk(make(text="", labels=[], path=False), show)
    expect(desk.root).to_contain_text("Type or paste sentences above")
    desk.box.fill("The chef\nbread")
    desk.page.wait_for_function("model.sent.some(m => m.kind === 'text')")
    desk.carry()
    expect(desk.root).to_contain_text("Make a label first")
    desk.new.fill("food")
    desk.root.get_by_role("button", name="Add label").click()
    desk.carry()
    expect(desk.root).to_contain_text("Drag over words")
    expect(desk.labels.get_by_role("option", name="food")).to_have_attribute("aria-selected", "true")


def test_pages_of_a_long_lesson_are_turned(make: Make, show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payload, "MOST_UNITS", 6)
    desk = Desk(make(), show)
    expect(desk.grid.get_by_role("row")).to_have_count(1)
    desk.root.get_by_role("button", name="Later").click()
    desk.carry()
    expect(desk.root.get_by_role("group", name="Pages")).to_contain_text("sentences 2–2 of 3")
    expect(desk.word("Lisbon")).to_have_count(1)


def test_whole_sentences_are_rows_of_text(make: Make, show: Show) -> None:
    desk = Desk(make(unit="sentence", labels=["good"], text="I like <b>it</b>\nI hate it"), show)
    desk.word("I hate it").click()
    desk.carry()
    assert Axe().run(desk.page, ".pw").violations_count == 0
    assert desk.names() == ["I like <b>it</b>: untouched", "I hate it: good, painted"]
    expect(desk.status).to_contain_text("1 sentence painted")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_has_nothing_to_say(theme: str, taught: pw.ProbeTeacher, show: Show) -> None:
    desk = Desk(taught, show)
    desk.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    desk.page.evaluate("theme => document.documentElement.setAttribute('data-theme', theme)", theme)
    desk.root.get_by_role("button", name="Keys").click()
    results = Axe().run(
        desk.page,
        options={
            "rules": {
                "region": {"enabled": False},
                "page-has-heading-one": {"enabled": False},
                "landmark-one-main": {"enabled": False},
            }
        },
    )
    assert results.violations_count == 0, results.generate_report()


def test_it_fits_from_360_pixels_on(taught: pw.ProbeTeacher, show: Show) -> None:
    desk = Desk(taught, show)
    for width in (2000, 1280, 760, 480, 360):
        desk.page.set_viewport_size({"width": width, "height": 800})
        assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


def test_a_saved_page_shows_it_without_a_kernel(taught: pw.ProbeTeacher, page: Page, tmp_path: Any) -> None:
    taught.to_html(tmp_path / "a.html")
    page.set_content((tmp_path / "a.html").read_text("utf-8"))
    grid = page.get_by_role("grid", name="Words", exact=True)
    expect(grid.get_by_role("gridcell", name="bread: food, painted", exact=True)).to_have_count(1)
    expect(page.get_by_role("status")).to_contain_text("a saved view, without a kernel")
    expect(page.get_by_role("listbox")).to_have_count(0)


def test_a_word_is_shown_through_the_layers_and_a_click_shows_another_layer(
    taught: pw.ProbeTeacher, show: Show
) -> None:
    desk = Desk(taught, show)
    panel = desk.root.get_by_role("group", name="Through the layers", exact=True)
    rows = panel.get_by_role("button")
    layers = taught._view["layers"]
    assert [row.split()[1].rstrip(",:") for row in rows.evaluate_all("x => x.map(e => e.ariaLabel)")] == [
        str(layer) for layer in reversed(layers)
    ]
    desk.word("rice").focus()
    expect(panel).to_contain_text("rice")
    expect(rows.first).to_have_accessible_name(
        re.compile(rf"^Layer {layers[-1]}, left-one-sentence-out [01]\.\d\d: (food|person|nothing) [01]\.\d\d$")
    )
    other = next(layer for layer in layers if layer != taught._view["layer"])
    panel.get_by_role("button", name=f"Layer {other},").click()
    assert desk.sent("choose")[-1]["layer"] == other
    desk.carry()
    expect(panel.get_by_role("button", name=f"Layer {other},")).to_have_attribute("aria-pressed", "true")
    expect(desk.root.get_by_role("combobox", name="Layer", exact=True)).to_have_value(str(other))
