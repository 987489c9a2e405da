// @ts-check
// The grid "Examples": the words in their sentences, one under the other, of which only the rows in sight are in the page; and
// what is listed, in which order.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { Answer, ErrorsStore } from "./store.js" */
import { h, paint, pushButton, say, word } from "../kit/dom.js";
import { plural, whole } from "../kit/text.js";
import { virtualRows } from "../kit/virtual.js";
import { edgeOf, fillOf } from "../reading/colours.js";

/**
 * @param {ErrorsStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function exampleList(store, signal) {
  const head = h("div", { class: "pw-e-line pw-e-titles", role: "row", "aria-rowindex": "1" });
  const scroller = h("div", { class: "pw-e-list", role: "grid", "aria-label": "Examples", tabindex: "0" });
  const none = h("p", { class: "pw-hint pw-e-none" });
  const bar = listBar(store, signal);
  const root = h("div", { class: "pw-e-examples" }, bar.root, scroller, none);
  const rows = virtualRows(scroller, h("div", { role: "rowgroup", class: "pw-e-sticky" }, head), {
    make: exampleRow,
    fill: (row, place) => fillExample(row, store, place),
    take: (place) => {
      const example = store.row(place);
      if (example) store.choose({ selected: example.target });
    },
  }, signal);
  let key = -1;
  return {
    root,
    draw(what) {
      if (what === "status") return bar.draw();
      const { view, total } = store;
      const anew = store.key !== key;
      if (!head.childElementCount) head.append(...view.titles.map(title));
      scroller.classList.toggle("pw-e-whole", view.unit === "sentence");
      if (what === "scene") {
        key = store.key;
        rows.draw(total, anew);
      } else rows.refill();
      none.hidden = total > 0;
      none.textContent = view.of?.wrong && !view.of.cell && !view.of.slice
        ? `No ${view.unit} of test is wrong at this layer.`
        : "Nothing here: take a filter away.";
      return bar.draw();
    },
  };
}

/** @param {string} text */
const title = (text) => h("div", { role: "columnheader", class: "pw-e-title" }, text);

function exampleRow() {
  const parts = ["before", "rest"].map((name) => h("span", { class: name === "before" ? "pw-e-before" : "pw-e-rest" }));
  const sentence = h("div", { class: "pw-e-sentence", role: "gridcell" }, ...parts);
  const labels = [1, 2].map(() => h("div", { class: "pw-e-label", role: "gridcell" }));
  const numbers = [1, 2].map(() => h("div", { class: "pw-e-number", role: "gridcell" }));
  return h("div", { class: "pw-e-line", role: "row" }, sentence, ...labels, ...numbers);
}

/**
 * @param {HTMLElement} row
 * @param {ErrorsStore} store
 * @param {number} place
 */
function fillExample(row, store, place) {
  const example = store.row(place);
  const [sentence, gold, given, sure, seen] = /** @type {HTMLElement[]} */ ([...row.children]);
  const [before, rest] = /** @type {HTMLElement[]} */ ([...sentence.children]);
  if (!example) {
    for (const cell of [before, rest, gold, given, sure, seen]) cell.replaceChildren();
    rest.textContent = "…";
    say(row, "aria-selected", "false");
    return;
  }
  const { view, choice } = store;
  say(row, "aria-selected", String(example.target === choice.selected));
  sentence.dir = example.rtl ? "rtl" : "ltr";
  before.replaceChildren(h("span", {}, example.before));
  const mark = h("mark", { class: example.frequency === 0 ? "pw-e-mark pw-e-new" : "pw-e-mark" }, example.word);
  rest.replaceChildren(view.unit === "sentence" ? example.word : mark, example.after);
  gold.replaceChildren(chip(store, example.gold));
  const verdict = view.numbers ? "" : example.gold === example.given ? "✓" : "✗";
  given.replaceChildren(chip(store, example.given), h("strong", { class: "pw-e-verdict" }, verdict));
  sure.textContent = example.told ?? "–";
  seen.textContent = example.frequency === undefined
    ? ""
    : example.frequency === 0
    ? "unseen"
    : whole(example.frequency);
  seen.hidden = example.frequency === undefined;
}

