"""Parts: which call inside of a block is its attention, and which its MLP, by names and classes of modules.

The attention output is what the last matrix product inside of a module gives whose name or class says attention, the
MLP output what the last one gives in a module that says so, or else beside the attention; or with experts, all of them
together. Names may mislead: `sums` holds what they say against what the block does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from probewidgets.models.taps import Blocks, Call

__all__ = ["Part", "inside", "one_per_token", "projection", "role"]

_MLP = ("mlp", "ffn", "feed_forward", "feedforward", "expert", "moe")
# Of classes the ending: many begin with the name of their family, such as QwenMoeAttention.
_MLP_CLASS = re.compile(r"(mlp|ffn|feedforward|experts?|moe|moeblock)$")
_RECURRENT = ("mixer", "mamba", "ssm", "temporal")


@dataclass(frozen=True, eq=False)
class Part:
    """A block's attention or MLP."""

    call: Call
    """What gives it."""
    projection: Call
    """The last matrix product in it: of attention, what reads the heads."""
    named: Call
    """What its name says it is."""
    sum: str = ""
    """Whether the parts of its block add up to what the block does."""
    wrong: str = ""
    """Why it is not what the block adds, and the way out; empty where it is, or nobody can tell."""


def inside(calls: Sequence[Call], blocks: Blocks) -> list[list[Call]]:
    """The calls of each block, in order; the last is the block itself."""
    ends = {(tap.module, tap.call) for tap in blocks.blocks}
    parts: list[list[Call]] = [[]]
    prefix = re.compile(re.escape(blocks.pattern).replace(r"\*", r"\d+") + r"(\.|$)")
    for call in calls:
        if prefix.match(call.module):
            parts[-1].append(call)
        if (call.module, call.number) in ends:
            parts.append([])
    return parts[:-1]


def projection(kind: str, part: Sequence[Call], depth: int, shape: Sequence[int]) -> Call | None:
    """The call that is the `"attention"` or `"mlp"` of one block, by its name.

    Args:
        kind: Which.
        part: The calls inside of the block.
        depth: How many parts the block's own name has.
        shape: (1, T, D) of a state.
    """
    roles = {id(call): role(call, depth) for call in part}
    fits = [call for call in part if one_per_token(call.output, shape) and roles[id(call)] == kind]
    if kind == "mlp" and not any(call.leaf for call in part if roles[id(call)] == "mlp"):
        fits = [call for call in part if one_per_token(call.output, shape) and roles[id(call)] in ("mlp", "other")]
    products = [call for call in fits if call.leaf]
    experts = [call for call in fits if "expert" in call.module]
    # A router's own product is none of the MLP: behind it come the experts.
    last = (
        experts[-1:] if products and experts and part.index(experts[-1]) > part.index(products[-1]) else products[-1:]
    )
    if products and "expert" not in last[0].module:
        return products[-1]
    if kind != "mlp":
        return None
    # Experts are often one parameter for all, or one of them is shared: what they give together is the site.
    above = last[0].module.partition("expert")[0].rpartition(".")[0] if last else ""
    whole = [c for c in fits if (c.module == above if above else c.module.count(".") == depth)]
    return next((call for call in reversed(whole) if not _is_norm(call.module)), None)


def role(call: Call, depth: int) -> str:
    """The part of a block that a call belongs to, by the modules in its block that lead to it; names before classes.

    Returns:
        `"attention"`; `"mlp"`; `"other"` where nothing says; or nothing for the attention of a decoder to its encoder
        (`encoder_attn`, `EncDecAttention`, `crossattention`), and for a state-space or recurrent part.
    """
    names = [part.lower() for part in call.module.split(".")[depth:]]
    kinds = [kind.lower() for kind in call.kinds[depth:]]
    if any("att" in name and ("enc" in name or "cross" in name) for name in names):
        return ""
    if any("att" in name for name in names):
        return "attention"
    if any(word in name for name in names for word in _MLP):
        return "mlp"
    if any("att" in kind for kind in kinds):
        return "attention"
    if any(_MLP_CLASS.search(kind) for kind in kinds):
        return "mlp"
    return "" if any(word in name for name in names for word in _RECURRENT) else "other"


def one_per_token(tensor: torch.Tensor | None, shape: Sequence[int]) -> bool:
    """Whether a tensor is (1, T, D), or (T, D)."""
    return tensor is not None and tuple(tensor.shape) in (tuple(shape), tuple(shape[1:]))


def _is_norm(name: str) -> bool:
    return "norm" in name.lower() or "_ln" in name.lower() or "ln_" in name.lower()
