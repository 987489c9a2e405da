// @ts-check
/** @import { Scene } from "../../../probewidgets/widgets/reading/scene.js" */
import {
  argmax,
  cellLook,
  cellName,
  entropyOf,
  rampShare,
  readScene,
  remark,
  startsLine,
} from "../../../probewidgets/widgets/reading/scene.js";
import { nearestTo } from "../../../probewidgets/widgets/reading/controls.js";
import { close, same } from "../assert.js";

/** @returns {Scene} two layers, two units, two labels */
function sceneOf(proba = [0.25, 0.75, 1, 0, 0.5, 0.5, NaN, 0]) {
  const units = { text: ["a⟨ZWSP⟩", "b"], line: [0, 1], gold: ["Y", null], seen: [true, false], rtl: [false, false] };
  const view = new DataView(new Float32Array(proba).buffer);
  const curve = { layers: [3], accuracy: [[0.9, 0.8, 1]] };
  return readScene({
    layers: [0, 3],
    labels: ["X", "Y\u200b"],
    called: ["X", "Y"],
    units,
    proba: view,
    curve,
    palette: { light: ["#aaaaaa", "#bbbbbb"], dark: ["#111111", "#222222"] },
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
  same(look.fill, "color-mix(in srgb, light-dark(#bbbbbb, #222222) 83%, var(--pw-paper))");
  same([scene.fill(1), look.edge], ["light-dark(#bbbbbb, #222222)", "light-dark(#222222, #bbbbbb)"]);
  same(cellLook(scene, { ...choice, colour: "label" }, 3, 1).text, "–");
  same(cellLook(scene, { ...choice, colour: "probability", label: "X" }, 0, 0).text, "0.25");
});

Deno.test("low entropies can be told apart, and what is beyond the ramp has the colour of its end", () => {
  close([0, 0.04, 0.25, 1, 4].map((bits) => rampShare({ K: 16 }, { colour: "entropy" }, bits)), [0, 0.1, 0.25, 0.5, 1]);
  close([rampShare({ K: 16 }, { colour: "probability" }, 0.25)], [0.25]);
  const scale = { low: -2, high: 2 };
  close([-3, -2, 0, 1, 9].map((value) => rampShare({ K: 1, scale }, { colour: "value" }, value)), [0, 0, 0.5, 0.75, 1]);
});

Deno.test("a colour that is not there is none", () => {
  const choice = { layer: 0, layers: [0, 3], colour: "probability", label: "gone" };
  same(cellLook(sceneOf(), choice, 0, 0).fill, "transparent");
});

/** One layer. @param {number[]} proba @param {string[]} labels @param {object} more */
function oneLayer(proba, labels, more) {
  const text = Array.from({ length: proba.length / labels.length }, (_, unit) => `w${unit}`);
  const none = text.map(() => null);
  const units = { text, line: text.map(() => 0), gold: none, seen: none, rtl: text.map(() => false) };
  return readScene({ layers: [3], labels, units, proba: new DataView(new Float32Array(proba).buffer), ...more });
}

Deno.test("of several labels those from one half on are said, or else that there is none", () => {
  const labels = ["cat", "none", "river"];
  const palette = {
    light: ["#a00000", "#b00000", "#c00000", "#d00000"],
    dark: ["#0a0000", "#0b0000", "#0c0000", "#0d0000"],
  };
  const more = { called: ["cat", "none", "river", "no label"], sign: ", ", palette };
  const scene = oneLayer([0.6, 0.1, 0.9, 0.3, 0.2, 0.1, 0.1, 0.5, 0.2, NaN, 0, 0], labels, more);
  const units = [0, 1, 2, 3];
  same(units.map((unit) => scene.answer(3, unit)), ["river, cat", "no label", "none", "–"]);
  same(units.map((unit) => scene.said(3, unit)), [
    "river 0.90, cat 0.60",
    "no label (cat 0.30)",
    "none 0.50",
    "no value",
  ]);
  same(units.map((unit) => scene.held(3, unit)), [[2, 0], [3], [1], []]);
  const looks = units.map((unit) => cellLook(scene, { layer: 3, layers: [3], colour: "label" }, 3, unit));
  same(looks.map((look) => look.edge), [...[2, 3, 1].map(scene.edge), "transparent"]);
  same(looks[1].fill, scene.fill(3, 0.79));
  scene.units.gold[0] = "cat";
  same([scene.right(3, 0), remark(scene, 3, 0)], [true, "gold cat, right"]);
});

Deno.test("a number has a colour between the ends of train, and a mark where it is outside", () => {
  const ramp = [["white", "black"], ["grey", "white"], ["black", "white"]];
  const scale = { name: "length", low: 2, high: 10, least: 1, largest: 14, places: 1, ticks: ["2", "6", "10"] };
  const scene = oneLayer([4.2, 11, 14.5, -3, NaN], ["length"], { ramp, scale });
  const units = [0, 1, 2, 3, 4];
  same(units.map((unit) => scene.answer(3, unit)), ["4.2", "11.0", "14.5 ↑", "−3.0 ↓", "–"]);
  same(cellName(scene, 3, 0), "w0, layer 3: 4.2");
  same(cellName(scene, 3, 2), "w2, layer 3: 14.5 (above all of train)");
  same(cellName(scene, 3, 4), "w4, layer 3: no value");
  const looks = units.map((unit) => cellLook(scene, { layer: 3, layers: [3], colour: "value" }, 3, unit));
  same(looks.map((look) => [look.fill, look.ink, look.text]), [
    ["grey", "white", "4.2"],
    ["black", "white", "11.0"],
    ["black", "white", "14.5 ↑"],
    ["white", "black", "−3.0 ↓"],
    ["transparent", "var(--pw-ink)", "–"],
  ]);
  close(looks.map((look) => look.bar), [(Math.fround(4.2) - 2) / 8, 1, 1, 0, 0]);
  const unknown = oneLayer([1e9, -1e9], ["y"], { ramp, scale: { ...scale, least: undefined, largest: undefined } });
  same([unknown.answer(3, 0), unknown.answer(3, 1)], ["1000000000.0", "−1000000000.0"]);
});

Deno.test("a slider passes over hidden layers", () => {
  same([nearestTo(4, [0, 3, 6], 3), nearestTo(2, [0, 3, 6], 3), nearestTo(6, [0, 3, 6], 3)], [6, 0, 6]);
  same(nearestTo(7, [0, 3, 6], 6) ?? null, null);
});
