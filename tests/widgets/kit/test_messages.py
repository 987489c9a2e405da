"""What a widget hears: declared kinds and fields are obeyed, everything else is refused."""

from __future__ import annotations

from typing import Any

import pytest

from probewidgets.widgets.kit.linked import Linked
from probewidgets.widgets.kit.messages import Message, envelope, hearings_of, hears
from tests.widgets.helpers import said


class Ear(Linked):
    """Notes what it is told."""

    _esm = "export default () => ({})"

    def __init__(self) -> None:
        self.notes: list[Any] = []
        super().__init__()
        self._publish()

    @hears("note", text=str, maybe={"times": int, "share": float, "place": list | None})
    def _on_note(self, message: Message, **fields: Any) -> None:
        self.notes.append((message.kind, message.seq, message.client, fields))

    @hears("step", queued=True)
    def _on_step(self, message: Message) -> None:
        self.notes.append(message.seq)

    def _choices(self) -> dict[str, Any]:
        return {"chosen": 7}


class FinerEar(Ear):
    """Obeys one kind otherwise, and knows another one."""

    def _on_step(self, message: Message) -> None:
        self.notes.append("finer")

    @hears("more")
    def _on_more(self, message: Message) -> None:
        self.notes.append("more")


def tell(ear: Ear, kind: Any, **fields: Any) -> list[Any]:
    return said(ear, {"kind": kind, "seq": 4, "client": "page", **fields})


ACK = {"kind": "ack", "seq": 4, "client": "page"}


@pytest.mark.parametrize("fields", [{}, {"times": 3}, {"share": 0.5, "place": [1, 2]}, {"share": 1, "place": None}])
def test_fields_of_the_declared_types_reach_the_method(fields: dict[str, Any]) -> None:
    ear = Ear()
    assert tell(ear, "note", text="x", **fields) == [ACK]
    assert ear.notes == [("note", 4, "page", {"text": "x", **fields})]


@pytest.mark.parametrize(
    ("kind", "fields", "why"),
    [
        ("shout", {}, "'shout' is not understood here, only ['hello', 'note', 'step']."),
        ("", {}, "'' is not understood here, only ['hello', 'note', 'step']."),
        ("x" * 100, {}, f"'{'x' * 58}… is not understood here, only ['hello', 'note', 'step']."),
        (7, {}, "'' is not understood here, only ['hello', 'note', 'step']."),
        ("_publish", {}, "'_publish' is not understood here, only ['hello', 'note', 'step']."),
        ("note", {}, "'note' needs ['text']."),
        ("note", {"text": 5}, "text must be str, but 5 came."),
        ("note", {"text": "x", "times": True}, "times must be int, but True came."),
        ("note", {"text": "x", "times": 1.5}, "times must be int, but 1.5 came."),
        ("note", {"text": "x", "place": "ab"}, "place must be list or nothing, but 'ab' came."),
        ("note", {"text": "x", "colour": 1, "b": 2},
         "'note' has no ['b', 'colour']: its fields are ['text', 'times', 'share', 'place']."),
    ],
)  # fmt: skip
def test_what_is_not_declared_is_refused_with_a_reason_and_the_choices_are_told_again(
    kind: Any, fields: dict[str, Any], why: str
) -> None:
    ear = Ear()
    assert tell(ear, kind, **fields) == [ACK, {"kind": "refused", "seq": 4, "client": "page", "text": why}]
    assert ear.notes == []
    assert ear._choice == {"chosen": 7, "client": "page", "seq": 4}


def test_a_message_without_a_sender_is_ignored() -> None:
    for content in (None, "note", {}, {"kind": "note"}, {"kind": "note", "seq": True, "client": "p"}):
        assert envelope(content) is None
        assert said(Ear(), content) == []


def test_a_subclass_hears_what_its_base_hears_and_more() -> None:
    ear = FinerEar()
    for kind in ("step", "more"):
        tell(ear, kind)
    tell(ear, "note", text="x")
    assert ear.notes == ["finer", "more", ("note", 4, "page", {"text": "x"})]
    assert sorted(hearings_of(FinerEar)) == ["hello", "more", "note", "step"]


def test_the_page_is_told_which_kinds_are_queued() -> None:
    assert Ear()._view["queued"] == ["step"]


def test_only_so_many_pages_are_remembered() -> None:
    ear = Ear()
    for number in range(100):
        ear._question(Message("note", number, f"page {number}"))
    assert ear._question(Message("note", 500, "page 99")) == {f"page {n}": n for n in range(84, 99)} | {"page 99": 500}
