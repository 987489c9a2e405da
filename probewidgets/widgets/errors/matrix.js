// @ts-check
// The confusion, of labels or of bins of numbers: what a `_view` holds, read once, and what is said of its cells. Nothing
// here knows of a page.

/** @import { Sent } from "../kit/host.d.ts" */
import { floats } from "../kit/link.js";
import { digits, plural, whole } from "../kit/text.js";

/** @typedef {ReturnType<typeof readConfusion>} Confusion */

/** What the colour of a cell can mean: its name, and what it is called over the grid. */
export const SHADES = [["row", "in % of the row"], ["column", "in % of the column"], ["count", "how often"]];
export const OTHER_LABELS = "other labels";

/**
 * What is gold are rows, and what is given columns. A place of the axis is that of a label among all; -1: those without
 * their own.
 * @param {Sent} view
 */
export function readConfusion(view) {
  /** @type {{ axis?: number[], called?: string[], labels?: string[], words?: string[], numbers?: boolean }} */
  const { axis = [], called = [], labels = [], words = ["gold", "given"], numbers = false } = view;
  const counts = floats(view.counts);
  const size = axis.length;
  const gold = new Float64Array(size);
  const given = new Float64Array(size);
  counts.forEach((count, cell) => {
    const [row, column] = [Math.floor(cell / size), cell % size];
    gold[row] += count;
    given[column] += count;
  });
  const names = axis.map((k) => (k < 0 ? OTHER_LABELS : called[k]));
  /** @type {(row: number, column: number) => number} */
  const at = (row, column) => counts[row * size + column];
  return {
    size,
    names,
    gold,
    given,
    at,
    words,
    numbers,
    /** @type {(place: number) => string | null} what the kernel calls a label; null for those without their own place */
    label: (place) => labels[axis[place]] ?? null,
    /** @type {(row: number, column: number) => number} of the gold label's targets */
    rowShare: (row, column) => (gold[row] ? at(row, column) / gold[row] : NaN),
    /** @type {(row: number, column: number) => number} of the targets to which the label was given */
    columnShare: (row, column) => (given[column] ? at(row, column) / given[column] : NaN),
  };
}

/**
 * "2.8 %", "< 0.1 %", or "–".
 * @param {number} share
 */
export function percent(share) {
  if (!Number.isFinite(share)) return "–";
  return share > 0 && share < 0.001 ? "< 0.1 %" : `${digits(100 * share, share < 0.0995 ? 1 : 0)} %`;
}

/**
 * A cell in words: "NOUN given as VERB: 34, 2.8 % of gold NOUN, 2.6 % of given VERB"; "true 2, predicted 3: 34, …".
 * @param {Confusion} confusion
 * @param {number} row
 * @param {number} column
 */
export function cellSaid(confusion, row, column) {
  const { names, at, rowShare, columnShare, numbers, words } = confusion;
  const [gold, given] = [`${words[0]} ${names[row]}`, `${words[1]} ${names[column]}`];
  const label = row === column ? `${names[row]} given rightly` : `${names[row]} given as ${names[column]}`;
  const what = numbers ? `${gold}, ${given}` : label;
  const of = [gone(rowShare(row, column), gold), gone(columnShare(row, column), given)];
  return [`${what}: ${whole(at(row, column))}`, ...of].filter(Boolean).join(", ");
}

/** @type {(share: number, of: string) => string} nothing of what there is none of */
const gone = (share, of) => (share > 0 ? `${percent(share)} of ${of}` : "");

/**
 * A label's head in words: of a row "NOUN: 1,204 gold, 95 % of them right", of a column "NOUN: given 1,190 times, 96 % rightly".
 * @param {Confusion} confusion
 * @param {number} place
 * @param {boolean} isRow
 */
export function headSaid(confusion, place, isRow) {
  const { names, gold, given, rowShare, columnShare, words, numbers } = confusion;
  const [share, right] = isRow
    ? [rowShare(place, place), numbers ? "of them predicted so" : "of them right"]
    : [columnShare(place, place), numbers ? "of them truly so" : "rightly"];
  const many = isRow ? `${whole(gold[place])} ${words[0]}` : `${words[1]} ${plural(given[place], "time")}`;
  return `${names[place]}: ${many}, ${percent(share)} ${right}`;
}

/**
 * The commonest error, as [row, column]; null where there is none.
 * @param {Confusion} confusion
 * @returns {[number, number] | null}
 */
export function commonest({ size, at }) {
  /** @type {[number, number] | null} */
  let most = null;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (row !== column && at(row, column) > (most ? at(...most) : 0)) most = [row, column];
    }
  }
  return most;
}

/**
 * How strongly a cell is coloured, in [0, 1]: what is right by its share, what is wrong by the root of it, so that what is
 * rare can be seen too. A count goes by its share of the largest one of its kind.
 * @param {Confusion} confusion
 * @param {string} shade "row", "column" or "count"
 * @returns {(row: number, column: number) => number}
 */
export function shadeOf(confusion, shade) {
  const { size, at, rowShare, columnShare } = confusion;
  const largest = [0, 0];
  for (let cell = 0; cell < size * size; cell += 1) {
    const [row, column] = [Math.floor(cell / size), cell % size];
    const kind = Number(row !== column);
    largest[kind] = Math.max(largest[kind], at(row, column));
  }
  /** @type {(row: number, column: number) => number} */
  const share = shade === "row"
    ? rowShare
    : shade === "column"
    ? columnShare
    : (row, column) => at(row, column) / (largest[Number(row !== column)] || 1);
  return (row, column) => {
    const value = share(row, column) || 0;
    return row === column ? value : Math.sqrt(value);
  };
}
