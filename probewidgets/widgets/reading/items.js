// @ts-check
// The units as a list: each an item with a button, which is named by what it says at the active layer.

/** @import { Choice, Scene } from "./scene.js" */
/** @import { ReadingStore } from "./store.js" */
import { focusOnly, on, rove, say, targetOf } from "../kit/dom.js";
import { clamp } from "../kit/text.js";
import { remark } from "./scene.js";

/** @typedef {{ item: HTMLElement, button: HTMLElement }} Item */

/**
 * The unit of the button that an element belongs to; -1 for none.
 * @param {Element | null} target
 */
export function unitOf(target) {
  const button = /** @type {HTMLElement | null | undefined} */ (target?.closest?.("[data-unit]"));
  return Number(button?.dataset.unit ?? -1);
}

/**
 * A click selects a unit; arrow keys go along them, in a line from right to left the other way.
 * @param {HTMLElement} list
 * @param {ReadingStore} store
 * @param {() => Item[]} items
 * @param {AbortSignal} signal
 */
export function hearItems(list, store, items, signal) {
  on(list, "click", (event) => {
    const unit = unitOf(targetOf(event));
    if (unit < 0) return;
    focusOnly(list, items()[unit].button, false);
    store.choose({ selected: [store.chosen.layer, store.scene.window.start + unit] });
  }, signal);
  /** @param {number} by */
  const step = (by) => (/** @type {HTMLElement} */ target) =>
    items()[clamp(unitOf(target) + by, 0, items().length - 1)]?.button;
  /** @param {number} by */
  const aside = (by) => (/** @type {HTMLElement} */ target) =>
    step(store.scene.units.rtl[unitOf(target)] ? -by : by)(target);
  rove(list, {
    ArrowLeft: aside(-1),
    ArrowUp: step(-1),
    ArrowRight: aside(1),
    ArrowDown: step(1),
    Home: () => items()[0]?.button,
    End: () => items().at(-1)?.button,
  }, signal);
}

/**
 * Name an item, and say whether it is the selected one.
 * @param {Item} item
 * @param {Scene} scene
 * @param {Choice} choice
 * @param {number} unit
 */
export function nameItem({ item, button }, scene, { layer, selected }, unit) {
  const extra = remark(scene, layer, unit);
  const pressed = selected?.[0] === layer && selected[1] === scene.window.start + unit;
  say(item, "aria-label", `${scene.names[unit]}: ${scene.said(layer, unit)}`);
  say(item, "aria-description", extra);
  say(button, "aria-pressed", pressed);
}
