"""The linker: what a page is given of modules that import each other, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from probewidgets.errors import WidgetError
from probewidgets.widgets.kit.linker import Bundle, linked, text_of

Files = Callable[..., Bundle]


@pytest.fixture
def link(tmp_path: Path) -> Files:
    """Write some files, and link the one called `view.js`."""

    def write(**texts: str) -> Bundle:
        for name, text in texts.items():
            path = tmp_path / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return linked(tmp_path / "view.js")

    return write


def inside(script: str) -> str:
    """What a script says between the lines that share it among the widgets of a page."""
    first, second, *inner, last, end = script.splitlines(keepends=True)
    assert first.startswith("const shared = ") and second.startswith("export default shared[") and end == "})();\n"
    return "".join([*inner, last])


def test_each_module_is_in_once_and_after_what_it_imports(link: Files, page: Page) -> None:
    script = link(
        view_js='import { left } from "./left.js";\nimport { right } from "./right.js";\n'
        "export default left + right;\n",
        left_js='import { bottom } from "./kit/bottom.js";\nexport const left = `<${bottom()}`;\n',
        right_js='import { bottom } from "./kit/bottom.js";\nexport const right = `${bottom()}>`;\n',
        kit__bottom_js='export function bottom() {\n  return "o";\n}\n',
    ).script
    assert re.findall(r'"o"|`<|>`|return \w \+', script) == ['"o"', "`<", ">`", "return c +"]
    assert "import" not in script
    url = "URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))"
    assert page.evaluate(f"async text => (await import({url})).default", script) == "<oo>"


def test_what_only_the_default_of_an_inner_module_needs_stays_behind(link: Files) -> None:
    script = link(
        view_js='import { a } from "./a.js";\nexport default a;\n',
        a_js='import { b } from "./b.js";\nimport { c } from "./c.js";\nexport const a = c;\nexport default b(a);\n',
        b_js="export const b = (value) => value;\n",
        c_js="export const c = 1;\n",
    ).script
    assert re.findall(r"let (\w)", inside(script)) == ["c", "a"]


def test_sheets_come_along_with_their_modules_in_the_same_order(link: Files) -> None:
    style = link(
        view_js='import { a } from "./a.js";\nexport default a;\n',
        view_css=".view { color: red; }\n",
        a_js='import { b } from "./b.js";\nexport const a = b;\n',
        b_js="export const b = 1;\n",
        b_css="/* A comment\nof two lines. */\n.b { color: blue; }\n",
        c_css=".c { color: green; }\n",
    ).style
    assert style.split("\n") == [".b{color:blue}", ".view{color:red}"]


def test_comments_stay_behind_and_what_only_looks_like_one_stays(link: Files) -> None:
    script = link(
        view_js="""// @ts-check
/** @import { Part } from "./host.d.ts" */

/**
 * Of several lines.
 */
