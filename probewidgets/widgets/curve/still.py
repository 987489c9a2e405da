"""The layer curve without a page: its picture on rows, its figure for a paper, its table and its lines of text."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from probewidgets.figures.scores import lay_scores as picture
from probewidgets.figures.sheet import Width
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Estimate
from probewidgets.widgets.kit.static import escape
from probewidgets.widgets.reading.still import LEFT, caption

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["figure", "picture", "table", "text"]


def figure(sweep: Sweep, width: Width) -> Figure:
    """The curve as in the page, with the layers along it."""
    from probewidgets.figures.curve import layer_curve

    return layer_curve(sweep, width=width)


def table(sweep: Sweep, layer: int | None = None) -> str:
    """The scores of every layer as a table, and the baselines under it."""
    shown = ["value"] + ["control", "selectivity"] * (sweep.unit != "sentence")
    shown += ["random"] * any(score.random for score in sweep.scores)
    metric = sweep.metric_name[:1].upper() + sweep.metric_name[1:]
    names = ["Layer", metric, *(name.replace("random", "random model").capitalize() for name in shown[1:])]
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


def text(sweep: Sweep) -> str:
    """One line per layer, and the baselines."""
    lines = [f"  {score.layer:>3}  {sweep.metric_name} {score.value}" for score in sweep.scores]
    return "\n".join([repr(sweep), *lines, *(f"  {b.name}: {b.value}" for b in sweep.baselines)])


def _estimate(value: Estimate | None) -> str:
    return "–" if value is None else html.escape(str(value))
