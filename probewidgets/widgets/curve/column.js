// @ts-check
// The layer curve on the rows of the heatmap: the score of each layer with its interval, a bar down to its control, and the
// baselines. Across, a unit is 1 of the score; each row has its piece of every line, as high as the row is.

/** @import { Part, Sent } from "../kit/host.d.ts" */
/** @import { ReadingStore } from "../reading/store.js" */
import { h, paint, svg } from "../kit/dom.js";
import { ticks } from "../kit/plot.js";
import { digits } from "../kit/text.js";
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
    const plot = svg("svg", { viewBox: `${left} 0 ${width} 1`, preserveAspectRatio: "none", "aria-hidden": "true" });
    plot.append(
      ...upright.map(([name, x]) => svg("line", { class: name, x1: x, x2: x, y1: 0, y2: 1 })),
      ...levels(curve, layers, row, "pw-gap"),
      ...LINES.flatMap((name) => lineThrough(curve, name, layers, row)),
      ...levels(curve, layers, row, "pw-interval"),
      ...levels(curve, layers, row, "pw-dot-edge"),
      ...levels(curve, layers, row, "pw-dot-fill"),
    );
    return paint(plot, { "--above": String(layers.length - 1 - row) });
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
  return x1 === null ? [] : [svg("line", { class: name, x1, x2, y1: 0.5, y2: 0.5 })];
}

/**
 * A line's piece in a row: half of the way to both neighbours.
 * @param {Sent} curve
 * @param {string} name
 * @param {number[]} layers
 * @param {number} row
 */
function lineThrough(curve, name, layers, row) {
  const [below, here, above] = [-1, 0, 1].map((by) => scoreAt(curve, name, layers[row + by])?.[0]);
  if (here === undefined) return [];
  const points = [
    ...(above === undefined ? [] : [`${(here + above) / 2},0`]),
    `${here},.5`,
    ...(below === undefined ? [] : [`${(here + below) / 2},1`]),
  ];
  return [svg("polyline", { class: `pw-curve-line ${kindOf(name)}`, points: points.join(" ") })];
}

/**
 * The names of the baselines over their lines, where there is room between them.
 * @param {Sent} curve
 * @param {number} letter
 * @param {(value: number) => number} shareAt
 */
function baselineNames(curve, letter, shareAt) {
  const root = h("span", { class: "pw-baselines" });
  let end = 0;
  for (const { name, value } of [...curve.baselines].sort((a, b) => a.value[0] - b.value[0])) {
    const share = shareAt(value[0]);
    const width = letter * name.length;
    const start = share * (1 - width); // a name lies as far to the left of its line as that lies to the right
    if (start < end) continue;
    end = start + width;
    root.append(paint(h("span", { title: `${name} ${digits(value[0], 3)}` }, name), { "--at": `${100 * share}%` }));
  }
  return root;
}

/**
 * What the lines of the column mean.
 * @param {ReadingStore} store
 * @returns {Part}
 */
export function columnKeys(store) {
  const root = h("div", { class: "pw-lines" });
  let drawn = "";
  return {
    root,
    draw() {
      const { curve } = store.scene;
      root.hidden = !curve;
      const key = JSON.stringify(curve);
      if (!curve || key === drawn) return;
      drawn = key;
      const shown = LINES.filter((name) => curve[name].some((/** @type {unknown} */ value) => value));
      const keys = shown.map((name) => {
        const sample = svg("svg", { class: "pw-line-key", viewBox: "0 0 24 8", "aria-hidden": "true" });
        sample.append(svg("line", { class: `pw-curve-line ${kindOf(name)}`, x1: 1, x2: 23, y1: 4, y2: 4 }));
        return h("span", {}, sample, called(curve, name));
      });
      const flat = curve.baselines.map((/** @type {Sent} */ { name, value }) => `┊ ${name} ${digits(value[0])}`);
      root.replaceChildren(...keys, h("span", { class: "pw-hint" }, flat.join("  ")));
    },
  };
}
