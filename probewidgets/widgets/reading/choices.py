"""Choices of the widgets over Predictions, as validated traits: layer, layers, label, colour, selected."""

from __future__ import annotations

import operator
from typing import Any

import traitlets

from probewidgets.errors import WidgetError
from probewidgets.look.answers import COLOURS
from probewidgets.widgets.kit.checks import Checked

__all__ = ["ChoiceTraits", "ColourChoices", "as_integer"]


class ColourChoices(traitlets.HasTraits):
    """What colour means. `label` and `colour` are always consistent: only a probability is one of a label.

    A value that does not fit raises WidgetError, which names those that do, and changes nothing.
    """

    label = Checked(None, help="The label whose probability is the colour; None for the predicted label.")
    colour = Checked(
        "label",
        help='What the colour means: "label", "probability" (of `label`) or "entropy" (of one label each); or "value".',
    )

    # What there is to choose from. A widget overrides these.
    @property
    def _all_labels(self) -> tuple[str, ...]:
        return ()

    @property
    def _all_colours(self) -> tuple[str, ...]:
        return COLOURS["label"]

    @traitlets.validate("label")
    def _valid_label(self, proposal: Any) -> str | None:
        value = proposal.value
        if value is not None and not (isinstance(value, str) and value in self._all_labels):
            if not self._all_labels:
                raise WidgetError(f"label must be None: there are no labels here, but {value!r} came.")
            raise WidgetError(f"label must be None or one of {list(self._all_labels)}, but {value!r} came.")
        return value

    @traitlets.validate("colour")
    def _valid_colour(self, proposal: Any) -> str:
        if not isinstance(proposal.value, str) or proposal.value not in self._all_colours:
            raise WidgetError(f"colour must be one of {list(self._all_colours)}, but {proposal.value!r} came.")
        if proposal.value == "probability" and self.label is None:
            raise WidgetError(f"Which label's probability? Set `label` to one of {list(self._all_labels)} instead.")
        return proposal.value

    @traitlets.observe("label")
    def _colour_follows(self, _change: Any) -> None:
        if self.label is not None:
            self.colour = "probability"
        elif self.colour == "probability":
            self.colour = self._all_colours[0]

    @traitlets.observe("colour")
    def _label_follows(self, _change: Any) -> None:
        if self.colour != "probability":
            self.label = None


class ChoiceTraits(ColourChoices):
    """The choices of a widget. They are always consistent: `layer` is one of `layers`, `label` one of the labels.

    A value that does not fit raises WidgetError, which names those that do, and changes nothing.
    """

    layer = Checked(None, help="The active layer (int); None while no layers are known.")
    layers = Checked((), help="The layers shown (tuple of int), a subset of all; set to None to show all.")
    selected = Checked(None, help="The cell under inspection as (layer, unit index), or None.")

    # What there is to choose from. A widget overrides these.
    @property
    def _all_layers(self) -> tuple[int, ...]:
        return ()

    @property
    def _n_units(self) -> int:
        return 0

    @traitlets.validate("layer")
    def _valid_layer(self, proposal: Any) -> int | None:
        value = proposal.value
        if value is None and not self.layers:
            return None
        layer = as_integer(value)
        if layer is None or layer not in self._all_layers:
            raise WidgetError(f"layer must be one of {list(self._all_layers)}, but {value!r} came.")
        if layer not in self.layers:
            raise WidgetError(f"Layer {layer} is hidden. Shown: {list(self.layers)}. Add it to `layers` first.")
        return layer

    @traitlets.validate("layers")
    def _valid_layers(self, proposal: Any) -> tuple[int, ...]:
        value = proposal.value
        if value is None or not self._all_layers:
            return self._all_layers
        wanted = _integers(value) or [None]
        if not set(wanted) <= set(self._all_layers):
            raise WidgetError(
                f"layers must be a non-empty subset of {list(self._all_layers)} (or None for all), but {value!r} came."
            )
        return tuple(layer for layer in self._all_layers if layer in wanted)

    @traitlets.validate("selected")
    def _valid_selected(self, proposal: Any) -> tuple[int, int] | None:
        value = proposal.value
        if value is None:
            return None
        pair = tuple(_integers(value))
        if len(pair) != 2 or pair[0] not in self.layers or pair[1] is None or not 0 <= pair[1] < self._n_units:
            raise WidgetError(
                f"selected must be None or (layer, unit) with a layer of {list(self.layers)} and a unit of "
                f"0..{self._n_units - 1}, but {value!r} came."
            )
        return pair[0], pair[1]  # type: ignore[return-value]

    @traitlets.observe("layers")
    def _keep_layer_shown(self, _change: Any) -> None:
        if self.layers and self.layer not in self.layers:
            before = self.layer if self.layer is not None else self.layers[-1]
            self.layer = min(self.layers, key=lambda layer: abs(layer - before))
        if self.selected and self.selected[0] not in self.layers:
            self.selected = (self.layer, self.selected[1])

    @traitlets.observe("layer")
    def _selection_follows(self, _change: Any) -> None:
        if self.selected and self.layer is not None:
            self.selected = (self.layer, self.selected[1])

    @traitlets.observe("selected")
    def _layer_follows(self, _change: Any) -> None:
        if self.selected:
            self.layer = self.selected[0]

    def _fit_choices(self) -> None:
        """Make the choices fit what there is to choose from, after that changed."""
        if self.selected and self.selected[1] >= self._n_units:
            self.selected = None
        shown = tuple(layer for layer in self.layers if layer in self._all_layers)
        self.layers = shown or None
        if self.label not in self._all_labels:
            self.label = None
        if self.colour not in self._all_colours:
            self.colour = self._all_colours[0]


def _integers(value: Any) -> list[int | None]:
    """The items of any iterable but a string, None for each that is no integer; empty if it is no iterable."""
    try:
        return [] if isinstance(value, str | bytes) else [as_integer(item) for item in value]
    except TypeError:
        return []


def as_integer(value: object) -> int | None:
    """The value as an int (numpy's count), or None; True and False are no layers."""
    try:
        return None if isinstance(value, bool) else operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        return None
