"""A snapshot that the page asks for stands below the widget, in the cell that shows it, and nowhere else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from probewidgets.errors import WidgetError
from probewidgets.widgets import ProbeExplorer
from tests.widgets.fakes import fake_predictor


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What a kernel would have sent to its pages."""
    messages: list[tuple[Any, ...]] = []
    session = SimpleNamespace(send=lambda *given, **more: messages.append((*given[1:], more["parent"]["msg_id"])))
    publisher = SimpleNamespace(
        session=session, pub_socket="socket", topic=b"topic", parent_header={"msg_id": "cell 1"}
    )
    shell = SimpleNamespace(display_pub=publisher)
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: shell)
    return messages


def test_a_snapshot_goes_to_the_cell_that_shows_the_widget(sent: list[tuple[Any, ...]], monkeypatch: Any) -> None:
    widget = ProbeExplorer(fake_predictor(), text="cats sleep")
    widget._repr_mimebundle_()
    from IPython.core.getipython import get_ipython

    get_ipython().display_pub.parent_header = {"msg_id": "a later one"}
    widget._snapshot_below()
    ((kind, content, cell),) = sent
    assert (kind, cell) == ("display_data", "cell 1")
    assert content["data"]["text/html"] == widget.snapshot()._repr_html_()
    assert content["data"]["text/plain"] == repr(widget.snapshot())
    widget.close()


def test_without_a_kernel_it_is_said_what_to_do_instead() -> None:
    widget = ProbeExplorer(fake_predictor(), text="cats sleep")
    widget._repr_mimebundle_()
    with pytest.raises(WidgetError, match=r"Run snapshot\(\) of the widget in a cell"):
        widget._snapshot_below()
    widget.close()
