"""What is left when there is no kernel and no script: a picture, tables with numbers, one self-contained page.

Notebook renderers strip style sheets, SVG, ids and roles, and GitHub strips all styles; so the tables carry their
meaning as text, and colours are literal and inline. Everything that a person typed is made visible and escaped.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
from collections.abc import Mapping, Sequence
from importlib.resources import files
from types import TracebackType
from typing import Any

import numpy as np

from probewidgets.errors import WidgetError, clipped
from probewidgets.look import palette
from probewidgets.look.visible import visible
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Estimate, Predictions

__all__ = [
    "Snapshot", "caption", "curve_html", "curve_text", "image_html", "is_static", "page_html", "plural",
    "predictions_html", "predictions_text", "static",
]  # fmt: skip

PER_TABLE = 12
"""Units side by side in one table."""
MOST_UNITS = 120
"""Units in the tables; what is left out is counted."""

LONGEST = 40
"""Characters of a word that are shown."""

CENTRE = "padding:2px 8px;text-align:center"
LEFT = "padding:2px 8px;text-align:left;white-space:nowrap"


class Snapshot:
    """What a widget showed at one moment: a picture, a table with numbers, and the same as text."""

    def __init__(self, markup: str, text: str, picture: bytes | None = None) -> None:
        self._markup, self._text, self._picture = markup, text, picture

    def _repr_html_(self) -> str:
        return self._markup

    def _repr_png_(self) -> bytes | None:
        return self._picture

    def __repr__(self) -> str:
        return self._text


_static: bool | None = None  # what `static` was told; None: nothing


class static:  # noqa: N801 - used like a function, and as a context manager
    """Show widgets as pictures and tables instead of live: for documentation, CI, or a notebook to be published.

    `pw.static()` from now on, `pw.static(False)` no longer, `with pw.static():` inside the block. What the environment
    variable PROBEWIDGETS_STATIC says (`1`: static) holds where nothing else is said.

    Args:
        on: Whether widgets are shown static.

    Raises:
        WidgetError: `on` is neither True nor False.
    """

    def __init__(self, on: bool = True) -> None:
        global _static
        if not isinstance(on, bool):
            raise WidgetError(f"static takes True or False, but {clipped(on)} came.")
        self._before, _static = _static, on

    def __enter__(self) -> static:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        global _static
        _static = self._before

    def __repr__(self) -> str:
        return f"Widgets are shown {'static' if is_static() else 'live'}."


def is_static() -> bool:
    """Whether widgets are shown static."""
    return os.environ.get("PROBEWIDGETS_STATIC") == "1" if _static is None else _static


def caption(sweep: Sweep | None) -> str:
    """Which probes of what: task, model, probe and corpus in one line; empty where nothing is known of them."""
    if sweep is None:
        return ""
    probe = sweep.probe.split("(")[0]
    return f"{sweep.task} of each {sweep.unit}, read off {sweep.model.place} by {probe}, trained on {sweep.corpus}."


def image_html(picture: bytes, alt: str) -> str:
    """A PNG as markup that sanitisers keep."""
    data = base64.b64encode(picture).decode()
    return f'<img alt="{html.escape(alt, quote=True)}" src="data:image/png;base64,{data}" style="max-width:100%">'


def plural(count: int, noun: str) -> str:
    """`"1 word"`, `"5,000 words"`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def short(text: str) -> str:
    """A word that leaves room for others."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def escape(text: str) -> str:
    """A typed text as markup: visible, escaped, and isolated so that it cannot reorder its neighbours."""
    return f"<bdi>{html.escape(visible(text), quote=True)}</bdi>"


# ---------------------------------------------------------------------- predictions


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
        "Each cell: the predicted label and its probability; ▶ marks the active layer.",
        *(["* not seen in training."] if unseen else []),
        *([f"{shown} of {len(predictions):,} shown."] if shown < len(predictions) else []),
        *predictions.notes,
    ]
    said = f"<p><small>{' '.join(escape(note) for note in notes)}</small></p>"
    return f"<div>{''.join(parts)}{said}{_report(sweep)}</div>"


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
    fills = palette.encode_labels(predictions.labels, sweep)["palette"]["light"]
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


def _cell(predictions: Predictions, index: int, unit: int, fills: Sequence[str]) -> str:
    best, share = top(predictions, index, unit)
    if best is None:
        return f'<td style="{CENTRE}">no value</td>'
    fill = palette.fade(fills[best], "#ffffff", share)
    label, gold = predictions.labels[best], predictions.units[unit].gold
    mark = "" if gold is None else (" ✓" if gold == label else " ✗")
    return f'<td style="{CENTRE};background:{fill};color:{palette.DARK_INK}">{escape(label)} {share:.2f}{mark}</td>'


def top(predictions: Predictions, index: int, unit: int) -> tuple[int | None, float]:
    """The most probable label (its column) and its probability; None where the probabilities are not finite."""
    row = predictions.proba[index, unit]
    if not row.size or not np.isfinite(row).all():
        return None, float("nan")
    best = int(row.argmax())
    return best, float(row[best])


def _accuracy(sweep: Sweep | None, layer: int) -> str:
    return (
        f" · {sweep.metric_name} {sweep.score(layer).value.value:.3f}"
        if sweep is not None and layer in sweep.layers
        else ""
    )


def predictions_text(predictions: Predictions | None, layer: int | None) -> str:
    """One line per unit at the active layer, in aligned columns."""
    if predictions is None or not len(predictions) or layer not in predictions.layers:
        return "No words yet."
    index = predictions.layers.index(layer)
    shown = predictions.units[:MOST_UNITS]
    width = min(24, max(len(visible(unit.text)) for unit in shown))
    lines = [f"Layer {layer}"]
    for place, unit in enumerate(shown):
        best, share = top(predictions, index, place)
        said = "no value" if best is None else f"{predictions.labels[best]} {share:.2f}"
        gold = f"  (gold {unit.gold})" if unit.gold else ""
        lines.append(f"  {visible(unit.text):<{width}}  {said}{gold}")
    if len(shown) < len(predictions):
        lines.append(f"  … {len(predictions) - len(shown):,} more")
    return "\n".join(lines)


# ---------------------------------------------------------------------- the layer curve


def curve_html(sweep: Sweep, layer: int | None = None) -> str:
    """The scores of every layer as a table, and the baselines under it."""
    shown = ["value", "control", "selectivity"] + ["random"] * any(score.random for score in sweep.scores)
    score_name = sweep.metric_name[:1].upper() + sweep.metric_name[1:]
    names = ["Layer", score_name, *(name.replace("random", "random model").capitalize() for name in shown[1:])]
    rows = ["<tr>" + "".join(f'<th scope="col" style="padding:2px 8px">{name}</th>' for name in names) + "</tr>"]
    for score in sweep.scores:
        mark = "▶ " if score.layer == layer else ""
        cells = "".join(
            f'<td style="padding:2px 8px;text-align:right">{_estimate(value)}</td>'
            for value in (getattr(score, name) for name in shown)
        )
        head = f"{mark}Layer {html.escape(sweep.model.layer_name(score.layer))}"
        rows.append(f'<tr><th scope="row" style="{LEFT}">{head}</th>{cells}</tr>')
    baselines = "; ".join(f"{html.escape(b.name)} {_estimate(b.value)}" for b in sweep.baselines)
    return (
        f'<div><table style="border-collapse:collapse;margin:4px 0"><tbody>{"".join(rows)}</tbody></table>'
        f"<p><small>{escape(caption(sweep))} Test {sweep.metric_name} with its 95 % interval. "
        f"Baselines: {baselines or 'none'}.</small></p></div>"
    )


def curve_text(sweep: Sweep) -> str:
    """One line per layer, and the baselines."""
    lines = [f"  {score.layer:>3}  {sweep.metric_name} {score.value}" for score in sweep.scores]
    return "\n".join([repr(sweep), *lines, *(f"  {b.name}: {b.value}" for b in sweep.baselines)])


def _estimate(value: Estimate | None) -> str:
    return "–" if value is None else html.escape(str(value))


# ---------------------------------------------------------------------- one self-contained page


def page_html(
    *, title: str, esm: str, css: str, state: Mapping[str, Any], fallback: str, captions: Sequence[str] = ()
) -> str:
    """A page that runs a widget's own module on a saved state. Its policy forbids every request and every other script.

    Args:
        title: Title of the page.
        esm: The widget's module; its one `export default` becomes a local name.
        css: Its style sheet.
        state: The traits that the module reads; bytes are written as base64.
        fallback: Markup for readers without scripts, already escaped.
        captions: Lines of text under the widget.
    """
    below = "".join(f'<p class="caption">{escape(line)}</p>\n' for line in captions if line)
    here = files("probewidgets.widgets")
    host = (here / "static_host.js").read_text(encoding="utf-8")
    style = f"\n{css}\n{(here / 'static_host.css').read_text(encoding='utf-8')}\n"
    script = "\n" + esm.replace("export default ", "const widget = ", 1) + "\n" + host + "\n"
    policy = f"default-src 'none'; script-src {_digest(script)}; style-src 'unsafe-inline'; form-action 'none'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f'<main id="widget">{fallback}</main>\n{below}'
        f'<script type="application/json" id="state">{_json(state)}</script>\n'
        f'<script type="module">{script}</script>\n</body>\n</html>\n'
    )


def _digest(text: str) -> str:
    """How a policy names one inline script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json(state: Mapping[str, Any]) -> str:
    """JSON that cannot end its script element; bytes become `{"base64": ...}`."""
    text = json.dumps(state, default=lambda raw: {"base64": base64.b64encode(raw).decode()}, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
