"""Recipe: all that captured states depend on, beside the texts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from probewidgets.captures import pooling
from probewidgets.models.sites import Site
from probewidgets.models.tapped import TappedModel
from probewidgets.values import ModelCard

__all__ = ["Recipe"]


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
    def card(self) -> ModelCard:
        """Which model it is; read once, since hashing its weights takes a while."""
        return replace(self.model.card, site=self.site.name)

    @cached_property
    def terms(self) -> dict[str, Any]:
        """The terms that two captures must have in common for one store to hold both."""
        return {
            "fingerprint": self.card.fingerprint,
            "stack": self.model.stack,
            "site": self.site.name,
            "pool": pooling.pool_name(self.pool),
            "too_long": self.too_long,
            "computed in": str(self.model.dtype).removeprefix("torch."),
            "dtype": self.dtype,
        }

    @property
    def facts(self) -> dict[str, Any]:
        """More that a reader of the store may want to know."""
        from importlib.metadata import version

        return {
            "model": self.model.name,
            "revision": self.model.revision,
            "layers": self.model.numbering + (", the last after the final norm" if self.model.final_norm else ""),
            "special tokens": "added as the tokenizer does; in no row but those of the pools cls and mean_with_special",
            "versions": {name: version(name) for name in ("probewidgets", "torch", "transformers", "tokenizers")},
        }

    def width(self, n_spans: int) -> int:
        """Features of a row of S spans."""
        return (n_spans or 1) * self.model.width_of(self.site)
