"""Probes that train on one core: the layers of a sweep one after the other, and side by side as a sweep has them.

    python benchmarks/layers.py FOLDER [--sentences 800]

FOLDER holds train.conllu, dev.conllu and test.conllu; the embedded model, four layers, few epochs. The results are the
same to the bit (tests); the ratio is what counts.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import probewidgets as pw
from probewidgets.sweeps.sweep import begun

LAYERS = [1, 2, 3, 4]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where train.conllu, dev.conllu and test.conllu are")
    parser.add_argument("--sentences", type=int, default=800, help="of train; a fifth as many of dev and of test")
    options = parser.parse_args()
    whole = pw.read_conllu(*(options.folder / f"{side}.conllu" for side in ("train", "dev", "test")))
    most = {"train": options.sentences, "dev": options.sentences // 5, "test": options.sentences // 5}
    sides = [rows[: most[side]] for side, rows in whole.split.items()]
    ends = [0, len(sides[0]), len(sides[0]) + len(sides[1]), sum(map(len, sides))]
    corpus = replace(
        whole,
        examples=tuple(whole[row] for rows in sides for row in rows),
        split=pw.Split(*(tuple(range(low, high)) for low, high in pairwise(ends))),
    )
    model = pw.LanguageModel()
    words = pw.capture(model, corpus, pw.TreeTask(), layers=LAYERS, store=False)
    spans = pw.capture(model, corpus, pw.EdgeTask("deprel"), layers=LAYERS, pool=None, store=False)
    for name, states, probe in (
        ("structural", words, pw.StructuralProbe(rank=64, epochs=6)),
        ("bilinear", words, pw.BilinearProbe(epochs=6)),
        ("pairwise", words, pw.PairwiseMLPProbe(epochs=4)),
        ("edge", spans, pw.EdgeProbe(epochs=3)),
    ):
        trial = begun(states, probe)
        start = time.perf_counter()
        for layer in LAYERS:
            trial.run(layer)
        middle = time.perf_counter()
        list(trial.each(LAYERS))
        end = time.perf_counter()
        alone, together = middle - start, end - middle
        print(
            f"{name:10} one after the other {alone:5.1f} s, side by side {together:5.1f} s: {alone / together:4.2f} x"
        )


if __name__ == "__main__":
    main()
