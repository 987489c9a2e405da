"""How long from the last key to the painted answer, in a real JupyterLab, beside the model's bare forward pass.

    python benchmarks/widgets.py [--sentences 50] [--words 10] [--training 1000] [--debounce 120] [--busy 0] [--trainer]

Opens JupyterLab in Chromium and trains probes on the embedded model; then presses the last key of each sentence and
measures, in the page, until the new predictions are painted. The bare forward pass of the same sentence is timed in
turn with it, in the same kernel, on all of torch's threads and on one; the quicker one counts. Aim: painted <= bare
forward + debounce + 40 ms (medians), and + 80 ms while other processes keep all cores busy (`--busy 2`), or while a
ProbeTrainer trains in the same kernel (`--trainer`), one training after the other.

Then, of a ProbeTeacher, from a stroke to the repaint of what all layers now think: see `strokes.py`.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import expect
from strokes import report, strokes

from probewidgets.data.corpora.grammar import english
from tests.browser.explorer import Explorer
from tests.browser.lab import Lab, Notebook, closed_context
from tests.chromium import chromium

SETUP = """
import time, torch
import probewidgets as pw

model = pw.LanguageModel()
acts = pw.capture(model, pw.corpora.english({training}), pw.WordTask("upos"), store=False)
predict = pw.predictor(model, pw.sweep(acts, pw.LinearProbe(), control=True))
w = pw.ProbeExplorer(predict, text="Type here.", debounce={debounce})

def bare(text, threads):
    \"\"\"Time of one forward pass of one sentence, as a user of transformers would run it (ms).\"\"\"
    inputs, before = model.tokenizer(text, return_tensors="pt").to(model.device), torch.get_num_threads()
    torch.set_num_threads(threads or before)
    with torch.inference_mode():
        start = time.perf_counter()
        model.model(**inputs)
        ms = 1000 * (time.perf_counter() - start)
    torch.set_num_threads(before)
    return ms
"""

TRAINER = """
t = pw.ProbeTrainer(pw.corpora.english(1500), task="upos", model=model, control=3)
t.observe(lambda change: change.new == "done" and t.start(), "phase")
t.start()
"""

# `window.answer` becomes the time from the next input event until the frame with a newer revision is done (ms).
WATCH = """root => {
    const frame = root.closest("[data-rev]");
    const before = frame.dataset.rev;
    window.answer = new Promise(resolve => {
        let pressed = NaN;
        frame.addEventListener("input", event => { pressed = event.timeStamp; }, { capture: true, once: true });
        const observer = new MutationObserver(() => {
            if (frame.dataset.rev === before) return;
            observer.disconnect();
            requestAnimationFrame(() => {
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = () => resolve(performance.now() - pressed);
                port2.postMessage(null);
            });
        });
        observer.observe(frame, { attributes: true, attributeFilter: ["data-rev"] });
    });
}"""


WARM_UP = 3
"""Sentences that are typed first and not counted."""


def sentences(count: int, words: int) -> list[str]:
    """Distinct sentences of a number of words, drawn with a seed that training does not use."""
    fitting = (e.text for e in english(60 * count, seed=1) if len(e.words) == words and "\n" not in e.text)
    found = [text for text, _ in zip(fitting, range(count), strict=False)]
    if len(found) < count:
        sys.exit(f"Only {len(found)} sentences of {words} words were found; ask for fewer, or for shorter ones.")
    return found


def measure(notebook: Notebook, texts: Sequence[str]) -> Iterator[tuple[float, float, float, float]]:
    """For each sentence (ms): painted, the predictor's share of that, the bare forward pass on all threads and one."""
    explorer = Explorer(notebook.page)
    for text in texts:
        explorer.box.fill(text[:-1])
        notebook.expect_python("[w.text, w.busy, w.painted == w._rev]", [text[:-1], False, True])
        explorer.root.evaluate(WATCH)
        explorer.box.press("Control+End")
        explorer.box.press_sequentially(text[-1])
        painted = notebook.page.evaluate("() => window.answer")
        expect(explorer.box).to_have_value(text)
        notebook.expect_python("w.predictions.text", text)
        yield painted, *notebook.python(f"[w._view['ms'], bare({text!r}, 0), bare({text!r}, 1)]")


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """While it is open, so many processes do nothing but keep a core busy."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)]
    try:
        yield
    finally:
        for other in others:
            other.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sentences", type=int, default=50, help="how many are typed")
    parser.add_argument("--words", type=int, default=10, help="how many words each has")
    parser.add_argument("--training", type=int, default=1000, help="sentences that the probes are trained on")
    parser.add_argument("--debounce", type=int, default=120, help="from the last key to the question (ms)")
    parser.add_argument("--busy", type=int, default=0, help="processes beside it, each of which keeps a core busy")
    parser.add_argument("--trainer", action="store_true", help="whether a ProbeTrainer trains in the kernel meanwhile")
    options = parser.parse_args()
    texts = sentences(options.sentences + WARM_UP, options.words)
    setup = SETUP.format(training=options.training, debounce=options.debounce)
    with (
        tempfile.TemporaryDirectory() as home,
        Lab(Path(home)) as lab,
        chromium() as browser,
        closed_context(browser, []) as context,
    ):
        notebook = Notebook(context, lab, lab.write("widgets.ipynb", setup, "w"))
        notebook.run_all(patience=600)
        if options.trainer:
            notebook.python("0", TRAINER)
            notebook.expect_python("t.phase", "running")
        with busy(options.busy):
            rows = list(measure(notebook, texts))[WARM_UP:]
        notebook.close()
        painted_words = list(strokes(context, lab, options.sentences, 200))
    painted, predicted, several, one = zip(*rows, strict=True)
    forward = min(statistics.median(several), statistics.median(one))
    overhead = statistics.median(painted) - forward - options.debounce
    beside = f", {options.busy} busy processes beside it" if options.busy else ""
    beside += ", while a ProbeTrainer trains" if options.trainer else ""
    print(f"{len(rows)} sentences of {options.words} words, the embedded model, JupyterLab{beside} (ms)")
    print(f"  bare forward   median {statistics.median(several):7.1f}   p95 {p95(several):7.1f}   all threads")
    print(f"                 median {statistics.median(one):7.1f}   p95 {p95(one):7.1f}   one thread")
    print(f"  predictor      median {statistics.median(predicted):7.1f}   p95 {p95(predicted):7.1f}")
    print(f"  debounce              {options.debounce:7.1f}")
    print(f"  painted        median {statistics.median(painted):7.1f}   p95 {p95(painted):7.1f}")
    aim = 80 if options.busy or options.trainer else 40
    print(f"  overhead       median {overhead:7.1f}   (painted - bare forward - debounce; aim: at most {aim})")
    print(report(painted_words, 200))


def p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


if __name__ == "__main__":
    main()
