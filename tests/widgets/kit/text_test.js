// @ts-check
import { clamp, digits, plural } from "../../../probewidgets/widgets/kit/text.js";
import { same } from "../assert.js";

Deno.test("numbers have a fixed number of digits, and what is none has a dash", () => {
  same([0.5, 1 / 3, NaN, Infinity].map((value) => digits(value)), ["0.50", "0.33", "–", "–"]);
  same(digits(0.12345, 3), "0.123");
  same([-0.004, -1.25, 0].map((value) => digits(value)), ["0.00", "−1.25", "0.00"]);
  same([plural(1, "word"), plural(5000, "word")], ["1 word", "5,000 words"]);
  same([clamp(-1, 0, 2), clamp(3, 0, 2), clamp(1, 0, 2)], [0, 2, 1]);
});
