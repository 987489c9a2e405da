"""The widgets: ProbeExplorer, its parts, each usable alone, and those in which one trains, teaches, compares, asks on.

They are loaded when asked for, so that what needs only the palette does not import Jupyter's widgets.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from probewidgets.widgets.compare.widget import ProbeCompare
    from probewidgets.widgets.curve.widget import LayerCurve
    from probewidgets.widgets.errors.widget import ProbeErrors
    from probewidgets.widgets.explorer.widget import ProbeExplorer
    from probewidgets.widgets.heatmap.widget import LayerHeatmap
    from probewidgets.widgets.strip.widget import TokenStrip
    from probewidgets.widgets.teacher.widget import ProbeTeacher
    from probewidgets.widgets.trainer.widget import ProbeTrainer

__all__ = [
    "LayerCurve",
    "LayerHeatmap",
    "ProbeCompare",
    "ProbeErrors",
    "ProbeExplorer",
    "ProbeTeacher",
    "ProbeTrainer",
    "TokenStrip",
]

_HOMES = {
    "LayerCurve": "curve.widget",
    "LayerHeatmap": "heatmap.widget",
    "ProbeCompare": "compare.widget",
    "ProbeErrors": "errors.widget",
    "ProbeExplorer": "explorer.widget",
    "ProbeTeacher": "teacher.widget",
    "ProbeTrainer": "trainer.widget",
    "TokenStrip": "strip.widget",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
