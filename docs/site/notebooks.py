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


def title_of(path: Path) -> str:
    """Its first heading."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "".join("".join(cell["source"]) + "\n" for cell in cells if cell["cell_type"] == "markdown")
    heading = re.search(r"^# (.*)$", text, re.M)
    return heading[1].strip() if heading else path.stem


def result_of(path: Path, code: str) -> str:
    """What the first code cell with this in it, or one of the two after it, has shown: a table, a picture or lines."""
    cells = list(enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"]))
    cells = [(number, cell) for number, cell in cells if cell["cell_type"] == "code"]
    at = next((i for i, (_, cell) in enumerate(cells) if code in "".join(cell["source"])), len(cells))
    for number, cell in cells[at : at + 3]:
        for place, output in enumerate(cell["outputs"]):
            html = "".join(output.get("data", {}).get("text/html", ""))
            if "<table" in html and "<img" not in html:
                return boxed(html)
            return shown(output, f"../../notebooks/{path.stem}-{number}-{place}.png", {})
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
        return boxed(data["text/html"])
    return block(data.get("text/plain", ""))


def boxed(html: str) -> str:
    """Markup of an output; a table of pandas looks as all others do."""
    looks = "output frame" if 'class="dataframe"' in html else "output"
    return f'<div class="{looks}">{outside(html)}</div>'


def outside(html: str) -> str:
    """Markup that Markdown leaves as it is: without empty lines, styles and scripts."""
    html = re.sub(r"<(style|script)\b.*?</\1>", "", html, flags=re.S).replace(' border="1"', "")
    return re.sub(r"\n\s*\n", "\n", html)


def block(text: str) -> str:
    """Lines as they were printed."""
    return f"```text\n{text.rstrip()}\n```"
