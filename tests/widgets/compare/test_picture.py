"""Grids under each other in one figure: as each alone, lower by what stands above it."""

from __future__ import annotations

import numpy as np
import pytest

from probewidgets.errors import WidgetError
from probewidgets.figures.compared import HEADING, lay_compared
from probewidgets.figures.heatmap import lay_heatmap
from probewidgets.figures.marks import Line, Text
from probewidgets.figures.paint import Shown
from probewidgets.figures.sheet import MARGIN
from tests.widgets.fakes import fake_predictions, fake_sweep


def test_each_grid_is_drawn_as_alone_under_its_heading() -> None:
    shown = Shown(fake_predictions("the cats sat"), sweep=fake_sweep())
    alone = lay_heatmap(shown, "page")
    both = lay_compared([("first", shown), ("second", shown)], "page")
    assert both.height == pytest.approx(MARGIN + 2 * (HEADING + alone.height))
    headings = [mark for mark in both.marks if isinstance(mark, Text) and mark.text in ("first", "second")]
    assert [mark.text for mark in headings] == ["first", "second"]
    lowered = both.marks[-len(alone.marks) :]
    by = MARGIN + 2 * HEADING + alone.height
    for mark, other in zip(lowered, alone.marks, strict=True):
        assert type(mark) is type(other)
        if isinstance(mark, Line) and isinstance(other, Line):
            assert np.allclose(mark.points, np.add(other.points, (0, by)))
        elif not isinstance(mark, Line) and not isinstance(other, Line):
            assert (mark.x, mark.y) == pytest.approx((other.x, other.y + by))
    assert both.small_png().startswith(b"\x89PNG")


def test_a_width_that_is_none_is_refused() -> None:
    with pytest.raises(WidgetError, match="width must be"):
        lay_compared([("a", Shown(fake_predictions("the")))], 1)
