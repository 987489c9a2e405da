"""What a typed text gives where numbers are predicted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from probewidgets.live.beside import layer_names, tested, writing_of
from probewidgets.live.reader import Reader
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions, Scale

if TYPE_CHECKING:
    from probewidgets.captures.pooling import Pool
    from probewidgets.models.language_model import LanguageModel

__all__ = ["NumberPredictor"]


@dataclass(frozen=True, eq=False)
class NumberPredictor:
    """A callable `text -> Predictions` of numbers: a text is read as those of the training corpus are.

    Made by `predictor`. Each number is in the unit of the task, as the probe gives it: nothing keeps it among those of
    train, and notes say how many are not. Colours span the training values from their 5 % to their 95 % quantile.
    There are no gold labels: each slash is text.
    """

    model: LanguageModel
    sweep: Sweep
    pool: Pool

    def __repr__(self) -> str:
        sweep = self.sweep
        return f"NumberPredictor({sweep.task!r} per {sweep.unit}, {self.model.name!r}, layers {sweep.layers})"

    def __call__(self, text: str, *, check: Callable[[], None] | None = None) -> Predictions:
        """What the probes of all layers say of a text.

        Args:
            text: Any text; each line is a sentence.
            check: Called between batches; what it raises ends the work.

        Returns:
            Predictions with `values` (L, U). Their `notes` say what could not be read, or was read in pieces.

        Raises:
            DataError: `text` is no string, or holds half a character.
            ModelError: The model's states hold NaN or infinity.
        """
        check = check or (lambda: None)
        text_read = self.reader(text, check)
        layers = self.sweep.layers
        values = np.empty((len(layers), len(text_read.units)), np.float32)
        for at, states in self.reader.states(text_read, layers, self.pool, self.sweep.model.site, check):
            for row, fitted in enumerate(self.sweep.probes):
                values[row, at] = fitted.predict(states[row])
        scale = self.scale or Scale.of(values if values.size else [0.0, 1.0]).unknown
        notes = (*self._caveats(values, scale), *self.reader.caveats(), *text_read.notes, *tested(self.sweep))
        names = layer_names(self.sweep)
        return Predictions.of_numbers(text, text_read.units, layers, values, scale, notes=notes, names=names)

    @cached_property
    def reader(self) -> Reader:
        """How a text is read."""
        sweep = self.sweep
        return Reader(self.model, sweep.unit, sweep.segmenter, sweep.types, writing=writing_of(sweep))

    @cached_property
    def scale(self) -> Scale | None:
        """What the numbers of train are like; None in files of versions that did not keep it."""
        facts = self.sweep.settings.get("numbers")
        return None if facts is None else Scale(**facts)

    def _caveats(self, values: np.ndarray, scale: Scale) -> Iterator[str]:
        """How far the numbers can be judged by those of train."""
        if self.scale is None:
            yield "This sweep does not say which numbers it was trained on: colours span those of this text."
        elif outside := int(np.count_nonzero(scale.outside(values))):
            yield (
                f"{outside} of {values.size:,} numbers lie outside of all that the probe was trained on, "
                f"{scale.trained}: ↑ above, ↓ below."
            )
