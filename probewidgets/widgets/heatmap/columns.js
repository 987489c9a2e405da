// @ts-check
// Where each unit stands: a column of its own, with a gap before each line but the first. Pure arithmetic.

/** @import { Scene } from "../reading/scene.js" */
import { clamp } from "../kit/text.js";

/** @typedef {ReturnType<typeof columnsOf>} Columns */

const BLANK = -2; // a column without a word
export const MOST_WRITTEN = 600; // cells; more of them are an overview, in which colour says it all
const ROOM = 480; // px for all rows of an overview
const MOST_LETTERS = 9; // of a label, for which there is room in a cell

/**
 * `order` are the units from left to right, in lines from right to left the other way, and `place` where each of them is
 * among these; `tracks` are the same with the gaps, which are -1, and the places of words that only a sentence beside this
 * one has, which are -2; `track` is where each of them is among those. `room` is how wide each is at least (em), where that
 * is told.
 * @param {Scene} scene
 */
export function columnsOf({ units: { line, rtl }, U, beside }) {
  const order = Array.from({ length: U }, (_, unit) => unit);
  if (beside && !rtl.includes(true)) {
    const tracks = beside.map(([unit]) => unit ?? BLANK);
    const room = beside.map(([, letters]) => 0.72 * letters + 1);
    return { order, tracks, place: order, track: order.map((unit) => tracks.indexOf(unit)), room };
  }
  for (const each of new Set(line)) {
    const [start, end] = [line.indexOf(each), line.lastIndexOf(each) + 1];
    if (rtl[start]) order.splice(start, end - start, ...order.slice(start, end).reverse());
  }
  const tracks = order.flatMap((unit, place) => (place && line[unit] !== line[order[place - 1]] ? [-1, unit] : [unit]));
  const at = (/** @type {number[]} */ places) => order.map((_, unit) => places.indexOf(unit));
  return { order, tracks, place: at(order), track: at(tracks), room: [] };
}

/**
 * The unit that somebody is typing: the last of those that are new, where all others are as they were; else -1.
 * @param {string[]} before
 * @param {string[]} after
 */
export function typedUnit(before, after) {
  const shorter = Math.min(before.length, after.length);
  let front = 0;
  while (front < shorter && before[front] === after[front]) front += 1;
  let back = 0;
  while (back < shorter - front && before.at(-1 - back) === after.at(-1 - back)) back += 1;
  return front + back && front + back >= shorter - 1 && front + back < after.length ? after.length - 1 - back : -1;
}

/**
 * The tracks as CSS wants them: a word's own width and at least that of a label, or as much as there is for all.
 * @param {Scene} scene
 * @param {Columns} columns
 * @param {boolean} overview
 * @param {number} layers that stand beside rows of text; 0 where there are none
 */
export function template({ called, scale, letters: least }, { tracks, room }, overview, layers) {
  // Wide enough to see a colour and to be hit, where the texts leave the room.
  if (layers) return `repeat(${layers},minmax(clamp(${overview ? 2 : 16}px,28cqi/${layers},2.6em),auto))`;
  if (overview) return "1fr";
  const letters = scale ? 4 : clamp(Math.max(...called.map((name) => name.length)), 4, MOST_LETTERS);
  const label = 0.58 * Math.max(letters, least ?? 0) + 0.9;
  return tracks.map((unit, at) =>
    unit === -1 ? "12px" : `minmax(${Math.max(room[at] ?? 0, label).toFixed(1)}em,max-content)`
  ).join(" ");
}

/**
 * How high a row is (px), so that all of them can be seen.
 * @param {number} rows
 */
export function rowHeight(rows) {
  return clamp(Math.floor(ROOM / rows), 6, 24);
}
