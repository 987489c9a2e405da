"""What is left of a widget over Predictions: its picture, its tables, its page without a kernel."""

from __future__ import annotations

import os
from typing import Any, ClassVar

from probewidgets.figures.paint import Shown
from probewidgets.figures.sheet import Sheet, Width
from probewidgets.values import Predictions
from probewidgets.widgets.kit.saved import Saved
from probewidgets.widgets.reading import payload, still
from probewidgets.widgets.reading.subject import Subject

__all__ = ["SavedReading"]

MOST_PAGE_BYTES = 7 << 19
"""Bytes of probabilities in a page that `to_html` writes; a third more as base64."""


class SavedReading(Saved, Subject):
    """What is saved is what is on the screen: the page of units, the layers, the colours and the selection."""

    _title: ClassVar[str] = "Probe widget"
    _window_start = 0
    """First unit on the page."""
    _window_size = payload.MAX_UNITS
    """Most units on the page: fewer where one has zoomed in."""

    @staticmethod
    def _lay(shown: Shown, width: Width = None) -> Sheet:
        """The widget on paper."""
        raise NotImplementedError

    def _on_screen(self, most: int = payload.MAX_UNITS) -> Shown | None:
        """The units on the page, or the first of them, and what of them is chosen; None where there are none."""
        if self._shown is None or not len(self._shown):
            return None
        window = self._window(self._shown)
        units = self._shown.part(window.start, min(window.end, window.start + most))
        selected = self.selected and (self.selected[0], self.selected[1] - window.start)
        selected = selected if selected and 0 <= selected[1] < len(units) else None
        return Shown(units, self.layer, self.layers, self.label, self.colour, selected, self.sweep)

    def _window(self, predictions: Predictions) -> payload.Window:
        """The units on the page."""
        return payload.Window.at(predictions, self._window_start, self._window_size)

    def _sheet(self, width: Width = None, most: int = payload.MAX_UNITS) -> Sheet | None:
        """What the page shows, for a paper; None where there is nothing to see."""
        shown = self._on_screen(most)
        return None if shown is None else self._lay(shown, width)

    @property
    def _most_pictured(self) -> int:
        """Units in the picture that a notebook is saved with."""
        return min(still.MOST_PICTURED, max(10, still.MOST_CELLS // max(1, len(self.layers))))

    def _draw(self) -> bytes | None:
        sheet = self._sheet(most=self._most_pictured)
        return None if sheet is None else sheet.small_png()

    def _tables(self) -> str:
        return still.predictions_html(self._shown, self.layer, self.layers, self.sweep)

    def _plain(self) -> str:
        return still.predictions_text(self._shown, self.layer)

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
