"""Linked: a widget and its page. One view to it, small choices both ways, checked messages from it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

import anywidget
import traitlets

from probewidgets.errors import WidgetError, clipped
from probewidgets.widgets.kit.checks import in_words
from probewidgets.widgets.kit.messages import Hearing, Message, envelope, hearings_of, hears
from probewidgets.widgets.kit.turns import Turns

__all__ = ["Linked"]

_log = logging.getLogger(__name__)

MOST_PAGES = 16
"""Pages whose questions are remembered; each reload makes a new one."""


class Linked(anywidget.AnyWidget):
    """A widget that is linked with its pages.

    A page is sent two values: `_view`, all that is drawn, in one atomic message; and `_choice`, what is chosen, which
    is small. It answers by messages, `{kind, seq, client, ...}`. Each is acknowledged at once; what no method of the
    widget `hears` is refused, and the page shows why. A page owns one trait, `painted`: the revision of `_view` that is
    on the screen.

    A widget says what it shows in `_payload()`, what is chosen in `_choices()`, and obeys in methods that it marks with
    `@hears`. It calls `_publish()` when what it shows has changed, and `_publish_choice()` when only a choice has.
    """

    _hearings: ClassVar[Mapping[str, Hearing]] = {}

    _view = traitlets.Dict().tag(sync=True)
    _choice = traitlets.Dict().tag(sync=True)
    painted = traitlets.Int(0, help="Revision of the view that the page has painted; written by the page.").tag(
        sync=True
    )

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._hearings = hearings_of(cls)

    def __init__(self, *, layout: Any = None) -> None:
        self._lock = Turns()
        self._rev = 0
        self._sender = Message("", 0, "")  # whose message is being obeyed
        self._heard: dict[str, int] = {}  # the newest question of each page
        self._answered: Mapping[str, int] = {}  # the newest question of each page that the view answers or supersedes
        self._quiet_by: int | None = None  # the thread that changes several traits at a time
        super().__init__(**({} if layout is None else {"layout": layout}))
        # Some kernels send a page's messages to the shell that published last, which after "Run All" is the one that
        # all cells wait for; they shall go to the one that the page asks for.
        if hasattr(self.comm, "_reply_subshell_for"):
            self.comm._reply_subshell_for = lambda _data, default: default
        self.on_msg(_receive)

    @contextmanager
    def _or_closed(self) -> Iterator[None]:
        """The rest of an __init__: where it raises, the widget is closed, since its comm is open already."""
        try:
            yield
        except BaseException:
            self.close()
            raise

    # ------------------------------------------------------------------ kernel -> page

    def _payload(self) -> dict[str, Any]:
        """All that is drawn, but for the choices."""
        return {}

    def _choices(self) -> dict[str, Any]:
        """What is chosen."""
        return {}

    def _publish(self) -> None:
        """Send choices and view to the page; the choices go first, so that the new view is drawn with them."""
        with self._lock:
            self._rev += 1
            self._publish_choice()
            view = {"rev": self._rev, "answered": dict(self._answered), **self._payload()}
            queued = [kind for kind, hearing in self._hearings.items() if hearing.queued]
            self._view = {**view, "queued": queued} if queued else view

    def _publish_choice(self) -> None:
        self._choice = {**self._choices(), "client": self._sender.client, "seq": self._sender.seq}

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Change several traits without a message for each; the caller publishes."""
        with self._lock:
            before, self._quiet_by = self._quiet_by, threading.get_ident()
            try:
                yield
            finally:
                self._quiet_by = before

    def _tell(self, name: str, value: Any) -> None:
        """Set a trait; an observer of it that raises is logged, and must not keep the page from being told."""
        try:
            self.set_trait(name, value)
        except Exception:  # whatever somebody's observer raises
            _log.exception("an observer of `%s` failed", name)

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

    @hears("hello")
    def _on_hello(self, message: Message) -> None:
        """A page has come up; the acknowledgement is all it wants."""

    @contextmanager
    def _by(self, message: Message) -> Iterator[None]:
        """While this message is obeyed, the choices that are published carry its sender and number."""
        before, self._sender = self._sender, message
        try:
            yield
        finally:
            self._sender = before

    def _question(self, message: Message) -> dict[str, int]:
        """Remember a page's newest question; comes back: the newest of every page, which the next answer settles.

        Give it to `_answered` before that answer is published: a page does not show what answers only its older ones.
        """
        with self._lock:
            self._heard.pop(message.client, None)
            self._heard[message.client] = message.seq
            while len(self._heard) > MOST_PAGES:
                self._heard.pop(next(iter(self._heard)))
            return dict(self._heard)

    def _refuse(self, message: Message, error: WidgetError) -> None:
        """Say why a message is not obeyed; and what is chosen, which the page may have drawn otherwise."""
        self.send({"kind": "refused", "seq": message.seq, "client": message.client, "text": in_words(error)})
        with self._lock, self._by(message):
            self._publish_choice()

    # ------------------------------------------------------------------ the end

    def close(self) -> None:
        """Close all views and free what the widget holds. Safe to call twice."""
        if self.comm is None:
            return
        layout = self.layout
        self.unobserve_all()
        self.on_msg(_receive, remove=True)
        super().close()
        layout.close()


def _receive(widget: Linked, content: Any, _buffers: Any) -> None:
    """Check a message from a page, acknowledge it at once, and obey it. One without a sender is ignored.

    A function and not a method, so that the widget's list of callbacks holds no reference to the widget.
    """
    message = envelope(content)
    if message is None:
        return
    widget.send({"kind": "ack", "seq": message.seq, "client": message.client})
    try:
        hearing = widget._hearings.get(message.kind)
        if hearing is None:
            raise WidgetError(f"{clipped(message.kind)} is not understood here, only {sorted(widget._hearings)}.")
        getattr(widget, hearing.method)(message, **hearing.fields(content))
    except WidgetError as error:
        widget._refuse(message, error)
