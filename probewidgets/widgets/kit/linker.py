"""The linker: ES modules that import each other, written as one text for the page.

A page loads a widget's module from a blob, which cannot import its neighbours. So Python follows the imports, and puts
each module in once, after those that it imports, and of each what is needed: a declaration whose name is nowhere else
stays behind, with the statements after it. Style sheets come along: that of `dom.js` is `dom.css` beside it.

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
from probewidgets.widgets.kit.shortening import shortened

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

_WORDS = re.compile(rf"{_OPAQUE.pattern} | (?P<word> \b const \b )", re.VERBOSE | re.DOTALL)
"""The same, and a word that says more to the reader than to the page."""

_IMPORT = re.compile(r"^import \{(?P<names>\s*(?:[\w$]+\s*,\s*)*(?:[\w$]+\s*)?)\} from (?P<path> *);?\n?", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function\b|class\b|const\b)", re.MULTILINE)
_DEFAULT = re.compile(r"^export default\b(?P<widget>[^\n]*);\n?", re.MULTILINE)
_TOP = re.compile(
    r"^(?P<export>export )?(?:async )?(?:function\*?|class|const|let|var) +(?P<name>[\w$]+|[{\[])", re.MULTILINE
)
_SPACE = re.compile(
    r"\s+(?=[=<>,;:?(){}\[\]&|!*])|(?<=[=<>,;:?(){}\[\]&|!*])\s+|^\s+|"
    r"(?<=[\w)\]])\ (?=[-+/%]\ [\w(])|(?<=[\w)\]]\ [-+/%])\ (?=[\w(])",  # not where two signs would be one
    re.MULTILINE,
)
"""Spaces and ends of lines that say nothing, since the formatter ends each statement with a sign."""
_HOLE = re.compile(r"\$\{([^{}]*)\}")
"""What of a template is code."""
_ZERO = re.compile(r"(?<![\w.$])0(?=\.\d)")
"""What stands before the point of a small number."""
_END = re.compile(r"[;,](?=\s*\})|,(?=\s*[)\]])")
"""What ends the last statement of a block or the last of several things, which the bracket ends too."""
_LONE = re.compile(r"(?<![\w$])(\()[\w$]+(\))(?=\s*=>)")
"""What stands around the only argument of an arrow function."""
_OTHER = re.compile(r"^(?:import|export)\b[^\n]*|^.*\bimport *\([^\n]*", re.MULTILINE)


class Bundle(NamedTuple):
    """What a page is given: `_esm, _css = linked(...)`."""

    script: str
    style: str


@dataclass(frozen=True)
class _Module:
    """One file, taken apart."""

    path: Path
    parts: tuple[tuple[str, str], ...]
    """Its declarations by name, without imports, the words `export`, its default, and without comments."""
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
    used = _used(modules, entry)
    chosen = [module for module in modules.values() if any(name in used for name, _ in module.parts)]
    sheets = [module.path.with_suffix(".css") for module in chosen]
    script = "".join(text for module in chosen for name, text in module.parts if name in used)
    styles = [_short_style(sheet.read_text(encoding="utf-8"), script) for sheet in sheets if sheet.exists()]
    return Bundle(_shared(shortened(f"{script}return {entry.default};\n")), "\n".join(filter(None, styles)))


def _shared(script: str) -> str:
    """The module that has a widget: made by the first that a page loads of this text, and taken over by all others."""
    digest = hashlib.sha256(script.encode()).hexdigest()[:12]
    text = (
        "const shared = globalThis[Symbol.for('probewidgets')] ??= {};\n"
        f"export default shared['{digest}'] ??= (() => {{\n{script}}})();\n"
    )
    return re.sub(r"[^\x00-\x7f]", _escaped, text)


def _escaped(match: re.Match[str]) -> str:
    r"""A letter as `\u2013`, or as two of them: it stands in a string or a pattern."""
    units = match[0].encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _used(modules: dict[Path, _Module], entry: _Module) -> set[str]:
    """The names that a module declares, and those that their texts speak of, and so on."""
    texts = {name: text for module in modules.values() for name, text in module.parts}
    used: set[str] = set()
    left = [entry.default, *(name for name, _ in entry.parts)]
    while left:
        name = left.pop()
        if name not in used:
            used.add(name)
            left += re.findall(r"[\w$]+", texts.get(name, name))
    return used & texts.keys()


def text_of(path: Path) -> str:
    """A module that imports nothing, as a text that can stand behind others'."""
    return "".join(text for _, text in _read(path, None).parts)


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
        parts=_parts(text, code, {top.start(): top["name"] for top in tops}),
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
    for match in _OPAQUE.finditer(text):
        if match["string"] and match[0][0] == "`" and match[0].count("${") != len(_HOLE.findall(match[0])):
            raise WidgetError(f"{_short(path)} has braces or a template inside the template {match[0]}: name it first.")
    for top in _TOP.finditer(code):
        if top["name"] in "{[":
            raise WidgetError(f"{_short(path)} takes something apart at its top level: declare one name at a time.")


