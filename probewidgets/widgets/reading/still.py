"""Predictions without a page: tables, lines of text, and how many of them a picture shows.

Notebook renderers strip style sheets, SVG, ids and roles, and GitHub strips all styles; so the tables carry their
meaning as text, and colours are literal and inline. Everything that a person typed is made visible and escaped.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from probewidgets.look import answers, palette
from probewidgets.look.visible import visible
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions
from probewidgets.widgets.kit.static import escape, short

__all__ = ["MOST_CELLS", "MOST_PICTURED", "caption", "predictions_html", "predictions_text", "report_text"]

PER_TABLE = 12
"""Units side by side in one table."""
MOST_UNITS = 120
"""Units in the tables; what is left out is counted."""
MOST_PICTURED = 40
"""Words in the picture that a saved notebook shows."""
MOST_CELLS = 210
"""Cells in that picture, if it has ten words or more."""

_CELL = {
    "label": "the predicted label and its probability",
    "labels": "the labels with a probability of 0.5 or more, or else the most probable",
    "number": "the predicted number",
}

CENTRE = "padding:2px 8px;text-align:center"
LEFT = "padding:2px 8px;text-align:left;white-space:nowrap"


def caption(sweep: Sweep | None) -> str:
    """Which probes of what: task, model, probe and corpus in one line; empty where nothing is known of them."""
    if sweep is None:
        return ""
    probe = sweep.probe.split("(")[0]
    return f"{sweep.task} of each {sweep.unit}, read off {sweep.model.place} by {probe}, trained on {sweep.corpus}."


def predictions_html(
    predictions: Predictions | None, layer: int | None, layers: Sequence[int] | None = None, sweep: Sweep | None = None
) -> str:
    """Layers x units as tables: one for each line and each dozen of units; the active layer is marked."""
    if predictions is None or not len(predictions):
        return "<div><p>No words yet.</p></div>"
    shown = min(len(predictions), MOST_UNITS)
    parts = [
        _table(predictions, range(first, last), layer, layers or predictions.layers, sweep)
        for first, last in _chunks([unit.line for unit in predictions.units[:shown]])
    ]
    unseen = any(unit.seen is False for unit in predictions.units[:shown])
    notes = [
        *([caption(sweep)] if sweep else []),
        f"Each cell: {_CELL[predictions.kind]}; ▶ marks the active layer.",
        *(["* not seen in training."] if unseen else []),
        *([f"{shown} of {len(predictions):,} shown."] if shown < len(predictions) else []),
        *predictions.notes,
    ]
    below = f"<p><small>{' '.join(escape(note) for note in notes)}</small></p>"
    return f"<div>{''.join(parts)}{below}{_report(sweep)}</div>"


def report_text(sweep: Sweep | None) -> str:
    """What a sweep's numbers are worth, in lines of text; empty where there is none."""
    return "" if sweep is None else "\n".join(visible(line) for line in sweep.report().split("\n"))


def _report(sweep: Sweep | None) -> str:
    """The same, folded up."""
    text = html.escape(report_text(sweep), quote=True)
    return f"<details><summary>How much to believe it</summary><pre>{text}</pre></details>" if text else ""


def _chunks(lines: Sequence[int]) -> list[tuple[int, int]]:
    """Ranges of at most PER_TABLE units that do not cross a line."""
    starts = [0]
    for place, line in enumerate(lines):
        if place and (line != lines[place - 1] or place - starts[-1] == PER_TABLE):
            starts.append(place)
    return list(zip(starts, [*starts[1:], len(lines)], strict=True))


def _table(
    predictions: Predictions, units: range, layer: int | None, layers: Sequence[int], sweep: Sweep | None
) -> str:
    sets = predictions.kind == "labels"
    fills = palette.encode_labels(predictions.labels, sweep, sets=sets)["palette"]["light"]
    words = [predictions.units[u] for u in units]
    head = "".join(
        f'<th scope="col" style="{CENTRE}">{escape(short(unit.text))}{"*" if unit.seen is False else ""}</th>'
        for unit in words
    )
    rows = [f'<tr><th scope="col" style="{LEFT}">Layer</th>{head}</tr>']
    for each in reversed(layers):
        index = predictions.layers.index(each)
        cells = "".join(_cell(predictions, index, u, fills) for u in units)
        mark = "▶ " if each == layer else ""
        score = _accuracy(sweep, each)
        rows.append(f'<tr><th scope="row" style="{LEFT}">{mark}Layer {each}{score}</th>{cells}</tr>')
    if any(unit.gold for unit in words):
        gold = "".join(f'<td style="{CENTRE}">{escape(unit.gold or "")}</td>' for unit in words)
        rows.append(f'<tr><th scope="row" style="{LEFT}">Gold</th>{gold}</tr>')
    return f'<table style="border-collapse:collapse;margin:4px 0"><tbody>{"".join(rows)}</tbody></table>'


def _cell(predictions: Predictions, row: int, unit: int, fills: Sequence[str]) -> str:
    text = answers.told(predictions, row, unit)
    if not answers.has_value(predictions, row, unit):
        return f'<td style="{CENTRE}">{text}</td>'
    fill = answers.fill(predictions, row, unit, fills)
    right = answers.right(predictions, row, unit)
    mark = "" if predictions.units[unit].gold is None else (" ✓" if right else " ✗")
    return f'<td style="{CENTRE};background:{fill};color:{palette.ink_on(fill)}">{escape(text)}{mark}</td>'


def _accuracy(sweep: Sweep | None, layer: int) -> str:
    if sweep is None or layer not in sweep.layers:
        return ""
    return f" · {sweep.metric_name} {sweep.score(layer).value.value:.3f}"


def predictions_text(predictions: Predictions | None, layer: int | None) -> str:
    """One line per unit at the active layer, in aligned columns."""
    if predictions is None or not len(predictions) or layer not in predictions.layers:
        return "No words yet."
    index = predictions.layers.index(layer)
    shown = predictions.units[:MOST_UNITS]
    width = min(24, max(len(visible(unit.text)) for unit in shown))
    lines = [f"Layer {layer}"]
    for place, unit in enumerate(shown):
        prediction = answers.told(predictions, index, place)
        gold = f"  (gold {unit.gold})" if unit.gold else ""
        lines.append(f"  {visible(unit.text):<{width}}  {prediction}{gold}")
    if len(shown) < len(predictions):
        lines.append(f"  … {len(predictions) - len(shown):,} more")
    return "\n".join(lines)
