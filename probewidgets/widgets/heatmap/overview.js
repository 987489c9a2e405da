// @ts-check
// A row of an overview: a pixel for each cell, stretched by the page, in the colours that cells have.

/** @import { Scene } from "../reading/scene.js" */
/** @import { ReadingStore } from "../reading/store.js" */
import { cellTone } from "../reading/scene.js";

/** @typedef {[number, number]} Cell its layer and its unit, which is -1 for a gap */
/** @typedef {[number, number, number]} Rgb */
/** @typedef {{ labels: Rgb[], ramp: Rgb[] }} Tones */

const FADED = 0.2; // what is left of a colour when another label is looked at

/** @type {(colour: string) => Rgb} of "#010203" */
const channels = (colour) => /** @type {Rgb} */ ([1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)));

/**
 * Whether an element has the dark theme: its ink is light.
 * @param {Element} element
 */
export function inDark(element) {
  return parseInt(getComputedStyle(element).color.replace("rgb(", "")) > 127;
}

/**
 * The colours of a scene in one of the themes.
 * @param {Scene} scene
 * @param {boolean} dark
 * @returns {Tones}
 */
export function tonesIn({ palette, ramp }, dark) {
  const steps = ramp.map(([fill]) => channels(fill.match(/#\w+/g)?.at(dark ? -1 : 0) ?? fill));
  return { labels: (dark ? palette.dark : palette.light).map(channels), ramp: steps };
}

/**
 * Paint cells, one beside the other. Where a label is isolated, all others fade.
 * @param {HTMLCanvasElement} canvas
 * @param {ReadingStore} store
 * @param {Cell[]} cells
 * @param {Tones} tones
 */
export function paintCells(canvas, { scene, chosen, isolated }, cells, { labels, ramp }) {
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
    image.data.set([...colour, 255 * share], 4 * at);
  });
  pen.putImageData(image, 0, 0);
}
