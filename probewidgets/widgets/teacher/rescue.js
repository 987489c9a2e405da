// @ts-check
// What was painted for a kernel that then was gone: kept in this tab until the lesson is shown again, and painted there.

/** @import { Lesson, Stroke } from "./scene.js" */

/** @typedef {{ sentence: string, at: number, label: string | null }} Mark a unit by its sentence and its place in it */

/** @param {string} path of the lesson's file */
const keyOf = (path) => `probewidgets-lesson:${path}`;

/**
 * Each unit of a lesson by its sentence and its place in that.
 * @param {Lesson} lesson
 */
function homes({ forms, sentence, sizes }) {
  let start = 0;
  const lines = sizes.map((size) => {
    start += size;
    return forms.slice(start - size, start).join("\n");
  });
  return forms.map((_, u) => ({ sentence: lines[sentence[u]], at: u - sentence.indexOf(sentence[u]) }));
}

/**
 * Keep strokes that did not reach the kernel; none forgets those that were kept.
 * @param {string} path
 * @param {Lesson} lesson
 * @param {Stroke[]} strokes
 */
export function keepStrokes(path, lesson, strokes) {
  const places = homes(lesson);
  const marks = strokes.flatMap(({ units, label }) =>
    units.flatMap((id) => {
      const u = lesson.place.get(id);
      return u === undefined ? [] : [{ ...places[u], label }];
    })
  );
  try {
    if (marks.length) sessionStorage.setItem(keyOf(path), JSON.stringify(marks));
    else sessionStorage.removeItem(keyOf(path));
  } catch {
    // a page that may not keep anything
  }
}

/**
 * The strokes that were kept of a lesson, as far as its sentences are in sight.
 * @param {string} path
 * @param {Lesson} lesson
 * @returns {{ places: number[], label: string | null }[]}
 */
export function keptStrokes(path, lesson) {
  /** @type {Mark[]} */
  let marks = [];
  try {
    marks = JSON.parse(sessionStorage.getItem(keyOf(path)) ?? "[]");
  } catch {
    // there is nothing that could be read
  }
  const places = homes(lesson);
  return marks.flatMap(({ sentence, at, label }) => {
    const u = places.findIndex((place) => place.sentence === sentence && place.at === at);
    return u < 0 || (label !== null && label !== "O" && !lesson.labels.includes(label)) ? [] : [{ places: [u], label }];
  });
}
