// @ts-check
// What is in sight of a lesson, as the page reads it: units with marks and predictions. Pure functions.

/** @import { Sent } from "../kit/host.d.ts" */
import { floats } from "../kit/link.js";
import { digits } from "../kit/text.js";

/** @typedef {ReturnType<typeof readLesson>} Lesson */
/** @typedef {{ seq: number, units: number[], label: string | null }} Stroke */

export const NOTHING = "O"; // the mark of what nobody has to label

/**
 * Whole numbers from a DataView of bytes, whatever its offset.
 * @param {DataView | undefined} view
 * @param {1 | 4} size of each, in bytes
 */
export function integers(view, size) {
  if (!view) return [];
  const count = Math.floor(view.byteLength / size);
  return Array.from({ length: count }, (_, i) => size === 1 ? view.getInt8(i) : view.getInt32(4 * i, true));
}

/**
 * A view of the kernel's with the strokes that it does not know of yet.
 * @param {Sent} view
 * @param {Stroke[]} [strokes]
 */
export function readLesson(view, strokes = []) {
  const labels = /** @type {string[]} */ (view.labels ?? []);
  const ids = integers(view.ids, 4);
  const place = new Map(ids.map((id, u) => [id, u]));
  const marks = integers(view.marks, 1);
  for (const { units, label } of strokes) {
    const k = label === null ? -1 : label === NOTHING ? labels.length : labels.indexOf(label);
    if (label !== null && k < 0) continue; // its label is as new as it is, and will come with it
    for (const id of units) {
      const u = place.get(id);
      if (u !== undefined) marks[u] = k;
    }
  }
  const sizes = /** @type {number[]} */ (view.sizes ?? []);
  const layers = /** @type {number[]} */ (view.layers ?? []);
  const rows = ids.length ? integers(view.top, 1).length / ids.length : 0;
  return {
    labels,
    ids,
    place,
    marks,
    sizes,
    layers,
    forms: /** @type {string[]} */ (view.forms ?? []),
    gaps: /** @type {number[]} */ (view.gaps ?? []),
    top: integers(view.top, 1),
    p: floats(view.p),
    row: layers.indexOf(view.layer) < rows ? layers.indexOf(view.layer) : -1,
    sentence: sizes.flatMap((size, number) => Array.from({ length: size }, () => number)),
    unit: /** @type {string} */ (view.unit ?? "word"),
  };
}

/**
 * What the probe of a layer predicts for a unit: the place of the label, or -1, and its probability.
 * @param {Lesson} lesson
 * @param {number} u
 * @param {number} [row] of the layer; by default the one that is shown
 */
export function predicted(lesson, u, row = lesson.row) {
  const at = row * lesson.ids.length + u;
  return row < 0 ? { k: -1, p: NaN } : { k: lesson.top[at] ?? -1, p: lesson.p[at] };
}

/**
 * What a label is called; that of nothing, which is the last one, "nothing".
 * @param {Lesson} lesson
 * @param {number} k
 */
export function labelName({ labels }, k) {
  return labels[k] ?? "nothing";
}

/**
 * The name by which a unit is read out: "bread: food, painted", "olives: food 0.81".
 * @param {Lesson} lesson
 * @param {number} u
 */
export function unitName(lesson, u) {
  const mark = lesson.marks[u];
  if (mark >= 0) return `${lesson.forms[u]}: ${labelName(lesson, mark)}, painted`;
  const { k, p } = predicted(lesson, u);
  return k < 0 ? `${lesson.forms[u]}: untouched` : `${lesson.forms[u]}: ${labelName(lesson, k)} ${digits(p)}`;
}

/**
 * What stands under a unit: its painted label, or the predicted one with its probability; nothing where nothing is. Under
 * a short word there is less room, also where others stand close by: then the colour says the label, or all of it.
 * @param {Lesson} lesson
 * @param {number} u
 */
export function underText(lesson, u) {
  const mark = lesson.marks[u];
  const { k, p } = mark >= 0 ? { k: mark, p: NaN } : predicted(lesson, u);
  if (k < 0 || (mark < 0 && k === lesson.labels.length)) return "";
  const name = labelName(lesson, k);
  const short = k === lesson.labels.length ? "–" : `${name.slice(0, 3)}…`;
  const texts = mark >= 0 ? [name, short] : [`${name} ${share(p)}`, share(p)];
  const sides = (lesson.gaps[u] ?? 1) + (lesson.gaps[u + 1] ?? 1);
  const room = 1.5 * Array.from(lesson.forms[u]).length + 0.8 + 0.6 * sides; // in letters of the smaller size
  return lesson.unit === "sentence" ? texts[0] : texts.find((text) => text.length <= room) ?? "";
}

/**
 * A share as text that has little room: ".81", "1.0".
 * @param {number} value
 */
export function share(value) {
  return digits(value).replace(/^0(?=\.)/, "").replace("1.00", "1.0");
}

/**
 * Units from one to another, in reading order.
 * @param {number} from
 * @param {number} to
 */
export function between(from, to) {
  const low = Math.min(from, to);
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => low + i);
}
