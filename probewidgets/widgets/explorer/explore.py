"""`explore()`: everything in one line."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from probewidgets.widgets.explorer.widget import ProbeExplorer
from probewidgets.widgets.kit.checks import clean_text
from probewidgets.widgets.reading.typed import EXAMPLE

if TYPE_CHECKING:
    from probewidgets.captures.pooling import Pool
    from probewidgets.data.control import ControlTask
    from probewidgets.data.corpus import Corpus
    from probewidgets.data.tasks import Task
    from probewidgets.probes.base import Probe

__all__ = ["explore"]


def explore(
    text: str | None = None,
    *,
    model: Any = None,
    corpus: Corpus | None = None,
    task: Task | None = None,
    probe: Probe | None = None,
    layers: Sequence[int] | None = None,
    pool: Pool | None = None,
    control: bool | int | ControlTask = True,
    store: bool | str | os.PathLike[str] | None = None,
) -> ProbeExplorer:
    """Everything in one line: capture, sweep, and a live explorer of it.

    Args:
        text: What stands in the box at first.
        model: A LanguageModel, or what LanguageModel takes (a name, a folder); the embedded model by default.
        corpus: Where the probes are trained; by default `pw.corpora.english(1500)`, which this package generates.
        task: What the probes predict; by default part of speech, `WordTask("upos")`.
        probe: How; by default `LinearProbe()`, its penalty chosen on dev.
        layers: Which layers; all by default.
        pool: From the states of a word's tokens (or a sentence's) to one state; by default `pw.mean`.
        control: Whether to train the control task too (or how many draws of it, or a `ControlTask`).
        store: Where the sweep is kept, so that the second call is quick: nothing for the user's cache folder, a folder,
            or False for nowhere. Only sweeps of a `LinearProbe` or an `MLPProbe`, by a pool of this package, are kept.

    Returns:
        A ProbeExplorer; its `.sweep` holds the numbers. Of the default model, corpus and task, what was shown for this
        text in an earlier process is shown at once, and the model is loaded when the cell has ended.

    Raises:
        DataError: `corpus` is no Corpus, or `task` no task.
        ModelError: `pool` is none.
        StoreError: `store` is no folder.
    """
    from probewidgets.live.explore import Wanted, explored

    text = EXAMPLE if text is None else clean_text(text)
    return ProbeExplorer(explored(Wanted(model, corpus, task, probe, layers, pool, control, store), text), text=text)
