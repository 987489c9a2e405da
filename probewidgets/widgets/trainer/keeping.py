"""What is left of a training without a page: its picture, tables, lines of code, and files."""

from __future__ import annotations

import html
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from probewidgets.errors import WidgetError
from probewidgets.widgets.kit.files import MIMES, Files
from probewidgets.widgets.kit.messages import Hearing
from probewidgets.widgets.reading.states import FORMAT, VERSION, read_state
from probewidgets.widgets.trainer import offered
from probewidgets.widgets.trainer.running import Running
from probewidgets.widgets.trainer.written import notebook_of, script_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from typing_extensions import Self

    from probewidgets.sweeps.results import Sweep

__all__ = ["Keeping"]

_FIELDS = Hearing(
    "a saved view",
    {
        "widget": str, "corpus": str | None, "task": str | None, "model": str | None, "layers": str | None,
        "site": str | None, "pool": str | None, "probe": str, "size": str | None, "control": int, "random": bool,
    },
    {},
    queued=False,
    method="restore",
)  # fmt: skip


class Keeping(Running, Files):
    """A trainer that is saved: the sweep, the code, and what every widget can be saved as."""

    _mimes: ClassVar[Mapping[str, str]] = MIMES | {
        "safetensors": "application/octet-stream",
        "ipynb": "application/x-ipynb+json",
        "py": "text/x-python",
    }

    @property
    def code(self) -> str:
        """The lines of Python that do the same; empty while something is not chosen yet."""
        raise NotImplementedError

    @property
    def _result(self) -> Sweep:
        if self.sweep is None:
            raise WidgetError("Nothing is trained yet: trainer.start(), or the button Train.")
        sweep: Sweep = self.sweep
        return sweep

    def _content(self, ending: str, width: Any) -> bytes:
        if ending == "safetensors":
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "sweep.safetensors"
                self._result.save(path)
                return path.read_bytes()
        if ending in ("ipynb", "py") and not self.code:
            raise WidgetError("Something is not chosen yet, so there is no code that does it.")
        if ending == "ipynb":
            return notebook_of(self.code, self._page_title()).encode()
        if ending == "py":
            return script_of(self.code).encode()
        return super()._content(ending, width)

    def _figure(self, width: Any) -> Figure | None:
        from probewidgets.widgets.curve import still

        return None if self.sweep is None else still.figure(self.sweep, width)

    def _draw(self) -> bytes | None:
        from probewidgets.widgets.curve import still

        return None if self.sweep is None else still.picture(self.sweep, self.sweep.best.layer, "column").small_png()

    def _frame(self) -> pd.DataFrame:
        return self._result.table()

    def _tables(self) -> str:
        from probewidgets.widgets.curve import still

        code = f"<pre>{html.escape(self.code)}</pre>" if self.code else ""
        if self.sweep is None:
            return f"<div><p>{html.escape(repr(self))}</p>{code}</div>"
        return f"<div>{still.table(self.sweep, self.sweep.best.layer)}{code}</div>"

    def _plain(self) -> str:
        from probewidgets.widgets.curve import still

        return "\n".join([repr(self), *([] if self.sweep is None else [still.text(self.sweep)]), self.code]).strip()

    def _page_title(self) -> str:
        if self.sweep is None:
            return self._title
        return f"{self._title}: {self.sweep.task} in {self.sweep.model.name}"

    def _state(self) -> dict[str, Any]:
        """The choices that are names; an object from Python is no part of it."""
        offer, family = self._offer, self._family
        paths = {name: value if isinstance(value := getattr(self, name), str) else None for name in ("corpus", "model")}
        kind = offered.PROBES.get(family)
        return {
            "format": FORMAT,
            "version": VERSION,
            "widget": type(self).__name__,
            **paths,
            "task": None if offer is None else offer.key,
            "layers": None if self.layers is None else offered.written(self.layers),
            "site": None if self.site is None else self.site.name,
            "pool": None if self.pool is None else getattr(self.pool, "__name__", None),
            "probe": family,
            "size": str(kind.size_of(self.probe)) if kind and kind.size and self.probe is not None else None,
            "control": self.control,
            "random": self.random,
        }

    def restore(self, state: str | os.PathLike[str] | Mapping[str, Any]) -> Self:
        """Choose what `save("view.json")` has kept, or change nothing; what came from Python as an object stays.

        Args:
            state: The file, or what it holds.

        Returns:
            The widget itself.

        Raises:
            StoreError: No such file, no saved view, or one of a newer version.
            WidgetError: A choice that cannot be, or it is training.
        """
        fields = _FIELDS.fields(read_state(state))
        if self._locked:
            raise WidgetError("While it trains, nothing else can be chosen: stop() it first.")
        layers, typed = fields["layers"], {name: fields[name] for name in ("site", "pool", "size") if fields[name]}
        if fields["probe"] != offered.GIVEN:
            typed = {"probe": fields["probe"], **typed}
        with self._lock, self._quietly():
            for name in ("corpus", "model"):
                if fields[name] is not None or isinstance(getattr(self, name), str):
                    setattr(self, name, fields[name])
            self.task, self.control, self.random = fields["task"], fields["control"], fields["random"]
            self.layers = None if layers is None else offered.spelled(layers)
        self._obey({name: value for name, value in typed.items() if name != "size"})
        if "size" in typed:
            self._obey({"size": typed["size"]})
        self._follow({"corpus", "model"})
        return self
