from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from probewidgets.captures.windows import windows
from probewidgets.errors import TooLongError
from probewidgets.models.tapped import Encoded


def encoded(body: int, head: int = 1, tail: int = 1) -> Encoded:
    n = head + body + tail
    special = np.array([True] * head + [False] * body + [True] * tail, dtype=bool)
    offsets = np.array([[0, 0]] * head + [[i, i + 1] for i in range(body)] + [[0, 0]] * tail)
    return Encoded({"input_ids": list(range(n))}, offsets, special)


@given(st.integers(1, 200), st.integers(0, 2), st.integers(0, 2), st.integers(8, 40), st.booleans())
def test_every_token_is_read_once_where_it_is_itself(body: int, head: int, tail: int, limit: int, causal: bool) -> None:
    whole = encoded(body, head, tail)
    pieces, place = windows(whole, limit, causal)
    ids = [i for piece in pieces for i in piece.inputs["input_ids"]]
    assert [ids[p] for p in place] == whole.inputs["input_ids"]
    assert all(len(piece) <= limit for piece in pieces)
    for piece in pieces:
        inside = np.array(piece.inputs["input_ids"])[~piece.special]
        assert (np.diff(inside) == 1).all(), "a window is a stretch of the text"
        assert list(piece.special[:head]) == [True] * head


@given(st.integers(30, 200), st.integers(8, 20), st.booleans())
def test_a_token_is_read_where_it_has_most_context(body: int, limit: int, causal: bool) -> None:
    whole = encoded(body)
    pieces, place = windows(whole, limit, causal)
    begins = np.cumsum([0, *map(len, pieces)])

    def context(token: int, piece: int) -> int:
        at = pieces[piece].inputs["input_ids"].index(token) - 1
        return at if causal else min(at, len(pieces[piece]) - 3 - at)

    for token in range(1, body + 1):
        chosen = int(np.searchsorted(begins, place[token], side="right")) - 1
        best = max(context(token, k) for k, piece in enumerate(pieces) if token in piece.inputs["input_ids"])
        assert context(token, chosen) == best


def test_a_text_that_fits_is_one_window() -> None:
    whole = encoded(6)
    pieces, place = windows(whole, 8, False)
    assert pieces == [whole] and list(place) == list(range(8))


def test_no_room_beside_the_special_tokens_is_told() -> None:
    with pytest.raises(TooLongError, match="A window of 3 tokens has no room for text beside 2 special tokens"):
        windows(encoded(9), 3, False)
