"""The errors without a kernel: a picture, tables, files, and a view that comes back."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import probewidgets as pw
from probewidgets.errors import StoreError, WidgetError
from probewidgets.widgets import ProbeErrors
from tests.widgets.errors.made import english, errors, labelled, odd_texts, reviews

KINDS = {
    "words": english,
    "sentences": reviews,
    "two labels": lambda: labelled(("yes", "no")),
    "sixty labels": lambda: labelled(tuple(f"L{k}" for k in range(60))),
    "odd texts": odd_texts,
}


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_a_notebook_keeps_a_picture_and_tables_of_any_kind(make: Any) -> None:
    widget = ProbeErrors(*make(), wrong=False)
    bundle, _ = widget._repr_mimebundle_()
    with Image.open(io.BytesIO(widget._draw())) as image:
        assert 200 < image.width < 800 and image.height < 900
    tables = bundle["text/html"]
    assert "image/png" in bundle and "Where it is worst" in tables and "Listed" in tables
    assert not re.search(r"<(?!/?(?:div|table|tbody|tr|th|td|caption|p|small|bdi|strong|img)\b)", tables)
    assert widget.sweep.task in bundle["text/plain"]


def rows_of(table: str) -> list[list[str]]:
    """The texts of a table's cells, without its head."""
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in table.split("<tr>")]
    return [[re.sub("<[^>]*>", "", cell) for cell in row] for row in rows if row]


def test_the_tables_have_the_numbers() -> None:
    widget = errors()
    confused, slices, listed = map(rows_of, widget._tables().split("<table")[1:])
    wrong = widget.confusion().to_numpy() * (1 - np.eye(len(widget.sweep.label_names), dtype=int))
    assert int(confused[0][2]) == wrong.max()
    worst = widget.slices().iloc[0]
    assert slices[0][2].startswith(f"{worst['accuracy']:.3f} [")
    first = widget.to_frame(shown=True).iloc[0]
    assert listed[0][1:3] == [first["gold"], first["given"]]
    assert f"<strong>{first['word']}</strong>" in widget._tables()


@pytest.mark.parametrize("ending", ["png", "svg", "pdf", "csv", "html", "json"])
def test_it_is_saved_in_every_format_and_the_same_view_is_the_same_file(tmp_path: Path, ending: str) -> None:
    widget = errors()
    widget.save(tmp_path / f"view.{ending}")
    assert (tmp_path / f"view.{ending}").read_bytes() == widget._content(ending, "page")


def test_the_table_is_what_is_listed(tmp_path: Path) -> None:
    widget = errors(sort="frequency")
    widget.save(tmp_path / "a.csv")
    back = pd.read_csv(tmp_path / "a.csv", keep_default_na=False)
    assert back["target"].tolist() == widget.to_frame(shown=True).index.tolist()
    assert back["word"].tolist() == widget.to_frame(shown=True)["word"].tolist()


def test_a_saved_view_comes_back_and_one_that_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    widget = errors(
        layer=0, cell=("NOUN", None), slice=("position", "last third"), sort="text", reverse=True, selected=4
    )
    widget.save(tmp_path / "a.json")
    other = errors().restore(tmp_path / "a.json")
    assert other._choices() == widget._choices()
    assert other.to_frame(shown=True).equals(widget.to_frame(shown=True))
    before = other._choices()
    with pytest.raises(WidgetError, match="layer must be one of"):
        other.restore({**widget._state(), "cell": None, "layer": 99})
    assert other._choices() == other._view["of"] == before
    with pytest.raises(StoreError, match="no saved view"):
        other.restore({"layer": 1})


def test_the_figure_shows_the_confusion_of_a_layer() -> None:
    sweep, _ = english()
    figure = pw.figures.confusion(sweep, 0, width="page")
    texts = {text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text"))}
    counts = sweep.confusion(0)
    assert set(sweep.label_names) <= texts
    assert {f"{n:,}" for n in counts.sum(1)} <= texts
    assert figure.get_size_inches()[0] == pytest.approx(6.8)
    with pytest.raises(WidgetError, match="takes a Sweep"):
        pw.figures.confusion("sweep")
