// @ts-check
// The grid "Confusion": what is gold in rows, what is given in columns, labels or bins of numbers. What is right is grey, what
// is wrong red; of numbers the redder, the farther off. A cell, a row or a column that is chosen is listed.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { Confusion } from "./matrix.js" */
/** @import { ErrorsStore } from "./store.js" */
import { focusIn, focusOnly, h, on, paint, say, watchSize, word } from "../kit/dom.js";
import { inside, keyGrid } from "../kit/grid.js";
import { clamp, whole } from "../kit/text.js";
import { cellSaid, commonest, headSaid, percent, shadeOf, SHADES } from "./matrix.js";

/** @typedef {{ root: HTMLElement, cells: HTMLElement[] }} Line its head is cell 0 */

const FEW_LABELS = 8; // cells of so few may be wide
const WIDEST = 40; // px of a cell of many
const WRITTEN = 23; // px of a cell that has room for a number
const HIGH = 13; // the same for its height
const ROWS = 290; // px for all rows, or as much as up to so many need to be written
const MOST_WRITTEN = 26;

/**
 * @param {ErrorsStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function confusionGrid(store, signal) {
  const grid = h("div", { class: "pw-e-grid", role: "grid", "aria-label": "Confusion" });
  const told = h("p", { class: "pw-e-told" });
  const wrap = h("div", { class: "pw-e-wrap" }, grid);
  const caption = h("p", { class: "pw-e-caption" });
  const root = h("div", { class: "pw-e-confusion" }, caption, wrap, told);
  /** @type {Line[]} the heads of the columns, then the rows */
  let lines = [];
  let drawn = "";
  const spotOf = keyGrid(grid, {
    rows: () => lines,
    columns: () => store.confusion.size,
    cellAt: ([row, column]) => lines[row]?.cells[1 + (row ? column : Math.max(column, 0))], // the corner is none
    act: ([row, column]) => pick(row - 1, column),
  }, signal);

  /**
   * @param {number} row
   * @param {number} column
   */
  function pick(row, column) {
    const { label } = store.confusion;
    const cell = [row < 0 ? null : label(row), column < 0 ? null : label(column)];
    // What stands for several labels has no name that the kernel knows.
    if ((row >= 0 && cell[0] === null) || (column >= 0 && cell[1] === null)) return;
    if (cell.some((each) => each !== null)) store.pickCell(cell);
  }

  /** @param {EventTarget | null} target */
  function tell(target) {
    const spot = target instanceof Element ? spotOf(target) : null;
    told.textContent = spot && saidAt(store.confusion, spot[0] - 1, spot[1]) || atFirst(store);
  }
  on(grid, ["pointerover", "focusin"], ({ target }) => tell(target), signal);
  on(grid, ["pointerleave", "focusout"], () => tell(focusIn(grid)), signal);

  function build() {
    const { size, names, words } = store.confusion;
    const before = focusIn(grid);
    const spot = before ? spotOf(before) : null;
    const heads = names.map((name, column) => columnHead(name, column));
    const corner = h("div", { class: "pw-e-corner", role: "columnheader" }, words[0]);
    const top = h("div", { class: "pw-e-row pw-e-heads", role: "row" }, corner, ...heads);
    lines = [{ root: top, cells: [corner, ...heads] }, ...names.map((name) => line(name, size))];
    grid.replaceChildren(...lines.map((each) => each.root));
    const [row, column] = inside(spot ?? [1, 0], lines.length, size);
    const cell = lines[row]?.cells[column + 1];
    if (cell && cell !== corner) focusOnly(grid, cell, Boolean(before));
  }

  function measure() {
    const { size } = store.confusion;
    const heads = lines[1]?.cells[0].offsetWidth ?? 0;
    const room = wrap.clientWidth - heads - 2;
    const width = clamp(Math.floor(room / (size || 1)), 9, size <= FEW_LABELS ? 2.2 * WIDEST : WIDEST);
    const height = clamp(Math.floor(ROWS / (size || 1)), size > MOST_WRITTEN ? 9 : HIGH, 22);
    paint(grid, { "--cell": `${width}px`, "--row": `${height}px`, "--k": size });
    grid.classList.toggle("pw-e-unwritten", width < WRITTEN || height < HIGH);
    grid.classList.toggle("pw-e-upright", width < 64);
  }
  watchSize([wrap], signal, measure);

  return {
    root,
    draw() {
      const { confusion, choice, view } = store;
      const key = JSON.stringify([view.axis, view.called]);
      if (key !== drawn) build();
      drawn = key;
      caption.textContent = `${view.caption}, ${SHADES.find(([name]) => name === store.shade)?.[1]}`;
      const shade = shadeOf(confusion, store.shade);
      const chosen = /** @type {(string | null)[]} */ (choice.cell ?? []);
      grid.classList.toggle("pw-e-band", chosen.includes(null));
      /** @type {(label: string | null, place: number) => boolean} */
      const fits = (label, place) => label === null || label === confusion.label(place);
      lines.forEach(({ cells }, number) => {
        const row = number - 1;
        cells.forEach((cell, at) => {
          const column = at - 1;
          if (row < 0 && column < 0) return;
          const own = chosen.length > 0 && isChosen(chosen, row, column, fits);
          say(cell, "aria-selected", row >= 0 && column >= 0 ? String(own) : null);
          cell.classList.toggle("pw-e-chosen", own);
          if (row >= 0 && column >= 0) fillCell(cell, store, row, column, shade(row, column));
          else fillHead(cell, store, row, column);
        });
      });
      measure();
      tell(focusIn(grid));
    },
  };
}

