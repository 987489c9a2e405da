"""What one Python has installed for widgets. It is run as it stands in other Pythons too, so it needs no package.

A kernel and JupyterLab's server may each have an environment of their own, and a widget needs something in both.
"""

from __future__ import annotations

import importlib.metadata
import json
import sys
from pathlib import Path
from typing import Any

PACKAGES = (
    "probewidgets", "torch", "transformers", "numpy", "scikit-learn", "matplotlib", "ipywidgets", "anywidget",
    "ipykernel", "jupyterlab",
)  # fmt: skip

PAGES = ("anywidget", "@jupyter-widgets/jupyterlab-manager")
"""What must lie where the server looks for extensions of JupyterLab."""


def seen() -> dict[str, Any]:
    """Versions, extensions of JupyterLab, and the kernels that a server of this Python offers."""
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {
        "python": sys.version.split()[0],
        "executable": sys.executable,
        "versions": versions,
        "pages": {name: place for name in PAGES for place in _page(name)},
        "kernels": _kernels(),
    }


def _page(name: str) -> list[list[str]]:
    """Its version and folder, in a list; an empty list where it is not to be had."""
    try:
        from jupyter_core.paths import jupyter_path
    except ImportError:
        return []
    files = [Path(folder, name, "package.json") for folder in jupyter_path("labextensions")]
    for file in files:
        if file.is_file():
            return [[json.loads(file.read_text(encoding="utf-8")).get("version", "?"), str(file.parent)]]
    return []


def _kernels() -> list[list[str]]:
    """Name, title, and the program that is started, of each."""
    try:
        from jupyter_client.kernelspec import KernelSpecManager
    except ImportError:
        return []
    specs = KernelSpecManager().get_all_specs()
    own = (
        "python",
        "python3",
        f"python{sys.version_info[0]}.{sys.version_info[1]}",
    )  # which a server takes to be its own
    kernels = []
    for name, entry in sorted(specs.items()):
        spec = entry["spec"]
        program = (spec.get("argv") or [""])[0]
        kernels.append([name, spec.get("display_name", name), sys.executable if program in own else program])
    return kernels


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(seen()) + "\n")
