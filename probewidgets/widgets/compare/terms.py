"""Terms: what each number and mark on the screen of ProbeCompare means, in a sentence."""

from __future__ import annotations

from probewidgets.widgets.explorer.terms import KEYS

__all__ = ["terms"]


def terms(pair: bool, scored: bool) -> list[tuple[str, str]]:
    """Each term on the screen with its meaning, and what the keys do.

    Args:
        pair: Whether two sentences are compared, and not several predictors.
        scored: Whether there are scores.
    """
    other = "in the first sentence" if pair else "with the predictor compared against"
    words = "the fewest words put in, taken out or put for one another" if pair else "the same characters of the text"
    told = [
        ("values", "what each probe predicts; paler = less probable."),
        (
            "difference",
            f"how much more probable (blue) or less (red) a label is here than {other}, at the layer on the same row; "
            "0 is the middle of the colours. Of numbers, how much larger.",
        ),
        (
            "of which label",
            "the one chosen under Colour by; else of each word its gold label, as typed in word/LABEL; else the one "
            f"that is predicted {other}, at the layer chosen on dev. A label that was picked for being likely there "
            "tends to be less likely here: gold labels are free of that.",
        ),
        ("words that answer each other", f"{words}; – where there is none."),
        ("row", "the same number of layer, or (by depth) the same share of the way from the embeddings to the top."),
        ("word", "chosen in one grid, it is chosen in all."),
    ]
    if scored:
        told.append(("dots, thin lines", "the score of each layer on test, with its 95 % interval over sentences."))
    if scored and not pair:
        told.append(
            (
                "dots in a difference",
                "how far that score is above the other one's. The interval (95 %, paired bootstrap) is of the same "
                "resampled sentences for both, so it is given where both were tested on the same targets only.",
            )
        )
    return [*told, *KEYS]
