"""What remains without a kernel: tables, text, a saved page."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import Browser, expect

import probewidgets as pw
from probewidgets.errors import StoreError
from probewidgets.look.visible import visible
from probewidgets.widgets import LayerCurve, LayerHeatmap, ProbeExplorer, TokenStrip
from probewidgets.widgets.kit import static
from probewidgets.widgets.reading.still import caption
from tests.widgets.conftest import PATIENCE
from tests.widgets.fakes import fake_predictions, fake_predictor, fake_sweep

NASTY = "<script>alert(1)</script> \"><img/src=x> &amp; '); a\u202eb\u200bc \x07 \U0001f469\u200d\U0001f469"
VIEW = "application/vnd.jupyter.widget-view+json"


class Reader(HTMLParser):
    """Tags, attribute names and text of a piece of markup."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.rows: list[list[str]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


@pytest.fixture
def explorer() -> ProbeExplorer:
    return ProbeExplorer(fake_predictor(), text="the cats/VERB zzz")


def test_the_table_says_every_label_and_number_as_text(explorer: ProbeExplorer) -> None:
    rows = Reader(explorer.snapshot()._repr_html_()).rows
    assert rows[0] == ["Layer", "the", "cats", "zzz*"]
    assert rows[1][0] == f"Layer 6 · accuracy {explorer.sweep.score(6).accuracy.value:.3f}"
    assert rows[4][0].startswith("▶ Layer 3")
    label = explorer.predictions.label(3)[0]
    best = explorer.predictions.proba[3, 0].max()
    assert rows[4][1] == f"{label} {best:.2f}"
    assert rows[4][2].endswith("✗")
    assert rows[-1][:3] == ["Gold", "", "VERB"]


def test_the_table_uses_only_what_sanitisers_keep(explorer: ProbeExplorer) -> None:
    markup = Reader(explorer._tables())
    assert markup.tags <= {
        "div", "table", "tbody", "tr", "th", "td", "bdi", "p", "small", "details", "summary", "pre"
    }  # fmt: skip
    assert markup.attributes <= {"style", "scope"}
    assert "var(" not in explorer._tables()
    whole = Reader(explorer.snapshot()._repr_html_())
    assert whole.tags == markup.tags | {"img"}
    assert whole.attributes == markup.attributes | {"alt", "src"}


def test_what_a_person_typed_is_escaped_and_made_visible() -> None:
    widget = ProbeExplorer(fake_predictor(), text=NASTY)
    markup = Reader(widget._tables())
    assert not markup.tags & {"script", "img"}
    assert markup.rows[0][1] == "<script>alert(1)</script>"
    assert "a⟨RLO⟩b⟨ZWSP⟩c" in markup.rows[0]
    assert "␇" in markup.rows[0]
    assert "\u202e" not in widget._tables()
    widget.close()


def test_long_texts_are_cut_and_the_rest_is_counted() -> None:
    widget = ProbeExplorer(fake_predictor(), text="word " * 5000)
    assert "120 of 5,000 shown." in widget._tables()
    assert len(widget._tables()) < 200_000
    assert "4,880 more" in repr(widget.snapshot())
    widget.close()


def test_long_words_leave_room_for_others() -> None:
    markup = TokenStrip(fake_predictions("x" * 3000))._tables()
    assert Reader(markup).rows[0] == ["Layer", "x" * 39 + "…"]


def test_lines_have_tables_of_their_own() -> None:
    strip = TokenStrip(fake_predictions("one two\nthree"))
    heads = [row[1:] for row in Reader(strip._tables()).rows if row[0] == "Layer"]
    assert heads == [["one", "two"], ["three"]]


def test_a_display_has_the_live_view_a_picture_above_its_table_and_a_line(explorer: ProbeExplorer) -> None:
    data, _ = explorer._repr_mimebundle_()
    assert set(data) == {VIEW, "text/html", "image/png", "text/plain"}
    assert data["text/plain"] == repr(explorer)
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["text/html"].startswith('<img alt="Probe explorer" src="data:image/png;base64,' + data["image/png"])
    assert data["text/html"].endswith(explorer._tables())


@pytest.mark.parametrize("make", [TokenStrip, LayerHeatmap, lambda p: LayerCurve(fake_sweep())])
def test_every_widget_has_a_small_picture(make) -> None:
    widget = make(fake_predictions("a long text of words/NOUN zzz . " * 30))
    assert 2000 < len(widget._picture()) < 40_000


