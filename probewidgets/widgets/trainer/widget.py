"""ProbeTrainer: choose a corpus, a task, a model and a probe by hand, and watch every layer's probe being trained."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anywidget import WidgetTrait

from probewidgets.data.corpus import Corpus
from probewidgets.errors import ProbeWidgetsError, WidgetError
from probewidgets.widgets.kit.checks import in_words, refuse_unknown
from probewidgets.widgets.kit.linker import linked
from probewidgets.widgets.kit.messages import Message, hears
from probewidgets.widgets.trainer import offered, payload
from probewidgets.widgets.trainer.keeping import Keeping
from probewidgets.widgets.trainer.offered import GIVEN, PROBES
from probewidgets.widgets.trainer.written import code_of

if TYPE_CHECKING:
    from probewidgets.captures.pooling import Pool
    from probewidgets.data.tasks import Task
    from probewidgets.models.language_model import LanguageModel
    from probewidgets.models.sites import Site
    from probewidgets.probes.base import Probe
    from probewidgets.widgets.errors.widget import ProbeErrors
    from probewidgets.widgets.explorer.widget import ProbeExplorer

__all__ = ["ProbeTrainer"]

NOTHING = "nothing is trained yet"


class ProbeTrainer(Keeping):
    """Choose corpus, task, model and probe in four steps; see what that costs; train, and watch every layer's probe.

    The kernel stays free while it trains. What is done stays: `stop` ends at the next step and `start` goes on there,
    and states that were captured are in the user's cache, for the next kernel too. In the end there are `sweep` and
    `acts`, an explorer and the errors, and the lines of code that do the same.

    Args:
        corpus: A Corpus; the path of a file or folder in any format that `pw.readers.read_file` takes; None: the
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
        self._opened = ""
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
    def code(self) -> str:
        """The lines of Python that do the same; empty while something is not chosen yet."""
        try:
            order = self._order()
        except WidgetError:
            return ""
        return code_of(order, self._texts.code, self._net.code)

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
            WidgetError: Nothing is trained yet, or answers are not one label each.
        """
        from probewidgets.widgets.errors.widget import ProbeErrors

        sweep, acts = self._result, self.acts
        return self._once("errors", lambda: ProbeErrors(sweep, acts))

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        """The widget of this name, made anew where there is another sweep by now."""
        of, widget = self._shown.get(name, (None, None))
        if of is not self.sweep or widget is None or widget.comm is None:
            try:
                made_now = make()
            except ProbeWidgetsError as error:
                raise WidgetError(in_words(error)) from error
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

    # ------------------------------------------------------------------ kernel -> page

    def _payload(self) -> dict[str, Any]:
        training, wanting = self._training, self._wanting()
        order = training.order if training is not None else None
        scores = payload.encode_scores(self.sweep)
        opens = {name: self._closed(name) for name in ("explorer", "errors")}
        return {
            "title": self._title,
            "terms": payload.TERMS,
            "phase": self.phase,
            "stopping": self._stopping,
            "wanting": wanting,
            "again": self.phase in ("stopped", "failed") and training is not None and not wanting,
            "status": self._status(),
            "locked": self._locked,
            "cost": {
                "busy": self._costing.busy and self._forecast is None and not wanting,
                "error": self._forecast_error,
                "facts": payload.cost_facts(self._forecast),
            },
            "planned": [] if order is None else list(order.layers),
            "working": None if self._working < 0 else self._working,
            "wrong": payload.encode_wrong(self.sweep, self.acts, self._newest(scores["best"])),
            "report": [] if self.sweep is None or self.phase == "running" else self.sweep.report().split("\n"),
            "code": self.code,
            "opens": opens,
            "opened": self._opened,
            "restored": "",
            "error": self.error,
            "traceback": self.traceback,
            **scores,
            **self._steps(),
        }

    def _wanting(self) -> str:
        """Why nothing can be trained now."""
        try:
            self._order()
        except WidgetError as error:
            return str(error)
        return ""

    def _newest(self, best: int | None) -> int | None:
        """The layer whose errors are shown: while it trains the last that is done, then the best on dev."""
        if self.sweep is None or self.phase != "running":
            return best
        return int(self.sweep.layers[-1])

    def _status(self) -> str:
        training = self._training
        if training is None or self.phase == "choosing":
            return ""
        count, total = len(training.done), len(training.order.layers)
        took = payload.duration(training.seconds)
        return {
            "running": "Stopping…" if self._stopping else "Training…",
            "done": f"Done: {total} layers in {took}",
            "stopped": f"Stopped after {took}: {count} of {total} layers done",
            "failed": f"Failed after {took}: {count} of {total} layers done",
        }[self.phase]

    def _closed(self, name: str) -> str:
        """Why a widget of the result cannot be opened."""
        if self.sweep is None:
            return NOTHING
        if name == "errors" and (self.sweep.answers.ndim != 2 or not self.sweep.answers.size):
            return "its answers are not one label each"
        if name == "explorer" and self.sweep.unit not in ("word", "sentence"):
            return f"a typed text has no {self.sweep.unit}s that are known"
        return ""

    def _steps(self) -> dict[str, Any]:
        """The four steps: what is chosen, and what could be."""
        texts, net, offer, family = self._texts, self._net, self._offer, self._family
        facts, example = payload.corpus_facts(texts.value)
        site = "residual" if self.site is None else self.site.name
        pool = "mean" if self.pool is None else getattr(self.pool, "__name__", "own")
        there = self._there if net.value is not None else ()
        own, known = self._own.get("probe"), PROBES.get(family)
        own_probe = own if own is not None and offered.family_of(own) == GIVEN else None
        sized = known is not None and known.size
        probe = self.probe if self.probe is not None else known.make(known.usual) if known else None
        alone = "" if probe is None or "control" in probe.asks else "this probe has no control task"
        if offer is not None and offer.task.unit == "sentence":
            alone = "each sentence would have a label of its own"
        fresh = "" if probe is None or "random" in probe.asks else "this probe is not held against random weights"
        chosen = there if self.layers is None else tuple(self.layers)
        return {
            "corpus": {
                **self._source(
                    "corpus", texts, ["english", "generated English (built in)"], ["file", "a file or folder…"]
                ),
                "facts": facts,
                "example": example,
            },
            "task": payload.encode_task(offer, texts.offers),
            "model": {
                **self._source(
                    "model", net, ["embedded", "all-MiniLM-L6-v2 (built in)"], ["place", "a name or folder…"]
                ),
                "facts": payload.model_facts(net.value),
            },
            "layers": {"all": list(there), "value": list(chosen), "text": offered.written(chosen)},
            "site": {"value": site, "options": [list(each) for each in offered.site_options(net.value, site)]},
            "pool": {
                "value": pool,
                "options": [
                    list(each) for each in offered.pool_options("" if offer is None else offer.task.unit, pool)
                ],
            },
            "probe": {
                "value": family,
                "options": [list(each) for each in offered.probe_options(offer, own_probe)],
                "facts": [known.facts] if known else [],
                "size": {"name": known.size, "value": str(known.size_of(probe))} if known and sized else None,
            },
            "control": {"value": self.control, "reason": alone},
            "random": {"value": self.random, "reason": fresh},
        }

    def _source(self, name: str, loaded: Any, built_in: list[str], typed: list[str]) -> dict[str, Any]:
        """Where corpus or model come from: what is built in, what came from Python, or a path that is typed."""
        value, own = getattr(self, name), self._own.get(name)
        asked = self._asked_file if name == "corpus" else self._asked_place
        path = "" if value is None or own is value else os.fspath(value)
        options = [
            built_in,
            *([] if own is None else [[GIVEN, getattr(own, "name", os.fspath(own) if isinstance(own, str) else "")]]),
            typed,
        ]
        chosen = typed[0] if asked or path else GIVEN if own is not None and value is own else built_in[0]
        return {"value": chosen, "options": options, "path": path, "busy": loaded.busy, "error": loaded.error}

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
        for _, widget in self._shown.values():
            widget.close()
        super().close()
