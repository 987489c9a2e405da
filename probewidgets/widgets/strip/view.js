// @ts-check
// The strip: the units of each line as chips, coloured by what they say at the active layer.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { Choice, Scene } from "../reading/scene.js" */
/** @import { ReadingStore } from "../reading/store.js" */
import { focusIn, focusOnly, h, paint, reveal, watchEdges, word } from "../kit/dom.js";
import { clamp } from "../kit/text.js";
import { alone } from "../reading/alone.js";
import { hearItems, nameItem, unitOf } from "../reading/items.js";
import { cellLook, colourName, colourTitle } from "../reading/scene.js";

/** @typedef {ReturnType<typeof chip>} Chip */

/**
 * Builds the list "Predictions".
 * @param {ReadingStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function tokenStrip(store, signal) {
  const list = h("div", { class: "pw-strip", role: "list", "aria-label": "Predictions" });
  const marked = watchEdges(list, signal);
  /** @type {Scene | null} */
  let drawn = null;
  /** @type {number | null} the selected unit that was last scrolled to */
  let revealed = null;
  /** @type {Chip[]} */
  let chips = [];
  hearItems(list, store, () => chips, signal);

  function build() {
    const { scene } = store;
    const focused = focusIn(list) ? unitOf(focusIn(list)) : -1;
    chips = scene.names.map((_, unit) => chip(scene, unit));
    list.replaceChildren(...lines(scene, chips));
    list.hidden = chips.length === 0; // a list without items is no list
    if (chips.length) focusOnly(list, chips[clamp(focused, 0, chips.length - 1)].button, focused >= 0);
    drawn = scene;
  }
  return {
    root: list,
    draw() {
      if (store.scene !== drawn) build();
      const { scene, chosen } = store;
      chips.forEach((each, unit) => fillChip(each, scene, chosen, unit));
      marked();
      const unit = chosen.selected?.[1] ?? null;
      const selected = unit === null ? undefined : chips[unit - scene.window.start];
      if (unit !== revealed && selected) reveal(list, selected.item);
      revealed = unit;
    },
  };
}

/**
 * The chips of each line in an element of its own.
 * @param {Scene} scene
 * @param {Chip[]} chips
 */
function lines(scene, chips) {
  /** @type {Map<number, number[]>} */
  const units = new Map();
  scene.units.line.forEach((line, unit) => units.set(line, [...(units.get(line) ?? []), unit]));
  return [...units.values()].map((members) => {
    const dir = scene.units.rtl[members[0]] ? "rtl" : "ltr";
    return h("div", { class: "pw-line", dir }, ...members.map((unit) => chips[unit].item));
  });
}

/**
 * @param {Scene} scene
 * @param {number} unit
 */
function chip(scene, unit) {
  const text = word(scene.units.text[unit], { class: "pw-word" });
  const verdict = h("span", { class: "pw-said" });
  const more = h("span", { class: "pw-more" });
  const mark = h("span", { class: "pw-mark" });
  const bar = h("span", { class: "pw-bar", "aria-hidden": "true" });
  const attributes = { class: "pw-chip", type: "button", tabindex: "-1", "data-unit": unit };
  const button = h("button", attributes, text, bar, verdict, more, mark);
  button.classList.toggle("pw-unseen", scene.units.seen[unit] === false);
  return { item: h("div", { class: "pw-item", role: "listitem" }, button), button, verdict, more, mark };
}

/**
 * @param {Chip} chip
 * @param {Scene} scene
 * @param {Choice} choice
 * @param {number} unit
 */
function fillChip(chip, scene, choice, unit) {
  const { button, verdict, more, mark } = chip;
  const { layer } = choice;
  const look = cellLook(scene, choice, layer, unit);
  const gold = scene.gold(unit);
  nameItem(chip, scene, choice, unit);
  verdict.textContent = scene.scale ? look.text : scene.said(layer, unit);
  more.replaceChildren(h("span", {}, colourName(scene, choice)), " ", look.text);
  more.hidden = !colourTitle(scene, choice, look);
  mark.textContent = gold === null ? "" : scene.right(layer, unit) ? "✓" : `✗ ${gold}`;
  mark.hidden = gold === null;
  paint(button, { "--fill": look.fill, "--edge": look.edge, "--cell-ink": look.ink, "--p": look.bar });
}

export default alone("Token strip", tokenStrip);
