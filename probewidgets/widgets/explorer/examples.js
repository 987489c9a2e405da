// @ts-check
// Sentences to try.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { TextStore } from "./store.js" */
import { menuButton } from "../kit/menu.js";

/**
 * The button "Try" with their menu; nothing where there are none, or no kernel that would answer.
 * @param {TextStore} store
 * @param {AbortSignal} signal
 * @param {(text: string) => void} take is told which text is chosen
 * @returns {Part}
 */
export function examplesMenu(store, signal, take) {
  const { root, button, fill } = menuButton("Try", "Sentences to try", signal, take);
  let drawn = "";
  return {
    root,
    draw() {
      /** @type {string[]} */
      const texts = store.view.examples ?? [];
      root.hidden = texts.length === 0 || store.connection === "static";
      button.disabled = !store.usable;
      if (drawn === String(texts)) return; // so that an answer leaves an open menu alone
      drawn = String(texts);
      fill(texts.map((text) => [text, text]));
    },
  };
}
