"""How long from the last key until a ProbeCompare has painted both grids, beside asking the same predictors by code.

    python benchmarks/compare.py [--sentences 30] [--words 10] [--training 1000] [--debounce 120]

Opens JupyterLab in Chromium and trains probes on the embedded model, and on the same model with random weights. Two
comparisons are typed into: two predictors of one model, which go through it together, and two of two models. The last
key of each sentence is pressed, and the time measured in the page until every grid has painted the new words; in the
same kernel the same predictors are asked for the same sentence in turn, as one would by code. The ratio is that of both
(medians), without the time from the last key to the question.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import expect
from widgets import WARM_UP, p95, sentences

from tests.browser.lab import Lab, Notebook, closed_context
from tests.chromium import chromium

SETUP = """
import time
import probewidgets as pw

model = pw.LanguageModel()
blank, corpus, options = model.randomized(0), pw.corpora.english({training}), {{"store": False}}

def predictor(model, task, probe):
    return pw.predictor(model, pw.sweep(pw.capture(model, corpus, pw.WordTask(task), **options), probe))

linear = predictor(model, "upos", pw.LinearProbe())
few = predictor(model, "upos", pw.LowRankProbe(rank=2))
random = predictor(blank, "upos", pw.LinearProbe())
pairs = {{"one model": [linear, few], "two models": [linear, random]}}
made = {{name: pw.ProbeCompare(dict(zip("ab", pair)), text="Type here.", debounce={debounce})
        for name, pair in pairs.items()}}

def in_turn(name, text):
    \"\"\"How long the predictors take, one after the other (ms).\"\"\"
    start = time.perf_counter()
    for predict in pairs[name]:
        predict(text)
    return 1000 * (time.perf_counter() - start)
"""

# `window.answer` becomes the time from the next input event until the frame in which all grids have a new text (ms).
WATCH = """([root, word]) => {
    const frame = root.closest("[data-rev]");
    const last = (grid) => [...grid.querySelectorAll("[role=gridcell]")].at(-1)?.ariaLabel ?? "";
    const done = () => [...frame.querySelectorAll("[role=grid]")].every(grid => last(grid).startsWith(`${word},`));
    window.answer = new Promise(resolve => {
        let pressed = NaN;
        frame.addEventListener("input", event => { pressed = event.timeStamp; }, { capture: true, once: true });
        const observer = new MutationObserver(() => {
            if (Number.isNaN(pressed) || !done()) return;
            observer.disconnect();
            requestAnimationFrame(() => {
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = () => resolve(performance.now() - pressed);
                port2.postMessage(null);
            });
        });
        observer.observe(frame, { subtree: true, childList: true, attributes: true });
    });
}"""


def measure(notebook: Notebook, name: str, nth: int, texts: Sequence[str]) -> Iterator[tuple[float, float]]:
    """For each sentence (ms): painted by all grids, and the predictors asked in turn."""
    root = notebook.page.get_by_role("region", name="Probe compare", exact=True).nth(nth)
    box, widget = root.get_by_role("textbox", name="Sentences", exact=True), f"made[{name!r}]"
    for text in texts:
        # The last word is one that no sentence has, so that its cell tells the new text from all others.
        typed = f"{text} zebr"
        box.fill(typed)
        notebook.expect_python(
            f"[{widget}.text, {widget}.busy, {widget}.painted == {widget}._rev]", [typed, False, True]
        )
        notebook.page.evaluate(WATCH, [root.element_handle(), "zebra"])
        box.press("Control+End")
        box.press_sequentially("a")
        painted = notebook.page.evaluate("() => window.answer")
        expect(box).to_have_value(f"{typed}a")
        yield painted, notebook.python(f"in_turn({name!r}, {typed + 'a'!r})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sentences", type=int, default=30, help="how many are typed into each comparison")
    parser.add_argument("--words", type=int, default=10, help="how many words each has, before one more")
    parser.add_argument("--training", type=int, default=1000, help="sentences that the probes are trained on")
    parser.add_argument("--debounce", type=int, default=120, help="from the last key to the question (ms)")
    options = parser.parse_args()
    texts = sentences(options.sentences + WARM_UP, options.words)
    setup = SETUP.format(training=options.training, debounce=options.debounce)
    names = ("one model", "two models")
    with (
        tempfile.TemporaryDirectory() as home,
        Lab(Path(home)) as lab,
        chromium() as browser,
        closed_context(browser, []) as context,
    ):
        shown = [f"made[{name!r}]" for name in names]
        notebook = Notebook(context, lab, lab.write("compare.ipynb", setup, *shown))
        notebook.run_all(patience=600)
        times = {name: list(measure(notebook, name, nth, texts))[WARM_UP:] for nth, name in enumerate(names)}
        notebook.close()
    print(f"{options.sentences} sentences of {options.words + 1} words, the embedded model, JupyterLab (ms)")
    print("                  painted         p95   less debounce     in turn   ratio")
    for name, rows in times.items():
        painted, by_code = zip(*rows, strict=True)
        median, turn = statistics.median(painted), statistics.median(by_code)
        less = median - options.debounce
        print(f"  {name:12}   {median:8.1f}   {p95(painted):9.1f}   {less:13.1f}   {turn:9.1f}   {less / turn:5.2f}")


if __name__ == "__main__":
    main()
