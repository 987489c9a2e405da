"""Rules for the files that go to the page, read off their text; and for the kit, which knows not what it shows."""

from __future__ import annotations

import ast
import gzip
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import probewidgets.widgets
from probewidgets.widgets import (
    LayerCurve,
    LayerHeatmap,
    ProbeCompare,
    ProbeErrors,
    ProbeExplorer,
    ProbeTeacher,
    ProbeTrainer,
    TokenStrip,
)

FOLDER = Path(probewidgets.widgets.__file__).parent
SCRIPTS = sorted(FOLDER.rglob("*.js"))
SHEETS = sorted(FOLDER.rglob("*.css"))
KIT = sorted(path for path in (FOLDER / "kit").iterdir() if path.suffix in (".py", ".js", ".ts", ".css"))
WIDGETS = [ProbeExplorer, ProbeCompare, ProbeErrors, ProbeTeacher, ProbeTrainer, TokenStrip, LayerHeatmap, LayerCurve]
MARKUP = (
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|\beval\b|new Function"
)
NETWORK = (
    r"\bfetch\b|XMLHttpRequest|WebSocket|EventSource|sendBeacon|https?://(?!www\.w3\.org/2000/svg)|"
    r"""\bimport\b(?! \{[\w\s,]*\} from "\.\.?/)"""
)


def code(path: Path) -> str:
    return re.sub(r"^\s*//[^\n]*$|/\*.*?\*/", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)