def test_the_picture_shows_the_choices(explorer: ProbeExplorer) -> None:
    before = explorer._picture()
    explorer.label = "NOUN"
    explorer.selected = (2, 1)
    assert explorer._picture() != before


def test_nothing_to_see_has_no_picture_and_neither_has_what_cannot_be_drawn(
    explorer: ProbeExplorer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    explorer.compute("")
    assert set(explorer._repr_mimebundle_()[0]) == {VIEW, "text/html", "text/plain"}
    explorer.compute("words")
    monkeypatch.setattr(explorer, "_lay", lambda *_: 1 / 0)
    assert explorer._picture() is None
    assert "could not be drawn" in caplog.text


def test_what_was_probed_stands_below(explorer: ProbeExplorer) -> None:
    said = "upos of each word, read off tiny by LinearProbe, trained on by hand."
    assert said in explorer._tables()
    assert said in LayerCurve(fake_sweep())._tables()
    assert caption(None) == ""


def test_static_mode_leaves_the_live_view_out(explorer: ProbeExplorer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBEWIDGETS_STATIC", "1")
    data, _ = explorer._repr_mimebundle_()
    assert set(data) == {"text/html", "image/png", "text/plain"}
    assert "cats" in data["text/plain"]


def test_static_mode_can_be_switched_and_holds_inside_a_block(
    explorer: ProbeExplorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def live() -> bool:
        return VIEW in explorer._repr_mimebundle_()[0]

    monkeypatch.setattr(static, "_static", None)
    with pw.static() as switch:
        assert not live()
        assert repr(switch) == "Widgets are shown static."
        with pw.static(False):
            assert live()
        assert not live()
    assert live()
    pw.static()
    assert not live()
    monkeypatch.setenv("PROBEWIDGETS_STATIC", "1")
    assert repr(pw.static(False)) == "Widgets are shown live."
    assert live()


def test_a_snapshot_stays_as_it_was(explorer: ProbeExplorer) -> None:
    snapshot = explorer.snapshot()
    before = snapshot._repr_html_(), repr(snapshot)
    explorer.compute("other words")
    assert (snapshot._repr_html_(), repr(snapshot)) == before
    assert re.search(r"cats +NOUN 0.66  .gold VERB.", repr(snapshot))


def test_the_curve_as_a_table_has_intervals_and_baselines() -> None:
    curve = LayerCurve(fake_sweep(), layer=2)
    rows = Reader(curve._tables()).rows
    assert rows[0] == ["Layer", "Accuracy", "Control", "Selectivity"]
    assert rows[1][0] == "Layer 0 (embeddings)"
    assert re.fullmatch(r"0\.\d{3} \[0\.\d{3}, 0\.\d{3}\]", rows[3][1])
    assert "word type 0.823" in curve._tables()
    assert "majority" in repr(curve.snapshot())


def test_nbconvert_shows_the_table(explorer: ProbeExplorer) -> None:
    data, metadata = explorer._repr_mimebundle_()
    output = nbformat.v4.new_output("display_data", data, metadata=metadata)
    cell = nbformat.v4.new_code_cell("explorer", outputs=[output])
    page, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    assert "<bdi>cats</bdi>" in page


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        ("tab\there", "tab␉here"),
        ("\x7f", "␡"),
        ("\u00a0", "⍽"),
        ("e\u0301", "e\u0301"),
        ("\U0001f469\u200d\U0001f469", "\U0001f469\u200d\U0001f469"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
        ("a\u200db", "a⟨ZWJ⟩b"),
        ("\u200b\u200d\u200b", "⟨ZWSP⟩⟨ZWJ⟩⟨ZWSP⟩"),
        ("\ufeffx", "⟨BOM⟩x"),
        ("\u2028", "⟨U+2028⟩"),
        ("\U0001f3f4\U000e0067\U000e007f", "\U0001f3f4\U000e0067\U000e007f"),
        ("x\U000e0067", "x⟨U+E0067⟩"),
        ("\u0085", "⟨U+0085⟩"),
        ("<b>&", "<b>&"),
    ],
)
def test_hidden_characters_are_spelt_out(raw: str, shown: str) -> None:
    assert visible(raw) == shown


# ---------------------------------------------------------------------- the saved page


def saved(browser: Browser, path: Path) -> tuple:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda request: trouble.append(request.url) if request.url != path.as_uri() else None)
    page.goto(path.as_uri())
    return page, trouble


def test_a_saved_page_works_without_kernel_or_network(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "saved page.html"
    ProbeExplorer(fake_predictor(), text="the cats\nsat").to_html(path)
    assert [file.name for file in tmp_path.iterdir()] == ["saved page.html"]
    page, trouble = saved(browser, path)
    expect(page.get_by_role("listitem", name="cats: NOUN 0.66")).to_be_visible()
    page.get_by_role("rowheader", name="Layer 6").click()
    expect(page.get_by_role("listitem", name="cats: NOUN 0.94")).to_be_visible()
    page.get_by_role("gridcell").last.click()
    expect(page.get_by_role("region", name="Details")).to_contain_text("sat · layer 0")
    page.get_by_role("combobox", name="Colour by").select_option("Entropy")
    page.get_by_role("slider", name="Layer").press("ArrowRight")
    expect(page.get_by_role("status")).to_contain_text("layer 1")
    expect(page.get_by_role("status")).to_contain_text("a saved view")
    expect(page.get_by_role("status")).not_to_contain_text(" ms")
    expect(page.locator("p.caption")).to_have_text(
        "upos of each word, read off tiny by LinearProbe, trained on by hand."
    )
    assert page.title() == "Probe explorer: upos in tiny"
    assert page.get_by_role("textbox", name="Sentences").get_attribute("readonly") is not None
    assert trouble == []
    page.close()


def test_a_saved_page_of_nasty_text_shows_it_as_text(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "nasty.html"
    ProbeExplorer(fake_predictor(), text=NASTY + " </script><script>alert(2)</script> <!--").to_html(path)
    page, trouble = saved(browser, path)
    expect(page.get_by_role("listitem").first).to_contain_text("<script>alert(1)</script>")
    assert page.locator("main script, main img").count() == 0
    assert trouble == []
    page.close()


def test_a_saved_page_holds_all_windows_of_a_long_text(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "long.html"
    widget = ProbeExplorer(fake_predictor(), text=" ".join(f"w{i}" for i in range(1000)))
    widget.to_html(path)
    page, trouble = saved(browser, path)
    pages = page.get_by_role("group", name="Pages")
    expect(pages).to_contain_text("words 1–400 of 1,000")
    for first in ("w400", "w800"):
        pages.get_by_role("button", name="Later").click()
        expect(page.get_by_role("listitem").first).to_contain_text(first)
    expect(pages.get_by_role("button", name="Later")).to_be_disabled()
    page.get_by_role("gridcell").last.click()
    expect(page.get_by_role("region", name="Details")).to_contain_text("w999 · layer 0")
    pages.get_by_role("button", name="Earlier").click()
    expect(page.get_by_role("listitem").first).to_contain_text("w400")
    assert trouble == []
    page.close()


def test_a_page_of_a_text_that_is_too_long_says_what_it_holds(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("probewidgets.widgets.reading.saved.MOST_PAGE_BYTES", 2 * 400 * 7 * 8 * 4)
    path = tmp_path / "long.html"
    widget = ProbeExplorer(fake_predictor(), text="word " * 1000, selected=(3, 999))
    widget.to_html(path)
    page, _ = saved(browser, path)
    expect(page.locator("p.caption").last).to_have_text("This page holds the first 800 of 1,000.")
    pages = page.get_by_role("group", name="Pages")
    expect(pages).to_contain_text("words 1–400 of 1,000")
    pages.get_by_role("button", name="Later").click()
    expect(pages.get_by_role("button", name="Later")).to_be_disabled()
    page.close()


def test_every_widget_can_be_saved(browser: Browser, tmp_path: Path) -> None:
    predictions = fake_predictions("the cats")
    for number, widget in enumerate((TokenStrip(predictions), LayerHeatmap(predictions), LayerCurve(fake_sweep()))):
        path = tmp_path / f"{number}.html"
        widget.to_html(path)
        page, trouble = saved(browser, path)
        expect(page.locator("main .pw")).to_be_visible()
        assert trouble == []
        page.close()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no folder '.*nowhere': make it first"):
        ProbeExplorer(fake_predictor()).to_html(tmp_path / "nowhere" / "page.html")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_save_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "taken.html"
    folder.mkdir()
    with pytest.raises(OSError, match="taken"):
        ProbeExplorer(fake_predictor()).to_html(folder)
    assert list(tmp_path.iterdir()) == [folder]


def test_every_export_holds_the_report(explorer: ProbeExplorer, tmp_path: Path) -> None:
    explorer.to_html(tmp_path / "page.html")
    for markup in (explorer._tables(), explorer.snapshot()._repr_html_(), (tmp_path / "page.html").read_text()):
        assert "Checks of layer" in markup
        assert "not that the model uses it" in markup
