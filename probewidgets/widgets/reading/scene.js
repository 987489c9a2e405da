// @ts-check
// A Scene: one message from the kernel, read once into what the drawing functions ask for; and what colour means in it.

/** @import { Sent } from "../kit/host.d.ts" */
import { floats } from "../kit/link.js";
import { clamp, digits, visible } from "../kit/text.js";

/** @typedef {ReturnType<typeof readScene>} Scene */
/** @typedef {{ colour?: string, label?: string | null, layer: number, layers: number[], selected?: [number, number] | null }} Choice */
/** @typedef {{ fill: string, edge: string, ink: string, text: string, value: number }} Look */

/**
 * Read a `_view` value. Layers are given by number, units by their place on the page.
 * @param {Sent} view
 */
export function readScene(view) {
  /** @type {{ layers?: number[], labels?: string[] }} */
  const { layers = [], labels = [] } = view;
  /** @type {{ text: string[], line: number[], gold: (string | null)[], seen: (boolean | null)[] }} */
  const units = view.units ?? { text: [], line: [], gold: [], seen: [] };
  const cube = floats(view.proba);
  const [L, U, K] = [layers.length, units.text.length, labels.length];
  const row = new Map(layers.map((layer, index) => [layer, index]));
  const tops = Int32Array.from({ length: L * U }, (_, cell) => argmax(cube, cell * K, K));
  /** @type {(layer: number, unit: number) => number} */
  const at = (layer, unit) => (row.get(layer) ?? NaN) * U + unit;
  /** @type {(layer: number, unit: number) => number} */
  const top = (layer, unit) => tops[at(layer, unit)] ?? -1;
  /** @type {(layer: number, unit: number, k: number) => number} */
  const proba = (layer, unit, k) => (k < 0 ? NaN : cube[at(layer, unit) * K + k]);
  /** @type {(layer: number, unit: number) => number} */
  const share = (layer, unit) => proba(layer, unit, top(layer, unit));
  /** @type {(unit: number) => string | null} */
  const gold = (unit) => units.gold[unit] ?? null;
  const read = { layers, labels, units, U, K, top, proba, share, gold, row };
  return {
    ...read,
    order: /** @type {number[]} */ (view.order ?? labels.map((_, k) => k)),
    notes: /** @type {string[]} */ (view.notes ?? []),
    layerNotes: /** @type {string[]} */ (view.layer_notes ?? []),
    curve: /** @type {Sent | null} */ (view.curve ?? null),
    palette: view.palette ?? { light: [], dark: [], ramp: [] },
    unit: /** @type {string} */ (view.unit ?? "word"),
    window:
      /** @type {{ start: number, end: number, total: number }} */ (view.window ?? { start: 0, end: U, total: U }),
    labelIndex: new Map(labels.map((label, k) => [label, k])),
    names: units.text.map(visible),
    /** @type {(layer: number, unit: number) => string} the predicted label and its probability: "NOUN 0.97" */
    said: (layer, unit) => {
      const k = top(layer, unit);
      return k < 0 ? "no value" : `${labels[k]} ${digits(share(layer, unit))}`;
    },
    /** @type {(layer: number, unit: number) => Float32Array} */
    distribution: (layer, unit) => cube.subarray(at(layer, unit) * K, (at(layer, unit) + 1) * K),
    /** @type {(layer: number, unit: number) => number} in bits */
    entropy: (layer, unit) => entropyOf(cube, at(layer, unit) * K, K),
    /** what the score of a layer is called */
    metric: /** @type {string} */ (view.curve?.metric ?? "accuracy"),
    /** @type {(layer: number) => number} on test; NaN where there is no sweep */
    accuracy: (layer) => view.curve?.accuracy[view.curve.layers.indexOf(layer)]?.[0] ?? NaN,
    /** @type {(layer: number, unit: number) => boolean} */
    right: (layer, unit) => units.gold[unit] === labels[top(layer, unit)],
  };
}

/**
 * Place of the largest of `count` numbers; -1 if any of them is no number.
 * @param {ArrayLike<number>} numbers
 * @param {number} start
 * @param {number} count
 */
export function argmax(numbers, start, count) {
  let best = -1;
  for (let k = 0; k < count; k += 1) {
    const value = numbers[start + k];
    if (!Number.isFinite(value)) return -1;
    if (best < 0 || value > numbers[start + best]) best = k;
  }
  return best;
}

/**
 * Entropy of `count` probabilities, in bits.
 * @param {ArrayLike<number>} numbers
 * @param {number} start
 * @param {number} count
 */
export function entropyOf(numbers, start, count) {
  let bits = 0;
  for (let k = 0; k < count; k += 1) {
    const p = numbers[start + k];
    if (!(p <= 0)) bits -= p * Math.log2(p);
  }
  return Math.max(bits, 0) || (Number.isNaN(bits) ? NaN : 0);
}

/**
 * What colour means for one cell under a choice: `fill`, `edge` and `ink` for CSS, `text` the value as written into the
 * cell. Predicted label: the label's hue, as strong as its probability, and at its strongest on the edge. Otherwise: a
 * step of the ramp, and no edge.
 * @param {Scene} scene
 * @param {Choice} choice
 * @param {number} layer
 * @param {number} unit
 * @returns {Look}
 */
