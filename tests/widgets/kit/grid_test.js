// @ts-check
import { inside, stepIn } from "../../../probewidgets/widgets/kit/grid.js";
import { into } from "../../../probewidgets/widgets/kit/dom.js";
import { same } from "../assert.js";

/** @typedef {[number, number]} Spot */

Deno.test("keys go through a grid of 7 rows and 4 columns and never out of it", () => {
  /** @type {[string, Spot, Spot][]} */
  const steps = [
    ["ArrowUp", [3, 2], [2, 2]],
    ["ArrowUp", [0, 2], [0, 2]],
    ["ArrowDown", [6, -1], [6, -1]],
    ["ArrowLeft", [3, 0], [3, -1]],
    ["ArrowLeft", [3, -1], [3, -1]],
    ["ArrowRight", [3, 3], [3, 3]],
    ["PageUp", [6, 1], [1, 1]],
    ["PageDown", [3, 1], [6, 1]],
    ["Home", [3, 2], [3, -1]],
    ["End", [3, -1], [3, 3]],
    ["Ctrl+Home", [3, 2], [0, -1]],
    ["Ctrl+End", [3, 2], [6, 3]],
    ["x", [3, 2], [3, 2]],
  ];
  for (const [key, from, to] of steps) same([key, stepIn(key, from, 7, 4)], [key, to]);
});

Deno.test("a place of an older grid is moved into the newer one", () => {
  same(inside([5, 9], 3, 4), [2, 3]);
  same(inside([-1, -1], 3, 0), [0, -1]);
  same(inside([4, 2], 0, 0), [0, -1]);
});

Deno.test("scrolling moves no further than needed, and shows the start of what is too wide", () => {
  same([into(10, 20, 0, 100), into(-5, 20, 0, 100), into(90, 120, 0, 100), into(50, 300, 0, 100)], [0, -5, 20, 50]);
});
