// @ts-check
// The colours of labels, for both themes at once: CSS takes the one that the page has.

/** @typedef {{ light: string[], dark: string[] }} Palette of each label, as "#rrggbb" */

/**
 * A label's colour for fills, the paler the less strength in [0, 1] it has.
 * @param {Palette} palette
 * @param {number} k
 * @param {number} [strength]
 */
export function fillOf({ light, dark }, k, strength = 1) {
  const full = `light-dark(${light[k]}, ${dark[k]})`;
  return strength === 1 ? full : `color-mix(in srgb, ${full} ${Math.round(100 * strength)}%, var(--pw-paper))`;
}

/**
 * The same for edges and lines: that of the other theme, which stands out.
 * @param {Palette} palette
 * @param {number} k
 */
export function edgeOf({ light, dark }, k) {
  return `light-dark(${dark[k]}, ${light[k]})`;
}
