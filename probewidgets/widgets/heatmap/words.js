// @ts-check
// The list "Predictions" over the heatmap: the sentence as one reads it, each word over its column. Where there is no room
// for that, the words run on as text, coloured by what they say at the active layer.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { Scene } from "../reading/scene.js" */
/** @import { ReadingStore } from "../reading/store.js" */
/** @import { Columns } from "./columns.js" */
import { focusIn, focusOnly, h, paint, word } from "../kit/dom.js";
import { clamp } from "../kit/text.js";
import { hearItems, nameItem, unitOf } from "../reading/items.js";
import { cellLook } from "../reading/scene.js";

/**
 * Builds the list: `build(columns)` for the units of a scene, `draw(coloured)` for a choice.
 * @param {ReadingStore} store
 * @param {AbortSignal} signal
 */
export function wordList(store, signal) {
  const root = h("div", { class: "pw-words", role: "list", "aria-label": "Predictions" });
  /** @type {{ item: HTMLElement, button: HTMLElement, mark: HTMLElement }[]} */
  let items = [];
  hearItems(root, store, () => items, signal);
  return {
    root,
    /** @param {Columns | null} columns over which they stand; null: each has a row */
    build(columns) {
      const { scene } = store;
      const focused = focusIn(root) ? unitOf(focusIn(root)) : -1;
      items = scene.names.map((_, unit) =>
        wordItem(scene, unit, columns ? [1, columns.tracks.indexOf(unit) + 2] : [unit + 2, 1])
      );
      root.replaceChildren(...items.map(({ item }) => item));
      root.hidden = items.length === 0; // a list without items is no list
      if (items.length) focusOnly(root, items[clamp(focused, 0, items.length - 1)].button, focused >= 0);
    },
    /** @param {boolean} coloured */
    draw(coloured) {
      const { scene, chosen } = store;
      items.forEach((each, unit) => {
        nameItem(each, scene, chosen, unit);
        const gold = scene.gold(unit);
        each.mark.textContent = gold === null ? "" : scene.right(chosen.layer, unit) ? "✓" : "✗";
        const look = coloured ? cellLook(scene, chosen, chosen.layer, unit) : { fill: "transparent", ink: "inherit" };
        paint(each.button, { "--fill": look.fill, "--cell-ink": look.ink });
      });
    },
  };
}

/**
 * @param {Scene} scene
 * @param {number} unit
 * @param {[number, number]} area its row and its column
 */
function wordItem(scene, unit, area) {
  const mark = h("span", { class: "pw-mark" });
  const attributes = { class: "pw-term", type: "button", tabindex: "-1", "data-unit": unit };
  const button = h("button", attributes, word(scene.units.text[unit]), mark);
  button.classList.toggle("pw-unseen", scene.units.seen[unit] === false);
  const starts = unit > 0 && scene.units.line[unit] !== scene.units.line[unit - 1];
  const item = h("div", { class: starts ? "pw-item pw-starts" : "pw-item", role: "listitem" }, button);
  return { item: paint(item, { "grid-area": area.join("/") }), button, mark };
}
