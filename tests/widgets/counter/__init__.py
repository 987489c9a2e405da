"""A counter, built from the kit alone: a job that is started and stopped, with progress. It proves the kit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from probewidgets.errors import WidgetError
from probewidgets.widgets.kit.checks import in_words
from probewidgets.widgets.kit.linker import linked
from probewidgets.widgets.kit.messages import Message, hears
from probewidgets.widgets.kit.progress import Progress
from probewidgets.widgets.kit.runners import Job, OneAtATime
from probewidgets.widgets.kit.saved import Saved


class Counter(Progress, Saved):
    """Counts to a number, calling `step` with each; what that raises is shown."""

    _title = "Counter"
    _esm, _css = linked(Path(__file__).with_name("view.js"))

    def __init__(self, step: Callable[[int], object]) -> None:
        self.step, self.count, self.error = step, 0, ""
        self.runner = OneAtATime(self._work, self._done, self._failed, self._follow)
        super().__init__()
        self._publish()

    @hears("start", to=int)
    def _on_start(self, message: Message, to: int) -> None:
        if not self.runner.submit(to):
            raise WidgetError("It counts already: stop it first.")
        self._question(message)

    @hears("stop")
    def _on_stop(self, message: Message) -> None:
        self.runner.cancel()

    def _work(self, job: Job[int]) -> int:
        for number in range(1, job.request + 1):
            job.check()
            self.step(number)
            self._report(number, job.request, f"counted {number}")
        return job.request

    def _done(self, job: Job[int], count: int) -> None:
        self.count, self.error = count, ""

    def _failed(self, job: Job[int], error: BaseException) -> None:
        self.error = in_words(error)

    def _follow(self) -> None:
        if not self.runner.busy:
            self._answered = self._heard
            self._no_progress()
        self._publish()

    def _payload(self) -> dict[str, Any]:
        return {"count": self.count, "error": self.error, "running": self.runner.busy}

    def _tables(self) -> str:
        return f"<p>Count: {self.count}</p>"

    def _plain(self) -> str:
        return f"Count: {self.count}"

    def close(self) -> None:
        self.runner.stop()
        super().close()
