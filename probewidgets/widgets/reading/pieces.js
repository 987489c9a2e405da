// @ts-check
// Lines over rows: of each line a row of the heatmap has its piece, as high as the row is. Across, a unit is 1 of the values.

import { h, paint, svg } from "../kit/dom.js";
import { lineAt } from "../kit/plot.js";

/**
 * A row's plot.
 * @param {number} left where its values begin
 * @param {number} width
 * @param {number} above how many rows are
 */
export function rowPlot(left, width, above) {
  const plot = svg("svg", { viewBox: `${left} 0 ${width} 1`, preserveAspectRatio: "none", "aria-hidden": "true" });
  return paint(plot, { "--above": above });
}

/**
 * A line's piece: half of the way to the row below and to the one above, or a mark where neither has a value. Nothing where
 * the row has none.
 * @param {string} kind
 * @param {(number | null | undefined)[]} values below, here, above
 */
export function pieceOf(kind, [below, here, above]) {
  if (!Number.isFinite(here)) return null;
  /** @type {(value: number | null | undefined, y: number) => string[]} */
  const half = (value, y) => (Number.isFinite(value) ? [`${(Number(here) + Number(value)) / 2},${y}`] : []);
  const points = [...half(above, 0), `${here},.5`, ...half(below, 1)];
  return svg("polyline", { class: kind, points: (points[1] ? points : [`${here},.2`, `${here},.8`]).join(" ") });
}

/**
 * Names over the pieces.
 * @param {[number, string, string?][]} names at how many percent of the width each stands, and what more there is to say
 */
export function pieceNames(names) {
  return h(
    "span",
    { class: "pw-baselines" },
    ...names.map(([percent, name, title]) => paint(h("span", { title }, name), { "--at": `${percent}%` })),
  );
}

/**
 * A piece of a line, beside what it means.
 * @param {string} kind
 */
export function lineSample(kind) {
  const sample = svg("svg", { class: "pw-line-key", viewBox: "0 0 24 8", "aria-hidden": "true" });
  sample.append(lineAt(kind, 1, 4, 23));
  return sample;
}
