"""What `mkdocs build` does beyond its plugins: pages from other folders, and links between them.

Notebooks, CONTRIBUTING.md and CHANGELOG.md stay where they are, and their links too, so that they also lead somewhere
in a repository. Here they become pages of the site.
"""

from __future__ import annotations

import posixpath
import re
import sys
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))

from notebooks import as_markdown

BESIDE = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
"""Pages that stand beside `docs/` -> what they are called in the site."""


def listed() -> list[Path]:
    """The notebooks, in their order."""
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


def on_config(config: Any) -> Any:
    """Put the notebooks where the navigation says `notebooks`."""
    for section in config.nav:
        if section.get("Notebooks") == "notebooks":
            section["Notebooks"] = [f"notebooks/{path.stem}.md" for path in listed()]
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that stand beside `docs/`."""
    for path in listed():
        text, pictures = as_markdown(path)
        files.append(File.generated(config, f"notebooks/{path.stem}.md", content=text))
        for name, data in pictures.items():
            files.append(File.generated(config, f"notebooks/{name}", content=data))
    for beside, page in BESIDE.items():
        files.append(File.generated(config, page, abs_src_path=str(ROOT / beside)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Lead links that leave `docs/` to the pages that stand for them here."""
    source = page.file.src_uri
    beside = {page: name for name, page in BESIDE.items()}
    home = posixpath.dirname(beside.get(source) or (source if source.startswith("notebooks/") else f"docs/{source}"))
    return re.sub(r"(?<=\]\()(?!\w+:|#)([^)#\s]+)", lambda link: led(link[0], home, source), markdown)


def led(link: str, home: str, source: str) -> str:
    """A link of a file in the folder `home` of the repository, as one of the site's page `source`."""
    target = posixpath.normpath(posixpath.join(home, link))
    if target in BESIDE:
        target = BESIDE[target]
    elif target == "README.md":
        target = "README.md"
    elif target.startswith("notebooks/"):
        target = re.sub(r"\.ipynb$", ".md", target)
    else:
        target = target.removeprefix("docs/")
    return posixpath.relpath(target, posixpath.dirname(source) or ".")
