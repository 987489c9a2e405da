// @ts-check
import { namesAt, scaleOf, spanOf } from "../../../probewidgets/widgets/curve/scale.js";
import { close, ok, same } from "../assert.js";

/** @type {(value: number) => (number | null)[]} */
const triple = (value) => [value, value - 0.004, value + 0.004];

/** @param {Record<string, unknown>} more */
function curveOf(more = {}) {
  const none = [null, null, null];
  const accuracy = [triple(0.9), triple(0.95), triple(0.98)];
  const baselines = [{ name: "majority", value: triple(0.28) }];
  const empty = { control: none, selectivity: none, "random model": none, seeds: [[], [], []], baselines };
  return { layers: [0, 1, 2], accuracy, best: 1, ...empty, ...more };
}

/** @param {number} unit */
const letters = (unit) => (/** @type {string} */ text) => unit * text.length;

Deno.test("the axis spans what is shown and ends on round numbers", () => {
  /** @param {Parameters<typeof curveOf>[0]} [more] */
  const span = (more) => {
    const { low, high, every } = spanOf(curveOf(more));
    return [low, high, every];
  };
  close(span(), [0.2, 1, 0.2]);
  close(span({ baselines: [] }), [0.85, 1, 0.05]);
  close(span({ selectivity: [triple(-0.05), null, null] }), [-0.1, 1, 0.2]);
});

Deno.test("R² may be far below 0, and be above its control by more than 1", () => {
  const far = spanOf(
    curveOf({ metric: "R²", control: [triple(-40), null, null], selectivity: [triple(1.3), null, null] }),
  );
  close([far.low, far.high, far.every], [-1, 1.4, 0.2]);
  same([far.cut, spanOf(curveOf()).cut], [true, false]);
});

Deno.test("beside the lines there is as much room as the names need, whatever the letters", () => {
  for (const unit of [3, 5, 7, 9]) {
    const scale = scaleOf(curveOf(), 360, letters(unit));
    const room = 360 - scale.right - 16;
    ok(room >= unit * "accuracy".length && room < unit * "accuracy".length + 1, String(unit));
    same([scale.x(0), scale.x(2)], [scale.left, scale.right]);
    ok(scale.left >= unit * "0.2".length + 6);
  }
});

Deno.test("however long the names are, a third is left for the lines", () => {
  const long = curveOf({ baselines: [{ name: "x".repeat(200), value: triple(0.28) }] });
  for (const width of [160, 360, 468]) {
    const scale = scaleOf(long, width, letters(6));
    ok(scale.right - scale.left >= width / 3 - 1e-9);
  }
});

Deno.test("a single layer stands in the middle", () => {
  const one = curveOf({
    layers: [5],
    accuracy: [triple(0.9)],
    control: [null],
    selectivity: [null],
    "random model": [null],
  });
  const scale = scaleOf(one, 360, letters(5));
  close([scale.x(0)], [(scale.left + scale.right) / 2]);
});

Deno.test("what is named is what is drawn at the last layer", () => {
  const curve = curveOf({ control: [triple(0.7), null, null], selectivity: [triple(0.1), triple(0.1), triple(0.2)] });
  same(namesAt(curve).map(({ name }) => name), ["accuracy", "selectivity", "majority"]);
});
