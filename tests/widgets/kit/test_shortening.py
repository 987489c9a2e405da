"""Short names: the same said shorter, whatever names are also called; and none that a page has means another thing."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from probewidgets.widgets.kit import shortening
from probewidgets.widgets.kit.linker import linked
from probewidgets.widgets.kit.shortening import shortened
from tests.widgets.test_files import WIDGETS

SAME = """
class Counter {
  #count = 0;
  static #made = "#count";
  shown = 3;
  get many() { return this.#count; }
  add(amount) {
    this.#count += amount ?? 1;
    return `#count ${this.#count} of ${Counter.#made}, shown ${this.shown}`;
  }
  has(other) { return #count in other && other.#count > 0; }
}
class Other extends Counter {
  #made = 7;
  #count = 5;
  get() { return [this.#count, this?.#made, "#made", /#made/.test("#made")]; }
}
const counter = new Counter();
function taken({ first, second: renamed = 2 }, [third, ...others], fourth = 4, ...left) {
  const first_ = first, both = { first, renamed, [third]: fourth, sum() { return first + renamed; } };
  let [head, tail] = [others, left];
  for (const [index, each] of Object.entries(others)) head = [...head, index, each];
  switch (third) { case "third": tail = ["case", third]; break; default: tail = []; }
  const label = third ? first : renamed, pattern = third => { return /third/g.test(third); };
  try { nothing.at.all(); } catch (caught) { tail.push(caught.constructor.name); }
  const deep = { again: { third, more: third }, pattern: pattern("a third"), label };
  const text = `${third}: ${others.map((other) => other + third)}`;
  return { both, head, tail, label, deep, first_, sum: both.sum(), text };
}
const result = taken({ first: 1 }, ["third", 5, 6], undefined, 7);
return JSON.stringify([counter.add(), counter.add(2), counter.many, new Other().get(), counter.has(new Other()),
  Counter.prototype.add.length, result]);
"""


def test_a_script_with_short_names_says_the_same(page: Page) -> None:
    short = shortened(SAME)
    assert len(short) < 0.9 * len(SAME)
    assert not re.search(r"#count(?!.*[\"`])|\bcounter\b|\bothers\b|\bcaught\b", short)
    said = [page.evaluate(f"() => {{{script}}}") for script in (SAME, short)]
    assert said[0] == said[1]
    assert '"#count 1 of #count, shown 3"' in said[0] and '"case","third","ReferenceError"' in said[0]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("let value=1;return{value};", "let value=1;return{value};"),  # a property
        ("let value=1;return a.value+value;", "let value=1;return a.value+value;"),
        ("let value=1;return{a:value,b:[value]};", "let c=1;return{a:c,b:[c]};"),  # a and b are names that are there
        ("let f=({value})=>value;", "let f=({value})=>value;"),
        ("let f=(value,other)=>[value,other,other];", "let f=(b,a)=>[b,a,a];"),
        ("let f=value=>`${value.x} value ${value}`;", "let f=a=>`${a.x} value ${a}`;"),
        ('let value=1;return["value",/value/,value];', 'let a=1;return["value",/value/,a];'),
        ("return document.title+window;", "return document.title+window;"),  # of the page
        ("let event=1;return event;", "let event=1;return event;"),  # which every page has
        (
            "class Value{other(){return 1}}return new Value().other();",
            "class a{other(){return 1}}return new a().other();",
        ),
        ("if(document){let value=2;return value}", "if(document){let a=2;return a}"),
        ("let value=3;return 6/value/value;", "let a=3;return 6/a/a;"),
    ],
)
def test_only_what_a_script_declares_and_is_no_property_becomes_short(script: str, expected: str) -> None:
    assert shortened(script) == expected


@pytest.mark.parametrize("widget", WIDGETS)
def test_no_name_that_becomes_short_is_one_of_the_page(
    widget: type, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script that declares a name may mean the page's elsewhere: of those none may be touched."""
    renamed: set[str] = set()
    declared = shortening._declared

    def noted(*parts: Any) -> set[str]:
        names = declared(*parts)
        renamed.update(names - shortening._properties(*parts[:2]) - shortening._OF_THE_PAGE)
        return names

    monkeypatch.setattr(shortening, "_declared", noted)
    linked(Path(inspect.getfile(widget)).with_name("view.js"))
    assert len(renamed) > 50
    assert page.evaluate("names => names.filter(name => name.length > 2 && name in globalThis)", list(renamed)) == []
