"""What is on the screen is what is saved, in every format; and a saved view comes back."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
from PIL import Image

from probewidgets.errors import StoreError, WidgetError
from probewidgets.widgets import LayerCurve, LayerHeatmap, ProbeExplorer, TokenStrip
from probewidgets.widgets.kit.files import MIMES
from probewidgets.widgets.reading.saved import SavedReading
from tests.widgets.fakes import LABELS, fake_numbers, fake_predictions, fake_predictor, fake_sets, fake_sweep
from tests.widgets.helpers import said

TEXT = "the cats/VERB sat\nshe can zzz"
BEGINNINGS = {
    "png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF", "csv": b"layer,", "html": b"<!doctype html>", "json": b"{\n",
}  # fmt: skip
WIDGETS = {
    "explorer": lambda: ProbeExplorer(fake_predictor(), text=TEXT),
    "heatmap": lambda: LayerHeatmap(fake_predictions(TEXT), sweep=fake_sweep()),
    "strip": lambda: TokenStrip(fake_predictions(TEXT)),
    "curve": lambda: LayerCurve(fake_sweep()),
    "numbers": lambda: LayerHeatmap(fake_numbers("the zzz")),
    "sets": lambda: TokenStrip(fake_sets("the zzz")),
}


@pytest.fixture(params=WIDGETS.values(), ids=WIDGETS)
def widget(request: pytest.FixtureRequest) -> Any:
    made = request.param()
    yield made
    made.close()


def drawn(path: Path) -> list[str]:
    """The words of an SVG."""
    root = ElementTree.parse(path).getroot()
    return ["".join(e.itertext()) for e in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("ending", MIMES)
def test_every_widget_is_saved_in_every_format(widget: Any, tmp_path: Path, ending: str) -> None:
    widget.save(tmp_path / f"view.{ending.upper()}")
    content = (tmp_path / f"view.{ending.upper()}").read_bytes()
    assert content.startswith(BEGINNINGS[ending])
    assert [file.name for file in tmp_path.iterdir()] == [f"view.{ending.upper()}"]
    assert widget._content(ending, "page") == content, "the same view is the same file"


@pytest.mark.parametrize(("width", "inches"), [("column", 3.3), ("page", 6.8), (5, 5.0)])
def test_a_saved_figure_is_as_wide_as_was_asked(tmp_path: Path, width: Any, inches: float) -> None:
    widget = WIDGETS["explorer"]()
    widget.save(tmp_path / "a.png", width=width)
    with Image.open(tmp_path / "a.png") as image:
        assert image.width == round(300 * inches)
        assert image.info["dpi"][0] == pytest.approx(300, abs=0.1)
    with pytest.raises(WidgetError, match="width must be"):
        widget.save(tmp_path / "b.png", width="wide")
    assert not (tmp_path / "b.png").exists()


def test_a_saved_figure_has_the_layers_the_colours_and_the_selection_of_the_screen(tmp_path: Path) -> None:
    explorer = ProbeExplorer(fake_predictor(), text="the old cats", layers=(1, 3, 5), selected=(3, 1))
    explorer.save(tmp_path / "a.svg")
    assert [text for text in drawn(tmp_path / "a.svg") if text.isdigit()] == ["3", "5", "1"]
    assert explorer._on_screen().selected == (3, 1)
    explorer.label = "VERB"
    explorer.save(tmp_path / "b.svg")
    share = explorer.predictions.proba[5, 0, LABELS.index("VERB")]
    assert {"probability of VERB:  0", f"{share:.2f}"} <= set(drawn(tmp_path / "b.svg"))


def test_a_curve_is_saved_with_its_layers_along_it_as_in_the_page(tmp_path: Path) -> None:
    LayerCurve(fake_sweep()).save(tmp_path / "a.svg", width="column")
    assert {"layer (bands: 95 % intervals)", "share of test words", "selectivity"} <= set(drawn(tmp_path / "a.svg"))


def test_of_a_long_text_the_page_that_is_shown_is_saved(tmp_path: Path) -> None:
    text = " ".join(f"w{i}" for i in range(1000))
    explorer = ProbeExplorer(fake_predictor(), text=text, layers=(2, 4), selected=(2, 401))
    said(explorer, {"kind": "window", "seq": 1, "client": "a", "start": 400})
    shown = explorer._on_screen()
    assert [unit.text for unit in shown.predictions][:2] == ["w400", "w401"]
    assert shown.selected == (2, 1)
    explorer.save(tmp_path / "a.csv")
    frame = pd.read_csv(tmp_path / "a.csv")
    assert frame["unit"].tolist() == [*range(400, 800)] * 2
    assert frame["text"].tolist()[:2] == ["w400", "w401"]
    explorer.save(tmp_path / "a.svg")
    assert {"w400", "w799"} <= set(drawn(tmp_path / "a.svg"))
    assert "w399" not in drawn(tmp_path / "a.svg")
    explorer.save(tmp_path / "a.json")
    other = ProbeExplorer(fake_predictor(), text="").restore(tmp_path / "a.json")
    assert other._view["window"] == {"start": 400, "end": 800, "total": 1000}
    assert (other.layers, other.selected) == ((2, 4), (2, 401))


def test_a_table_has_what_is_predicted_at_the_layers_shown_and_reads_back() -> None:
    explorer = ProbeExplorer(fake_predictor(), text='the "cats,\u202e"/NOUN sat', layers=(0, 6))
    frame = pd.read_csv(io.BytesIO(explorer._content("csv", None)))
    whole = explorer.to_frame(probabilities=True)
    whole = whole[whole["layer"].isin([0, 6])].reset_index(drop=True)
    assert frame.columns.tolist() == whole.columns.tolist()
    assert frame["text"].tolist() == whole["text"].tolist()
    pd.testing.assert_series_equal(frame["p_NOUN"], whole["p_NOUN"], check_dtype=False, atol=1e-5)
    numbers = WIDGETS["numbers"]()._content("csv", None).decode()
    assert next(csv.reader(io.StringIO(numbers)))[-2:] == ["value", "outside"]
    curve = LayerCurve(fake_sweep())
    scores = pd.read_csv(io.BytesIO(curve._content("csv", None)))
    assert scores["layer"].tolist() == list(range(7))
    assert scores["accuracy"].tolist() == pytest.approx([s.accuracy.value for s in fake_sweep().scores], rel=1e-5)


@pytest.mark.parametrize("name", ["view", "view.xlsx", "view.", ".png", "a.png.zip"])
def test_another_ending_is_refused_with_those_that_can_be_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(WidgetError, match=r"one of \.png, \.svg, \.pdf, \.csv, \.html, \.json, but .* came"):
        WIDGETS["strip"]().save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_where_there_is_nothing_to_draw_that_is_said_and_the_rest_is_written(tmp_path: Path) -> None:
    explorer = ProbeExplorer(fake_predictor(), text="boom")
    with pytest.raises(WidgetError, match="nothing to draw yet"):
        explorer.save(tmp_path / "a.png")
    for ending in ("csv", "html", "json"):
        explorer.save(tmp_path / f"a.{ending}")
    with pytest.raises(StoreError, match="there is no folder"):
        WIDGETS["strip"]().save(tmp_path / "nowhere" / "a.csv")


# ---------------------------------------------------------------------- restored


def choices(widget: Any) -> dict[str, Any]:
    return {name: getattr(widget, name) for name in ("layer", "layers", "label", "colour", "selected")}


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"layers": (1, 2, 5), "layer": 2, "selected": (5, 3)},
        {"label": "VERB", "layer": 0},
        {"colour": "entropy", "selected": (0, 0)},
    ],
)
def test_a_view_comes_back_as_it_was(tmp_path: Path, chosen: dict[str, Any]) -> None:
    explorer = ProbeExplorer(fake_predictor(), text=TEXT, **chosen)
    explorer.save(tmp_path / "view.json")
    other = ProbeExplorer(fake_predictor(), text="words", label="ADJ", layers=(4, 6), selected=(6, 0))
    assert other.restore(tmp_path / "view.json") is other
    assert choices(other) == choices(explorer)
    assert (other.text, other.predictions.text) == (TEXT, TEXT)
    assert other._choice["layer"] == explorer.layer
    assert other._view["text"] == TEXT
    assert other._content("json", None) == (tmp_path / "view.json").read_bytes()


def test_whether_gold_labels_are_read_comes_back_too() -> None:
    asked = []

    def predict(text: str, gold: bool = True) -> Any:
        asked.append((text, gold))
        return fake_predictions(text)

    explorer = ProbeExplorer(predict, text=TEXT, gold=False)
    state = explorer._state()
    assert state["gold"] is False
    other = ProbeExplorer(predict, text=TEXT)
    other.restore(state)
    assert other.gold is False
    assert asked[-1] == (TEXT, False)
    assert "gold" not in ProbeExplorer(fake_predictor())._state()


def test_the_same_text_is_not_asked_for_again() -> None:
    asked = []

    def predict(text: str) -> Any:
        asked.append(text)
        return fake_predictions(text)

    explorer = ProbeExplorer(predict, text=TEXT)
    explorer.restore(explorer._state() | {"layer": 2})
    assert (asked, explorer.layer) == ([TEXT], 2)


def test_a_view_of_an_explorer_comes_back_in_a_heatmap_of_the_same_text_and_in_no_other() -> None:
    state = ProbeExplorer(fake_predictor(), text=TEXT, selected=(5, 1))._state()
    heatmap = LayerHeatmap(fake_predictions(TEXT)).restore(state)
    assert heatmap.selected == (5, 1)
    other = LayerHeatmap(fake_predictions("other words"))
    before = choices(other)
    with pytest.raises(WidgetError, match=r"is of the text 'the cats.*', but this widget shows 'other words'"):
        other.restore(state)
    assert choices(other) == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"layers": [0, 9]}, r"layers \[9\], but here are \[0, 1, 2, 3, 4, 5, 6\]"),
        ({"label": "NOPE"}, "label 'NOPE', but here are"),
        ({"layer": 4, "layers": [0, 1]}, "Layer 4 is hidden"),
        ({"colour": "rainbow"}, "colour must be one of"),
        ({"selected": [3, 99]}, "selected must be None or"),
        ({"selected": "here"}, "selected must be list or nothing, but 'here' came"),
        ({"layer": True}, "layer must be int or nothing, but True came"),
        ({"more": 1}, r"has no \['more'\]"),
        ({"text": 5}, "text must be str or nothing"),
    ],
)
def test_what_cannot_be_shown_is_named_and_changes_nothing(change: dict[str, Any], words: str) -> None:
    explorer = ProbeExplorer(fake_predictor(), text=TEXT, label="VERB", layers=(1, 3), selected=(3, 2))
    before = choices(explorer)
    state = ProbeExplorer(fake_predictor(), text=TEXT)._state()
    with pytest.raises(WidgetError, match=words):
        explorer.restore(state | change)
    assert choices(explorer) == before


def test_what_the_predictor_raises_is_raised_and_changes_nothing() -> None:
    explorer = ProbeExplorer(fake_predictor(), text=TEXT, layer=2)
    with pytest.raises(ValueError, match="boom"):
        explorer.restore(explorer._state() | {"text": "boom", "layer": 5})
    assert (explorer.text, explorer.layer) == (TEXT, 2)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is not JSON, so no saved view"),
        ("[1]", r"is no saved view: `save\(\"view.json\"\)` of a widget writes one"),
        ('{"layer": 3}', "is no saved view"),
        (
            '{"format": "probewidgets view", "version": 2}',
            "is a saved view of version 2, but this package reads version 1",
        ),
        ('{"format": "probewidgets view"}', "is a saved view of version None"),
        (b"\xff\xfe", "is not JSON"),
    ],
)
def test_what_is_no_saved_view_is_refused_by_its_name(tmp_path: Path, content: str | bytes, words: str) -> None:
    path = tmp_path / "view.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(StoreError, match=f"{re.escape(str(path))}' {words}"):
        WIDGETS["explorer"]().restore(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"view\.json' could not be read: No such file"):
        WIDGETS["explorer"]().restore(tmp_path / "view.json")


def test_a_saved_view_is_small_and_can_be_read(tmp_path: Path) -> None:
    explorer = ProbeExplorer(fake_predictor(), text="größer/NOUN \u202e", selected=(3, 0))
    explorer.save(tmp_path / "view.json")
    content = json.loads((tmp_path / "view.json").read_text(encoding="utf-8"))
    assert content | {"layers": []} == {
        "format": "probewidgets view", "version": 1, "widget": "ProbeExplorer", "text": "größer/NOUN \u202e",
        "layer": 3, "layers": [], "label": None, "colour": "label", "selected": [3, 0], "first": 0,
    }  # fmt: skip
    assert "größer" in (tmp_path / "view.json").read_text(encoding="utf-8")


# ---------------------------------------------------------------------- asked for by the page


def asked(widget: Any, form: Any) -> list[tuple[Any, Any]]:
    """What a widget sends, with its buffers, when a page asks for a file."""
    sent: list[tuple[Any, Any]] = []
    widget.send = lambda content, buffers=None: sent.append((content, buffers))
    widget._handle_custom_msg({"kind": "save", "seq": 7, "client": "me", "format": form}, [])
    del widget.send
    return sent


@pytest.mark.parametrize("ending", MIMES)
def test_a_page_is_handed_the_file_as_bytes(widget: Any, ending: str) -> None:
    (ack, _), (message, buffers) = asked(widget, ending)
    assert ack["kind"] == "ack"
    assert re.fullmatch(rf"[a-z0-9-]+\.{ending}", message.pop("name"))
    assert message == {"kind": "file", "seq": 7, "client": "me", "mime": MIMES[ending]}
    assert buffers == [widget._content(ending, "page")]


@pytest.mark.parametrize("ending", ["exe", "", "../x.png", 5, None])
def test_another_format_is_refused(ending: Any) -> None:
    _, (message, _) = asked(WIDGETS["strip"](), ending)
    assert message["kind"] == "refused"
    assert "format must be" in message["text"]


def test_what_goes_wrong_while_saving_is_said_to_the_page(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    strip = WIDGETS["strip"]()
    monkeypatch.setattr(SavedReading, "_sheet", lambda *_: 1 / 0)
    _, (message, _) = asked(strip, "png")
    assert message["text"] == "It could not be saved. ZeroDivisionError: division by zero"
    assert "could not be saved as png" in caplog.text
    _, (message, _) = asked(ProbeExplorer(fake_predictor(), text=""), "json")
    assert message["kind"] == "file"


def test_a_file_is_named_after_what_it_shows() -> None:
    assert WIDGETS["explorer"]()._file_name == "probe-explorer-upos-in-tiny"
    assert WIDGETS["strip"]()._file_name == "token-strip"
