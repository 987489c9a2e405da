"""Terms: what each number and mark on the screen of a sweep's errors means, in a sentence."""

from __future__ import annotations

from probewidgets.sweeps.results import Sweep
from probewidgets.sweeps.slices import FEW

__all__ = ["terms"]

KEYS = (
    ("← → ↑ ↓", "go along cells, layers, slices and examples"),
    ("Enter, Space", "list what is behind a cell, a head or a slice, or all again; select an example"),
    ("Page Up, Page Down", "go five rows up or down; in the list a page"),
    ("Home, End", "first and last of a row, or of the list"),
    ("?", "show or close this list"),
)


def terms(sweep: Sweep) -> list[tuple[str, str]]:
    """Each term with its meaning, and what the keys do."""
    unit = sweep.unit
    words = [
        ("in train", "how many training targets are of the same word type; none: the word is dotted."),
        ("slices", "the test set cut by label, word type, length of the sentence, seen in training or not, and place."),
    ]
    return [
        ("row, column", f"the gold label of a test {unit}, and the one that the layer's probe gives it."),
        (
            "grey, red",
            "right and wrong. The colour is the share of the row, or of the column; of what is wrong its root, "
            "so that what is rare can be seen.",
        ),
        ("share of gold", "of all that carry the gold label; on the diagonal this is recall."),
        ("share of given", "of all to which the label is given; on the diagonal this is precision."),
        ("number beside a label", f"its support: the test {unit}s that carry it."),
        (
            "dot, line",
            "accuracy on a slice, and its 95 % interval over whole sentences drawn again; the upright line is "
            "the accuracy on all of test.",
        ),
        (
            "worst first",
            f"by accuracy; slices of fewer than {FEW} {unit}s come last, for what they say is mostly chance.",
        ),
        ("confidence", "the probability of the label that is given, calibrated on dev. It says how sure the probe is."),
        *(words if unit != "sentence" else ()),
        ("•", f"the layer that was chosen: {sweep.chosen}."),
        *KEYS,
    ]