def _parts(text: str, code: str, names: dict[int, str]) -> tuple[tuple[str, str], ...]:
    """The text, cut before each declaration, without all that says nothing: comments, spaces, and some signs.

    It is saved with every widget in a notebook, so it is made short: a declaration is a line. What stands before the
    first one belongs to it.
    """
    opaque = list(_OPAQUE.finditer(text))
    cuts = [match.span() for pattern in (_IMPORT, _EXPORT, _DEFAULT) for match in pattern.finditer(code)]
    cuts += [_with_its_lines(text, *match.span()) for match in opaque if match["comment"]]
    covered = _OPAQUE.sub(_covered, text)
    cuts += [match.span() for pattern in (_SPACE, _END, _ZERO) for match in pattern.finditer(covered)]
    for hole in (
        hole for match in opaque if text[match.start()] == "`" for hole in _HOLE.finditer(text, *match.span())
    ):
        spaces = _SPACE.finditer(_OPAQUE.sub(_covered, hole[1]))
        cuts += [(hole.start(1) + space.start(), hole.start(1) + space.end()) for space in spaces]
    cuts += [match.span(bracket) for match in _LONE.finditer(covered) for bracket in (1, 2)]
    kept, done = [], 0
    for start, end in sorted(cuts):
        kept.append((done, max(start, done)))
        done = max(done, end)
    kept.append((done, len(text)))
    starts = [0, *sorted(names)[1:]]
    parts = []
    for at, end in zip(starts, [*starts[1:], len(text)], strict=True):
        body = "".join(text[max(first, at) : min(last, end)] for first, last in kept if first < end and last > at)
        body = _WORDS.sub(lambda match: "let" if match["word"] else match[0], body)
        parts.append((names.get(at) or min(names.items(), default=(0, ""))[1], _joined(body.strip("\n")) + "\n"))
    return tuple(parts)


def _joined(body: str) -> str:
    """Declarations that follow each other in a block, as one of them."""
    covered = _OPAQUE.sub(_covered, body)
    declares = [False]  # of each open bracket: whether the statement in it began as a declaration
    kept, done = [], 0
    for at, sign in enumerate(covered):
        following = re.compile(r"let(?=[\[{])|let ").match(covered, at + 1) if sign in "{;" else None
        if sign in "([{":
            declares.append(following is not None)
        elif sign in ")]}":
            declares.pop()
        elif sign == ";":
            if declares[-1] and following:
                kept.append(body[done:at] + ",")
                done = following.end()
            declares[-1] = following is not None
    return "".join([*kept, body[done:]])


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


def _short_style(style: str, script: str) -> str:
    """A style sheet without comments, what stands around its signs, and rules for classes of which a script has none.

    Each rule stands in a line of its own; a rule with others inside goes by them.
    """
    text = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    text = re.sub(r"\s*([{};,>])\s*|(?<=\w:)\s+", r"\1", text).replace(";}", "}").strip()
    rules = re.findall(r"[^{}]+\{(?:[^{}]|\{[^{}]*\})*\}", text)
    spoken = set(re.findall(r"[\w-]+", script))
    return "\n".join(rule for rule in rules if _applies(rule, spoken))


def _applies(rule: str, spoken: set[str]) -> bool:
    """Whether a selector of a rule, or of one inside it, has only classes that are spoken of."""
    if rule.startswith("@"):
        return any(_applies(inner, spoken) for inner in re.findall(r"[^{}]+\{[^{}]*\}", rule.partition("{")[2]))
    return any(set(re.findall(r"\.(pw-[\w-]+)", each)) <= spoken for each in rule.partition("{")[0].split(","))


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
