"""What is listed of the errors: which targets, in which order, how sure the probe was of each."""

from __future__ import annotations

import logging
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from probewidgets.machine.arrays import Floats, Ints
from probewidgets.sweeps.on_test import OnTest, frame, ordered
from probewidgets.sweeps.results import Sweep
from probewidgets.sweeps.slices import slice_table, slicings
from probewidgets.widgets.errors.choices import ErrorChoices
from probewidgets.widgets.kit.checks import in_words, traced

if TYPE_CHECKING:
    import pandas as pd

    from probewidgets.captures.activations import Activations

__all__ = ["Confidence", "Listing"]

_log = logging.getLogger(__name__)

_KEPT = 16
"""Layers of which what was computed is kept."""


class Confidence(NamedTuple):
    """How sure a layer's probe is of its answers."""

    values: npt.NDArray[np.float32]
    """(N,) probability of the label that is given; NaN where that could not be had."""
    error: str = ""
    traceback: str = ""


class Listing(ErrorChoices):
    """The targets that fit the choices, in the order that is chosen."""

    _order: Ints
    """Places of the targets that are listed."""
    _listing: tuple[Any, ...] = ()
    _lists = 0
    """How many lists there were: the page forgets the rows of an older one."""

    def _hold(self, sweep: Sweep, acts: Activations | None) -> None:
        """Take what is shown."""
        self._tested = OnTest(sweep, acts)  # type: ignore[arg-type]  # it says what is missing
        self._cuts = slicings(self._tested)
        self._sure_of: dict[int, Confidence] = {}

    @property
    def sweep(self) -> Sweep:
        """Whose errors they are."""
        return self._tested.sweep

    def to_frame(self, shown: bool = False) -> pd.DataFrame:
        """One row per test target at this layer: sentence, word, gold and given label, confidence, frequency, place.

        Args:
            shown: Only those that are listed, in their order. The index is the row that `selected` means.
        """
        return frame(self._tested, self.layer, self._sure.values, self._order if shown else None)

    def slices(self) -> pd.DataFrame:
        """The slices of the test set at this layer with their accuracies and intervals, the worst first."""
        return self._slice_table.copy()

    def confusion(self) -> pd.DataFrame:
        """How often each label (row) was given each label (column) at this layer."""
        return self.sweep.confusion(self.layer)

    def _relist(self) -> None:
        """List what is chosen, where that is something else than before."""
        listing = (self.layer, self.cell, self.slice, self.wrong, self.sort, self.reverse)
        if listing == self._listing:
            return
        names = self.sweep.label_names
        gold, given = (None if name is None else names.index(name) for name in self.cell or (None, None))
        wrong = self.wrong and (gold is None or given is None)
        places = self._tested.listed(self.layer, where=self._in_slice(), gold=gold, given=given, wrong=wrong)
        self._order = ordered(self._tested, places, self.sort, self._sure.values, self.reverse)
        self._listing, self._lists = listing, self._lists + 1

    def _in_slice(self) -> npt.NDArray[np.bool_] | None:
        if self.slice is None:
            return None
        kind, name = self.slice
        cut = next(cut for cut in self._cuts if cut.kind == kind)
        return cut.group == cut.names.index(name)

    @property
    def _sure(self) -> Confidence:
        """How sure the layer's probe is; where it raises, of nothing, and it says why. It is asked again next time."""
        if self.layer not in self._sure_of:
            while len(self._sure_of) >= _KEPT:
                self._sure_of.pop(next(iter(self._sure_of)))
            self._sure_of[self.layer] = self._asked()
        return self._sure_of[self.layer]

    def _asked(self) -> Confidence:
        try:
            return Confidence(self._tested.confidence(self.layer))
        except Exception as error:  # a probe of one's own, a file that is gone
            _log.debug("the probe of layer %s failed", self.layer, exc_info=True)
            return Confidence(np.full(len(self._tested), np.nan, np.float32), in_words(error), traced(error))

    def _distribution(self, place: int) -> Floats | None:
        """(K,) how probable each label is for one target; None where the probe raises, which is then said."""
        if self._sure.error:
            return None
        try:
            return self._tested.distribution(self.layer, place)
        except Exception as error:  # what could be read before may be gone
            _log.debug("the probe of layer %s failed", self.layer, exc_info=True)
            self._sure_of[self.layer] = self._sure._replace(error=in_words(error), traceback=traced(error))
            return None

    def _forget_failures(self) -> None:
        """Layers whose probe raised are asked again when they are chosen again."""
        for layer in [layer for layer, sure in self._sure_of.items() if sure.error]:
            del self._sure_of[layer]

    @property
    def _slice_table(self) -> pd.DataFrame:
        table: pd.DataFrame = self._slice_tables(self.layer)
        return table

    @cached_property
    def _slice_tables(self) -> Any:
        return lru_cache(_KEPT)(partial(slice_table, self._tested, self._cuts))
