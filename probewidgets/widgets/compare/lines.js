// @ts-check
// The predictors as lines: each has its colour and its stroke, and is known by them wherever it is drawn.

import { svg } from "../kit/dom.js";

const LINES = "pw-of-0 pw-of-1 pw-of-2 pw-of-3 pw-of-4 pw-of-5 pw-of-6 pw-of-7".split(" ");

/** @param {number} place of a predictor */
export const lineOf = (place) => LINES[place % LINES.length];

/**
 * A piece of its line, beside its name.
 * @param {number} place
 */
export function lineKey(place) {
  const sample = svg("svg", { class: "pw-line-key", viewBox: "0 0 24 8", "aria-hidden": "true" });
  sample.append(svg("line", { class: `pw-compared-line ${lineOf(place)}`, x1: 1, x2: 23, y1: 4, y2: 4 }));
  return sample;
}

/**
 * A value for each row, also between rows that have one: those of rows without stand on the straight line between them.
 * NaN below the first and above the last.
 * @param {(number | null | undefined)[]} values
 */
export function filled(values) {
  const rows = values.flatMap((value, row) => (typeof value === "number" ? [row] : []));
  return values.map((value, row) => {
    if (typeof value === "number") return value;
    const below = rows.findLast((each) => each < row);
    const above = rows.find((each) => each > row);
    if (below === undefined || above === undefined) return NaN;
    const [low, high] = [Number(values[below]), Number(values[above])];
    return low + ((high - low) * (row - below)) / (above - below);
  });
}
