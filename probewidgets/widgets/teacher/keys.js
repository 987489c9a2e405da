// @ts-check
// Painting by keys: arrows go along words, Shift chooses several, digits paint, Enter and X answer what is predicted.

/** @import { TeacherStore } from "./store.js" */
/** @import { Choosing } from "./words.js" */
import { clamp } from "../kit/text.js";
import { NOTHING, predicted } from "./scene.js";

/**
 * @typedef {{
 *   store: TeacherStore,
 *   choosing: Choosing,
 *   mark: () => void,
 *   place: (focus: boolean) => void,
 *   leave: () => void,
 *   cell: (u: number) => HTMLElement | undefined,
 * }} Hooks
 */

/**
 * The label that units are to be painted with; null, where all of them have it already.
 * @param {TeacherStore} store
 * @param {number[]} units
 * @param {string} label
 */
export function toggled({ lesson }, units, label) {
  const k = label === NOTHING ? lesson.labels.length : lesson.labels.indexOf(label);
  return units.every((u) => lesson.marks[u] === k) ? null : label;
}

/**
 * @param {HTMLElement} grid
 * @param {Hooks} hooks
 * @param {AbortSignal} signal
 */
export function listenToKeys(grid, hooks, signal) {
  const { store, choosing, place, leave } = hooks;
  grid.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey) return;
    const { key } = event;
    const to = event.ctrlKey && !["Home", "End"].includes(key) ? null : stepTo(key, event.ctrlKey, hooks);
    if (to !== null) {
      choosing.go(to, event.shiftKey);
      place(true);
    } else if (key === "Escape") {
      choosing.go(choosing.at);
      place(false);
      leave();
    } else if (event.ctrlKey || !act(key, store, choosing.chosen)) return;
    event.preventDefault();
  }, { signal });
}

/**
 * Where a key leads; null for one that leads nowhere.
 * @param {string} key
 * @param {boolean} control
 * @param {Hooks} hooks
 */
function stepTo(key, control, { store: { lesson }, choosing: { at }, cell }) {
  const last = lesson.ids.length - 1;
  if (key === "ArrowRight" || key === "ArrowLeft") return clamp(at + (key === "ArrowRight" ? 1 : -1), 0, last);
  if (key === "ArrowUp" || key === "ArrowDown") return lineTo(at, key === "ArrowUp" ? -1 : 1, last, cell);
  if (key !== "Home" && key !== "End") return null;
  if (control) return key === "Home" ? 0 : last;
  const mine = lesson.sentence[at];
  return key === "Home" ? lesson.sentence.indexOf(mine) : lesson.sentence.lastIndexOf(mine);
}

/**
 * The nearest cell of the line above or below, as the words are broken into lines now.
 * @param {number} at
 * @param {-1 | 1} way
 * @param {number} last
 * @param {Hooks["cell"]} cell
 */
function lineTo(at, way, last, cell) {
  const here = cell(at)?.getBoundingClientRect();
  let [best, least, line] = [at, Infinity, NaN];
  for (let u = at + way; here && u >= 0 && u <= last; u += way) {
    const box = cell(u)?.getBoundingClientRect();
    if (!box || Math.abs(box.top - here.top) < here.height / 2) continue;
    if (Math.abs(box.top - line) > here.height / 2) break; // the line after that
    line = box.top;
    const off = Math.abs(box.left + box.right - here.left - here.right);
    if (off < least) [best, least] = [u, off];
  }
  return best;
}

/**
 * What a key does with units; whether it does anything.
 * @param {string} key
 * @param {TeacherStore} store
 * @param {number[]} units
 */
function act(key, store, units) {
  const { lesson } = store;
  if (/^[1-9]$/.test(key)) {
    if (lesson.labels[Number(key) - 1]) store.paint(units, lesson.labels[Number(key) - 1]);
  } else if (key === "0") store.paint(units, NOTHING);
  else if (key === " ") store.paint(units, toggled(store, units, store.brush));
  else if (key === "Backspace" || key === "Delete") store.paint(units, null);
  else if (key === "Enter") accept(store, units);
  else if (key.toLowerCase() === "x") reject(store, units);
  else if (key.toLowerCase() === "n") goNext(store, lesson.ids[units[0]]);
  else return false;
  return true;
}

/**
 * Paint units as they are predicted, and go to the next one to paint.
 * @param {TeacherStore} store
 * @param {number[]} units
 */
export function accept(store, units) {
  const { lesson } = store;
  const open = units.filter((u) => lesson.marks[u] < 0 && predicted(lesson, u).k >= 0);
  for (const k of new Set(open.map((u) => predicted(lesson, u).k))) {
    store.paint(open.filter((u) => predicted(lesson, u).k === k), lesson.labels[k] ?? NOTHING);
  }
  if (open.length) goNext(store, lesson.ids[open[0]]);
}

/**
 * Say that what is predicted is not there; of a unit where nothing is predicted, that it is not to be asked about.
 * @param {TeacherStore} store
 * @param {number[]} units
 */
export function reject(store, units) {
  const { lesson } = store;
  const open = units.filter((u) => lesson.marks[u] < 0 && predicted(lesson, u).k >= 0);
  const wrong = open.filter((u) => predicted(lesson, u).k < lesson.labels.length);
  for (const u of open.filter((each) => !wrong.includes(each))) store.change("aside", { unit: lesson.ids[u] });
  if (wrong.length) store.paint(wrong, NOTHING);
  if (open.length) goNext(store, lesson.ids[open[0]]);
}

/**
 * Go to the word that is to be painted after a given one, or to the first of them.
 * @param {TeacherStore} store
 * @param {number} from
 */
export function goNext(store, from) {
  const offered = /** @type {[number, string][]} */ (store.view.next ?? []).map(([id]) => id);
  const at = offered.indexOf(from);
  const { marks, place } = store.lesson;
  const next = [...offered.slice(at + 1), ...offered.slice(0, Math.max(at, 0))]
    .find((id) => (marks[place.get(id) ?? -1] ?? -1) < 0);
  if (next !== undefined) store.want(next);
}
