// @ts-check
import { apart, fitted, thinning, ticks, tickText } from "../../../probewidgets/widgets/kit/plot.js";
import { close, ok, same } from "../assert.js";

Deno.test("texts that have room stand where they want to", () => {
  close(apart([20, 60, 100], 13, 0, 200), [20, 60, 100]);
});

Deno.test("texts that would touch stand around their middle, in the order of what they name", () => {
  close(apart([50, 52], 13, 0, 200), [44.5, 57.5]);
  close(apart([52, 50], 13, 0, 200), [57.5, 44.5]);
  close(apart([50, 50, 50], 10, 0, 200), [40, 50, 60]);
  close(apart([50, 56, 90], 10, 0, 200), [48, 58, 90]);
});

Deno.test("texts stay between top and bottom", () => {
  close(apart([0, 1], 10, 12, 200), [12, 22]);
  close(apart([199, 230], 10, 12, 200), [190, 200]);
  const many = apart([5, 5, 5, 100, 199, 199], 13, 12, 200);
  ok(many.every((height) => height >= 12 && height <= 200));
});

Deno.test("whatever they want, neighbours keep their distance", () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let round = 0; round < 300; round += 1) {
    const wanted = Array.from({ length: 1 + Math.floor(random() * 8) }, () => random() * 200);
    const heights = apart(wanted, 13, 12, 200).sort((a, b) => a - b);
    for (let i = 1; i < heights.length; i += 1) ok(heights[i] - heights[i - 1] > 13 - 1e-9, String(wanted));
  }
});

Deno.test("an axis has round values, written with the digits that its steps need", () => {
  close(ticks(0, 1, 0.2), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  close(ticks(0.85, 1, 0.05), [0.85, 0.9, 0.95, 1]);
  close(ticks(-0.1, 0.1, 0.1), [-0.1, 0, 0.1]);
  same(ticks(0.31, 0.39, 0.1), []);
  same([0.85, 0.9, 1].map((value) => tickText(value, 0.05)), ["0.85", "0.90", "1.00"]);
  same([-0.2, -0, -1e-17, 0.2].map((value) => tickText(value, 0.2)), ["−0.2", "0.0", "0.0", "0.2"]);
});

Deno.test("a text is cut only where the room is not there", () => {
  /** @param {string} text */
  const width = (text) => 10 * Array.from(text).length;
  same(fitted("selectivity", 110, width), "selectivity");
  same(fitted("selectivity", 109, width), "selectivi…");
  same(fitted("word type", 60, width), "word…");
  same(fitted("selectivity", 5, width), "s…");
  same(fitted("\u{1f469}\u{1f469}\u{1f469}", 20, width), "\u{1f469}…");
});

Deno.test("numbers along an axis are left out evenly where they would touch", () => {
  same([thinning(7, 44), thinning(14, 18), thinning(21, 9), thinning(7, 0)], [1, 2, 3, 1]);
});
