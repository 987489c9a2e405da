// @ts-check
// The losses of the fits of the layer in work, redrawn some ten times a second: a line each, whose name and newest number
// stand at its end. A unit is 1/13 em.

/** @import { Part, Sent } from "../kit/host.d.ts" */
/** @import { Measure } from "../kit/plot.js" */
/** @import { TrainerStore } from "./store.js" */
import { kindOf } from "../curve/points.js";
import { h, say, svg, watchSize, write } from "../kit/dom.js";
import { apart, EM, GAP, measureIn, plotWidth, sizePlot, ticks, watchFonts } from "../kit/plot.js";
import { digits } from "../kit/text.js";

/** @typedef {[number, number]} Point */
/** @typedef {{ name: string, points: Point[] }} Line */
/** @typedef {{ low: number, high: number, every: number }} Axis */

const TOP = 8;
const BOTTOM = 22;
const BESIDE = 8;
const BASELINE = 4; // from the middle of letters down to what they stand on

/** @param {string} name of a line */
const kindOfLoss = (name) => kindOf(name === "control" ? name : "accuracy");

/**
 * The plot and what stands above it; before there is a line, what will be there.
 * @param {TrainerStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function lossPlot(store, signal) {
  const read = store.follow("_losses");
  const head = h("p", { class: "pw-t-head" });
  const note = h("p", { class: "pw-hint" });
  const plot = svg("svg", { class: "pw-plot", role: "img" });
  const box = h("div", { class: "pw-t-plot" }, plot, note);
  const root = h("div", { class: "pw-t-losses" }, head, box);
  let room = { width: 0, height: 0 };
  /** @type {Measure | null} */
  let measure = null;
  const draw = () => {
    const losses = /** @type {Sent} */ (read() ?? {});
    const lines = /** @type {Line[]} */ (losses.lines ?? []).filter(({ points }) => points.length);
    say(plot, "hidden", lines.length ? null : "");
    write(note, lines.length ? "" : noteOf(store, losses));
    write(head, headOf(losses, lines.length > 0));
    say(head, "title", head.textContent);
    if (!lines.length || !room.width) return;
    const dots = /** @type {Line[]} */ (losses.dev ?? []);
    measure ??= measureIn(plot);
    say(plot, "aria-label", saidOf(losses, lines, dots));
    sizePlot(plot, room.width, room.height);
    plot.replaceChildren(...drawn(lines, dots, room, measure));
  };
  watchFonts(signal, () => {
    measure = null;
    draw();
  });
  watchSize([box], signal, () => {
    const em = parseFloat(getComputedStyle(box).fontSize);
    room = { width: plotWidth(box, 160, 2000, 0), height: Math.max(Math.floor((box.clientHeight / em) * EM), 100) };
    draw();
  });
  return { root, draw };
}

/**
 * @param {Sent} losses
 * @param {boolean} drawing
 */
function headOf({ layer, x, y, dev }, drawing) {
  if (layer === undefined || layer === null) return "how it learns";
  const dots = (dev ?? []).some((/** @type {Line} */ { points }) => points.length) ? "; dots: on dev" : "";
  return drawing ? `layer ${layer}: ${y}, against ${x}${dots}` : `layer ${layer}`;
}

/**
 * @param {TrainerStore} store
 * @param {Sent} losses
 */
function noteOf(store, { note }) {
  if (note) return note;
  return store.running
    ? "The losses of the fits come as soon as the first layer is captured."
    : "While it trains, the loss of each fit is drawn here, for the task and for its control.";
}

/**
 * The plot in words.
 * @param {Sent} losses
 * @param {Line[]} lines
 * @param {Line[]} dots
 */
function saidOf({ layer, x, y }, lines, dots) {
  const ends = lines.map(({ name, points }) => {
    const [last, value] = points[points.length - 1];
    return `${name} ${digits(value)} after ${digits(last, 0)} ${x}`;
  });
  const dev = dots.filter(({ points }) => points.length).map(({ name, points }) =>
    [name, points.map(([, value]) => digits(value)).join(", ")].join(" ")
  );
  const also = dev.length ? `; at the end of each fit, cross-entropy on dev: ${dev.join("; ")}` : "";
  return `Losses of layer ${layer}, ${y}: ${ends.join(", ")}${also}`;
}