/**
 * A label with its colour, or a number.
 * @param {ErrorsStore} store
 * @param {Answer} k
 */
export function chip({ view }, k) {
  if (typeof k === "string") return word(k);
  const swatch = paint(h("i", { class: "pw-e-swatch", "aria-hidden": "true" }), {
    "--fill": fillOf(view.palette, k),
    "--edge": edgeOf(view.palette, k),
  });
  return h("span", { class: "pw-e-chip" }, swatch, word(view.called[k] ?? "–"));
}

/**
 * What is listed, with a button that takes each filter away; and the order.
 * @param {ErrorsStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
function listBar(store, signal) {
  const filters = h("div", { class: "pw-e-filters" });
  const wrong = h("input", { type: "checkbox" });
  const only = h("label", { class: "pw-control" }, wrong, "Only errors");
  const sort = h("select", { "aria-label": "Sort by" });
  const turn = pushButton("↓", {
    "aria-label": "Reverse the order",
    "aria-pressed": "false",
    title: "Reverse the order",
  });
  const by = h(
    "label",
    { class: "pw-control" },
    h("span", { class: "pw-name", "aria-hidden": "true" }, "Sort by"),
    sort,
  );
  const root = h("div", { class: "pw-e-listed" }, filters, only, by, turn);
  wrong.addEventListener("change", () => store.choose({ wrong: wrong.checked }), { signal });
  sort.addEventListener("change", () => store.choose({ sort: sort.value }), { signal });
  turn.addEventListener("click", () => store.choose({ reverse: !store.choice.reverse }), { signal });
  return {
    root,
    draw() {
      const { view, choice, fixed } = store;
      if (!sort.length) sort.append(...Object.entries(view.sorts).map(([value, name]) => h("option", { value }, name)));
      const count = h("strong", {}, plural(view.list.total, view.unit));
      filters.replaceChildren(count, ...filtersOf(store, signal));
      const both = (choice.cell ?? []).filter((/** @type {unknown} */ label) => label !== null).length === 2;
      only.hidden = both || view.numbers;
      wrong.checked = choice.wrong;
      sort.value = choice.sort;
      say(turn, "aria-pressed", String(choice.reverse));
      turn.textContent = choice.reverse ? "↑" : "↓";
      for (const input of [wrong, sort, turn]) input.disabled = fixed;
    },
  };
}

/**
 * @param {ErrorsStore} store
 * @param {AbortSignal} signal
 */
function filtersOf(store, signal) {
  const { view, choice } = store;
  const { cell, slice } = choice;
  /** @type {(label: string) => string} */
  const called = (label) => view.called[view.labels.indexOf(label)] ?? label;
  /** @type {[string, () => void][]} */
  const filters = [];
  if (cell) {
    const [gold, given] = cell;
    const [row, column] = view.words;
    const parts = [gold !== null && `${row} ${called(gold)}`, given !== null && `${column} ${called(given)}`];
    filters.push([parts.filter(Boolean).join(" → "), () => store.pickCell(cell)]);
  }
  if (slice) {
    const at = view.slices.name.findIndex((/** @type {string} */ name, /** @type {number} */ place) =>
      name === slice[1] && view.slices.kind[place] === slice[0]
    );
    filters.push([`${slice[0]}: ${view.slices.called[at] ?? slice[1]}`, () => store.pickSlice(slice)]);
  }
  return filters.map(([text, away]) => {
    const button = pushButton("", { class: "pw-button pw-e-filter", "aria-label": `Do not filter by ${text}` });
    button.append(word(text), " ×");
    button.addEventListener("click", away, { signal });
    button.disabled = store.fixed;
    return button;
  });
}
