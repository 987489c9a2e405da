// @ts-check
// The grid "Words": sentences as text whose words are painted, by dragging, by clicks and by keys.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { TeacherStore } from "./store.js" */
import { focusIn, focusOnly, h, paint, say, targetOf, word } from "../kit/dom.js";
import { listenToHand } from "./hand.js";
import { listenToKeys } from "./keys.js";
import { between, predicted, underText, unitName } from "./scene.js";

/** @typedef {{ root: HTMLElement, under: HTMLElement }} Cell */

const GLUED = 24; // letters of units between which nothing stands that end no line: there are texts without spaces

/** What is chosen among the cells, and what would be painted if the hand let go now. */
export class Choosing {
  at = 0; // the cell that has the focus, or would have it
  from = 0; // where the selection begins; it ends at `at`
  /** @type {number[]} */
  preview = [];

  get chosen() {
    return between(this.from, this.at);
  }

  /**
   * @param {number} at
   * @param {boolean} [extend] whether the selection grows, and does not begin anew
   */
  go(at, extend = false) {
    this.at = at;
    if (!extend) this.from = at;
  }
}

/**
 * @param {TeacherStore} store
 * @param {AbortSignal} signal
 * @param {{ leave: () => void, moved: () => void }} uses who takes the focus on Escape, and is told where it is
 * @returns {Part & { focus: () => void, current: () => number }}
 */
export function wordGrid(store, signal, { leave, moved }) {
  const attributes = { class: "pw-painting", role: "grid", "aria-label": "Words", "aria-multiselectable": "true" };
  const grid = h("div", attributes);
  const hint = h("p", { class: "pw-hint pw-empty" });
  const root = h("div", { class: "pw-page" }, hint, grid);
  const choosing = new Choosing();
  /** @type {Cell[]} */
  let cells = [];
  let drawn = "";

  function mark() {
    const preview = new Set(choosing.preview);
    const [low, high] = [choosing.from, choosing.at].sort((a, b) => a - b);
    cells.forEach(({ root: cell }, u) => {
      cell.classList.toggle("pw-preview", preview.has(u));
      say(cell, "aria-selected", low <= u && u <= high && (low < high || u === choosing.at));
    });
    paint(grid, { "--brush": store.hue(store.lesson.labels.indexOf(store.brush)) });
    moved();
  }

  /** @param {boolean} focus */
  function place(focus) {
    const cell = cells[choosing.at]?.root;
    if (cell) focusOnly(grid, cell, focus);
    mark();
  }

  function rebuild() {
    const { lesson } = store;
    const held = focusIn(grid) ? lesson.place.get(Number(focusIn(grid)?.dataset.id)) ?? choosing.at : -1;
    cells = lesson.ids.map((id, u) => cellOf(id, u, lesson.forms[u]));
    let at = 0;
    grid.replaceChildren(...lesson.sizes.map((size) => {
      const row = h("div", { class: "pw-sentence", role: "row", dir: "auto" });
      for (const end = at + size; at < end;) {
        const from = at;
        let letters = 0;
        do letters += lesson.forms[at++].length; while (
          at < end && !lesson.gaps[at] && letters + lesson.forms[at].length <= GLUED
        );
        const units = cells.slice(from, at).map((cell) => cell.root);
        row.append(
          lesson.gaps[from] ? " " : "",
          units.length > 1 ? h("span", { class: "pw-glued" }, ...units) : units[0],
        );
      }
      return row;
    }));
    choosing.go(Math.min(held >= 0 ? held : choosing.at, Math.max(cells.length - 1, 0)));
    place(held >= 0);
  }

  const hooks = { store, choosing, mark, place, leave, cell: (/** @type {number} */ u) => cells[u]?.root };
  grid.addEventListener("focusin", (event) => {
    const u = Number(targetOf(event).dataset.u);
    if (u === choosing.at || Number.isNaN(u)) return;
    choosing.go(u); // something else than our keys has brought the focus here
    place(false);
  }, { signal });
  listenToHand(grid, hooks, signal);
  listenToKeys(grid, hooks, signal);
  return {
    root,
    focus: () => place(true),
    current: () => choosing.at,
    draw() {
      const { lesson, view } = store;
      const key = [lesson.unit, lesson.ids.join(), lesson.forms.join("\n")].join("\n\n");
      if (key !== drawn) rebuild();
      drawn = key;
      cells.forEach((cell, u) => drawCell(store, cell, u));
      grid.classList.toggle("pw-whole", lesson.unit === "sentence");
      grid.hidden = cells.length === 0;
      hint.textContent = hintFor(view.text ?? "", lesson.labels.length, view.painted_units ?? 0, lesson.unit);
      hint.hidden = hint.textContent === "" || store.connection === "static";
      say(grid, "aria-disabled", store.open ? null : "true");
      const wanted = store.wanted === null ? undefined : lesson.place.get(store.wanted);
      if (wanted === undefined) return mark();
      store.wanted = null;
      choosing.go(wanted);
      return place(true);
    },
  };
}

/**
 * @param {number} id
 * @param {number} u
 * @param {string} form
 * @returns {Cell}
 */
function cellOf(id, u, form) {
  const under = h("span", { class: "pw-under", "aria-hidden": "true" });
  const attributes = { class: "pw-unit", role: "gridcell", tabindex: u ? "-1" : "0", "data-u": u, "data-id": id };
  return { root: h("span", attributes, word(form), under), under };
}

/**
 * @param {TeacherStore} store
 * @param {Cell} cell
 * @param {number} u
 */
function drawCell(store, { root, under }, u) {
  const { lesson } = store;
  const mark = lesson.marks[u];
  const { k, p } = mark >= 0 ? { k: mark, p: 1 } : predicted(lesson, u);
  const text = underText(lesson, u);
  if (under.textContent !== text) under.textContent = text;
  const name = unitName(lesson, u);
  say(root, "aria-label", name);
  say(root, "title", name);
  root.classList.toggle("pw-painted", mark >= 0);
  root.classList.toggle("pw-nothing", mark === lesson.labels.length);
  const plain = k < 0 || k === lesson.labels.length;
  // In steps, so that what has hardly changed is not painted anew.
  paint(root, { "--hue": plain ? "transparent" : store.hue(k), "--share": plain ? "0%" : `${strength(p)}%` });
}

/** @param {number} p */
function strength(p) {
  return 30 + 5 * Math.round(14 * p);
}

/**
 * What to do first, where there is nothing yet.
 * @param {string} text
 * @param {number} labels
 * @param {number} painted
 * @param {string} unit
 */
export function hintFor(text, labels, painted, unit) {
  if (!text.trim()) return "Type or paste sentences above, one on each line.";
  if (!labels) return `Make a label first, such as “food”: then paint ${unit}s with it.`;
  if (!painted) {
    return `Drag over ${unit}s, or click them, to paint them. What is neither painted nor predicted is plain.`;
  }
  return "";
}
