"""How long ProbeErrors takes to open, to show another layer and to scroll, for as many test words as one likes.

    python benchmarks/probe_errors.py [--words 25000] [--labels 17] [--width 384] [--times 5]

Sweeps made-up states, then times in turn: the widget made in Python; its page drawn in Chromium, until the frame after;
another layer chosen, in Python; and the list scrolled from its beginning to its end in steps, with every part of it
that comes into sight had from Python: the longest frame of that. Aim: made and drawn in 1 s for 25,000 words.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Page

import probewidgets as pw
from probewidgets.widgets import ProbeErrors
from tests.chromium import chromium
from tests.synthetic import activations
from tests.widgets.helpers import said, state_of

FAKE = Path(__file__).parents[1] / "tests" / "widgets" / "fake_model.js"

DRAW = """async ([fake, esm, css, state]) => {
    document.body.replaceChildren();
    const { start } = await import(URL.createObjectURL(new Blob([fake], { type: "text/javascript" })));
    const begun = performance.now();
    Object.assign(window, await start(esm, css, state, 1));
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return performance.now() - begun;
}"""

# Scrolls by a share of the list for each frame; the longest of them (ms).
SCROLL = """async steps => {
    const list = document.querySelector("[aria-label=Examples]");
    const send = model.send.bind(model);
    model.send = async message => {
        send(message);
        if (message.kind === "rows") for (const rows of await rowsOf(message)) model.emit("msg:custom", rows);
    };
    let [longest, before] = [0, performance.now()];
    for (let step = 0; step <= steps; step += 1) {
        list.scrollTop = (list.scrollHeight * step) / steps;
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        longest = Math.max(longest, now - before);
        before = now;
    }
    return longest;
}"""


def measure(page: Page, sweep: pw.Sweep, acts: Any) -> dict[str, float]:
    """Each step once (ms)."""
    begun = time.perf_counter()
    widget = ProbeErrors(sweep, acts, wrong=False)
    made = time.perf_counter()
    drawn = page.evaluate(DRAW, [FAKE.read_text(), widget._esm, widget._css, state_of(widget)])
    page.expose_function("rowsOf", lambda message: said(widget, message)[1:])
    frame = page.evaluate(SCROLL, 120)
    start = time.perf_counter()
    widget.layer = next(layer for layer in sweep.layers if layer != widget.layer)
    other = time.perf_counter()
    widget.close()
    ms = {"made": made - begun, "another layer": other - start}
    return {name: 1000 * value for name, value in ms.items()} | {"drawn": drawn, "longest frame of a scroll": frame}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("words", 25_000), ("labels", 17), ("width", 384), ("times", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    acts = activations(
        asked.words * 6 // 16, n_types=4000, n_labels=asked.labels, width=asked.width, layers=(0, 1), label_code=0.3
    )
    sweep = pw.sweep(acts, pw.LinearProbe(l2=0.01), progress=False)
    with chromium() as browser:
        runs = []
        for _ in range(asked.times):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            runs.append(measure(page, sweep, acts))
            page.close()
    print(f"{len(sweep.gold):,} words, {len(sweep.label_names)} labels, median of {asked.times} (ms)")
    for name in runs[0]:
        values = [run[name] for run in runs]
        print(f"  {name:28} {statistics.median(values):8.0f}   ({min(values):.0f} to {max(values):.0f})")


if __name__ == "__main__":
    main()
