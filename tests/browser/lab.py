"""Drive a real JupyterLab in a real browser: `Lab` is the server, `Notebook` one open notebook.

Nothing here waits for a time to pass: every wait is for something that can be seen in the page or in the kernel.
"""

from __future__ import annotations

import ast
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import nbformat
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ProxySettings, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

REPO = Path(__file__).parents[2]
LOOPBACK = "127.0.0.1"
PATIENCE = 30.0
"""Longest wait for anything but the first answer of a server or a model (s)."""

# What would pop up, move or write by itself is switched off.
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}

# Where the server and its kernels write.
FOLDERS = (
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
    "IPYTHONDIR",
    "MPLCONFIGDIR",
)

# Run by every kernel at its start: whatever reaches beyond loopback raises there.
GUARD = f"""
import sys

def _only_loopback(event, arguments):
    if event != "socket.connect":
        return
    address = arguments[1]
    if isinstance(address, tuple) and address[0] not in ({LOOPBACK!r}, "::1", "localhost"):
        raise PermissionError(f"a test's kernel may not connect to {{address!r}}")

sys.addaudithook(_only_loopback)
"""


class Lab:
    """A JupyterLab server on loopback that keeps everything it writes in one folder. Use it in a `with` statement.

    Args:
        home: An empty folder for it; notebooks lie in `root`, inside it.
        settings: Further Lab settings, by plugin.
    """

    def __init__(self, home: Path, settings: dict[str, dict[str, Any]] | None = None) -> None:
        self.root = home / "my notebooks"  # a space in a path must not matter
        self.log = home / "server.log"
        self.token = secrets.token_hex(16)
        self.port = free_port()
        self.url = f"http://{LOOPBACK}:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._env = os.environ | {"JUPYTER_PLATFORM_DIRS": "1", "PROBEWIDGETS_CACHE": str(home / "cache")}
        self._env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(REPO), os.environ.get("PYTHONPATH")]))
        for name in FOLDERS:
            (home / name.lower()).mkdir(parents=True)
            self._env[name] = str(home / name.lower())
        self.root.mkdir()
        startup = home / "ipythondir" / "profile_default" / "startup"
        startup.mkdir(parents=True)
        (startup / "00-only-loopback.py").write_text(GUARD)
        for plugin, values in (SETTINGS | (settings or {})).items():
            package, name = plugin.split(":")
            file = home / "jupyterlab_settings_dir" / package / f"{name}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values))

    def __enter__(self) -> Lab:
        options = {
            "ServerApp.ip": LOOPBACK,
            "ServerApp.port": self.port,
            "ServerApp.port_retries": 0,
            "ServerApp.root_dir": self.root,
            "ServerApp.terminals_enabled": False,
            "IdentityProvider.token": self.token,
            "LabApp.expose_app_in_browser": True,  # `window.jupyterapp`
            "JupyterNotebookApp.expose_app_in_browser": True,
            "LabApp.extension_manager": "readonly",
            "LabApp.news_url": None,
        }
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
        command += [f"--{name}={value}" for name, value in options.items()]
        with self.log.open("wb") as log:
            # in our own process group, so that whatever ends the tests from outside ends the server too
            self._process = subprocess.Popen(
                command, cwd=self.root, env=self._env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + 3 * PATIENCE
        while True:
            with suppress(OSError):
                self.api("api/status")
                return self
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._end()
                raise RuntimeError(f"JupyterLab did not start. Its log ends:\n{self.log_tail()}")
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.05)

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self.api("api/shutdown", "POST")  # ends the kernels too
        self._end()

    def _end(self) -> None:
        """Wait for the server to end; end it where it does not."""
        assert self._process is not None
        for action in (signal.SIGTERM, signal.SIGKILL):
            try:
                self._process.wait(15)
                return
            except subprocess.TimeoutExpired:
                self._process.send_signal(action)
        self._process.wait(15)

    def api(self, path: str, method: str = "GET", body: Any = None) -> Any:
        """Call the server's REST interface; the decoded JSON of its answer."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/{path}", data, method=method)
        request.add_header("Authorization", f"token {self.token}")
        request.add_header("Content-Type", "application/json")
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=PATIENCE) as answer:
            return json.loads(answer.read() or b"null")

    def setting(self, plugin: str, values: dict[str, Any]) -> None:
        """Save a plugin's settings; pages that are opened from now on follow them."""
        self.api(f"lab/api/settings/{quote(plugin)}", "PUT", {"raw": json.dumps(values)})

    def write(self, name: str, *cells: str) -> str:
        """Write a notebook of code cells; its path, as the server calls it."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell.strip()) for cell in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, self.root / name)
        return name

    def log_tail(self, lines: int = 40) -> str:
        """The last lines of the server's log, without its token."""
        text = self.log.read_text(errors="replace") if self.log.exists() else "(none)"
        return "\n".join(text.replace(self.token, "…").splitlines()[-lines:])


