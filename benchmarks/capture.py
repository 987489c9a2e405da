"""Capture beside what a user would do instead: bare forward passes, the same work by hand, one sentence at a time, ...

    python benchmarks/capture.py FOLDER            # with train.conllu and dev.conllu in it

All in one process, one after the other and over again; medians of the runs, and ratios. The embedded model, every
layer, first subword of each word, to disk. About 25 minutes on 2 cores; `--rounds 1 --sentences 500` for a first look.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

import probewidgets as pw
from probewidgets.captures.parts import by_example, cut
from probewidgets.captures.recipe import Recipe
from probewidgets.captures.room import at_work
from probewidgets.models.batching import batches


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where train.conllu and dev.conllu are")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sentences", type=int, default=1500, help="for the comparison with slower ways")
    parser.add_argument("--memory", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory:
        return print(peak_memory(options.folder, options.memory))
    train = pw.read_conllu(
        options.folder / "train.conllu", options.folder / "dev.conllu", options.folder / "dev.conllu"
    )
    texts = [train[i].text for i in train.split.train]
    model = pw.LanguageModel()
    print(f"{model}\n{torch.get_num_threads()} threads\n")
    whole_corpus(model, only(train, len(texts)), texts, options.rounds)
    slower_ways(model, only(train, options.sentences), texts[: options.sentences], options.rounds)
    early_end(model, only(train, options.sentences), texts[: options.sentences], options.rounds)
    reading(model, only(train, len(texts)))
    print("\nPeak memory of a capture to disk, beyond the model and the corpus:")
    for words in (10_000, 50_000, 200_000):
        command = [sys.executable, __file__, str(options.folder), "--memory", str(words)]
        print(
            f"  {words:7,} words: {subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()}"
        )


def only(corpus: pw.Corpus, n: int) -> pw.Corpus:
    """The first n examples."""
    return pw.Corpus(corpus.examples[:n], pw.Split(tuple(range(n)), (), ()), corpus.name)


def capture(model: pw.LanguageModel, corpus: pw.Corpus, layers: list[int] | None = None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pw.capture(model, corpus, pw.WordTask("upos"), pool=pw.first, layers=layers, store=f"{folder}/store")


def bare(model: pw.LanguageModel, groups: list[list[int]], encoded: list) -> Callable[[], None]:
    """Nothing but the forward passes of these batches; tokenizing and padding were done before."""
    ready = [model.inputs([encoded[i] for i in group]) for group in groups]

    def run() -> None:
        with torch.inference_mode():
            for inputs in ready:
                model.model(**inputs)

    return run


def in_order(n: int, size: int) -> list[list[int]]:
    """Numbers up to n, so many at a time."""
    return [list(range(low, min(low + size, n))) for low in range(0, n, size)]


def by_hand(model: pw.LanguageModel, corpus: pw.Corpus, size: int | None) -> Callable[[], None]:
    """What capture does, as one writes it with transformers and numpy: words in, a file of each layer's states out.

    In batches of 32 in order where `size` is None; else sorted by length, so many tokens in a batch.
    """
    sentences = [[example.text[word.start : word.end] for word in example.words] for example in corpus]

    def run() -> None:
        encoded = model.tokenizer(sentences, is_split_into_words=True)
        lengths = [len(ids) for ids in encoded["input_ids"]]
        groups = list(batches(lengths, size)) if size else in_order(len(lengths), 32)
        states = [np.empty(0)] * len(lengths)
        with torch.inference_mode(), tempfile.TemporaryDirectory() as folder:
            for group in groups:
                inputs = model.tokenizer.pad({k: [encoded[k][i] for i in group] for k in encoded}, return_tensors="pt")
                hidden = torch.stack(model.model(**inputs, output_hidden_states=True).hidden_states)
                for row, i in enumerate(group):
                    words = encoded.word_ids(i)
                    first = [at for at, word in enumerate(words) if word is not None and words[at - 1] != word]
                    states[i] = hidden[:, row, first].numpy()
            for layer in range(len(states[0])):
                np.save(f"{folder}/{layer}.npy", np.concatenate([of_text[layer] for of_text in states]))

    return run


def timed(ways: dict[str, Callable[[], None]], rounds: int) -> dict[str, float]:
    """Median seconds of each way, all of them in every round."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, run in ways.items():
            gc.collect()
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(all_of) for name, all_of in seconds.items()}


def whole_corpus(model: pw.LanguageModel, corpus: pw.Corpus, texts: list[str], rounds: int) -> None:
    encoded = model.encode(texts)
    lengths = [len(e) for e in encoded]
    ways = {f"bare, {size:5,}": bare(model, list(batches(lengths, size)), encoded) for size in (512, 1024, 2048)}
    work = {f"by hand, {size:5,}": by_hand(model, corpus, size) for size in (512, 1024, 2048)}
    took = timed({**ways, **work, "capture": lambda: capture(model, corpus)}, rounds)
    quickest, same = (min(took[name] for name in of) for of in (ways, work))
    tokens = sum(lengths)
    print(f"{len(texts):,} sentences, {corpus.n_words:,} words, {tokens:,} tokens, every layer, to disk:")
    for name, seconds in took.items():
        print(f"  {name:14} {seconds:7.2f} s  {tokens / seconds:7,.0f} tokens/s")
    print(
        "  throughput of capture / of bare forward passes, sorted by length, in the quickest size of batch (tokens): "
        f"{quickest / took['capture']:.3f} (aim: 0.95)\n"
        f"  and of the same work by hand, tokenized, pooled and written too: {same / took['capture']:.3f}"
    )


