"""How long from a stroke in a ProbeTeacher until what all layers' probes now think is painted: see `widgets.py`.

    python benchmarks/strokes.py [--strokes 30] [--painted 200]

Aim: at most 150 ms (median) with 200 painted words, the embedded model, all its layers.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import BrowserContext

from tests.browser.lab import Lab, Notebook, closed_context
from tests.chromium import chromium

SETUP = """
import probewidgets as pw

corpus = pw.corpora.english(120)
kinds = {{"NOUN": "thing", "VERB": "doing", "ADP": "between"}}
text = "\\n".join(example.text for example in corpus if "\\n" not in example.text)
t = pw.ProbeTeacher(text=text, labels=list(kinds.values()), path="strokes.jsonl")
tags = {{(e.text, w.start): kinds.get(u, "O") for e in corpus for w, u in zip(e.words, e.annotations["upos"])}}
left = {painted}
for number, sentence in enumerate(t._lesson.sentences):
    for at, span in enumerate(sentence.spans[:6]):
        if left and (label := tags.get((sentence.example.text, span.start))):
            t.paint(number, at, label)
            left -= 1
"""

# `window.answer` becomes the time from the hand's letting go until the frame with a newer revision is done (ms).
WATCH = """root => {
    const frame = root.closest("[data-rev]");
    const before = frame.dataset.rev;
    window.answer = new Promise(resolve => {
        let released = NaN;
        frame.addEventListener("pointerup", event => { released = event.timeStamp; }, { capture: true, once: true });
        const observer = new MutationObserver(() => {
            if (frame.dataset.rev === before) return;
            observer.disconnect();
            requestAnimationFrame(() => {
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = () => resolve(performance.now() - released);
                port2.postMessage(null);
            });
        });
        observer.observe(frame, { attributes: true, attributeFilter: ["data-rev"] });
    });
}"""
WARM_UP = 3
"""Strokes that are not counted."""
IDLE = "[t._teaching.busy or t._judging.busy or t.busy, t.painted == t._rev]"


def strokes(context: BrowserContext, lab: Lab, count: int, painted: int) -> Iterator[float]:
    """For each stroke (ms): from the hand's letting go until the answer of all layers is painted."""
    notebook = Notebook(context, lab, lab.write("strokes.ipynb", SETUP.format(painted=painted), "t"))
    notebook.run_all(patience=600)
    words = notebook.page.get_by_role("grid", name="Words", exact=True)
    for number in range(count + WARM_UP):
        notebook.expect_python(IDLE, [False, True])
        words.evaluate(WATCH)
        words.get_by_role("gridcell").nth(7 * number + 6).click()
        ms = notebook.page.evaluate("() => window.answer")
        if number >= WARM_UP:
            yield ms
    notebook.close()


def report(times: list[float], painted: int) -> str:
    """What is printed of them."""
    p95 = statistics.quantiles(times, n=20, method="inclusive")[-1]
    return (
        f"{len(times)} strokes with {painted} painted words, the embedded model, all layers (ms)\n"
        f"  stroke to repaint   median {statistics.median(times):7.1f}   p95 {p95:7.1f}   (aim: at most 150)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--strokes", type=int, default=30, help="how many are painted")
    parser.add_argument("--painted", type=int, default=200, help="words that are painted already")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as home,
        Lab(Path(home)) as lab,
        chromium() as browser,
        closed_context(browser, []) as context,
    ):
        print(report(list(strokes(context, lab, options.strokes, options.painted)), options.painted))


if __name__ == "__main__":
    main()
