// @ts-check
// A row of an overview: a pixel for each cell, stretched by the page. Colours are mixed here as CSS mixes them in cells.

/** @import { Scene } from "../reading/scene.js" */
/** @import { ReadingStore } from "../reading/store.js" */
import { cellTone } from "../reading/scene.js";

/** @typedef {[number, number]} Cell its layer and its unit, which is -1 for a gap */
/** @typedef {[number, number, number]} Rgb */
/** @typedef {{ paper: Rgb, labels: Rgb[], ramp: Rgb[] }} Tones */

const FADED = 0.2; // what is left of a colour when another label is looked at

/** @type {(colour: string) => Rgb} of "rgb(1, 2, 3)" or "#010203" */
const channels = (
  colour,
) => /** @type {Rgb} */ (colour.startsWith("#")
  ? [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
  : (colour.match(/[\d.]+/g) ?? [255, 255, 255]).slice(0, 3).map(Number));

/**
 * The colours of a scene in the theme that an element has.
 * @param {Scene} scene
 * @param {Element} element
 * @returns {Tones}
 */
export function tonesIn({ palette, ramp }, element) {
  const { color, backgroundColor } = getComputedStyle(element.closest(".pw") ?? element);
  const dark = channels(color)[0] > 127;
  return {
    paper: channels(backgroundColor),
    labels: (dark ? palette.dark : palette.light).map(channels),
    ramp: ramp.map(([fill]) => channels(fill)),
  };
}

/**
 * Paint cells, one beside the other. Where a label is isolated, all others fade.
 * @param {HTMLCanvasElement} canvas
 * @param {ReadingStore} store
 * @param {Cell[]} cells
 * @param {Tones} tones
 */
export function paintCells(canvas, { scene, chosen, isolated }, cells, { paper, labels, ramp }) {
  canvas.width = cells.length;
  canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return;
  const image = pen.createImageData(cells.length, 1);
  cells.forEach(([layer, unit], at) => {
    if (unit < 0) return;
    const { k, step, strength } = cellTone(scene, chosen, layer, unit);
    const colour = step < 0 ? labels[k] : ramp[step];
    if (!colour) return;
    const share = isolated < 0 || scene.held(layer, unit).includes(isolated) ? strength : FADED * strength;
    for (let c = 0; c < 3; c += 1) image.data[4 * at + c] = Math.round(paper[c] + (colour[c] - paper[c]) * share);
    image.data[4 * at + 3] = 255;
  });
  pen.putImageData(image, 0, 0);
}
