// @ts-check
import { clamp, digits, directionOf, plural, visible } from "../../../probewidgets/widgets/kit/text.js";
import { same } from "../assert.js";

Deno.test("what hides is spelt out, and joiners at work stay", () => {
  same(visible("plain"), "plain");
  same(visible("a\u200bb\u00a0\u0007\u007f\u0085"), "a⟨ZWSP⟩b⍽␇␡⟨U+0085⟩");
  same(visible("a\u200db"), "a⟨ZWJ⟩b");
  same(visible("\u{1f469}\u200d\u{1f469}"), "\u{1f469}\u200d\u{1f469}");
  same(visible("\u{1f3f4}\u{e0067}\u{e007f}"), "\u{1f3f4}\u{e0067}\u{e007f}");
  same(visible("x\u{e0067}"), "x⟨U+E0067⟩");
});

Deno.test("the first letter says which way a text runs", () => {
  same(["the ילד", "ילד the", "123 مرحبا", "", "!?"].map(directionOf), ["ltr", "rtl", "rtl", "ltr", "ltr"]);
});

Deno.test("numbers have a fixed number of digits, and what is none has a dash", () => {
  same([0.5, 1 / 3, NaN, Infinity].map((value) => digits(value)), ["0.50", "0.33", "–", "–"]);
  same(digits(0.12345, 3), "0.123");
  same([plural(1, "word"), plural(5000, "word")], ["1 word", "5,000 words"]);
  same([clamp(-1, 0, 2), clamp(3, 0, 2), clamp(1, 0, 2)], [0, 2, 1]);
});
