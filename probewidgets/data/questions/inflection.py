"""Tasks that the form of one word decides: the tense of the main verb, the number of its subject and of its object."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example
from probewidgets.data.questions.building import Labelled, built, distinct, divided, fewest_and_most, trimmed
from probewidgets.data.sampling import generator
from probewidgets.errors import DataError

__all__ = ["object_number", "past_present", "subject_number"]

TENSES = {"VBD": "PAST", "VBP": "PRES", "VBZ": "PRES"}
NUMBERS = {"NN": "NN", "NNS": "NNS"}
FREQUENCY = (1, 5000)
"""How often a form may decide, fewest and most."""

Decide = Callable[[Example, int], tuple[str, str] | None]
"""(example, index of the main verb) -> (label, deciding form), or None."""


def past_present(corpus: Corpus, *, frequency: tuple[int, int] = FREQUENCY, seed: int = 0) -> Corpus:
    """The tense of the main clause's verb, PAST or PRES.

    The verb is the sentence's one root; its tag decides (VBD against VBP and VBZ), or, where tags are not Penn's, its
    features (`Tense` of a `VerbForm=Fin`). The sentences are split anew so that no form of a deciding verb is on two
    sides: what is learned must hold for verbs never seen. Every side has as many of both labels.

    Args:
        corpus: A corpus with heads, relations and tags, as `read_conllu` and `english` give them.
        frequency: Fewest and most sentences that one form (lower-cased) may decide; the forms outside are left out.
            Conneau et al. take 100 and 5,000 of a far larger corpus.
        seed: Of the draw and of the split.

    Raises:
        DataError: There are no heads and relations, or too few forms to put different ones on each side.

    Source: Conneau et al. 2018, section 2 (Tense).
    """

    def decide(example: Example, root: int) -> tuple[str, str] | None:
        label = _tense(example, root)
        return (label, example.forms[root].lower()) if label else None

    return _decided("past_present", corpus, decide, frequency, seed, "sentences whose root is a verb in one of them")


def subject_number(corpus: Corpus, *, frequency: tuple[int, int] = FREQUENCY, seed: int = 0) -> Corpus:
    """The number of the main clause's subject, a common noun: NN (one) or NNS (several).

    The subject is the root's one `nsubj`. No form of a subject is on two sides; see `past_present`.

    Args:
        corpus: A corpus with heads, relations and tags, as `read_conllu` and `english` give them.
        frequency: Fewest and most sentences that one form (lower-cased) may decide.
        seed: Of the draw and of the split.

    Raises:
        DataError: There are no heads and relations, or too few forms to put different ones on each side.

    Source: Conneau et al. 2018, section 2 (SubjNum).
    """
    return _number("subject_number", "nsubj", corpus, frequency, seed)


def object_number(corpus: Corpus, *, frequency: tuple[int, int] = FREQUENCY, seed: int = 0) -> Corpus:
    """The number of the main clause's direct object, a common noun: NN (one) or NNS (several).

    The object is the root's one `obj`. No form of an object is on two sides; see `past_present`.

    Args:
        corpus: A corpus with heads, relations and tags, as `read_conllu` and `english` give them.
        frequency: Fewest and most sentences that one form (lower-cased) may decide.
        seed: Of the draw and of the split.

    Raises:
        DataError: There are no heads and relations, or too few forms to put different ones on each side.

    Source: Conneau et al. 2018, section 2 (ObjNum).
    """
    return _number("object_number", "obj", corpus, frequency, seed)


def _number(task: str, relation: str, corpus: Corpus, frequency: tuple[int, int], seed: int) -> Corpus:
    def decide(example: Example, root: int) -> tuple[str, str] | None:
        heads, relations = example.annotations["head"], example.annotations["deprel"]
        dependents = [
            i
            for i, (head, name) in enumerate(zip(heads, relations, strict=True))
            if head == root + 1 and str(name).split(":")[0] == relation
        ]
        label = _grammatical_number(example, dependents[0]) if len(dependents) == 1 else None
        return (label, example.forms[dependents[0]].lower()) if label else None

    return _decided(task, corpus, decide, frequency, seed, f"sentences whose root has a common noun as its {relation}")


def _decided(task: str, corpus: Corpus, decide: Decide, frequency: tuple[int, int], seed: int, needed: str) -> Corpus:
    """The corpus of a task that a word form decides."""
    fewest, most = fewest_and_most("frequency", frequency)
    random = generator(seed)
    groups: dict[str, list[Labelled]] = {}
    parsed = 0
    for examples in distinct(task, corpus).values():
        for example in examples:
            root = _root(example)
            parsed += root is not None
            decided = None if root is None else decide(example, root)
            if decided:
                groups.setdefault(decided[1], []).append((example, decided[0]))
    if not parsed:
        raise DataError(
            f"{task}: no sentence of {corpus.name!r} has heads and relations (annotations 'head' and 'deprel') with "
            "one root. Use a treebank: read_conllu(...), or corpora.english()."
        )
    groups = {form: rows for form, rows in groups.items() if fewest <= len(rows) <= most}
    forms = Counter(label for rows in groups.values() for label in {label for _, label in rows})
    if len(forms) < 2 or min(forms.values()) < 3:
        given = ", ".join(f"{label} {n}" for label, n in sorted(forms.items())) or "none"
        raise DataError(
            f"{task}: {corpus.name!r} has too few different forms that decide {fewest} to {most:,} sentences: {given}. "
            f"Each of two labels needs at least 3, one for each side. It takes {needed}. Give more text."
        )
    return built(task, corpus, trimmed(divided(groups, random), random), needed)


def _root(example: Example) -> int | None:
    """The index of the one word whose head is 0."""
    heads = example.annotations.get("head", ())
    if "deprel" not in example.annotations or heads.count(0) != 1:
        return None
    return heads.index(0)


def _annotation(example: Example, name: str, i: int) -> str:
    values = example.annotations.get(name)
    return (values[i] or "") if values else ""


def _tense(example: Example, i: int) -> str | None:
    tag, feats = _annotation(example, "xpos", i), _annotation(example, "feats", i).split("|")
    if tag.startswith("VB") or "VerbForm=Fin" not in feats:
        return TENSES.get(tag)
    return "PAST" if "Tense=Past" in feats else "PRES" if "Tense=Pres" in feats else None


def _grammatical_number(example: Example, i: int) -> str | None:
    tag, feats = _annotation(example, "xpos", i), _annotation(example, "feats", i).split("|")
    if _annotation(example, "upos", i) not in ("NOUN", ""):
        return None
    if tag.startswith("NN"):
        return NUMBERS.get(tag)
    return "NN" if "Number=Sing" in feats else "NNS" if "Number=Plur" in feats else None
