"""A notebook as a page of the site: its text as it is, its code as code, what is stored of its outputs."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

Pictures = dict[str, bytes]
"""File name -> PNG."""


def as_markdown(path: Path) -> tuple[str, Pictures]:
    """The page, and the pictures that it shows, which lie beside it."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    pictures: Pictures = {}
    parts: list[str] = []
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "markdown":
            parts.append("".join(cell["source"]))
        elif cell["cell_type"] == "code":
            parts.append(f"```python\n{''.join(cell['source'])}\n```")
            for place, output in enumerate(cell["outputs"]):
                parts.append(shown(output, f"{path.stem}-{number}-{place}.png", pictures))
    return "\n\n".join(parts) + "\n", pictures


def table_of(path: Path, code: str) -> str:
    """The first table that a code cell with this in it has shown, as Markdown leaves it; empty where there is none."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code" and code in "".join(cell["source"]):
            for output in cell["outputs"]:
                html = "".join(output.get("data", {}).get("text/html", ""))
                if "<table" in html and "<img" not in html:
                    return f'<div class="output">{outside(html)}</div>'
    return ""


def shown(output: dict[str, Any], name: str, pictures: Pictures) -> str:
    """One output: a picture before a table, a table before text."""
    data = {kind: "".join(lines) for kind, lines in output.get("data", {}).items()}
    if output["output_type"] == "stream":
        return block("".join(output["text"]))
    if "image/png" in data:
        pictures[name] = base64.b64decode(data["image/png"])
        alt = re.sub(r"[\[\]\n]+", " ", data.get("text/plain", "picture"))
        return f"![{alt}]({name}){{ .output }}"
    if "text/html" in data:
        return f'<div class="output">{outside(data["text/html"])}</div>'
    return block(data.get("text/plain", ""))


def outside(html: str) -> str:
    """Markup that Markdown leaves as it is: without empty lines, styles and scripts."""
    html = re.sub(r"<(style|script)\b.*?</\1>", "", html, flags=re.S)
    return re.sub(r"\n\s*\n", "\n", html)


def block(text: str) -> str:
    """Lines as they were printed."""
    return f"```text\n{text.rstrip()}\n```"
