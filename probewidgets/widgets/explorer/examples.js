// @ts-check
// Sentences to try: a button, and the list that it opens.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { TextStore } from "./store.js" */
import { focusOnly, h, pushButton, rove } from "../kit/dom.js";

/**
 * Nothing where there are none, or no kernel that would answer.
 * @param {TextStore} store
 * @param {AbortSignal} signal
 * @param {(text: string) => void} take is told which text is chosen
 * @returns {Part}
 */
export function examplesMenu(store, signal, take) {
  const title = "Sentences to try";
  const button = pushButton("Try", { "aria-haspopup": "menu", "aria-expanded": "false", title });
  const list = h("div", { class: "pw-menu", role: "menu", "aria-label": title, hidden: true });
  const root = h("div", { class: "pw-try" }, button, list);
  /** @type {string[]} */
  let drawn = [];
  /** @param {boolean} shown */
  const open = (shown) => {
    list.hidden = !shown;
    button.setAttribute("aria-expanded", String(shown));
    if (shown) focusOnly(list, list.children[0]);
  };
  button.addEventListener("click", () => open(!!list.hidden), { signal });
  root.addEventListener("focusout", ({ relatedTarget }) => {
    if (!root.contains(/** @type {Node | null} */ (relatedTarget))) open(false);
  }, { signal });
  rove(list, {
    ArrowDown: (item) => item.nextElementSibling ?? list.children[0],
    ArrowUp: (item) => item.previousElementSibling ?? list.lastElementChild,
    Home: () => list.children[0],
    End: () => list.lastElementChild,
    Escape: () => {
      open(false);
      return button;
    },
  }, signal);
  return {
    root,
    draw() {
      const { connection, usable, view: { examples = [] } } = store;
      root.hidden = examples.length === 0 || connection === "static";
      button.disabled = !usable;
      if (String(drawn) === String(examples)) return;
      drawn = examples;
      list.replaceChildren(...drawn.map((text) => {
        const item = h("button", { type: "button", role: "menuitem", tabindex: "-1" }, h("bdi", {}, text));
        item.addEventListener("click", () => take(text), { signal });
        return item;
      }));
    },
  };
}
