"""ProbeWidget: what all widgets share. One view to the page, checked messages from it, static forms, and an end."""

from __future__ import annotations

import base64
import dataclasses
import logging
import os
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from importlib.resources import files
from typing import Any, ClassVar

import anywidget
import traitlets

from probewidgets.errors import WidgetError
from probewidgets.look import palette
from probewidgets.machine.files import whole
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions
from probewidgets.widgets import payload, static
from probewidgets.widgets.traits import ChoiceTraits

__all__ = ["ProbeWidget", "beginning", "checked", "join"]

MOST_PICTURED = 40
"""Words in the picture that a saved notebook shows."""
MOST_PAGE_BYTES = 7 << 19
"""Bytes of probabilities in a page that `to_html` writes; a third more as base64."""

_log = logging.getLogger(__name__)


def join(suffix: str, *stems: str) -> str:
    """The text of some of our own .js or .css files, one after the other.

    A page loads a widget's module from a blob, which cannot import its neighbours; so what they share goes in front.
    Lines that are only comment stay behind: each widget that is saved in a notebook takes its text along.
    """
    here = files("probewidgets.widgets")
    text = "\n".join((here / f"{stem}{suffix}").read_text(encoding="utf-8") for stem in stems)
    return re.sub(r"^[ \t]*(//[^\n]*|/\*.*?\*/)\n", "", text, flags=re.DOTALL | re.MULTILINE)


def checked(value: Any, kind: type) -> Any:
    """The value, if it is of the kind that a widget shows.

    Raises:
        WidgetError: It is not.
    """
    if not isinstance(value, kind):
        raise WidgetError(f"{kind.__name__} expected, but {type(value).__name__} came.")
    return value


