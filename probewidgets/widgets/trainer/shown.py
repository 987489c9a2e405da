"""Shown: all that the page of a trainer is sent."""

from __future__ import annotations

import os
from typing import Any

from probewidgets.errors import WidgetError
from probewidgets.widgets.kit.static import plural
from probewidgets.widgets.trainer import offered, payload
from probewidgets.widgets.trainer.keeping import Keeping
from probewidgets.widgets.trainer.loading import Loaded
from probewidgets.widgets.trainer.offered import GIVEN, PROBES
from probewidgets.widgets.trainer.running import same
from probewidgets.widgets.trainer.written import code_of

__all__ = ["Shown"]

NOTHING = "nothing is trained yet"


class Shown(Keeping):
    """A trainer as its page draws it."""

    _title = "Probe trainer"
    _opened = ""
    """What is shown below: `"explorer"`, `"errors"`, or nothing."""

    @property
    def code(self) -> str:
        """The lines of Python that do the same; empty while something is not chosen yet."""
        try:
            order = self._order()
        except WidgetError:
            return ""
        windowed = self._training is not None and self._training.windowed and same(self._training.order, order)
        return code_of(order, self._texts.code, self._net.code, windowed)

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
                "busy": self._forecast is None and not (wanting or self._forecast_error or self._locked),
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
            "restored": "texts longer than the model were read in windows" if training and training.windowed else "",
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
            "done": f"Done: {plural(total, 'layer')} in {took}",
            "stopped": f"Stopped after {took}: {count} of {total} layers done",
            "failed": f"Failed after {took}: {count} of {total} layers done",
        }[self.phase]

    def _closed(self, name: str) -> str:
        """Why a widget of the result cannot be opened."""
        if self.sweep is None:
            return NOTHING
        if name == "errors" and (self.sweep.kind not in ("label", "number") or not self.sweep.answers.size):
            return "its answers are not one label or number each"
        if name == "explorer" and self.sweep.unit not in ("word", "sentence"):
            return f"a typed text has no {self.sweep.unit}s that are known"
        return ""

    def _steps(self) -> dict[str, Any]:
        """The four steps: what is chosen, and what could be."""
        texts, net, offer = self._texts, self._net, self._offer
        facts, example = payload.corpus_facts(texts.value)
        built_in = {"corpus": "generated English (built in)", "model": "all-MiniLM-L6-v2 (built in)"}
        return {
            "corpus": {
                **self._source("corpus", texts, ("english", built_in["corpus"]), ("file", "a file or folder…")),
                "facts": facts,
                "example": example,
            },
            "task": payload.encode_task(offer, texts.offers),
            "model": {
                **self._source("model", net, ("embedded", built_in["model"]), ("place", "a name or folder…")),
                "facts": payload.model_facts(net.value),
            },
            **self._where(),
            **self._which_probe(),
        }

    def _source(self, name: str, loaded: Loaded, built_in: tuple[str, str], typed: tuple[str, str]) -> dict[str, Any]:
        """Where corpus or model come from: what is built in, what came from Python, or a path that is typed."""
        value, own = getattr(self, name), self._own.get(name)
        asked = self._asked_file if name == "corpus" else self._asked_place
        path = os.fspath(value) if isinstance(value, str | os.PathLike) else ""
        given = [] if own is None or isinstance(own, str | os.PathLike) else [(GIVEN, own.name)]
        chosen = typed if asked or path else (given or [built_in])[0] if value is not None else built_in
        return {
            "value": chosen[0],
            "options": [built_in, *given, typed],
            "path": path,
            "busy": loaded.busy,
            "error": loaded.error,
        }

    def _where(self) -> dict[str, Any]:
        """Layers, site and pool."""
        net, unit = self._net.value, "" if self._offer is None else self._offer.task.unit
        there = () if net is None else self._there
        chosen = there if self.layers is None else tuple(self.layers)
        site = "residual" if self.site is None else self.site.name
        pool = "mean" if self.pool is None else getattr(self.pool, "__name__", GIVEN)
        return {
            "layers": {"all": list(there), "value": list(chosen), "text": offered.written(chosen)},
            "site": {"value": site, "options": offered.site_options(net, site)},
            "pool": {"value": pool, "options": offered.pool_options(unit, pool)},
        }

    def _which_probe(self) -> dict[str, Any]:
        """The probe, and what it is held against."""
        offer, key, own = self._offer, self._family, self._own.get("probe")
        family = PROBES.get(key)
        probe = self.probe if self.probe is not None or family is None else family.make(family.usual)
        asks: frozenset[str] = getattr(probe, "asks", frozenset())
        alone = "" if "control" in asks else "this probe has no control task"
        if offer is not None and offer.task.unit == "sentence":
            alone = "each sentence would have a label of its own"
        options = offered.probe_options(offer, own if own is not None and offered.family_of(own) == GIVEN else None)
        sized = family is not None and family.size
        return {
            "probe": {
                "value": key,
                "options": options,
                "facts": [family.facts] if family else [],
                "size": {"name": family.size, "value": str(family.size_of(probe))} if family and sized else None,
            },
            "control": {"value": self.control, "reason": alone},
            "random": {
                "value": self.random,
                "reason": "" if "random" in asks else "this probe is not held against random weights",
            },
        }
