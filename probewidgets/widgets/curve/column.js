// @ts-check
// The layer curve on the rows of the heatmap: the score of each layer with its interval, a bar down to its control, and the
// baselines. Across, a unit is 1 of the score; down, it is a row. Each layer is a radio button, as in the curve.

/** @import { Part, Sent } from "../kit/host.d.ts" */
/** @import { ReadingStore } from "../reading/store.js" */
/** @import { Point } from "./points.js" */
import { h, paint, svg } from "../kit/dom.js";
import { ticks } from "../kit/plot.js";
import { digits } from "../kit/text.js";
import { hearPoints, kindOf, mark } from "./points.js";
import { called, SERIES, spanOf } from "./scale.js";

/** @typedef {ReturnType<typeof scoreColumn>} Column */

const MARGIN = 0.05; // of the span on both sides
const LINES = SERIES.filter((name) => name !== "selectivity"); // that is the length of the bar

/**
 * Builds the radio group "Layer curve" for a heatmap: `over(hole)` says where, `place()` puts it there.
 * @param {ReadingStore} store
 * @param {AbortSignal} signal
 */
export function scoreColumn(store, signal) {
  const plot = svg("svg", {
    class: "pw-column-plot",
    role: "radiogroup",
    "aria-label": "Layer curve",
    preserveAspectRatio: "none",
  });
  let drawn = "";
  /** @type {Point[]} */
  let points = [];
  /** @type {HTMLElement | null} the cell over which it lies */
  let hole = null;
  hearPoints(plot, store, () => points, signal);

  function place() {
    const scroller = plot.parentElement;
    if (!hole?.isConnected || !scroller) return;
    const [to, from] = [hole, scroller].map((element) => element.getBoundingClientRect());
    paint(plot, {
      left: `${to.left - from.left + scroller.scrollLeft - scroller.clientLeft}px`,
      top: `${to.top - from.top + scroller.scrollTop - scroller.clientTop}px`,
      width: `${to.width}px`,
      height: `${to.height}px`,
    });
  }
  return {
    root: plot,
    place,
    /** @param {HTMLElement | null} cell */
    over(cell) {
      hole = cell;
      plot.style.display = cell ? "" : "none";
      place();
    },
    draw() {
      const { scene: { curve }, chosen } = store;
      if (!curve) return;
      const key = JSON.stringify([curve, chosen.layers]);
      if (key !== drawn) points = build(plot, curve, chosen.layers);
      drawn = key;
      for (const point of points) mark(plot, point, chosen);
    },
  };
}

/**
 * @param {SVGSVGElement} plot
 * @param {Sent} curve
 * @param {number[]} layers those shown, from the lowest row up
 * @returns {Point[]}
 */
function build(plot, curve, layers) {
  const { low, high, every } = spanOf(curve);
  const margin = MARGIN * (high - low);
  const [left, width, count] = [low - margin, high - low + 2 * margin, layers.length];
  plot.setAttribute("viewBox", `${left} 0 ${width} ${count}`);
  /** @type {(name: string, value: number, line?: string) => SVGElement} */
  const upright = (name, x, title = "") => svg("line", { class: name, x1: x, x2: x, y1: 0, y2: count }, tip(title));
  /** @type {(name: string) => (number[] | null)[]} the score of each row, with its interval */
  const values = (name) => layers.map((layer) => curve[name][curve.layers.indexOf(layer)] ?? null);
  const [scores, controls] = [values(SERIES[0]), values("control")];
  /** @type {(name: string, from: number, to: number, row: number) => SVGElement} */
  const level = (name, x1, x2, row) =>
    svg("line", { class: name, x1, x2, y1: count - row - 0.5, y2: count - row - 0.5 });
  const lines = [
    ...ticks(low, high, every).map((value) => upright("pw-rule", value)),
    ...curve.baselines.map((/** @type {Sent} */ { name, value }) =>
      upright("pw-baseline", value[0], `${name} ${digits(value[0], 3)}`)
    ),
    ...scores.flatMap((value, row) => {
      const control = controls[row];
      return value && control ? [level("pw-gap", control[0], value[0], row)] : [];
    }),
    ...LINES.map((name) => {
      const path = values(name).flatMap((value, row) => (value ? [`${value[0]},${count - row - 0.5}`] : []));
      return svg("polyline", { class: `pw-curve-line ${kindOf(name)}`, points: path.join(" ") });
    }),
    ...scores.flatMap((
      value,
      row,
    ) => (value && value[1] !== null ? [level("pw-interval", value[1], value[2], row)] : [])),
  ];
  const points = layers.map((layer, row) => {
    const value = scores[row];
    const text = curve.told[curve.layers.indexOf(layer)] ?? `Layer ${layer}`;
    const hit = svg("rect", { class: "pw-hit", x: left, y: count - row - 1, width, height: 1 });
    const dots = value ? ["pw-dot-edge", "pw-dot-fill"].map((name) => level(name, value[0], value[0], row)) : [];
    const attributes = { class: "pw-point", role: "radio", tabindex: "-1", "aria-label": text };
    return { layer, group: svg("g", attributes, tip(text), hit, ...dots) };
  });
  plot.replaceChildren(svg("g", { "aria-hidden": "true" }, ...lines), ...points.map(({ group }) => group));
  return points;
}

/** @param {string} text */
const tip = (text) => (text ? svg("title", {}, text) : null);

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
