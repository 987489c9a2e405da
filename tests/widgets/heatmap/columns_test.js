// @ts-check
// Columns: where units stand, and which of them is being typed.

/** @import { Scene } from "../../../probewidgets/widgets/reading/scene.js" */
import { columnsOf, rowHeight, template, typedUnit } from "../../../probewidgets/widgets/heatmap/columns.js";
import { layersIn } from "../../../probewidgets/widgets/reading/controls.js";
import { same } from "../assert.js";

/** @type {(line: number[], rtl: boolean[]) => Scene} */
const scene = (line, rtl) => /** @type {any} */ ({ units: { line, rtl }, U: line.length, called: ["NOUN", "PUNCT"] });

Deno.test("a gap stands before each line but the first", () => {
  const { order, tracks, place } = columnsOf(scene([0, 0, 1, 3], [false, false, false, false]));
  same(order, [0, 1, 2, 3]);
  same(tracks, [0, 1, -1, 2, -1, 3]);
  same(place, [0, 1, 2, 3]);
});

Deno.test("a line from right to left stands the other way round, and no other does", () => {
  const { order, tracks, place } = columnsOf(scene([0, 0, 0, 1, 1], [true, true, true, false, false]));
  same(order, [2, 1, 0, 3, 4]);
  same(tracks, [2, 1, 0, -1, 3, 4]);
  same(place, [2, 1, 0, 3, 4]);
});

Deno.test("a column has room for its word and for a label, whatever is predicted", () => {
  const few = scene([0, 0], [false, false]);
  same(template(few, columnsOf(few), false, 0), "minmax(3.8em,max-content) minmax(3.8em,max-content)");
});

Deno.test("two sentences have the same columns, as wide as the longer word, and blank ones where one has no word", () => {
  const beside = [[0, 3], [null, 11], [1, 4]];
  const first = /** @type {any} */ ({ ...scene([0, 0], [false, false]), beside });
  const columns = columnsOf(first);
  same([columns.order, columns.tracks, columns.place], [[0, 1], [0, -2, 1], [0, 1]]);
  const second = /** @type {any} */ ({ ...scene([0, 0, 0], [false, false, false]), beside: [[0, 3], [1, 11], [2, 4]] });
  same(template(first, columns, false, 0), template(second, columnsOf(second), false, 0));
  same(template(first, columns, false, 0).split(" ")[1], "minmax(8.9em,max-content)");
  const turned = /** @type {any} */ ({ ...scene([0, 0], [true, true]), beside: [[0, 3], [1, 3]] });
  same(template(turned, columnsOf(turned), false, 0), "minmax(3.8em,max-content) minmax(3.8em,max-content)");
  same(columnsOf(turned).order, [1, 0]); // from right to left, each stands as it is read
});

Deno.test("rows shrink from 24 to 6 px", () => {
  same([1, 7, 20, 31, 48, 80, 200].map(rowHeight), [24, 24, 24, 15, 10, 6, 6]);
});

Deno.test("what is typed is the last new word beside words that stay", () => {
  same(typedUnit(["the", "c"], ["the", "cats"]), 1);
  same(typedUnit(["the", "cats"], ["the", "cats", "sat"]), 2);
  same(typedUnit(["the", "cats", "sat"], ["the", "old", "cats", "sat"]), 1);
  same(typedUnit(["the", "cats", "sat"], ["the", "cats"]), -1);
  same(typedUnit(["the", "cats"], ["the", "cats"]), -1);
  same(typedUnit([], ["the", "cats"]), -1);
  same(typedUnit(["the", "cats", "sat"], ["dogs", "run", "here"]), -1);
});

Deno.test("layers can be told by ranges, and by every n-th of them", () => {
  const layers = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  same(layersIn("0-2, 5", layers), [0, 1, 2, 5]);
  same(layersIn(" 0 – 8 / 4 ", layers), [0, 4, 8]);
  same(layersIn("7-99", layers), [7, 8]);
  same(layersIn("99", layers), []);
  for (const odd of ["", "a", "1-", "0-8/0", "1,,2"]) same(layersIn(odd, layers), []);
});
