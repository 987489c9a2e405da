// @ts-check
// What is typed.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { TextStore } from "./store.js" */
import { h } from "../kit/dom.js";
import { clamp } from "../kit/text.js";

/**
 * The textbox "Sentences".
 * @param {TextStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function sentencesBox(store, signal) {
  const placeholder = "Type a sentence; each line is one.";
  const attributes = { class: "pw-text", "aria-label": "Sentences", rows: "2", spellcheck: "false", placeholder };
  const box = h("textarea", attributes);
  box.addEventListener("input", () => store.type(box.value), { signal });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) event.preventDefault(); // runs no cell
  }, { signal });
  return {
    root: box,
    draw() {
      if (box.value !== store.text) box.value = store.text;
      box.style.setProperty("--lines", String(clamp(store.text.split("\n").length, 2, 8)));
      box.disabled = !store.usable;
      box.readOnly = store.connection === "static";
    },
  };
}
