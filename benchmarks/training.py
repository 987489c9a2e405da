"""What a ProbeTrainer adds to a training: its time beside that of the same lines of code, and its forecast beside both.

    python benchmarks/training.py [--sentences 3000] [--repeats 3]

Each repeat captures anew (nothing is kept on disk for the other), and the two take turns, so that what else the machine
does meets both. Aims: at most 5 % longer than the code; the forecast right within a factor of 1.5.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
from collections.abc import Callable
from functools import partial
from time import perf_counter, sleep
from typing import Any

import probewidgets as pw
from probewidgets.machine.progress import heard_by

PROBES = {"linear": pw.LinearProbe(), "one hidden layer": pw.MLPProbe()}


def by_code(model: Any, corpus: pw.Corpus, probe: Any) -> None:
    """The lines that the trainer writes."""
    with heard_by(lambda *_: None):  # no bars in the terminal
        acts = pw.capture(model, corpus, pw.WordTask("upos"))
    pw.sweep(acts, probe, control=True, progress=False)


def by_trainer(trainer: pw.ProbeTrainer) -> None:
    """The same by the button, from the beginning."""
    trainer._training = None
    trainer.start()
    while trainer._at_work:
        sleep(0.005)


def timed(act: Callable[[], Any]) -> float:
    """Seconds, with a cache of its own that is empty."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PROBEWIDGETS_CACHE"] = folder
        start = perf_counter()
        act()
        return perf_counter() - start


async def main(sentences: int, repeats: int) -> None:
    corpus, model = pw.corpora.english(sentences), pw.LanguageModel()
    print(f"{corpus.n_words:,} words, {repeats} repeats (s, medians)")
    print(f"{'':18}{'code':>8}{'trainer':>9}{'ratio':>8}{'forecast':>10}{'of trainer':>12}")
    for name, probe in PROBES.items():
        with tempfile.TemporaryDirectory() as folder:
            os.environ["PROBEWIDGETS_CACHE"] = folder
            trainer = pw.ProbeTrainer(corpus, task="upos", model=model, probe=probe)
            await trainer.done()
        forecast = trainer._forecast
        assert forecast is not None, trainer._forecast_error
        by_code(model, pw.corpora.english(100), probe)  # warm
        both = partial(by_code, model, corpus, probe), partial(by_trainer, trainer)
        pairs = [tuple(map(timed, both)) for _ in range(repeats)]
        code, widget = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio = statistics.median(b / a for a, b in pairs)
        print(f"{name:18}{code:8.2f}{widget:9.2f}{ratio:8.3f}{forecast.seconds:10.2f}{forecast.seconds / widget:12.2f}")
        trainer.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=3000)
    parser.add_argument("--repeats", type=int, default=3)
    asyncio.run(main(**vars(parser.parse_args())))
