"""Choices in the errors of a sweep, as validated traits: layer, cell, slice, sort, selected."""

from __future__ import annotations

from typing import Any

import traitlets

from probewidgets.errors import WidgetError, clipped
from probewidgets.sweeps.on_test import OnTest
from probewidgets.sweeps.residuals import NumbersOnTest
from probewidgets.sweeps.slices import Slicing
from probewidgets.widgets.errors.screens import Screen
from probewidgets.widgets.kit.checks import Checked, as_index, in_words

__all__ = ["CHOICES", "ErrorChoices"]

CHOICES = ("layer", "label", "cell", "slice", "wrong", "sort", "reverse", "selected")
"""What can be chosen, in the order in which choices depend on each other."""


class ErrorChoices(traitlets.HasTraits):
    """What is listed, and in which order.

    A value that does not fit raises WidgetError, which names those that do, and changes nothing.
    """

    layer = Checked(None, help="The layer whose answers are shown (int).")
    label = Checked(
        None,
        help="The label (of numbers the bin) in focus: the gold one of `cell`, else the given one; linked widgets "
        "share it.",
    )
    cell = Checked(
        None,
        help="The cell of the grid that is listed, (gold, given), of numbers two bins of `confusion()`; either may be "
        "None for any; None for all.",
    )
    slice = Checked(None, help='The slice that is listed, (kind, name) such as ("word type", "that"); None for all.')
    wrong = traitlets.Bool(
        True, help="Whether only errors are listed, where the cell does not say it; of numbers all are."
    )
    sort = Checked(
        None,
        help='What the list is sorted by: "confidence" (of numbers "residual", its size, or "signed"), "frequency", '
        '"seen" or "text"; None: the first of these.',
    )
    reverse = traitlets.Bool(False, help="Whether it is listed the other way round.")
    selected = Checked(None, help="The target under inspection: its row in `to_frame()` (int), or None.")

    _tested: OnTest | NumbersOnTest
    _screen: Screen[Any]
    _cuts: tuple[Slicing, ...] = ()

    # ------------------------------------------------------------------ what fits

    @traitlets.validate("layer")
    def _valid_layer(self, proposal: Any) -> int:
        layer, layers = as_index(proposal.value), self._tested.sweep.layers
        if layer is None or layer not in layers:
            raise WidgetError(f"layer must be one of {list(layers)}, but {clipped(proposal.value)} came.")
        try:
            self._tested.ready(layer)
        except Exception as error:  # a probe of one's own, a file that is gone
            raise WidgetError(f"Layer {layer} cannot be shown. {in_words(error)}") from error
        return layer

    @traitlets.validate("label")
    def _valid_label(self, proposal: Any) -> str | None:
        return self._label_of("label", proposal.value)

    @traitlets.validate("cell")
    def _valid_cell(self, proposal: Any) -> tuple[str | None, str | None] | None:
        pair = _pair(proposal.value)
        if proposal.value is not None and pair is None:
            raise WidgetError(
                f"cell must be None or (gold, given), two labels or None, but {clipped(proposal.value)} came."
            )
        if pair is None or pair == (None, None):
            return None
        return self._label_of("the gold label of cell", pair[0]), self._label_of("the given label of cell", pair[1])

    def _label_of(self, what: str, value: object) -> str | None:
        names = self._tested.names
        if value is not None and not (isinstance(value, str) and value in names):
            raise WidgetError(f"{what} must be None or one of {list(names[:40])}, but {clipped(value)} came.")
        return value

    @traitlets.validate("slice")
    def _valid_slice(self, proposal: Any) -> tuple[str, str] | None:
        if proposal.value is None:
            return None
        pair = _pair(proposal.value)
        names = {cut.kind: cut.names for cut in self._cuts}
        if pair is None or pair[0] not in names:
            raise WidgetError(
                f"slice must be None or (kind, name) with a kind of {list(names)}, but {clipped(proposal.value)} came."
            )
        if pair[1] not in names[pair[0]]:
            raise WidgetError(
                f"The slices by {pair[0]} are {list(names[pair[0]][:40])}, but {clipped(pair[1])} came: `slices()` has "
                "them all."
            )
        return pair

    @traitlets.validate("sort")
    def _valid_sort(self, proposal: Any) -> str:
        sorts = self._screen.sorts
        sort = sorts[0] if proposal.value is None else proposal.value
        if not isinstance(sort, str) or sort not in sorts:
            raise WidgetError(f"sort must be one of {list(sorts)}, but {clipped(sort)} came.")
        return sort

    @traitlets.validate("selected")
    def _valid_selected(self, proposal: Any) -> int | None:
        if proposal.value is None:
            return None
        place = as_index(proposal.value)
        if place is None or not 0 <= place < len(self._tested):
            raise WidgetError(
                f"selected must be None or a row of to_frame(), 0..{len(self._tested) - 1}, but "
                f"{clipped(proposal.value)} came."
            )
        return place

    # ------------------------------------------------------------------ what goes together

    @traitlets.observe("cell")
    def _label_follows(self, _change: Any) -> None:
        if self.cell is not None:
            self.label = next(label for label in self.cell if label is not None)

    @traitlets.observe("label")
    def _cell_follows(self, _change: Any) -> None:
        if self.label is not None and self.label not in (self.cell or ()):
            self.cell = (self.label, None)


def _pair(value: object) -> Any:
    """Two things as a tuple; None of anything else."""
    return tuple(value) if isinstance(value, list | tuple) and len(value) == 2 else None
