"""Saved: what a widget leaves in a notebook, and in files. A picture, tables with numbers, a page without a kernel."""

from __future__ import annotations

import base64
import logging
import os
from collections.abc import Mapping
from typing import Any, ClassVar

from probewidgets.errors import WidgetError
from probewidgets.machine.files import whole
from probewidgets.widgets.kit.cells import cell_of_now, show_in
from probewidgets.widgets.kit.linked import Linked
from probewidgets.widgets.kit.static import Snapshot, image_html, is_static, page_html

__all__ = ["Saved"]

_log = logging.getLogger(__name__)


class Saved(Linked):
    """A linked widget that can also be read where there is no kernel and no script.

    A widget says what it shows as HTML in `_tables()`, as text in `_plain()`, and as a PNG in `_draw()`.
    """

    _title: ClassVar[str] = "Widget"
    _shown_in: Mapping[str, Any] | None = None
    """In which cell it was shown last."""

    def _tables(self) -> str:
        """The state as HTML tables with inline styles only."""
        raise NotImplementedError

    def _plain(self) -> str:
        """The state as lines of text."""
        raise NotImplementedError

    def _draw(self) -> bytes | None:
        """The state as a small PNG; None where there is nothing to see."""
        return None

    def _picture(self) -> bytes | None:
        """The same; also None where it cannot be drawn. (Up to 0.3 s for 40 words x 7 layers.)"""
        try:
            return self._draw()
        except Exception:  # a font, a library: the table says the same
            _log.exception("the picture of %s could not be drawn", type(self).__name__)
            return None

    def _markup(self, picture: bytes | None) -> str:
        """The state as HTML: the picture, and below it the tables."""
        return (image_html(picture, self._title) if picture else "") + self._tables()

    def snapshot(self) -> Snapshot:
        """What is shown now, as a value that stays: a picture and a table with numbers, without a kernel or scripts.

        A notebook is saved with what a widget showed when its cell was run, not with what was typed since. Run
        `widget.snapshot()` in a last cell before saving to keep that.
        """
        picture = self._picture()
        return Snapshot(self._markup(picture), self._plain(), picture)

    def _snapshot_below(self) -> None:
        """The snapshot as one more output of the cell that shows the widget: the page asks for it."""
        if self._shown_in is None:
            raise WidgetError("This host has no cell to put it in. Run snapshot() of the widget in a cell of its own.")
        with self._lock:
            picture = self._picture()
            bundle = {"text/plain": self._plain(), "text/html": self._markup(picture)}
        show_in(self._shown_in, bundle)

    def to_html(self, path: str | os.PathLike[str]) -> None:
        """Write one self-contained file that shows the widget as it is now, offline, without a kernel.

        Args:
            path: Where to write; written under a temporary name and then renamed.

        Raises:
            StoreError: It cannot be written there.
        """
        page = self._page()
        with whole(path) as temporary:
            temporary.write_text(page, encoding="utf-8", newline="\n")

    def _page(self) -> str:
        """That file."""
        with self._lock:
            view, captions = self._saved()
            return page_html(
                title=self._page_title(),
                esm=self._esm,
                css=self._css,
                state={"_view": view, "_choice": self._choice, "_progress": {}, "painted": 0},
                fallback=self._tables(),
                captions=captions,
            )

    def _page_title(self) -> str:
        return self._title

    def _saved(self) -> tuple[dict[str, Any], list[str]]:
        """The view that a page keeps, and what is to be said of it in lines below."""
        return {**self._view, "static": True}, []

    def __str__(self) -> str:
        return self._plain()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live view, unless `static`; a picture with the tables as `text/html`, the picture alone, and a line.

        Where several can be shown, GitHub and nbconvert take `text/html`: so the picture is in there too.
        """
        picture = self._picture()
        bundle = {"text/plain": repr(self), "text/html": self._markup(picture)}
        if picture:
            bundle["image/png"] = base64.b64encode(picture).decode()
        if is_static():
            return {**bundle, "text/plain": self._plain()}, {}
        self._shown_in = cell_of_now()
        live = super()._repr_mimebundle_(**kwargs)
        if live is None:
            return bundle, {}
        data, metadata = live if isinstance(live, tuple) else (live, {})
        return {**data, **bundle}, metadata
