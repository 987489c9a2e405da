"""Sites: where in a block a state is taken. Values: `pw.sites.residual`, `pw.sites.head(3)`, ...

What a site is in a particular model is found in its module tree (`parts`), and held against what the block does
(`sums`).
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import torch

from probewidgets.errors import ModelError
from probewidgets.models.parts import Part
from probewidgets.models.sums import summed
from probewidgets.models.taps import Blocks, Call, Tap

__all__ = ["Place", "Site", "Sites", "attention", "block", "head", "learned", "mlp", "modules", "named", "residual"]


@dataclass(frozen=True)
class Site:
    """Where states are taken."""

    kind: str
    """`"residual"`, `"block"`, `"attention"`, `"mlp"`, `"head"` or `"modules"`."""
    number: int = 0
    """Of a head, counted from 0."""
    pattern: str = ""
    """Of modules: their dotted name, with `*` for what varies."""

    @property
    def name(self) -> str:
        """Its name in captions; `named` reads it back."""
        return {"head": f"head {self.number}", "modules": f"modules {self.pattern}"}.get(self.kind, self.kind)

    def __repr__(self) -> str:
        return f"Site({self.name!r})"


residual = Site("residual")
"""The residual stream: layer 0 the embeddings, layer l after block l, the last after the final norm if there is one."""

block = Site("block")
"""As the blocks themselves give it: like `residual`, but the last layer is before any final norm."""

attention = Site("attention")
"""What the self-attention of block l adds: the output of its last projection, before any norm behind it."""

mlp = Site("mlp")
"""What the MLP of block l adds: the output of its last projection, before any norm behind it."""


def head(number: int) -> Site:
    """One attention head of block l: its slice of what the attention's last projection reads. (D / heads wide.)"""
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise ModelError(f"head takes the number of an attention head, counted from 0, but {number!r} came.")
    return Site("head", number)


def modules(pattern: str) -> Site:
    """The outputs of any modules by name, e.g. `"encoder.layer.*.attention"`; layer l is the l-th match, from 1."""
    if not isinstance(pattern, str) or not pattern:
        raise ModelError(f"modules takes a dotted name such as 'encoder.layer.*.attention', but {pattern!r} came.")
    return Site("modules", pattern=pattern)


def named(name: str) -> Site:
    """The site with this `.name`.

    Raises:
        ModelError: There is none.
    """
    kind, _, rest = name.partition(" ")
    if kind == "head" and rest.isdigit():
        return head(int(rest))
    if kind == "modules" and rest:
        return modules(rest)
    plain = {site.kind: site for site in (residual, block, attention, mlp)}
    if name in plain:
        return plain[name]
    raise ModelError(f"There is no site {name!r}. There are {', '.join(plain)}, head N, modules PATTERN.")


@dataclass(frozen=True)
class Place:
    """A site in one model."""

    taps: dict[int, Tap]
    """Layer -> where its states come by."""
    width: int
    """Features of a state."""
    first: int = 0
    """Which feature of the tensor is the state's first: a head is a slice."""
    sums: Mapping[int, str] = field(default_factory=dict)
    """Layer -> whether attention and MLP add up to what the block does: see `probewidgets.models.sums`."""

    def of(self, tensor: torch.Tensor, n: int) -> torch.Tensor:
        """The (n, T, width) states in what came by; some modules lay the texts of a batch end to end."""
        return tensor.view(n, -1, tensor.shape[-1])[..., self.first : self.first + self.width]


