"""What is compared: predictors with names that tell them apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from probewidgets.errors import WidgetError, clipped
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions

__all__ = ["Call", "named"]

Call: TypeAlias = Callable[..., Predictions]

MOST = 8
"""Predictors that are compared at a time."""
_PROBE = 2
"""Place of the probe among the facts."""
_ARGUMENT = re.compile(r"(\w+)=((?:\([^()]*\)|[^,()])+)")
_TAKES = (
    "ProbeCompare takes predictors, callables text -> Predictions: a mapping from names to two or more of them, a list "
    "of two or more, or one of them, which is then compared on a pair of sentences"
)


def named(predictors: object, pair: object) -> tuple[dict[str, Call], bool]:
    """The predictors by name, and whether it is one of them on two sentences.

    Raises:
        WidgetError: They are not what can be compared; it says what is.
    """
    if pair is not None and not isinstance(pair, bool):
        raise WidgetError(f"pair must be True or False, but {clipped(pair)} came.")
    if isinstance(predictors, Mapping):
        by_name = dict(predictors)
    elif isinstance(predictors, Sequence) and not isinstance(predictors, str):
        calls = [_checked(each) for each in predictors]
        by_name = dict(zip(_names(calls), calls, strict=True))
    else:
        by_name = {_names([_checked(predictors)])[0]: predictors}
        pair = True if pair is None else pair
    for name, call in by_name.items():
        if not isinstance(name, str) or not name.strip():
            raise WidgetError(f"A predictor's name must be a text, but {clipped(name)} came.")
        _checked(call)
    if pair and len(by_name) != 1:
        raise WidgetError(f"A pair of sentences is compared by one predictor, but {len(by_name)} came. Give one.")
    if not pair and not 2 <= len(by_name) <= MOST:
        raise WidgetError(f"{_TAKES}. {len(by_name)} came, and 2 to {MOST} can be compared.")
    return by_name, bool(pair)


def _checked(call: object) -> Any:
    if not callable(call):
        raise WidgetError(f"{_TAKES}; but {clipped(call)} came.")
    return call


def _names(predictors: Sequence[Call]) -> list[str]:
    """What tells predictors apart, in as few words as that takes; a number where nothing does."""
    facts = [_facts(each) for each in predictors]
    probes = _short_probes([fact[_PROBE] for fact in facts])
    facts = [(*fact[:_PROBE], probe, *fact[_PROBE + 1 :]) for fact, probe in zip(facts, probes, strict=True)]
    differing = [at for at, column in enumerate(zip(*facts, strict=True)) if len(set(column)) > 1] or [0]
    names = [", ".join(fact[at] for at in differing if fact[at]) or fact[0] for fact in facts]
    many, met = Counter(names), Counter[str]()
    numbered = []
    for name in names:
        met[name] += 1
        numbered.append(name if many[name] == 1 else f"{name} ({met[name]})")
    return numbered


def _short_probes(probes: Sequence[str]) -> list[str]:
    """Probes by their class, with the arguments by which they differ from others of it: `MLPProbe(hidden=64)`."""
    parts = [(probe.partition("(")[0], dict(_ARGUMENT.findall(probe))) for probe in probes]
    short = []
    for kind, arguments in parts:
        others = [theirs for name, theirs in parts if name == kind]
        telling = [f"{name}={value}" for name, value in arguments.items() if any(o.get(name) != value for o in others)]
        short.append(f"{kind}({', '.join(telling)})" if telling else kind)
    return short


def _facts(predictor: Call) -> tuple[str, ...]:
    """Model, task, probe, pool and corpus, as far as they are known; a name in any case."""
    sweep = getattr(predictor, "sweep", None)
    if isinstance(sweep, Sweep):
        return sweep.model.place, sweep.task, sweep.probe, sweep.pool, sweep.corpus
    return getattr(predictor, "__name__", type(predictor).__name__), "", "", "", ""
