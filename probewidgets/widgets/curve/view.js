// @ts-check
// The layer curve: test accuracy with its interval (and a dot for each training seed, where there are several), the
// control, selectivity, the model with random weights and the baselines, by layer. Lines differ in stroke as well as
// colour and are named where they end. Each layer is a radio button: click or arrow keys pick it.

/** @import { Part, Sent } from "../kit/host.d.ts" */
/** @import { Measure } from "../kit/plot.js" */
/** @import { Point } from "./points.js" */
/** @import { ReadingStore } from "../reading/store.js" */
/** @import { Scale } from "./scale.js" */
import { h, svg, watchSize } from "../kit/dom.js";
import {
  apart,
  GAP,
  measureIn,
  plotWidth,
  sizePlot,
  textIn,
  thinning,
  ticks,
  tickText,
  watchFonts,
} from "../kit/plot.js";
import { readingWidget } from "../reading/store.js";
import { hearPoints, kindOf, markPoint } from "./points.js";
import { namesAt, scaleOf, SERIES, SIZE } from "./scale.js";

/**
 * Builds the radio group "Layer curve" with a line of numbers under it.
 * @param {ReadingStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function layerCurve(store, signal) {
  const plot = svg("svg", { class: "pw-plot", role: "radiogroup", "aria-label": "Layer curve" });
  const readout = h("p", { class: "pw-readout" });
  const root = h("div", { class: "pw-curve" }, plot, readout);
  let drawn = ""; // what the lines show: each answer brings it anew, mostly unchanged
  let width = 0; // in which it is drawn
  /** @type {Point[]} */
  let points = [];
  hearPoints(plot, store, () => points, signal);

  const fits = () => plotWidth(root, SIZE.narrow, SIZE.wide, SIZE.width);
  const again = () => {
    if (!points.length) return;
    drawn = "";
    draw();
  };
  watchSize([root], signal, () => {
    if (fits() !== width) again();
  });
  watchFonts(signal, again);

  /** @param {Sent | null} curve */
  function build(curve) {
    root.hidden = !curve;
    points = [];
    if (!curve) return;
    width = fits();
    sizePlot(plot, width, SIZE.height);
    const measure = measureIn(root);
    const scale = scaleOf(curve, width, measure);
    points = curve.layers.map((/** @type {number} */ layer, /** @type {number} */ index) => ({
      layer,
      group: radioFor(curve, index, scale),
    }));
    plot.replaceChildren(picture(curve, scale, measure), ...points.map((point) => point.group));
  }

  function draw() {
    const { scene: { curve }, chosen } = store;
    const shown = JSON.stringify(curve);
    if (shown !== drawn) build(curve);
    drawn = shown;
    if (!curve) return;
    for (const point of points) markPoint(plot, point, chosen);
    readout.textContent = curve.told[curve.layers.indexOf(chosen.layer)] ?? "";
  }
  return { root, draw };
}

/**
 * All but the points.
 * @param {Sent} curve
 * @param {Scale} scale
 * @param {Measure} measure
 */
function picture(curve, scale, measure) {
  const lines = [...axes(curve, scale, measure), ...baselines(curve, scale), ...series(curve, scale)];
  return svg("g", { "aria-hidden": "true" }, ...lines, ...names(curve, scale, measure));
}

/**
 * @param {Sent} curve
 * @param {Scale} scale
 * @param {Measure} measure
 */
function axes(curve, scale, measure) {
  const { left, right, every } = scale;
  const marks = ticks(scale.low, scale.high, every).flatMap((value) => {
    const y = scale.y(value);
    return [
      svg("line", { class: "pw-rule", x1: left, x2: right, y1: y, y2: y }),
      svg("text", { class: "pw-tick", x: left - 6, y: y + 3.5, "text-anchor": "end" }, tickText(value, every)),
    ];
  });
  const layers = /** @type {number[]} */ (curve.layers);
  const skip = thinning(Math.max(...layers.map((layer) => measure(String(layer)))), scale.step);
  layers.forEach((layer, index) => {
    if (index % skip) return;
    const y = SIZE.height - SIZE.bottom + 14;
    marks.push(svg("text", { class: "pw-tick", x: scale.x(index), y, "text-anchor": "middle" }, String(layer)));
  });
  const below = scale.cut ? ", cut off below −1" : "";
  marks.push(axisName(`layer · ${curve.task}, test, 95 % interval${below}`, scale, measure));
  return marks;
}

