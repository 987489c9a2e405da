// @ts-check
// Where things stand in the curve: pure arithmetic of a sweep's numbers and of the room that its texts need.

/** @import { Sent } from "../kit/host.d.ts" */
/** @import { Measure } from "../kit/plot.js" */
import { ticks, tickText } from "../kit/plot.js";
import { clamp } from "../kit/text.js";

/** In units of a plot; `leader` is from the end of the lines to their names. */
export const SIZE = { width: 360, narrow: 160, wide: 468, height: 232, top: 12, bottom: 32, leader: 16 };
export const SERIES = ["accuracy", "control", "selectivity", "random model"];

/**
 * What a line is called: the first by the score that the sweep goes by.
 * @param {Sent} curve
 * @param {string} name of a series
 */
export const called = (curve, name) => (name === SERIES[0] ? curve.metric ?? name : name);

const LEAST = 1 / 3; // of the width is kept for the lines, however long their names are

/** @typedef {ReturnType<typeof scaleOf>} Scale */

/**
 * Places of layers and values. The value axis spans what is shown and ends on round numbers. Left and right of it there is
 * as much room as its texts need.
 * @param {Sent} curve
 * @param {number} width
 * @param {Measure} measure
 */
export function scaleOf(curve, width, measure) {
  const { low, high, every, cut } = spanOf(curve);
  const left = Math.ceil(Math.max(...ticks(low, high, every).map((value) => measure(tickText(value, every))))) + 10;
  const widest = Math.max(...namesAt(curve).map(({ name, weight }) => measure(name, weight)), 0);
  const right = Math.max(Math.floor(width - SIZE.leader - widest), left + LEAST * width);
  const count = curve.layers.length;
  const step = count > 1 ? (right - left) / (count - 1) : 0;
  return {
    low,
    high,
    every,
    cut,
    left,
    right,
    width,
    step,
    /** @param {number} index of a layer */
    x: (index) => (count > 1 ? left + index * step : (left + right) / 2),
    /** @param {number} value */
    y: (value) => SIZE.top + ((high - clamp(value, low, high)) / (high - low)) * (SIZE.height - SIZE.top - SIZE.bottom),
  };
}

/**
 * Ends and steps of the value axis. R² knows no lower end: what lies far below the answer that is the same for all, 0, is
 * cut off.
 * @param {Sent} curve
 */
export function spanOf(curve) {
  /** @type {(number[] | null)[]} */
  const triples = [
    ...SERIES.flatMap((name) => curve[name]),
    ...curve.seeds,
    ...curve.baselines.map((/** @type {Sent} */ baseline) => baseline.value),
  ];
  const values = triples.flatMap((each) => each ?? []).filter((value) => value !== null);
  const [least, most] = [Math.min(...values, 1), Math.max(...values, 0)];
  const fine = most - least < 0.2 ? 20 : 10; // steps in 1
  const high = Math.ceil(most * fine - 1e-6) / fine;
  const low = Math.max(Math.min(Math.floor(least * fine + 1e-6) / fine, high - 1 / fine), -1);
  return { low, high, cut: least < low, every: high - low > 0.65 ? 0.2 : 1 / fine };
}

/**
 * What is named at the right end: the lines that are drawn, then the baselines.
 * @param {Sent} curve
 * @returns {{ name: string, value: number, weight: number, series: string }[]}
 */
export function namesAt(curve) {
  const lines = SERIES.map((series) => ({
    name: called(curve, series),
    value: curve[series].at(-1)?.[0],
    weight: 650,
    series,
  }));
  const flat = curve.baselines.map((/** @type {Sent} */ { name, value }) => (
    { name, value: value?.[0], weight: 500, series: "" }
  ));
  return [...lines, ...flat].filter(({ value }) => value !== undefined && value !== null);
}
