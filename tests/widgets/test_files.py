"""Rules for the files that go to the page, read off their text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import probewidgets.widgets
from probewidgets.widgets import LayerCurve, LayerHeatmap, ProbeExplorer, TokenStrip

FOLDER = Path(probewidgets.widgets.__file__).parent
SCRIPTS = sorted(FOLDER.glob("*.js"))
SHEETS = sorted(FOLDER.glob("*.css"))
WIDGETS = [ProbeExplorer, TokenStrip, LayerHeatmap, LayerCurve]
MARKUP = (
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|\beval\b|new Function"
)
NETWORK = r"\bfetch\b|XMLHttpRequest|WebSocket|EventSource|sendBeacon|\bimport\b|https?://(?!www\.w3\.org/2000/svg)"


def code(path: Path) -> str:
    return re.sub(r"^\s*//.*$|/\*.*?\*/", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_write_only_text_fetch_nothing_and_cannot_end_their_element(path: Path) -> None:
    assert not re.search(MARKUP, code(path))
    assert not re.search(NETWORK, code(path))
    assert "</script" not in path.read_text()
    assert not re.search(r"^\s*await\b|^(const|let) .* = await\b", code(path), flags=re.MULTILINE)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_sheets_fetch_nothing_and_touch_nothing_outside(path: Path) -> None:
    text = code(path)
    assert not re.search(r"@import|url\(|https?:", text)
    assert "</style" not in text
    if path.name != "static_host.css":
        selectors = re.findall(r"(?:^|[};])\s*([^@{}%;]+)\{", re.sub(r"@(media|container|supports)[^{]*\{", "}", text))
        assert selectors
        assert [s for s in selectors if ".pw" not in s] == []


@pytest.mark.parametrize("widget", WIDGETS)
def test_each_widget_is_one_module_with_one_default_export(widget: type) -> None:
    assert type(widget._esm) is str
    assert type(widget._css) is str
    assert len(re.findall(r"^export default ", widget._esm, flags=re.MULTILINE)) == 1
    assert widget._esm.count("export default ") == 1
    names = re.findall(r"^(?:function|const) (\w+)", widget._esm, flags=re.MULTILINE)
    assert len(names) == len(set(names))
