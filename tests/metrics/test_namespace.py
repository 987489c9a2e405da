"""`pw.metrics`: plain functions of arrays, by purpose."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from probewidgets import metrics

FILES = sorted(Path(metrics.__file__).parent.glob("*.py"))


def test_what_the_namespace_lists_is_there_and_in_its_table() -> None:
    for name in metrics.__all__:
        thing = getattr(metrics, name)
        assert callable(thing), name
        assert thing.__doc__, name
        assert name in metrics.__doc__, name


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_metrics_know_numpy_and_values_alone(path: Path) -> None:
    allowed = ("numpy", "scipy", "probewidgets.metrics", "probewidgets.values", "probewidgets.errors")
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        module = node.module if isinstance(node, ast.ImportFrom) else None
        names = [module] if module else [a.name for a in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            standard = name.split(".")[0] in sys.stdlib_module_names
            assert standard or name.startswith(allowed), f"{path.name} imports {name}"