def slower_ways(model: pw.LanguageModel, corpus: pw.Corpus, texts: list[str], rounds: int) -> None:
    encoded = model.encode(texts)
    ways = {
        "capture": lambda: capture(model, corpus),
        "one sentence at a time": bare(model, [[i] for i in range(len(texts))], encoded),
        "batches of 32 in order": bare(model, in_order(len(texts), 32), encoded),
        "the same work by hand": by_hand(model, corpus, None),
    }
    took = timed(ways, rounds)
    print(f"\n{len(texts):,} sentences; of the two ways after it the forward passes only:")
    for name, seconds in took.items():
        print(f"  {name:24} {seconds:7.2f} s   {seconds / took['capture']:5.2f} x capture")


def early_end(model: pw.LanguageModel, corpus: pw.Corpus, texts: list[str], rounds: int) -> None:
    import copy

    short = copy.deepcopy(model.model)
    short.encoder.layer = short.encoder.layer[:2]
    short.pooler = None
    two = pw.LanguageModel(short, model.tokenizer)
    took = timed(
        {"layers=[2]": lambda: capture(model, corpus, [2]), "2 blocks": lambda: capture(two, corpus, [2])}, rounds
    )
    print(
        f"\nlayers=[2] of 6 blocks / a model of 2 blocks: {took['layers=[2]'] / took['2 blocks']:.3f} "
        "(aim: at most 1.15)"
    )


def reading(model: pw.LanguageModel, corpus: pw.Corpus) -> None:
    """One layer out of the store into a training loop, beside reading the same bytes from the page cache.

    What was written in small pieces lies in small pages, which anyone reads more slowly: so the store's own files are
    read from end to end too.
    """
    folder = Path(tempfile.mkdtemp())
    try:
        acts = pw.capture(model, corpus, pw.WordTask("upos"), pool=pw.first, layers=[2], store=folder / "store")
        flat = folder / "flat.bin"
        acts.layer(2).tofile(flat)
        buffer = np.empty(1 << 24, np.uint8)

        def sequential(*paths: Path) -> None:
            for path in paths:
                with path.open("rb", buffering=0) as file:
                    while file.readinto(buffer):
                        buffer.view(np.float32).sum()

        def loop() -> None:
            for _, block in acts.blocks(2):
                block.sum()

        acts.layer(2)  # checked once, as in a first epoch
        files = sorted((folder / "store" / "layer-02").iterdir())
        ways = {
            "file": lambda: sequential(flat),
            "files": lambda: sequential(*files),
            "store": loop,
            "layer": lambda: acts.layer(2),
        }
        took = timed(ways, 9)
        size = flat.stat().st_size
        print(f"\nOne layer, {size / 1e6:,.0f} MB, read and added up:")
        for name, what in (
            ("file", "a plain file"),
            ("files", "the store's own files"),
            ("store", "blocks of the store"),
            ("layer", "layer(2), into an array"),
        ):
            print(f"  {what:24} {size / took[name] / 1e9:5.2f} GB/s   {took['files'] / took[name]:4.2f} of its files")
    finally:
        shutil.rmtree(folder)


def peak_memory(folder: Path, words: int) -> str:
    """In a process of its own: the most that memory grew by while a capture ran."""
    corpus = pw.read_conllu(folder / "train.conllu", folder / "dev.conllu", folder / "dev.conllu")
    total = np.cumsum([len(example.words) for example in corpus])
    corpus = only(corpus, int(np.searchsorted(total, words)) + 1)
    model = pw.LanguageModel()
    capture(model, only(corpus, 200))
    gc.collect()
    before, seen, stop = (resident(), in_use()), [(resident(), in_use())], threading.Event()

    def watch() -> None:
        while not stop.wait(0.01):
            seen.append((resident(), in_use()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    capture(model, corpus)
    stop.set()
    watcher.join()
    recipe = Recipe(model, tuple(range(model.n_layers)), pw.first, pw.sites.residual, "error", "float32")
    told = at_work(recipe, list(cut(corpus, by_example(pw.WordTask("upos").targets(corpus)), recipe)))
    most, used = (max(column) for column in zip(*seen, strict=True))
    return (
        f"+{(most - before[0]) / 1e6:6.1f} MB on {before[0] / 1e6:,.0f} MB: {most / 1e6:,.0f} MB in all; "
        f"said before it: {told / 1e6:,.0f} MB; in use +{(used - before[1]) / 1e6:,.0f} MB, "
        "the rest is free and held by the C library"
    )


class Malloc(ctypes.Structure):
    """What glibc's `mallinfo2` returns."""

    _fields_ = [("numbers", ctypes.c_size_t * 10)]


def in_use() -> int:
    """Bytes that somebody has asked the C library for, and not given back."""
    ask = ctypes.CDLL(None).mallinfo2
    ask.restype = Malloc
    numbers = ask().numbers
    return int(numbers[4] + numbers[7])  # mapped by themselves, and out of its arenas


def resident() -> int:
    """Bytes of this process that are in memory and in no file."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) * 1024


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    main()
