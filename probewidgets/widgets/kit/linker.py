"""The linker: ES modules that import each other, written as one text for the page.

A page loads a widget's module from a blob, which cannot import its neighbours. So Python follows the imports, and puts
each module in once, after those that it imports. Style sheets come along: that of `dom.js` is `dom.css` beside it.

What is understood is what our files use, as the formatter writes it: `import { a, b } from "./c.js";`, `export` in
front of a function, class or const, and `export default` in one line. That is the widget which a module is alone: of
the module that is linked it is kept, of those that it imports it is left out. Anything else is an error.

A page keeps every module that it has ever loaded, and each widget loads one of its own. So the code is a function that
the first one calls and leaves to the others of the same text, which need not even compile it; and it is written in
ASCII, of which a browser keeps one byte for a letter, not two.
"""

from __future__ import annotations

import functools
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from probewidgets.errors import WidgetError

__all__ = ["Bundle", "linked", "text_of"]

_OPAQUE = re.compile(
    r"""(?P<comment> //[^\n]* | /\*.*?\*/ )
      | (?P<string> "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | `(?:\\.|[^`\\])*` )
      | (?P<pattern> (?:[(,=:\[!&|?;{}>\n] | \breturn\b) \s*
                     /(?![*/]) (?: \\. | \[(?:\\.|[^\]\\\n])*\] | [^/\\\n\[] )+ / )
    """,
    re.VERBOSE | re.DOTALL,
)
"""Whatever may look like code and is none: comments, strings, patterns."""

_IMPORT = re.compile(r"^import \{(?P<names>\s*(?:[\w$]+\s*,\s*)*(?:[\w$]+\s*)?)\} from (?P<path> *);?\n?", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function\b|class\b|const\b)", re.MULTILINE)
_DEFAULT = re.compile(r"^export default\b(?P<widget>[^\n]*);\n?", re.MULTILINE)
_TOP = re.compile(
    r"^(?P<export>export )?(?:async )?(?:function\*?|class|const|let|var) +(?P<name>[\w$]+|[{\[])", re.MULTILINE
)
_SPACE = re.compile(r"^(?: +|\n)| +(?=[=<>,;:?(){}\[\]&|!*])|(?<=[=<>,;:?(){}\[\]&|!*]) +", re.MULTILINE)
"""Spaces that say nothing: at the beginning of a line, an empty line, around signs. Beside `+`, `-` and `/` they may."""
_OTHER = re.compile(r"^(?:import|export)\b[^\n]*|^.*\bimport *\([^\n]*", re.MULTILINE)


class Bundle(NamedTuple):
    """What a page is given: `_esm, _css = linked(...)`."""

    script: str
    style: str


@dataclass(frozen=True)
class _Module:
    """One file, taken apart."""

    path: Path
    body: str
    """Its text without imports, without the words `export`, its default, and without comments."""
    default: str
    """What `export default ...;` says is the widget, or nothing."""
    imports: tuple[tuple[Path, tuple[str, ...]], ...]
    names: tuple[str, ...]
    """Declared at its top level."""
    exports: frozenset[str]


def linked(path: Path) -> Bundle:
    """A module and all that it imports, as one script and one style sheet.

    Args:
        path: The module that exports the widget as its default.

    Raises:
        WidgetError: A file or an exported name is missing, modules import each other in a circle, two of them declare
            the same name, or one of them says something that the linker does not understand.
    """
    modules = _walk(path.resolve(), ())
    _check_names(modules)
    entry = modules[path.resolve()]
    if not entry.default:
        raise WidgetError(f"{_short(entry.path)} has no `export default ...;`: that is the widget.")
    sheets = [module.path.with_suffix(".css") for module in modules.values()]
    style = "\n".join(_short_style(sheet.read_text(encoding="utf-8")) for sheet in sheets if sheet.exists())
    used = _used(modules, entry.path, entry.body + entry.default)
    scripts = [module.body for module in modules.values() if module.path in used]
    return Bundle(_shared("".join(scripts), entry.default), style)


def _shared(script: str, widget: str) -> str:
    """The module that has a widget: made by the first that a page loads of this text, and taken over by all others."""
    digest = hashlib.sha256(f"{script}{widget}".encode()).hexdigest()[:12]
    text = (
        "const shared = globalThis[Symbol.for('probewidgets')] ??= {};\n"
        f"export default shared['{digest}'] ??= (() => {{\n{script}return {widget};\n}})();\n"
    )
    return re.sub(r"[^\x00-\x7f]", _escaped, text)


def _escaped(match: re.Match[str]) -> str:
    r"""A letter as `\u2013`, or as two of them: it stands in a string or a pattern."""
    units = match[0].encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _used(modules: dict[Path, _Module], path: Path, text: str) -> set[Path]:
    """A module and those that its text needs: what only the default of an inner module asks for stays behind."""
    used = {path}
    for imported, names in modules[path].imports:
        if not names or any(re.search(rf"\b{re.escape(name)}\b", text) for name in names):
            used |= _used(modules, imported, modules[imported].body)
    return used


def text_of(path: Path) -> str:
    """A module that imports nothing, as a text that can stand behind others'."""
    return _read(path, None).body