class ProbeWidget(anywidget.AnyWidget, ChoiceTraits):
    """Base of the widgets: shows Predictions and a Sweep, and keeps the choices of page and Python in step.

    The page is sent two values: `_view`, all that is drawn, in one atomic message; and `_choice`, what is chosen, which
    is small. It answers by messages, `{kind, seq, client, ...}`, each of which is checked and acknowledged at once. It
    owns one trait, `painted`: the revision of `_view` that is on the screen.
    """

    _title: ClassVar[str] = "Probe widget"

    _view = traitlets.Dict().tag(sync=True)
    _choice = traitlets.Dict().tag(sync=True)
    painted = traitlets.Int(0, help="Revision of the view that the page has painted; written by the page.").tag(
        sync=True
    )

    predictions = traitlets.Instance(Predictions, allow_none=True, help="What is shown: an immutable Predictions.")
    sweep = traitlets.Instance(Sweep, allow_none=True, read_only=True, help="Where the layers' accuracies come from.")

    def __init__(self, *, layout: Any = None) -> None:
        self._lock = threading.RLock()
        self._rev = 0
        self._window_start = 0
        self._shown: Predictions | None = None  # what the page has; `predictions` follows once it is on its way
        self._origin: dict[str, Any] = {"client": "", "seq": 0}  # whose message is being obeyed
        self._answered: dict[str, int] = {}  # the newest text of each page that the view answers or supersedes
        self._quiet_by: int | None = None  # the thread that changes several traits at a time
        super().__init__(**({} if layout is None else {"layout": layout}))
        # Some kernels send a page's messages to the shell that published last, which after "Run All" is the one that
        # all cells wait for; they shall go to the one that the page asks for.
        if hasattr(self.comm, "_reply_subshell_for"):
            self.comm._reply_subshell_for = lambda _data, default: default
        self.on_msg(_receive)

    # ------------------------------------------------------------------ what there is to choose from

    @property
    def _all_layers(self) -> tuple[int, ...]:
        if self._shown is not None:
            return self._shown.layers
        return self.sweep.layers if self.sweep is not None else ()

    @property
    def _all_labels(self) -> tuple[str, ...]:
        if self._shown is not None:
            return self._shown.labels
        return self.sweep.labels if self.sweep is not None else ()

    @property
    def _n_units(self) -> int:
        return 0 if self._shown is None else len(self._shown)

    def _hold(self, predictions: Predictions | None, sweep: Sweep | None) -> None:
        """Take what is shown, before the first view is sent."""
        self._shown = predictions
        if sweep is not None:
            self.set_trait("sweep", checked(sweep, Sweep))
        self.predictions = predictions

    @contextmanager
    def _or_closed(self) -> Iterator[None]:
        """The rest of an __init__: where it raises, the widget is closed, since its comm is open already."""
        try:
            yield
        except BaseException:
            self.close()
            raise

    def _start(self, **choices: Any) -> None:
        """Take the first choices (None: the default) and send the first view."""
        with self._quietly():
            self._fit_choices()
            if self.sweep is not None and self.sweep.best.layer in self.layers:
                self.layer = self.sweep.best.layer
            for name in ("layers", "layer", "colour", "label", "selected"):
                value = choices.get(name)
                if value is not None and not (name == "colour" and isinstance(value, str) and value == "label"):
                    setattr(self, name, value)
        self._publish()

    @cached_property
    def _report_text(self) -> str:
        """What the sweep's numbers are worth, in words; made once."""
        return static.report_text(self.sweep)

    # ------------------------------------------------------------------ kernel -> page

    def _payload(self) -> dict[str, Any]:
        """All that is drawn, but for the choices."""
        labels, layers = self._all_labels, self._all_layers
        names = self._shown.names if self._shown is not None else ()
        view: dict[str, Any] = {
            "title": self._title,
            "unit": self.sweep.unit if self.sweep is not None else "word",
            "layers": list(layers),
            "layer_notes": payload.layer_notes(layers, names, self.sweep),
            "curve": payload.encode_curve(self.sweep) if self.sweep is not None else None,
            "report": self._report_text,
            **palette.encode_labels(labels, self.sweep),
        }
        if self._shown is not None:
            window = payload.Window.at(self._shown, self._window_start)
            self._window_start = window.start
            view |= payload.encode_predictions(self._shown, window)
        return view

    def _publish(self) -> None:
        """Send choices and view to the page; the choices go first, so that the new view is drawn with them."""
        with self._lock:
            self._rev += 1
            self._publish_choice()
            self._view = {"rev": self._rev, "answered": self._answered, **self._payload()}

    def _publish_choice(self) -> None:
        self._choice = {
            "layer": self.layer,
            "layers": list(self.layers),
            "label": self.label,
            "colour": self.colour,
            "selected": list(self.selected) if self.selected else None,
            **self._origin,
        }

    @traitlets.observe("layer", "layers", "label", "colour", "selected")
    def _choice_changed(self, change: Any) -> None:
        if self._silent:
            return
        with self._lock:
            if change.name == "selected" and self._scrolled_to_selection():
                self._publish()
            else:
                self._publish_choice()

    @traitlets.observe("predictions")
    def _predictions_changed(self, change: Any) -> None:
        if self._shown is change.new:
            return
        with self._lock:
            with self._quietly():
                self._shown = change.new
                self._fit_choices()
            self._publish()

    def _scrolled_to_selection(self) -> bool:
        """Move the window so that the selected unit is in it; whether that was needed."""
        if self.selected is None or self._shown is None:
            return False
        window = payload.Window.around(self._shown, self.selected[1])
        moved = window.start != self._window_start
        self._window_start = window.start
        return moved

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Change several traits without a message for each; the caller publishes."""
        with self._lock:
            before, self._quiet_by = self._quiet_by, threading.get_ident()
            try:
                yield
            finally:
                self._quiet_by = before

    @property
    def _silent(self) -> bool:
        """Whether this thread changes several traits; while another one does, what this one changes is told as ever."""
        return self._quiet_by == threading.get_ident()

    # ------------------------------------------------------------------ page -> kernel

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Take trait values from the page: only `painted` is its to write."""
        value = sync_data.get("painted")
        if isinstance(value, int):
            with self._lock:
                super().set_state({"painted": value})

    def _on_hello(self, message: Mapping[str, Any]) -> None:
        """A page has come up; the acknowledgement is all it wants."""

    def _on_choose(self, message: Mapping[str, Any]) -> None:
        """Layer, layers, label, colour or selection, chosen in the page. What does not fit changes nothing."""
        with self._lock, self._by(message):
            with self._quietly():
                for name in ("layers", "layer", "colour", "label", "selected"):
                    if name in message and (name, message[name]) != ("colour", "probability"):
                        try:
                            setattr(self, name, message[name])
                        except (WidgetError, TypeError):
                            continue
            self._publish_choice()

    def _on_window(self, message: Mapping[str, Any]) -> None:
        """Another page of units."""
        start = message.get("start")
        if isinstance(start, int) and self._shown is not None:
            with self._lock, self._by(message):
                self._window_start = payload.Window.around(self._shown, max(0, min(start, self._n_units))).start
                self._publish()

    @contextmanager
    def _by(self, message: Mapping[str, Any]) -> Iterator[None]:
        """While this message is obeyed, the choices that are published carry its sender and number."""
        before, self._origin = self._origin, {"client": message["client"], "seq": message["seq"]}
        try:
            yield
        finally:
            self._origin = before

    # ------------------------------------------------------------------ static forms, and the end

    def _tables(self) -> str:
        """The state as HTML tables with inline styles only."""
        return static.predictions_html(self._shown, self.layer, self.layers, self.sweep)

    def _plain(self) -> str:
        """The state as lines of text."""
        return static.predictions_text(self._shown, self.layer)

    def _draw(self, predictions: Predictions) -> Any:
        """The state as a figure, for at most MOST_PICTURED units."""
        raise NotImplementedError

    def _draw_strip(self, predictions: Predictions) -> Any:
        from probewidgets.figures import token_strip

        return token_strip(predictions, self.layer, **self._colours(predictions))

    def _colours(self, predictions: Predictions) -> dict[str, Any]:
        """What the figures of predictions take."""
        selected = self.selected if self.selected and self.selected[1] < len(predictions) else None
        return {"label": self.label, "colour": self.colour, "selected": selected, "sweep": self.sweep}

    def _picture(self) -> bytes | None:
        """The state as a small PNG; None where there is nothing to see. (Up to 0.3 s for 40 words x 7 layers.)"""
        from probewidgets.figures import small_png

        if self._shown is None or not len(self._shown):
            return None
        try:
            return small_png(self._draw(beginning(self._shown)))
        except Exception:  # a font, a library: the table says the same
            _log.exception("the picture of %s could not be drawn", type(self).__name__)
            return None

    def _markup(self, picture: bytes | None) -> str:
        """The state as HTML: the picture, and below it the tables."""
        return (static.image_html(picture, self._title) if picture else "") + self._tables()

    def snapshot(self) -> static.Snapshot:
        """What is shown now, as a value that stays: a picture and a table with numbers, without a kernel or scripts.

        A notebook is saved with what a widget showed when its cell was run, not with what was typed since. Run
        `widget.snapshot()` in a last cell before saving to keep that.
        """
        picture = self._picture()
        return static.Snapshot(self._markup(picture), self._plain(), picture)

    def to_html(self, path: str | os.PathLike[str]) -> None:
        """Write one self-contained file in which layers can be switched and cells inspected, offline, without a kernel.

        It holds all that was typed, up to 5 MB (about 7,500 words at 7 layers and 17 labels); what had to stay out is
        counted in the page.

        Args:
            path: Where to write; written under a temporary name and then renamed.

        Raises:
            StoreError: It cannot be written there.
        """
        with self._lock:
            view, captions = self._saved()
            page = static.page_html(
                title=f"{self._title}: {self.sweep.task} in {self.sweep.model.name}" if self.sweep else self._title,
                esm=self._esm,
                css=self._css,
                state={"_view": view, "_choice": self._choice, "painted": 0},
                fallback=self._tables(),
                captions=captions,
            )
        with whole(path) as temporary:
            temporary.write_text(page, encoding="utf-8", newline="\n")

    def _saved(self) -> tuple[dict[str, Any], list[str]]:
        """The view that a page keeps, with all windows of a long text, and what is to be said of it."""
        view, captions = self._view | {"static": True, "ms": 0}, [static.caption(self.sweep)]
        shown = self._shown
        if shown is None or view["window"]["end"] - view["window"]["start"] == len(shown):
            return view, captions
        windows = [payload.Window.at(shown, 0)]
        most = max(1, MOST_PAGE_BYTES // max(1, shown.proba[:, : windows[0].end].nbytes))
        while windows[-1].end < len(shown) and len(windows) < most:
            windows.append(payload.Window.at(shown, windows[-1].end))
        pages = [payload.encode_predictions(shown, window) for window in windows]
        if view["window"]["end"] > windows[-1].end:
            view |= pages[0]
        if windows[-1].end < len(shown):
            captions.append(f"This page holds the first {windows[-1].end:,} of {len(shown):,}.")
        return view | {"pages": pages}, captions

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live view, unless `static`; a picture with the tables as `text/html`, the picture alone, and a line.

        Where several can be shown, GitHub and nbconvert take `text/html`: so the picture is in there too.
        """
        picture = self._picture()
        bundle = {"text/plain": repr(self), "text/html": self._markup(picture)}
        if picture:
            bundle["image/png"] = base64.b64encode(picture).decode()
        if static.is_static():
            return {**bundle, "text/plain": self._plain()}, {}
        live = super()._repr_mimebundle_(**kwargs)
        if live is None:
            return bundle, {}
        data, metadata = live if isinstance(live, tuple) else (live, {})
        return {**data, **bundle}, metadata

    def __repr__(self) -> str:
        unit = self.sweep.unit if self.sweep is not None else "word"
        layers = f"layer {self.layer} of {list(self._all_layers)}"
        labels = static.plural(len(self._all_labels), "label")
        return f"{type(self).__name__}({static.plural(self._n_units, unit)}, {layers}, {labels})"

    def close(self) -> None:
        """Close all views and free what the widget holds. Safe to call twice."""
        if self.comm is None:
            return
        layout = self.layout
        self.unobserve_all()
        self.on_msg(_receive, remove=True)
        super().close()
        layout.close()


def beginning(predictions: Predictions, most: int = MOST_PICTURED) -> Predictions:
    """The first units, as many as a picture shows."""
    if len(predictions) <= most:
        return predictions
    return dataclasses.replace(predictions, units=predictions.units[:most], proba=predictions.proba[:, :most])


def _receive(widget: ProbeWidget, message: Any, _buffers: Any) -> None:
    """Check a message from a page, acknowledge it at once, and obey it. What is malformed is ignored.

    A function and not a method, so that the widget's list of callbacks holds no reference to the widget.
    """
    if not isinstance(message, dict):
        return
    kind, seq, client = message.get("kind"), message.get("seq"), message.get("client")
    known = isinstance(kind, str) and kind in ("hello", "choose", "window", "ask")
    if not known or type(seq) is not int or not isinstance(client, str) or len(client) > 64:
        return
    widget.send({"kind": "ack", "seq": seq, "client": client})
    handler = getattr(widget, f"_on_{kind}", None)
    if handler is not None:
        handler(message)
