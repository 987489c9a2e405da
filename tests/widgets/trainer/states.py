"""What the page of a trainer is sent in each of its phases: made by hand, but for the curve, which is a sweep's."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import probewidgets as pw
from probewidgets.captures.activations import Activations
from probewidgets.look.palette import fills
from probewidgets.widgets.kit.linker import Bundle, linked
from probewidgets.widgets.reading.payload import encode_curve

PHASES = ("choosing", "costing", "running", "stopped", "done", "failed")
LAYERS = (0, 1, 2, 3, 4, 5, 6)
SHARES = (("NOUN", 0.17), ("PUNCT", 0.12), ("VERB", 0.11), ("PRON", 0.09), ("ADP", 0.09), ("DET", 0.08), ("ADJ", 0.07))
TERMS = [
    ["accuracy", "share of the test words whose label is predicted"],
    ["control", "the same for labels drawn for each word type"],
    ["?", "show or close this list"],
]
REPORT = [
    "Layer 2 is the best on dev: accuracy 0.984 [0.979, 0.988] on test.",
    "Its control task reaches 0.712: selectivity 0.272 [0.264, 0.280].",
    "Always saying the commonest label of the word type gets 0.879.",
    "Trained on 12,544 sentences in 63 s: 25 s to capture, 38 s to fit.",
]
CODE = """import probewidgets as pw

