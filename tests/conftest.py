from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
# Nothing in the tests may reach for a hub.
os.environ["HF_HUB_OFFLINE"] = "1"
# Small products on one thread each, in kernels and other processes too: the workers share the cores, and threads that
# wait for each other cost more than they give. It also makes the tests the same on any number of cores.
for library in ("OMP", "MKL", "OPENBLAS"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

# What an example takes depends on the machine and on what else it does.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

LONGEST = (
    "captures/test_ray.py",
    "explorer/test_looks.py",
    "tests/test_notebooks.py",
    "trainer/test_page.py",
    "reading/test_saving.py",
    "captures/test_store.py",
    "models/test_gguf.py",
    "diagnostic/test_gru.py",
    "captures/test_families.py",
    "errors/test_page.py",
    "tests/test_docs.py",
    "browser/test_trainer.py",
    "browser/test_life.py",
    "browser/test_quickstart.py",
)
"""Files that are begun first, the longest before: with few workers, none is left alone with one at the end."""


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a cache folder of its own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("PROBEWIDGETS_CACHE", str(folder))
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, and the others as they come."""

    def place(item: pytest.Item) -> int:
        file = item.path.as_posix()
        return next((at for at, name in enumerate(LONGEST) if file.endswith(f"/{name}")), len(LONGEST))

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file's tests share what they build, so one worker runs them all; only notebooks share nothing."""
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return nodeid if file.endswith("test_notebooks.py") else file

    return ByFile(config, log)
