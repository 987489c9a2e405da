// @ts-check
// The details of one cell: how probable each label is there, and how that changes through the layers.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { Measure } from "../kit/plot.js" */
/** @import { Choice, Scale, Scene } from "../reading/scene.js" */
/** @import { ReadingStore } from "../reading/store.js" */
import { h, paint, present, svg, watchSize, word } from "../kit/dom.js";
import { apart, GAP, measureIn, plotWidth, sizePlot, textIn, thinning, tickText, watchFonts } from "../kit/plot.js";
import { clamp, digits, plural } from "../kit/text.js";
import { remark } from "../reading/scene.js";

const PATH = { width: 290, narrow: 150, height: 116, top: 10, bottom: 22, least: 60 };
const MOST_LABELS = 8;
const LEAST_SHARE = 0.001; // the smallest probability with a number of its own

/**
 * Builds the region "Details".
 * @param {ReadingStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function cellDetails(store, signal) {
  const title = h("p", { class: "pw-details-title" });
  const body = h("div", { class: "pw-details-body" });
  const readout = h("p", { class: "pw-hint" });
  const root = h("section", { class: "pw-details", role: "region", "aria-label": "Details" }, title, body, readout);
  let width = 0; // in which the path is drawn
  const fits = () => plotWidth(body, PATH.narrow, PATH.width, PATH.width);
  watchSize([body], signal, () => {
    if (width && fits() !== width) draw();
  });
  watchFonts(signal, () => {
    if (width) draw();
  });

  function draw() {
    const { scene, chosen } = store;
    const { told = [], layers = [] } = scene.curve ?? {};
    readout.textContent = told[layers.indexOf(chosen.layer)] ?? "";
    const [layer, unit] = chosen.selected ? [chosen.selected[0], chosen.selected[1] - scene.window.start] : [NaN, -1];
    if (unit < 0 || unit >= scene.U || !scene.row.has(layer)) {
      title.textContent = "Details";
      const what = scene.scale ? "number" : "labels";
      const text = `Select a ${scene.unit} or a cell: its ${what} and its path through the layers appear here.`;
      body.replaceChildren(h("p", { class: "pw-hint" }, text));
      return;
    }
    width = fits();
    title.replaceChildren(word(scene.units.text[unit], { class: "pw-word" }), ` · layer ${layer}`);
    const extra = remark(scene, layer, unit);
    body.replaceChildren(...present([
      extra ? h("p", { class: "pw-hint" }, extra) : null,
      scene.scale ? numberFacts(scene, scene.scale, layer, unit) : distributionTable(scene, layer, unit),
      pathFigure(scene, chosen, layer, unit, width, measureIn(body)),
    ]));
  }
  return { root, draw };
}

/**
 * A number, those that the probe was trained on, and how far its layer is to be believed.
 * @param {Scene} scene
 * @param {Scale} scale
 * @param {number} layer
 * @param {number} unit
 */
function numberFacts(scene, { name, trained }, layer, unit) {
  const facts = [trained && `trained on ${trained}`, ...scene.facts(layer)].filter(Boolean);
  const lines = [
    h("strong", {}, `${name} ${scene.said(layer, unit)}`),
    ...facts.map((text) => h("p", {}, text)),
  ];
  return h("div", {}, ...lines);
}

/**
 * The most probable labels, and the sum of all others; where any number of labels may hold, all of them.
 * @param {Scene} scene
 * @param {number} layer
 * @param {number} unit
 */
function distributionTable(scene, layer, unit) {
  const row = scene.distribution(layer, unit);
  const best = Array.from(row.keys()).filter((k) => Number.isFinite(row[k])).sort((a, b) => row[b] - row[a] || a - b);
  if (!best.length) return h("p", { class: "pw-hint" }, "no value: the probabilities are not finite");
  const sets = scene.sets;
  /** @param {number} k */
  const tells = (k) => sets || row[k] >= LEAST_SHARE || scene.called[k] === scene.gold(unit);
  const told = best.filter(tells).slice(0, sets ? scene.K : MOST_LABELS);
  const lines = told.map((k) => {
    const name = scene.called[k];
    return shareRow(word(name === scene.gold(unit) ? `${name} (gold)` : name), row[k], {
      "--fill": `var(--pw-k${k})`,
      "--edge": `var(--pw-e${k})`,
    });
  });
  const left = best.filter((k) => !told.includes(k));
  if (left.length) {
    const rest = left.reduce((sum, k) => sum + row[k], 0);
    const colours = { "--fill": "transparent", "--edge": "var(--pw-strong-edge)" };
    lines.push(shareRow(plural(left.length, "other"), rest, colours));
  }
  const text = sets
    ? "Each label by itself; it holds from 0.5 on"
    : `Label distribution · entropy ${digits(scene.entropy(layer, unit))} bits`;
  return h("table", { class: "pw-distribution" }, h("caption", {}, text), h("tbody", {}, ...lines));
}

/**
 * A label, a bar and a number; what is too small to be seen has no bar.
 * @param {Node | string} name
 * @param {number} share
 * @param {Record<string, string>} colours
 */
function shareRow(name, share, colours) {
  const small = share < LEAST_SHARE;
  const bar = small ? null : paint(h("span", { class: "pw-share" }), { "--p": String(clamp(share, 0, 1)), ...colours });
  const number = small ? `<${LEAST_SHARE}` : digits(share, 3);
  const cells = [h("td", { class: "pw-share-cell" }, bar), h("td", { class: "pw-number" }, number)];
  return h("tr", {}, h("th", { scope: "row" }, name), ...cells);
}

