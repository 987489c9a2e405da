from __future__ import annotations

from collections.abc import Iterator

import pytest

from probewidgets.widgets import ProbeExplorer
from tests.widgets.fakes import fake_predictor


@pytest.fixture
def explorer() -> Iterator[ProbeExplorer]:
    widget = ProbeExplorer(fake_predictor(), text="the cats sat")
    yield widget
    widget.close()
