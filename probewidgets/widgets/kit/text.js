// @ts-check
// Text and numbers as people read them. Pure functions: nothing here knows of a page.

// deno-fmt-ignore -- a table
const HIDDEN = new Map(Object.entries({
  a0: "⍽", ad: "⟨SHY⟩", "61c": "⟨ALM⟩", "200b": "⟨ZWSP⟩", "200c": "⟨ZWNJ⟩", "200d": "⟨ZWJ⟩", "200e": "⟨LRM⟩",
  "200f": "⟨RLM⟩", "202a": "⟨LRE⟩", "202b": "⟨RLE⟩", "202c": "⟨PDF⟩", "202d": "⟨LRO⟩", "202e": "⟨RLO⟩", 2060: "⟨WJ⟩",
  2066: "⟨LRI⟩", 2067: "⟨RLI⟩", 2068: "⟨FSI⟩", 2069: "⟨PDI⟩", feff: "⟨BOM⟩",
}));

/**
 * Typed text with control, format and bidirectional characters spelt out; the same as `visible` in Python.
 * @param {string} text
 */
export function visible(text) {
  if (!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00a0]/u.test(text)) return text;
  const characters = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  return characters.map((code, place) => {
    const character = String.fromCodePoint(code);
    if (!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00a0]/u.test(character)) return character;
    if (joinerAtWork(code, characters[place - 1] ?? 0, characters[place + 1] ?? 0)) return character;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    if (code === 0x7f) return "␡";
    return HIDDEN.get(code.toString(16)) ?? `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  }).join("");
}

/**
 * Whether a joiner stands between two characters beyond ASCII, or a tag inside a flag.
 * @param {number} code
 * @param {number} before
 * @param {number} after
 */
function joinerAtWork(code, before, after) {
  /** @param {number} other */
  const joined = (other) => other > 0xff && !(other >= 0x2000 && other < 0x2070);
  if (code === 0x200c || code === 0x200d) return joined(before) && joined(after);
  return code >= 0xe0020 && code <= 0xe007f && (before === 0x1f3f4 || (before >= 0xe0020 && before <= 0xe007f));
}

/**
 * "rtl" for text whose first letter is of a script written from right to left. (`dir="auto"` passes over isolated words.)
 * @param {string} text
 */
export function directionOf(text) {
  const letter = text.match(/\p{L}/u)?.[0] ?? "";
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u.test(letter)
    ? "rtl"
    : "ltr";
}

/**
 * A number with a fixed number of digits; "–" for what is none.
 * @param {number} value
 * @param {number} [places]
 */
export function digits(value, places = 2) {
  return Number.isFinite(value) ? value.toFixed(places) : "–";
}

/**
 * "1 word", "5,000 words".
 * @param {number} count
 * @param {string} noun
 */
export function plural(count, noun) {
  return `${whole(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * "5,000", whatever the language of the browser.
 * @param {number} count
 */
export function whole(count) {
  return count.toLocaleString("en");
}

/**
 * A value, or the nearest one from `low` to `high`.
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
