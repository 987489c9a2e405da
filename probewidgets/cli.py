"""`probewidgets lab` opens JupyterLab on a first notebook; `probewidgets doctor` says what is installed."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

__all__ = ["doctor", "main"]

_PACKAGES = (
    "probewidgets", "torch", "transformers", "numpy", "scikit-learn", "matplotlib", "ipywidgets", "anywidget",
    "jupyterlab", "ipykernel",
)  # fmt: skip

_STARTER = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": "first",
            "metadata": {},
            "outputs": [],
            "source": "import probewidgets as pw\n\npw.explore()",
        }
    ],
    "metadata": {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="probewidgets",
        description="Live probing classifiers, inside Jupyter.",
        usage="probewidgets lab [NOTEBOOK.ipynb] [JupyterLab's own arguments] | probewidgets doctor",
    )
    parser.add_argument(
        "command",
        choices=["lab", "doctor"],
        help="lab: open JupyterLab on a notebook, and write a first one if there is none; "
        "doctor: say what is installed, what is not, and what to do",
    )
    options, rest = parser.parse_known_args(arguments)
    if options.command == "lab":
        return _lab(rest)
    if rest:
        parser.error(f"doctor takes no arguments, but {' '.join(rest)} came")
    lines = list(doctor())
    print("\n".join(lines))
    return int(any(line.startswith("✗") for line in lines))


def doctor() -> Iterator[str]:
    """One line per fact: `✓` is well, `✗` needs something, with what to do."""
    yield f"✓ Python {sys.version.split()[0]}: {sys.executable}"
    for package in _PACKAGES:
        try:
            yield f"✓ {package} {importlib.metadata.version(package)}"
        except importlib.metadata.PackageNotFoundError:
            yield f"✗ {package} is not installed here: pip install 'probewidgets[lab]'"
    yield from _front_end()
    yield from _model()
    from probewidgets.captures.cache import default_folder
    from probewidgets.machine import onednn

    well = os.environ.get(onednn.SWITCH, "") in ("", "0", "1")
    yield f"{'✓' if well else '✗'} float32 products on the CPU: {onednn.described()}"

    folder = default_folder()
    size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) if folder.is_dir() else 0
    yield f"✓ cache: {folder}, {size / 2**20:,.0f} MiB (safe to delete; $PROBEWIDGETS_CACHE moves it)"


def _front_end() -> Iterator[str]:
    """The half of anywidget that runs in the page must be where JupyterLab's server looks for it."""
    try:
        from jupyter_core.paths import jupyter_path
    except ImportError:
        yield "✗ no Jupyter here: pip install 'probewidgets[lab]'"
        return
    places = [Path(folder, "anywidget") for folder in jupyter_path("labextensions")]
    installed = [place for place in places if (place / "package.json").is_file()]
    if installed:
        version = json.loads((installed[0] / "package.json").read_text(encoding="utf-8")).get("version", "?")
        yield f"✓ anywidget's page side {version}: {installed[0]}"
    else:
        yield (
            "✗ anywidget's page side was not found: widgets stay empty. Install anywidget in the environment that runs "
            "JupyterLab's server, restart it, and reload the page"
        )


def _model() -> Iterator[str]:
    from probewidgets.errors import ModelError
    from probewidgets.models import embedded

    try:
        yield f"✓ embedded model {embedded.NAME}, weights as expected: {embedded.folder()}"
    except ModelError as error:
        yield f"✗ {error}"


def _lab(arguments: Sequence[str]) -> int:
    named = [Path(argument) for argument in arguments if argument.endswith(".ipynb")]
    notebook = named[0] if named else Path("probewidgets.ipynb")
    if not notebook.parent.is_dir():
        print(f"There is no folder {notebook.parent} to open {notebook.name} in.", file=sys.stderr)
        return 2
    if not notebook.exists():
        notebook.write_text(json.dumps(_STARTER, indent=1) + "\n", encoding="utf-8")
        print(f"Wrote {notebook}.")
    # JupyterLab refuses to run as root unless it is told that this is meant, as it is in a container.
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    rest = [] if named else [str(notebook)]
    return subprocess.call([sys.executable, "-m", "jupyterlab", *root, *arguments, *rest])


if __name__ == "__main__":
    sys.exit(main())
