// @ts-check
// What is typed.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { TextStore } from "./store.js" */
import { h, on } from "../kit/dom.js";
import { clamp } from "../kit/text.js";

/**
 * The textbox "Sentences", as high as its lines, and maybe a menu of sentences to try. Whoever focuses it means the textbox.
 * @param {TextStore} store
 * @param {AbortSignal} signal
 * @param {(store: TextStore, signal: AbortSignal, take: (text: string) => void) => Part} [menu]
 * @returns {Part}
 */
export function sentencesBox(store, signal, menu) {
  const placeholder = "Type a sentence; each line is one.";
  const box = h("textarea", { class: "pw-text", "aria-label": "Sentences", spellcheck: "false", placeholder });
  const examples = menu?.(store, signal, (text) => {
    box.focus();
    box.select();
    // As if it were typed, so that it can be undone; where the page may not do that, it is set.
    if (!document.execCommand("insertText", false, text)) store.type(text);
  });
  const root = h("div", { class: "pw-box" }, box, examples?.root ?? null);
  root.focus = (options) => box.focus(options);
  on(box, "input", () => store.type(box.value), signal);
  on(box, "keydown", (event) => {
    if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) event.preventDefault(); // runs no cell
  }, signal);
  return {
    root,
    draw() {
      examples?.draw();
      if (box.value !== store.text) box.value = store.text;
      box.rows = clamp(store.text.split("\n").length, 1, 8);
      box.disabled = !store.usable;
      box.readOnly = store.connection === "static";
    },
  };
}
