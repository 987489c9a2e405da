"""Files: what a widget shows, written where one likes, or handed to its page to be downloaded."""

from __future__ import annotations

import io
import json
import logging
import os
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from probewidgets.errors import WidgetError, clipped
from probewidgets.machine.files import path_of, whole
from probewidgets.widgets.kit.checks import in_words
from probewidgets.widgets.kit.messages import Message, hears
from probewidgets.widgets.kit.saved import Saved

__all__ = ["Files"]

_log = logging.getLogger(__name__)

MIMES = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
}
"""What can be written, by the ending of the file."""
DPI = 300
"""Dots per inch of a PNG for a paper."""
_DATELESS: Mapping[str, Mapping[str, None]] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
"""So that the same view is the same file."""


class Files(Saved):
    """A saved widget that is written to files: as a figure, a table, a page, or the state that restores it.

    A widget gives what they are made of: `_figure`, `_frame` and `_state`. What is on the screen is what is saved. One
    that writes other files too says so in `_mimes`, and what they hold in `_content`.
    """

    _mimes: ClassVar[Mapping[str, str]] = MIMES

    def _figure(self, width: Any) -> Any:
        """A matplotlib figure of some width; None where there is nothing to see."""
        raise NotImplementedError

    def _frame(self) -> Any:
        """A DataFrame."""
        raise NotImplementedError

    def _state(self) -> Mapping[str, Any]:
        """What restores the view, as JSON can hold it."""
        raise NotImplementedError

    def save(self, path: str | os.PathLike[str], *, width: str | float = "page") -> None:
        """Write what is on the screen to a file, by its ending.

        `.png` (300 dots per inch), `.svg` and `.pdf` are a figure fit for a paper, in which text stays text; `.csv` is
        a table of what is predicted; `.html` one page that works without a kernel, like `to_html`; `.json` what
        `restore` shows again.

        Args:
            path: Where to write; written under a temporary name and then renamed.
            width: Of a figure: `"column"` (3.3 inches), `"page"` (6.8), or inches.

        Raises:
            WidgetError: Another ending, no such width, or nothing that could be drawn yet.
            StoreError: It cannot be written there.
        """
        ending = path_of(path).suffix.removeprefix(".").lower()
        if ending not in self._mimes:
            endings = ", ".join(f".{each}" for each in self._mimes)
            raise WidgetError(f"The ending of a file says what to write, one of {endings}, but {clipped(path)} came.")
        content = self._content(ending, width)
        with whole(path) as temporary:
            temporary.write_bytes(content)

    def _content(self, ending: str, width: Any) -> bytes:
        """What a file of this ending holds."""
        if ending == "html":
            text = self._page()
        elif ending == "csv":
            text = self._frame().to_csv(index=False, lineterminator="\n", float_format="%.6g")
        elif ending == "json":
            text = json.dumps(self._state(), ensure_ascii=False, indent=2) + "\n"
        else:
            return self._picture_for_paper(ending, width)
        return text.encode()

    def _picture_for_paper(self, ending: str, width: Any) -> bytes:
        figure = self._figure(width)
        if figure is None:
            raise WidgetError("There is nothing to draw yet.")
        buffer = io.BytesIO()
        figure.savefig(buffer, format=ending, dpi=DPI, metadata=_DATELESS.get(ending))
        return buffer.getvalue()

    @property
    def _file_name(self) -> str:
        """What a downloaded file is called, without its ending."""
        return re.sub(r"\W+", "-", self._page_title()).strip("-").lower()[:60] or "widget"

    @hears("save", queued=True, format=str)
    def _on_save(self, message: Message, format: str) -> None:  # noqa: A002 - the name of the field
        """A file that the page wants to be downloaded: it is answered with a message and the bytes."""
        if format == "snapshot":
            self._snapshot_below()
            self.send({"kind": "file", "seq": message.seq, "client": message.client}, buffers=[])
            return
        if format not in self._mimes:
            raise WidgetError(f"format must be one of {list(self._mimes)}, but {clipped(format)} came.")
        try:
            content = self._content(format, "page")
        except WidgetError:
            raise
        except Exception as error:  # a font, a library, a disk
            _log.exception("%s could not be saved as %s", type(self).__name__, format)
            raise WidgetError(f"It could not be saved. {in_words(error)}") from error
        name = {"name": f"{self._file_name}.{format}", "mime": self._mimes[format]}
        self.send({"kind": "file", "seq": message.seq, "client": message.client, **name}, buffers=[content])
