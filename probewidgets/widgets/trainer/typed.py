"""Typed: the choices as the page has them, keys of options and texts, made into those of Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from probewidgets.errors import ProbeWidgetsError, WidgetError, clipped
from probewidgets.widgets.kit.messages import Message, hears
from probewidgets.widgets.trainer import offered
from probewidgets.widgets.trainer.choosing import Choosing
from probewidgets.widgets.trainer.offered import GIVEN, PROBES

__all__ = ["Typed"]

_MAYBE: dict[str, Any] = {
    "corpus": str,
    "corpus_path": str,
    "task": str,
    "model": str,
    "model_path": str,
    "layers": str,
    "site": str,
    "pool": str,
    "probe": str,
    "size": str,
    "control": int,
    "random": bool,
}


class Typed(Choosing):
    """A trainer whose page may choose: all of a message, or nothing of it."""

    # ------------------------------------------------------------------ page -> kernel

    @hears("choose", maybe=_MAYBE)
    def _on_choose(self, message: Message, **choices: Any) -> None:
        """Choices as the page has them: keys of options, and what was typed."""
        answered = self._question(message)
        with self._lock, self._by(message):
            self._answered = answered
            if self._locked:
                raise WidgetError("While it trains, nothing else can be chosen: stop it first.")
            try:
                self._obey(choices)
            except ProbeWidgetsError as error:
                raise WidgetError(str(error)) from error

    def _refuse(self, message: Message, error: WidgetError) -> None:
        """Say why, and then what is chosen: a view that came first would end what was typed, which is to be mended."""
        super()._refuse(message, error)
        self._publish()

    @property
    def _locked(self) -> bool:
        """Whether choices cannot be changed now."""
        return False

    def _obey(self, choices: Mapping[str, Any]) -> None:
        values = {name: getattr(self, f"_typed_{name}")(value) for name, value in choices.items()}
        changes = {name: value for each in values.values() for name, value in each.items()}
        before = {name: getattr(self, name) for name in changes}
        with self._quietly():
            try:
                for name, value in changes.items():
                    setattr(self, name, value)
            except BaseException:
                for name, value in before.items():
                    setattr(self, name, value)
                raise
        self._follow({name for name in changes if getattr(self, name) is not before[name]})

    def _typed_corpus(self, value: str) -> dict[str, Any]:
        self._asked_file = value == "file"
        if value == "file":
            return {}
        return {"corpus": self._own.get("corpus") if value == GIVEN else None, "task": None}

    def _typed_corpus_path(self, value: str) -> dict[str, Any]:
        return {"corpus": value.strip() or None, "task": None}

    def _typed_task(self, value: str) -> dict[str, Any]:
        """The task of a key; a probe that is for targets of another kind makes way for the usual one."""
        offer = next((each for each in self._texts.offers if each.key == value), None)
        if offer is None:
            raise WidgetError(f"There is no task {clipped(value)} in this corpus.")
        own = self._own.get("task")
        fits = self.probe is None or self.probe.answers == offer.kind
        return {"task": own if offer.task is own else value, "probe": self.probe if fits else None}

    def _typed_model(self, value: str) -> dict[str, Any]:
        self._asked_place = value == "place"
        if value == "place":
            return {}
        return {"model": self._own.get("model") if value == GIVEN else None, "layers": None}

    def _typed_model_path(self, value: str) -> dict[str, Any]:
        return {"model": value.strip() or None, "layers": None}

    def _typed_layers(self, value: str) -> dict[str, Any]:
        """The layers that are written; while the model is being read nobody knows yet whether it has them."""
        there = self._there
        layers = offered.layers_of(value, there) if there or offered.is_all(value) else offered.spelled(value)
        return {"layers": None if layers == there else layers}

    def _typed_site(self, value: str) -> dict[str, Any]:
        from probewidgets.models.sites import named

        return {"site": named(value), "layers": None}

    def _typed_pool(self, value: str) -> dict[str, Any]:
        from probewidgets.captures.pooling import POOLS

        if value not in POOLS:
            raise WidgetError(f"There is no pool {clipped(value)}, only {', '.join(POOLS)}.")
        return {"pool": POOLS[value]}

    def _typed_probe(self, value: str) -> dict[str, Any]:
        if value == GIVEN and "probe" in self._own:
            return {"probe": self._own["probe"]}
        if value not in PROBES:
            raise WidgetError(f"There is no probe {clipped(value)}, only {', '.join(PROBES)}.")
        return {"probe": PROBES[value].make(PROBES[value].usual)}

    def _typed_size(self, value: str) -> dict[str, Any]:
        family = PROBES.get(self._family)
        if family is None or not family.size:
            raise WidgetError("This probe has no size.")
        try:
            return {"probe": family.make(int(value))}
        except ValueError:
            raise WidgetError(f"A whole number of {family.size} was expected, but {clipped(value)} came.") from None

    def _typed_control(self, value: int) -> dict[str, Any]:
        return {"control": value}

    def _typed_random(self, value: bool) -> dict[str, Any]:
        return {"random": value}
