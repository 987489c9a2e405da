"""Captures and sweeps on a local Ray cluster of two workers: what they give, and what happens when one is killed."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny
import torch

import probewidgets as pw
from probewidgets.captures import parts
from probewidgets.captures import ray as distributed
from probewidgets.captures.recipe import Recipe
from probewidgets.captures.work import LocalEngine
from probewidgets.data.corpus import Corpus, Split
from probewidgets.errors import ModelError, ProbeError, StoreError
from probewidgets.machine.files import Folder
from probewidgets.probes.persistence import sweep_json
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
        ray.init(num_cpus=2, include_dashboard=False, object_store_memory=100_000_000, log_to_driver=False)
    yield
    ray.shutdown()


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


class Layers(Steps):
    """A GRU with three layers to look at: its symbols, its states, and these once more."""

    def forward(self, numbers: torch.Tensor) -> Any:
        embedded = self.embedding(numbers)
        states = self.gru(embedded)[0]
        return embedded, states, torch.tanh(states)


@dataclass(frozen=True)
class Killing:
    """A linear probe that ends the first process but this one which fits it for the second time."""

    killed: Path
    home: int = field(default_factory=os.getpid)

    def fit(self, X: Any, y: Any) -> Any:
        if os.getpid() != self.home:
            with self.killed.with_suffix(".fits").open("a") as file:
                file.write(f"{os.getpid()}\n")
            fits = self.killed.with_suffix(".fits").read_text().split()
            if fits.count(str(os.getpid())) == 2 and not self.killed.exists():
                self.killed.write_text(str(os.getpid()))
                os.kill(os.getpid(), signal.SIGKILL)
        return pw.LinearProbe(l2=1e-3).fit(X, y)


class Broken:
    """A probe that fails."""

    def fit(self, X: Any, y: Any) -> Any:
        raise RuntimeError("no such kernel")


def swept(folder: Path | None, seed: int = 0, regression: bool = False) -> pw.Activations:
    """The states of a GRU's steps: which symbol, or number, was there one step before?"""
    examples = []
    for example in letters(90).examples:
        before = ("x", *example.text.split()[:-1])
        numbers = tuple(float(ord(symbol)) for symbol in before)
        examples.append(replace(example, annotations={"before": before, "number": numbers}))
    corpus = Corpus(examples, Split(tuple(range(50)), tuple(range(50, 70)), tuple(range(70, 90))), "letters")
    model = pw.SequenceModel(Layers(), SYMBOLS)
    task = pw.WordTask("number", regression=True) if regression else pw.WordTask("before")
    return pw.capture(model.randomized(seed) if seed else model, corpus, task, store=folder)


def test_layers_that_workers_sweep_are_bit_for_bit_those_of_this_process(cluster, tmp_path) -> None:
    acts = swept(tmp_path / "states")
    options: dict[str, Any] = {"control": 2, "progress": False, "bootstrap": 50}
    options["random"] = swept(tmp_path / "random", seed=1)
    here = pw.sweep(acts, pw.LinearProbe(), **options)
    there = pw.sweep(acts, pw.LinearProbe(), engine=pw.RayEngine(2), **options)
    assert sweep_json(here) == sweep_json(there) and here.layers == (0, 1, 2)
    assert here.score(1).accuracy.value > here.score(0).accuracy.value + 0.1
    for mine, theirs in zip(here.probes, there.probes, strict=True):
        assert np.array_equal(mine.coef_, theirs.coef_) and np.array_equal(mine.intercept_, theirs.intercept_)
    assert np.array_equal(here.hits, there.hits)


class Backwards(LocalEngine):
    """Does the last layer first, and notes the stores that it was told of."""

    def map(self, function: Any, items: Any, stores: Any) -> Iterator[Any]:
        self.stores = stores
        return iter([function(item) for item in reversed(items)][::-1])


def test_an_engine_is_told_of_all_stores_and_sweeps_numbers_too(tmp_path) -> None:
    engine, options = Backwards(), {"control": True, "progress": False, "bootstrap": 50}
    numbers = swept(tmp_path / "numbers", regression=True)
    here = pw.sweep(numbers, pw.RidgeProbe(), **options)
    assert here.scores == pw.sweep(numbers, pw.RidgeProbe(), engine=engine, **options).scores
    assert engine.stores == [numbers.states.store] and len(here.scores) == 3
    acts, random = swept(tmp_path / "states"), swept(tmp_path / "random", seed=1)
    pw.sweep(acts, random=random, engine=engine, **options)
    assert engine.stores == [acts.states.store, random.states.store]


def test_a_layer_whose_worker_is_killed_is_swept_by_another(cluster, tmp_path) -> None:
    acts, probe = swept(tmp_path / "states"), Killing(tmp_path / "killed")
    there = pw.sweep(acts, probe, progress=False, bootstrap=50, engine=pw.RayEngine(1))
    pids = (tmp_path / "killed.fits").read_text().split()
    assert len(pids) == 4 and len(set(pids)) == 2 and (tmp_path / "killed").read_text() == pids[1] != str(os.getpid())
    assert sweep_json(there) == sweep_json(pw.sweep(acts, probe, progress=False, bootstrap=50))


def test_states_in_memory_are_not_for_an_engine(tmp_path) -> None:
    engine, message = pw.RayEngine(1), r"in this process's memory\. .*store='folder or URL'"
    with pytest.raises(StoreError, match=message):
        pw.sweep(swept(None), progress=False, engine=engine)
    with pytest.raises(StoreError, match=message):
        pw.sweep(swept(tmp_path), random=swept(None, seed=1), progress=False, engine=engine)


def test_a_probe_that_cannot_travel_is_told(cluster, tmp_path) -> None:
    probe = Broken()
    probe.lock = threading.Lock()
    with pytest.raises(ProbeError, match=r"The probe, .* cannot be sent to workers .*lock.*Without engine=, it runs"):
        pw.sweep(swept(tmp_path), probe, progress=False, engine=pw.RayEngine(1))


def caller(function: Any, folder: Path) -> distributed._Caller:
    """A worker in this process, with one item."""
    made = distributed._Caller.__new__(distributed._Caller)
    made.task = distributed._Task(function, (3,), (Folder(folder),), torch.get_num_threads(), "highest")
    return made


def test_what_a_worker_of_a_sweep_cannot_do_is_told(cluster, tmp_path, monkeypatch) -> None:
    from ray.exceptions import RayTaskError

    acts = swept(tmp_path / "s")
    told = caller(float, tmp_path / "elsewhere")({"item": np.array([0])})
    assert told["error"] == ["StoreError"] and "is not to be seen from the worker on" in told["said"][0]

    def pool(self: Any, ray: Any, worker: Any, order: Any, rows: Any, gpus: float) -> Iterator[Any]:
        try:
            yield {name: column[0] for name, column in caller(Broken().fit, tmp_path / "s")({"item": [0]}).items()}
        except TypeError as error:
            raise RayTaskError("f", "a long traceback", error) from error

    monkeypatch.setattr(distributed.RayEngine, "_pool", pool)
    with pytest.raises(ProbeError, match=r"worker of the sweep failed \(TypeError: .*'y'\)\. Mend it, and"):
        pw.sweep(acts, progress=False, engine=pw.RayEngine(1))


def worker(folder: Path, model: Any = None) -> distributed._Worker:
    """A worker in this process."""
    recipe = Recipe(pw.SequenceModel(Steps(), SYMBOLS), (0,), pw.mean, pw.residual, "error", "float32")
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
