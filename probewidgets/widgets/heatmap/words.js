// @ts-check
// The list "Predictions" over the heatmap: the sentence as one reads it, each word over its column. Where there is no room
// for that, the words run on as text, coloured by what they say at the active layer.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { ReadingStore } from "../reading/store.js" */
/** @import { Columns } from "./columns.js" */
import { focusIn, focusOnly, h, paint, word, write } from "../kit/dom.js";
import { clamp } from "../kit/text.js";
import { hearItems, nameItem, unitOf } from "../reading/items.js";
import { cellLook, startsLine } from "../reading/scene.js";

/** @typedef {{ item: HTMLElement, button: HTMLElement, text: Element, mark: Element, style: string }} Word */

/**
 * Builds the list: `build(columns)` for the units of a scene, `draw(coloured)` for a choice.
 * @param {ReadingStore} store
 * @param {AbortSignal} signal
 */
export function wordList(store, signal) {
  const root = h("div", { class: "pw-words", role: "list", "aria-label": "Predictions" });
  /** @type {Word[]} */
  const items = [];
  hearItems(root, store, () => items, signal);
  return {
    root,
    /**
     * Items stay from answer to answer, so that what is the same need not be laid out again.
     * @param {Columns | null} columns over which they stand; null: each has a row
     */
    build(columns) {
      const { scene } = store;
      const focused = focusIn(root) ? unitOf(focusIn(root)) : -1;
      while (items.length > scene.U) items.pop()?.item.remove();
      while (items.length < scene.U) items.push(wordItem(items.length));
      root.append(...items.filter(({ item }) => !item.isConnected).map(({ item }) => item));
      items.forEach((each, unit) => {
        write(each.text, scene.units.text[unit]);
        each.button.classList.toggle("pw-unseen", scene.units.seen[unit] === false);
        each.item.classList.toggle("pw-starts", startsLine(scene, unit));
        paint(each.item, { "grid-area": columns ? `1/${columns.track[unit] + 2}` : `${unit + 2}/1` });
      });
      root.hidden = items.length === 0; // a list without items is no list
      if (items.length) focusOnly(root, items[clamp(focused, 0, items.length - 1)].button, focused >= 0);
    },
    /** @param {boolean} coloured */
    draw(coloured) {
      const { scene, chosen } = store;
      items.forEach((each, unit) => {
        nameItem(each, scene, chosen, unit);
        const gold = scene.gold(unit);
        write(each.mark, gold === null ? "" : scene.right(chosen.layer, unit) ? "✓" : "✗");
        const { fill, ink } = cellLook(scene, chosen, chosen.layer, unit);
        const style = coloured ? `color:${ink};background:${fill}` : "";
        if (each.style !== style) each.style = each.button.style.cssText = style;
      });
    },
  };
}

/**
 * @param {number} unit
 * @returns {Word}
 */
function wordItem(unit) {
  const [text, mark] = [word(""), h("span", { class: "pw-mark" })];
  const button = h("button", { class: "pw-term", type: "button", tabindex: "-1", "data-unit": unit }, text, mark);
  return { item: h("div", { class: "pw-item", role: "listitem" }, button), button, text, mark, style: "" };
}