export const a = "// no comment"; // a comment
export const b = `/* none */
  import { x } from "nowhere";
`;
const c = /[/*"]\\/\\/ /; /** @type {any} */ const d = 4 / 2; // 'it's
export default [a, b, c, d];
"""
    ).script
    assert inside(script) == (
        'let a="// no comment";\nlet b=`/* none */\n  import { x } from "nowhere";\n`;\n'
        'let c = /[/*"]\\/\\/ /;let d=4/2;\nreturn [a, b, c, d];\n'
    )


def test_the_default_of_an_imported_module_is_its_own(link: Files) -> None:
    script = link(
        view_js='import { part } from "./part.js";\n\nexport default part + 1;\n',
        part_js="export const part = 1;\n\nexport default part;\n",
    ).script
    assert inside(script).split() == ["let", "a=1;", "return", "a", "+", "1;"]


IMPORTED = """async texts => {
    const load = text => import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
    return (await Promise.all(texts.map(load))).map(module => module.default);
}"""


def test_widgets_of_one_text_share_one_code_in_a_page_and_those_of_another_have_their_own(
    link: Files, page: Page
) -> None:
    counted = "globalThis.n = (globalThis.n ?? 0) + 1;\nexport default globalThis.n;\n"
    first, other = link(view_js=counted).script, link(view_js="const a = 7;\n" + counted).script
    assert page.evaluate(IMPORTED, [first, first, other, first]) == [1, 1, 2, 1]


def test_a_script_is_ascii_and_says_the_same(link: Files, page: Page) -> None:
    script = link(view_js='const a = "– 🦉";\nexport default [a, `é${a}`, /^[–]/.test(a), /🦉$/u.test(a)];\n').script
    assert script.isascii()
    assert page.evaluate(IMPORTED, [script]) == [["– 🦉", "é– 🦉", True, True]]


SQUEEZED = """
const pick = (list, at) => {
  const rows = [
    1,
    2,
    { a: 3, },
  ];
  const [first, ...rest] = list;
  const { b } = { b: 4, };
  if (at) { const c = 5; const d = 6; return c - -d + b; }
  let sum = 0;
  for (let i = 0, n = rest.length; i < n; i += 1) sum += rest[i] / 2;
  const text = "let a = 1; let b = 2;, }";
  const again = () => { const e = 7; let f = e - 1; f -= 1; return f; };
  return [rows.length, first, sum, text, again(), 8 % 3, 2 - +"1"];
};
export default [pick([1, 4, 6], 0), pick([1], 1)];
"""


def test_a_squeezed_script_says_the_same(link: Files, page: Page) -> None:
    script = link(view_js=SQUEEZED).script
    told = r"let \w=\[1,2,\{a:3\}\],\[\w,\.\.\.\w\]=\w,\{b\}=\{b:4\};if\(at\)\{let c=5,d=6;return"
    assert re.search(told, script)
    assert page.evaluate(IMPORTED, [script]) == [[[3, 1, 5, "let a = 1; let b = 2;, }", 5, 2, 1], 15]]


TEMPLATES = """
const pick = (n, of) => `${n === 1 ? "one  of" : `x`.length + n + 0.5} - ${of[0] - 0.25} of  ${of.join(" , ")}`;
const both = [pick(1, [10.5, 0.5]), pick(2, [0, 1])];
export default both;
"""


def test_code_in_templates_and_small_numbers_are_squeezed_and_what_is_written_is_not(link: Files, page: Page) -> None:
    script = link(view_js=TEMPLATES.replace("`x`", '"x"')).script
    assert re.search(r'`\$\{n===1\?"one  of":"x"\.length\+n\+0\.5\} - \$\{of\[0\]-0\.25\} of  \$', script)
    assert "[10.5,.5]" in script
    assert page.evaluate(IMPORTED, [script]) == [["one  of - 10.25 of  10.5 , 0.5", "3.5 - -0.25 of  0 , 1"]]


def test_a_name_of_one_function_may_be_a_local_of_another_module(link: Files) -> None:
    link(
        view_js='import { a } from "./a.js";\nfunction b() {\n  const draw = a;\n}\nexport default b;\n',
        a_js="export function a() {\n  const draw = 1;\n  return draw;\n}\n",
    )


REFUSED = {
    "a circle": (
        {"view_js": 'import { a } from "./a.js";\nexport default a;\n',
         "a_js": 'import { b } from "./b.js";\nexport const a = b;\n',
         "b_js": 'import { a } from "./a.js";\nexport const b = a;\n'},
        r"circle: .*a\.js imports .*b\.js imports .*a\.js",
    ),
    "itself": (
        {"view_js": 'import { a } from "./view.js";\nexport const a = 1;\nexport default a;\n'},
        r"circle: .*view\.js imports .*view\.js",
    ),
    "a missing file": (
        {"view_js": 'import { a } from "./nowhere.js";\nexport default a;\n'},
        r"no module .*nowhere\.js, which .*view\.js imports",
    ),
    "a missing export": (
        {"view_js": 'import { b, c } from "./a.js";\nexport default b;\n',
         "a_js": "export const b = 1;\nconst c = 2;\n"},
        r"view\.js imports \['c'\] from .*a\.js, which does not export it, only \['b'\]",
    ),
    "one name twice": (
        {"view_js": 'import { b } from "./a.js";\nfunction own() {}\nexport default own(b);\n',
         "a_js": "export const b = 1;\nclass own {}\n"},
        r"'own' is declared twice, in .*a\.js and .*view\.js",
    ),
    "no default": ({"view_js": "export const a = 1;\n"}, r"view\.js has no `export default"),
    "a library": (
        {"view_js": 'import { h } from "https://esm.sh/preact";\nexport default h;\n'},
        r"only files beside it can be linked",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_linked_is_an_error_that_names_it(link: Files, what: str) -> None:
    texts, message = REFUSED[what]
    with pytest.raises(WidgetError, match=message):
        link(**texts)


@pytest.mark.parametrize(
    "line",
    [
        'import a from "./a.js";',
        'import * as a from "./a.js";',
        'import { b as a } from "./a.js";',
        'import "./a.js";',
        'export * from "./a.js";',
        'export { a } from "./a.js";',
        "export let a = 1;",
        "export default {\n};",
        'const a = () => import("./a.js");',
        'export const a = async () => await import("./a.js");',
    ],
)
def test_other_imports_and_exports_are_refused(link: Files, line: str) -> None:
    with pytest.raises(WidgetError, match=r"view\.js says `.*`, which the linker does not understand"):
        link(view_js=f"{line}\nexport default 1;\n", a_js="export const b = 1;\n")


def test_names_are_declared_one_at_a_time(link: Files) -> None:
    with pytest.raises(WidgetError, match="one name at a time"):
        link(view_js="const { a, b } = { a: 1, b: 2 };\nexport default a + b;\n")


def test_what_is_wrong_is_said_when_the_class_is_made(tmp_path: Path) -> None:
    with pytest.raises(WidgetError, match=r"There is no module .*nothing\.js\."):

        class Broken:
            _esm, _css = linked(tmp_path / "nothing.js")


def test_a_module_alone_is_a_text(tmp_path: Path) -> None:
    path = tmp_path / "a.js"
    path.write_text("// Why.\nexport function a() {\n  return 1;\n}\n")
    assert text_of(path) == "function a(){return 1}\n"
