"""Progress: what is told of long work."""

from __future__ import annotations

from typing import Any

import pytest

from probewidgets.widgets.kit import progress


def test_reports_in_quick_succession_are_left_out_but_never_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(progress.time, "monotonic", lambda: now)
    work = progress.Progress()
    told: list[Any] = []
    work.observe(lambda change: told.append(change.new.get("done")), "_progress")
    for done in range(1, 101):
        now += 0.01
        work._report(done, 100, "counting")
    assert told[0] == 1
    assert told[-1] == 100
    assert 15 < len(told) < 25
    work._no_progress()
    assert told[-1] is None
