"""ProbeErrors: what is given for what, the sentences behind it, and the slices of the test set that go worst."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from probewidgets.errors import WidgetError
from probewidgets.sweeps.results import Sweep
from probewidgets.widgets.errors import payload
from probewidgets.widgets.errors.choices import CHOICES
from probewidgets.widgets.errors.opening import Opening
from probewidgets.widgets.errors.saved import MAYBE, SavedErrors
from probewidgets.widgets.errors.terms import terms
from probewidgets.widgets.explorer.terms import subject
from probewidgets.widgets.kit.checks import in_words, refuse_unknown
from probewidgets.widgets.kit.linker import linked
from probewidgets.widgets.kit.messages import Message, hears
from probewidgets.widgets.reading.linking import Tied

if TYPE_CHECKING:
    from probewidgets.captures.activations import Activations
    from probewidgets.widgets.explorer.widget import ProbeExplorer

__all__ = ["ProbeErrors"]

_log = logging.getLogger(__name__)


class ProbeErrors(SavedErrors, Opening, Tied):
    """The errors of a layer's probe on test: the confusion, the sentences behind each cell, and the worst slices.

    A click on a cell lists the sentences behind it, with the words in place; on a label's head those of its row or
    column. A row that is chosen is `selected`, and can be opened in an explorer: see `open_in`.

    Of numbers the grid has bins of true ones against bins of predicted ones, the list their residuals (predicted -
    true), and slices their mean absolute errors.

    Args:
        sweep: A sweep of a task with one label, or one number, per target.
        acts: The Activations that it was made with: a sweep keeps neither sentences nor states.
        layer: The layer; default: the one that the sweep chose on dev.
        cell: What is listed: (gold, given), of which either may be None for any.
        slice: The slice that is listed, `("word type", "that")`: see `slices()`.
        wrong: Whether only errors are listed, where the cell does not say it; numbers are none, and all listed.
        sort: `"confidence"` (the surest first; of numbers `"residual"`, the farthest off, or `"signed"`, what is most
            too high), `"frequency"` (the commonest word in training first), `"seen"` (words that training never showed
            first), or `"text"` (as the corpus has them); None: the first of these.
        reverse: The other way round.
        selected: The target under inspection: its row in `to_frame()`.
        explorer: A ProbeExplorer in which examples are opened.
        layout: An `ipywidgets.Layout`.

    Raises:
        TypeError: A keyword that it does not know.
        ProbeError: The sweep's answers are not one label or number each, or `acts` are missing, or not those of the
            sweep.
        WidgetError: A layer, label, slice, order or target that there is not, or a layer that cannot be shown.

    Cost: about 0.5 s for 25,000 words.
    """

    _title = "Probe errors"
    _esm, _css = linked(Path(__file__).with_name("view.js"))
    _tied = ("layer", "label")

    error = traitlets.Unicode("", read_only=True, help="What the probe of the layer raised; empty if nothing.")

    def __init__(
        self,
        sweep: Sweep,
        acts: Activations | None = None,
        *,
        layer: int | None = None,
        cell: tuple[str | None, str | None] | None = None,
        slice: tuple[str, str] | None = None,  # noqa: A002 - the name of the trait
        wrong: bool = True,
        sort: str | None = None,
        reverse: bool = False,
        selected: int | None = None,
        explorer: ProbeExplorer | None = None,
        layout: Any = None,
        **unknown: Any,
    ) -> None:
        refuse_unknown(type(self), unknown)
        self._hold(sweep, acts)
        super().__init__(layout=layout)
        with self._or_closed():
            with self._quietly():
                self.layer = sweep.best.layer if layer is None else layer
                self.cell, self.slice, self.wrong, self.sort, self.reverse = cell, slice, wrong, sort, reverse
                self.selected, self.explorer = selected, explorer
            self._show()

    # ------------------------------------------------------------------ kernel -> page

    def _show(self) -> None:
        """List what is chosen, and send it."""
        with self._lock:
            self._relist()
            self._publish()
            self.set_trait("error", self._told.error)

    def _payload(self) -> dict[str, Any]:
        sweep, layer, screen = self.sweep, self.layer, self._screen
        return {
            "title": self._title,
            "about": subject(sweep),
            "terms": terms(screen),
            "unit": sweep.unit,
            "layers": list(sweep.layers),
            "scores": [payload.estimate(score.value) for score in sweep.scores],
            "best": sweep.best.layer,
            "chosen": sweep.chosen,
            "summary": screen.summary(layer),
            "slices": payload.encode_slices(screen, self._slice_table, layer),
            "of": self._choices(),  # what this view is of: the page may have chosen something else by now
            "list": {"key": self._lists, "total": len(self._order), **self._rows(0)},
            "detail": self._detail(),
            "opens": self.explorer is not None and self.explorer.comm is not None,
            "error": self._told.error,  # also what the detail has met with
            "traceback": self._told.traceback,
            **screen.facts(),
            **payload.encode_counts(screen, layer),
        }

    def _detail(self) -> dict[str, Any] | None:
        """The selected target in full."""
        if self.selected is None:
            return None
        proba = self._distribution(self.selected)
        return payload.encode_detail(self._screen, self.layer, self.selected, proba)

    @traitlets.observe(*CHOICES, "explorer")
    def _choice_changed(self, change: Any) -> None:
        if change.name == "layer":
            self._forget_failures()
        if not self._silent:
            self._show()

    # ------------------------------------------------------------------ page -> kernel

    @hears("choose", maybe=MAYBE)
    def _on_choose(self, message: Message, **choices: Any) -> None:
        """What is listed, and which of it is selected; what does not fit, or is interrupted, changes nothing."""
        with self._lock, self._by(message), _or_refused():
            before = self._choices()
            try:
                self._choose(choices)
                self._relist()
            except BaseException:
                self._choose(before)
                raise
            finally:
                self._show()

    @hears("rows", start=int, key=int)
    def _on_rows(self, message: Message, start: int, key: int) -> None:
        """Rows that the page scrolls to; those of an older list it does not want any more."""
        with self._lock, _or_refused():
            if key != self._lists or not 0 <= start < max(len(self._order), 1):
                return
            content = {"kind": "rows", "seq": message.seq, "client": message.client, "key": key, **self._rows(start)}
        self.send(content)

    @hears("open", target=int)
    def _on_open(self, message: Message, target: int) -> None:
        """An example that is to be shown in the explorer."""
        with self._by(message), _or_refused():
            self.show_in_explorer(target)

    def __repr__(self) -> str:
        return (
            f"ProbeErrors({self.sweep.task!r}: {self._screen.counted(self.layer)} at layer {self.layer} of "
            f"{list(self.sweep.layers)}, {len(self._order):,} listed)"
        )


@contextmanager
def _or_refused() -> Iterator[None]:
    """Whatever goes wrong is told to the page, which else would wait for an answer that never comes."""
    try:
        yield
    except WidgetError:
        raise
    except KeyboardInterrupt:
        raise WidgetError("The kernel was interrupted before this was done: choose it again.") from None
    except Exception as error:
        _log.exception("a message of a page could not be obeyed")
        raise WidgetError(in_words(error)) from error
