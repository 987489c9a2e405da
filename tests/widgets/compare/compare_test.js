// @ts-check
import { axisOf } from "../../../probewidgets/widgets/compare/column.js";
import { filled, lineOf } from "../../../probewidgets/widgets/compare/lines.js";
import { changedScene } from "../../../probewidgets/widgets/compare/store.js";
import { close, same } from "../assert.js";

Deno.test("rows without a layer stand on the line between their neighbours, and nothing beyond the ends", () => {
  close(filled([1, null, null, 4]), [1, 2, 3, 4]);
  same(filled([null, 2, undefined, 4, null]).map(String), ["NaN", "2", "3", "4", "NaN"]);
  same(filled([null, null]).map(String), ["NaN", "NaN"]);
  close(filled([0, null, -1]), [0, -0.5, -1]);
});

Deno.test("an axis has round ends around all intervals, and a difference has zero on it", () => {
  const { low, high, every } = axisOf([[0.91, 0.9, 0.93], null, [0.951, null, null]], false);
  close([low, high, every], [0.9, 0.96, 0.01]);
  const about = axisOf([[0.04, 0.03, 0.055]], true);
  close([about.low, about.high], [0, 0.06]);
  const same_ = axisOf([[0, 0, 0]], true);
  close([same_.low, same_.high], [0, 0.01]);
  const none = axisOf([], false);
  close([none.low, none.high], [0, 1]);
});

Deno.test("each predictor has a line of its own", () => {
  same(new Set([0, 1, 2, 3, 4, 5, 6, 7].map(lineOf)).size, 8);
});

Deno.test("what has changed is told with its sign and the label that it is of", () => {
  const floats = new Float32Array([0.42, -0.1, NaN, 0.001]);
  const units = {
    text: ["a", "b", "c", "d"],
    line: [0, 0, 0, 0],
    gold: ["X", null, null, null],
    seen: [],
    rtl: [],
  };
  const scale = {
    name: "difference",
    low: -1,
    high: 1,
    places: 2,
    ticks: ["−1", "0", "+1"],
    trained: "",
    changes: true,
  };
  const scene = changedScene({
    layers: [3],
    units,
    labels: ["X", "Y"],
    proba: new DataView(new ArrayBuffer(32)),
    difference: {
      labels: ["difference"],
      called: ["difference"],
      proba: new DataView(floats.buffer),
      scale,
      ramp: [],
      changed: ["X", null, null, "Y"],
    },
  });
  same([0, 1, 2, 3].map((unit) => scene.said(3, unit)), ["X +0.42", "−0.10", "no counterpart", "Y 0.00"]);
  same(scene.answer(3, 0), "+0.42");
  same(scene.gold(0), null); // a number is not held against a label
});
