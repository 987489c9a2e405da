"""ReadingWidget: what the widgets over Predictions share. What is sent, what can be chosen, and what is left of it."""

from __future__ import annotations

import os
from functools import cached_property
from typing import Any, ClassVar

import traitlets

from probewidgets.errors import WidgetError
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions
from probewidgets.widgets.kit.checks import checked
from probewidgets.widgets.kit.messages import Message, hears
from probewidgets.widgets.kit.saved import Saved
from probewidgets.widgets.kit.static import plural
from probewidgets.widgets.reading import payload, still
from probewidgets.widgets.reading.subject import Subject

__all__ = ["ReadingWidget"]

MOST_PAGE_BYTES = 7 << 19
"""Bytes of probabilities in a page that `to_html` writes; a third more as base64."""


class ReadingWidget(Saved, Subject):
    """Base of the widgets that show Predictions and a Sweep; it keeps the choices of page and Python in step."""

    _title: ClassVar[str] = "Probe widget"

    def __init__(self, *, layout: Any = None) -> None:
        self._window_start = 0
        super().__init__(layout=layout)

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
            window = payload.Window.at(self._shown, self._window_start)
            self._window_start = window.start
            view |= payload.encode_predictions(self._shown, window)
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
                self._shown = change.new
                self._fit_choices()
            self._publish()

    def _scrolled_to_selection(self) -> bool:
        """Move the window so that the selected unit is in it; whether that was needed."""
        if self.selected is None or self._shown is None:
            return False
        window = payload.Window.around(self._shown, self.selected[1])
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

    @hears("window", start=int)
    def _on_window(self, message: Message, start: int) -> None:
        """Another page of units."""
        if self._shown is not None:
            with self._lock, self._by(message):
                self._window_start = payload.Window.around(self._shown, max(0, min(start, self._n_units))).start
                self._publish()

    # ------------------------------------------------------------------ static forms

    def _tables(self) -> str:
        return still.predictions_html(self._shown, self.layer, self.layers, self.sweep)

    def _plain(self) -> str:
        return still.predictions_text(self._shown, self.layer)

    def _draw(self) -> bytes | None:
        if self._shown is None or not len(self._shown):
            return None
        return self._draw_units(self._shown)

    def _draw_units(self, predictions: Predictions) -> bytes | None:
        """The state as a small PNG, where there are units."""
        raise NotImplementedError

    def _colours(self) -> dict[str, Any]:
        """What the pictures of predictions take."""
        return {"label": self.label, "colour": self.colour, "selected": self.selected, "sweep": self.sweep}

    def _page_title(self) -> str:
        return f"{self._title}: {self.sweep.task} in {self.sweep.model.name}" if self.sweep else self._title

    def to_html(self, path: str | os.PathLike[str]) -> None:
        """Write one self-contained file in which layers can be switched and cells inspected, offline, without a kernel.

        It holds all that was typed, up to 5 MB (about 7,500 words at 7 layers and 17 labels); what had to stay out is
        counted in the page.

        Args:
            path: Where to write; written under a temporary name and then renamed.

        Raises:
            StoreError: It cannot be written there.
        """
        super().to_html(path)

    def _saved(self) -> tuple[dict[str, Any], list[str]]:
        """The view that a page keeps, with all windows of a long text, and what is to be said of it."""
        view, captions = super()._saved()
        view, captions = view | {"ms": 0}, [*captions, still.caption(self.sweep)]
        shown = self._shown
        if shown is None or view["window"]["end"] - view["window"]["start"] == len(shown):
            return view, captions
        pages = payload.encode_pages(shown, MOST_PAGE_BYTES)
        end = pages[-1]["window"]["end"]
        if view["window"]["end"] > end:
            view |= pages[0]
        if end < len(shown):
            captions.append(f"This page holds the first {end:,} of {len(shown):,}.")
        return view | {"pages": pages}, captions

    def __repr__(self) -> str:
        unit = self.sweep.unit if self.sweep is not None else "word"
        layers = f"layer {self.layer} of {list(self._all_layers)}"
        return f"{type(self).__name__}({plural(self._n_units, unit)}, {layers}, {self._told_answers})"
