"""Type a sentence, see it probed: live probing classifiers for any Hugging Face model, inside Jupyter.

    import probewidgets as pw

    pw.explore()                                            # a first look, in one line

    corpus = pw.read_conllu("train.conllu", "dev.conllu", "test.conllu")
    task = pw.WordTask("upos")
    model = pw.LanguageModel()
    acts = pw.capture(model, corpus, task)
    sweep = pw.sweep(acts, pw.LinearProbe(), control=True)
    sweep.table()
    pw.ProbeExplorer(pw.predictor(model, sweep))

Names are loaded when they are first used: `import probewidgets` is quick and needs neither torch nor transformers. They
are listed once, in `__init__.pyi`.
"""

from __future__ import annotations

import ast
import importlib
from pathlib import Path
from typing import Any

from probewidgets.machine.imports import gc_paused

__version__ = "0.1.0"


def _listed() -> tuple[dict[str, tuple[str, str]], list[str]]:
    """Of each public name its module and what it is called there; and which names are shown.

    A name that is taken from a namespace answers, but is not shown: it is at home there.
    """
    stub = ast.parse(Path(__file__).with_suffix(".pyi").read_text("utf-8"))
    imports = [node for node in stub.body if isinstance(node, ast.ImportFrom)]
    homes = {alias.asname or alias.name: (str(node.module), alias.name) for node in imports for alias in node.names}
    namespaces = {f"{module}.{name}" for module, name in homes.values()}
    return homes, [name for name, (module, _) in homes.items() if module not in namespaces]


_HOMES, _shown = _listed()
__all__ = ["__version__", *_shown]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, called = _HOMES[name]
    with gc_paused():
        if module == __name__ or not hasattr(home := importlib.import_module(module), called):
            value = importlib.import_module(f"{module}.{called}")  # a namespace
        else:
            value = getattr(home, called)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