export function cellLook(scene, choice, layer, unit) {
  const k = scene.top(layer, unit);
  if (k < 0) return { fill: "transparent", edge: "transparent", ink: "var(--pw-ink)", text: "–", value: NaN };
  if (choice.colour === "label") {
    const p = scene.share(layer, unit);
    const strength = Math.round(100 * clamp(p, 0, 1));
    const fill = `color-mix(in srgb, var(--pw-k${k}) ${strength}%, var(--pw-paper))`;
    return { fill, edge: `var(--pw-e${k})`, ink: "var(--pw-fill-ink)", text: visible(scene.labels[k]), value: p };
  }
  const value = colourValue(scene, choice, layer, unit);
  const look = rampLook(scene.palette.ramp, rampShare(scene, choice, value));
  return { ...look, edge: "transparent", text: digits(value), value };
}

/**
 * The number behind the colour: probability of the chosen label, or entropy in bits.
 * @param {Scene} scene
 * @param {Choice} choice
 * @param {number} layer
 * @param {number} unit
 */
function colourValue(scene, choice, layer, unit) {
  if (choice.colour === "entropy") return scene.entropy(layer, unit);
  return scene.proba(layer, unit, scene.labelIndex.get(choice.label ?? "") ?? -1);
}

/**
 * The highest value of a ramp: the largest entropy that there can be (bits), or 1.
 * @param {{ K: number }} scene
 * @param {{ colour?: string }} choice
 */
export function rampTop(scene, choice) {
  return choice.colour === "entropy" ? Math.log2(Math.max(scene.K, 2)) : 1;
}

/**
 * Place of a value on the ramp, in [0, 1]. Most entropies are close to 0: their scale is that of the square root.
 * @param {{ K: number }} scene
 * @param {{ colour?: string }} choice
 * @param {number} value
 */
export function rampShare(scene, choice, value) {
  const share = value / rampTop(scene, choice);
  return choice.colour === "entropy" ? Math.sqrt(share) : share;
}

/**
 * Colour of a number in [0, 1] between the steps of a ramp, and the ink that is readable on it.
 * @param {string[]} ramp
 * @param {number} share
 */
export function rampLook(ramp, share) {
  if (!Number.isFinite(share) || ramp.length < 2) return { fill: "transparent", ink: "var(--pw-ink)" };
  const place = clamp(share, 0, 1) * (ramp.length - 1);
  const low = Math.min(Math.floor(place), ramp.length - 2);
  /** @type {(colour: string, i: number) => number} */
  const channel = (colour, i) => parseInt(colour.slice(2 * i + 1, 2 * i + 3), 16);
  const rgb = [0, 1, 2].map((i) => {
    const start = channel(ramp[low], i);
    return Math.floor(start + (place - low) * (channel(ramp[low + 1], i) - start) + 0.5);
  });
  const linear = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  return { fill: `rgb(${rgb.join(" ")})`, ink: luminance > 0.1791 ? "#000" : "#fff" };
}

/**
 * The name by which a cell is read out: "cats, layer 3: NOUN 0.97".
 * @param {Scene} scene
 * @param {number} layer
 * @param {number} unit
 */
export function cellName(scene, layer, unit) {
  return `${scene.names[unit]}, layer ${layer}: ${scene.said(layer, unit)}`;
}

/**
 * What else there is to say of a unit: gold label, and whether training knew the word; null if nothing.
 * @param {Scene} scene
 * @param {number} layer
 * @param {number} unit
 */
export function remark(scene, layer, unit) {
  const gold = scene.gold(unit);
  const parts = [
    gold === null ? null : `gold ${gold}, ${scene.right(layer, unit) ? "right" : "wrong"}`,
    scene.units.seen[unit] === false ? "not seen in training" : null,
  ].filter(Boolean);
  return parts.length ? parts.join("; ") : null;
}

/**
 * What the value behind the colour is called where room is short.
 * @param {Choice} choice
 */
export function colourName(choice) {
  return choice.colour === "entropy" ? "entropy" : choice.label ?? "";
}

/**
 * The value behind the colour, in words with its unit; null where the label and its probability say it all.
 * @param {Choice} choice
 * @param {Look} look
 */
export function colourTitle(choice, look) {
  if (choice.colour === "label") return null;
  return choice.colour === "entropy" ? `entropy ${look.text} bits` : `probability of ${choice.label}: ${look.text}`;
}

/**
 * The layer's note and accuracy, as far as there are any: ["embeddings", "test accuracy 0.850"].
 * @param {Scene} scene
 * @param {number} layer
 */
export function layerFacts(scene, layer) {
  const accuracy = scene.accuracy(layer);
  const score = Number.isFinite(accuracy) ? `test ${scene.metric} ${digits(accuracy, 3)}` : "";
  return [scene.layerNotes[scene.row.get(layer) ?? -1], score].filter(Boolean);
}

/**
 * Whether a unit begins another line than the one before it.
 * @param {Scene} scene
 * @param {number} unit
 */
export function startsLine(scene, unit) {
  return unit > 0 && scene.units.line[unit] !== scene.units.line[unit - 1];
}
