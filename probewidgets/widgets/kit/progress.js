// @ts-check
// How far long work has come: a bar, and a few words beside it. The kernel's trait `_progress` says { done, total, text }.

/** @import { Part } from "./host.d.ts" */
/** @import { Store } from "./store.js" */
import { h } from "./dom.js";
import { whole } from "./text.js";

/**
 * Builds the bar; hidden while nothing is under way.
 * @param {Store} store
 * @param {string} name by which it is read out
 * @returns {Part}
 */
export function progressBar(store, name) {
  const read = store.follow("_progress");
  const bar = h("progress", { "aria-label": name });
  const text = h("span", { class: "pw-value" });
  const root = h("div", { class: "pw-progress", hidden: true }, bar, text);
  return {
    root,
    draw() {
      const { done = 0, total = 0, text: words = "" } = read() ?? {};
      root.hidden = total <= 0;
      bar.max = Math.max(total, 1);
      bar.value = done;
      text.textContent = [`${whole(done)} of ${whole(total)}`, words].filter(Boolean).join(" · ");
    },
  };
}