/**
 * Which three labels are followed through the layers: the most probable one, the gold and the chosen one where they
 * differ, and others that hold.
 * @param {Scene} scene
 * @param {Choice} choice
 * @param {number} layer
 * @param {number} unit
 */
function followed(scene, choice, layer, unit) {
  const top = scene.top(layer, unit);
  if (top < 0) return [];
  const gold = scene.called.indexOf(scene.gold(unit) ?? "");
  const wanted = choice.colour === "probability" ? scene.labelIndex.get(choice.label ?? "") ?? -1 : -1;
  const places = [top, gold, wanted, ...scene.held(layer, unit)].filter((k) => k >= 0 && k < scene.K);
  return [...new Set(places)].slice(0, 3);
}

/**
 * The probabilities of some labels, or the number, at every layer shown.
 * @param {Scene} scene
 * @param {Choice} choice
 * @param {number} layer
 * @param {number} unit
 * @param {number} width
 * @param {Measure} measure
 */
function pathFigure(scene, choice, layer, unit, width, measure) {
  const labels = followed(scene, choice, layer, unit);
  if (!labels.length) return null;
  const { layers } = choice;
  /** @type {(k: number) => number[]} */
  const path = (k) => layers.map((each) => scene.proba(each, unit, k));
  const told = labels.map((k) =>
    `${scene.called[k]} ${path(k).map((p, i) => `${layers[i]}: ${scene.written(p)}`).join(", ")}`
  );
  const what = scene.scale ? scene.scale.name : "Probability";
  const plot = svg("svg", { class: "pw-plot", role: "img", "aria-label": `${what} by layer. ${told.join("; ")}` });
  sizePlot(plot, width, PATH.height);
  const shown = labels.map((k) => scene.called[k]);
  const scale = pathScale(layers.length, pathTicks(scene, path(0)), shown, width, measure);
  const here = scale.x(Math.max(layers.indexOf(layer), 0));
  const ends = labels.map((k) => scale.y(path(k).at(-1) ?? 0));
  const heights = apart(ends, GAP, PATH.top, PATH.height - PATH.bottom);
  const names = shown.map((text, i) => {
    const attributes = { class: "pw-line-label", x: scale.right + 8, y: heights[i] + 3.5 };
    return textIn(text, width - scale.right - 8, measure, attributes, 500);
  });
  plot.append(
    ...pathAxes(layers, scale, measure),
    svg("line", { class: "pw-guide pw-here", x1: here, x2: here, y1: PATH.top, y2: PATH.height - PATH.bottom }),
    ...labels.flatMap((k, order) => pathLine(path(k), scale, order, k)),
    ...names,
  );
  return h("figure", { class: "pw-figure" }, h("figcaption", {}, `${what} through the layers`), plot);
}

/**
 * The values at the axis, and how they are written: of a probability, or of all numbers to be seen and most of train.
 * @param {Scene} scene
 * @param {number[]} path
 * @returns {[number, string][]}
 */
function pathTicks({ scale, written }, path) {
  if (!scale) return [0, 0.5, 1].map((value) => [value, tickText(value, 0.5)]);
  const values = [scale.low, scale.high, ...path].filter(Number.isFinite);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return [low, (low + high) / 2, high].map((value) => [value, written(value)]);
}

/** @typedef {ReturnType<typeof pathScale>} PathScale */

/**
 * Places of layers and values, with the room that ticks and names need beside them.
 * @param {number} count of layers
 * @param {[number, string][]} ticks
 * @param {string[]} names
 * @param {number} width
 * @param {Measure} measure
 */
function pathScale(count, ticks, names, width, measure) {
  const left = Math.ceil(Math.max(...ticks.map(([, text]) => measure(text)))) + 10;
  const widest = Math.max(...names.map((name) => measure(name, 500)));
  const right = Math.max(Math.floor(width - widest - 8), left + PATH.least);
  const step = count > 1 ? (right - left) / (count - 1) : 0;
  const [low, , high] = ticks.map(([value]) => value);
  return {
    ticks,
    left,
    right,
    step,
    /** @param {number} index */
    x: (index) => (count > 1 ? left + index * step : (left + right) / 2),
    /** @param {number} value */
    y: (value) =>
      PATH.top + (high - clamp(value || 0, low, high)) / (high - low) * (PATH.height - PATH.top - PATH.bottom),
  };
}

/**
 * @param {number[]} layers
 * @param {PathScale} scale
 * @param {Measure} measure
 */
function pathAxes(layers, { ticks, left, right, step, x, y }, measure) {
  const marks = ticks.flatMap(([value, text]) => [
    svg("line", { class: "pw-rule", x1: left, x2: right, y1: y(value), y2: y(value) }),
    svg("text", { class: "pw-tick", x: left - 6, y: y(value) + 3.5, "text-anchor": "end" }, text),
  ]);
  const skip = thinning(Math.max(...layers.map((layer) => measure(String(layer)))), step);
  layers.forEach((layer, index) => {
    if (index % skip) return;
    const place = { x: x(index), y: PATH.height - 6, "text-anchor": "middle" };
    marks.push(svg("text", { class: "pw-tick", ...place }, String(layer)));
  });
  return marks;
}

/**
 * @param {number[]} path
 * @param {PathScale} scale
 * @param {number} order
 * @param {number} k
 */
function pathLine(path, { x, y }, order, k) {
  const colour = { "--line": `var(--pw-e${k})` };
  const points = path.map((value, index) => [x(index), y(value)]);
  const line = svg("polyline", { class: `pw-path pw-path-${order}`, points: points.join(" ") });
  const dots = points.map(([cx, cy]) => paint(svg("circle", { class: "pw-path-dot", cx, cy, r: 2.5 }), colour));
  return [paint(line, colour), ...dots];
}
