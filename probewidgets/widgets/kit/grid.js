// @ts-check
// A grid for keys: rows of cells under heads, of which one is in the tab order. Arrow keys move, Enter acts, Escape leaves.

import { focusOnly, on, rove, targetOf } from "./dom.js";
import { clamp } from "./text.js";

/** @typedef {[number, number]} Spot row from the top, and column; -1 is the row's head */

/** @type {Record<string, (spot: Spot, rows: number, columns: number) => Spot>} */
const MOVES = {
  ArrowUp: ([row, column]) => [row - 1, column],
  ArrowDown: ([row, column]) => [row + 1, column],
  ArrowLeft: ([row, column]) => [row, column - 1],
  ArrowRight: ([row, column]) => [row, column + 1],
  PageUp: ([row, column]) => [row - 5, column],
  PageDown: ([row, column]) => [row + 5, column],
  Home: ([row]) => [row, -1],
  End: ([row], _rows, columns) => [row, columns - 1],
  "Ctrl+Home": () => [0, -1],
  "Ctrl+End": (_spot, rows, columns) => [rows - 1, columns - 1],
};

/**
 * Where a key leads in a grid of so many rows and columns; the same place for a key that leads nowhere.
 * @param {string} key
 * @param {Spot} spot
 * @param {number} rows
 * @param {number} columns
 * @returns {Spot}
 */
export function stepIn(key, spot, rows, columns) {
  return inside(MOVES[key]?.(spot, rows, columns) ?? spot, rows, columns);
}

/**
 * The nearest place of a grid.
 * @param {Spot} spot
 * @param {number} rows
 * @param {number} columns
 * @returns {Spot}
 */
export function inside([row, column], rows, columns) {
  return [clamp(row, 0, Math.max(rows - 1, 0)), clamp(column, -1, columns - 1)];
}

/**
 * Let a grid hear clicks and keys. A cell has its column as `data-column` (-1: a head).
 * @param {HTMLElement} grid
 * @param {{
 *   rows: () => { root: HTMLElement }[],
 *   columns: () => number,
 *   cellAt: (spot: Spot) => HTMLElement | undefined,
 *   act: (spot: Spot) => void,
 *   passed?: (spot: Spot) => void,
 *   leave?: () => void,
 * }} uses what it has now; `act` on a click or Enter, `passed` when a key goes along the heads, `leave` on Escape
 * @param {AbortSignal} signal
 */
export function keyGrid(grid, { rows, columns, cellAt, act, passed = () => {}, leave = () => {} }, signal) {
  /** @param {Element} target */
  const spotOf = (target) => {
    const cell = /** @type {HTMLElement | null} */ (target.closest?.("[data-column]"));
    const row = cell ? rows().findIndex(({ root }) => root.contains(cell)) : -1;
    return /** @type {Spot | null} */ (cell && row >= 0 ? [row, Number(cell.dataset.column)] : null);
  };
  /** @param {Element} target */
  const press = (target) => {
    const spot = spotOf(target);
    const cell = spot && cellAt(spot);
    if (!cell) return null;
    focusOnly(grid, cell, false);
    act(spot);
    return null;
  };
  /** @param {string} key */
  const step = (key) => (/** @type {Element} */ target) => {
    const from = spotOf(target) ?? [0, 0];
    const next = (/** @type {Spot} */ spot) => stepIn(key, spot, rows().length, columns());
    let to = next(from);
    // A place without a cell is passed over, as long as the key leads on.
    while (!cellAt(to) && String(next(to)) !== String(to)) to = next(to);
    if (key.startsWith("Arrow") && from[1] < 0 && to[1] < 0 && from[0] !== to[0]) passed(to);
    return cellAt(to);
  };
  on(grid, "click", (event) => press(targetOf(event)), signal);
  rove(grid, {
    ...Object.fromEntries(Object.keys(MOVES).map((key) => [key, step(key)])),
    Enter: press,
    " ": press,
    Escape: (target) => {
      target.blur();
      leave();
      return null;
    },
  }, signal);
  return spotOf;
}