/**
 * The name of the layers' axis: under the middle of the lines, or where there is room.
 * @param {string} text
 * @param {Scale} scale
 * @param {Measure} measure
 */
function axisName(text, { left, right, width }, measure) {
  const half = Math.min(measure(text), width) / 2;
  const x = Math.max(Math.min((left + right) / 2, width - half), half);
  return textIn(text, width, measure, { class: "pw-axis", x, y: SIZE.height - 3, "text-anchor": "middle" });
}

/**
 * @param {Sent} curve
 * @param {Scale} scale
 */
function baselines(curve, scale) {
  return curve.baselines.map((/** @type {Sent} */ { value }) => {
    const y = scale.y(value[0]);
    return svg("line", { class: "pw-baseline", x1: scale.left, x2: scale.right, y1: y, y2: y });
  });
}

const ALONE = 8; // units on both sides of the only value of a line

/**
 * The lines, and behind them the bands of their intervals. What has one value is a short piece of a line in its band.
 * @param {Sent} curve
 * @param {Scale} scale
 */
function series(curve, scale) {
  const bands = [];
  const lines = [];
  for (const name of SERIES) {
    /** @type {[number, number, number | null, number | null][]} */
    const values = curve[name].flatMap((/** @type {number[] | null} */ value, /** @type {number} */ index) =>
      value ? [[scale.x(index), ...value]] : []
    );
    if (!values.length) continue;
    const [x, ...only] = values[0];
    const drawn = values.length > 1
      ? values
      : /** @type {typeof values} */ ([[x - ALONE, ...only], [x + ALONE, ...only]]);
    const ends = drawn.filter(([, , low, high]) => low !== null && high !== null);
    const outline = [
      ...ends.map(([x, , , high]) => [x, scale.y(high ?? 0)]),
      ...[...ends].reverse().map(([x, , low]) => [x, scale.y(low ?? 0)]),
    ];
    if (ends.length > 1) bands.push(svg("polygon", { class: `pw-band ${kindOf(name)}`, points: outline.join(" ") }));
    const line = drawn.map(([x, value]) => [x, scale.y(value)]);
    lines.push(svg("polyline", { class: `pw-curve-line ${kindOf(name)}`, points: line.join(" ") }));
  }
  const dots = curve.seeds.flatMap((/** @type {number[]} */ each, /** @type {number} */ index) =>
    each.map((value) => svg("circle", { class: "pw-seed", cx: scale.x(index), cy: scale.y(value), r: 1.8 }))
  );
  return [...bands, ...lines, ...dots];
}

/**
 * The name of each line at its right end; a thin line leads to it where it had to make room for others.
 * @param {Sent} curve
 * @param {Scale} scale
 * @param {Measure} measure
 */
function names(curve, { right, width, y }, measure) {
  const shown = namesAt(curve);
  const ends = shown.map(({ value }) => y(value));
  const heights = apart(ends, GAP, SIZE.top, SIZE.height - SIZE.bottom);
  const x = right + SIZE.leader;
  return shown.flatMap(({ name, weight, series }, i) => {
    const kind = series ? kindOf(series) : "pw-base";
    const leader = { class: `pw-leader ${kind}`, x1: right + 5, y1: ends[i], x2: x - 3, y2: heights[i] };
    const attributes = { class: `pw-line-label ${kind}`, x, y: heights[i] + 3.5 };
    return [svg("line", leader), textIn(name, width - x, measure, attributes, weight)];
  });
}

/**
 * @param {Sent} curve
 * @param {number} index of a layer
 * @param {Scale} scale
 */
function radioFor(curve, index, scale) {
  const width = Math.max(scale.step, 14);
  const value = curve.accuracy[index];
  const x = scale.x(index);
  const text = curve.told[index];
  const height = SIZE.height - SIZE.top - SIZE.bottom;
  return svg(
    "g",
    { class: "pw-point", role: "radio", tabindex: "-1", "aria-label": text },
    svg("title", {}, text),
    svg("rect", { class: "pw-hit", x: x - width / 2, y: SIZE.top - 4, width, height: height + 8, rx: 3 }),
    svg("line", { class: "pw-guide", x1: x, x2: x, y1: SIZE.top, y2: SIZE.top + height }),
    value ? svg("circle", { class: "pw-dot", cx: x, cy: scale.y(value[0]), r: 4 }) : null,
  );
}

export default readingWidget(layerCurve);
