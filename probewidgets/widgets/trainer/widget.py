"""ProbeTrainer: choose a corpus, a task, a model and a probe by hand, and watch every layer's probe being trained."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anywidget import WidgetTrait

from probewidgets.data.corpus import Corpus
from probewidgets.errors import WidgetError
from probewidgets.widgets.kit.checks import in_words, refuse_unknown
from probewidgets.widgets.kit.linker import linked
from probewidgets.widgets.kit.messages import Message, hears
from probewidgets.widgets.trainer.shown import Shown

if TYPE_CHECKING:
    from probewidgets.captures.pooling import Pool
    from probewidgets.data.tasks import Task
    from probewidgets.models.language_model import LanguageModel
    from probewidgets.models.sites import Site
    from probewidgets.probes.base import Probe
    from probewidgets.widgets.errors.widget import ProbeErrors
    from probewidgets.widgets.explorer.widget import ProbeExplorer

__all__ = ["ProbeTrainer"]

_log = logging.getLogger(__name__)


class ProbeTrainer(Shown):
    """Choose corpus, task, model and probe in four steps; see what that costs; train, and watch every layer's probe.

    The kernel stays free while it trains. What is done stays: `stop` ends at the next step and `start` goes on there,
    and states that were captured are in the user's cache, for the next kernel too. In the end there are `sweep` and
    `acts`, an explorer and the errors, and the lines of code that do the same.

    Args:
        corpus: A Corpus; the path of a file or folder in any format that `pw.read_file` takes; None: the
            embedded one, `pw.corpora.english()`.
        task: A task, or the name of an annotation; None: the first that can be learnt.
        model: A LanguageModel, or the name or folder of one; None: the embedded one.
        layers: The layers that are probed; None: all.
        site: Where in a block; None: the residual stream.
        pool: From the states of a unit's tokens to one; None: their mean.
        probe: A probe; None: the usual one for such targets.
        control: Draws of the control task.
        random: Whether the model with random weights is probed too.
        layout: An `ipywidgets.Layout`.

    Raises:
        TypeError: A keyword that it does not know.
        WidgetError, ProbeError: A choice that cannot be. What can only be known once files are read is said in the
            page, and raised by `start`.
    """

    _title = "Probe trainer"
    _esm, _css = linked(Path(__file__).with_name("view.js"))

    _inner = WidgetTrait().tag(sync=True)
    """What is opened below."""

    def __init__(
        self,
        corpus: Corpus | str | os.PathLike[str] | None = None,
        *,
        task: Task | str | None = None,
        model: LanguageModel | str | os.PathLike[str] | None = None,
        layers: Sequence[int] | None = None,
        site: Site | None = None,
        pool: Pool | None = None,
        probe: Probe | None = None,
        control: int = 1,
        random: bool = False,
        layout: Any = None,
        **unknown: Any,
    ) -> None:
        refuse_unknown(type(self), unknown)
        self._shown: dict[str, Any] = {}
        super().__init__(layout=layout)
        with self._or_closed():
            given = {"corpus": corpus, "task": task, "model": model, "layers": layers, "site": site, "pool": pool}
            with self._quietly():
                for name, value in {**given, "probe": probe, "control": control, "random": random}.items():
                    setattr(self, name, value)
            self._remember()
            self._follow({"corpus", "model"})

    # ------------------------------------------------------------------ Python side

    @property
    def explorer(self) -> ProbeExplorer:
        """An explorer of what is trained so far, which "Open in explorer" shows below.

        Raises:
            WidgetError: Nothing is trained yet, or typed text cannot be read so.
        """
        from probewidgets.live.predictor import predictor
        from probewidgets.widgets.explorer.widget import ProbeExplorer

        training, sweep = self._training, self._result
        assert training is not None  # there is a sweep of it
        order = training.order
        return self._once(
            "explorer",
            lambda: ProbeExplorer(
                predictor(order.model, sweep, pool=order.pool, segmenter=order.corpus.segmenter),
                text=order.corpus[order.corpus.split.test[0]].text,
            ),
        )

    @property
    def errors(self) -> ProbeErrors:
        """The errors of what is trained so far, which "See errors" shows below.

        Raises:
            WidgetError: Nothing is trained yet, or answers are not one label or number each.
        """
        from probewidgets.widgets.errors.widget import ProbeErrors

        sweep, acts = self._result, self.acts
        return self._once("errors", lambda: ProbeErrors(sweep, acts))

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        """The widget of this name, made anew where there is another sweep by now, or no page that shows it."""
        of, widget = self._shown.get(name, (None, None))
        if of is not self.sweep or widget is None or _ended(widget.comm):
            try:
                made_now = make()
            except Exception as error:  # also of the host: not each can make a widget now
                _log.exception("the %s could not be opened", name)
                message = f"It could not be opened from here ({in_words(error)}). Try a cell of its own: trainer.{name}"
                raise WidgetError(message) from error
            if widget is not None:
                widget.close()
            self._shown[name] = (self.sweep, made_now)
        return self._shown[name][1]

    def __repr__(self) -> str:
        offer, model = self._offer, self._net.value
        names = f"{'?' if offer is None else offer.task.name} in {'?' if model is None else model.name}"
        there = f", layers {list(self.sweep.layers)} done" if self.sweep is not None else ""
        error = f", error {self.error!r}" if self.error else ""
        return f"ProbeTrainer({names}: {self.phase}{there}{error})"

    # ------------------------------------------------------------------ page -> kernel

    @hears("open", what=str)
    def _on_open(self, message: Message, what: str) -> None:
        """Show the explorer or the errors below, or neither."""
        answered = self._question(message)
        with self._lock, self._by(message):
            self._answered = answered
            try:
                if what not in ("", "explorer", "errors"):
                    raise WidgetError(f"There is no {what!r} to be opened, only the explorer and the errors.")
                self._inner = getattr(self, what) if what else None
                self._opened = what
            finally:
                self._publish()

    def close(self) -> None:
        """Close all views, what is opened below too, and end the training. Safe to call twice."""
        for _, widget in vars(self).get("_shown", {}).values():
            widget.close()
        super().close()


def _ended(comm: Any) -> bool:
    """Whether a widget is closed, or its comm is: marimo closes those of a cell that runs again."""
    return comm is None or bool(getattr(comm, "_closed", False))
