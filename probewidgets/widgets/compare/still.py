"""ProbeCompare without a page: its picture, its tables, its lines of text and its DataFrame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from probewidgets.figures.compared import lay_compared
from probewidgets.figures.paint import MOST_SHOWN, Shown
from probewidgets.figures.sheet import Sheet, Width
from probewidgets.look.visible import visible
from probewidgets.values import Predictions
from probewidgets.widgets.compare.board import Board
from probewidgets.widgets.kit.static import escape
from probewidgets.widgets.reading.still import MOST_CELLS, predictions_html, predictions_text

__all__ = ["MOST_PICTURED", "frame", "picture", "tables", "text"]

MOST_PICTURED = 20
"""Words of each in the picture that a saved notebook shows."""


def frame(board: Board, names: Sequence[str], probabilities: bool = False) -> pd.DataFrame:
    """One row per predictor, layer and unit: see `ProbeCompare.to_frame`."""
    parts = [_part(board, place, name, probabilities) for place, name in enumerate(names)]
    full = [part for part in parts if len(part)]
    columns = ["predictor", "row", "word", "layer", "unit", "text", "difference", "of"]
    return pd.concat(full, ignore_index=True) if full else pd.DataFrame(columns=columns)


def _part(board: Board, place: int, name: str, probabilities: bool) -> pd.DataFrame:
    shown, changed = board.seen[place].shown, board.differences[place]
    if shown is None or not len(shown):
        return pd.DataFrame()
    table = shown.to_frame(probabilities)
    rows = {layer: board.row_of(place, layer) for layer in shown.layers}
    table.insert(0, "predictor", name)
    table.insert(1, "row", table["layer"].map(rows))
    table.insert(2, "word", pd.array([board.keys[place][unit] for unit in table["unit"]], dtype="Int64"))
    values = None if changed is None else changed.predictions.values
    table["difference"] = np.nan if values is None else values.ravel().astype(float)
    table["of"] = [None if changed is None else changed.of[unit] for unit in table["unit"]]
    return table


def _panels(board: Board, choice: Mapping[str, Any], most: int = MOST_SHOWN) -> Iterator[tuple[str, Shown]]:
    """What each shows, with a heading."""
    for place, each in enumerate(board.seen):
        if each.shown is None or not len(each.shown):
            continue
        shown, heading = _shown(board, place, choice["show"])
        units = shown.part(0, max(1, min(most, MOST_CELLS // max(1, len(shown.layers)), len(shown))))
        row = choice["row"]
        layer = board.rows[row][place] if row is not None else None
        label = choice["label"] if choice["label"] in units.labels else None
        colour = (
            choice["colour"] if units.kind == "label" and label is None and choice["colour"] != "probability" else None
        )
        yield heading, Shown(units, layer, None, label, colour, None, each.sweep)


def _shown(board: Board, place: int, show: str) -> tuple[Predictions, str]:
    """What of a predictor is shown, and how that is called."""
    each = board.seen[place]
    changed = board.differences[place] if show == "difference" else None
    if changed is not None:
        return changed.predictions, f"{each.name} minus {board.seen[board.against].name}"
    assert each.shown is not None  # asked for before
    return each.shown, each.name


def picture(board: Board, choice: Mapping[str, Any], width: Width, most: int = MOST_SHOWN) -> Sheet | None:
    """What the page shows, for a paper; None where there is nothing to see."""
    panels = list(_panels(board, choice, most))
    return lay_compared(panels, width) if panels else None


def tables(board: Board, choice: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    """Each predictor as tables under its name."""
    parts = []
    for place, each in enumerate(board.seen):
        if each.shown is None:
            parts.append(f"<h4>{escape(each.name)}</h4><p>No words yet.</p>")
            continue
        shown, heading = _shown(board, place, choice["show"])
        layer = board.rows[choice["row"]][place] if choice["row"] is not None else None
        parts.append(f"<h4>{escape(heading)}</h4>{predictions_html(shown, layer, None, each.sweep)}")
    told = [f"{name}: {error}" for name, error in errors.items()]
    if choice["show"] == "difference":
        told += [
            f"{each.name}: no difference, {reason}"
            for each, reason in zip(board.seen, board.reasons, strict=True)
            if reason
        ]
    return f"<div>{''.join(parts)}{''.join(f'<p>{escape(line)}</p>' for line in told)}</div>"


def text(name: str, board: Board, choice: Mapping[str, Any]) -> str:
    """Which comparison it is, and one line per unit of each predictor at the active row."""
    lines = [name]
    for place, each in enumerate(board.seen):
        layer = board.rows[choice["row"]][place] if choice["row"] is not None else None
        if each.shown is None:
            lines.append(f"{visible(each.name)}\nNo words yet.")
            continue
        shown, heading = _shown(board, place, choice["show"])
        lines.append(f"{visible(heading)}\n{predictions_text(shown, layer)}")
    return "\n".join(lines)
