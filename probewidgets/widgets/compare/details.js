// @ts-check
// The word under inspection, as each predictor sees it on the active row, and one label of it through all rows.

/** @import { Part, Sent } from "../kit/host.d.ts" */
/** @import { CompareStore, PanelView } from "./store.js" */
import { h, word } from "../kit/dom.js";
import { pathFigure } from "../reading/paths.js";
import { tipLines } from "../reading/tip.js";
import { lineKey, lineOf } from "./lines.js";

/**
 * Builds the region "Details".
 * @param {CompareStore} store
 * @returns {Part}
 */
export function comparedDetails(store) {
  const root = h("section", { class: "pw-compared-details", role: "region", "aria-label": "Details" });
  return {
    root,
    draw: () => root.replaceChildren(comparedPaths(store), ...store.faces.map((face) => blockOf(store, face))),
  };
}

/** @param {string} text */
const quiet = (text) => h("p", { class: "pw-hint" }, text);

/**
 * What a predictor says of the word, or of its layer where no word is chosen.
 * @param {CompareStore} store
 * @param {PanelView} face
 */
function blockOf(store, { panel, scene, values, place, changes, chosen }) {
  const { compared: { row, word: picked }, reference, view: { scores } } = store;
  const [{ layer }, unit] = [chosen, store.unitAt(place)];
  const block = h("div", {}, h("p", {}, lineKey(place), word(panel.title, { class: "pw-compared-name" })));
  if (Number.isNaN(layer)) block.append(quiet("no layer on this row"));
  else if (!picked) block.append(quiet(`layer ${layer}`));
  else if (unit < 0) block.append(quiet("it has no such word"));
  else {
    block.append(...tipLines({ scene: values, chosen }, layer, unit));
    const against = scene.held(layer, unit).length ? ` against ${reference.panel.title}` : "";
    if (changes) block.append(quiet(scene.said(layer, unit) + against));
  }
  const told = scores?.told[place]?.[row];
  if (told) block.append(quiet(`${scores.metric} ${told}`));
  if (told?.includes("against")) block.append(quiet(scores.notes[place]));
  return block;
}

/**
 * The label whose way is shown: the one that is chosen, or subtracted; else what is said of the word where the
 * probes are best, by the reference if it has that word.
 * @param {CompareStore} store
 */
function followedLabel(store) {
  const { compared: { label }, reference, faces } = store;
  if (reference.values.scale) return reference.values.called[0];
  const changed = faces.map(({ panel, place }) => panel.difference?.changed[store.unitAt(place)]).find(Boolean);
  const face = [reference, ...faces].find(({ place }) => store.unitAt(place) >= 0);
  return label ?? changed ?? face?.values.called[face.values.top(face.panel.best, store.unitAt(face.place))] ?? "";
}

/**
 * The probability of a label, or the number, on every row.
 * @param {CompareStore} store
 */
function comparedPaths(store) {
  const { faces, reference: { values: { scale, written } }, compared } = store;
  const label = followedLabel(store);
  const paths = faces.flatMap(({ panel: { name }, values, chosen: { layers }, place }) => {
    const [unit, k] = [store.unitAt(place), values.scale ? 0 : values.called.indexOf(label)];
    if (unit < 0 || k < 0 || !values.scale !== !scale) return [];
    return [{ name, kind: lineOf(place), layers, values: layers.map((layer) => values.proba(layer, unit, k)) }];
  });
  if (!paths.length) {
    return quiet("Select a word or a cell: what each says of it, and its way through the rows, appear here.");
  }
  const what = scale ? scale.name : `probability of ${label}`;
  const ends = paths[0].layers.length > 1 ? ["lowest row", "highest row"] : ["the only row"];
  const places = { here: compared.row, ends };
  return pathFigure({ scale, written }, `${what} on each row`, paths, places, what);
}