/**
 * @param {(string | null)[]} chosen
 * @param {number} row
 * @param {number} column
 * @param {(label: string | null, place: number) => boolean} fits
 */
function isChosen([gold, given], row, column, fits) {
  if (row < 0) return given !== null && fits(given, column);
  if (column < 0) return gold !== null && fits(gold, row);
  return fits(gold, row) && fits(given, column);
}

/**
 * @param {string} name
 * @param {number} column
 */
function columnHead(name, column) {
  const text = word(name, { class: "pw-e-name" });
  return h("div", { class: "pw-e-head", role: "columnheader", tabindex: "-1", "data-column": column }, text);
}

/**
 * @param {string} name
 * @param {number} size
 * @returns {Line}
 */
function line(name, size) {
  const count = h("span", { class: "pw-e-count" });
  const attributes = { class: "pw-e-side", role: "rowheader", tabindex: "-1", "data-column": -1 };
  const head = h("div", attributes, word(name, { class: "pw-e-name" }), count);
  const cells = Array.from(
    { length: size },
    (_, column) => h("div", { class: "pw-e-cell", role: "gridcell", tabindex: "-1", "data-column": column }),
  );
  return { root: h("div", { class: "pw-e-row", role: "row" }, head, ...cells), cells: [head, ...cells] };
}

/**
 * @param {HTMLElement} cell
 * @param {ErrorsStore} store
 * @param {number} row
 * @param {number} column
 * @param {number} strength
 */
function fillCell(cell, { confusion, shade }, row, column, strength) {
  const count = confusion.at(row, column);
  const share = shade === "column" ? confusion.columnShare(row, column) : confusion.rowShare(row, column);
  const text = count === 0 ? "" : shade === "count" ? whole(count) : percent(share).replace(/ %$/, "");
  if (cell.textContent !== text) cell.textContent = text;
  const off = confusion.numbers ? Math.min(Math.abs(row - column) / 3, 1) : Number(row !== column);
  paint(cell, { "--p": `${Math.round(100 * strength)}%`, "--off": off.toFixed(2) });
  say(cell, "aria-label", cellSaid(confusion, row, column));
}

/**
 * @param {HTMLElement} head
 * @param {ErrorsStore} store
 * @param {number} row
 * @param {number} column
 */
function fillHead(head, { confusion }, row, column) {
  const count = head.querySelector(".pw-e-count");
  if (count) count.textContent = whole(confusion.gold[row]);
  const text = saidAt(confusion, row, column);
  say(head, "aria-label", text);
  say(head, "title", text);
}

/**
 * What is said of a cell, or of a head (-1: of the other side's); nothing of the corner.
 * @param {Confusion} confusion
 * @param {number} row
 * @param {number} column
 */
function saidAt(confusion, row, column) {
  if (row < 0 && column < 0) return "";
  return row < 0 || column < 0
    ? headSaid(confusion, Math.max(row, column), row >= 0)
    : cellSaid(confusion, row, column);
}

/**
 * What is said while nothing is pointed at: of what is listed, or of the commonest error.
 * @param {ErrorsStore} store
 */
function atFirst({ confusion, choice }) {
  const labels = confusion.names.map((_, place) => confusion.label(place));
  const [row, column] = (choice.cell ?? [null, null]).map((/** @type {string | null} */ label) =>
    label === null ? -1 : labels.indexOf(label)
  );
  const most = commonest(confusion);
  const text = saidAt(confusion, row, column);
  return text || (most ? `Most often: ${cellSaid(confusion, ...most)}` : "Nothing is wrong.");
}