def named(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def test_what_is_looked_at_is_the_whole_script_without_its_comments() -> None:
    for path in SCRIPTS:
        assert len(code(path)) > 0.25 * len(path.read_text()), named(path)
        assert "// @ts-check" not in code(path)
    assert re.search(MARKUP, "element.innerHTML = text;")
    assert re.search(NETWORK, 'const page = await fetch("x");')


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_scripts_write_only_text_fetch_nothing_and_cannot_end_their_element(path: Path) -> None:
    assert not re.search(MARKUP, code(path))
    assert not re.search(NETWORK, code(path))
    assert "</script" not in path.read_text()
    assert not re.search(r"^await\b|^(const|let) .* = await\b", code(path), flags=re.MULTILINE)  # at the top level


@pytest.mark.parametrize("path", SHEETS, ids=named)
def test_sheets_fetch_nothing_and_touch_nothing_outside(path: Path) -> None:
    text = code(path)
    assert not re.search(r"@import|url\(|https?:", text)
    assert "</style" not in text
    if named(path) != "kit/saved.css":
        selectors = re.findall(r"(?:^|[};])\s*([^@{}%;]+)\{", re.sub(r"@(media|container|supports)[^{]*\{", "}", text))
        assert selectors
        assert [s for s in selectors if ".pw" not in s] == []


def test_every_property_that_a_sheet_takes_for_granted_is_set_somewhere() -> None:
    """A rule with one that is not is no rule: the browser drops it and says nothing."""
    texts = "".join(code(path) for path in (*SHEETS, *SCRIPTS))
    given = set(re.findall(r"[\s{;\"](--[\w-]+)\"?:", texts)) | set(re.findall(r"setProperty\(\"(--[\w-]+)", texts))
    taken = {(named(path), name) for path in SHEETS for name in re.findall(r"var\((--[\w-]+)\)", code(path))}
    assert {(path, name) for path, name in taken if name not in given} == set()


@pytest.mark.parametrize("path", SHEETS, ids=named)
def test_every_sheet_belongs_to_a_script(path: Path) -> None:
    assert path.with_suffix(".js").exists()


@pytest.mark.parametrize("widget", WIDGETS)
def test_each_widget_is_one_module_with_one_default_export(widget: type) -> None:
    assert type(widget._esm) is str
    assert type(widget._css) is str
    assert len(re.findall(r"^export default ", widget._esm, flags=re.MULTILINE)) == 1
    assert widget._esm.count("export default ") == 1
    assert not re.search(r"^import\b", widget._esm, flags=re.MULTILINE)


# What each widget may weigh, script and sheet as they are shipped (bytes): a notebook keeps them once per instance.
LIMITS = {
    ProbeExplorer: 75_900,
    ProbeCompare: 74_800,
    ProbeErrors: 54_200,
    ProbeTeacher: 49_700,
    ProbeTrainer: 53_700,
    TokenStrip: 27_100,
    LayerHeatmap: 46_600,
    LayerCurve: 24_000,
}
ZIPPED = {ProbeExplorer: 25_200}
MOST_ZIPPED = 25_000


@pytest.mark.parametrize("widget", WIDGETS)
def test_what_a_page_loads_is_small(widget: type) -> None:
    shipped = (widget._esm + widget._css).encode()
    assert len(shipped) <= LIMITS[widget]
    assert len(gzip.compress(shipped, mtime=0)) <= ZIPPED.get(widget, MOST_ZIPPED)


def classes(folders: Iterable[str]) -> set[str]:
    """Those that the sheets of some folders have rules for."""
    sheets = [sheet for folder in folders for sheet in (FOLDER / folder).glob("*.css")]
    return {name for sheet in sheets for name in re.findall(r"\.(pw-[\w-]+)", code(sheet))}


def test_rules_of_one_widget_do_not_meet_elements_of_another_one() -> None:
    """All widgets of a notebook share a page, and so the rules of all sheets."""
    parts = ("explorer", "heatmap", "strip", "curve", "reading")
    shared = {"pw-status", "pw-warn"}  # they look alike wherever they are
    spoken = {name for path in (FOLDER / "teacher").glob("*.js") for name in re.findall(r"pw-[\w-]+", code(path))}
    assert classes(parts) & (classes(["teacher"]) | spoken) - classes(["kit"]) <= shared


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_every_exported_function_says_its_types(path: Path) -> None:
    text = path.read_text()
    for match in re.finditer(r"^export (?:async )?function (\w+)\((.*?)\) \{$", text, flags=re.MULTILINE | re.DOTALL):
        comment = text[: match.start()].rpartition("/**")[2]
        assert comment.rstrip().endswith("*/"), match[1]
        if match[2]:
            assert "@param" in comment, match[1]


# ---------------------------------------------------------------------- the kit


def identifiers(path: Path) -> Iterator[str]:
    """Every name that a file of ours gives or uses: not what it says in comments, texts and docstrings."""
    text = path.read_text()
    if path.suffix != ".py":
        bare = re.sub(r"//[^\n]*|/\*.*?\*/|\"[^\"\n]*\"|'[^'\n]*'", " ", text, flags=re.DOTALL)
        yield from re.findall(r"[\w$-]+", bare)
        return
    for node in ast.walk(ast.parse(text)):
        for field in ("id", "attr", "arg", "name"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                yield name


@pytest.mark.parametrize("path", KIT, ids=named)
def test_the_kit_knows_neither_layers_nor_labels_nor_probes(path: Path) -> None:
    names = {name for name in identifiers(path) if not name.startswith("probewidgets")}
    assert [name for name in names if re.search("layer|label|probe", name, flags=re.IGNORECASE)] == []


@pytest.mark.parametrize("path", [path for path in KIT if path.suffix == ".py"], ids=named)
def test_the_kit_imports_nothing_of_what_is_shown(path: Path) -> None:
    allowed = ("probewidgets.errors", "probewidgets.machine", "probewidgets.look.visible", "probewidgets.widgets.kit")
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("probewidgets"):
            assert node.module.startswith(allowed), node.module


@pytest.mark.parametrize("path", [path for path in KIT if path.suffix == ".js"], ids=named)
def test_scripts_of_the_kit_import_only_each_other(path: Path) -> None:
    targets = re.findall(r"""from "(.+?)\"""", path.read_text())
    assert [target for target in targets if not re.fullmatch(r"\./[\w.]+", target)] == []


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=named)
def test_no_widget_is_made_of_boxes_of_ipywidgets(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "ipywidgets":
            assert [alias.name for alias in node.names] == ["ValueWidget"]
        elif isinstance(node, ast.Import):
            assert "ipywidgets" not in [alias.name for alias in node.names]
