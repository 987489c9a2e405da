"""How long the explorer takes to draw, from a message until its frame is painted, beside a picture by matplotlib.

    python benchmarks/drawing.py [--rounds 9] [--sizes 7x13 31x19 48x200 32x512]

Sizes are layers x words, of 17 labels. In Chromium, without a kernel: a text of other words, one more key of the last
word, another colour, layer and selection each arrive as a message does, and are timed until the browser has painted
them (medians, ms). What one would draw instead is `imshow` of the most probable labels, saved as a PNG. Aims: 48 x 200
in 50 ms, 32 x 512 in 100 ms; colour, selection and layer in 50 ms, and of a short sentence in 16.
"""

from __future__ import annotations

import argparse
import io
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from matplotlib.figure import Figure
from playwright.sync_api import Page

from probewidgets.values import Predictions
from probewidgets.widgets import ProbeExplorer
from tests.chromium import chromium
from tests.widgets.fakes import fake_predictions
from tests.widgets.helpers import state_of

LABELS = tuple(f"LABEL{k}" for k in range(17))
MODEL = Path(__file__).parents[1] / "tests" / "widgets" / "fake_model.js"
ORIGIN = "http://widget.test"

START = """async ([esm, css, state, others]) => {
    const { revive, start } = await import("/fake_model.js");
    Object.assign(window, await start(esm, css, state, 1));
    window.views = [model.get("_view"), ...revive(others)];  // decoded, as by a host
}"""

# From a message until the frame after it is done, so often, each with its own number `i`.
TIME = """async ([rounds, change]) => {
    const painted = () => new Promise(resolve => requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now());
        port2.postMessage(null);
    }));
    const rest = () => new Promise(resolve => setTimeout(resolve, 900));
    const act = new Function("i", change);
    const times = [];
    for (let i = 0; i < rounds; i += 1) {
        await rest();  // whatever comes after an answer has come
        await painted();
        const before = performance.now();
        act(i);
        times.push(await painted() - before);
    }
    return times;
}"""

ANSWER = "model.state._view = { ...views[%s], rev: model.get('_view').rev + 1 }; model.emit('change:_view')"

CHANGES = {
    "text": ANSWER % "i % 2 ? 0 : 1",
    "key": ANSWER % "i % 2 ? 0 : 2",
    "colour": "model.receive('_choice', { ...model.get('_choice'), colour: i % 2 ? 'label' : 'entropy' })",
    "layer": "model.receive('_choice', { ...model.get('_choice'), layer: i % 5 })",
    "selection": "model.receive('_choice', { ...model.get('_choice'), layer: i % 5, selected: [i % 5, i] })",
}


def predictor(layers: int) -> Callable[[str], Predictions]:
    return lambda text: fake_predictions(text, range(layers), LABELS)


def times_in(page: Page, widgets: list[ProbeExplorer], rounds: int) -> dict[str, float]:
    """Medians (ms) of each change of the first widget, shown anew; its answers are in turn its own and another's."""
    widget, *others = widgets
    page.goto(ORIGIN)
    state: dict[str, Any] = state_of(widget)
    page.evaluate(START, [widget._esm, widget._css, state, [state_of(other)["_view"] for other in others]])
    changes = CHANGES.items()
    return {name: statistics.median(page.evaluate(TIME, [rounds, code])) for name, code in changes}


def picture(predictions: Predictions) -> float:
    """Time (ms) of what one would draw instead: the most probable labels, their probability as strength."""
    start = time.perf_counter()
    figure = Figure(figsize=(9, 4))
    axes = figure.subplots()
    axes.imshow(predictions.proba.argmax(-1), alpha=predictions.proba.max(-1), cmap="tab20", aspect="auto")
    axes.set_xticks(np.arange(len(predictions)), [unit.text for unit in predictions.units], rotation=90)
    figure.savefig(io.BytesIO(), format="png")
    return 1000 * (time.perf_counter() - start)


def serve(route: Any) -> None:
    if route.request.url.endswith("/fake_model.js"):
        route.fulfill(content_type="text/javascript", body=MODEL.read_text())
    else:
        route.fulfill(content_type="text/html", body="<!doctype html><html><body></body></html>")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, help="how often each change is timed")
    parser.add_argument("--sizes", nargs="+", default=["7x13", "31x19", "48x200", "32x512"], help="layers x words")
    options = parser.parse_args()
    print(f"medians of {options.rounds} (ms)   " + "".join(f"{name:>11}" for name in CHANGES) + "   matplotlib   ratio")
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.route("**/*", serve)
        for size in options.sizes:
            layers, words = (int(part) for part in size.split("x"))
            text = " ".join(f"word{place % 97}" for place in range(words))
            texts = (text, text.replace("word", "other"), text[:-1])
            times = times_in(page, [ProbeExplorer(predictor(layers), text=each) for each in texts], options.rounds)
            shown = predictor(layers)(text)
            instead = statistics.median(picture(shown) for _ in range(options.rounds))
            row = "".join(f"{value:11.1f}" for value in times.values())
            print(f"{layers:>4} x {words:<14}    {row}   {instead:10.1f}   {instead / times['text']:5.1f}")


if __name__ == "__main__":
    main()
