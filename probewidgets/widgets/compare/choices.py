"""Choices of ProbeCompare, as validated traits: values or differences, what stands beside what, row, word, label."""

from __future__ import annotations

from typing import Any

import traitlets

from probewidgets.errors import WidgetError
from probewidgets.widgets.compare.board import NO_ANSWER, Board
from probewidgets.widgets.kit.checks import Checked
from probewidgets.widgets.reading.choices import ColourChoices, as_integer

__all__ = ["CHOICES", "CompareChoices"]

CHOICES = ("align", "against", "show", "row", "word", "label", "colour")
"""All choices, in the order in which they depend on each other."""
SHOW = ("values", "difference")
ALIGN = ("layer", "depth")


class CompareChoices(ColourChoices):
    """The choices. A value that does not fit raises WidgetError, which names those that do, and changes nothing."""

    show = Checked("values", help='What cells show: "values", or the "difference" to the predictor `against`.')
    align = Checked("layer", help='What stands on one row: the same "layer", or the same relative "depth".')
    against = Checked("", help="Name of the predictor that differences are taken from.")
    row = Checked(None, help="The active row, a place in `rows`; None while there are none.")
    word = Checked(None, help="The word under inspection as (name of a predictor, unit index there), or None.")

    _names: tuple[str, ...] = ()
    _pair = False

    def _board(self) -> Board:
        """What stands beside what."""
        raise NotImplementedError

    @property
    def _reference(self) -> int:
        """The place of the predictor that differences are taken from."""
        return self._names.index(self.against) if self.against in self._names else 0

    @traitlets.validate("show")
    def _valid_show(self, proposal: Any) -> str:
        show = _of("show", proposal.value, SHOW)
        reason = self._board().why_no_difference if show == "difference" else ""
        if reason and reason != NO_ANSWER:  # an answer may still come
            raise WidgetError(f"There is no difference to show: {reason}.")
        return show

    @traitlets.validate("align")
    def _valid_align(self, proposal: Any) -> str:
        return _of("align", proposal.value, ALIGN)

    @traitlets.validate("against")
    def _valid_against(self, proposal: Any) -> str:
        return _of("against", proposal.value, self._names[:1] if self._pair else self._names)

    @traitlets.validate("row")
    def _valid_row(self, proposal: Any) -> int | None:
        rows, row = self._board().rows, as_integer(proposal.value)
        if proposal.value is None and not rows:
            return None
        if row is None or not 0 <= row < len(rows):
            raise WidgetError(f"row must be one of 0..{len(rows) - 1}, but {proposal.value!r} came.")
        return row

    @traitlets.validate("word")
    def _valid_word(self, proposal: Any) -> tuple[str, int] | None:
        value = proposal.value
        if value is None:
            return None
        name, unit = value if isinstance(value, list | tuple) and len(value) == 2 else (None, None)
        unit = as_integer(unit)
        if name not in self._names or unit is None or not 0 <= unit < self._n_units(str(name)):
            counts = ", ".join(f"{each!r}: {self._n_units(each)}" for each in self._names)
            raise WidgetError(f"word must be None or (name, unit), with so many units each: {counts}; {value!r} came.")
        return str(name), unit

    def _n_units(self, name: str) -> int:
        shown = self._board().seen[self._names.index(name)].shown
        return 0 if shown is None else len(shown)


def _of(name: str, value: object, valid: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in valid:
        raise WidgetError(f"{name} must be one of {list(valid)}, but {value!r} came.")
    return value
