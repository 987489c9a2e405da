"""What a widget over Predictions is about: Predictions, a Sweep, and what there is to choose from in them."""

from __future__ import annotations

from typing import Any

import traitlets

from probewidgets.look import answers, palette
from probewidgets.look.answers import COLOURS
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions
from probewidgets.widgets.kit.static import plural
from probewidgets.widgets.reading.choices import ChoiceTraits

__all__ = ["Subject", "encode_subject"]


class Subject(ChoiceTraits):
    """Choices among what is predicted, whatever that is: labels, several at once, or numbers."""

    predictions = traitlets.Instance(Predictions, allow_none=True, help="What is shown: an immutable Predictions.")
    sweep = traitlets.Instance(Sweep, allow_none=True, read_only=True, help="Where the layers' accuracies come from.")

    _shown: Predictions | None = None
    """What the page has; `predictions` follows once it is on its way."""

    @property
    def _all_layers(self) -> tuple[int, ...]:
        if self._shown is not None:
            return self._shown.layers
        return self.sweep.layers if self.sweep is not None else ()

    @property
    def _all_labels(self) -> tuple[str, ...]:
        if self._shown is not None:
            return self._shown.labels
        return self.sweep.labels if self.sweep is not None else ()

    @property
    def _kind(self) -> str:
        """What is predicted: see `Predictions.kind`."""
        if self._shown is not None:
            return self._shown.kind
        return self.sweep.kind if self.sweep is not None and self.sweep.kind in COLOURS else "label"

    @property
    def _all_colours(self) -> tuple[str, ...]:
        return COLOURS[self._kind]

    @property
    def _n_units(self) -> int:
        return 0 if self._shown is None else len(self._shown)

    @property
    def _answers(self) -> dict[str, Any]:
        """How what is predicted is said and coloured."""
        return encode_subject(self._kind, self._all_labels, self._shown, self.sweep)

    @property
    def _told_answers(self) -> str:
        """What is predicted, in two words."""
        return "numbers" if self._kind == "number" else plural(len(self._all_labels), "label")


def encode_subject(
    kind: str, labels: tuple[str, ...], shown: Predictions | None, sweep: Sweep | None
) -> dict[str, Any]:
    """How what is predicted is said and coloured, as a page reads it: see `Predictions.kind`."""
    name = sweep.task if sweep is not None else "value"
    names, sets = (name,) if kind == "number" else labels, kind == "labels"
    scale = None if shown is None else shown.scale
    return palette.encode_labels(names, sweep, sets) | answers.encode_answers(names, sets, scale)
