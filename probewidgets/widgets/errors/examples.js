// @ts-check
// The grid "Examples": the words in their sentences, one under the other, of which only the rows in sight are in the page; and
// what is listed, in which order.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { Answer, ErrorsStore } from "./store.js" */
import { h, on, paint, pushButton, say, word, write } from "../kit/dom.js";
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
      if (what === "rows") return;
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

/** An empty row. All that can be in it is there from the start, so that scrolling writes texts and makes no elements. */
function exampleRow() {
  const rest = h("span", { class: "pw-e-rest" }, h("mark", { class: "pw-e-mark" }), h("span"));
  const before = h("span", { class: "pw-e-before" }, h("span"));
  const sentence = h("div", { class: "pw-e-sentence", role: "gridcell" }, before, rest);
  const labels = [null, h("strong", { class: "pw-e-verdict" })].map((verdict) =>
    h("div", { class: "pw-e-label", role: "gridcell" }, emptyChip(), verdict)
  );
  const numbers = [1, 2].map(() => h("div", { class: "pw-e-number", role: "gridcell" }));
  return h("div", { class: "pw-e-line", role: "row" }, sentence, ...labels, ...numbers);
}

/** What stands for a row that is on its way. */
const COMING = {
  target: NaN,
  before: "",
  word: "",
  after: "…",
  rtl: false,
  gold: "",
  given: "",
  told: "",
  frequency: NaN,
};

/**
 * @param {HTMLElement} row
 * @param {ErrorsStore} store
 * @param {number} place
 */
function fillExample(row, store, place) {
  const example = store.row(place) ?? COMING;
  const { target, before, word, after, gold, given, told, frequency } = example;
  const [sentence, isGold, isGiven, sure, seen] = /** @type {HTMLElement[]} */ ([...row.children]);
  const [start, mark, end] = /** @type {HTMLElement[]} */ ([...sentence.querySelectorAll("mark, span > span")]);
  const { view, choice } = store;
  say(row, "aria-selected", target === choice.selected);
  say(sentence, "dir", example.rtl ? "rtl" : "ltr");
  write(start, before);
  const marked = view.unit !== "sentence";
  if (mark.hidden === marked) mark.hidden = !marked;
  write(mark, word);
  mark.classList.toggle("pw-e-new", frequency === 0);
  write(end, marked ? after : word + after);
  dressChip(isGold.children[0], store, gold);
  dressChip(isGiven.children[0], store, given);
  write(isGiven.children[1], typeof gold === "string" ? "" : gold === given ? "✓" : "✗");
  write(sure, told ?? "–");
  write(seen, frequency === 0 ? "unseen" : frequency ? whole(frequency) : "");
  if (seen.hidden === marked) seen.hidden = !marked;
}

const emptyChip = () =>
  h("span", { class: "pw-e-chip" }, h("i", { class: "pw-e-swatch", "aria-hidden": "true" }), word(""));

/**
 * Show a label with its colour in a chip, or a number.
 * @param {Element} chip
 * @param {ErrorsStore} store
 * @param {Answer} k
 */
function dressChip(chip, { view }, k) {
  const [swatch, text] = /** @type {HTMLElement[]} */ ([...chip.children]);
  const plain = typeof k === "string";
  if (swatch.hidden !== plain) swatch.hidden = plain;
  write(text, plain ? k : view.called[k] ?? "–");
  if (!plain) paint(swatch, { "--fill": fillOf(view.palette, k), "--edge": edgeOf(view.palette, k) });
  return chip;
}

/**
 * A label with its colour, or a number.
 * @param {ErrorsStore} store
 * @param {Answer} k
 */
export const chip = (store, k) => dressChip(emptyChip(), store, k);

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
  let drawn = "";
  on(wrong, "change", () => store.choose({ wrong: wrong.checked }), signal);
  on(sort, "change", () => store.choose({ sort: sort.value }), signal);
  on(turn, "click", () => store.choose({ reverse: !store.choice.reverse }), signal);
  return {
    root,
    draw() {
      const { view, choice, fixed } = store;
      if (!sort.length) sort.append(...Object.entries(view.sorts).map(([value, name]) => h("option", { value }, name)));
      const key = JSON.stringify([store.key, choice.cell, choice.slice, fixed]);
      if (key !== drawn) {
        filters.replaceChildren(h("strong", {}, plural(view.list.total, view.unit)), ...filtersOf(store, signal));
      }
      drawn = key;
      const both = (choice.cell ?? []).filter((/** @type {unknown} */ label) => label !== null).length === 2;
      only.hidden = both || view.numbers;
      wrong.checked = choice.wrong;
      sort.value = choice.sort;
      say(turn, "aria-pressed", choice.reverse);
      write(turn, choice.reverse ? "↑" : "↓");
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
    on(button, "click", away, signal);
    button.disabled = store.fixed;
    return button;
  });
}
