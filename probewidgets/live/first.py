"""The first answer of an explorer, kept beside its sweep, and shown the next time before there is a model.

To import torch and transformers and to load a model takes most of the time of an `explore` whose sweep is kept.
"""

from __future__ import annotations

import platform
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np

from probewidgets.errors import ProbeWidgetsError
from probewidgets.machine.idle import when_idle
from probewidgets.probes.stored import complete, plain, read, restored, write
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions

__all__ = ["Later", "keep_first", "kept_first", "surroundings"]

Answering = Callable[..., Predictions]

_ROUNDING = 1e-3
"""By how much a probability may differ from what another number of threads makes of it."""


def surroundings() -> tuple[str, ...]:
    """What states depend on beside the model and its texts, told without torch: machine, and versions of libraries."""
    libraries = ("torch", "transformers", "tokenizers", "numpy")
    return platform.node(), platform.machine(), *(f"{name} {version(name)}" for name in libraries)


def keep_first(path: Path, answer: Predictions, sweep: Path) -> None:
    """Write down an answer, labels for words, and the file of its sweep, which lies in the same folder.

    Raises:
        ProbeWidgetsError: It cannot be written.
    """
    facts = {f.name: getattr(answer, f.name) for f in fields(answer) if f.name != "proba"}
    write(path, "answer", {"proba": answer.proba}, {"sweep": sweep.name, **plain(facts)})


def kept_first(path: Path, load: Callable[[], Answering]) -> Later | None:
    """What `keep_first` wrote, as a predictor that loads its model later; None where it or its sweep cannot be read."""
    try:
        arrays, facts = read(path, "answer")
        with complete(path):
            del facts["format"]
            sweep = path.with_name(facts.pop("sweep"))
            hints = get_type_hints(Predictions)
            values: dict[str, Any] = {name: restored(hints[name], value) for name, value in facts.items()}
            answer = Predictions(**values | arrays)
        return Later(Sweep.load(sweep), answer, load)
    except ProbeWidgetsError:  # all of it is made anew, and what is wrong with the sweep is told then
        return None


class Later:
    """A predictor that knows the answer to one text, and loads its model when the running cell has ended.

    Or before that, when it is asked for another text. Otherwise it is as `predictor` gives it.

    Args:
        sweep: Whose probes it asks.
        answer: What they say of one text.
        load: Makes the predictor.
    """

    gold = True

    def __init__(self, sweep: Sweep, answer: Predictions, load: Callable[[], Answering]) -> None:
        self.sweep, self.answer = sweep, answer
        self._load, self._loading = load, threading.Lock()
        self._awake: Answering | None = None
        when_idle(self._wake)

    def __call__(self, text: str, *, check: Callable[[], None] | None = None, gold: bool | None = None) -> Predictions:
        """What the probes of all layers say of a text. Errors are those of `predictor`, and of loading the model."""
        if not self.is_awake and text == self.answer.text and gold in (None, self.gold):
            return self.answer
        return self.awake(text, check=check, gold=gold)

    @property
    def awake(self) -> Answering:
        """The predictor with its model.

        Raises:
            ProbeWidgetsError: Whatever loading it raises, each time that it is tried.
        """
        with self._loading:
            if self._awake is None:
                self._awake = self._load()
                self._hold_against(self._awake(self.answer.text))
            return self._awake

    @property
    def is_awake(self) -> bool:
        """Whether the model is loaded."""
        return self._awake is not None

    def _hold_against(self, now: Predictions) -> None:
        """Say where what was kept is not what the model says."""
        before = self.answer
        alike = (now.units, now.labels) == (before.units, before.labels)
        if not alike or np.abs(now.proba - before.proba).max(initial=0) > _ROUNDING:
            warnings.warn(
                "What was shown first was kept from an earlier process, and is not what the model says now. Set the "
                "text anew; pw.cache.clear() removes what is kept.",
                stacklevel=2,
            )

    def _wake(self) -> None:
        with suppress(Exception):  # whoever asks next is told
            _ = self.awake
