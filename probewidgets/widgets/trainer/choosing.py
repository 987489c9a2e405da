"""Choosing: corpus, task, model and probe; what goes together, and what would be trained."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import traitlets

from probewidgets.data.corpus import Corpus
from probewidgets.data.names import meant
from probewidgets.data.offers import Offer
from probewidgets.errors import ProbeWidgetsError, WidgetError, clipped
from probewidgets.widgets.kit.checks import Checked
from probewidgets.widgets.trainer import offered
from probewidgets.widgets.trainer.loading import Loading
from probewidgets.widgets.trainer.offered import PROBES

if TYPE_CHECKING:
    from probewidgets.live.training import Order

__all__ = ["CHOICES", "Choosing"]

CHOICES = ("corpus", "task", "model", "layers", "site", "pool", "probe", "control", "random")
"""The choices, in the order in which they depend on each other."""
MOST_DRAWS = 9


class Choosing(Loading):
    """What is to be trained. Each choice is a trait; what does not go together is said, and starts nothing."""

    corpus = Checked(None, help="A Corpus, the path of a file or folder, or None: the embedded one.")
    task = Checked(None, help="A task, the name of an annotation, or None: the first that the corpus has.")
    model = Checked(None, help="A LanguageModel, the name or folder of one, or None: the embedded one.")
    layers = Checked(None, help="The layers that are probed; None: all.")
    site = Checked(None, help="Where in a block: one of pw.sites, or None: the residual stream.")
    pool = Checked(None, help="From the states of a unit's tokens to one; None: their mean.")
    probe = Checked(None, help="A probe, or None: the usual one for such targets.")
    control = traitlets.Int(1, help="Draws of the control task.")
    random = traitlets.Bool(False, help="Whether the model with random weights is probed too.")

    def __init__(self, layout: Any) -> None:
        self._own: dict[str, Any] = {}
        """What came from Python, which the page offers beside its own options."""
        self._asked_file, self._asked_place = False, False  # the page's fields for a path are open
        super().__init__(layout)

    # ------------------------------------------------------------------ what came

    @traitlets.validate(*CHOICES[:7], "control")
    def _valid_choice(self, proposal: Any) -> Any:
        return getattr(self, f"_valid_{proposal.trait.name}")(proposal.value)

    def _valid_corpus(self, value: Any) -> Any:
        if value is None or isinstance(value, Corpus | str | os.PathLike):
            return value
        raise WidgetError(f"corpus must be a Corpus, a path or None, but {clipped(value)} came.")

    def _valid_task(self, value: Any) -> Any:
        if value is None or isinstance(value, str) or (hasattr(value, "targets") and not isinstance(value, type)):
            return value
        raise WidgetError(f"task must be a task such as WordTask('upos'), a name or None, but {clipped(value)} came.")

    def _valid_model(self, value: Any) -> Any:
        from probewidgets.models.language_model import LanguageModel

        if value is None or isinstance(value, LanguageModel | str | os.PathLike):
            return value
        raise WidgetError(f"model must be a LanguageModel, a name, a folder or None, but {clipped(value)} came.")

    def _valid_layers(self, value: Any) -> Any:
        if value is None or (isinstance(value, Sequence | range) and not isinstance(value, str | bytes)):
            return value if value is None else tuple(value)
        raise WidgetError(f"layers must be a list of numbers such as [0, 3], or None, but {clipped(value)} came.")

    def _valid_site(self, value: Any) -> Any:
        from probewidgets.models.sites import Site

        if value is None or isinstance(value, Site):
            return value
        raise WidgetError(f"site must be one of pw.sites (residual, block, attention, mlp), but {clipped(value)} came.")

    def _valid_pool(self, value: Any) -> Any:
        if value is None or callable(value):
            return value
        raise WidgetError(f"pool must be one of pw.pools, such as pw.mean, but {clipped(value)} came.")

    def _valid_probe(self, value: Any) -> Any:
        from probewidgets.probes.own import as_probe

        return value if value is None else as_probe(value)

    def _valid_control(self, value: int) -> int:
        if not 0 <= value <= MOST_DRAWS:
            raise WidgetError(f"control must be a number of draws from 0 to {MOST_DRAWS}, but {value} came.")
        return value

    @traitlets.observe(*CHOICES)
    def _choice_changed(self, change: Any) -> None:
        if not self._silent:
            self._remember()
            self._follow({change.name})

    def _remember(self) -> None:
        """What came from Python can be chosen again in the page."""
        self._own |= {
            name: value for name in ("corpus", "task", "model", "probe") if (value := getattr(self, name)) is not None
        }

    # ------------------------------------------------------------------ what it comes to

    @property
    def _offer(self) -> Offer | None:
        """The task that is chosen, with its labels; None while there is no corpus, or where it has no such task."""
        offers, task = self._texts.offers, self.task
        if task is None:
            return next((offer for offer in offers if not offer.reason), None)
        if isinstance(task, str):
            return next((offer for offer in offers if task in (offer.key, offer.task.name)), None)
        return next((offer for offer in offers if offer.task == task), None)

    @property
    def _family(self) -> str:
        """The key of the probe that is chosen: of none, the usual one for such targets."""
        if self.probe is not None:
            return offered.family_of(self.probe)
        kind = "label" if self._offer is None else self._offer.kind
        return next(key for key, family in PROBES.items() if family.answers == kind)

    @property
    def _there(self) -> tuple[int, ...]:
        """The layers that the model has at the site."""
        from probewidgets.models.sites import residual

        model = self._net.value
        return () if model is None else tuple(model.layers_of(self.site or residual))

    def _order(self) -> Order:
        """What would be trained now.

        Raises:
            WidgetError: Something is not there yet, or does not go together; the message says what.
        """
        from probewidgets.captures.capture import check_layers
        from probewidgets.captures.pooling import mean
        from probewidgets.live.training import Order
        from probewidgets.models.sites import residual

        for what, loaded in (("corpus", self._texts), ("model", self._net)):
            if loaded.busy or loaded.error:
                raise WidgetError(f"the {what} is being read" if loaded.busy else f"the {what} could not be read")
        offer, family = self._offer, self._family
        if offer is None:
            names = [each.task.name for each in self._texts.offers]
            told = f"{clipped(self.task)} is no task of this corpus.{meant(str(self.task), names)}" if self.task else ""
            raise WidgetError(told or "this corpus has nothing that could be learnt")
        probe = self.probe if self.probe is not None else PROBES[family].make(PROBES[family].usual)
        site = self.site or residual
        sites = {option.value: option.reason for option in offered.site_options(self._net.value, site.name)}
        if reason := offer.reason or offered.unfit(offer, probe.answers) or sites[site.name]:
            raise WidgetError(reason)
        try:
            layers = check_layers(self._net.value, self.layers, site)
        except ProbeWidgetsError as error:
            raise WidgetError(str(error)) from error
        return Order(
            corpus=self._texts.value,
            task=offer.task,
            model=self._net.value,
            layers=tuple(sorted(layers)),
            pool=self.pool or mean,
            site=site,
            probe=probe,
            control=self.control,
            random=self.random and "random" in probe.asks,
        )