def _walk(path: Path, above: tuple[Path, ...]) -> dict[Path, _Module]:
    """The modules that one needs, itself last, each once and after what it imports."""
    if path in above:
        circle = " imports ".join(_short(each) for each in (*above[above.index(path) :], path))
        raise WidgetError(f"Modules must not import each other in a circle: {circle}.")
    module = _read(path, above[-1] if above else None)
    modules: dict[Path, _Module] = {}
    for imported, names in module.imports:
        if imported not in modules:
            modules |= _walk(imported, (*above, path))
        missing = [name for name in names if name not in modules[imported].exports]
        if missing:
            offered = sorted(modules[imported].exports)
            raise WidgetError(
                f"{_short(path)} imports {missing} from {_short(imported)}, which does not export it, only {offered}."
            )
    return {**modules, path: module}


def _read(path: Path, importer: Path | None) -> _Module:
    """One file, as it is now, taken apart."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        wanted = f", which {_short(importer)} imports" if importer else ""
        raise WidgetError(f"There is no module {_short(path)}{wanted}.") from None
    return _apart(path, text)


@functools.cache
def _apart(path: Path, text: str) -> _Module:
    """The same, of its text: once, since every widget has the kit."""
    code = _OPAQUE.sub(_blank, text)
    imports = []
    for match in _IMPORT.finditer(code):
        target = text[match.start("path") : match.end("path")].strip().strip("\"'")
        if not target.startswith((".", "/")):
            raise WidgetError(f"{_short(path)} imports {target!r}: only files beside it can be linked, like './a.js'.")
        names = tuple(name.strip() for name in match["names"].split(",") if name.strip())
        imports.append(((path.parent / target).resolve(), names))
    _refuse_others(path, text, code)
    tops = list(_TOP.finditer(code))
    return _Module(
        path=path,
        body=_body(text, code),
        default="".join(text[slice(*match.span("widget"))].strip() for match in _DEFAULT.finditer(code)),
        imports=tuple(imports),
        names=tuple(top["name"] for top in tops),
        exports=frozenset(top["name"] for top in tops if top["export"]),
    )


def _refuse_others(path: Path, text: str, code: str) -> None:
    """Raise for what would be left over of a module's imports, exports and names."""
    understood = [match.start() for pattern in (_IMPORT, _EXPORT, _DEFAULT) for match in pattern.finditer(code)]
    for match in _OTHER.finditer(code):
        if match.start() not in understood or "import(" in match[0].replace(" ", ""):
            line = text[match.start() : match.end()].strip()
            raise WidgetError(f"{_short(path)} says `{line}`, which the linker does not understand.")
    for top in _TOP.finditer(code):
        if top["name"] in "{[":
            raise WidgetError(f"{_short(path)} takes something apart at its top level: declare one name at a time.")


def _body(text: str, code: str) -> str:
    """The text without imports, the word `export`, its default, comments, empty lines and spaces around signs.

    It is saved with every widget in a notebook, so it is made short; but its lines and names stay.
    """
    opaque = list(_OPAQUE.finditer(text))
    cuts = [match.span() for pattern in (_IMPORT, _EXPORT, _DEFAULT) for match in pattern.finditer(code)]
    cuts += [_with_its_lines(text, *match.span()) for match in opaque if match["comment"]]
    cuts += [match.span() for match in _SPACE.finditer(_OPAQUE.sub(_covered, text))]
    parts, done = [], 0
    for start, end in sorted(cuts):
        parts.append(text[done : max(start, done)])
        done = max(done, end)
    return "".join([*parts, text[done:]]).strip("\n") + "\n"


def _with_its_lines(text: str, start: int, end: int) -> tuple[int, int]:
    """A comment with the lines that it has for itself, or with the spaces before it."""
    first = text.rfind("\n", 0, start) + 1
    ends = text[end : end + 1] in ("\n", "")
    if not text[first:start].strip() and ends:
        return first, end + 1
    return (len(text[:start].rstrip(" ")), end) if ends else (start, end)


def _blank(match: re.Match[str]) -> str:
    """As many spaces, and the lines as they were."""
    return re.sub(r"[^\n]", " ", match[0])


def _covered(match: re.Match[str]) -> str:
    """As many letters for a string or a pattern; a comment as it is blanked."""
    return _blank(match) if match["comment"] else "x" * len(match[0])


def _short_style(style: str) -> str:
    """A style sheet without comments and what stands around its signs; each rule in a line of its own."""
    text = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", text).replace("}", "}\n").strip()


def _check_names(modules: dict[Path, _Module]) -> None:
    """Raise where two declarations would meet in the one text."""
    homes: dict[str, Path] = {}
    for module in modules.values():
        for name in module.names:
            if name in homes:
                where = " and ".join(_short(each) for each in dict.fromkeys([homes[name], module.path]))
                raise WidgetError(f"{name!r} is declared twice, in {where}: linked, they share one scope. Rename one.")
            homes[name] = module.path


def _short(path: Path) -> str:
    """`kit/dom.js`."""
    return "/".join(path.parts[-2:])
