"""What stands beside the predictions for any text, whatever they are: what the sweep says of its texts and layers."""

from __future__ import annotations

from collections.abc import Iterator

from probewidgets.data.segment import Writing
from probewidgets.sweeps.checks import few
from probewidgets.sweeps.results import Sweep

__all__ = ["layer_names", "tested", "writing_of"]


def writing_of(sweep: Sweep) -> Writing | None:
    """How the texts of its corpus are made; None where that was not kept."""
    return Writing.restored(sweep.settings.get("texts"))


def tested(sweep: Sweep) -> Iterator[str]:
    """How little the scores of the layers say, where they are of few sentences."""
    if texts := few(sweep):
        yield f"Tested on {texts} only: the scores of the layers say little."


def layer_names(sweep: Sweep) -> tuple[str, ...]:
    """(L,) what the model calls its layers."""
    return tuple(sweep.model.layer_name(layer) for layer in sweep.layers)
