// @ts-check
// Numbers as people read them. Pure functions: nothing here knows of a page.

/**
 * A number with a fixed number of digits, with a true minus and no minus zero; "–" for what is none.
 * @param {number} value
 * @param {number} [places]
 */
export function digits(value, places = 2) {
  return Number.isFinite(value) ? value.toFixed(places).replace(/^-(?=.*[1-9])/, "−").replace("-", "") : "–";
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
