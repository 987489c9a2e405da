"""What pages of widgets and the reference show of the package itself: traits, keys, public names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import ipywidgets

import probewidgets as pw
from probewidgets.widgets.compare.terms import terms as compare_terms
from probewidgets.widgets.errors.terms import KEYS as ERRORS_KEYS
from probewidgets.widgets.explorer.terms import KEYS as EXPLORER_KEYS
from probewidgets.widgets.teacher.payload import TERMS as TEACHER_TERMS
from probewidgets.widgets.trainer.payload import TERMS as TRAINER_TERMS

PACKAGE = Path(pw.__file__).parent
INTERNAL = frozenset({"painted", *ipywidgets.DOMWidget.class_trait_names()})
"""Traits that are the page's and the host's business."""
LISTS: dict[str, Iterable[tuple[str, str]]] = {
    "explorer": EXPLORER_KEYS,
    "errors": ERRORS_KEYS,
    "compare": compare_terms(pair=False, scored=True),
    "teacher": TEACHER_TERMS,
    "trainer": TRAINER_TERMS,
}
"""Name of a widget -> what its `?` shows, or of it the keys."""


class Chapter(NamedTuple):
    """A page of the reference."""

    title: str
    names: tuple[str, ...]
    """Public names, of the package or, with a dot, of a namespace."""

    @property
    def page(self) -> str:
        """Its file."""
        return f"reference/{re.sub(r'[^a-z]+', '-', self.title.lower()).strip('-')}.md"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines) + "\n"


def default(trait: Any) -> str:
    """What a trait holds at first."""
    value = trait.default_value
    if value is None or isinstance(value, bool | int | float | str) or value == ():
        return f"`{value!r}`"
    return "made with the widget"


def traits(name: str) -> str:
    """The traits of a widget, with the help that they have."""
    rows = [
        (f"`{trait}`", default(value), value.help + (" Read-only." if value.read_only else ""))
        for trait, value in sorted(getattr(pw, name).class_traits().items())
        if not trait.startswith("_") and trait not in INTERNAL
    ]
    return table(("trait", "by default", "holds"), rows)


def keys(name: str) -> str:
    """What the `?` of a widget says."""
    return table(("mark, number or key", "means"), ((f"**{term}**", meaning) for term, meaning in LISTS[name]))


def chapters() -> list[Chapter]:
    """The public names, by the comments that they stand under in `__init__.pyi`."""
    text = (PACKAGE / "__init__.pyi").read_text(encoding="utf-8")
    parts = re.split(r"^# (.*)\.$", text, flags=re.M)[1:]
    read: list[Chapter] = []
    for title, code in zip(parts[::2], parts[1::2], strict=True):
        names = [alias.asname or alias.name for node in ast.parse(code).body if isinstance(node, ast.ImportFrom)
                 for alias in node.names]  # fmt: skip
        if title.startswith("Namespaces"):
            read += [Chapter(f"pw.{name}", tuple(f"{name}.{inner}" for inner in exported(name))) for name in names]
        elif not title.startswith("At home"):
            read.append(Chapter(title, tuple(names)))
    return sorted(read, key=lambda chapter: chapter.title.startswith("pw."))


def exported(namespace: str) -> list[str]:
    """The public names of a namespace."""
    return list(getattr(pw, namespace).__all__)


def module_of(name: str) -> str:
    """Where a public name is written: `probewidgets.captures.capture.capture`."""
    if "." in name:
        namespace, _, inner = name.partition(".")
        module, called = pw._HOMES[namespace]
        return f"{module}.{called}.{inner}"
    module, called = pw._HOMES[name]
    return f"{module}.{called}"


def reference(chapter: Chapter) -> str:
    """A page of the reference, for mkdocstrings."""
    told = "What each of these public names is for, takes, gives and raises, as its docstring says it."
    lines = [f"# {chapter.title}", "", told, ""]
    for name in chapter.names:
        lines += [
            f"::: {module_of(name)}",
            "    options:",
            f'      heading: "pw.{name}"',
            f'      toc_label: "{name}"',
            "",
        ]
    return "\n".join(lines)
