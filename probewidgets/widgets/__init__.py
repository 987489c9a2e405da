"""The widgets: ProbeExplorer, and its parts TokenStrip, LayerHeatmap and LayerCurve, each usable alone.

They are loaded when asked for, so that what needs only the palette does not import Jupyter's widgets.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from probewidgets.widgets.explorer import ProbeExplorer
    from probewidgets.widgets.layer_curve import LayerCurve
    from probewidgets.widgets.layer_heatmap import LayerHeatmap
    from probewidgets.widgets.token_strip import TokenStrip

__all__ = ["LayerCurve", "LayerHeatmap", "ProbeExplorer", "TokenStrip"]

_HOMES = {
    "LayerCurve": "layer_curve",
    "LayerHeatmap": "layer_heatmap",
    "ProbeExplorer": "explorer",
    "TokenStrip": "token_strip",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
