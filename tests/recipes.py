"""The recipes of CONTRIBUTING.md: what the code of each defines, for the tests that execute it."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = dict(re.findall(r"^## (A \w+)\n(.*?)(?=^## |\Z)", TEXT, re.S | re.M))
KIT = ROOT / "probewidgets" / "widgets" / "kit"


@contextmanager
def module_of(title: str, folder: Path) -> Iterator[ModuleType]:
    """What the code of a recipe defines, as a module that its classes are at home in, beside the kit."""
    name = title.split()[1]
    (folder / "kit").symlink_to(KIT)
    for language, file in (("python", f"{name}/recipe_{name}.py"), ("js", f"{name}/view.js")):
        path = folder / file
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n\n".join(re.findall(rf"```{language}\n(.*?)```", RECIPES[title], re.S)), "utf-8")
    spec = importlib.util.spec_from_file_location(f"recipe_{name}", folder / name / f"recipe_{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[module.__name__]
