"""What the text of a notebook says of its results, and how that is seen in them when it has run.

Of each notebook: a sentence that stands in it, and an expression over its variables that is true where the sentence is.
`build.py` evaluates them in the kernel, after the last cell; one that is false fails the build. What is written here as
a bound is what the sentence means, with room for another processor's rounding.
"""

from __future__ import annotations

__all__ = ["CLAIMS"]

CLAIMS: dict[str, dict[str, str]] = {
    "04_how_a_probe_is_trained.ipynb": {
        "blue and red are mixed in every\ncolumn": "((X[train, :60] > 0).any(0) & (X[train, :60] < 0).any(0)).all()",
        "The curves part": "losses[-1, 1] > 1.5 * losses[-1, 0]",
        "a word that stands in two sentences of test with two labels": "len({*y[two_readings()]}) == 2",
        "whose loss is lowest without any": "table[:, 0].argmin() == len(penalties) - 1",
        "Train falls and falls; dev and test turn": "(np.diff(table[:, 0]) < 0).all() "
        "and (table[-1, 1:] > 1.2 * table[:, 1:].min(0)).all()",
        "is near the best for test too": "table[chosen, 2] < 1.15 * table[:, 2].min()",
        "It is still better than the commonest label": "majority + 0.1 < moved < ours - 0.1",
        "since a list of words gets far too": "trainer.sweep.table()['word_type'].iloc[0] > 0.5",
    },
}
