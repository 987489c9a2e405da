"""Written: the lines of Python that do what a trainer has done, as text and as a notebook."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from probewidgets.live.training import Order

__all__ = ["code_of", "notebook_of", "script_of", "short_probe"]


def code_of(order: Order, corpus: str, model: str, windowed: bool = False) -> str:
    """The lines from the corpus to the sweep.

    Args:
        order: What is trained.
        corpus: The expression that gives its corpus.
        model: The expression that gives its model.
        windowed: Whether texts that are longer than the model were read in windows.
    """
    from probewidgets.captures.pooling import is_own, mean, pool_name
    from probewidgets.models.sites import residual

    options = ""
    if order.layers != order.model.layers_of(order.site):
        options += f", layers={list(order.layers)}"
    if order.pool is not mean:
        options += f", pool={pool_name(order.pool) if is_own(order.pool) else f'pw.pools.{pool_name(order.pool)}'}"
    if order.site != residual:
        options += f", site=pw.sites.named({order.site.name!r})"
    if windowed:
        options += ", too_long='window'"
    draws = "" if not order.draws else f", control={True if order.draws == 1 else order.draws}"
    lines = [
        f"corpus = {corpus}",
        f"task = pw.{_call(order.task)}",
        f"model = {model}",
        f"acts = pw.capture(model, corpus, task{options})",
    ]
    if order.random:
        lines.append(f"random = pw.capture(model.randomized(0), corpus, task{options})")
        draws += ", random=random"
    return "\n".join([*lines, f"sweep = pw.sweep(acts, pw.{short_probe(order.probe)}{draws})"])


def _call(task: object) -> str:
    """A task as it is written, without what is as ever."""
    source = getattr(task, "column", None) or getattr(task, "source", "")
    name = repr(source) if isinstance(source, str) else getattr(source, "__name__", "...")
    return f"{type(task).__name__}({name}{', regression=True' if getattr(task, 'regression', False) else ''})"


def short_probe(probe: Any) -> str:
    """A probe as it is written, without what is as ever."""
    try:
        usual = type(probe)()
        names = [each.name for each in fields(probe) if getattr(probe, each.name) != getattr(usual, each.name)]
    except TypeError:  # somebody's own, or one that cannot be without arguments
        return repr(probe)
    return f"{type(probe).__name__}({', '.join(f'{name}={getattr(probe, name)!r}' for name in names)})"


def script_of(code: str) -> str:
    """A file of Python."""
    return f"import probewidgets as pw\n\n{code}\nprint(sweep.report())\n"


def notebook_of(code: str, title: str) -> str:
    """A notebook, nbformat 4.5, with nothing run."""
    parts = ["import probewidgets as pw", code, "sweep.table()", "pw.ProbeExplorer(pw.predictor(model, sweep))",
             "pw.ProbeErrors(sweep, acts)"]  # fmt: skip
    text = {"cell_type": "markdown", "id": "title", "metadata": {}, "source": f"# {title}"}
    cells: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "id": f"step-{at}",
            "metadata": {},
            "source": part,
            "outputs": [],
            "execution_count": None,
        }
        for at, part in enumerate(parts, 1)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps(
        {"cells": [text, *cells], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5},
        ensure_ascii=False,
        indent=1,
    )
