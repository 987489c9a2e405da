"""Install with pip, and say in a line now and then how far it is: pip alone is silent for minutes, or says too much.

python .ci/install.py --torch VERSION        CPU build of torch first, where PyPI's would bring CUDA for nothing
python .ci/install.py ARGUMENTS OF PIP'S     anything else
"""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shutil import which
from urllib.error import URLError
from urllib.request import urlopen

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
"""Where PyTorch publishes builds without CUDA."""

LARGE = 30.0
"""A download of more MB is named."""

BEAT = 10.0
"""Between two lines of the same step (s)."""


def main(arguments: list[str]) -> int:
    """The exit status of pip."""
    if arguments[0] == "--torch":
        return cpu_torch(arguments[1])
    return install(arguments)


def install(arguments: list[str]) -> int:
    """Run pip, and tell its steps; all that it says only where it fails."""
    command = [sys.executable, "-m", "pip", "install", "--no-compile", "--disable-pip-version-check", "--no-input"]
    last: deque[str] = deque(maxlen=60)
    packages, told = 0, time.monotonic()
    with subprocess.Popen(
        [*command, "--progress-bar=off", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            last.append(line)
            packages += line.startswith("Collecting ")
            large = re.match(r"\s+Downloading (\S+?)-\d.* \(([\d.]+) (MB|GB)\)", line)
            if large and (large[3] == "GB" or float(large[2]) > LARGE):
                say(f"downloading {large[1]}, {large[2]} {large[3]} ...")
                told = time.monotonic()
            elif line.startswith("Installing collected packages: "):
                with counted(line.count(",") + 1):
                    last.extend(pip.stdout)
            elif packages > 1 and line.startswith("Collecting ") and time.monotonic() - told > BEAT:
                say(f"{packages} packages looked at ...")
                told = time.monotonic()
    if pip.returncode:
        sys.stderr.write("".join(last))
    return pip.returncode


@contextmanager
def counted(todo: int) -> Iterator[None]:
    """Count, while pip unpacks what it has, the packages that are in place."""
    place = Path(next(path for path in sys.path if path.endswith("site-packages")))
    before, over = len(list(place.glob("*.dist-info"))), threading.Event()

    def count() -> None:
        told, since = -1, time.monotonic()
        while not over.wait(BEAT):
            ready = max(0, min(len(list(place.glob("*.dist-info"))) - before, todo))
            if ready > told or time.monotonic() - since > 6 * BEAT:
                say(f"unpacked {ready} of {todo} packages ...")
                told, since = ready, time.monotonic()

    say(f"unpacking {todo} packages ...")
    thread = threading.Thread(target=count, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def cpu_torch(wanted: str) -> int:
    """On Linux without an NVIDIA GPU install torch from PyTorch's own index; where that fails, say what it means."""
    if sys.platform != "linux" or has_torch() or has_gpu():
        return 0
    if reached(CPU_INDEX):
        say(f"no NVIDIA GPU here: torch {wanted} comes from {CPU_INDEX}, without CUDA ...")
        if install(["--no-deps", "--index-url", CPU_INDEX, f"torch=={wanted}"]) == 0:
            return 0
    say(
        f"no NVIDIA GPU here, and no torch {wanted} to be had from {CPU_INDEX}. If pip's own brings CUDA, that is "
        f"several GB which nothing here uses. To avoid them, stop (Ctrl-C), install a CPU build into {sys.prefix}, "
        "and run make again."
    )
    return 0


def has_torch() -> bool:
    """Whether this environment has any."""
    try:
        return bool(version("torch"))
    except PackageNotFoundError:
        return False


def has_gpu() -> bool:
    """Whether there is an NVIDIA driver with a device."""
    if Path("/proc/driver/nvidia/version").exists() or Path("/dev/nvidiactl").exists() or Path("/dev/dxg").exists():
        return True
    command = which("nvidia-smi")
    return command is not None and subprocess.run([command, "-L"], capture_output=True, check=False).returncode == 0


def reached(address: str) -> bool:
    """Whether it answers within seconds."""
    try:
        with urlopen(f"{address}/torch/", timeout=10):
            return True
    except (URLError, OSError, ValueError):
        return False


def say(line: str) -> None:
    """Tell at once, also where the output is a pipe."""
    sys.stdout.write(f"  {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
