// @ts-check
// Probabilities of labels as rows: a name, a bar in the label's colour, a number.

import { h, paint } from "../kit/dom.js";
import { clamp, digits } from "../kit/text.js";

export const LEAST_SHARE = 0.001; // the smallest probability with a number of its own

/**
 * Rows under each other.
 * @param {HTMLElement[]} lines
 * @param {string | null} [name] by which they are read out
 */
export function shareTable(lines, name = null) {
  return h("div", { class: "pw-shares", role: "table", "aria-label": name }, ...lines);
}

/**
 * A row; what is too small to be seen has no bar.
 * @param {Node | string} name
 * @param {number} share
 * @param {string} fill of the bar
 * @param {string} edge
 */
export function shareRow(name, share, fill, edge) {
  const small = share < LEAST_SHARE;
  const bar = h("i", { class: "pw-share", hidden: small });
  paint(bar, { "--p": clamp(share, 0, 1), "--fill": fill, "--edge": edge });
  const cells = [h("span", { role: "rowheader" }, name), h("span", { role: "cell" }, bar)];
  return h("div", { role: "row" }, ...cells, h("span", { role: "cell" }, small ? `<${LEAST_SHARE}` : digits(share, 3)));
}
