"""Arrays larger than memory: mapped from scratch files, with the same numbers."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import probewidgets as pw
from probewidgets.errors import StoreError
from probewidgets.machine import arrays
from tests.captures.test_capture import lm_of


@pytest.fixture
def tiny_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "most_in_memory", lambda: 1000)


def scratch_files() -> int:
    """Scratch files that this process has mapped."""
    return Path("/proc/self/maps").read_text().count("(deleted)")


def test_a_large_array_lies_in_a_file_that_goes_with_it(tiny_memory) -> None:
    assert type(arrays.empty((10, 10), np.float32)) is np.ndarray
    before = scratch_files()
    made = arrays.empty((100, 10), np.float32)
    made[...] = 3
    assert isinstance(made, np.memmap) and scratch_files() == before + 1
    assert (arrays.take(made, np.array([5, 99])) == 3).all()
    del made
    gc.collect()
    assert scratch_files() == before


def test_no_room_for_the_file_is_told(tiny_memory, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(StoreError, match=r"needs a scratch file, for which .* has no room .*TMPDIR"):
        arrays.empty((100, 10), np.float32)


@pytest.mark.parametrize("free", [10_000, 100])
def test_where_no_room_can_be_taken_it_is_looked_for(tiny_memory, monkeypatch, free: int) -> None:
    monkeypatch.delattr(os, "posix_fallocate")
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))
    if free < 4000:
        with pytest.raises(StoreError, match="No space left on device"):
            arrays.empty((100, 10), np.float32)
    else:
        made = arrays.empty((100, 10), np.float32)
        made[...] = 3
        assert isinstance(made, np.memmap) and made.sum() == 3000


def test_rows_are_taken_in_the_order_asked() -> None:
    matrix = np.arange(60_000.0).reshape(20_000, 3)
    rows = np.random.default_rng(0).integers(0, 20_000, 17_000)
    np.testing.assert_array_equal(arrays.take(matrix, rows), matrix[rows])


def short(corpus: pw.Corpus) -> pw.Corpus:
    """The sentences that a tiny model takes."""
    kept = [i for i, example in enumerate(corpus) if len(example.text) < 50]
    place = {old: new for new, old in enumerate(kept)}
    sides = (tuple(place[i] for i in side if i in place) for _, side in corpus.split.items())
    return pw.Corpus(tuple(corpus[i] for i in kept), pw.Split(*sides))


@pytest.mark.parametrize("probe", [pw.LinearProbe(), pw.LinearProbe(l2=1e-3)], ids=["chosen", "fixed"])
def test_a_sweep_of_states_larger_than_memory_is_the_sweep_in_memory(tmp_path, monkeypatch, probe) -> None:
    lm, corpus = lm_of("wordpiece"), short(pw.corpora.english(200))
    stored = pw.capture(lm, corpus, pw.WordTask("upos"), store=tmp_path)
    memory = pw.capture(lm, corpus, pw.WordTask("upos"), store=False)
    within = pw.sweep(memory, probe, progress=False)
    monkeypatch.setattr(arrays, "most_in_memory", lambda: 1000)
    assert isinstance(stored.layer(1), np.memmap)
    beyond = pw.sweep(stored, probe, progress=False)
    for a, b in zip(within.scores, beyond.scores, strict=True):
        assert (a.accuracy, a.l2) == (b.accuracy, b.l2)
        assert a.dev_cross_entropy == pytest.approx(b.dev_cross_entropy, abs=1e-6)


def held() -> int:
    """Bytes in memory and in no file, as Linux tells them in another place."""
    return int(Path("/proc/self/status").read_text().split("RssAnon:")[1].split()[0]) * 1024


def gaps() -> list[bytearray]:
    """What is in use, with 60 MB between that are free: pieces too small to be mapped each by itself."""
    kept = [[bytearray(60_000), bytearray(1_000)] for _ in range(1000)]
    return [pair[1] for pair in kept]


glibc = pytest.mark.skipif(arrays._trim() is None, reason="the C library has no malloc_trim (glibc has)")


@glibc
def test_memory_that_is_free_is_given_back() -> None:
    arrays.give_back()
    before = held()
    small = gaps()
    assert held() > before + (40 << 20), "the gaps are held"
    arrays.give_back()
    assert held() < before + (20 << 20) and len(small) == 1000


@glibc
@pytest.mark.parametrize(("most", "given"), [(30 << 20, True), (200 << 20, False)])
def test_it_is_given_back_once_it_may_be_as_much_as_one_says_and_not_sooner(most: int, given: bool) -> None:
    arrays.give_back()
    spare = arrays.Spare(most)
    before = held()
    small = gaps()
    spare.check()
    assert (held() < before + (20 << 20)) == given and len(small) == 1000


@glibc
def test_what_is_in_use_is_not_given_back_over_and_over(monkeypatch) -> None:
    arrays.give_back()
    spare = arrays.Spare(30 << 20)
    before = held()
    used = [bytearray(60_000) for _ in range(1000)]
    arrays.give_back()
    assert held() > before + (40 << 20), "in use: nothing to give"
    given = []
    monkeypatch.setattr(arrays, "_trim", lambda: given.append)
    for _ in range(3):
        spare.check()
    assert given == [0] and len(used) == 1000


def test_where_the_c_library_cannot_nothing_is_done(monkeypatch) -> None:
    monkeypatch.setattr(arrays, "_trim", lambda: None)
    arrays.give_back()


def test_where_the_system_does_not_say_what_is_held_nothing_is_given_back(monkeypatch) -> None:
    monkeypatch.setattr(arrays, "Path", lambda _: Path("/nowhere"))
    given = []
    monkeypatch.setattr(arrays, "_trim", lambda: given.append)
    spare = arrays.Spare(0)
    spare.check()
    assert given == [] and arrays._resident() == 0
