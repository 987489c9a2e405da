"""Structural probes on real text: how much of each dependency tree can be read off the embedded model's states.

    python benchmarks/structural.py FOLDER [--sentences 3000] [--rank 64] [--layers 0 3 6]

FOLDER holds train.conllu, dev.conllu and test.conllu; of dev the first 500 sentences are taken, of test the first 800.
Shape to expect: most edges in the middle layers, and the chain of neighbours below them.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import probewidgets as pw


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where train.conllu, dev.conllu and test.conllu are")
    parser.add_argument("--sentences", type=int, default=3000, help="of train")
    parser.add_argument("--rank", type=int, default=64)
    parser.add_argument("--layers", type=int, nargs="+", default=[0, 3, 6])
    options = parser.parse_args()
    whole = pw.read_conllu(*(options.folder / f"{side}.conllu" for side in ("train", "dev", "test")))
    most = {"train": options.sentences, "dev": 500, "test": 800}
    kept = [[whole[i] for i in rows[: most[side]]] for side, rows in whole.split.items()]
    ends = [len(kept[0]), len(kept[0]) + len(kept[1]), sum(map(len, kept))]
    split = pw.Split(tuple(range(ends[0])), tuple(range(ends[0], ends[1])), tuple(range(ends[1], ends[2])))
    corpus = replace(whole, examples=tuple(example for side in kept for example in side), split=split)
    acts = pw.capture(pw.LanguageModel(), corpus, pw.TreeTask(), layers=options.layers, store=False)
    sweep = pw.sweep(acts, pw.StructuralProbe(rank=options.rank))
    print(sweep)
    print(sweep.table().drop(columns="layer").round(3).to_string())


if __name__ == "__main__":
    main()
