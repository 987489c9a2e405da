// @ts-check
// A figure of values through the layers: across, a unit is a layer; down, it is the height.

/** @import { Scene } from "./scene.js" */
import { h, paint, svg } from "../kit/dom.js";
import { lineAt } from "../kit/plot.js";
import { clamp } from "../kit/text.js";

/** @typedef {{ name: string, kind: string, layers: number[], values: (number | null)[], colour?: Record<string, string> }} Path */

/**
 * Probabilities as they are; numbers from the least to the largest of those that are drawn, and of most of train.
 * @param {Pick<Scene, "scale" | "written">} scene what they are
 * @param {string} what by which it is read out
 * @param {Path[]} paths a line each; where one has no value, its neighbours are joined
 * @param {{ here: number, ends: string[] }} places where a line stands across all of them, and what the ends are called
 * @param {...(Node | string)} caption
 */
export function pathFigure({ scale, written }, what, paths, { here, ends }, ...caption) {
  const all = scale ? [scale.low, scale.high, ...paths.flatMap(({ values }) => values)] : [0, 1];
  const finite = all.filter(Number.isFinite).map(Number);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const last = paths[0].values.length - 1;
  const [start, width] = last ? [0, last] : [-0.5, 1]; // the only layer stands in the middle
  const lines = /** @type {SVGElement[]} */ ([0, 0.5, 1].map((at) => lineAt("pw-rule", start, at, start + width)));
  lines.push(lineAt("pw-here", here, 0, here, 1));
  const told = paths.map(({ name, kind, layers, values, colour = {} }) => {
    const points = /** @type {string[]} */ ([]);
    const texts = /** @type {string[]} */ ([]);
    values.forEach((value, at) => {
      if (!Number.isFinite(value)) return;
      points.push(`${at},${1 - (clamp(Number(value), low, high) - low) / (high - low || 1)}`);
      texts.push(`${layers[at]}: ${written(Number(value))}`);
    });
    // A line from a point to itself is a dot: the only value can be seen too.
    const dot = points[1] ? "" : " pw-path-dot";
    lines.push(paint(svg("polyline", { class: kind + dot, points: [...points, points.at(-1)].join(" ") }), colour));
    return `${name} ${texts.join(", ")}`;
  });
  const attributes = {
    class: "pw-path-plot",
    viewBox: `${start} 0 ${width} 1`,
    preserveAspectRatio: "none",
    role: "img",
  };
  const plot = svg("svg", { ...attributes, "aria-label": `${what}. ${told.join("; ")}` }, ...lines);
  /** @type {(kind: string, texts: string[]) => HTMLElement} */
  const row = (kind, texts) => h("div", { class: kind }, ...texts.map((text) => h("span", {}, text)));
  const box = [
    row("pw-path-ticks", [high, low].map(written)),
    plot,
    row("pw-path-ends", last ? ends : ["", ends[0], ""]),
  ];
  return h(
    "figure",
    { class: "pw-figure" },
    h("figcaption", {}, ...caption),
    h("div", { class: "pw-path-box" }, ...box),
  );
}
