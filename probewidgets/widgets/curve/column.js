// @ts-check
// The layer curve on the rows of the heatmap: the score of each layer with its interval, a bar down to its control, and the
// baselines. Across, a unit is 1 of the score; each row has its piece of every line, as high as the row is.

/** @import { Part, Sent } from "../kit/host.d.ts" */
/** @import { ReadingStore } from "../reading/store.js" */
import { h, present } from "../kit/dom.js";
import { lineAt, ticks } from "../kit/plot.js";
import { digits } from "../kit/text.js";
import { lineSample, pieceNames, pieceOf, rowPlot } from "../reading/pieces.js";
import { kindOf } from "./points.js";
import { called, SERIES, spanOf } from "./scale.js";

/** @typedef {ReturnType<typeof scoreColumn>} Column */

const MARGIN = 0.05; // of the span on both sides
const LETTER = 0.053; // of the width, in a name of a baseline
const LINES = SERIES.filter((name) => name !== "selectivity"); // that is the length of the bar

/**
 * The column of a sweep's scores, for layers from the lowest row up: a piece for each, and the names above them.
 * @param {Sent} curve
 * @param {number[]} layers
 * @param {{ low: number, high: number, every: number, letter?: number }} [span] of the axis: what is shown, unless told; and
 *   a letter's share of the width
 */
export function scoreColumn(curve, layers, { low, high, every, letter = LETTER } = spanOf(curve)) {
  const margin = MARGIN * (high - low);
  const [left, width] = [low - margin, high - low + 2 * margin];
  const upright = [
    ...ticks(low, high, every).map((value) => /** @type {const} */ (["pw-rule", value])),
    ...curve.baselines.map((/** @type {Sent} */ { value }) => ["pw-baseline", value[0]]),
  ];
  const pieces = layers.map((_, row) => {
    const plot = rowPlot(left, width, layers.length - 1 - row);
    plot.append(
      ...upright.map(([name, x]) => lineAt(name, x, 0, x, 1)),
      ...levels(curve, layers, row, "pw-gap"),
      ...present(LINES.map((name) => lineThrough(curve, name, layers, row))),
      ...levels(curve, layers, row, "pw-interval"),
      ...levels(curve, layers, row, "pw-dot-edge"),
      ...levels(curve, layers, row, "pw-dot-fill"),
    );
    return plot;
  });
  return { pieces, names: baselineNames(curve, letter, (value) => (value - left) / width) };
}

/** @type {(curve: Sent, name: string, layer: number) => number[] | null} a score with its interval */
const scoreAt = (curve, name, layer) => curve[name][curve.layers.indexOf(layer)] ?? null;

/**
 * What lies level in a row: the bar from control to score, the interval, or the dot of the score.
 * @param {Sent} curve
 * @param {number[]} layers
 * @param {number} row
 * @param {string} name
 */
function levels(curve, layers, row, name) {
  const score = scoreAt(curve, SERIES[0], layers[row]);
  const from = name === "pw-gap" ? scoreAt(curve, "control", layers[row]) : score;
  if (!score || !from) return [];
  const [x1, x2] = name === "pw-interval" ? [score[1], score[2]] : [from[0], score[0]];
  return x1 === null ? [] : [lineAt(name, x1, 0.5, x2)];
}

/**
 * A line's piece in a row.
 * @param {Sent} curve
 * @param {string} name
 * @param {number[]} layers
 * @param {number} row
 */
function lineThrough(curve, name, layers, row) {
  const values = [-1, 0, 1].map((by) => scoreAt(curve, name, layers[row + by])?.[0]);
  return pieceOf(`pw-curve-line ${kindOf(name)}`, values);
}

/**
 * The names of the baselines over their lines, where there is room between them.
 * @param {Sent} curve
 * @param {number} letter
 * @param {(value: number) => number} shareAt
 */
function baselineNames(curve, letter, shareAt) {
  const names = /** @type {[number, string, string][]} */ ([]);
  let end = 0;
  for (const { name, value } of [...curve.baselines].sort((a, b) => a.value[0] - b.value[0])) {
    const share = shareAt(value[0]);
    const width = letter * name.length;
    const start = share * (1 - width); // a name lies as far to the left of its line as that lies to the right
    if (start < end) continue;
    end = start + width;
    names.push([100 * share, name, `${name} ${digits(value[0], 3)}`]);
  }
  return pieceNames(names);
}

/**
 * What the lines of the column mean, and the numbers of the active layer.
 * @param {ReadingStore} store
 * @returns {Part}
 */
export function columnKeys(store) {
  const root = h("div", { class: "pw-lines" });
  return {
    root,
    draw() {
      const { scene: { curve }, chosen } = store;
      root.hidden = !curve;
      if (!curve) return;
      const shown = LINES.filter((name) => curve[name].some((/** @type {unknown} */ value) => value));
      const keys = shown.map((name) => h("span", {}, lineSample(`pw-curve-line ${kindOf(name)}`), called(curve, name)));
      const flat = curve.baselines.map((/** @type {Sent} */ { name, value }) => `┊ ${name} ${digits(value[0])}`);
      const told = curve.told[curve.layers.indexOf(chosen.layer)];
      root.replaceChildren(
        ...keys,
        ...present([flat.join("  "), told]).map((text) => h("span", { class: "pw-hint" }, text)),
      );
    },
  };
}
