"""The manual's site: what its navigation names, and what `docs/site/check.py` finds fault with."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
CONFIG: dict[str, Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))


def named(nav: Any) -> Iterator[str]:
    """All pages of a navigation."""
    if isinstance(nav, str):
        yield nav
    for entry in nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ():
        yield from named(entry)


def test_the_navigation_names_every_page_once_and_no_other() -> None:
    pages = [page for page in named(CONFIG["nav"]) if page not in ("notebooks", "contributing.md", "changelog.md")]
    assert sorted(pages) == sorted(path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md"))


def test_a_warning_of_the_build_is_an_error_and_nothing_comes_from_another_host() -> None:
    assert CONFIG["strict"] and CONFIG["theme"]["font"] is False
    links = CONFIG["validation"]["links"]
    assert set(links.values()) == {"warn"} and {"not_found", "anchors", "unrecognized_links"} <= set(links)
    assert not any(
        re.match(r"(https?:)?//", asset) for asset in CONFIG["extra_css"] + CONFIG.get("extra_javascript", [])
    )


def test_links_that_lead_nowhere_and_what_comes_from_other_hosts_are_faults(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<link rel="canonical" href="https://a.test/"><link rel="stylesheet" href="//b.test/x.css">'
        '<h1 id="top">A</h1><a href="b.html#there">b</a><a href="b.html#gone">b</a><a href="c.html">c</a>'
        '<a href="#top">top</a><a href="https://c.test/">c</a><script src="https://d.test/x.js"></script>'
    )
    (tmp_path / "b.html").write_text('<h2 id="there">B</h2><a href="a.html">a</a>')
    (tmp_path / "x.css").write_text('@import "https://e.test/y.css";\na { background: url(z.png) }')
    looked = subprocess.run(
        [sys.executable, ROOT / "docs/site/check.py", tmp_path], capture_output=True, text=True, check=False
    )
    assert looked.returncode == 1
    assert looked.stdout.splitlines() == [
        "a.html fetches //b.test/x.css",
        "a.html fetches https://d.test/x.js",
        "a.html links to b.html#gone, which is not there",
        "a.html links to c.html, which is not there",
        "x.css fetches https://e.test/y.css",
        "2 pages looked at, 5 faults",
    ]


def test_a_notebook_becomes_a_page_with_its_stored_outputs() -> None:
    spec = importlib.util.spec_from_file_location("manual_notebooks", ROOT / "docs/site/notebooks.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page, pictures = module.as_markdown(ROOT / "notebooks/01_quickstart.ipynb")
    assert page.startswith("# ") and "```python\n" in page and pictures
    assert all(f"]({name})" in page and data.startswith(b"\x89PNG") for name, data in pictures.items())
    assert "<script" not in page and "<style" not in page
