"""Tied: the cell under inspection as other widgets know one, so that it goes together with theirs."""

from __future__ import annotations

from typing import Any

import traitlets

from probewidgets.errors import WidgetError
from probewidgets.widgets.compare.choices import CompareChoices
from probewidgets.widgets.kit.checks import Checked
from probewidgets.widgets.kit.linked import Linked
from probewidgets.widgets.reading.choices import as_integer
from probewidgets.widgets.reading.linking import Tied

__all__ = ["TiedChoices"]

Cell = tuple[int, int]


class TiedChoices(Linked, CompareChoices, Tied):
    """Row and word, told in the layers and units of the predictor that is compared against.

    `layer` and `selected` follow `row` and `word`, and the other way round; a page knows of the latter only.
    """

    _tied = ("layer", "label", "colour", "selected")

    layer = Checked(None, help="The layer of the predictor `against` on the active row; None where it has none there.")
    selected = Checked(None, help="The word under inspection as (layer, unit) of the predictor `against`, or None.")

    def _chosen(self, names: set[str]) -> None:
        """Show what was chosen, after some choices have changed."""
        raise NotImplementedError

    @property
    def _cell(self) -> tuple[int | None, Cell | None]:
        """What `layer` and `selected` are by row and word."""
        board, reference = self._board(), self._reference
        layer = None if self.row is None else board.rows[self.row][reference]
        if layer is None or self.word is None:
            return layer, None
        unit = board.counterpart(self._names.index(self.word[0]), self.word[1], reference)
        return layer, None if unit is None else (layer, unit)

    def _tell_cell(self) -> None:
        """Let linked widgets have what was chosen here."""
        layer, selected = self._cell
        self._tell("layer", layer)
        self._tell("selected", selected)

    @traitlets.validate("layer")
    def _valid_layer(self, proposal: Any) -> int | None:
        layer = as_integer(proposal.value)
        if proposal.value is None and self._cell[0] is None:
            return None
        if layer is None or layer not in self._layers:
            raise WidgetError(f"layer must be one of {self.against!r}, {self._layers}, but {proposal.value!r} came.")
        return layer

    @traitlets.validate("selected")
    def _valid_selected(self, proposal: Any) -> Cell | None:
        value = proposal.value
        if value is None:
            return None
        layer, unit = map(as_integer, value if isinstance(value, list | tuple) and len(value) == 2 else (None, None))
        units = self._n_units(self.against)
        if layer is None or layer not in self._layers or unit is None or not 0 <= unit < units:
            raise WidgetError(
                f"selected must be None or (layer, unit) of {self.against!r}, with a layer of {self._layers} and a "
                f"unit of 0..{units - 1}, but {value!r} came."
            )
        return layer, unit

    @property
    def _layers(self) -> list[int]:
        """The layers of the predictor that is compared against."""
        return [layer for row in self._board().rows if (layer := row[self._reference]) is not None]

    @traitlets.observe("layer")
    def _layer_chosen(self, _change: Any) -> None:
        """Go to the layer to which another widget, or Python, has gone."""
        with self._lock:
            if self.layer == self._cell[0]:
                return
            with self._quietly():
                self.row = self._board().row_of(self._reference, self.layer)
            self._chosen({"row"})

    @traitlets.observe("selected")
    def _selected_chosen(self, _change: Any) -> None:
        """The same of a cell."""
        with self._lock:
            if self.selected == self._cell[1]:
                return
            with self._quietly():
                if self.selected is None:
                    self.word = None
                else:
                    self.row = self._board().row_of(self._reference, self.selected[0])
                    self.word = self.against, self.selected[1]
            self._chosen({"row", "word"})
