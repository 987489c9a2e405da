"""Write the live pages of the manual: widgets as static HTML, each by its own `to_html`.

    python docs/site/live.py build/live

They are of the embedded model and a part of the embedded corpus; states and sweeps are kept in the user's cache.
"""

from __future__ import annotations

import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(DOCS), str(DOCS.parent)]

import probewidgets as pw

TEXT = "I can't bear the light in this room,"
PAIR = ("They can fish in the lake.", "They can the fish in the lake.")
SENTENCES = 300


def main() -> None:
    """Write them into the folder that the command line names."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/live")
    folder.mkdir(parents=True, exist_ok=True)
    corpus, model = pw.corpora.english(SENTENCES), pw.LanguageModel()
    acts = pw.capture(model, corpus, pw.WordTask("upos"))
    sweep = pw.sweep(acts, pw.LinearProbe(), control=True)
    predict = pw.predictor(model, sweep)
    explorer = pw.ProbeExplorer(predict, text=TEXT)
    explorer.selected = (0, 3)
    errors = pw.ProbeErrors(sweep, acts)
    compare = pw.ProbeCompare(predict, text=PAIR, show="difference")
    compare.compute(PAIR)
    for name, widget in {"explorer": explorer, "errors": errors, "compare": compare}.items():
        widget.to_html(folder / f"{name}.html")
        widget.close()
        print(folder / f"{name}.html")


if __name__ == "__main__":
    main()