@dataclass(frozen=True, eq=False)
class Sites:
    """All sites of one model, found in one recorded forward pass."""

    calls: Sequence[Call]
    """What was called, in order; of the tensors only the shapes are looked at."""
    blocks: Blocks | None
    shape: tuple[int, ...]
    """(1, T, D) of a hidden state in that pass."""
    n_heads: int
    """Attention heads of a block, as the config says; 0 if it does not."""
    parts: Mapping[str, Mapping[int, Part]] = field(default_factory=dict)
    """`"attention"`, `"mlp"` -> layer -> what of its block that is."""

    def place(self, site: Site) -> Place:
        """Where a site is in this model.

        Raises:
            ModelError: It is not there; the message names the modules that were seen.
        """
        if site.kind == "modules":
            return self._matching(site)
        if self.blocks is None:
            raise ModelError(
                f"The blocks of this model were not found in its module tree, so {site.name!r} cannot be captured; "
                f"`residual` can. Its modules: {self._seen('')}. Name some: modules('...')."
            )
        if site.kind in ("residual", "block"):
            outputs = (
                *self.blocks.blocks[:-1],
                self.blocks.last if site.kind == "residual" else self.blocks.blocks[-1],
            )
            return Place(dict(enumerate((self.blocks.entry, *outputs))), self.shape[-1])
        parts = self.parts.get("mlp" if site.kind == "mlp" else "attention", {})
        if not parts:
            raise ModelError(
                f"No {site.name!r} was found in the blocks {self.blocks.pattern!r} of this model. They hold: "
                f"{self._seen(self.blocks.blocks[0].module) or 'nothing'}. Name the modules to take: modules('...')."
            )
        wrong = next((part.wrong for part in parts.values() if part.wrong), "")
        if wrong:
            raise ModelError(f"{site.name!r} cannot be taken of this model. {wrong}")
        if site.kind == "head":
            return self._head(site, parts)
        taps = {layer: part.call.tap() for layer, part in parts.items()}
        return Place(taps, self.shape[-1], sums={layer: part.sum for layer, part in parts.items()})

    def _one_per_token(self, tensor: torch.Tensor | None, width: int) -> bool:
        """Whether a tensor is (1, T, width), or (T, width)."""
        return tensor is not None and tuple(tensor.shape) in ((*self.shape[:2], width), (self.shape[1], width))

    def _head(self, site: Site, parts: Mapping[int, Part]) -> Place:
        calls = [part.projection for part in parts.values()]
        first, inner = calls[0], calls[0].input
        total = 0 if inner is None else int(inner.shape[-1])
        even = bool(self.n_heads) and total % self.n_heads == 0
        if not even or not all(call.leaf and self._one_per_token(call.input, total) for call in calls):
            raise ModelError(
                f"The attention of this model cannot be cut into heads: {first.module!r} reads {total} "
                f"features and the config names {self.n_heads or 'no'} heads. Take `attention`, or modules('...')."
            )
        # A gated delta rule beside softmax attention has heads of its own, of which the config's number says nothing.
        kinds = dict.fromkeys(call.kinds[-2] for call in calls if len(call.kinds) > 1)
        if len(kinds) > 1:
            raise ModelError(
                f"The blocks of this model have attention of several kinds, {', '.join(kinds)}, and its config names "
                f"{self.n_heads} heads for one of them. Take `attention`, or modules('...')."
            )
        if site.number >= self.n_heads:
            raise ModelError(f"There is no head {site.number}: this model's blocks have heads 0 to {self.n_heads - 1}.")
        width = total // self.n_heads
        taps = {layer: part.projection.tap("input") for layer, part in parts.items()}
        return Place(taps, width, site.number * width)

    def _matching(self, site: Site) -> Place:
        named = [c for c in self.calls if fnmatch.fnmatchcase(c.module, site.pattern)]
        # `*` stands for one name between dots, as in a path of files.
        named = [c for c in named if c.module.count(".") == site.pattern.count(".")]
        if not named:
            raise ModelError(f"No module is called {site.pattern!r}. There are: {self._seen('')}.")
        width = named[0].output.shape[-1] if named[0].output is not None and named[0].output.ndim else 0
        odd = next((c for c in named if not self._one_per_token(c.output, width)), None)
        if odd is not None:
            shape = None if odd.output is None else tuple(odd.output.shape)
            raise ModelError(
                f"The modules {site.pattern!r} must all give one state per token, (1, {self.shape[1]}, {width}), but "
                f"{odd.module!r} gives {shape or 'no tensor'}."
            )
        return Place({layer: call.tap() for layer, call in enumerate(named, 1)}, width)

    def _seen(self, inside: str) -> str:
        """Names of modules for a message, each with its numbers left out."""
        names = [c.module[len(inside) :].lstrip(".") for c in self.calls if c.module.startswith(inside)]
        names = list(dict.fromkeys(re.sub(r"\b\d+\b", "*", name) for name in names if name))
        return ", ".join(names[:24]) + (", ..." if len(names) > 24 else "")


def learned(calls: Sequence[Call], blocks: Blocks | None, shape: tuple[int, ...], n_heads: int) -> Sites:
    """The sites of a model, from every call of one forward pass of one text; its tensors are not kept."""
    shapes = {id(call): replace(call, input=_shape(call.input), output=_shape(call.output)) for call in calls}

    def bare(part: Part) -> Part:
        call, projection, named = (shapes[id(c)] for c in (part.call, part.projection, part.named))
        return replace(part, call=call, projection=projection, named=named)

    parts = {} if blocks is None else summed(calls, blocks, shape)
    bared = {kind: {layer: bare(part) for layer, part in layers.items()} for kind, layers in parts.items()}
    return Sites(list(shapes.values()), blocks, shape, n_heads, bared)


def _shape(tensor: torch.Tensor | None) -> torch.Tensor | None:
    """A tensor's shape, without its numbers."""
    return None if tensor is None else tensor.to("meta")
