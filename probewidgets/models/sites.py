"""Sites: where in a block a state is taken. Values: `pw.sites.residual`, `pw.sites.head(3)`, ...

What a site is in a particular model is found in its module tree: the attention output is what the last matrix product
inside of a module gives whose name or class says attention, the MLP output what the last one beside it gives, or with
experts, all of them together.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from probewidgets.errors import ModelError
from probewidgets.models.taps import Blocks, Call, Tap

__all__ = ["Place", "Site", "Sites", "attention", "block", "head", "mlp", "modules", "named", "residual"]


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
        projections = {layer: self._projection(site, part) for layer, part in enumerate(self._parts(), 1)}
        taps = {layer: call.tap() for layer, call in projections.items() if call is not None}
        if not taps:
            raise ModelError(
                f"No {site.name!r} was found in the blocks {self.blocks.pattern!r} of this model. They hold: "
                f"{self._seen(self.blocks.blocks[0].module) or 'nothing'}. Name the modules to take: modules('...')."
            )
        if site.kind != "head":
            return Place(taps, self.shape[-1])
        return self._head(site, [call for call in projections.values() if call is not None], list(taps))

    def _parts(self) -> list[list[Call]]:
        """The calls inside of each block, in order."""
        assert self.blocks is not None
        ends = {(tap.module, tap.call) for tap in self.blocks.blocks}
        parts: list[list[Call]] = [[]]
        prefix = re.compile(re.escape(self.blocks.pattern).replace(r"\*", r"\d+") + r"\.")
        for call in self.calls:
            if prefix.match(call.module):
                parts[-1].append(call)
            if (call.module, call.number) in ends:
                parts.append([])
        return parts[:-1]

    def _projection(self, site: Site, part: Sequence[Call]) -> Call | None:
        """The call whose output is the site (for a head: whose input holds it) in one block."""
        assert self.blocks is not None
        inside = self.blocks.pattern.count(".") + 1
        role = "mlp" if site.kind == "mlp" else "attention"
        fits = [c for c in part if self._one_per_token(c.output, self.shape[-1]) and _role(c, inside) == role]
        products = [call for call in fits if call.leaf]
        if products and "expert" not in products[-1].module:
            return products[-1]
        if site.kind != "mlp":
            return None
        # Experts are often one parameter for all, or one of them is shared: what they give together is the site.
        above = products[-1].module.partition("expert")[0].rpartition(".")[0] if products else ""
        whole = [c for c in fits if (c.module == above if above else c.module.count(".") == inside)]
        return next((call for call in reversed(whole) if not _is_norm(call.module)), None)

    def _one_per_token(self, tensor: torch.Tensor | None, width: int) -> bool:
        """Whether a tensor is (1, T, width), or (T, width)."""
        return tensor is not None and tuple(tensor.shape) in ((*self.shape[:2], width), (self.shape[1], width))

    def _head(self, site: Site, projections: Sequence[Call], layers: Sequence[int]) -> Place:
        inner = projections[0].input
        total = 0 if inner is None else int(inner.shape[-1])
        even = bool(self.n_heads) and total % self.n_heads == 0
        if not even or not all(self._one_per_token(call.input, total) for call in projections):
            raise ModelError(
                f"The attention of this model cannot be cut into heads: {projections[0].module!r} reads {total} "
                f"features and the config names {self.n_heads or 'no'} heads. Take `attention`, or modules('...')."
            )
        if site.number >= self.n_heads:
            raise ModelError(f"There is no head {site.number}: this model's blocks have heads 0 to {self.n_heads - 1}.")
        width = total // self.n_heads
        taps = {layer: call.tap("input") for layer, call in zip(layers, projections, strict=True)}
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


def _role(call: Call, inside: int) -> str:
    """The part of a block that a call belongs to, by the names and classes of the modules in its block that lead to it.

    Returns:
        `"attention"`; `"mlp"`; or nothing for the attention of a decoder to its encoder (`encoder_attn`,
        `EncDecAttention`, `crossattention`), and for a state-space or recurrent part.
    """
    names = [part.lower() for part in call.module.split(".")[inside:]]
    words = [*names, *(kind.lower() for kind in call.kinds[inside:])]
    if any("att" in name and ("enc" in name or "cross" in name) for name in names):
        return ""
    if any("att" in word for word in words):
        return "attention"
    recurrent = any(part in name for name in names for part in ("mixer", "mamba", "ssm", "temporal"))
    return "" if recurrent and not any("mlp" in word for word in words) else "mlp"


def _is_norm(name: str) -> bool:
    return "norm" in name.lower() or "_ln" in name.lower() or "ln_" in name.lower()
