// @ts-check
// The word under inspection, as each predictor sees it on the active row, and one label of it through all rows.

/** @import { Part, Sent } from "../kit/host.d.ts" */
/** @import { CompareStore, PanelView } from "./store.js" */
import { h, present, svg, word } from "../kit/dom.js";
import { clamp } from "../kit/text.js";
import { tipLines } from "../reading/tip.js";
import { filled, lineKey, lineOf } from "./lines.js";

/**
 * Builds the region "Details".
 * @param {CompareStore} store
 * @returns {Part}
 */
export function comparedDetails(store) {
  const blocks = h("div", { class: "pw-compared-blocks" });
  const root = h("section", { class: "pw-compared-details", role: "region", "aria-label": "Details" }, blocks);
  return {
    root,
    draw() {
      const figure = pathFigure(store);
      blocks.replaceChildren(...present([figure, ...store.faces.map((face) => blockOf(store, face))]));
    },
  };
}

/**
 * What a predictor says of the word, or of its layer where no word is chosen.
 * @param {CompareStore} store
 * @param {PanelView} face
 */
function blockOf(store, face) {
  const { panel, values, place, chosen, store: { compared: { row } } } = face;
  const line = store.view.scores?.lines.find((/** @type {Sent} */ each) => each.panel === place);
  const told = line?.told[row] ?? "";
  const unit = store.unitAt(place);
  const name = h("p", {}, lineKey(place), word(panel.title, { class: "pw-compared-name" }));
  const block = h("div", { class: "pw-compared-block" }, name);
  if (Number.isNaN(chosen.layer)) block.append(quiet("no layer on this row"));
  else if (!store.compared.word) block.append(quiet(`layer ${chosen.layer}`));
  else if (unit < 0) block.append(quiet("it has no such word"));
  else {
    block.append(...present(tipLines({ scene: values, chosen }, chosen.layer, unit)));
    if (face.changes) block.append(quiet(changeText(store, face, unit)));
  }
  if (told) block.append(quiet(`${store.view.scores.metric} ${told}`));
  if (line?.why && told.includes("against")) block.append(quiet(`no interval of that: ${line.why}`));
  return block;
}

/**
 * "VERB −0.87 against sentence 1"; or that there is nothing to take away.
 * @param {CompareStore} store
 * @param {PanelView} face
 * @param {number} unit
 */
function changeText(store, { scene, chosen: { layer } }, unit) {
  const said = scene.said(layer, unit);
  return scene.held(layer, unit).length ? `${said} against ${store.reference.panel.title}` : said;
}

/** @param {string} text */
const quiet = (text) => h("p", { class: "pw-hint" }, text);

/**
 * The label whose way is shown: the one that is chosen, or subtracted; else what is said of the word where the
 * probes are best, by the reference if it has that word.
 * @param {CompareStore} store
 */
function followedLabel(store) {
  const { compared: { label }, reference, faces } = store;
  if (reference.values.scale) return reference.values.called[0];
  if (label !== null) return label;
  for (const { panel, place } of faces) {
    const changed = panel.difference?.changed[store.unitAt(place)];
    if (changed) return changed;
  }
  const face = [reference, ...faces].find(({ place }) => store.unitAt(place) >= 0);
  return face?.values.called[face.values.top(face.panel.best, store.unitAt(face.place))] ?? null;
}

/**
 * The probability of a label, or the number, on every row. Across, a unit is a row; down, it is the height.
 * @param {CompareStore} store
 */
function pathFigure(store) {
  const label = store.compared.word && followedLabel(store);
  const { faces, view: { rows }, compared: { row } } = store;
  const paths = faces.flatMap((face) => {
    const { values, chosen: { layers }, place } = face;
    const [unit, k] = [store.unitAt(place), values.scale ? 0 : values.called.indexOf(label ?? "")];
    if (unit < 0 || k < 0 || Boolean(values.scale) !== Boolean(store.reference.values.scale)) return [];
    return [{ face, values: layers.map((layer) => (Number.isNaN(layer) ? null : values.proba(layer, unit, k))) }];
  });
  if (!paths.length) {
    const text = "Select a word or a cell: what each says of it, and its way through the rows, appear here.";
    return h("figure", { class: "pw-compared-figure" }, quiet(text));
  }
  const { scale } = store.reference.values;
  const ends = scale ? [scale.low, scale.high, ...paths.flatMap((path) => path.values)] : [0, 1];
  const numbers = ends.filter((value) => typeof value === "number" && Number.isFinite(value)).map(Number);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  /** @type {(value: number) => number} */
  const y = (value) => 1 - clamp((value - low) / (high - low || 1), 0, 1);
  const what = scale ? scale.name : `probability of ${label}`;
  const plot = svg("svg", {
    class: "pw-compared-plot",
    viewBox: `0 0 ${Math.max(rows.length - 1, 1)} 1`,
    preserveAspectRatio: "none",
    role: "img",
    "aria-label": `${what} on each row. ${paths.map((path) => toldPath(path.face, path.values)).join("; ")}`,
  });
  plot.append(svg("line", { class: "pw-here", x1: row, x2: row, y1: 0, y2: 1 }));
  for (const at of [0, 0.5, 1]) {
    plot.append(svg("line", { class: "pw-rule", x1: 0, x2: rows.length - 1, y1: at, y2: at }));
  }
  for (const { face, values } of paths) {
    const points = filled(values).flatMap((value, at) => (Number.isNaN(value) ? [] : [`${at},${y(value)}`]));
    plot.append(svg("polyline", { class: `pw-compared-line ${lineOf(face.place)}`, points: points.join(" ") }));
  }
  const { written } = store.reference.values;
  const ticks = h("div", { class: "pw-compared-ticks" }, ...[high, low].map((each) => h("span", {}, written(each))));
  const caption = h("figcaption", {}, `${what}, from the lowest row to the highest`);
  return h("figure", { class: "pw-compared-figure" }, caption, h("div", { class: "pw-compared-box" }, ticks, plot));
}

/**
 * @param {PanelView} face
 * @param {(number | null)[]} values
 */
function toldPath({ panel, chosen: { layers }, values: { written } }, values) {
  const told = values.flatMap((value, at) => (value === null ? [] : [`${layers[at]}: ${written(value)}`]));
  return `${panel.name} ${told.join(", ")}`;
}
