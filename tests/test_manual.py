"""The manual's site: what its navigation names, and what `docs/site/check.py` finds fault with."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

import probewidgets as pw
from probewidgets.widgets.kit.linked import Linked

ROOT = Path(__file__).parents[1]
CONFIG: dict[str, Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))

BUILT = ("notebooks", "reference", "contributing.md", "changelog.md")
"""What the navigation names that is not in `docs/`."""
WIDGETS = [name for name in pw.__all__ if isinstance(getattr(pw, name), type) and issubclass(getattr(pw, name), Linked)]


def part(name: str) -> Any:
    """A module of `docs/site`, which is no package."""
    spec = importlib.util.spec_from_file_location(f"manual_{name}", ROOT / f"docs/site/{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def named(nav: Any) -> Iterator[str]:
    """All pages of a navigation."""
    if isinstance(nav, str):
        yield nav
    for entry in nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ():
        yield from named(entry)


def test_the_navigation_names_every_page_once_and_no_other() -> None:
    pages = [page for page in named(CONFIG["nav"]) if page not in BUILT]
    assert sorted(pages) == sorted(path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md"))


def test_a_warning_of_the_build_is_an_error_and_nothing_comes_from_another_host() -> None:
    assert CONFIG["strict"] and CONFIG["theme"]["font"] is False
    assert "-m mkdocs build --strict\n" in (ROOT / "Makefile").read_text("utf-8")  # with --quiet no warning is counted
    assert "offline" not in CONFIG["plugins"] or any(
        "iframe-worker" in script for script in CONFIG["extra"]["polyfills"]
    )
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
    path = ROOT / "notebooks/01_quickstart.ipynb"
    page, pictures = part("notebooks").as_markdown(path)
    assert page.startswith("# ") and "```python\n" in page and pictures
    assert all(f"]({name})" in page and data.startswith(b"\x89PNG") for name, data in pictures.items())
    assert "<script" not in page and "<style" not in page
    results = [part("notebooks").result_of(each, "pw.") for each in sorted(path.parent.glob("*.ipynb"))]
    assert all(re.match(r'<div class="output|!\[|```text', result) for result in results)
    assert part("notebooks").result_of(path, "no cell has this") == ""


def test_every_public_name_is_in_the_reference_once() -> None:
    tables = part("tables")
    names = [name for chapter in tables.chapters() for name in chapter.names]
    inner = [name for name in names if "." in name]
    spaces = {name.partition(".")[0] for name in inner}
    assert sorted([name for name in names if "." not in name] + list(spaces)) == sorted(
        set(pw.__all__) - {"__version__"}
    )
    assert inner == [f"{space}.{name}" for space in dict.fromkeys(n.partition(".")[0] for n in inner)
                     for name in getattr(pw, space).__all__]  # fmt: skip
    pages = "".join(map(tables.reference, tables.chapters()))
    assert all(f'heading: "pw.{name}"' in pages for name in names)


def test_every_widget_is_in_the_gallery_and_has_a_page_with_its_pictures_and_its_traits() -> None:
    gallery = (ROOT / "docs/gallery.md").read_text("utf-8")
    shown = dict(re.findall(r"\*\*\[(\w+)\]\((\w+\.md)\)\*\*", gallery))
    assert sorted(shown) == sorted(WIDGETS) and len(WIDGETS) == 8
    for name, file in shown.items():
        page = (ROOT / "docs" / file).read_text("utf-8")
        (picture,) = set(re.findall(r"\]\((images/\w+)-light\.webp\)", page))
        assert f"]({picture}-light.webp)" in gallery and f"<!-- traits {name} -->" in page
        assert "**Keys.**" in page or "<!-- keys" in page
        for theme in ("light", "dark"):
            assert 2_000 < (ROOT / f"docs/{picture}-{theme}.webp").stat().st_size < 60_000


def test_every_trait_of_a_widget_says_what_it_holds() -> None:
    for name in WIDGETS:
        rows = part("tables").traits(name).splitlines()[2:]
        assert rows and all(re.fullmatch(r"\| `\w+` \| (`[^`]+`|made with the widget) \| \S.* \|", row) for row in rows)


def test_every_result_of_a_method_is_of_a_notebook_or_of_the_pages_own_lines_which_the_build_runs() -> None:
    shown, makefile = part("shown"), (ROOT / "Makefile").read_text("utf-8")
    assert makefile.index("docs/site/shown.py build/shown") < makefile.index("mkdocs build")
    pages = {path.stem for path in (ROOT / "docs/methods").glob("*.md")}
    alone = {page.stem for page in shown.wanted()}
    assert alone < pages and "control-tasks" in pages - alone
    frame = shown.data_of(pd.DataFrame({"accuracy": [0.123456]}))
    assert "0.123<" in frame["text/html"] and "accuracy" in frame["text/plain"]
    assert shown.data_of(3) == {"text/plain": "3"}
