// @ts-check
import {
  cellSaid,
  commonest,
  headSaid,
  percent,
  readConfusion,
  shadeOf,
} from "../../../probewidgets/widgets/errors/matrix.js";
import { close, ok, same } from "../assert.js";

/** @param {number[]} counts */
const view = (counts) => ({
  axis: [2, 0, -1],
  called: ["A", "B", "C"],
  labels: ["a", "b", "c"],
  counts: new DataView(new Float32Array(counts).buffer),
});
const CONFUSION = readConfusion(view([90, 10, 0, 5, 15, 0, 0, 0, 0]));

Deno.test("rows are gold labels and columns given ones, with their sums", () => {
  const { names, gold, given, at, label } = CONFUSION;
  same(names, ["C", "A", "other labels"]);
  same([[...gold], [...given]], [[100, 20, 0], [95, 25, 0]]);
  same([at(0, 1), at(1, 0)], [10, 5]);
  same([label(0), label(2)], ["c", null]);
});

Deno.test("shares are of the row and of the column, and none of what is empty", () => {
  const { rowShare, columnShare } = CONFUSION;
  close([rowShare(0, 1), columnShare(0, 1)], [0.1, 0.4]);
  ok(Number.isNaN(rowShare(2, 2)));
});

Deno.test("a cell and a head are said in words", () => {
  same(cellSaid(CONFUSION, 0, 1), "C given as A: 10, 10 % of gold C, 40 % of given A");
  same(cellSaid(CONFUSION, 0, 0), "C given rightly: 90, 90 % of gold C, 95 % of given C");
  same(cellSaid(CONFUSION, 2, 1), "other labels given as A: 0");
  same(headSaid(CONFUSION, 1, true), "A: 20 gold, 75 % of them right");
  same(headSaid(CONFUSION, 1, false), "A: given 25 times, 60 % rightly");
});

Deno.test("percentages say what is too small and what is none", () => {
  same([0.5, 0.0123, 0.0999, 0.0001, 0, NaN].map(percent), ["50 %", "1.2 %", "10 %", "< 0.1 %", "0.0 %", "–"]);
});

Deno.test("the commonest error is the largest cell that is not on the diagonal", () => {
  same(commonest(CONFUSION), [0, 1]);
  same(commonest(readConfusion(view([1, 0, 0, 0, 1, 0, 0, 0, 1]))), null);
});

Deno.test("what is wrong is coloured by the root of its share, what is right by its share", () => {
  const byRow = shadeOf(CONFUSION, "row");
  close([byRow(0, 0), byRow(0, 1), byRow(2, 0)], [0.9, Math.sqrt(0.1), 0]);
  const byCount = shadeOf(CONFUSION, "count");
  close([byCount(0, 0), byCount(0, 1), byCount(1, 0)], [1, 1, Math.sqrt(0.5)]);
  close([shadeOf(CONFUSION, "column")(1, 0)], [Math.sqrt(5 / 95)]);
});
