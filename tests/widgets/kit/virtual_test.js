// @ts-check
import { rowsInSight, stepAlong } from "../../../probewidgets/widgets/kit/virtual.js";
import { same } from "../assert.js";

Deno.test("the rows in sight, and a few beside them, are in the page", () => {
  same(rowsInSight(0, 100, 10, 1000), [0, 16]);
  same(rowsInSight(500, 100, 10, 1000), [44, 66]);
  same(rowsInSight(9900, 100, 10, 1000), [984, 1000]);
  same(rowsInSight(0, 100, 10, 3), [0, 3]);
  same(rowsInSight(500, 100, 10, 0), [0, 0]);
});

Deno.test("before a row was measured there is one", () => {
  same(rowsInSight(0, 0, 0, 25000), [0, 1]);
  same(rowsInSight(0, 0, 0, 0), [0, 0]);
});

Deno.test("keys go along a list and never out of it", () => {
  /** @type {[string, number, number][]} */
  const steps = [
    ["ArrowUp", 0, 0],
    ["ArrowDown", 99, 99],
    ["ArrowDown", 3, 4],
    ["PageDown", 3, 13],
    ["PageUp", 3, 0],
    ["Home", 50, 0],
    ["End", 50, 99],
    ["Ctrl+End", 50, 99],
    ["x", 50, 50],
  ];
  for (const [key, from, to] of steps) same([key, stepAlong(key, from, 100, 10)], [key, to]);
  same(stepAlong("End", 0, 0, 10), 0);
});