corpus = pw.corpora.english()
acts = pw.capture(pw.LanguageModel(), corpus, pw.WordTask("upos"))
sweep = pw.sweep(acts, pw.LinearProbe(), control=1)"""


@cache
def bundle() -> Bundle:
    return linked(Path(pw.__file__).parent / "widgets" / "trainer" / "view.js")


@cache
def curves(layers: tuple[int, ...] = LAYERS) -> dict[str, Any]:
    """The curve of a small sweep over states that tell the tag, the middle layers best."""
    corpus = pw.corpora.english(150)
    targets = pw.WordTask("upos").targets(corpus)
    rng = np.random.default_rng(0)
    types = {form: place for place, form in enumerate(dict.fromkeys(targets.surface))}
    code, tag = rng.normal(size=(len(types), 16)), rng.normal(size=(int(targets.y.max()) + 1, 16))
    place = np.array([types[form] for form in targets.surface])
    strength = [1.2 - 1.1 * abs(layer / max(layers) - 0.4) for layer in layers]
    states = [code[place] + s * tag[targets.y] + 0.5 * rng.normal(size=(len(place), 16)) for s in strength]
    acts = Activations.from_arrays(states, targets, corpus, name="tiny", embeddings=True)
    sweep = pw.sweep(acts, pw.LinearProbe(l2=0.01), control=True, bootstrap=50, progress=False)
    return {**encode_curve(sweep), "best": sweep.best.layer}


def curve_of(done: int, layers: tuple[int, ...] = LAYERS) -> dict[str, Any]:
    """What is known when the lowest `done` layers are."""
    known = curves(layers)
    rows = ("layers", "accuracy", "control", "selectivity", "random model", "seeds", "told")
    return {name: value[:done] if name in rows else value for name, value in known.items() if name != "best"}


def scores_of(curve: dict[str, Any]) -> dict[str, str]:
    told = zip(curve["layers"], curve["told"], strict=True)
    return {str(layer): text.partition(": ")[2].partition(";")[0] for layer, text in told}


def fresh() -> dict[str, Any]:
    """Everything is chosen, nothing is trained."""
    light, dark = fills([name for name, _ in SHARES])
    return {
        "rev": 1,
        "answered": {},
        "queued": ["train", "stop", "open", "save"],
        "title": "Probe trainer",
        "terms": TERMS,
        "phase": "choosing",
        "stopping": False,
        "wanting": "",
        "again": False,
        "status": "",
        "corpus": {
            "value": "english",
            "options": [["english", "English sentences (built in)"], ["given", "my corpus"], ["file", "a file…"]],
            "path": "",
            "busy": False,
            "error": "",
            "facts": ["12,544 / 2,001 / 2,077 sentences", "254,854 words", "upos, deprel, ner"],
            "example": "Al-Zaman : American forces killed Shaikh Abdullah al-Ani, the preacher at the mosque.",
        },
        "task": {
            "value": "upos",
            "options": [
                ["upos", "upos: a label of each word", ""],
                ["deprel", "deprel: a relation of two words", ""],
                ["sentiment", "sentiment: a label of each sentence", "this corpus has no such labels"],
            ],
            "facts": ["17 labels", "of each word"],
            "shares": [[name, share, k] for k, (name, share) in enumerate(SHARES)],
            "palette": {"light": light, "dark": dark},
        },
        "model": {
            "value": "minilm",
            "options": [["minilm", "all-MiniLM-L6-v2"], ["given", "my model"], ["place", "another…"]],
            "path": "",
            "busy": False,
            "error": "",
            "facts": ["6 layers and the embeddings", "384 wide", "a word is the mean of its tokens"],
        },
        "layers": {"all": list(LAYERS), "value": list(LAYERS), "text": "0-6"},
        "site": {
            "value": "residual",
            "options": [["residual", "residual stream", ""], ["attention", "attention", "not for this model"]],
        },
        "pool": {"value": "mean", "options": [["mean", "mean", ""], ["first", "first", ""], ["last", "last", ""]]},
        "probe": {
            "value": "linear",
            "options": [["linear", "linear", ""], ["mlp", "network", ""], ["rank", "of a low rank", ""]],
            "facts": ["penalty chosen on dev", "cross-entropy"],
            "size": None,
        },
        "control": {"value": 1, "reason": ""},
        "random": {"value": False, "reason": ""},
        "locked": False,
        "cost": {
            "busy": False,
            "error": "",
            "facts": [
                "254,854 tokens",
                "about 63 s: 25 s to capture, 38 s to fit",
                "680 MB on disk, 410 MB in memory",
            ],
        },
        "planned": [],
        "working": None,
        "best": None,
        "curve": None,
        "scores": {},
        "wrong": None,
        "report": [],
        "code": CODE,
        "opens": {"explorer": "nothing is trained yet", "errors": "nothing is trained yet"},
        "opened": "",
        "restored": "",
        "error": "",
        "traceback": "",
    }


def wrong_at(layer: int) -> dict[str, Any]:
    rows = [
        {"before": "Do ", "word": "google", "after": " search for me .", "gold": "VERB", "given": "NOUN"},
        {
            "before": "… the ",
            "word": "fat",
            "after": " of the land and all that is in it",
            "gold": "NOUN",
            "given": "ADJ",
        },
        {"before": "I can't ", "word": "bear", "after": " the light", "gold": "VERB", "given": "NOUN"},
        {"before": "", "word": "That", "after": " was the best of all of them .", "gold": "PRON", "given": "DET"},
        {"before": "They went ", "word": "past", "after": " the station", "gold": "ADP", "given": "ADJ"},
    ]
    return {"layer": layer, "errors": 40, "tested": 25096, "rows": rows}


def partly(done: int) -> dict[str, Any]:
    """What some done layers come with."""
    curve = curve_of(done)
    best = max(range(done), key=lambda at: curve["accuracy"][at][0])
    shown = {"planned": list(LAYERS), "best": best, "curve": curve, "scores": scores_of(curve), "wrong": wrong_at(best)}
    return shown | {"opens": {"explorer": "", "errors": ""}}


def choosing() -> dict[str, Any]:
    return fresh() | {"task": fresh()["task"] | {"value": ""}, "wanting": "Choose what to read"}


def costing() -> dict[str, Any]:
    return fresh() | {"cost": {"busy": True, "error": "", "facts": []}}


def running(done: int = 3) -> dict[str, Any]:
    shown = partly(done) if done else {"planned": list(LAYERS)}
    opens = {"explorer": "when it has ended", "errors": "when it has ended"}
    return fresh() | shown | {"phase": "running", "locked": True, "working": done, "opens": opens}


def stopped() -> dict[str, Any]:
    status = "3 layers done, stopped after 12 s; what is done stays"
    return fresh() | partly(3) | {"phase": "stopped", "again": True, "status": status}


def done() -> dict[str, Any]:
    return fresh() | partly(7) | {"phase": "done", "status": "Done in 63 s", "report": REPORT}


def failed() -> dict[str, Any]:
    error = "Layer 3 could not be fitted. The machine has no memory left: 410 MB were wanted."
    trace = "Traceback (most recent call last):\n  File <b>x</b>\nMemoryError: 410 MB"
    shown = {"phase": "failed", "status": "Failed at layer 3", "again": True, "error": error, "traceback": trace}
    return fresh() | partly(3) | shown


def progress(phase: str) -> dict[str, Any]:
    text = "Layer 3 of 7 · captured 254,854 tokens in 25 s · fitting, about 9 s left of 38 s"
    return {"done": 620, "total": 1000, "text": text} if phase == "running" else {}


def losses(phase: str, passes: int = 48) -> dict[str, Any]:
    if phase in ("choosing", "costing"):
        return {}
    task = [[n, round(0.21 + 3.2 * 0.88**n, 4)] for n in range(passes)]
    control = [[n, round(1.94 + 2.0 * 0.93**n, 4)] for n in range(passes)]
    lines = [{"name": "task", "points": task}, {"name": "control", "points": control}]
    dev = [{"name": "task", "points": [[12, 0.71], [30, 0.34]]}, {"name": "control", "points": [[20, 2.6]]}]
    return {
        "layer": 3,
        "x": "passes",
        "y": "loss on train, with its penalty (bits)",
        "lines": lines,
        "dev": dev,
        "note": "",
    }


MAKERS: dict[str, Callable[[], dict[str, Any]]] = {
    "choosing": choosing,
    "costing": costing,
    "running": running,
    "stopped": stopped,
    "done": done,
    "failed": failed,
}


def state(phase: str, **view: Any) -> dict[str, Any]:
    """All traits that a page of this phase reads."""
    return {
        "painted": 0,
        "_view": MAKERS[phase]() | view,
        "_choice": {"client": "", "seq": 0},
        "_progress": progress(phase),
        "_losses": losses(phase),
        "_inner": "",
    }
