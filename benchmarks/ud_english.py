"""Parts of speech on real text: the embedded model on UD English EWT, next to an independent solver's numbers.

    python benchmarks/ud_english.py FOLDER        # with train.conllu, dev.conllu and test.conllu in it

Trains on all of train and tests on all of test, twice: at the reference's penalty (C = 0.01 in scikit-learn's
convention, on standardised states, first subword of each word), and with the penalty chosen on dev.
About 10 minutes and 8 GB on 2 cores the first time; captured states are cached.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import probewidgets as pw

# scikit-learn-style softmax regression at C = 0.01, float32, by an independent solver; control: one draw.
REFERENCE = (0.878, 0.918, 0.946, 0.947, 0.942, 0.926, 0.880)
REFERENCE_CONTROL = (0.669, 0.657, 0.620, 0.583, 0.555, 0.514, 0.462)
REFERENCE_BASELINES = {"majority": 0.164, "word type": 0.862}
C = 0.01


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where train.conllu, dev.conllu and test.conllu are")
    parser.add_argument("--store", default=None, help="where captured states are kept (default: the user's cache)")
    options = parser.parse_args()
    corpus = timed("read", lambda: pw.read_conllu(*(options.folder / f"{s}.conllu" for s in ("train", "dev", "test"))))
    print(corpus, corpus.overlap(), sep="\n")
    task = pw.WordTask("upos")
    acts = timed("capture", lambda: pw.capture(pw.LanguageModel(), corpus, task, pool=pw.first, store=options.store))
    print(acts)
    l2 = 1 / (2 * C * len(acts.rows("train")))
    fixed = timed(f"sweep, l2 = {l2:.3g}", lambda: pw.sweep(acts, pw.LinearProbe(l2=l2), control=True))
    chosen = timed("sweep, l2 chosen on dev", lambda: pw.sweep(acts, pw.LinearProbe(), control=True))
    print("\nlayer  reference   same l2  difference   chosen on dev       l2 | control: reference  same l2  chosen")
    for want, control, a, b in zip(REFERENCE, REFERENCE_CONTROL, fixed.scores, chosen.scores, strict=True):
        print(
            f"{a.layer:5d}  {want:9.3f}  {a.accuracy.value:8.4f}  {100 * (a.accuracy.value - want):+6.2f} pts"
            f"  {b.accuracy.value:14.4f}  {b.l2:7.1e}{'*' if b.edge_of_grid else ' '}"
            f"| {control:18.3f}  {a.control.value:7.3f}  {b.control.value:6.3f}"
        )
    for name, want in REFERENCE_BASELINES.items():
        print(f"{name}: {fixed.baseline(name).value:.4f} (reference {want})")
    print(f"unseen: {fixed.unseen:.4f} (reference 0.0913)")
    print(f"largest difference at the same l2: {max(gaps(fixed)):.2f} points (aim: within 0.5)")
    worst = min(b.accuracy.value - want for want, b in zip(REFERENCE, chosen.scores, strict=True))
    print(f"chosen on dev - reference, worst layer: {100 * worst:+.2f} points (aim: not below 0)")
    print("all converged:", all(s.converged for s in (*fixed.scores, *chosen.scores)), "  * at the edge of the grid")


def gaps(sweep: pw.Sweep) -> list[float]:
    """Distance of each layer's accuracy from the reference, in points."""
    return [100 * abs(s.accuracy.value - want) for want, s in zip(REFERENCE, sweep.scores, strict=True)]


def timed(name: str, work):
    start = time.perf_counter()
    result = work()
    print(f"[{name}: {time.perf_counter() - start:.1f} s]", flush=True)
    return result


if __name__ == "__main__":
    main()