/**
 * All that is in the plot.
 * @param {Line[]} lines
 * @param {Line[]} dots
 * @param {{ width: number, height: number }} room
 * @param {Measure} measure
 */
function drawn(lines, dots, { width, height }, measure) {
  const points = [...lines, ...dots].flatMap((line) => line.points);
  const floor = height - BOTTOM;
  const y = axisOf(points.map((point) => point[1]), Math.max(Math.floor((floor - TOP) / 48), 2));
  const left = Math.max(...ticks(y.low, y.high, y.every).map((value) => measure(tick(value, y)))) + BESIDE;
  const names = lines.map(({ name, points }) => `${name} ${digits(points[points.length - 1][1])}`);
  const right = Math.max(width - Math.max(...names.map((name) => measure(name, 600))) - 2 * BESIDE, left + 40);
  const along = points.map((point) => point[0]);
  const x = { ...axisOf([0, ...along], Math.max(Math.floor((right - left) / 60), 2), 1), high: Math.max(...along, 1) };
  const atX = (/** @type {number} */ value) => left + (value - x.low) / (x.high - x.low) * (right - left);
  const atY = (/** @type {number} */ value) => TOP + (y.high - value) / (y.high - y.low) * (floor - TOP);
  const ends = lines.map((line) => line.points[line.points.length - 1]);
  const heights = apart(ends.map(([, value]) => atY(value)), GAP + 2, TOP, floor);
  return [
    ...ticks(y.low, y.high, y.every).flatMap((value) => [
      svg("line", { class: "pw-rule", x1: left, x2: right, y1: atY(value), y2: atY(value) }),
      svg("text", { x: left - BESIDE + 2, y: atY(value) + BASELINE, "text-anchor": "end" }, tick(value, y)),
    ]),
    ...ticks(x.low, x.high, x.every).map((value) =>
      svg("text", { x: atX(value), y: height - BASELINE, "text-anchor": "middle" }, tick(value, x))
    ),
    ...lines.map(({ name, points }) =>
      svg("polyline", {
        class: `pw-curve-line ${kindOfLoss(name)}`,
        points: points.map(([a, b]) => `${atX(a).toFixed(1)},${atY(b).toFixed(1)}`).join(" "),
      })
    ),
    // A line of one point is a dot.
    ...[...dots, ...lines.filter(({ points }) => points.length === 1)].flatMap(({ name, points }) =>
      points.map(([a, b]) => svg("circle", { class: `pw-t-dot ${kindOfLoss(name)}`, cx: atX(a), cy: atY(b), r: 3.5 }))
    ),
    ...names.map((text, i) => {
      const attributes = { x: Math.min(atX(ends[i][0]), right) + BESIDE, y: heights[i] + BASELINE };
      return svg("text", { class: `pw-t-end ${kindOfLoss(lines[i].name)}`, ...attributes }, text);
    }),
  ];
}

/**
 * An axis over some values, whose ends are round.
 * @param {number[]} values
 * @param {number} steps about how many
 * @param {number} [least] the smallest step
 * @returns {Axis}
 */
function axisOf(values, steps, least = 0) {
  const known = values.filter(Number.isFinite);
  const most = Math.max(...known);
  const lowest = Math.min(...known);
  const start = lowest >= 0 && lowest < most / 3 ? 0 : lowest; // 0 where it is near
  const raw = Math.max((most - start) / steps, least, 1e-3);
  const power = 10 ** Math.floor(Math.log10(raw));
  const every = power * ([1, 2, 5].find((times) => times * power >= raw * 0.8) ?? 10);
  const low = Math.floor(start / every + 1e-9) * every;
  return { low, every, high: Math.max(Math.ceil(most / every - 1e-9) * every, low + every) };
}

/**
 * @param {number} value
 * @param {Axis} axis
 */
function tick(value, { every }) {
  return digits(value, every < 0.1 ? 2 : every < 1 ? 1 : 0);
}
