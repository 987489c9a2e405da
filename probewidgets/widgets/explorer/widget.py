"""ProbeExplorer: type a sentence and see, live, what the probes of every layer predict for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import traitlets

from probewidgets.errors import WidgetError
from probewidgets.values import Predictions
from probewidgets.widgets.explorer import still
from probewidgets.widgets.explorer.asking import Ask, Asking
from probewidgets.widgets.explorer.examples import checked_examples, examples_for
from probewidgets.widgets.explorer.terms import subject, terms
from probewidgets.widgets.kit.checks import Checked, clean_text, refuse_unknown
from probewidgets.widgets.kit.linker import linked
from probewidgets.widgets.kit.messages import Message, hears
from probewidgets.widgets.kit.static import plural
from probewidgets.widgets.reading.answering import never
from probewidgets.widgets.reading.typed import EXAMPLE, milliseconds

__all__ = ["ProbeExplorer"]


class ProbeExplorer(Asking):
    """Type a text, one sentence per line; see every word's predicted label at every layer; choose what is shown.

    The predictor runs on a thread of its own, so typing never waits: every answer is shown that is newer than the one
    on the screen, and texts between two of them are left out. What it raises is shown and kept in `error`; the last
    good answer stays, and the next text is tried again.

    Args:
        predictor: Any callable `text -> Predictions`. If it takes a keyword `check`, it gets a function to call between
            layers, which raises when the answer is no longer wanted; if it takes a keyword `gold`, there is a check box
            that turns gold labels off. If it has an attribute `sweep` (a Sweep), the
            layer curve and the layers' accuracies are shown.
        text: The first text.
        layer: The active layer; default: the one that the sweep chose on dev, else the last.
        layers: The layers shown; default: all.
        label: The label whose probability is the colour; default: the predicted label.
        colour: What the colour means: `"label"` (the default), `"probability"` together with `label` or, of one label
            per unit, `"entropy"` (bits); of numbers only `"value"`.
        selected: The cell under inspection, (layer, unit index).
        gold: Whether `word/LABEL` in the text is read as a gold label; by default as the predictor does.
        examples: Texts to try, which a button beside the box offers; by default sentences with ambiguous English words,
            where words are probed and the corpus has them; `()` for none.
        debounce: Time from the last key to the question (ms).
        layout: An `ipywidgets.Layout`.

    Raises:
        TypeError: A keyword that it does not know.
        WidgetError: A layer or label that there is not, gold= for a predictor that cannot be asked, or examples= that
            are no list of texts.
    """

    _title = "Probe explorer"
    _esm, _css = linked(Path(__file__).with_name("view.js"))
    _lay = staticmethod(still.picture)

    examples = Checked((), help="Texts to try, which a button beside the box offers.")

    def __init__(
        self,
        predictor: Callable[..., Predictions],
        *,
        text: str = EXAMPLE,
        layer: int | None = None,
        layers: Any = None,
        label: str | None = None,
        colour: str | None = None,
        selected: tuple[int, int] | None = None,
        gold: bool | None = None,
        examples: Iterable[str] | None = None,
        debounce: int = 120,
        layout: Any = None,
        **unknown: Any,
    ) -> None:
        refuse_unknown(type(self), unknown)
        self._debounce = milliseconds(debounce)
        super().__init__(predictor, gold, layout)
        with self._or_closed():
            self._hold(None, getattr(predictor, "sweep", None))
            with self._quietly():
                self.examples = examples_for(self.sweep) if examples is None else examples
                self.text = text
                self._first(self.text)
            self._start(layer=layer, layers=layers, label=label, colour=colour, selected=selected)
            self.predictions = self._shown

    # ------------------------------------------------------------------ Python side

    def compute(self, text: str) -> Predictions:
        """Predict one text now, in this thread, and show it, unless another text is asked for meanwhile.

        Raises:
            WidgetError: The text is no string, or too long.
            Exception: Whatever the predictor raises.
        """
        ask = self._ask_for(clean_text(text))
        answer = self._predict(ask, never)
        with self._lock:
            if self._newest is not ask:
                return answer[0]
            self._runner.cancel()
            with self._quietly():
                self.text = ask.text
            self._take(self._ask_for(ask.text), answer)
        self._follow(answer[0])
        return answer[0]

    def __repr__(self) -> str:
        unit = self.sweep.unit if self.sweep is not None else "word"
        error = f", error {self.error!r}" if self.error else ""
        return (
            f"ProbeExplorer({self._head}: {plural(self._n_units, unit)}, "
            f"layer {self.layer} of {list(self._all_layers)}, "
            f"{self._told_answers}{error})"
        )

    def _tables(self) -> str:
        return still.table(self._shown, self.layer, self.layers, self.sweep)

    def _plain(self) -> str:
        return still.text(repr(self), self.predictions, self.layer)

    # ------------------------------------------------------------------ saved and shown again

    def _state(self) -> dict[str, Any]:
        return super()._state() | ({"gold": self.gold} if "gold" in self._takes else {})

    def _show_text(self, text: str | None, gold: bool | None) -> None:
        """Ask the predictor for a text, unless its answer is here."""
        before = self.gold
        same = gold is None or gold == before or "gold" not in self._takes
        if text is None or (same and self._shown is not None and self._shown.text == text):
            return
        with self._lock, self._quietly():
            self.gold = before if gold is None or "gold" not in self._takes else gold
        try:
            self.compute(text)
        except BaseException:
            with self._lock, self._quietly():
                self.gold = before
            raise

    # ------------------------------------------------------------------ text in

    def _set_text(self, text: str) -> None:
        self.send({"kind": "text", "text": text})
        with self._lock:
            self._runner.submit(self._ask_for(text))

    @traitlets.validate("examples")
    def _valid_examples(self, proposal: Any) -> tuple[str, ...]:
        return checked_examples(proposal.value)

    @traitlets.observe("examples")
    def _examples_changed(self, _: Any) -> None:
        if not self._silent:
            self._publish()

    @traitlets.observe("gold")
    def _gold_changed(self, _: Any) -> None:
        if not self._silent:
            with self._lock:
                self._runner.submit(self._ask_for(self.text))

    @hears("ask", text=str, maybe={"gold": bool})
    def _on_ask(self, message: Message, text: str, gold: bool | None = None) -> None:
        """A text typed in the page, or whether its gold labels are read."""
        text = clean_text(text)
        with self._lock:
            self._question(message)
            try:
                with self._quietly():
                    self.text = text
                    self.gold = self.gold if gold is None else gold
            finally:  # also where somebody's observer of `text` raises: the page waits for an answer
                self._runner.submit(self._ask_for(text))

    def _refuse(self, message: Message, error: WidgetError) -> None:
        if message.kind != "ask":
            super()._refuse(message, error)
            return
        self._fault(Ask(self.text, self._question(message)), error, refused=True)

    def _payload(self) -> dict[str, Any]:
        about = {"about": subject(self.sweep), "terms": terms(self.sweep, self._kind)}
        box = {"text": self.text, "examples": list(self.examples), "debounce": self._debounce}
        return super()._payload() | about | box
