"""Captures on a local Ray cluster of two workers: what they give, and what happens when one is killed."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import tiny
import torch

import probewidgets as pw
from probewidgets.captures import parts
from probewidgets.captures import ray as distributed
from probewidgets.captures.recipe import Recipe
from probewidgets.data.corpus import Corpus
from probewidgets.errors import ModelError, StoreError
from probewidgets.machine.files import Folder
from tests.captures.test_capture import corpus_of

TASK = pw.WordTask("tag")
SYMBOLS = {symbol: number for number, symbol in enumerate("abcdef")}


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_PART_EXAMPLES", 3)


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    import ray

    with pytest.MonkeyPatch.context() as patch:
        # The workers import this file, whose models they are sent.
        root = Path(__file__).parents[2]
        patch.setenv("PYTHONPATH", os.pathsep.join([str(root), str(root / "tests")]))
        small = {"num_cpus": 2, "include_dashboard": False, "object_store_memory": 100_000_000}
        patch.setattr("ray._private.services.get_node", patient(ray._private.services.get_node))
        begin(lambda: ray.init(**small, log_to_driver=False))
    yield
    ray.shutdown()


def patient(get_node: Callable[..., Any], seconds: float = 120) -> Callable[..., Any]:
    """Ray gives its own processes 30 s to come up, which on a busy machine are not enough: it asks for longer."""

    def ask(*where: Any) -> Any:
        until = time.monotonic() + seconds
        while True:
            try:
                return get_node(*where)
            except RuntimeError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    return ask


def begin(start: Callable[[], object], tries: int = 3) -> None:
    """Start Ray: what did not come up at first may do so at once."""
    for left in reversed(range(tries)):
        try:
            start()
        except Exception as error:
            if not left or "timed out during startup" not in str(error):
                raise
        else:
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # Ray ends its processes only with this one
            gc.collect()


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below, hidden ones too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def letters(n: int) -> Corpus:
    """Different texts of symbols, of unequal lengths."""
    return corpus_of(*(" ".join("abcdef"[(i // 6**k) % 6] for k in range(3 + i % 5)) for i in range(n)))


class Steps(torch.nn.Module):
    """A GRU over symbols, which takes its time in other processes than the first."""

    def __init__(self, pause: float = 0.0) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embedding, self.gru = torch.nn.Embedding(6, 16), torch.nn.GRU(16, 16, batch_first=True)
        self.pause, self.home = pause, os.getpid()

    def forward(self, numbers: torch.Tensor) -> Any:
        time.sleep(self.pause if os.getpid() != self.home else 0)
        return self.gru(self.embedding(numbers))


class Killer:
    """A hook that ends the first process but this one in which a model runs for the second time."""

    def __init__(self, killed: Path) -> None:
        self.killed, self.home, self.runs = killed, os.getpid(), 0

    def __call__(self, module: torch.nn.Module, inputs: object) -> None:
        self.runs += os.getpid() != self.home
        if self.runs == 2 and not self.killed.exists():
            self.killed.write_text(str(os.getpid()))
            os.kill(os.getpid(), signal.SIGKILL)


def test_with_a_killed_worker_the_store_is_byte_for_byte_the_one_of_this_process(
    cluster, tmp_path, monkeypatch
) -> None:
    for part in tiny.model("bert"):
        part.save_pretrained(tmp_path / "model")
    # Here its weights lie in a file that is mapped into memory; there, where they were unpacked.
    lm = pw.LanguageModel(tmp_path / "model", device="cpu")
    lm.model.register_forward_pre_hook(Killer(tmp_path / "killed"))
    corpus = corpus_of(*(f"The cats {i} sat " + "on naïve cafés " * (i % 3) for i in range(23)))
    pw.capture(lm, corpus, TASK, store=tmp_path / "here")
    assert not (tmp_path / "killed").exists()
    monkeypatch.chdir(tmp_path)
    acts = pw.capture(lm, corpus, TASK, store="far", engine=pw.RayEngine(2))
    monkeypatch.chdir("/")
    assert int((tmp_path / "killed").read_text()) != os.getpid()
    here, there = contents(tmp_path / "here"), contents(tmp_path / "far")
    assert len(here) == 1 + 1 + 8 * 5 and here == there, "nothing is left of the killed worker either"
    assert np.isfinite(acts.layer(3)).all() and acts.n_targets == sum(len(e.words) for e in corpus)


def test_an_interrupt_stops_workers_that_write_to_a_url_and_keeps_whole_shards(cluster, tmp_path, monkeypatch) -> None:
    class Impatient:
        def update(self, done: int) -> None:
            if done:
                raise KeyboardInterrupt

    model, corpus = pw.SequenceModel(Steps(pause=0.1), SYMBOLS), letters(90)
    whole = distributed.RayEngine.run
    with monkeypatch.context() as patch:
        patch.setattr(distributed.RayEngine, "run", lambda self, j, p, s, bar: whole(self, j, p, s, Impatient()))
        with pytest.raises(KeyboardInterrupt):
            pw.capture(model, corpus, TASK, store=f"file://{tmp_path}/s", engine=pw.RayEngine(1))
    time.sleep(1)
    done = sorted((tmp_path / "s" / "rows").glob("*.safetensors"))
    time.sleep(1)
    assert 1 <= len(done) < 30 and sorted((tmp_path / "s" / "rows").glob("*.safetensors")) == done
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


def test_what_else_fails_on_a_worker_is_told_with_its_cause(cluster, tmp_path, monkeypatch) -> None:
    from ray.exceptions import RayActorError, RayTaskError

    def rows(*arguments: object) -> Iterator[Any]:
        raise RayTaskError("f", "a long traceback", RuntimeError("no such kernel\nand more"))
        yield

    monkeypatch.setattr(distributed.RayEngine, "_rows", rows)
    model = pw.SequenceModel(Steps(), SYMBOLS)
    with pytest.raises(ModelError, match=r"worker .* failed \(RuntimeError: no such kernel\)\. What was written"):
        pw.capture(model, letters(3), TASK, store=tmp_path, engine=pw.RayEngine(1))

    def never_began(*arguments: object) -> Iterator[Any]:
        raise RayActorError("1", "The actor died:\nTraceback\nModuleNotFoundError: No module named 'mine'\n")
        yield

    monkeypatch.setattr(distributed.RayEngine, "_rows", never_began)
    with pytest.raises(ModelError, match=r"failed \(RayActorError: ModuleNotFoundError: No module named 'mine'\)\."):
        pw.capture(model, letters(3), TASK, store=tmp_path, engine=pw.RayEngine(1))


def test_a_model_that_cannot_travel_is_to_be_made_there(cluster, tmp_path) -> None:
    module = Steps()
    module.key = threading.Lock()
    with pytest.raises(ModelError, match=r"cannot be sent to workers .*lock.*RayEngine\(\.\.\., model=lambda"):
        pw.capture(pw.SequenceModel(module, SYMBOLS), letters(3), TASK, store=tmp_path, engine=pw.RayEngine(1))


def worker(folder: Path, model: Any = None) -> distributed._Worker:
    """A worker in this process."""
    recipe = Recipe(pw.SequenceModel(Steps(), SYMBOLS), (0,), pw.mean, pw.sites.residual, "error", "float32")
    here = distributed._Worker.__new__(distributed._Worker)
    sent, threads = replace(recipe, model=model or recipe.model), torch.get_num_threads()
    here.order = distributed._Order(sent, recipe.terms, Folder(folder), False, threads, "highest")
    return here


def test_a_store_that_a_worker_does_not_see_is_told(tmp_path) -> None:
    with pytest.raises(StoreError, match=r"is not to be seen from the worker on .*mount in the same place, or"):
        worker(tmp_path / "elsewhere").ready  # noqa: B018


def test_what_makes_a_workers_model_must_make_one(tmp_path) -> None:
    with pytest.raises(ModelError, match="must make a LanguageModel, but made a Steps"):
        worker(tmp_path, Steps).ready  # noqa: B018


def test_a_model_travels_without_its_lock_and_stays_as_it_was() -> None:
    lm = pw.LanguageModel(*tiny.model("bert"))
    hooks = [len(module._forward_hooks) for module in lm.model.modules()]
    sent = distributed._sendable(lm)
    assert "lock" not in sent.__getstate__() and sent.fingerprint() == lm.fingerprint()
    assert [len(module._forward_hooks) for module in lm.model.modules()] == hooks
    assert {p.data_ptr() for p in sent.model.parameters()} == {p.data_ptr() for p in lm.model.parameters()}
    (one,) = lm.encode(["The cats sat"])
    assert torch.equal(sent.states([one])[3], lm.states([one])[3])
    assert len(sent._forward([one], report=True)) == 4, "transformers puts its hooks on anew"


def test_a_killed_writers_half_files_are_found_by_their_mark(tmp_path) -> None:
    ours, theirs = Folder(tmp_path).marked("abcd"), Folder(tmp_path)
    with theirs.writing("a/x") as other, ours.writing("a/x") as half:
        other.write_text("whole")
        half.write_text("half")
        theirs.clear_litter("abcd")
        assert not half.exists() and other.exists()
        half.write_text("again")
    assert (tmp_path / "a" / "x").read_text() == "whole"


def test_parts_travel_as_they_are() -> None:
    spans = np.zeros((2, 0, 2), np.int64)
    part = parts.Part("n", 7, ("a\ud800", "北京\n"), ("x", "y"), np.array([0, 1]), spans, 3)
    back = distributed._unpacked(distributed._packed(part))
    assert (back.texts, back.sources, back.first_example, back.first_target) == (part.texts, part.sources, 7, 3)
    assert back.spans.shape == (2, 0, 2) and back.example.dtype == np.int64 and back.example.tolist() == [0, 1]


def test_without_ray_the_engine_says_what_to_install(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    model = pw.SequenceModel(Steps(), SYMBOLS)
    with pytest.raises(ModelError, match=r"needs Ray .*pip install 'probewidgets\[ray\]'"):
        pw.capture(model, letters(3), TASK, store=tmp_path, engine=pw.RayEngine(2))


@pytest.mark.parametrize(("address", "deed"), [(None, "started on this machine"), ("auto", "joined at 'auto'")])
def test_a_ray_that_does_not_start_is_told_with_what_to_do(tmp_path, monkeypatch, address, deed) -> None:
    def init(**settings: object) -> None:
        raise Exception("The current node timed out during startup. This could happen\nfor many reasons")

    monkeypatch.setattr(distributed, "_ray", lambda: SimpleNamespace(is_initialized=bool, init=init))
    model = pw.SequenceModel(Steps(), SYMBOLS)
    with pytest.raises(ModelError, match=rf"cannot be {deed} \(Exception: The current node .* happen\)\. .*try again"):
        pw.capture(model, letters(3), TASK, store=tmp_path, engine=pw.RayEngine(2, address=address))


def test_an_engine_needs_a_store_and_sound_settings() -> None:
    model = pw.SequenceModel(Steps(), SYMBOLS)
    with pytest.raises(StoreError, match="give store="):
        pw.capture(model, letters(3), TASK, engine=pw.RayEngine(2))
    for workers in (0, 1.5, True):
        with pytest.raises(ModelError, match="workers must be a whole number >= 1"):
            pw.RayEngine(workers)  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="gpus_per_worker must be a number from 0"):
        pw.RayEngine(1, gpus_per_worker=-1)
    with pytest.raises(ModelError, match="model must be a function without arguments"):
        pw.RayEngine(1, model=model)  # type: ignore[arg-type]
