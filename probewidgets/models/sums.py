"""Sums: whether what is called a block's attention and its MLP is what the block adds to the stream.

The rule. Names of modules may mislead, and sums do not: in most families a block gives

    y = s x + a f(attention) + b g(MLP) + what else it adds (an attention to an encoder, a state space, ...)

of what it reads, x, with constants s, a, b (residual multipliers), and f, g either nothing or a norm behind the branch.
The constants are fitted by least squares to one short text, hundreds of numbers for a handful of unknowns, so that it
fits to rounding or not at all.

- It fits, and every part is needed: the parts are what the block adds.
- It does not fit, and does with another tensor of the block in the place of one that is not needed: that one is taken.
- It fits only with more of the kind (routed experts beside shared ones, a second attention), or a part is not needed
  and nothing is in its place: the part is not what the block adds, and is refused, with the way out.
- No tensors of the block fit, as where a norm follows the sum (BERT): then each part is looked for by itself, as what
  is added to one tensor of the block to make another, such as the one that the norm reads. Else it is not checked.

It is done when a model is loaded: there the tensors of one short text are at hand, so that it costs no forward pass,
and some milliseconds for each block; later, another pass would be needed, of a model that may have been given hooks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import torch

from probewidgets.models.parts import Part, inside, one_per_token, projection, role
from probewidgets.models.taps import Blocks, Call, pattern

__all__ = ["NOT_CHECKED", "summed"]

NOT_CHECKED = "not checked: what the block gives is no sum of what it reads and of tensors in it"
_KINDS = ("attention", "mlp")
_ROUNDINGS = 2
"""How far a sum may lie from what it should be, on average, in roundings of its terms."""
_PLAIN = 32
"""How much larger than that a part must be, for it to be plain that a sum does without it."""


def summed(calls: Sequence[Call], blocks: Blocks, shape: Sequence[int]) -> dict[str, dict[int, Part]]:
    """The attention and the MLP of every block that has one, held against what the block does.

    Args:
        calls: All calls of one forward pass of one text, with their tensors.
        blocks: The blocks among them.
        shape: (1, T, D) of a state.
    """
    depth = blocks.pattern.count(".") + 1
    parts: dict[str, dict[int, Part]] = {kind: {} for kind in _KINDS}
    for layer, (*part, whole) in enumerate(inside(calls, blocks), 1):
        named = {kind: projection(kind, part, depth, shape) for kind in _KINDS}
        for kind, checked in _checked(part, whole, named, depth, shape).items():
            parts[kind][layer] = checked
    for layers in parts.values():
        layers.update(_like_the_others(layers, calls, shape))
    return parts


def _like_the_others(layers: Mapping[int, Part], calls: Sequence[Call], shape: Sequence[int]) -> dict[int, Part]:
    """Parts that were not checked, and in other blocks were found to be another module: that one here too."""
    other = {pattern(part.named.module): part.call for part in layers.values() if part.named is not part.call}
    moved = {}
    for layer, part in layers.items():
        if part.sum == NOT_CHECKED and pattern(part.named.module) in other:
            ours, theirs = part.call.module, other[pattern(part.named.module)].module
            name = ".".join(ours.split(".")[: theirs.count(".") + 1])
            call = next((c for c in calls if c.module == name and c.number == part.call.number), None)
            if call is not None and one_per_token(call.output, shape) and pattern(name) == pattern(theirs):
                moved[layer] = replace(part, call=call)
    return moved


def _checked(
    part: Sequence[Call], whole: Call, named: Mapping[str, Call | None], depth: int, shape: Sequence[int]
) -> dict[str, Part]:
    """Each of the parts of one block that are there, with what is known of it."""
    own = {kind: call for kind, call in named.items() if call is not None}
    parts = {kind: Part(call, call, call, NOT_CHECKED) for kind, call in own.items()}
    if not one_per_token(whole.input, shape):
        return parts
    around = [call for call in part if one_per_token(call.output, shape)]
    equation = _Equation(whole, around, list(own.values()))
    for columns in product(*(_with_norms(call, around) for call in own.values())):
        if own and equation.needs_all(columns):
            told = [_told(equation, call, column) for call, column in zip(own.values(), columns, strict=True)]
            return {kind: replace(parts[kind], sum=text) for kind, text in zip(own, told, strict=True)}
    terms = equation.terms(around, own.values())
    if terms is not None:
        return _sorted_out(equation, terms, parts, around, depth)
    return {kind: replace(part, sum=_step(whole, around, part.call, shape)) for kind, part in parts.items()}


def _step(whole: Call, around: Sequence[Call], call: Call, shape: Sequence[int]) -> str:
    """Whether a part is what makes of one tensor of the block another: what a module reads, or the block gives."""
    wide = [other for other in around if not other.leaf and one_per_token(other.input, shape)]
    streams = [replace(whole, output=whole.input), *(replace(c, output=c.input) for c in wide), *wide]
    given = [whole.input, *(other.output for other in around)]
    sums = [c for c in (replace(c, output=c.input) for c in wide) if not any(_equal(c.output, g) for g in given)]
    for after in [*sums, whole]:
        for before in streams:
            equation = _Equation(replace(whole, input=before.output, output=after.output), [], [call])
            if not _equal(before.output, after.output) and equation.needs_all([call]):
                how = _told(equation, call, call)
                return how if after is whole else f"{how}, before {after.module.rpartition('.')[2]!r}"
    return NOT_CHECKED


def _sorted_out(
    equation: _Equation, terms: Sequence[Call], parts: dict[str, Part], around: Sequence[Call], depth: int
) -> dict[str, Part]:
    """The parts of a block of which it is known which tensors it adds up."""
    for kind in _KINDS:
        part = parts.get(kind)
        behind = [] if part is None else _with_norms(part.call, around)
        own = next((term for term in terms if part and any(_same(term, call) for call in behind)), None)
        like = [term for term in terms if term is not own and role(term, depth) == kind]
        if part is not None and own is not None and not like:
            parts[kind] = replace(part, sum=_told(equation, part.call, own))
        elif own is None and len(like) == 1:
            # The whole of the module: of a short text all tokens may go to one expert.
            equals = [call for call in around if role(call, depth) == kind and _same(call, like[0])]
            call = min(equals, key=lambda call: call.module.count("."))
            parts[kind] = Part(call, call, part.named if part else call, _told(equation, like[0], like[0]))
        elif part is not None and (own is not None or equation.is_plain(part.call)):
            like = [term for term in terms if role(term, depth) == kind]
            others = [term for term in terms if term not in like]
            parts[kind] = replace(part, wrong=_wrong(equation, part.call, others, like))
    return parts


def _wrong(equation: _Equation, call: Call, others: Sequence[Call], like: Sequence[Call]) -> str:
    """Why a part is not what its block adds, where that is the sum of others, and of some like it."""
    block = equation.whole
    adding = [term for term in like if not _same(term, call)]
    if len(adding) < len(like):
        what = f"only a part of what its block adds: {_names(adding)} adds to it"
        gap = f"Without that {equation.gap([call, *others]):.0%} of what {block!r} makes of the states of a short text"
    else:
        what = f"not what its block adds, which is the sum of {_names([*others, *like])}"
        gap = f"With it alone {equation.gap([call]):.0%} of what {block!r} makes of the states of a short text"
    example = (adding or others or [call])[0].module.replace(block, pattern(block), 1)
    return (
        f"By its name it is the output of {call.module!r}, which is {what}. {gap} is left over. Name the modules that "
        f"you mean: modules({example!r})."
    )


def _names(calls: Sequence[Call]) -> str:
    return ", ".join(repr(call.module) for call in calls)


def _told(equation: _Equation, call: Call, column: Call) -> str:
    how = "it adds up" if _same(call, column) else f"it adds up behind {column.module.rpartition('.')[2]!r}"
    factor = equation.factor(column)
    return how if abs(factor - 1) < 1e-3 else f"{how}, times {factor:.3g}"


def _with_norms(call: Call, around: Sequence[Call]) -> list[Call]:
    """What a part gives; and what something gives that reads nothing else, such as a norm behind it."""
    return [call, *(other for other in around if not other.leaf and _equal(other.input, call.output))]


@dataclass(frozen=True, eq=False)
class _Column:
    call: Call
    numbers: torch.Tensor


class _Equation:
    """What a block gives as a sum of what it reads and of tensors in it; every row in units of its largest term."""

    def __init__(self, whole: Call, around: Sequence[Call], own: Sequence[Call]) -> None:
        assert whole.input is not None and whole.output is not None
        self.whole = whole.module
        x, y = _flat(whole.input), _flat(whole.output)
        self._scale = (x.abs() + y.abs() + sum(_flat(call.output).abs() for call in own)).clamp(min=1e-30)
        self._x, self._y = x / self._scale, y / self._scale
        self._tolerance = _ROUNDINGS * torch.finfo(whole.output.dtype).eps
        self._columns: list[_Column] = []
        for call in [*own, *around]:
            numbers = self._numbers(call)
            others = (self._x, self._y, *(column.numbers for column in self._columns))
            if numbers.isfinite().all() and not any(torch.equal(numbers, other) for other in others):
                self._columns.append(_Column(call, numbers))
        self._factors: dict[int, float] = {}

    def _left(self, columns: Sequence[torch.Tensor]) -> tuple[float, torch.Tensor]:
        """How much of y no multiples of x and the columns make up, on average over its rows; and the multiples."""
        matrix = torch.stack([self._x, *columns], 1)
        if not (matrix.isfinite().all() and self._y.isfinite().all()):  # weights that a checkpoint lacks are NaN here
            return float("inf"), matrix.new_zeros(matrix.shape[1])
        factors = torch.linalg.lstsq(matrix, self._y[:, None], driver="gelsd").solution[:, 0]
        return float((self._y - matrix @ factors).square().mean().sqrt()), factors

    def _numbers(self, call: Call) -> torch.Tensor:
        return _flat(call.output) / self._scale

    def needs_all(self, calls: Sequence[Call]) -> bool:
        """Whether x and these, each of which is needed, add up to y."""
        columns = [self._numbers(call) for call in calls]
        left, factors = self._left(columns)
        if not left <= self._tolerance:
            return False
        sizes = [float((f * c).square().mean().sqrt()) for f, c in zip(factors, [self._x, *columns], strict=True)]
        if min(sizes) <= self._tolerance:
            return False
        self._factors = {id(call): float(factor) for call, factor in zip(calls, factors[1:], strict=True)}
        return True

    def terms(self, around: Sequence[Call], own: Iterable[Call]) -> list[Call] | None:
        """A smallest set of the block's tensors that add up to y with x, its own parts among them where they can be.

        None where all of them together do not add up; or too many are there, so that anything would.
        """
        last = {id(call) for call in own}
        deepest = sorted(around, key=lambda call: -call.module.count("."))
        # Without what is inside of others first; or where that leaves streams that hold x already, the other way round.
        for order in (deepest, deepest[::-1]):
            calls = self._fewest(sorted(order, key=lambda call: id(call) in last))
            if calls is None or self.needs_all(calls):
                return calls
        return None

    def _fewest(self, order: Sequence[Call]) -> list[Call] | None:
        kept = self._columns
        if 3 * (len(kept) + 1) > len(self._y) or self._left([c.numbers for c in kept])[0] > self._tolerance:
            return None
        for call in order:
            fewer = [column for column in kept if column.call is not call]
            if len(fewer) < len(kept) and self._left([c.numbers for c in fewer])[0] <= self._tolerance:
                kept = fewer
        return [column.call for column in kept]

    def is_plain(self, call: Call) -> bool:
        """Whether a tensor is so large that it would be seen if it were among the terms."""
        return float(self._numbers(call).square().mean().sqrt()) > _PLAIN * self._tolerance

    def factor(self, call: Call) -> float:
        """What a tensor is multiplied by, in the sum that was found last."""
        return next((f for n, f in self._factors.items() if n == id(call)), 1.0)

    def gap(self, calls: Sequence[Call]) -> float:
        """How much of what the block changes is left over, at best, with these alone, as a share."""
        left, _ = self._left([self._numbers(call) for call in calls])
        return left / float((self._y - self._x).square().mean().sqrt())


def _flat(tensor: torch.Tensor | None) -> torch.Tensor:
    assert tensor is not None
    return tensor.detach().cpu().double().reshape(-1)


def _same(a: Call, b: Call) -> bool:
    return a is b or _equal(a.output, b.output)


def _equal(a: torch.Tensor | None, b: torch.Tensor | None) -> bool:
    if a is None or b is None or a.numel() != b.numel() or a.dtype != b.dtype:
        return False
    return torch.equal(a.reshape(-1), b.reshape(-1).to(a.device))  # the parts of a model may lie on several devices
