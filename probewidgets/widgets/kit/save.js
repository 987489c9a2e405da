// @ts-check
// The button "Save" with its menu of formats. The kernel makes the file; here it is handed to the browser.

/** @import { Part, Sent } from "./host.d.ts" */
/** @import { Store } from "./store.js" */
import { h } from "./dom.js";
import { menuButton } from "./menu.js";

/**
 * The button and its menu; in a saved page, which has no kernel, they are hidden.
 * @param {Store} store
 * @param {AbortSignal} signal
 * @param {string} [formats]
 * @param {Record<string, string>} [text] what items say, where that is not the name of the format
 * @returns {Part}
 */
export function saveMenu(store, signal, formats = "png svg csv html json", text = {}) {
  const { root, button, fill } = menuButton("Save", "Save as", signal, (format) => {
    store.files.set(store.post("save", { format }), offer);
    button.textContent = "Saving…";
  });
  /** @param {Sent} file */
  const offer = ({ name, mime, buffers }) => {
    button.textContent = "Save";
    if (!name) return; // it stands in the notebook
    const href = URL.createObjectURL(new Blob(buffers, { type: mime }));
    h("a", { href, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(href), 3e4); // the browser may ask where to put it
  };
  fill([
    ...formats.split(" ").map((name) => /** @type {[string, string]} */ ([name, text[name] ?? name.toUpperCase()])),
    ["snapshot", "Snapshot below"],
  ]);
  return {
    root,
    draw() {
      root.hidden = store.connection === "static";
      button.disabled = !store.usable;
      if (store.refusal || button.disabled) button.textContent = "Save";
    },
  };
}
