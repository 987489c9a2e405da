"""`probewidgets doctor`: what is installed in server and kernels, what is not, and what a blank widget means here."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import probewidgets.cli.seen as looking

__all__ = ["doctor"]

_Seen = dict[str, Any]
_PATIENCE = 60.0
"""Longest wait for another Python's answer (s)."""


def doctor() -> Iterator[str]:
    """One line per fact: `✓` is well, `✗` needs something, with what to do, `·` is only to be noticed."""
    here = looking.seen()
    yield f"✓ Python {here['python']}: {here['executable']}"
    for package in looking.PACKAGES[:-1]:  # JupyterLab may be another environment's
        version = here["versions"].get(package)
        yield f"✓ {package} {version}" if version else f"✗ {package} is not installed here: {_install('lab')}"
    yield from _model()
    yield from _machine()
    lines = [*_server(here)]
    yield from lines
    yield _blank(lines)


def _install(extra: str) -> str:
    return f"pip install 'probewidgets[{extra}]'"


def _model() -> Iterator[str]:
    from probewidgets.errors import ModelError
    from probewidgets.models import embedded

    try:
        yield f"✓ embedded model {embedded.NAME}, weights as expected: {embedded.folder()}"
    except ModelError as error:
        yield f"✗ {error}"


def _machine() -> Iterator[str]:
    from probewidgets.captures.cache import default_folder
    from probewidgets.machine import onednn

    well = os.environ.get(onednn.SWITCH, "") in ("", "0", "1")
    yield f"{'✓' if well else '✗'} float32 products on the CPU: {onednn.described()}"
    folder = default_folder()
    size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) if folder.is_dir() else 0
    yield f"✓ cache: {folder}, {size / 2**20:,.0f} MiB (safe to delete; $PROBEWIDGETS_CACHE moves it)"


# ---------------------------------------------------------------------- the server, which draws the page


def _server(here: _Seen) -> Iterator[str]:
    """The JupyterLab of this environment, the one that the command starts, and the kernels that they offer."""
    other = _other(here)
    if "jupyterlab" in here["versions"]:
        yield f"✓ server: JupyterLab {here['versions']['jupyterlab']} of this environment"
        yield from _pages(here)
        yield from _kernels(here, here)
    elif other is None:
        yield (
            f"✗ server: no JupyterLab here, nor another on the path: {_install('lab')}. Where it runs on another "
            "machine or in another environment, ask there too"
        )
    if other is not None:
        version = other["versions"].get("jupyterlab", "?")
        yield f"· server: the command jupyter-lab is JupyterLab {version} of another environment, {other['executable']}"
        yield from _pages(other)
        yield from _kernels(other, here)


def _pages(server: _Seen) -> Iterator[str]:
    """The half of each widget library that runs in the page must be where the server looks for it."""
    for name, package in zip(looking.PAGES, ("anywidget", "ipywidgets"), strict=True):
        if name in server["pages"]:
            version, folder = server["pages"][name]
            yield f"✓ {package}'s page side {version}: {folder}"
        else:
            yield (
                f"✗ {package}'s page side was not found: widgets stay empty. Install it where this server runs: "
                f"{server['executable']} -m pip install {package}. Then restart JupyterLab, and reload the page"
            )


def _other(here: _Seen) -> _Seen | None:
    """What the Python of the command `jupyter-lab` has, where that is not this one."""
    command = shutil.which("jupyter-lab")
    if command is None:
        return None
    with open(command, "rb") as file:
        start = file.read(500).decode("utf-8", "replace")
    # A script names its Python in the first line, or, where the path is long or has spaces, quoted in the second.
    named = re.match(r"#!(\S*python\S*)|#!/bin/sh\n'''exec' \"?([^\"\n]*?python[^\"\s]*)", start)
    python = (named.group(1) or named.group(2)) if named else ""
    if not python or Path(python).parent == Path(here["executable"]).parent:
        return None
    return _asked(python)


def _asked(python: str) -> _Seen | None:
    """What another Python has; None where it does not say."""
    code = Path(looking.__file__).read_text(encoding="utf-8")
    try:
        told = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=_PATIENCE, check=True)
        answer: _Seen = json.loads(told.stdout.strip().splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None
    return answer


# ---------------------------------------------------------------------- kernels, which run the cells


def _kernels(server: _Seen, here: _Seen) -> Iterator[str]:
    """Each kernel that the server offers, and whether the widgets of its Python fit the server's page."""
    able = False
    for name, title, program in server["kernels"]:
        start = f"kernel {name} ({title}): {program or 'no program'}"
        if "python" not in Path(program).name.lower():
            yield f"· {start} is no Python"
            continue
        kernel = here if Path(program) == Path(here["executable"]) else _asked(program)
        if kernel is None:
            yield f"✗ {start} does not start, and no notebook can run on it: jupyter kernelspec remove {name}"
        elif "probewidgets" not in kernel["versions"]:
            yield f"· {start} has no probewidgets; to use it there: {program} -m pip install probewidgets"
        else:
            fault = _misfit(kernel, server)
            able = able or not fault
            has = ", ".join(f"{each} {kernel['versions'].get(each, '?')}" for each in ("probewidgets", "anywidget"))
            yield f"✗ {start} has {has}: {fault}" if fault else f"✓ {start} has {has}"
    if not able:
        yield "✗ no kernel of this server can show a widget: choose or install another, by one of the lines above"


def _misfit(kernel: _Seen, server: _Seen) -> str:
    """Why a widget of this kernel stays blank in the pages of this server; empty where nothing is against it."""
    version = kernel["versions"].get("anywidget")
    if version is None:
        return f"install anywidget there: {kernel['executable']} -m pip install anywidget"
    page = server["pages"].get("anywidget", (None,))[0]
    if page and page.split(".")[:2] != version.split(".")[:2]:  # a kernel asks for ~0.11.0
        return f"the server's page side is {page}, which does not answer to it: install the same anywidget in both"
    return ""


def _blank(lines: list[str]) -> str:
    """What a widget whose place stays blank means here."""
    if any(line.startswith("✗") for line in lines):
        return "· a blank widget here: what is marked ✗ of server and kernels. Mend it, restart, and reload the page"
    return (
        "· a blank widget here: the page is older than what is installed (restart JupyterLab, reload the page); or the "
        "notebook runs on a kernel without ✓ above, or in another server; or a content security policy forbids blob: "
        "in script-src; or the kernel is gone (run the cell again)"
    )
