"""How long `pw.explore()` takes in a new process: with nothing in the cache, and then with all of it there.

python benchmarks/explore.py

Until its picture can be shown, and until it can answer another text: the second time the model is loaded after the
picture, in a notebook once the cell has ended, and here by the question.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

CODE = """
import time
start = time.perf_counter()
import probewidgets as pw
explorer = pw.explore()
shown = time.perf_counter() - start
explorer.compute("They can fish.")
print(f"{shown:.1f} s until it is shown, {time.perf_counter() - start:.1f} s until another text is answered")
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for what in ("the first time", "the second time", "the third time"):
            own = os.environ | {"PROBEWIDGETS_CACHE": folder}
            run = subprocess.run([sys.executable, "-c", CODE], check=True, capture_output=True, text=True, env=own)
            print(f"{what}: {run.stdout.strip()}")


if __name__ == "__main__":
    main()
