"""Offered: what a trainer lets one choose, and why something cannot be, for what else is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from probewidgets.data.offers import Offer
from probewidgets.errors import ProbeWidgetsError, WidgetError, clipped
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.mlp import LowRankProbe, MLPProbe
from probewidgets.probes.ridge import RidgeProbe, SigmoidProbe
from probewidgets.probes.sparse import KSparseProbe
from probewidgets.widgets.trainer.written import short_probe

if TYPE_CHECKING:
    from probewidgets.models.language_model import LanguageModel

__all__ = [
    "GIVEN",
    "PROBES",
    "Family",
    "Option",
    "family_of",
    "is_all",
    "layers_of",
    "pool_options",
    "probe_options",
    "site_options",
]

GIVEN = "given"
"""The option that stands for what came from Python."""


class Option(NamedTuple):
    """Something that can be chosen."""

    value: str
    label: str
    reason: str = ""
    """Why it cannot be, as things stand."""


@dataclass(frozen=True)
class Family:
    """A family of probes, as a person chooses one."""

    label: str
    answers: str
    """What its targets carry: `"label"`, `"labels"`, `"number"`."""
    make: Callable[[int], Any]
    """From its size to the probe."""
    kind: type
    facts: str
    """What is to be known of it, in a few words."""
    size: str = ""
    """What its size counts; empty where it has none."""
    usual: int = 0
    """Its size, unless another is given."""
    size_of: Callable[[Any], object] = lambda _: 0


PROBES: dict[str, Family] = {
    "linear": Family("linear", "label", lambda _: LinearProbe(), LinearProbe, "penalty chosen on dev"),
    "mlp": Family(
        "one hidden layer", "label", lambda n: MLPProbe(hidden=n), MLPProbe, "trained until dev gains no more",
        "hidden units", 64, lambda probe: probe.hidden,
    ),
    "low rank": Family(
        "linear, of low rank", "label", lambda n: LowRankProbe(rank=n), LowRankProbe, "trained until dev gains no more",
        "rank", 2, lambda probe: probe.rank,
    ),
    "k-sparse": Family(
        "linear, on few features", "label", lambda n: KSparseProbe(k=n), KSparseProbe, "penalty chosen on dev",
        "features", 16, lambda probe: probe.k,
    ),
    "ridge": Family("ridge regression", "number", lambda _: RidgeProbe(), RidgeProbe, "penalty chosen on dev"),
    "sigmoid": Family("one for each label", "labels", lambda _: SigmoidProbe(), SigmoidProbe, "penalty chosen on dev"),
}  # fmt: skip
"""The families by their keys; of each kind of targets the first is the usual one."""
_CARRY = {"label": "one label each", "labels": "any number of labels", "number": "a number"}


def family_of(probe: Any) -> str:
    """The key of a probe's family, where it is all that the probe says of itself; else `GIVEN`."""
    for key, family in PROBES.items():
        if type(probe) is family.kind and isinstance(family.size_of(probe), int):
            return key if family.make(int(str(family.size_of(probe)))) == probe else GIVEN
    return GIVEN


def probe_options(offer: Offer | None, own: Any) -> list[Option]:
    """The families, and the probe that came from Python, where one did."""
    options = [] if own is None else [Option(GIVEN, short_probe(own), unfit(offer, own.answers))]
    return options + [Option(key, family.label, unfit(offer, family.answers)) for key, family in PROBES.items()]


def unfit(offer: Offer | None, answers: str) -> str:
    """Why probes that answer so cannot read a task; empty if they can."""
    if offer is None or offer.kind == answers:
        return ""
    return f"{offer.task.name} carries {_CARRY[offer.kind]}"


def site_options(model: LanguageModel | None, chosen: str) -> list[Option]:
    """The sites, with what keeps a model from having one."""
    from probewidgets.models import sites

    options = []
    for site in (sites.residual, sites.block, sites.attention, sites.mlp):
        try:
            reason = ""
            if model is not None:
                model.layers_of(site)
        except ProbeWidgetsError as error:
            reason = clipped(str(error).split(". ")[0], 90)
        label = {"residual": "residual stream"}.get(site.name, site.name)
        options.append(Option(site.name, label, reason))
    return options if chosen in {option.value for option in options} else [*options, Option(chosen, chosen)]


def pool_options(unit: str, chosen: str) -> list[Option]:
    """The pools: from the states of a unit's tokens to one."""
    from probewidgets.captures.pooling import POOLS

    whole = "" if unit in ("sentence", "") else f"reads the whole sentence, not the {unit}"
    reasons = {"cls": whole, "mean_with_special": whole}
    options = [Option(name, name.replace("_", " "), reasons.get(name, "")) for name in POOLS]
    return options if chosen in POOLS else [*options, Option(chosen, chosen)]


def layers_of(typed: str, there: Sequence[int]) -> tuple[int, ...]:
    """The layers that a person has written, of those that there are.

    Raises:
        WidgetError: It cannot be read, or names a layer that is not there.
    """
    if is_all(typed):
        return tuple(there)
    layers = spelled(typed)
    if missing := sorted(set(layers) - set(there)):
        raise WidgetError(f"There is no layer {missing[0]} among {written(there)}: {clipped(typed)} came.")
    return layers


def is_all(typed: str) -> bool:
    """Whether all layers are meant."""
    return typed.strip().lower() in ("", "all")


def spelled(typed: str) -> tuple[int, ...]:
    """The numbers in `"0-6"`, `"0, 3, 5-8"`, `"0-30/2"`, in order.

    Raises:
        WidgetError: It cannot be read.
    """
    layers: set[int] = set()
    try:
        for part in filter(None, (each.strip() for each in typed.split(","))):
            ends, _, step = part.partition("/")
            low, dash, high = ends.replace("–", "-").partition("-")
            layers |= set(range(int(low), int(high if dash else low) + 1, int(step or 1)))
    except ValueError:
        layers = set()
    if not layers:
        raise WidgetError(f"Layers are written like 0-6, or 0, 3, 5-8, or 0-30/2, but {clipped(typed)} came.")
    return tuple(sorted(layers))


def written(layers: Sequence[int]) -> str:
    """`"0-6"`, `"0, 3, 5-8"`."""
    runs: list[list[int]] = []
    for layer in layers:
        if runs and layer == runs[-1][-1] + 1:
            runs[-1].append(layer)
        else:
            runs.append([layer])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
