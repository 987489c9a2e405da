"""Terms: what each number and mark on the screen of a sweep's errors means, in a sentence."""

from __future__ import annotations

from typing import Any

from probewidgets.sweeps.slices import FEW
from probewidgets.widgets.errors.screens import Screen

__all__ = ["terms"]

KEYS = (
    ("← → ↑ ↓", "go along cells, layers, slices and examples"),
    ("Enter, Space", "list what is behind a cell, a head or a slice, or all again; select an example"),
    ("Page Up, Page Down", "go five rows up or down; in the list a page"),
    ("Home, End", "first and last of a row, or of the list"),
    ("?", "show or close this list"),
)


def terms(screen: Screen[Any]) -> list[tuple[str, str]]:
    """Each term with its meaning, and what the keys do."""
    unit, chosen = screen.tested.sweep.unit, screen.tested.sweep.chosen
    gold, given = screen.words
    cut = "label" if screen.tested.right_or_wrong else "true number"
    words = [
        ("in train", "how many training targets are of the same word type; none: the word is dotted."),
        (
            "slices",
            f"the test set cut by {cut}, word type, length of the sentence, seen in training or not, and place.",
        ),
    ]
    return [
        *(_of_labels(unit) if screen.tested.right_or_wrong else _of_numbers(unit)),
        (f"share of {gold}", f"of the row{screen.row_share}."),
        (f"share of {given}", f"of the column{screen.column_share}."),
        ("number beside a row", f"its support: the test {unit}s in it."),
        (
            "dot, line",
            f"{screen.score} on a slice, and its 95 % interval over whole sentences drawn again; the upright line is "
            "that on all of test.",
        ),
        (
            "worst first",
            f"by {screen.score}; slices of fewer than {FEW} {unit}s come last, for what they say is mostly chance.",
        ),
        *(words if screen.typed else ()),
        ("•", f"the layer that was chosen: {chosen}."),
        *KEYS,
    ]


def _of_labels(unit: str) -> list[tuple[str, str]]:
    return [
        ("row, column", f"the gold label of a test {unit}, and the one that the layer's probe gives it."),
        (
            "grey, red",
            "right and wrong. The colour is the share of the row, or of the column; of what is wrong its root, "
            "so that what is rare can be seen.",
        ),
        ("confidence", "the probability of the label that is given, calibrated on dev. It says how sure the probe is."),
    ]


def _of_numbers(unit: str) -> list[tuple[str, str]]:
    return [
        (
            "row, column",
            f"the bin of the true number of a test {unit}, and of the one that the layer's probe predicts. A number "
            "that ends one bin and begins the next is in the upper one.",
        ),
        ("grey to red", "predicted in the same bin, or the redder, the farther from it. The colour is as for shares."),
        ("residual", "predicted − true: above 0 where the prediction is too high."),
        ("mean absolute error", "the mean size of the residuals, in the unit of the numbers; the less the better."),
    ]