@contextmanager
def closed_context(browser: Browser, outside: list[str]) -> Iterator[BrowserContext]:
    """A browser context that cannot leave loopback, and tells in `outside` which addresses it was asked for.

    What is not loopback is sent to a proxy that does not exist. (Routing requests would do too, but it switches the
    browser's cache off, and JupyterLab's own files are then loaded anew for every page.)
    """
    nowhere = ProxySettings(server=f"http://{LOOPBACK}:9", bypass=LOOPBACK)
    context = browser.new_context(viewport={"width": 1200, "height": 1000}, proxy=nowhere)
    context.set_default_timeout(1000 * PATIENCE)

    def look(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != LOOPBACK:
            outside.append(url)

    context.on("request", lambda request: look(request.url))
    context.on("page", lambda page: page.on("websocket", lambda socket: look(socket.url)))
    yield context
    context.close()


class Notebook:
    """One notebook, open in one page of its own.

    Args:
        context: Where the page is opened.
        lab: The server.
        path: The notebook, as the server calls it.
        place: What shows it, as the address says: JupyterLab, or `"notebooks"` for Notebook 7.
    """

    def __init__(self, context: BrowserContext, lab: Lab, path: str, place: str = "") -> None:
        self.lab, self.path = lab, path
        self.page: Page = context.new_page()
        self.console: list[str] = []
        self.page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.console.append(f"uncaught: {error.stack or error}"))
        # a workspace of its own: two pages in one would make JupyterLab load the second page anew
        place = place or f"doc/workspaces/{secrets.token_hex(4)}/tree"
        self.page.goto(f"{lab.url}/{place}/{quote(path)}?token={lab.token}", wait_until="domcontentloaded")
        self.ready()

    def ready(self) -> None:
        """Wait until the page is up and its kernel answers."""
        self.page.wait_for_function("() => window.jupyterapp")
        self._js("app => app.restored")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell")
        self.wait_idle()

    def faults(self) -> list[str]:
        """What went wrong in the page and nobody caught, or in a widget; not that JupyterLab was slow to begin."""
        told = [line for line in self.console if not line.startswith("warning: Plugin")]
        return [line for line in told if line.startswith("uncaught") or "anywidget" in line or "blob:" in line]

    def close(self) -> None:
        """Close the page and end its kernel."""
        self.page.close()
        for session in self.lab.api("api/sessions"):
            if session["path"] == self.path:
                with suppress(urllib.error.HTTPError):
                    self.lab.api(f"api/sessions/{session['id']}", "DELETE")

    # ------------------------------------------------------------------ JupyterLab, by its own commands

    def _js(self, function: str, argument: Any = None) -> Any:
        """Call a function of the application, the notebook's panel and an argument; its promise is awaited."""
        return self.page.evaluate(
            f"""async argument => {{
                const app = window.jupyterapp;
                await app.started;
                const panel = [...app.shell.widgets("main")].find(each => each.sessionContext);
                return await ({function})(app, panel, argument);
            }}""",
            argument,
        )

    def wait_idle(self, patience: float = PATIENCE) -> None:
        """Wait until the kernel is connected and has nothing to do."""
        self.page.wait_for_function(
            """() => {
                const panel = [...window.jupyterapp.shell.widgets("main")].find(each => each.sessionContext);
                const kernel = panel?.sessionContext.session?.kernel;
                return kernel?.status === "idle" && kernel.connectionStatus === "connected";
            }""",
            timeout=1000 * patience,
        )

    def command(self, name: str) -> None:
        """Carry out a command of JupyterLab's and wait for it."""
        self._js("(app, _, name) => app.commands.execute(name).then(() => true)", name)

    def start_all(self) -> None:
        """Begin to run all cells; returns at once."""
        self._js(
            """app => {
                delete document.body.dataset.ranAll;
                app.commands.execute("notebook:run-all-cells").finally(() => { document.body.dataset.ranAll = ""; });
            }"""
        )

    def wait_for(self, locator: Locator, patience: float) -> None:
        """Wait for something that the cells of `start_all` show, but no longer than they run."""
        either = locator.or_(self.page.locator("body[data-ran-all]"))
        either.first.wait_for(state="attached", timeout=1000 * patience)
        self.raise_errors()
        expect(locator).to_be_visible()

    def wait_all(self, patience: float = PATIENCE) -> None:
        """Wait for the cells that `start_all` began, however they end."""
        self.page.wait_for_selector("body[data-ran-all]", state="attached", timeout=1000 * patience)
        self.wait_idle()

    def run_all(self, patience: float = PATIENCE) -> None:
        """Run all cells and wait for them.

        Raises:
            RuntimeError: A cell ended in an error.
        """
        self.start_all()
        self.wait_all(patience)
        self.raise_errors()

    def raise_errors(self) -> None:
        """Raise the first error that a cell ended in."""
        outputs = self._js("(_, panel) => panel.content.widgets.flatMap(cell => cell.model.toJSON().outputs ?? [])")
        errors = [output for output in outputs if output["output_type"] == "error"]
        if errors:
            raise RuntimeError("A cell ended in an error:\n" + "\n".join(errors[0]["traceback"]))

    def start_cell(self, index: int) -> None:
        """Begin to run one cell; returns at once."""
        self._js(
            "(app, panel, i) => { panel.content.activeCellIndex = i; app.commands.execute('notebook:run-cell'); }",
            index,
        )

    def run_cell(self, index: int, patience: float = PATIENCE) -> None:
        """Run one cell and wait for it, however it ends."""
        before = self.counts()[index]
        self.start_cell(index)
        self.page.wait_for_function(
            """([index, before]) => {
                const panel = [...window.jupyterapp.shell.widgets("main")].find(each => each.sessionContext);
                const count = panel.content.widgets[index].model.executionCount;
                return count !== null && count !== before;
            }""",
            arg=[index, before],
            timeout=1000 * patience,
        )
        self.wait_idle(patience)

    def counts(self) -> list[int | None]:
        """The execution count of every cell; also tells how many there are."""
        return self._js("(_, panel) => panel.content.widgets.map(cell => cell.model.executionCount)")

    def sources(self) -> list[str]:
        """The source of every cell."""
        return self._js("(_, panel) => panel.content.widgets.map(cell => cell.model.sharedModel.getSource())")

    def clear(self, index: int) -> None:
        """Clear one cell's output."""
        self._js("(_, panel, i) => { panel.content.activeCellIndex = i; }", index)
        self.command("notebook:clear-cell-output")

    def interrupt(self) -> None:
        """Interrupt the kernel until the cells of `start_all` have ended; between two cells it does not listen."""
        deadline = time.monotonic() + PATIENCE
        ended = self.page.locator("body[data-ran-all]")
        while not ended.count():
            assert time.monotonic() < deadline, "The kernel could not be interrupted."
            self.command("notebook:interrupt-kernel")
            with suppress(PlaywrightTimeoutError):
                ended.wait_for(state="attached", timeout=2000)
        self.wait_idle()

    def interrupt_cell(self, index: int) -> None:
        """Interrupt the kernel until a cell that was begun by `start_cell` has ended."""
        deadline = time.monotonic() + PATIENCE
        while self.counts()[index] is None:
            assert time.monotonic() < deadline, "The kernel could not be interrupted."
            self.command("notebook:interrupt-kernel")
            with suppress(PlaywrightTimeoutError):
                self.page.wait_for_function(
                    """index => {
                        const panel = [...window.jupyterapp.shell.widgets("main")].find(each => each.sessionContext);
                        return panel.content.widgets[index].model.executionCount !== null;
                    }""",
                    arg=index,
                    timeout=2000,
                )
        self.wait_idle()

    def restart(self) -> None:
        """Restart the kernel, as the menu does once the question is answered."""
        self.python(
            "0"
        )  # what a page that has just come up asks for is there by then: JupyterLab does not bear its loss
        self._js("(_, panel) => panel.sessionContext.restartKernel()")

    def shut_down(self) -> None:
        """Shut the kernel down, as the menu does."""
        self._js("(_, panel) => panel.sessionContext.shutdown()")

    def end_process(self) -> None:
        """Let the kernel's process end at once, as one does that the system kills for its memory."""
        code = "__import__('os')._exit(1)"
        self._js("(_, panel, code) => { panel.sessionContext.session.kernel.requestExecute({ code }); }", code)

    def save(self) -> nbformat.NotebookNode:
        """Save the notebook; what then is in the file."""
        self.command("docmanager:save")
        return nbformat.read(self.lab.root / self.path, as_version=4)

    def theme(self, name: str) -> None:
        """Switch to "light" or "dark" and wait until the switch is over."""
        self._js(f"app => app.commands.execute('apputils:change-theme', {{theme: 'JupyterLab {name.title()}'}})")
        light = "true" if name == "light" else "false"
        self.page.wait_for_selector(f"body[data-jp-theme-light={light}]", state="attached")
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")

    # ------------------------------------------------------------------ the kernel

    def python(self, expression: str, code: str = "pass") -> Any:
        """The value of an expression in the kernel, through JSON, after some code was run there."""
        source = f"__import__('json').dumps({expression})"
        status, text = self._js(
            """async (_, panel, [code, value]) => {
                const { kernel } = panel.sessionContext.session;
                const content = { code, user_expressions: { value }, store_history: false, stop_on_error: false };
                let reply = { status: "aborted" };  // which is what a kernel answers for a while after an error
                while (reply.status === "aborted") reply = (await kernel.requestExecute(content).done).content;
                const found = reply.status === "ok" ? reply.user_expressions.value : reply;
                return [found.status, found.data?.["text/plain"] ?? `${found.ename}: ${found.evalue}`];
            }""",
            [code, source],
        )
        if status != "ok":
            raise RuntimeError(f"The kernel raised {text} in {code!r}, {expression!r}.")
        return json.loads(ast.literal_eval(text))

    def expect_python(self, expression: str, value: Any) -> None:
        """Wait until an expression has a value in the kernel: messages from the page take their time."""
        deadline = time.monotonic() + PATIENCE
        while (found := self.python(expression)) != value:
            assert time.monotonic() < deadline, f"{expression} stayed {found!r} in the kernel; {value!r} was expected"


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]
