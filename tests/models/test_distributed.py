"""A capture on a local Ray cluster of two workers: what they write, and what happens when one is killed."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny
import torch

import probewidgets as pw
from probewidgets.data.corpus import Corpus
from probewidgets.errors import ModelError, StoreError
from probewidgets.files import Folder
from probewidgets.models import distributed, jobs
from tests.models.test_capture import corpus_of

TASK = pw.WordTask("tag")
SYMBOLS = {symbol: number for number, symbol in enumerate("abcdef")}


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_PART_EXAMPLES", 3)


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    import ray

    root = Path(__file__).parents[2]
    paths = os.pathsep.join([str(root), str(root / "tests")])  # what pytest adds for this process only
    ray.init(
        num_cpus=2,
        include_dashboard=False,
        object_store_memory=100_000_000,
        log_to_driver=False,
        runtime_env={"env_vars": {"PYTHONPATH": paths, "HF_HUB_OFFLINE": "1"}},
    )
    yield
    ray.shutdown()


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below, hidden ones too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def letters(n: int) -> Corpus:
    """Texts of symbols, of unequal lengths."""
    return corpus_of(*(" ".join("abcdef"[(i * k) % 6] for k in range(1, 4 + i % 5)) for i in range(n)))


class Steps(torch.nn.Module):
    """A GRU over symbols, whose first run in another process than the first ends that process."""

    def __init__(self, killed: Path | None = None, pause: float = 0.0) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embedding, self.gru = torch.nn.Embedding(6, 16), torch.nn.GRU(16, 16, batch_first=True)
        self.killed, self.pause, self.home = killed, pause, os.getpid()

    def forward(self, numbers: torch.Tensor) -> Any:
        if os.getpid() != self.home:
            time.sleep(self.pause)
            if self.killed is not None and not self.killed.exists():
                self.killed.write_text(str(os.getpid()))
                os.kill(os.getpid(), signal.SIGKILL)
        return self.gru(self.embedding(numbers))


def test_the_store_of_workers_is_byte_for_byte_the_one_of_this_process(cluster, tmp_path) -> None:
    for part in tiny.model("bert"):
        part.save_pretrained(tmp_path / "model")
    # Here its weights lie in a file that is mapped into memory; there, where they were unpacked.
    lm = pw.LanguageModel(tmp_path / "model", device="cpu")
    corpus = corpus_of(
        *(" ".join(["The cats sat on mat", "naïve cafés"][: 1 + i % 2] * (1 + i % 3)) for i in range(17))
    )
    pw.capture(lm, corpus, TASK, store=tmp_path / "here")
    acts = pw.capture(lm, corpus, TASK, store=f"file://{tmp_path}/far", engine=pw.RayEngine(2))
    here, there = contents(tmp_path / "here"), contents(tmp_path / "far")
    assert len(here) == 1 + 1 + 6 * 5 and here == there
    assert np.isfinite(acts.layer(3)).all() and acts.n_targets == sum(len(e.words) for e in corpus)


def test_a_killed_worker_is_replaced_and_the_store_is_the_same(cluster, tmp_path, monkeypatch) -> None:
    model, corpus = pw.SequenceModel(Steps(tmp_path / "killed"), SYMBOLS), letters(24)
    pw.capture(model, corpus, TASK, store=tmp_path / "here")
    assert not (tmp_path / "killed").exists()
    monkeypatch.chdir(tmp_path)
    acts = pw.capture(model, corpus, TASK, store="far", engine=pw.RayEngine(2))
    monkeypatch.chdir("/")
    assert np.isfinite(acts.layer(0)).all(), "a relative path stays where it was"
    assert int((tmp_path / "killed").read_text()) != os.getpid()
    assert contents(tmp_path / "here") == contents(tmp_path / "far"), "nothing is left of the killed worker either"


def test_an_interrupt_stops_the_workers_and_keeps_whole_shards(cluster, tmp_path, monkeypatch) -> None:
    class Impatient:
        def update(self, done: int) -> None:
            if done:
                raise KeyboardInterrupt

    model, corpus = pw.SequenceModel(Steps(pause=0.2), SYMBOLS), letters(90)
    whole = distributed.RayEngine.run
    with monkeypatch.context() as patch:
        patch.setattr(distributed.RayEngine, "run", lambda self, j, p, s, bar: whole(self, j, p, s, Impatient()))
        with pytest.raises(KeyboardInterrupt):
            pw.capture(model, corpus, TASK, store=tmp_path / "s", engine=pw.RayEngine(1))
    time.sleep(1)
    done = sorted((tmp_path / "s" / "rows").glob("*.safetensors"))
    time.sleep(1)
    assert 1 <= len(done) < 30 and sorted((tmp_path / "s" / "rows").glob("*.safetensors")) == done
    assert not list(tmp_path.rglob("*.part"))
    pw.capture(model, corpus, TASK, store=tmp_path / "s")
    pw.capture(model, corpus, TASK, store=tmp_path / "here")
    assert contents(tmp_path / "s") == contents(tmp_path / "here")


def test_a_worker_with_other_weights_says_so(cluster, tmp_path) -> None:
    def other() -> pw.SequenceModel:
        module = Steps()
        torch.nn.init.zeros_(module.embedding.weight)
        return pw.SequenceModel(module, SYMBOLS)

    model = pw.SequenceModel(Steps(), SYMBOLS)
    with pytest.raises(ModelError, match=r"has another model than 'Steps' of this process \(fingerprint: .*same files"):
        pw.capture(model, letters(6), TASK, store=tmp_path, engine=pw.RayEngine(1, model=other))
    assert not (tmp_path / "rows").exists()


def worker(folder: Path, model: Any = None) -> distributed._Worker:
    """A worker in this process."""
    job = jobs.Job(pw.SequenceModel(Steps(), SYMBOLS), (0,), pw.mean, pw.residual, "error", "float32")
    made = distributed._Worker.__new__(distributed._Worker)
    sent, threads = replace(job, model=model or job.model), torch.get_num_threads()
    made.order = distributed._Order(sent, job.recipe, Folder(folder), False, threads, "highest")
    return made


def test_a_store_that_a_worker_does_not_see_is_told(tmp_path) -> None:
    with pytest.raises(
        StoreError, match=r"is not to be seen from the worker on .*mount in the same place, or an fsspec"
    ):
        worker(tmp_path / "elsewhere").ready  # noqa: B018


def test_parts_travel_as_they_are() -> None:
    spans = np.zeros((2, 0, 2), np.int64)
    part = jobs.Part("n", 7, ("a\ud800", "北京\n"), ("x", "y"), np.array([0, 1]), spans, 3)
    back = distributed._unpacked(distributed._packed(part))
    assert (back.texts, back.sources, back.first_example, back.first_target) == (part.texts, part.sources, 7, 3)
    assert back.spans.shape == (2, 0, 2) and back.example.dtype == np.int64 and back.example.tolist() == [0, 1]


def test_without_ray_the_engine_says_what_to_install(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    model = pw.SequenceModel(Steps(), SYMBOLS)
    with pytest.raises(ModelError, match=r"needs Ray .*pip install 'probewidgets\[ray\]'"):
        pw.capture(model, letters(3), TASK, store=tmp_path, engine=pw.RayEngine(2))


def test_an_engine_needs_a_store_and_sound_settings() -> None:
    model = pw.SequenceModel(Steps(), SYMBOLS)
    with pytest.raises(StoreError, match="give store="):
        pw.capture(model, letters(3), TASK, engine=pw.RayEngine(2))
    for workers in (0, 1.5, True):
        with pytest.raises(ModelError, match="workers must be a whole number from 1"):
            pw.RayEngine(workers)  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="gpus_per_worker must be a number from 0"):
        pw.RayEngine(1, gpus_per_worker=-1)
    with pytest.raises(ModelError, match="model must be a function without arguments"):
        pw.RayEngine(1, model=model)  # type: ignore[arg-type]
