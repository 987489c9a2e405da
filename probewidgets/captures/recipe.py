"""Recipe: all that captured states depend on, beside the texts."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from probewidgets.captures import pooling
from probewidgets.models.fingerprints import behaves_alike, behaviour
from probewidgets.models.sites import Site, block, residual
from probewidgets.models.tapped import TappedModel, new_digest
from probewidgets.models.taps import pattern
from probewidgets.values import ModelCard

__all__ = ["Recipe", "differing", "only_run_otherwise", "telling"]

_ROUNDING = {"float64": 1e-4, "float32": 1e-3}
"""How far the behaviour of one model lies apart on two machines, at most; in half precision further."""


@dataclass(frozen=True, eq=False)
class Recipe:
    """All that the states depend on, beside the texts: the same for every part of a corpus."""

    model: TappedModel
    layers: tuple[int, ...]
    pool: pooling.Pool
    site: Site
    too_long: str
    dtype: str

    @cached_property
    def _fingerprints(self) -> tuple[str, str]:
        """Of the model; made once, since hashing its weights takes a while."""
        return self.model.fingerprints()

    @cached_property
    def card(self) -> ModelCard:
        """Which model it is."""
        return replace(self.model.card_with(self._fingerprints[1]), site=self.site.name)

    @cached_property
    def terms(self) -> dict[str, Any]:
        """The terms that two captures must have in common for one store to hold both."""
        return {
            "weights": self._fingerprints[0],
            "fingerprint": self.card.fingerprint,
            "behaviour": behaviour(self.model).tolist(),
            "stack": self.model.stack,
            "site": self.site.name,
            "pool": pooling.pool_name(self.pool),
            "too_long": self.too_long,
            "computed in": str(self.model.dtype).removeprefix("torch."),
            "dtype": self.dtype,
        } | self._further

    @property
    def _further(self) -> dict[str, Any]:
        """Terms that only some captures have."""
        window = {"window": self.model.max_tokens} if self.too_long == "window" else {}
        if self.site in (residual, block):
            return window
        # Which modules a site stands for is found anew by each version, and a later one may know better.
        taps = self.model.place(self.site).taps.values()
        return window | {"modules": sorted({f"{tap.side} of {pattern(tap.module)}" for tap in taps})}

    @property
    def key(self) -> str:
        """A hash of the terms, to the last bit of the model's behaviour."""
        return str(new_digest([json.dumps(self.terms, sort_keys=True)]).hexdigest()[:24])

    @property
    def facts(self) -> dict[str, Any]:
        """More that a reader of the store may want to know."""
        from importlib.metadata import version

        return {
            "model": self.model.name,
            "revision": self.model.revision,
            "layers": self.model.numbering + (", the last after the final norm" if self.model.final_norm else ""),
            "special tokens": "those that are added are in no row but those of the pools cls and mean_with_special",
            "versions": {name: version(name) for name in ("probewidgets", "torch", "transformers", "tokenizers")},
        }

    def width(self, n_spans: int) -> int:
        """Features of a row of S spans."""
        return (n_spans or 1) * self.model.width_of(self.site)


def differing(terms: Mapping[str, Any], others: Mapping[str, Any]) -> list[str]:
    """The names of the terms that are not the same in both; a behaviour may differ by rounding."""
    differ = sorted(name for name in {*terms, *others} if terms.get(name) != others.get(name))
    rounding = _ROUNDING.get(str(terms.get("computed in")), 0.05)
    if behaves_alike(terms.get("behaviour") or (), others.get("behaviour") or (), rounding):
        return [name for name in differ if name != "behaviour"]
    return differ


def telling(differ: Sequence[str]) -> Sequence[str]:
    """Those of the terms that tell a person something: numbers do not, and weights are in the fingerprint."""
    return [name for name in differ if name not in ("behaviour", "weights")] or differ


def only_run_otherwise(differ: Collection[str]) -> bool:
    """Whether two recipes that differ in some terms are of one model, which something lets behave otherwise."""
    return bool(differ) and set(differ) <= {"fingerprint", "behaviour"}
