"""Execute the notebooks and save them with light, static outputs that read well without a kernel.

python docs/tutorials/build.py            execute and save all (or the ones named)
python docs/tutorials/build.py --check    only look: executed in order, as it stands, without errors, light, not live

An executed notebook keeps a hash of its code, so that outputs of other code are noticed. What its text says of its
results must be true of them: `claims/` has a file for each notebook, with sentences that stand in it, each with an
expression over its variables that is true where the sentence is. What stands there as a bound is what the sentence
means, with room for another processor's rounding.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).parent
NOTEBOOKS = HERE.parents[1] / "notebooks"
VIEW = "application/vnd.jupyter.widget-view+json"
MOST_BYTES = 500_000


def build(path: Path, kernel: Any = None) -> NotebookNode:
    """Execute one notebook, see that what it says is true, and make its outputs static.

    Args:
        path: The notebook, which stays as it is.
        kernel: The manager of a running kernel with nothing in its memory; by default one is started, and ended.

    Raises:
        CellExecutionError: A cell raises, or a claim is not true: that is the last cell, which is not kept.
    """
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(claims_in(notebook, claims_of(path))))
    client = NotebookClient(
        notebook,
        km=kernel,
        timeout=900,
        startup_timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
    )
    try:
        client.execute()
    finally:
        if kernel is not None and client.kc is not None:
            client.kc.stop_channels()
    notebook.cells.pop()
    notebook.metadata = NotebookNode(
        kernelspec={"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        language_info={"name": "python"},
        probewidgets={"executed": fingerprint(notebook)},
    )
    for cell in notebook.cells:
        cell.metadata = NotebookNode()
        if cell.cell_type == "code":
            cell.outputs = [output for output in map(static, cell.outputs) if output is not None]
    return notebook


def claims_of(path: Path) -> dict[str, str]:
    """Sentences of a notebook with what is true where they are, evaluated after its last cell."""
    file = HERE / "claims" / f"{path.stem}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def claims_in(notebook: NotebookNode, claims: Mapping[str, str]) -> str:
    """Code that raises where a claim is not true of what the code before it has made."""
    if lost := lost_in(notebook, claims):
        raise ValueError(f"claims are made of sentences that the notebook does not have: {lost}")
    return "\n".join(f"assert (\n{claim}\n), {sentence!r}" for sentence, claim in claims.items())


def lost_in(notebook: NotebookNode, claims: Iterable[str]) -> list[str]:
    """The claims whose sentences a notebook does not have."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return [sentence for sentence in claims if sentence not in text]


def fingerprint(notebook: NotebookNode) -> str:
    """A hash of the code, in order."""
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256(json.dumps(code).encode()).hexdigest()


def static(output: NotebookNode) -> NotebookNode | None:
    """An output without its live part: a widget leaves its table, progress nothing: no two runs take as long."""
    if output.output_type == "stream" and output.name == "stderr":
        return None
    if output.get("metadata", {}).get("probewidgets", {}).get("progress"):
        return None
    if output.output_type in ("display_data", "execute_result") and VIEW in output.data:
        del output.data[VIEW]
        output.metadata = NotebookNode()
        if "text/html" not in output.data:
            return None
    return output


def faults(path: Path) -> Iterator[str]:
    """What is wrong with a saved notebook."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    if path.stat().st_size > MOST_BYTES:
        yield f"{path.stat().st_size:,} bytes, more than {MOST_BYTES:,}"
    if "widgets" in notebook.metadata:
        yield "carries widget state"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if [cell.execution_count for cell in code] != list(range(1, len(code) + 1)):
        yield "was not executed once, in order, from the top"
    if notebook.metadata.get("probewidgets", {}).get("executed") != fingerprint(notebook):
        yield "was changed since it was executed: its outputs are those of other code"
    for cell in code:
        for output in cell.outputs:
            if output.output_type == "error":
                yield f"cell {cell.execution_count} ended in {output.ename}"
            if VIEW in output.get("data", {}):
                yield f"cell {cell.execution_count} holds a live widget that nothing can show later"
    for sentence in lost_in(notebook, claims_of(path)):
        yield f"does not have the sentence {sentence!r}, of which docs/tutorials/claims/{path.stem}.toml makes a claim"
    if str(Path.home()) in json.dumps(notebook):
        yield "shows a path of the machine it was built on"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path, default=sorted(NOTEBOOKS.glob("*.ipynb")))
    parser.add_argument("--check", action="store_true", help="do not execute, only look")
    options = parser.parse_args()
    wrong = False
    for path in options.notebooks:
        if not options.check:
            built = build(path)
            temporary = path.with_suffix(".writing")
            nbformat.write(built, temporary)
            temporary.replace(path)
        for fault in faults(path):
            wrong = True
            sys.stderr.write(f"{path.name}: {fault}. Run `make notebooks`.\n")
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
