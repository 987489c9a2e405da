// @ts-check
// A drawing of Predictions as a widget of its own: with the pages of a long text and the legend under it.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { ReadingStore } from "./store.js" */
import { h } from "../kit/dom.js";
import { pager } from "./controls.js";
import { legend } from "./legend.js";
import { readingWidget } from "./store.js";

/**
 * @param {string} name by which the group is read out
 * @param {(store: ReadingStore, signal: AbortSignal) => Part} drawing
 * @param {number} [cells] that have room for their labels; 0: one cannot zoom in
 */
export function alone(name, drawing, cells) {
  return readingWidget((store, signal) => {
    const parts = [drawing(store, signal), pager(store, signal, cells), legend(store, signal)];
    const root = h("div", { class: "pw-alone", role: "group", "aria-label": name }, ...parts.map((part) => part.root));
    return { root, draw: () => parts.forEach((part) => part.draw()) };
  });
}
