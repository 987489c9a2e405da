"""The strip in a real browser: chips of the words of each line."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from probewidgets.widgets import TokenStrip
from tests.widgets.fakes import fake_predictions, fake_sweep
from tests.widgets.helpers import SENT, Show, as_json, explorer, items


def strip(text: str, **more: Any) -> TokenStrip:
    return TokenStrip(fake_predictions(text), sweep=fake_sweep(), **more)


def test_each_line_is_a_row_of_the_strip(show: Show) -> None:
    page = show(strip("one two\nthree\n\nfour"))
    assert page.locator(".pw-line").evaluate_all("x => x.map(line => line.children.length)") == [2, 1, 1]


def test_gold_and_unseen_words_are_marked(show: Show) -> None:
    page = show(strip("cats/NOUN zzz/NOUN sat"))
    chips = page.get_by_role("listitem")
    expect(chips.nth(0)).to_contain_text("✓")
    expect(chips.nth(1)).to_contain_text("✗ NOUN")
    expect(chips.nth(1)).to_have_attribute("aria-description", "gold NOUN, wrong; not seen in training")
    expect(chips.nth(2)).not_to_have_attribute("aria-description", "")


def test_chips_of_one_line_end_at_one_height_whether_they_carry_gold_or_not(show: Show) -> None:
    page = show(strip("cats/NOUN zzz/VERB sat"))
    boxes = page.locator(".pw-chip").evaluate_all(
        "x => x.map(e => e.getBoundingClientRect()).map(b => [b.top, b.bottom])"
    )
    assert boxes[0] == boxes[1] == boxes[2]
    words = page.locator(".pw-chip .pw-word").evaluate_all("x => x.map(e => e.getBoundingClientRect().top)")
    assert len(set(words)) == 1


def test_odd_text_is_shown_as_text(show: Show) -> None:
    page = show(
        explorer("<script>alert(1)</script> <b>x</b> a\u202eb\u200bc مرحبا \U0001f469\u200d\U0001f469 " + "x" * 600)
    )
    names = [name.rsplit(":", 1)[0] for name in items(page)]
    assert names[:3] == ["<script>alert(1)</script>", "<b>x</b>", "a⟨RLO⟩b⟨ZWSP⟩c"]
    assert names[4] == "\U0001f469\u200d\U0001f469"
    assert len(names[5]) == 600
    assert page.locator(".pw script, .pw b").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_words_of_the_strip_are_walked_and_selected_by_keys(show: Show) -> None:
    page = show(explorer())
    page.get_by_role("list").locator('[tabindex="0"]').focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert page.evaluate(SENT, "choose")[-1]["selected"] == [3, 1]
    expect(page.get_by_role("region", name="Details")).to_contain_text("cats · layer 3")


def test_words_of_a_hebrew_line_stand_from_right_to_left(show: Show) -> None:
    page = show(strip("ילד אכל תפוח\nthe ילד sat"))
    places = page.locator(".pw-chip").evaluate_all("x => x.map(e => e.getBoundingClientRect().left)")
    assert places[0] > places[1] > places[2]
    assert places[3] < places[4] < places[5]
    page.locator(".pw-chip").first.focus()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.unit") == "1"


def test_every_number_says_what_it_is_and_no_chip_changes_its_width(show: Show) -> None:
    widget = strip("the cats sat .")
    page = show(widget)
    widths = "x => x.map(e => e.getBoundingClientRect().width)"
    chips = page.locator(".pw-chip")
    before = chips.evaluate_all(widths)
    expect(chips.nth(1).locator(".pw-more")).to_be_hidden()
    for choice, said in (({"colour": "entropy"}, r"^entropy \d\.\d\d$"), ({"label": "VERB"}, r"^VERB \d\.\d\d$")):
        for name, value in choice.items():
            setattr(widget, name, value)
        page.evaluate("choice => model.receive('_choice', choice)", as_json(widget._choice))
        expect(chips.nth(1)).to_contain_text("NOUN 0.66")
        expect(chips.nth(1).locator(".pw-more")).to_have_text(re.compile(said))
        assert chips.evaluate_all(widths) == before
        assert chips.locator(".pw-more span").evaluate_all("x => x.every(e => e.scrollWidth <= e.clientWidth)")


def test_a_long_strip_fades_where_it_goes_on_and_shows_the_selected_chip(show: Show) -> None:
    widget = strip("word " * 299 + "last")
    page = show(widget)
    chips = page.get_by_role("list", name="Predictions")
    expect(chips).to_have_class("pw-strip pw-below")
    widget.selected = (2, 299)
    page.evaluate("choice => model.receive('_choice', choice)", as_json(widget._choice))
    expect(chips).to_have_class("pw-strip")
    expect(page.locator(".pw-chip").last).to_be_in_viewport()
    assert page.evaluate("scrollY") == 0
