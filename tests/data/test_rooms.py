"""The rooms of data: values on the ground; readers, corpora and questions above it, which do not see each other."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from probewidgets.data import corpora, questions

PACKAGE = Path(corpora.__file__).parents[2]
DATA = PACKAGE / "data"
GRAMMAR = "probewidgets.data.corpora.grammar"


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """(module, name) of all that a file imports from the package."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("probewidgets"):
            yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


def room(module: str) -> str:
    """The room of data that a module is in, `""` for the ground."""
    part = module.removeprefix("probewidgets.data.").split(".")[0]
    return part if (DATA / part).is_dir() else ""


@pytest.mark.parametrize("path", sorted(DATA.rglob("*.py")), ids=lambda p: str(p.relative_to(DATA)))
def test_readers_corpora_and_questions_see_the_ground_and_not_each_other(path: Path) -> None:
    mine = room("probewidgets.data." + path.relative_to(DATA).parts[0])
    for module, name in imports(path):
        if module.startswith("probewidgets.data"):
            whole = f"{module}.{name}" if module == "probewidgets.data" else module
            assert room(whole) in {mine, ""}, f"{path.name} imports {whole}"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_the_grammar_is_entered_by_one_door(path: Path) -> None:
    if DATA / "corpora" / "grammar" not in path.parents:
        inside = [module for module, _ in imports(path) if module.startswith(GRAMMAR + ".")]
        assert not inside, f"{path.name} imports {inside}: take what {GRAMMAR} lists"


@pytest.mark.parametrize("namespace", [corpora, questions])
def test_what_a_namespace_lists_is_there_and_explained(namespace: object) -> None:
    for name in namespace.__all__:  # type: ignore[attr-defined]
        thing = getattr(namespace, name)
        assert name in (namespace.__doc__ or ""), name
        assert not callable(thing) or thing.__doc__, name


def test_namespaces_of_data_and_metrics_are_light() -> None:
    code = (
        "import sys, probewidgets.data.corpora, probewidgets.data.questions, probewidgets.metrics; "
        "print(*{'torch', 'sklearn', 'scipy', 'pandas', 'matplotlib', 'transformers'} & set(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not loaded.strip()
