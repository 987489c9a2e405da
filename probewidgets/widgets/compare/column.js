// @ts-check
// The scores of all predictors on one axis, on the rows of each heatmap: its own with their intervals, those of the others
// as thin lines beside it. In a difference: how far its own are above those of the one that is compared to, about zero.

/** @import { Sent } from "../kit/host.d.ts" */
/** @import { CompareStore, PanelView } from "./store.js" */
import { h, paint, svg } from "../kit/dom.js";
import { ticks, tickText } from "../kit/plot.js";
import { filled, lineOf } from "./lines.js";

const MARGIN = 0.06; // of the span on both sides

/**
 * A piece for each row, from the lowest up, and the ends of the axis above them; nothing where there are no scores.
 * @param {CompareStore} store
 * @param {PanelView} face
 */
export function comparedColumn({ view: { scores, rows, pair } }, { place, changes }) {
  if (!scores) return null;
  /** @param {Sent} line */
  const isOwn = ({ panel }) => pair || panel === place;
  /** @type {Sent | undefined} */
  const own = scores.lines.find(isOwn);
  const differs = Boolean(changes && own && hasMargins(own));
  /** @type {Sent[]} */
  const shown = differs ? [own] : scores.lines;
  /** @type {(line: Sent) => (number | null)[][]} */
  const triples = (line) => line[differs ? "margins" : "values"];
  const { low, high, every } = axisOf(shown.flatMap(triples), differs);
  const margin = MARGIN * (high - low);
  const width = high - low + 2 * margin;
  const curves = shown.map((/** @type {Sent} */ line) => filled(triples(line).map((each) => each?.[0])));
  const pieces = rows.map((/** @type {unknown} */ _, /** @type {number} */ row) => {
    const box = { viewBox: `${low - margin} 0 ${width} 1`, preserveAspectRatio: "none", "aria-hidden": "true" };
    const plot = svg("svg", box);
    for (const x of ticks(low, high, every)) plot.append(upright(x, Math.abs(x) < 1e-9 && differs));
    shown.forEach((line, at) => plot.append(...pieceOf(curves[at], row, lineOf(line.panel))));
    if (own) plot.append(...dotOf(triples(own)[row], lineOf(own.panel)));
    return paint(plot, { "--above": String(rows.length - 1 - row) });
  });
  const names = h("span", { class: "pw-baselines" });
  for (const value of new Set(differs ? [low, 0, high] : [low, high])) {
    const at = { "--at": `${(100 * (value - low + margin)) / width}%` };
    names.append(paint(h("span", {}, tickText(value, every)), at));
  }
  return { pieces, names };
}

/** @param {Sent} line */
const hasMargins = ({ margins }) => margins.some((/** @type {unknown} */ each) => each);

/**
 * Round ends around all values and their intervals; in a difference also around zero.
 * @param {((number | null)[] | null)[]} triples
 * @param {boolean} differs
 */
export function axisOf(triples, differs) {
  const values = triples.flatMap((each) => each ?? []).filter((value) => value !== null);
  const least = Math.min(...values, differs ? 0 : Infinity);
  const most = Math.max(...values, differs ? 0 : -Infinity);
  const every = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((step) => (most - least) / step <= 6) ?? 1;
  const low = Math.floor(least / every + 1e-6) * every;
  const high = Math.max(Math.ceil(most / every - 1e-6) * every, low + every);
  return Number.isFinite(low) ? { low, high, every } : { low: 0, high: 1, every: 0.5 };
}

/**
 * @param {number} x
 * @param {boolean} zero
 */
function upright(x, zero) {
  return svg("line", { class: zero ? "pw-zero" : "pw-rule", x1: x, x2: x, y1: 0, y2: 1 });
}

/**
 * A line's piece in a row: half of the way to both neighbours.
 * @param {number[]} curve
 * @param {number} row
 * @param {string} kind
 */
function pieceOf(curve, row, kind) {
  const [below, here, above] = [-1, 0, 1].map((by) => curve[row + by] ?? NaN);
  if (Number.isNaN(here)) return [];
  const points = [`${here},.5`];
  if (!Number.isNaN(above)) points.unshift(`${(here + above) / 2},0`);
  if (!Number.isNaN(below)) points.push(`${(here + below) / 2},1`);
  return [svg("polyline", { class: `pw-compared-line ${kind}`, points: points.join(" ") })];
}

/**
 * @param {(number | null)[] | null} triple
 * @param {string} kind
 */
function dotOf(triple, kind) {
  if (!triple || triple[0] === null) return [];
  const [x, low, high] = triple;
  const interval = low === null || high === null
    ? []
    : [svg("line", { class: `pw-compared-interval ${kind}`, x1: low, x2: high, y1: 0.5, y2: 0.5 })];
  return [...interval, svg("line", { class: `pw-compared-dot ${kind}`, x1: x, x2: x, y1: 0.5, y2: 0.5 })];
}
