"""How long `pw.explore()` takes in a new process: with nothing in the cache, and then with all of it there.

python benchmarks/explore.py
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
pw.explore()
print(f"{time.perf_counter() - start:.1f}")
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for what in ("the first time", "the second time"):
            own = os.environ | {"PROBEWIDGETS_CACHE": folder}
            run = subprocess.run([sys.executable, "-c", CODE], check=True, capture_output=True, text=True, env=own)
            print(f"{what}: {run.stdout.split()[-1]} s")


if __name__ == "__main__":
    main()
