"""`probewidgets lab`: the notebooks in a folder of one's own, and JupyterLab open on the first of them."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

__all__ = ["FOLDER", "copied", "lab"]

FOLDER = "probewidgets-notebooks"
"""Where the notebooks are copied to, if nothing else is named."""

_PACKAGE = Path(__file__).parents[1]
_SHIPPED = (_PACKAGE / "notebooks", _PACKAGE.parent / "notebooks")
"""Where the notebooks lie: inside of an installed package, or beside it in a clone."""

_SETTINGS = Path(__file__).parent / "jupyter"
"""Defaults of JupyterLab's for this start alone: it does not ask, over the first notebook, whether one wants news."""

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


def lab(arguments: Sequence[str], tell: Callable[[str], None]) -> int:
    """Open JupyterLab; returns its exit status, or 2 where there is nothing to open.

    Args:
        arguments: A folder or a notebook, and what JupyterLab itself is to be told.
        tell: What is done is said to this, line by line.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        tell(f"JupyterLab is not installed in this environment, which is {sys.prefix}.")
        tell("Install it: pip install 'probewidgets[lab]'. Or, without an environment of your own:")
        tell("pipx run --spec 'probewidgets[lab]' probewidgets lab")
        return 2
    if any(argument.endswith(".ipynb") for argument in arguments):
        return _on_a_notebook(arguments, tell)
    named = bool(arguments) and not arguments[0].startswith("-")
    folder = Path(arguments[0] if named else FOLDER)
    shipped = next((names for names in (sorted(place.glob("*.ipynb")) for place in _SHIPPED) if names), [])
    try:
        for line in copied(shipped, folder):
            tell(line)
    except OSError as error:
        tell(f"The notebooks could not be copied to {folder}: {error}.")
        return 2
    opened = [f"--ServerApp.root_dir={folder.resolve()}"]
    opened += [f"--LabApp.default_url=/lab/tree/{shipped[0].name}"] if shipped else []
    return _run([*opened, *arguments[named:]])


def copied(notebooks: Sequence[Path], folder: Path) -> Iterator[str]:
    """Copy notebooks into a folder, which is made where there is none, and say so; none that is there is written over.

    Raises:
        OSError: The folder cannot be made, or not be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    new: list[str] = []
    same: list[str] = []
    changed: list[str] = []
    for notebook in notebooks:
        place = folder / notebook.name
        content = notebook.read_bytes()
        if not place.exists():
            place.write_bytes(content)
            new.append(place.name)
        else:
            (same if place.read_bytes() == content else changed).append(place.name)
    if new:
        yield f"Copied to {folder}: {', '.join(new)}."
    if same:
        yield f"In {folder}, as they come: {len(same)} of {len(notebooks)} notebooks."
    if changed:
        yield (
            f"In {folder}, changed or of another version, and left so: {', '.join(changed)}. "
            "To have one anew, rename yours and start again."
        )
    if not notebooks:
        yield f"This installation has no notebooks to copy; {folder} is opened as it is."


def _on_a_notebook(arguments: Sequence[str], tell: Callable[[str], None]) -> int:
    notebook = next(Path(argument) for argument in arguments if argument.endswith(".ipynb"))
    if not notebook.parent.is_dir():
        tell(f"There is no folder {notebook.parent} to open {notebook.name} in.")
        return 2
    if not notebook.exists():
        notebook.write_text(json.dumps(_STARTER, indent=1) + "\n", encoding="utf-8")
        tell(f"Wrote {notebook}.")
    return _run(arguments)


def _run(arguments: Sequence[str]) -> int:
    """JupyterLab's exit status."""
    # It refuses to run as root unless it is told that this is meant, as it is in a container.
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    # Ctrl-C is JupyterLab's, which then asks and ends its kernels: it must not be ended from here before it has.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return subprocess.call([sys.executable, "-m", "jupyterlab", *root, *arguments], env=_environment(os.environ))
    finally:
        signal.signal(signal.SIGINT, before)


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    """The same, with our defaults behind those that the person names there."""
    paths = [path for path in (given.get("JUPYTER_CONFIG_PATH"), str(_SETTINGS)) if path]
    return {**given, "JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}
