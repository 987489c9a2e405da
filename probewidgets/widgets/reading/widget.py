"""ReadingWidget: what the widgets over Predictions share. What is sent, what can be chosen, and what is left of it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import traitlets

from probewidgets.errors import WidgetError
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions
from probewidgets.widgets.kit.checks import checked
from probewidgets.widgets.kit.messages import Message, hears
from probewidgets.widgets.kit.static import plural
from probewidgets.widgets.reading import payload, still
from probewidgets.widgets.reading.linking import Linkable
from probewidgets.widgets.reading.states import Restorable

__all__ = ["ReadingWidget"]


class ReadingWidget(Restorable, Linkable):
    """Base of the widgets that show Predictions and a Sweep; it keeps the choices of page and Python in step."""

    # ------------------------------------------------------------------ what is shown at first

    def _hold(self, predictions: Predictions | None, sweep: Sweep | None) -> None:
        """Take what is shown, before the first view is sent."""
        self._shown = predictions
        if sweep is not None:
            self.set_trait("sweep", checked(sweep, Sweep))
        self.predictions = predictions

    def _start(self, **choices: Any) -> None:
        """Take the first choices (None: the default) and send the first view."""
        with self._quietly():
            self._fit_choices()
            if self.sweep is not None and self.sweep.best.layer in self.layers:
                self.layer = self.sweep.best.layer
            for name in ("layers", "layer", "colour", "label", "selected"):
                value = choices.get(name)
                if value is not None:
                    setattr(self, name, value)
        self._publish()

    @cached_property
    def _report_text(self) -> str:
        """What the sweep's numbers are worth, in words; made once."""
        return still.report_text(self.sweep)

    # ------------------------------------------------------------------ kernel -> page

    def _payload(self) -> dict[str, Any]:
        """All that is drawn, but for the choices."""
        layers = self._all_layers
        names = self._shown.names if self._shown is not None else ()
        view: dict[str, Any] = {
            "title": self._title,
            "unit": self.sweep.unit if self.sweep is not None else "word",
            "layers": list(layers),
            "layer_facts": payload.layer_facts(layers, names, self.sweep),
            "curve": payload.encode_curve(self.sweep) if self.sweep is not None else None,
            "report": self._report_text,
            **self._answers,
        }
        if self._shown is not None:
            window = self._window(self._shown)
            self._window_start = window.start
            view |= payload.encode_predictions(self._shown, window)
            view["zoomed"] = self._window_size < payload.MAX_UNITS
        return view

    def _choices(self) -> dict[str, Any]:
        return {
            "layer": self.layer,
            "layers": list(self.layers),
            "label": self.label,
            "colour": self.colour,
            "selected": list(self.selected) if self.selected else None,
        }

    @traitlets.observe("layer", "layers", "label", "colour", "selected")
    def _choice_changed(self, change: Any) -> None:
        if self._silent:
            return
        with self._lock:
            if change.name == "selected" and self._scrolled_to_selection():
                self._publish()
            else:
                self._publish_choice()

    @traitlets.observe("predictions")
    def _predictions_changed(self, change: Any) -> None:
        if self._shown is change.new:
            return
        with self._lock:
            with self._quietly():
                if self._shown is None or change.new is None or self._shown.text != change.new.text:
                    self._window_start, self._window_size = 0, payload.MAX_UNITS
                self._shown = change.new
                self._fit_choices()
            self._publish()

    def _scrolled_to_selection(self) -> bool:
        """Move the window so that the selected unit is in it; whether that was needed."""
        if self.selected is None or self._shown is None:
            return False
        window = payload.Window.around(self._shown, self.selected[1], self._window_size)
        moved = window.start != self._window_start
        self._window_start = window.start
        return moved

    # ------------------------------------------------------------------ page -> kernel

    @hears(
        "choose",
        maybe={"layer": int, "layers": list, "colour": str, "label": str | None, "selected": list | None},
    )
    def _on_choose(self, message: Message, **choices: Any) -> None:
        """Layer, layers, label, colour or selection, chosen in the page. What does not fit changes nothing."""
        with self._lock, self._by(message):
            with self._quietly():
                for name in ("layers", "layer", "colour", "label", "selected"):
                    if name in choices and (name, choices[name]) != ("colour", "probability"):
                        try:
                            setattr(self, name, choices[name])
                        except (WidgetError, TypeError):
                            continue
            self._publish_choice()

    @hears("window", start=int, maybe={"size": int | None})
    def _on_window(self, message: Message, start: int, **zoomed: int | None) -> None:
        """Another page of units, or a page of another size, as long as the text is the same; None: the usual one."""
        if self._shown is not None:
            with self._lock, self._by(message):
                size = max(1, zoomed.get("size", self._window_size) or payload.MAX_UNITS)
                unit = max(0, min(start, self._n_units))
                self._window_size = min(size, payload.MAX_UNITS)
                self._window_start = payload.Window.around(self._shown, unit, self._window_size).start
                self._publish()

    def __repr__(self) -> str:
        unit = self.sweep.unit if self.sweep is not None else "word"
        layers = f"layer {self.layer} of {list(self._all_layers)}"
        return f"{type(self).__name__}({plural(self._n_units, unit)}, {layers}, {self._told_answers})"
