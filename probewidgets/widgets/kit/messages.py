"""What a widget hears: the kinds of messages that its page may send, with the fields of each and their types.

    @hears("count", to=int)
    def _on_count(self, message, to): ...

Whatever a page sends is untrusted: what the table does not have is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any, NamedTuple, TypeAlias, TypeVar

from probewidgets.errors import WidgetError, clipped

__all__ = ["Hearing", "Message", "envelope", "hearings_of", "hears"]

Method = TypeVar("Method", bound=Callable[..., None])
Kind: TypeAlias = type | UnionType
"""What a field may be: `int`, `str | None`."""

LONGEST_NAME = 64
"""Characters of a page's name."""


class Message(NamedTuple):
    """Who said something, and its number there."""

    kind: str
    seq: int
    client: str


@dataclass(frozen=True)
class Hearing:
    """One kind of messages."""

    kind: str
    required: Mapping[str, Kind]
    optional: Mapping[str, Kind]
    queued: bool
    """Whether the page sends all of them, in their order; otherwise the newest replaces those that wait."""
    method: str
    """Name of the widget's method that obeys."""

    def fields(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a message of this kind.

        Raises:
            WidgetError: One is missing, unknown, or of another type.
        """
        fields = {name: value for name, value in content.items() if name not in Message._fields}
        types = {**self.required, **self.optional}
        if set(fields) - set(types):
            raise WidgetError(f"{self.kind!r} has no {sorted(set(fields) - set(types))}: its fields are {list(types)}.")
        if set(self.required) - set(fields):
            raise WidgetError(f"{self.kind!r} needs {sorted(set(self.required) - set(fields))}.")
        for name, value in fields.items():
            if not _is(value, types[name]):
                raise WidgetError(f"{name} must be {_named(types[name])}, but {clipped(value)} came.")
        return fields


def hears(
    kind: str,
    /,
    *,
    queued: bool = False,
    maybe: Mapping[str, Kind] | None = None,
    **fields: Kind,
) -> Callable[[Method], Method]:
    """Declare that a method of a widget obeys a kind of messages; it is called with the Message and its fields.

    Args:
        kind: Its name.
        queued: Whether the page sends all messages of this kind, one after the other. If not, the newest wins: it
            replaces those that still wait, whose other fields it takes along.
        maybe: Fields that may be missing, with their types.
        fields: Fields that must be there, with their types.
    """

    def mark(method: Method) -> Method:
        method._hearing = Hearing(kind, fields, maybe or {}, queued, method.__name__)  # type: ignore[attr-defined]
        return method

    return mark


def hearings_of(widget: type) -> dict[str, Hearing]:
    """All that a class of widgets hears, by kind; what a subclass declares goes before."""
    methods = (method for base in reversed(widget.__mro__) for method in vars(base).values())
    hearings = (getattr(method, "_hearing", None) for method in methods)
    return {hearing.kind: hearing for hearing in hearings if isinstance(hearing, Hearing)}


def envelope(content: object) -> Message | None:
    """Who says what, however odd that is; None where nobody is named to whom one could answer."""
    if not isinstance(content, dict):
        return None
    kind, seq, client = (content.get(name) for name in Message._fields)
    if not isinstance(client, str) or len(client) > LONGEST_NAME or type(seq) is not int:
        return None
    return Message(kind if isinstance(kind, str) else "", seq, client)


def _is(value: object, kind: Kind) -> bool:
    """Whether a value is of a type; True and False are no numbers, and where a number will do, a whole one does."""
    if isinstance(value, bool):
        return kind is object or (isinstance(value, kind) and bool in _members(kind))
    return isinstance(value, kind) or (isinstance(value, int) and float in _members(kind))


def _members(kind: Kind) -> tuple[type, ...]:
    return kind.__args__ if isinstance(kind, UnionType) else (kind,)


def _named(kind: Kind) -> str:
    return " or ".join("nothing" if each is type(None) else each.__name__ for each in _members(kind))
