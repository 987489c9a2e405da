"""Notes on a typed text: how far it is read otherwise than the corpus is, and what was taken for gold labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from probewidgets.data.segment import Labels, Segmenter, Typed, Writing, lines, segmenter_name

__all__ = ["caveats", "remarks", "short"]

_GOOD = 0.98
"""F1 of a segmenter with which nothing need be said."""


def caveats(writing: Writing | None, unit: str, segmenter: Segmenter) -> Iterator[str]:
    """How far any typed text is read otherwise than the corpus is; `writing` is None where that was not kept."""
    if writing is None:
        yield (
            "This sweep does not say how the texts of its corpus are made: typed lines are read as they stand, "
            "whatever spaces and line breaks the corpus has. Train it again to have them read alike."
        )
    elif unit != "sentence" and writing.agreement is not None and writing.agreement < _GOOD:
        yield (
            f"Words are cut by {segmenter_name(segmenter)!r}, which finds the words of the corpus in its own "
            f"texts with an F1 of {writing.agreement:.3f}: some typed words are cut otherwise than those that "
            "the probe was trained on. A corpus takes a segmenter of your own, Corpus(segmenter=text -> words)."
        )


def remarks(typed: Typed, writing: Writing, labels: Sequence[str], unit: str) -> Iterator[str]:
    """How far this text is read otherwise than it was typed, or is written otherwise than the corpus.

    Args:
        typed: As it was read.
        writing: Of the corpus.
        labels: Those that may be gold.
        unit: What is probed in it: `"word"` or `"sentence"`.
    """
    yield from _doubts(typed, labels, unit)
    yield from _golds(typed, labels, writing.escaped)
    yield from _lines(typed, writing)
    if unit == "sentence":
        yield from _ends(typed)
    yield from _spaces(typed, writing)
    yield from writing.remarks([line.text.strip() for line in typed.lines if line.text.strip()])


def short(text: str) -> str:
    """A word in a note."""
    return text if len(text) <= 24 else text[:23] + "…"


def _lines(typed: Typed, writing: Writing) -> Iterator[str]:
    """Whether several lines are one text."""
    several = sum(bool(span.of(typed.text).strip()) for span in lines(typed.text))
    if several > 1 and writing.whole:
        yield f"The {several} lines were read as one text: {writing.broken:.0%} of the corpus's texts have line breaks."
    elif several > 1 and writing.broken:
        yield (
            f"Each line was read as a text of its own; {writing.broken:.1%} of the corpus's texts have line breaks "
            "in them."
        )


def _ends(typed: Typed) -> Iterator[str]:
    """Where the one text that was typed was given other ends: a model may read a token there, the last one of all."""
    texts = [line.text for line in typed.lines if line.text.strip()]
    if len(texts) != 1:
        return
    for place, was, now in zip(("beginning", "end"), _outer(typed.text), _outer(texts[0]), strict=True):
        if was != now and (now or was.strip(" ")):
            change = f"{now!r} was put in for {was!r}" if now else f"{was!r} was left out"
            usual = repr(now) if now else "no space or line break"
            yield f"At the {place} of the text {change}: all of the corpus's texts have {usual} there."


def _outer(text: str) -> tuple[str, str]:
    """The space at the beginning and at the end of a text, its line ends alike."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _spaces(typed: Typed, writing: Writing) -> Iterator[str]:
    """The place where a space stands or lacks most otherwise than in the corpus."""
    places = [place for line in typed.lines if (place := writing.unlike(line.text))]
    if places:
        worst = max(places)
        yield (
            f"{short(worst.place)!r}: in the corpus, {worst.share:.0%} of {worst.sign!r} are written "
            f"{'without' if worst.spaced else 'with'} a space before them. The model may read other tokens here "
            "than those that the probe was trained on; write it likewise."
        )


def _doubts(typed: Typed, labels: Sequence[str], unit: str) -> Iterator[str]:
    """What was typed like a gold label and was not read as one."""
    given = Labels(labels)
    pairs = [pair for line in typed.lines for pair in line.doubtful if pair[0] not in line.tagged]
    for ambiguous in (False, True):
        mine = [pair for pair in pairs if (pair[1] in given.spellings) == ambiguous]
        if not mine:
            continue
        (word, tag), more = mine[0], f" (and {len(mine) - 1} more)" if len(mine) > 1 else ""
        if ambiguous:
            place = "at the end of its line, after a space" if unit == "sentence" else "right behind its word"
            capitals = unit != "sentence" and word.isupper()
            also = ", and behind a word in capitals only where another word of the line has one" * capitals
            yield (
                f"{short(word)!r} was read as text{more}, for it need not be a gold label. Such a label stands "
                f"{place}, where it can mean nothing else{also}; any other slash of its word is written '\\/'."
            )
        else:
            yield (
                f"{short(tag)!r} is not a label of this probe, so {short(word)!r} was read as text{more}. "
                f"Its labels: {', '.join(labels[:40])}{', …' if len(labels) > 40 else ''}."
            )


def _golds(typed: Typed, labels: Sequence[str], escaped: bool) -> Iterator[str]:
    """What was read as gold labels, and what else is not text."""
    tagged = [word for line in typed.lines for word in line.tagged]
    if tagged:
        first, rest = ", ".join(repr(short(word)) for word in tagged[:5]), len(tagged) - 5
        more = f" and {rest} more" if rest > 0 else ""
        yield f"Read as gold labels: {first}{more}. A slash that is text is written '\\/'."
    elif labels and "\\/" in typed.text and not escaped:
        yield "Each '\\/' was read as '/'."
