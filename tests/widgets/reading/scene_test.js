// @ts-check
/** @import { Scene } from "../../../probewidgets/widgets/reading/scene.js" */
import {
  argmax,
  cellLook,
  entropyOf,
  rampLook,
  rampShare,
  readScene,
  startsLine,
} from "../../../probewidgets/widgets/reading/scene.js";
import { nearestTo } from "../../../probewidgets/widgets/reading/controls.js";
import { close, same } from "../assert.js";

/** @returns {Scene} two layers, two units, two labels */
function sceneOf(proba = [0.25, 0.75, 1, 0, 0.5, 0.5, NaN, 0]) {
  const units = { text: ["a\u200b", "b"], line: [0, 1], gold: ["Y", null], seen: [true, false] };
  const view = new DataView(new Float32Array(proba).buffer);
  const curve = { layers: [3], accuracy: [[0.9, 0.8, 1]] };
  return readScene({
    layers: [0, 3],
    labels: ["X", "Y"],
    units,
    proba: view,
    curve,
    window: { start: 4, end: 6, total: 9 },
  });
}

Deno.test("a view is read by layer and unit", () => {
  const scene = sceneOf();
  same([scene.said(0, 0), scene.said(0, 1), scene.said(3, 0), scene.said(3, 1)], [
    "Y 0.75",
    "X 1.00",
    "X 0.50",
    "no value",
  ]);
  same([scene.right(0, 0), scene.right(3, 0)], [true, false]);
  same(scene.names, ["a⟨ZWSP⟩", "b"]);
  same([scene.accuracy(3), String(scene.accuracy(0))], [0.9, "NaN"]);
  same([startsLine(scene, 0), startsLine(scene, 1)], [false, true]);
  close([scene.entropy(0, 1), scene.entropy(3, 0)], [0, 1]);
  same(String(scene.entropy(3, 1)), "NaN");
});

Deno.test("nothing is read out of nothing", () => {
  const scene = readScene({});
  same([scene.U, scene.K, scene.window], [0, 0, { start: 0, end: 0, total: 0 }]);
});

Deno.test("the largest is found, and none where a number is missing", () => {
  same([argmax([1, 3, 3], 0, 3), argmax([9, 1, 2], 1, 2), argmax([1, NaN], 0, 2), argmax([], 0, 0)], [1, 1, -1, -1]);
  close([entropyOf([0.5, 0.5], 0, 2), entropyOf([0.25, 0.25, 0.25, 0.25], 0, 4), entropyOf([1, 0], 0, 2)], [1, 2, 0]);
});

Deno.test("a colour is the label's hue at its probability, or a step of the ramp", () => {
  const scene = sceneOf();
  const choice = { layer: 0, layers: [0, 3] };
  const look = cellLook(scene, { ...choice, colour: "label" }, 0, 0);
  same([look.fill, look.edge], ["color-mix(in srgb, var(--pw-k1) 75%, var(--pw-paper))", "var(--pw-e1)"]);
  same(cellLook(scene, { ...choice, colour: "label" }, 3, 1).text, "–");
  same(cellLook(scene, { ...choice, colour: "probability", label: "X" }, 0, 0).text, "0.25");
});

Deno.test("the ramp goes evenly through its steps, and low entropies can be told apart", () => {
  const ramp = ["#000000", "#808080", "#ffffff"];
  same([0, 0.25, 0.5, 1, 7].map((share) => rampLook(ramp, share).fill), [
    "rgb(0 0 0)",
    "rgb(64 64 64)",
    "rgb(128 128 128)",
    "rgb(255 255 255)",
    "rgb(255 255 255)",
  ]);
  same([rampLook(ramp, 0).ink, rampLook(ramp, 1).ink, rampLook(ramp, NaN).fill], ["#fff", "#000", "transparent"]);
  close([0, 0.04, 0.25, 1, 4].map((bits) => rampShare({ K: 16 }, { colour: "entropy" }, bits)), [0, 0.1, 0.25, 0.5, 1]);
  close([rampShare({ K: 16 }, { colour: "probability" }, 0.25)], [0.25]);
});

Deno.test("a slider passes over hidden layers", () => {
  same([nearestTo(4, [0, 3, 6], 3), nearestTo(2, [0, 3, 6], 3), nearestTo(6, [0, 3, 6], 3)], [6, 0, 6]);
  same(nearestTo(7, [0, 3, 6], 6) ?? null, null);
});
