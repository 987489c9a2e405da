// @ts-check
// The layers as points of a curve: one of them is the active one, as one of several radio buttons is.

/** @import { Choice } from "../reading/scene.js" */
/** @import { ReadingStore } from "../reading/store.js" */
import { focusOnly, on, rove, say, targetOf } from "../kit/dom.js";

/** @typedef {{ layer: number, group: SVGGElement }} Point */

/** @type {Record<string, string>} the class of a series: of its line, its band and its name */
const KINDS = {
  accuracy: "pw-accuracy",
  control: "pw-control",
  selectivity: "pw-selectivity",
  "random model": "pw-random-model",
};

/** @param {string} name of a series */
export const kindOf = (name) => KINDS[name];

/**
 * Say of a point whether its layer is the active one, and whether it can be.
 * @param {SVGSVGElement} plot
 * @param {Point} point
 * @param {Choice} choice
 */
export function markPoint(plot, { group, layer }, choice) {
  const active = layer === choice.layer;
  group.classList.toggle("pw-active", active);
  say(group, "aria-checked", active);
  say(group, "aria-disabled", !choice.layers.includes(layer));
  if (active) focusOnly(plot, group, false);
}

/**
 * Clicks and keys on the points: each picks its layer; arrow keys pass over hidden ones.
 * @param {SVGSVGElement} plot
 * @param {ReadingStore} store
 * @param {() => Point[]} points
 * @param {AbortSignal} signal
 */
export function hearPoints(plot, store, points, signal) {
  /** @param {Element} target */
  const indexOf = (target) => points().findIndex((point) => point.group.contains(target));
  /** @param {number} index */
  const pick = (index) => {
    const point = points()[index];
    if (point) store.pickLayer(point.layer);
    return point?.group ?? null;
  };
  /** @param {number} by */
  const step = (by) => (/** @type {Element} */ target) => {
    let index = indexOf(target) + by;
    while (points()[index] && !store.chosen.layers.includes(points()[index].layer)) index += Math.sign(by);
    return pick(index);
  };
  /** @param {Element} target */
  const press = (target) => pick(indexOf(target));
  on(plot, "click", (event) => press(targetOf(event)), signal);
  rove(plot, {
    ArrowRight: step(1),
    ArrowUp: step(1),
    ArrowLeft: step(-1),
    ArrowDown: step(-1),
    Home: () => pick(0),
    End: () => pick(points().length - 1),
    Enter: press,
    " ": press,
  }, signal);
}
