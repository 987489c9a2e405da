// @ts-check
import { lineOf } from "../../../probewidgets/widgets/compare/lines.js";
import { changedScene } from "../../../probewidgets/widgets/compare/store.js";
import { same } from "../assert.js";

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
