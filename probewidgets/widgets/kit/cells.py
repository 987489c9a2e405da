"""Cells: which one a widget was shown in, so that something that stays can be put below it later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["cell_of_now", "show_in"]


def cell_of_now() -> Mapping[str, Any] | None:
    """The header of the message that the kernel answers now, as a cell's is; None where no Jupyter kernel runs."""
    publisher = _publisher()
    return dict(publisher.parent_header) or None if publisher else None


def show_in(cell: Mapping[str, Any], bundle: Mapping[str, str]) -> None:
    """Add an output to a cell, also when that has ended; of a page that did not run the cell it is not seen."""
    publisher = _publisher()
    publisher.session.send(
        publisher.pub_socket,
        "display_data",
        {"data": dict(bundle), "metadata": {}, "transient": {}},
        parent=dict(cell),
        ident=publisher.topic,
    )


def _publisher() -> Any:
    """What sends outputs to the page; None where no Jupyter kernel runs."""
    from IPython.core.getipython import get_ipython

    publisher = getattr(get_ipython(), "display_pub", None)
    return publisher if hasattr(publisher, "pub_socket") else None
