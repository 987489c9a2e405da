"""`probewidgets lab` opens JupyterLab on the notebooks; `probewidgets doctor` says what is installed where."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from probewidgets.cli.checking import doctor
from probewidgets.cli.opening import FOLDER, lab

__all__ = ["doctor", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="probewidgets",
        description="Live probing classifiers, inside Jupyter.",
        usage="probewidgets lab [FOLDER | NOTEBOOK.ipynb] [JupyterLab's own arguments] | probewidgets doctor",
    )
    parser.add_argument(
        "command",
        choices=["lab", "doctor"],
        help=f"lab: copy the tutorial notebooks into FOLDER ({FOLDER}) and open JupyterLab on the first, or on a "
        "notebook of your own, which is written if there is none; doctor: say what is installed in server and kernels, "
        "what is not, and what to do",
    )
    options, rest = parser.parse_known_args(arguments)
    if options.command == "lab":
        return lab(rest, print)
    if rest:
        parser.error(f"doctor takes no arguments, but {' '.join(rest)} came")
    lines = list(doctor())
    print("\n".join(lines))
    return int(any(line.startswith("✗") for line in lines))
