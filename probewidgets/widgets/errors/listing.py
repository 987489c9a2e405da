"""What is listed of the errors: which targets, in which order, and what is told of each."""

from __future__ import annotations

import logging
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from probewidgets.machine.arrays import Floats, Ints
from probewidgets.sweeps.residuals import targets_on_test
from probewidgets.sweeps.results import Sweep
from probewidgets.sweeps.slices import slice_table, slicings
from probewidgets.sweeps.tested import frame, ordered
from probewidgets.widgets.errors.choices import ErrorChoices
from probewidgets.widgets.errors.screens import screen_of
from probewidgets.widgets.kit.checks import in_words, traced

if TYPE_CHECKING:
    import pandas as pd

    from probewidgets.captures.activations import Activations

__all__ = ["Listing", "Told"]

_log = logging.getLogger(__name__)

_KEPT = 16
"""Layers of which what was computed is kept."""


class Told(NamedTuple):
    """What is told of the answers of a layer: how sure they are, or how far off."""

    values: Floats
    """(N,) probability of the label that is given, or predicted - true; NaN where that could not be had."""
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
        self._tested = targets_on_test(sweep, acts)
        self._screen = screen_of(self._tested)
        self._cuts = slicings(self._tested)
        self._told_of: dict[int, Told] = {}

    @property
    def sweep(self) -> Sweep:
        """Whose errors they are."""
        return self._tested.sweep

    def to_frame(self, shown: bool = False) -> pd.DataFrame:
        """One row per test target at this layer: sentence, word, gold and given label, confidence, frequency, place.

        Of numbers `gold` is the true one, `given` the predicted one, and `residual` is predicted - true.

        Args:
            shown: Only those that are listed, in their order. The index is the row that `selected` means.
        """
        return frame(self._tested, self.layer, self._told.values, self._order if shown else None)

    def slices(self) -> pd.DataFrame:
        """The slices of the test set at this layer with their scores and intervals, the worst first.

        Of labels the score is the accuracy, of numbers the mean absolute error (`mae`), with the mean residual.
        """
        return self._slice_table.copy()

    def confusion(self) -> pd.DataFrame:
        """How often each label, or bin of numbers, (row) was given each (column) at this layer."""
        import pandas as pd

        names, (rows, columns) = self._tested.names, self._screen.words
        counts = self._tested.counts(self.layer)
        table: pd.DataFrame = pd.DataFrame(counts, pd.Index(names, name=rows), pd.Index(names, name=columns))
        return table

    def _relist(self) -> None:
        """List what is chosen, where that is something else than before."""
        listing = (self.layer, self.cell, self.slice, self.wrong, self.sort, self.reverse)
        if listing == self._listing:
            return
        names = self._tested.names
        gold, given = (None if name is None else names.index(name) for name in self.cell or (None, None))
        wrong = self.wrong and self._tested.right_or_wrong and (gold is None or given is None)
        places = self._tested.listed(self.layer, where=self._in_slice(), gold=gold, given=given, wrong=wrong)
        self._order = ordered(self._tested, places, self.sort, self._told.values, self.reverse)
        self._listing, self._lists = listing, self._lists + 1

    def _in_slice(self) -> npt.NDArray[np.bool_] | None:
        if self.slice is None:
            return None
        kind, name = self.slice
        cut = next(cut for cut in self._cuts if cut.kind == kind)
        return cut.group == cut.names.index(name)

    @property
    def _told(self) -> Told:
        """What is told of the layer's answers; where its probe raises, only why. It is asked again next time."""
        if self.layer not in self._told_of:
            while len(self._told_of) >= _KEPT:
                self._told_of.pop(next(iter(self._told_of)))
            self._told_of[self.layer] = self._asked()
        return self._told_of[self.layer]

    def _asked(self) -> Told:
        try:
            return Told(self._tested.told(self.layer))
        except Exception as error:  # a probe of one's own, a file that is gone
            _log.debug("the probe of layer %s failed", self.layer, exc_info=True)
            return Told(np.full(len(self._tested), np.nan, np.float32), in_words(error), traced(error))

    def _distribution(self, place: int) -> Floats:
        """(K,) how probable each label is for one target; none where the probe raises, which is then said."""
        if self._told.error:
            return np.zeros(0)
        try:
            return self._tested.distribution(self.layer, place)
        except Exception as error:  # what could be read before may be gone
            _log.debug("the probe of layer %s failed", self.layer, exc_info=True)
            self._told_of[self.layer] = self._told._replace(error=in_words(error), traceback=traced(error))
            return np.zeros(0)

    def _forget_failures(self) -> None:
        """Layers whose probe raised are asked again when they are chosen again."""
        for layer in [layer for layer, told in self._told_of.items() if told.error]:
            del self._told_of[layer]

    @property
    def _slice_table(self) -> pd.DataFrame:
        table: pd.DataFrame = self._slice_tables(self.layer)
        return table

    @cached_property
    def _slice_tables(self) -> Any:
        return lru_cache(_KEPT)(partial(slice_table, self._tested, self._cuts))
