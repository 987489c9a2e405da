"""The store of captured states: what is kept, found again, added, damaged, and full."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny
import torch

import probewidgets as pw
from probewidgets.captures import parts
from probewidgets.captures.pooling import first
from probewidgets.captures.store import Store, Stored
from probewidgets.data.corpus import Corpus, Example, Split
from probewidgets.errors import ModelError, StoreError
from probewidgets.machine.threads import Workers
from tests.captures.test_capture import corpus_of, lm_of, words_of

TASK = pw.WordTask("tag")


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_PART_EXAMPLES", 3)


def sentences(n: int) -> list[str]:
    return [f"The cats{i} sat on mat {i} ." for i in range(n)]


def states(folder: Path) -> list[Path]:
    return sorted(folder.rglob("layer-*/*.safetensors"))


CHILD = """
import sys, time
import probewidgets as pw
from probewidgets.captures import parts
from tests.captures.test_capture import corpus_of
from tests.captures.test_store import sentences
parts._PART_EXAMPLES = 3
lm, n, pause = pw.LanguageModel(sys.argv[1]), int(sys.argv[3]), float(sys.argv[4])
plain = lm.states
lm.states = lambda *a: time.sleep(pause) or plain(*a)
pw.capture(lm, corpus_of(*sentences(n)), pw.WordTask("tag"), store=sys.argv[2])
"""


def saved(folder: Path) -> Path:
    """A model that is the same in every process."""
    for part in tiny.model("bert"):
        part.save_pretrained(folder)
    return folder


def child(model: Path, store: Path, n: int, pause: float = 0.0) -> subprocess.Popen[bytes]:
    """Another process that captures n sentences."""
    root = Path(__file__).parents[2]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(root / "tests")])}
    arguments = [sys.executable, "-c", CHILD, str(model), str(store), str(n), str(pause)]
    return subprocess.Popen(arguments, env=env, stderr=subprocess.DEVNULL)


def owner_of(array: object) -> object:
    """Whose memory an array looks at."""
    while isinstance(array, (np.ndarray, memoryview)):
        array = array.base if isinstance(array, np.ndarray) else array.obj
    return array


def no_run(lm: pw.LanguageModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lm, "states", lambda *_: pytest.fail("the model was run again"))


def test_states_in_a_store_are_those_in_memory(tmp_path) -> None:
    lm, corpus = lm_of("wordpiece"), corpus_of(*sentences(10))
    stored = pw.capture(lm, corpus, TASK, store=tmp_path / "s")
    memory = pw.capture(lm, corpus, TASK, store=False)
    assert isinstance(stored.states, Stored) and stored.states.shape == memory.states.shape
    np.testing.assert_allclose(np.asarray(stored.states), memory.states, atol=1e-5)
    assert stored.targets.surface == memory.targets.surface
    out = np.full_like(memory.layer(2), np.nan)
    for rows, block in stored.blocks(2):
        out[rows] = block
        assert isinstance(owner_of(block), mmap)
    np.testing.assert_array_equal(out, stored.layer(2))
    assert str(tmp_path / "s") in repr(stored)


@pytest.mark.parametrize("missing", [["pwrite"], ["MAP_POPULATE"], ["pwrite", "MAP_POPULATE"]])
def test_a_system_without_the_quick_ways_gets_the_same_store(missing: list[str], tmp_path, monkeypatch) -> None:
    lm, corpus = lm_of("wordpiece"), corpus_of(*sentences(10))
    memory = pw.capture(lm, corpus, TASK, store=False)
    if "pwrite" in missing:
        monkeypatch.delattr(os, "pwrite")
    if "MAP_POPULATE" in missing:
        monkeypatch.setattr("probewidgets.captures.store._READ_ONLY", {"access": ACCESS_READ})
    stored = pw.capture(lm, corpus, TASK, store=tmp_path)
    stored.layer(2)
    for rows, block in stored.blocks(2):
        np.testing.assert_allclose(block, memory.layer(2)[rows], atol=1e-5)
        assert isinstance(owner_of(block), mmap) and not block.flags.writeable


def test_a_store_can_be_read_with_safetensors_and_json_alone(tmp_path) -> None:
    from safetensors.numpy import load_file

    corpus = corpus_of(*sentences(7))
    acts = pw.capture(lm_of("wordpiece"), corpus, TASK, store=tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["format"] == "probewidgets.states" and manifest["recipe"]["pool"] == "mean"
    assert {"model", "revision", "special tokens", "versions"} <= set(manifest)
    (described,) = (json.loads(path.read_text()) for path in (tmp_path / "captures").iterdir())
    assert described["rows"] == acts.n_targets and described["layers"] == [0, 1, 2, 3]
    assert described["left out"] == {"without_token": 0, "too_long": 0, "shared": 0}
    names = [shard["name"] for shard in described["shards"]]
    X = np.concatenate([load_file(tmp_path / "layer-03" / f"{name}.safetensors")["states"] for name in names])
    np.testing.assert_array_equal(X, acts.layer(3))
    words = []
    for shard in described["shards"]:
        rows = load_file(tmp_path / "rows" / f"{shard['name']}.safetensors")
        for example, (span,) in zip(rows["example"], rows["spans"], strict=True):
            words.append(corpus[shard["first_example"] + int(example)].text[slice(*span)])
    assert tuple(words) == acts.targets.surface


@pytest.mark.parametrize("store", ["folder", "cache"])
def test_a_second_capture_reads_the_first(tmp_path, monkeypatch, store: str) -> None:
    lm, corpus = lm_of("wordpiece"), corpus_of(*sentences(8))
    place = tmp_path / "s" if store == "folder" else None
    before = pw.capture(lm, corpus, TASK, store=place)
    no_run(lm, monkeypatch)
    again = pw.capture(lm, corpus, TASK, store=place)
    np.testing.assert_array_equal(np.asarray(again.states), np.asarray(before.states))
    assert again.targets.surface == before.targets.surface


def test_new_examples_cost_only_their_own_shards(tmp_path, monkeypatch) -> None:
    lm, texts = lm_of("wordpiece"), sentences(14)
    pw.capture(lm, corpus_of(*texts[:8]), TASK, store=tmp_path)
    run: list[int] = []
    plain = lm.encode
    monkeypatch.setattr(lm, "encode", lambda t, s=None: run.append(len(t)) or plain(t, s))
    grown = pw.capture(lm, corpus_of(*texts), TASK, store=tmp_path)
    assert run == [3, 3, 2], "the first two shards were there; the third had been cut short"
    np.testing.assert_allclose(
        np.asarray(grown.states), pw.capture(lm, corpus_of(*texts), TASK, store=False).states, atol=1e-5
    )


@pytest.mark.parametrize("store", ["folder", "cache"])
def test_a_shard_of_which_nothing_is_left_is_kept_like_any_other(store: str, tmp_path, cache_folder) -> None:
    long = "The cats sat . " * 30
    lm, corpus = lm_of("wordpiece"), corpus_of(*[long.strip()] * 3, *sentences(4))
    where = tmp_path / "s" if store == "folder" else None
    for _ in range(2):
        with pytest.warns(UserWarning, match="360 target"):
            acts = pw.capture(lm, corpus, TASK, too_long="skip", store=where)
        assert acts.n_targets == 28 and len(acts.missing.too_long) == 360
        assert acts.layer(1).shape == (28, acts.states.shape[2])
        assert sum(len(block) for _, block in acts.blocks(1)) == 28


@pytest.mark.parametrize("store", ["folder", "cache", "memory"])
def test_parts_of_equal_content_are_run_once(store: str, tmp_path, monkeypatch) -> None:
    lm, texts = lm_of("wordpiece"), ["The cats sat .", "\u200b", "well"]
    corpus = corpus_of(*texts * 3, "The mat", *texts, "on")
    run: list[int] = []
    plain = lm.encode
    monkeypatch.setattr(lm, "encode", lambda t, s=None: run.append(len(t)) or plain(t, s))
    where = {"folder": tmp_path / "s", "cache": None, "memory": False}[store]
    with pytest.warns(UserWarning, match=r"4 target\(s\) got no token"):
        acts = pw.capture(lm, corpus, TASK, store=where)
    assert run == [3, 3, 2], "three parts of the same sentences, two of others"
    once = ("The", "cats", "sat", ".", "well")
    assert acts.targets.surface == (*once * 3, "The", "mat", *once, "on")
    first = acts.layer(3)[:5]
    assert len(np.unique(first, axis=0)) == 5
    for again in (acts.layer(3)[5:10], acts.layer(3)[10:15], acts.layer(3)[17:22]):
        np.testing.assert_allclose(again, first, atol=1e-5)


def test_missing_layers_are_added_and_the_others_kept(tmp_path, monkeypatch) -> None:
    lm, corpus = lm_of("wordpiece"), corpus_of(*sentences(5))
    pw.capture(lm, corpus, TASK, layers=[1, 3], store=tmp_path)
    kept = {path: path.stat().st_mtime_ns for path in states(tmp_path)}
    pw.capture(lm, corpus, TASK, layers=[0, 2], store=tmp_path)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    no_run(lm, monkeypatch)
    every = pw.capture(lm, corpus, TASK, store=tmp_path)
    monkeypatch.undo()
    np.testing.assert_allclose(np.asarray(every.states), pw.capture(lm, corpus, TASK, store=False).states, atol=1e-5)


def test_a_store_takes_only_states_of_its_own_recipe(tmp_path) -> None:
    lm, corpus = lm_of("wordpiece"), corpus_of(*sentences(3))
    pw.capture(lm, corpus, TASK, store=tmp_path)
    with pytest.raises(StoreError, match=r"holds other states \(pool: 'mean' there, 'first' asked for\)"):
        pw.capture(lm, corpus, TASK, pool=pw.first, store=tmp_path)
    with pytest.raises(StoreError, match=r"fingerprint: .* there, .* asked for"):
        pw.capture(lm_of("byte-bpe"), corpus, TASK, store=tmp_path)
    with pytest.raises(StoreError, match="dtype: 'float32' there, 'float16' asked for"):
        pw.capture(lm, corpus, TASK, dtype="float16", store=tmp_path)
    pw.capture(lm, corpus_of("another text", "and another"), TASK, store=tmp_path)
    assert len(list((tmp_path / "captures").iterdir())) == 2


def test_a_store_of_a_site_says_of_which_modules_and_takes_none_of_others(tmp_path) -> None:
    lm, corpus = pw.LanguageModel(*tiny.model("gpt2")), corpus_of(*sentences(3))
    pw.capture(lm, corpus, TASK, site=pw.sites.mlp, store=tmp_path)
    (path,) = tmp_path.glob("**/manifest.json")
    manifest = json.loads(path.read_text())
    assert manifest["recipe"]["modules"] == ["output of h.*.mlp.c_proj"]
    manifest["recipe"]["modules"] = ["output of h.*.mlp.act"]  # as a version that knew it less well has it
    path.write_text(json.dumps(manifest))
    with pytest.raises(StoreError, match=r"modules: .*mlp.act.* there, .*mlp.c_proj.* asked for"):
        pw.capture(lm, corpus, TASK, site=pw.sites.mlp, store=tmp_path)


def test_anything_that_changes_the_states_changes_what_the_cache_finds(cache_folder) -> None:
    lm, corpus = lm_of("wordpiece"), corpus_of("The cats sat .", "well")
    for changed in (
        lambda: pw.capture(lm, corpus, TASK),
        lambda: pw.capture(lm, corpus, TASK, pool=pw.first),
        lambda: pw.capture(lm, corpus, TASK, site=pw.sites.mlp),
        lambda: pw.capture(lm, corpus, TASK, dtype="float16"),
        lambda: pw.capture(lm, corpus_of("The cats sat .", "Well"), TASK),
        lambda: pw.capture(lm_of("byte-bpe"), corpus, TASK),
    ):
        before = len(states(cache_folder))
        changed()
        assert len(states(cache_folder)) > before


DAMAGES = ("cut", "flipped", "empty", "foreign", "longer")


def damage(path: Path, how: str) -> None:
    data = bytearray(path.read_bytes())
    if how == "flipped":
        data[-5] ^= 0x01
    made = {
        "cut": data[:-100],
        "flipped": data,
        "empty": b"",
        "foreign": b"hello, this is no such file",
        "longer": data + b"x",
    }
    path.write_bytes(made[how])


@pytest.mark.parametrize("how", DAMAGES)
def test_damaged_states_in_the_cache_are_said_and_computed_anew(cache_folder, how: str) -> None:
    lm, corpus = lm_of("wordpiece"), corpus_of(*sentences(7))
    want = pw.capture(lm, corpus, TASK).states
    damage(states(cache_folder)[2], how)
    with pytest.warns(UserWarning, match="cannot be read, and are computed anew: .* is damaged"):
        np.testing.assert_allclose(pw.capture(lm, corpus, TASK).states, want, atol=1e-5)
    np.testing.assert_allclose(pw.capture(lm, corpus, TASK).states, want, atol=1e-5)  # and it was written again


@pytest.mark.parametrize("how", DAMAGES)
def test_damaged_states_in_a_store_are_named_and_the_rest_is_kept(tmp_path, monkeypatch, how: str) -> None:
    lm, corpus = lm_of("wordpiece"), corpus_of(*sentences(7))
    want = np.asarray(pw.capture(lm, corpus, TASK, store=tmp_path).states)
    spoilt = states(tmp_path)[4]
    damage(spoilt, how)
    run: list[int] = []
    plain = lm.encode
    monkeypatch.setattr(lm, "encode", lambda t, s=None: run.append(len(t)) or plain(t, s))
    named = f"{re.escape(str(spoilt))} is damaged"
    if how == "flipped":  # seen only where every byte is looked at
        acts = pw.capture(lm, corpus, TASK, store=tmp_path)
        with pytest.raises(StoreError, match=named):
            np.asarray(acts.states)
        acts = pw.capture(lm, corpus, TASK, store=tmp_path)
    else:
        with pytest.warns(UserWarning, match=named):
            acts = pw.capture(lm, corpus, TASK, store=tmp_path)
    np.testing.assert_allclose(np.asarray(acts.states), want, atol=1e-5)
    assert len(run) == 1, "only the damaged shard is run"


@pytest.mark.parametrize("explicit", [True, False])
def test_the_progress_bar_says_where_states_go_to_or_come_from(explicit: bool, tmp_path, capfd) -> None:
    lm, corpus, store = lm_of("wordpiece"), corpus_of(*sentences(7)), tmp_path / "s" if explicit else None
    for n, said in ((4, r"14.3 kB to disk, at work .+B\)"), (7, "25.1 kB to disk"), (7, r"25.1 kB from the store\)")):
        pw.capture(lm, corpus_of(*sentences(n)), TASK, store=store)
        assert re.search(rf"Capturing BertModel \({said}", capfd.readouterr().err)
    pw.capture(lm, corpus, TASK, store=False)
    assert re.search(r"\(25.1 kB in memory, at work", capfd.readouterr().err)


def test_no_shard_of_a_corpus_that_grew_is_without_a_capture_that_names_it(tmp_path) -> None:
    lm = lm_of("wordpiece")
    for n in (4, 8, 9):
        pw.capture(lm, corpus_of(*sentences(n)), TASK, store=tmp_path)
    captures = [json.loads(path.read_text()) for path in (tmp_path / "captures").iterdir()]
    named = {shard["name"] for capture in captures for shard in capture["shards"]}
    assert len(captures) == 3 and {path.stem for path in (tmp_path / "rows").iterdir()} == named
    assert {path.stem for path in states(tmp_path)} == named


def test_states_that_were_removed_are_told_when_they_are_read(tmp_path) -> None:
    acts = pw.capture(lm_of("wordpiece"), corpus_of(*sentences(4)), TASK, store=tmp_path)
    states(tmp_path)[0].unlink()
    with pytest.raises(StoreError, match=r"cannot be read .* Was the store cleared\? Run the same capture"):
        np.asarray(acts.states)


def test_a_folder_that_cannot_be_written_costs_only_the_caching(cache_folder) -> None:
    cache_folder.parent.mkdir(parents=True, exist_ok=True)
    cache_folder.write_text("in the way")
    with pytest.warns(UserWarning, match="could not be cached"):
        assert pw.capture(lm_of("wordpiece"), corpus_of("The cats"), TASK).n_targets == 2


def test_a_store_that_cannot_be_written_is_an_error(tmp_path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="could not be written"):
        pw.capture(lm_of("wordpiece"), corpus_of("The cats"), TASK, store=tmp_path / "file")
    for nowhere in (5, ""):
        with pytest.raises(StoreError, match="A folder is a path or a URL"):
            pw.capture(lm_of("wordpiece"), corpus_of("The cats"), TASK, store=nowhere)
    with pytest.raises(StoreError, match="cannot be opened"):
        pw.capture(lm_of("wordpiece"), corpus_of("The cats"), TASK, store="nosuchkind://x")


def test_an_interrupted_capture_keeps_whole_shards_and_goes_on(tmp_path, monkeypatch) -> None:
    lm, corpus = lm_of("wordpiece"), corpus_of(*sentences(12))
    plain, runs = lm.states, []

    def interrupt(*arguments: object) -> object:
        runs.append(1)
        if len(runs) == 3:
            raise KeyboardInterrupt
        return plain(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(lm, "states", interrupt)
        with pytest.raises(KeyboardInterrupt):
            pw.capture(lm, corpus, TASK, store=tmp_path)
    assert len(list((tmp_path / "rows").iterdir())) == 2
    assert not list(tmp_path.rglob("*.part")), "half a file was left behind"
    assert lm.lock.acquire(blocking=False)
    lm.lock.release()
    runs.clear()
    with monkeypatch.context() as patch:
        patch.setattr(lm, "states", lambda *a: runs.append(1) or plain(*a))
        acts = pw.capture(lm, corpus, TASK, store=tmp_path)
    assert len(runs) == 2 and acts.n_targets == 12 * 7


def test_a_killed_capture_loses_one_shard_at_most(tmp_path, monkeypatch) -> None:
    model, store = saved(tmp_path / "model"), tmp_path / "store"
    with child(model, store, 300, pause=0.05) as process:
        deadline = time.monotonic() + 60
        while len(list(store.glob("rows/*.safetensors"))) < 4 and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
    done = len(list(store.glob("rows/*.safetensors")))
    assert 4 <= done < 100
    lm, runs = pw.LanguageModel(model), []
    plain = lm.states
    monkeypatch.setattr(lm, "states", lambda *a: runs.append(1) or plain(*a))
    acts = pw.capture(lm, corpus_of(*sentences(300)), TASK, store=store)
    assert len(runs) == 100 - done
    assert np.isfinite(acts.layer(3)).all() and acts.n_targets == 2100


def test_two_processes_may_write_to_one_store(tmp_path) -> None:
    model, store = saved(tmp_path / "model"), tmp_path / "store"
    both = [child(model, store, 60) for _ in range(2)]
    assert [process.wait(120) for process in both] == [0, 0]
    lm, corpus = pw.LanguageModel(model), corpus_of(*sentences(60))
    np.testing.assert_allclose(
        np.asarray(pw.capture(lm, corpus, TASK, store=store).states),
        pw.capture(lm, corpus, TASK, store=False).states,
        atol=1e-5,
    )


def test_a_full_disk_is_named_and_what_was_written_is_kept(tmp_path, monkeypatch) -> None:
    # As many tokens each, so that a part is written in one piece for each layer.
    lm, corpus = lm_of("wordpiece"), corpus_of(*(f"The cats sat on mat {i} ." for i in range(9)))
    plain, written = os.pwrite, []

    def full(descriptor: int, data: object, offset: int) -> int:
        written.append(1)
        if len(written) > 6:
            raise OSError(28, "No space left on device")
        return plain(descriptor, data, offset)

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", full)
        with pytest.raises(
            StoreError, match=r"could not be written.*No space left on device.*What was written before is kept"
        ):
            pw.capture(lm, corpus, TASK, store=tmp_path)
    assert len(list((tmp_path / "rows").iterdir())) == 1 and not list(tmp_path.rglob("*.part"))
    assert pw.capture(lm, corpus, TASK, store=tmp_path).n_targets == 63
    written.clear()
    monkeypatch.setattr(os, "pwrite", full)
    with pytest.warns(UserWarning, match="could not be cached.*No space left"):
        assert pw.capture(lm, corpus, TASK).n_targets == 63


MOUNT = ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs -o size=4m none "$0" && exec "$@"']
"""Runs a command with a small disk of its own: the folder that comes first."""


def disks() -> list[str]:
    """What can run full here: the files that a process may write, and a disk, where one may be mounted."""
    with tempfile.TemporaryDirectory() as folder, suppress(OSError):
        if subprocess.run([*MOUNT, folder, "true"], capture_output=True, check=False).returncode == 0:
            return ["limit", "disk"]
    return ["limit"]


@contextmanager
def filled(kind: str, folder: Path) -> Iterator[None]:
    """No room for another file in the folder."""
    if kind == "limit":
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
        yield
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        return
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    assert shutil.disk_usage(folder).free == 0
    yield
    filler.unlink()


def run_out_of_room(kind: str, model: str, place: str, reference: str) -> None:
    """In a process of its own: the disk is full while the third of five parts is computed; then there is room again."""
    parts._PART_EXAMPLES = 3
    torch.set_num_threads(1)
    lm, corpus, folder, runs = pw.LanguageModel(model), corpus_of(*sentences(15)), Path(place) / "states", []
    plain = lm.states
    with ExitStack() as room:

        def states(*arguments: Any) -> Any:
            runs.append(1)
            if len(runs) == 3:
                room.enter_context(filled(kind, Path(place)))
            return plain(*arguments)

        lm.states = states
        why = "File too large" if kind == "limit" else "No space left on device"
        with pytest.raises(StoreError, match=f"{folder}/.*could not be written.*{why}.*written before is kept.*again"):
            pw.capture(lm, corpus, TASK, store=folder)
        kept = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        assert len(kept) == 1 + 2 * 5 and not [path for path in kept if path.suffix == ".part"]
    acts = pw.capture(lm, corpus, TASK, store=folder)
    assert len(runs) == 3 + 3, "two of five parts were there"
    assert all(path.read_bytes() == content for path, content in kept.items())
    for path in Path(reference).rglob("*.*"):
        assert (folder / path.relative_to(reference)).read_bytes() == path.read_bytes()
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1 + 5 * 5 + 1 and acts.n_targets == 105


@pytest.mark.parametrize("kind", disks())
def test_a_capture_that_ran_out_of_room_goes_on_once_there_is_some(kind: str, tmp_path: Path) -> None:
    model, place, root = saved(tmp_path / "model"), tmp_path / "place", Path(__file__).parents[2]
    place.mkdir()
    pw.capture(pw.LanguageModel(model), corpus_of(*sentences(15)), TASK, store=tmp_path / "reference")
    code = "import sys; from tests.captures.test_store import run_out_of_room; run_out_of_room(*sys.argv[1:])"
    command = [sys.executable, "-c", code, kind, *map(str, (model, place, tmp_path / "reference"))]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(root / "tests")])}
    ran = subprocess.run(
        [*MOUNT, str(place), *command] if kind == "disk" else command,
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr


def test_a_full_disk_at_the_end_of_a_shard_is_told_once_and_ends_all_threads(tmp_path, monkeypatch) -> None:
    def full(self: object, facts: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("probewidgets.captures.tensors.Matrix.seal", full)
    monkeypatch.setattr("probewidgets.models.batching._BATCH_TOKENS", {"cpu": 24})
    before = threading.active_count()
    with pytest.raises(StoreError) as told:
        pw.capture(lm_of("wordpiece"), corpus_of(*sentences(12)), TASK, store=tmp_path)
    said = str(told.value)
    assert said.count("could not be written") == said.count("What was written before is kept") == 1
    assert [thread for thread in threading.enumerate() if thread.name.startswith("probewidgets")] == []
    assert threading.active_count() <= before + 1 and Workers._open == 0, "the bar may have a thread of its own"


def test_what_will_not_fit_is_said_before_it_begins(tmp_path, monkeypatch) -> None:
    lm, corpus = lm_of("wordpiece"), corpus_of(*sentences(9))
    no_run(lm, monkeypatch)
    monkeypatch.setattr("probewidgets.machine.files.Folder.free", lambda self: 10_000)
    with pytest.raises(StoreError, match=r"take 32.3 kB, and .* has 10 kB left. Make room"):
        pw.capture(lm, corpus, TASK, store=tmp_path)
    monkeypatch.setattr("probewidgets.captures.room.memory", lambda: 10_000)
    with pytest.raises(StoreError, match=r"this machine has 10 kB of memory. Keep them on disk, store='folder'"):
        pw.capture(lm, corpus, TASK, store=False)


def test_half_precision_takes_half_the_room_and_says_what_it_loses(tmp_path) -> None:
    lm, corpus = lm_of("wordpiece"), corpus_of(*sentences(9))
    whole, half = (pw.capture(lm, corpus, TASK, dtype=d, store=tmp_path / d) for d in ("float32", "float16"))
    assert half.states.nbytes * 2 == whole.states.nbytes
    assert half.layer(1).dtype == np.float32
    lost = np.linalg.norm(half.layer(3) - whole.layer(3), axis=1) / np.linalg.norm(whole.layer(3), axis=1)
    assert 0 < lost.max() <= half.rounding * 1.01 <= 1e-3
    assert whole.rounding == 0 and "half precision" in repr(half)
    assert pw.capture(lm, corpus, TASK, dtype="float16", store=tmp_path / "float16").rounding == half.rounding


def test_a_remote_folder_is_a_store_too(monkeypatch) -> None:
    lm, corpus = lm_of("wordpiece"), corpus_of(*sentences(7))
    url = f"memory://states-{os.getpid()}"
    acts = pw.capture(lm, corpus, TASK, store=url)
    no_run(lm, monkeypatch)
    again = pw.capture(lm, corpus, TASK, store=url)
    np.testing.assert_array_equal(acts.layer(2), again.layer(2))
    assert sum(len(block) for _, block in again.blocks(1)) == 49
    assert url in repr(again)


def test_a_pool_of_ones_own_is_not_kept(tmp_path, cache_folder) -> None:
    def mine(states: object, ranges: object) -> object:
        return first(states, ranges)

    lm, corpus = lm_of("wordpiece"), corpus_of("The cats")
    assert pw.capture(lm, corpus, TASK, pool=mine).n_targets == 2
    assert not states(cache_folder)
    with pytest.raises(ModelError, match="The pool mine is your own, and its states cannot be kept"):
        pw.capture(lm, corpus, TASK, pool=mine, store=tmp_path)


def test_a_folder_of_something_else_is_left_alone(tmp_path) -> None:
    (tmp_path / "manifest.json").write_text('{"hello": 1}')
    with pytest.raises(StoreError, match="is no store of states"):
        pw.capture(lm_of("wordpiece"), corpus_of("The cats"), TASK, store=tmp_path)
    (tmp_path / "manifest.json").write_text('{"format": "probewidgets.states", "version": 99}')
    with pytest.raises(StoreError, match="newer probewidgets"):
        Store(tmp_path, {})


# --- the cache -------------------------------------------------------------------------------------------------------


def test_the_cache_is_shown_bounded_and_cleared(cache_folder, monkeypatch) -> None:
    lm = lm_of("wordpiece")
    for n in (3, 6):
        pw.capture(lm, corpus_of(*sentences(n)), TASK, pool=(pw.first, pw.last)[n == 6])
    assert pw.cache.size == sum(p.stat().st_size for p in cache_folder.rglob("*") if p.is_file()) > 0
    assert str(cache_folder) in repr(pw.cache) and "at most 20 GB" in repr(pw.cache)
    old = time.time() - 3600
    oldest = sorted(cache_folder.rglob("*.safetensors"))[:4]
    for path in oldest:
        os.utime(path, (old, old))
    monkeypatch.setenv("PROBEWIDGETS_CACHE_GB", str((pw.cache.size - 1) / 1e9))
    pw.cache.prune()
    assert sum(not path.exists() for path in oldest) == 1, "only as much as is needed goes, and the oldest of it"
    monkeypatch.setenv("PROBEWIDGETS_CACHE_GB", "0")
    pw.cache.prune()
    assert not any(path.exists() for path in oldest) and pw.cache.size > 0, "what was used just now stays"
    pw.cache.clear()
    assert pw.cache.size == 0 and not any(p.is_file() for p in cache_folder.rglob("*"))
    monkeypatch.setenv("PROBEWIDGETS_CACHE_GB", "much")
    with pytest.raises(StoreError, match="must be a number of gigabytes, but is 'much'"):
        pw.cache.limit  # noqa: B018


def test_states_larger_than_the_cache_are_not_kept_in_it(cache_folder, monkeypatch) -> None:
    monkeypatch.setenv("PROBEWIDGETS_CACHE_GB", "0.000001")
    assert pw.capture(lm_of("wordpiece"), corpus_of(*sentences(6)), TASK).n_targets == 42
    assert not states(cache_folder)


# --- states from elsewhere -------------------------------------------------------------------------------------------


def test_arrays_become_activations() -> None:
    text = "The cats sat"
    example = Example(text, words_of(text), {"tag": ("D", "N", "V")})
    corpus = Corpus((example,), Split((0,), (), ()))
    targets = TASK.targets(corpus)
    made = np.arange(24.0).reshape(2, 3, 4)
    acts = pw.Activations.from_arrays(made, targets, corpus, layers=[0, 7], name="mine")
    assert acts.layers == (0, 7) and acts.model.name == "mine"
    np.testing.assert_array_equal(acts.layer(7), made[1])
    with pytest.raises(ModelError, match=r"states must be \(layers, targets, features\) = \(2, 3, ...\)"):
        pw.Activations.from_arrays(made[:, :2], targets, corpus)
    with pytest.raises(ModelError, match="of one shape"):
        pw.Activations.from_arrays([made[0], made[1, :, :2]], targets, corpus)
    with pytest.raises(ModelError, match="layers must be different numbers"):
        pw.Activations.from_arrays(made, targets, corpus, layers=[1, 1])
