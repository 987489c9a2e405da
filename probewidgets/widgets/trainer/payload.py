"""What the page of a trainer is sent: the choices with their options, what they cost, and what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from probewidgets.data.corpus import Corpus
from probewidgets.data.offers import Offer
from probewidgets.look.palette import encode_labels, fills
from probewidgets.look.visible import visible
from probewidgets.sweeps.results import Sweep
from probewidgets.widgets.kit.static import plural
from probewidgets.widgets.reading.payload import as_triple, encode_curve, interval

if TYPE_CHECKING:
    from probewidgets.captures.activations import Activations
    from probewidgets.live.forecasting import Forecast
    from probewidgets.models.language_model import LanguageModel

__all__ = ["TERMS", "corpus_facts", "cost_facts", "encode_scores", "encode_task", "encode_wrong", "model_facts"]

TERMS = (
    ("corpus", "the sentences with their labels. Probes are fitted on train, chosen on dev, and tested once on test"),
    ("what to read", "an annotation of the corpus that a probe learns to tell from the states of the model"),
    ("layers", "0 is the embeddings, and each other layer the output of that block; written like 0-6, or 0, 3, 8-12"),
    ("site", "where in a block states are taken: the residual stream is what goes on from block to block"),
    ("pool", "how the states of a word's tokens become one"),
    ("control draws", "how often the same probe is trained on random labels, one for each word type: what it can do "
                      "by remembering words"),
    ("random-weights model", "the same model before any training, probed alike: what is above it was learned"),
    ("loss against passes", "how well the probe fits train while it is trained, lower is better; an open penalty "
                            "is tried at several values, one after the other. Dots: its cross-entropy on dev"),
    ("score, thin line", "on test, with its 95 % interval over whole sentences; the bar goes down to the control task"),
    ("Stop", "ends at the next step; layers that are done stay, and Go on continues behind them"),
    ("↑ ↓ in the scores", "go along the layers"),
    ("?", "show or close this list"),
)  # fmt: skip
"""What is on the screen and what it means, then what the keys do."""
MOST_SHARES = 12
"""Labels whose shares are sent."""
MOST_WRONG = 5
_BEFORE, _AFTER = 32, 28
"""Characters sent around a word, at most."""
_WHOLE = 80
"""Of a text that is read as a whole."""
_EXAMPLE = 200
"""Characters of the first example."""


def corpus_facts(corpus: Corpus | None) -> tuple[list[str], str]:
    """What was found in a corpus, in words, and its first example."""
    if corpus is None:
        return [], ""
    sizes = " / ".join(f"{len(side):,}" for _, side in corpus.split.items())
    first = visible(corpus[0].text) if len(corpus) else ""
    return [f"{sizes} sentences", plural(corpus.n_words, "word")], first[:_EXAMPLE]


def model_facts(model: LanguageModel | None) -> list[str]:
    """What a model is like."""
    if model is None:
        return []
    millions = sum(weight.numel() for weight in model.model.parameters()) / 1e6
    return [f"{model.n_layers} layers x {model.hidden_size}", f"{millions:,.1f} M parameters"]


def encode_task(offer: Offer | None, offers: Sequence[Offer]) -> dict[str, Any]:
    """The tasks of a corpus; of the one that is chosen its labels with their shares and colours."""
    options = [[each.key, f"{each.task.name} · {_carried(each)}", each.reason] for each in offers]
    shown: dict[str, Any] = {"value": "", "options": options, "facts": [], "shares": [], "palette": None}
    if offer is None:
        return shown
    facts = [_carried(offer), plural(offer.total, offer.task.unit)]
    labels = list(offer.counts)
    light, dark = fills(labels, offer.kind == "labels", list(offer.counts.values()))
    total = sum(offer.counts.values())
    shares = [[visible(name), n / total, k] for k, (name, n) in enumerate(offer.counts.items())][:MOST_SHARES]
    return shown | {
        "value": offer.key,
        "facts": facts,
        "shares": shares,
        "palette": {"light": light[:MOST_SHARES], "dark": dark[:MOST_SHARES]},
    }


def _carried(offer: Offer) -> str:
    """`"17 labels of words"`."""
    unit = f"of {offer.task.unit}s"
    if offer.kind == "number":
        return f"a number {unit}"
    return f"{plural(len(offer.counts), 'label')} {unit}{', any number of them' * (offer.kind == 'labels')}"


def cost_facts(forecast: Forecast | None) -> list[str]:
    """What a training will take, in words."""
    if forecast is None:
        return []
    if forecast.kept >= 1:
        capture = "states from the cache"
    else:
        capture = f"{duration(forecast.capture)} to capture"
        if forecast.kept > 0:
            capture += f" ({forecast.kept:.0%} in the cache)"
    room = [f"{size(forecast.disk)} on disk"] * bool(forecast.disk) + [f"{size(forecast.memory)} in memory"] * bool(
        forecast.memory
    )
    return [
        plural(forecast.tokens, "token"),
        f"about {duration(forecast.seconds)}: {capture}, {duration(forecast.layer * forecast.layers)} to fit",
        *([", ".join(room)] if room else []),
    ]


def duration(seconds: float) -> str:
    """`"25 s"`, `"3 min"`."""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def size(n: float) -> str:
    """`"410 MB"`."""
    for unit in ("B", "kB", "MB"):
        if n < 1000:
            return f"{n:.0f} {unit}"
        n /= 1000
    return f"{n:.1f} GB"


def encode_scores(sweep: Sweep | None) -> dict[str, Any]:
    """The layers that are done: their curve, and each in words."""
    if sweep is None:
        return {"curve": None, "scores": {}, "best": None}
    scores = {}
    for score in sweep.scores:
        told = {sweep.metric_name: score.value, "control": score.control, "selectivity": score.selectivity}
        parts = [f"{name} {interval(triple)}" for name, value in told.items() if (triple := as_triple(value))]
        scores[str(score.layer)] = ", ".join(parts)
    return {"curve": encode_curve(sweep), "scores": scores, "best": sweep.best.layer}


def encode_wrong(sweep: Sweep | None, acts: Activations | None, layer: int | None) -> dict[str, Any] | None:
    """Some test words that a layer gets wrong, from all over the test side; nothing where answers are no labels."""
    if sweep is None or acts is None or layer is None or sweep.kind != "label" or not sweep.answers.size:
        return None
    from probewidgets.sweeps.on_test import OnTest

    tested = OnTest(sweep, acts)
    given = tested.given(layer)
    wrong = np.flatnonzero(given != tested.gold)
    few = np.unique(np.linspace(0, len(wrong) - 1, min(MOST_WRONG, len(wrong))).astype(int))
    names = [visible(name) for name in sweep.label_names]
    rows = [
        _in_place(acts, tested, int(at))
        | {"gold": names[tested.gold[at]], "given": names[given[at]], "k": int(given[at])}
        for at in wrong[few]
    ]
    palette = encode_labels(sweep.label_names, sweep)["palette"]
    return {"layer": layer, "errors": len(wrong), "tested": len(given), "rows": rows, "palette": palette}


def _in_place(acts: Activations, tested: Any, at: int) -> dict[str, Any]:
    """A word with what stands around it; a whole text alone."""
    text, spans = acts.corpus[int(tested.example[at])].text, tested.spans[at]
    if not len(spans):
        return {"before": "", "word": visible(_headed(text, _WHOLE)), "after": " …" * (len(text) > _WHOLE)}
    start, end = (int(each) for each in spans[0])
    before, after = _headed(text[:start][::-1], _BEFORE)[::-1], _headed(text[end:], _AFTER)
    return {
        "before": "… " * (len(before) < start) + visible(before),
        "word": visible(text[start:end]),
        "after": visible(after) + " …" * (end + len(after) < len(text)),
    }


def _headed(text: str, most: int) -> str:
    """The beginning of a text, of whole words where they are no longer than that."""
    if len(text) <= most:
        return text
    return text[:most].rpartition(" ")[0] or text[:most]
