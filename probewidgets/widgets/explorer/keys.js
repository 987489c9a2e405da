// @ts-check
// What is on the screen and what the keys do, as the kernel explains it: the button "?", and the list that it shows.

/** @import { Store } from "../kit/store.js" */
import { focusIn, h, on, pushButton, say, targetOf } from "../kit/dom.js";

/** @param {string[][]} pairs */
const rows = (pairs) => pairs.flatMap(([term, meaning]) => [h("dt", {}, term), h("dd", {}, meaning)]);

/**
 * The list, and the button that shows it. In the text box "?" is a character like any other.
 * @param {Store} store
 * @param {AbortSignal} signal
 */
export function keyList(store, signal) {
  const list = h("dl", {});
  const attributes = { class: "pw-keys pw-over", role: "dialog", "aria-label": "Keys", tabindex: "-1", hidden: true };
  const root = h("div", attributes, list);
  const looks = { class: "pw-button pw-keys-button", title: "Keys" };
  const button = pushButton("?", { "aria-label": "Keys", "aria-expanded": "false", ...looks });
  /** @type {HTMLElement | null} what had the focus */
  let before = null;
  /** @param {boolean} shown */
  const open = (shown) => {
    if (shown) list.replaceChildren(...rows(store.view.terms ?? []));
    if (shown) before = focusIn(/** @type {Element} */ (root.parentElement));
    root.hidden = !shown;
    say(button, "aria-expanded", shown);
    (shown ? root : before)?.focus({ preventScroll: true });
  };
  on(button, "click", () => open(Boolean(root.hidden)), signal);
  return {
    root,
    button,
    /**
     * Hear the keys pressed in an element before its parts do.
     * @param {HTMLElement} element
     */
    listen(element) {
      on(
        element,
        "keydown",
        (event) => {
          const asked = event.key === "?" && targetOf(event).localName !== "textarea";
          if (!asked && (event.key !== "Escape" || root.hidden)) return;
          event.preventDefault();
          event.stopPropagation();
          open(asked && Boolean(root.hidden));
        },
        signal,
        { capture: true },
      );
    },
  };
}
