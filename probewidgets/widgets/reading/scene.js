// @ts-check
// A Scene: one message from the kernel, read once into what the drawing functions ask for; and what colour means in it.

/** @import { Sent } from "../kit/host.d.ts" */
/** @import { Palette } from "./colours.js" */
import { floats } from "../kit/link.js";
import { clamp, digits } from "../kit/text.js";
import { edgeOf, fillOf } from "./colours.js";

/** @typedef {ReturnType<typeof readScene>} Scene */
/** @typedef {{ colour?: string, label?: string | null, layer: number, layers: number[], selected?: [number, number] | null }} Choice */
/** @typedef {{ fill: string, edge: string, ink: string, text: string, bar: number }} Look */
/**
 * @typedef {{ name: string, low: number, high: number, places: number, ticks: string[], trained: string,
 *   changes?: boolean }} Ramp changes: differences, which are told with a sign
 */
/** @typedef {Ramp & { least: number, largest: number }} Scale the last two not where train is not known: none is beyond */

/**
 * Read a `_view` value. Layers are given by number, units by their place on the page. Labels have a name to show beside
 * the own; where any number of them may hold, one more for none. A number is the "probability" of the only label, and has
 * a scale.
 * @param {Sent} view
 */
export function readScene(view) {
  /** @type {{ layers?: number[], labels?: string[] }} */
  const { layers = [], labels = [] } = view;
  /** @type {{ text: string[], line: number[], gold: (string | null)[], seen: (boolean | null)[], rtl: boolean[] }} */
  const units = view.units ?? { text: [], line: [], gold: [], seen: [], rtl: [] };
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
  const called = /** @type {string[]} */ (view.called ?? labels);
  const sets = called.length > K;
  const scale = /** @type {Scale | undefined} */ (view.scale);
  const palette = /** @type {Palette} */ (view.palette ?? { light: [], dark: [] });
  if (palette.light.length !== palette.dark.length) throw new Error("The themes have not equally many colours.");
  const places = labels.map((_, k) => k);
  const given = Array.from(tops, (k, cell) => {
    if (k < 0 || !sets) return k < 0 ? [] : [k];
    const row = cube.subarray(cell * K, cell * K + K);
    const holds = places.filter((place) => row[place] >= 0.5).sort((a, b) => row[b] - row[a]);
    return holds.length ? holds : [K];
  });
  /** @type {(layer: number, unit: number) => number[]} the places of the labels that are given, the most probable first */
  const held = (layer, unit) => given[at(layer, unit)] ?? [];
  /** @type {(value: number) => string} */
  const written = (value) => {
    const text = digits(value, scale?.places);
    return scale?.changes && value > 0 && Number(text) ? `+${text}` : text;
  };
  /** @type {(value: number, scale: Scale, below: string, above: string) => string} with a mark beyond all of train */
  const marked = (value, { least, largest }, below, above) =>
    written(value) + (value > largest ? above : value < least ? below : "");
  return {
    layers,
    labels,
    units,
    U,
    K,
    top,
    proba,
    share,
    gold,
    row,
    scale,
    held,
    called,
    sets,
    written,
    ramp: /** @type {[string, string][]} colours and the inks on them */ (view.ramp ?? []),
    order: /** @type {number[]} */ (view.order ?? places),
    notes: /** @type {string[]} */ (view.notes ?? []),
    /** @type {(layer: number) => string[]} its note and its score, as far as there are any */
    facts: (layer) => view.layer_facts?.[row.get(layer) ?? -1] ?? [],
    curve: /** @type {Sent | null} */ (view.curve ?? null),
    palette,
    /** @type {(k: number, strength?: number) => string} a label's colour for fills */
    fill: (k, strength) => fillOf(palette, k, strength),
    /** @type {(k: number) => string} and for edges */
    edge: (k) => edgeOf(palette, k),
    unit: /** @type {string} */ (view.unit ?? "word"),
    window:
      /** @type {{ start: number, end: number, total: number }} */ (view.window ?? { start: 0, end: U, total: U }),
    labelIndex: new Map(labels.map((label, k) => [label, k])),
    names: units.text,
    /** @type {(layer: number, unit: number) => string} what is predicted: "NOUN", "cat, river", "none", "4.2" */
    answer: (layer, unit) =>
      scale
        ? marked(share(layer, unit), scale, " ↓", " ↑")
        : held(layer, unit).map((k) => called[k]).join(view.sign) || "–",
    /** @type {(layer: number, unit: number) => string} with probabilities: "NOUN 0.97", "none (cat 0.31)" */
    said: (layer, unit) => {
      const ks = held(layer, unit);
      if (!ks.length) return "no value";
      if (scale) return marked(share(layer, unit), scale, " (below all of train)", " (above all of train)");
      /** @param {number} k */
      const sure = (k) => `${called[k]} ${digits(proba(layer, unit, k))}`;
      return ks[0] === K ? `${called[K]} (${sure(top(layer, unit))})` : ks.map(sure).join(view.sign);
    },
    /** @type {(layer: number, unit: number) => Float32Array} */
    distribution: (layer, unit) => cube.subarray(at(layer, unit) * K, (at(layer, unit) + 1) * K),
    /** @type {(layer: number, unit: number) => number} in bits */
    entropy: (layer, unit) => entropyOf(cube, at(layer, unit) * K, K),
    grids: /** @type {number} */ (view.grids ?? 1), // under each other, which share the room for rows
    letters: /** @type {number} */ (view.letters ?? 0), // of a label, for which columns have room in any case
    beside:
      /** @type {[number | null, number][] | null} of each column its unit and how many letters it has room for, in a pair */
      (view.beside ?? null),
    /** what the score of a layer is called */
    metric: /** @type {string} */ (view.curve?.metric ?? "accuracy"),
    /** @type {(layer: number) => number} on test; NaN where there is no sweep */
    accuracy: (layer) => view.curve?.accuracy[view.curve.layers.indexOf(layer)]?.[0] ?? NaN,
    /** @type {(layer: number, unit: number) => boolean} */
    right: (layer, unit) => held(layer, unit).some((k) => called[k] === units.gold[unit]),
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
 * What colour means for one cell: the place `k` of its label and the `strength` of its hue, in [0, 1]; or its place on the
 * ramp, the `step`, and the `value`. Predicted label: as strong as it is probable; none is as strong as the most probable
 * label is not. Where there is no value, `k` is -1.
 * @param {Scene} scene
 * @param {Choice} choice
 * @param {number} layer
 * @param {number} unit
 */
export function cellTone(scene, choice, layer, unit) {
  const [k = -1] = scene.held(layer, unit);
  const p = scene.share(layer, unit);
  if (k < 0) return { k, step: -1, strength: 0, value: NaN, p };
  if (choice.colour === "label") {
    const strength = (30 + 70 * clamp(k < scene.K ? p : 1 - p, 0, 1)) / 100; // a floor: faint labels differ too
    return { k, step: -1, strength, value: p, p };
  }
  const value = choice.colour === "entropy"
    ? scene.entropy(layer, unit)
    : scene.proba(layer, unit, scene.scale ? 0 : scene.labelIndex.get(choice.label ?? "") ?? -1);
  const share = rampShare(scene, choice, value);
  return { k, step: Math.round(share * (scene.ramp.length - 1)), strength: 1, value, p: scene.scale ? share : p };
}

/**
 * The same for CSS: `fill`, `edge` and `ink`; `text`, the value as written into the cell, and `bar`, its size. A label's hue
 * is at its strongest on the edge; a step of the ramp has none.
 * @param {Scene} scene
 * @param {Choice} choice
 * @param {number} layer
 * @param {number} unit
 * @returns {Look}
 */
export function cellLook(scene, choice, layer, unit) {
  const { k, step, strength, value, p } = cellTone(scene, choice, layer, unit);
  const text = step < 0 || scene.scale ? scene.answer(layer, unit) : digits(value);
  const none = { fill: "transparent", edge: "transparent", ink: "var(--pw-ink)" };
  if (k < 0) return { ...none, text, bar: 0 };
  if (step < 0) {
    return { fill: scene.fill(k, strength), edge: scene.edge(k), ink: "var(--pw-fill-ink)", text, bar: p };
  }
  const [fill, ink] = scene.ramp[step] ?? [none.fill, none.ink];
  return { ...none, fill, ink, text, bar: p };
}

/**
 * Where a ramp begins and ends: as the numbers of train do, at the largest entropy that there can be (bits), or at 1.
 * @param {{ K: number, scale?: { low: number, high: number } }} scene
 * @param {{ colour?: string }} choice
 */
export function rampEnds({ K, scale }, { colour }) {
  return scale ? [scale.low, scale.high] : [0, colour === "entropy" ? Math.log2(Math.max(K, 2)) : 1];
}

/**
 * Place of a value on the ramp, in [0, 1]. Most entropies are close to 0: their scale is that of the square root.
 * @param {Parameters<typeof rampEnds>[0]} scene
 * @param {{ colour?: string }} choice
 * @param {number} value
 */
export function rampShare(scene, choice, value) {
  const [low, high] = rampEnds(scene, choice);
  const share = clamp((value - low) / (high - low), 0, 1);
  return choice.colour === "entropy" ? Math.sqrt(share) : share;
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
 * @param {Scene} scene
 * @param {Choice} choice
 */
export function colourName(scene, { colour, label }) {
  return colour === "entropy" ? colour : scene.called[scene.labelIndex.get(label ?? "") ?? -1] ?? "";
}

/**
 * The value behind the colour, in words with its unit; null where what is predicted says it all.
 * @param {Scene} scene
 * @param {Choice} choice
 * @param {Look} look
 */
export function colourTitle(scene, choice, look) {
  const name = colourName(scene, choice);
  return choice.colour === "entropy" ? `entropy ${look.text} bits` : name && `probability of ${name}: ${look.text}`;
}

/**
 * Whether a unit begins another line than the one before it.
 * @param {Scene} scene
 * @param {number} unit
 */
export function startsLine(scene, unit) {
  return unit > 0 && scene.units.line[unit] !== scene.units.line[unit - 1];
}
