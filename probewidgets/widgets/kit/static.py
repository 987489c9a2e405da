"""What is left when there is no kernel and no script: a picture, tables with numbers, one self-contained page.

Notebook renderers strip style sheets, SVG, ids and roles, and GitHub strips all styles; so the tables carry their
meaning as text, and colours are literal and inline. Everything that a person typed is made visible and escaped.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from probewidgets.errors import WidgetError, clipped
from probewidgets.look.visible import visible
from probewidgets.widgets.kit.linker import text_of

__all__ = ["Snapshot", "escape", "image_html", "is_static", "page_html", "plural", "short", "static"]

LONGEST = 40
"""Characters of a word that are shown."""


class Snapshot:
    """What a widget showed at one moment: a picture, a table with numbers, and the same as text."""

    def __init__(self, markup: str, text: str, picture: bytes | None = None) -> None:
        self._markup, self._text, self._picture = markup, text, picture

    def _repr_html_(self) -> str:
        return self._markup

    def _repr_png_(self) -> bytes | None:
        return self._picture

    def __repr__(self) -> str:
        return self._text


_static: bool | None = None  # what `static` was told; None: nothing


class static:  # noqa: N801 - used like a function, and as a context manager
    """Show widgets as pictures and tables instead of live: for documentation, CI, or a notebook to be published.

    `pw.static()` from now on, `pw.static(False)` no longer, `with pw.static():` inside the block. What the environment
    variable PROBEWIDGETS_STATIC says (`1`: static) holds where nothing else is said.

    Args:
        on: Whether widgets are shown static.

    Raises:
        WidgetError: `on` is neither True nor False.
    """

    def __init__(self, on: bool = True) -> None:
        global _static
        if not isinstance(on, bool):
            raise WidgetError(f"static takes True or False, but {clipped(on)} came.")
        self._before, _static = _static, on

    def __enter__(self) -> static:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        global _static
        _static = self._before

    def __repr__(self) -> str:
        return f"Widgets are shown {'static' if is_static() else 'live'}."


def is_static() -> bool:
    """Whether widgets are shown static."""
    return os.environ.get("PROBEWIDGETS_STATIC") == "1" if _static is None else _static


def image_html(picture: bytes, alt: str) -> str:
    """A PNG as markup that sanitisers keep."""
    data = base64.b64encode(picture).decode()
    return f'<img alt="{html.escape(alt, quote=True)}" src="data:image/png;base64,{data}" style="max-width:100%">'


def plural(count: int, noun: str) -> str:
    """`"1 word"`, `"5,000 words"`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def short(text: str) -> str:
    """A word that leaves room for others."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def escape(text: str) -> str:
    """A typed text as markup: visible, escaped, and isolated so that it cannot reorder its neighbours."""
    return f"<bdi>{html.escape(visible(text), quote=True)}</bdi>"


# ---------------------------------------------------------------------- one self-contained page

HOST = Path(__file__).with_name("saved.js")
"""The module that runs a widget without a kernel, with its style sheet beside it."""
RUN = 'runSaved(widget, document.getElementById("widget"), document.getElementById("state").textContent);'


def page_html(
    *, title: str, esm: str, css: str, state: Mapping[str, Any], fallback: str, captions: Sequence[str] = ()
) -> str:
    """A page that runs a widget's own module on a saved state. Its policy forbids every request and every other script.

    Args:
        title: Title of the page.
        esm: The widget's module; its one `export default` becomes a local name.
        css: Its style sheet.
        state: The traits that the module reads; bytes are written as base64.
        fallback: Markup for readers without scripts, already escaped.
        captions: Lines of text under the widget.
    """
    below = "".join(f'<p class="caption">{escape(line)}</p>\n' for line in captions if line)
    style = f"\n{css}\n{HOST.with_suffix('.css').read_text(encoding='utf-8')}\n"
    widget = esm.replace("export default ", "const widget = ", 1)
    script = f"\n{widget}\n{text_of(HOST)}\n{RUN}\n"
    policy = f"default-src 'none'; script-src {_digest(script)}; style-src 'unsafe-inline'; form-action 'none'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f'<main id="widget">{fallback}</main>\n{below}'
        f'<script type="application/json" id="state">{_json(state)}</script>\n'
        f'<script type="module">{script}</script>\n</body>\n</html>\n'
    )


def _digest(text: str) -> str:
    """How a policy names one inline script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json(state: Mapping[str, Any]) -> str:
    """JSON that cannot end its script element; bytes become `{"base64": ...}`."""
    text = json.dumps(state, default=lambda raw: {"base64": base64.b64encode(raw).decode()}, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
