// @ts-check
// The details of one cell: how probable each label is there, and how that changes through the layers.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { Choice, Scale, Scene } from "../reading/scene.js" */
/** @import { ReadingStore } from "../reading/store.js" */
import { h, paint, present, word } from "../kit/dom.js";
import { digits, plural } from "../kit/text.js";
import { pathFigure } from "../reading/paths.js";
import { remark } from "../reading/scene.js";
import { LEAST_SHARE, shareRow, shareTable } from "../reading/shares.js";

const PATHS = ["pw-path", "pw-path pw-path-1", "pw-path pw-path-2"];
const MOST_LABELS = 5;

/**
 * Builds the region "Details".
 * @param {ReadingStore} store
 * @returns {Part}
 */
export function cellDetails(store) {
  const title = h("p", { class: "pw-details-title" });
  const body = h("div", { class: "pw-details-body" });
  const root = h("section", { class: "pw-details", role: "region", "aria-label": "Details" }, title, body);
  function draw() {
    const { scene, chosen } = store;
    const [layer, unit] = chosen.selected ? [chosen.selected[0], chosen.selected[1] - scene.window.start] : [NaN, -1];
    if (unit < 0 || unit >= scene.U || !scene.row.has(layer)) {
      title.textContent = "Details";
      const what = scene.scale ? "number" : "labels";
      const text = `Select a ${scene.unit} or a cell: its ${what} and its path through the layers appear here.`;
      body.replaceChildren(h("p", { class: "pw-hint" }, text));
      return;
    }
    const extra = remark(scene, layer, unit);
    const more = h("span", { class: "pw-hint" }, extra ? ` · ${extra}` : "");
    title.replaceChildren(word(scene.units.text[unit], { class: "pw-word" }), ` · layer ${layer}`, more);
    body.replaceChildren(...present([
      scene.scale ? numberFacts(scene, scene.scale, layer, unit) : distributionTable(scene, layer, unit),
      labelPaths(scene, chosen, layer, unit),
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
  const { sets, called } = scene;
  /** @param {number} k */
  const isGold = (k) => called[k] === scene.gold(unit);
  const told = best.filter((k, place) => sets || isGold(k) || (place < MOST_LABELS && row[k] >= LEAST_SHARE));
  const lines = told.map((k) =>
    shareRow(word(isGold(k) ? `${called[k]} (gold)` : called[k]), row[k], scene.fill(k), scene.edge(k))
  );
  const left = best.filter((k) => !told.includes(k));
  const rest = left.reduce((sum, k) => sum + row[k], 0);
  if (left.length) lines.push(shareRow(plural(left.length, "other"), rest, "transparent", "var(--pw-strong-edge)"));
  const text = sets
    ? "Each label by itself; it holds from 0.5 on"
    : `Label distribution · entropy ${digits(scene.entropy(layer, unit))} bits`;
  return h("div", {}, h("p", { class: "pw-hint", "aria-hidden": "true" }, text), shareTable(lines, text));
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
 */
function labelPaths(scene, choice, layer, unit) {
  const labels = followed(scene, choice, layer, unit);
  if (!labels.length) return null;
  const { layers } = choice;
  const paths = labels.map((k, at) => ({
    name: scene.called[k],
    kind: PATHS[at],
    layers,
    values: layers.map((each) => scene.proba(each, unit, k)),
    colour: { "--line": scene.edge(k) },
  }));
  const { name = "" } = scene.scale ?? {};
  const names = paths.flatMap(({ name, kind, colour }) => [paint(word(name, { class: kind }), colour), " "]);
  const places = { here: layers.indexOf(layer), ends: [layers[0], layers.at(-1)].map((each) => `layer ${each}`) };
  return pathFigure(
    scene,
    `${name || "Probability"} by layer`,
    paths,
    places,
    `${name} through the layers: `,
    ...names,
  );
}
