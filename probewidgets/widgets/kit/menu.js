// @ts-check
// A button with a menu: arrow keys go along it, Enter takes an item, Escape leaves it.

import { focusOnly, h, on, pushButton, rove, say, targetOf, word } from "./dom.js";

/**
 * The button, and the menu that it opens; `fill()` says what is in it, `take()` is told the value that is chosen.
 * @param {string} text
 * @param {string} title of the menu
 * @param {AbortSignal} signal
 * @param {(value: string) => void} take
 */
export function menuButton(text, title, signal, take) {
  const button = pushButton(text, { "aria-haspopup": "menu", "aria-expanded": "false", title });
  const list = h("div", { class: "pw-menu pw-over", role: "menu", "aria-label": title, hidden: true });
  const root = h("div", { class: "pw-menu-button" }, button, list);
  /** @param {Element | null} [item] that has the focus then; none: closed */
  const open = (item) => {
    list.hidden = !item;
    say(button, "aria-expanded", !list.hidden);
    if (item) focusOnly(list, item);
    return null;
  };
  const close = () => {
    open();
    button.focus();
    return null;
  };
  const first = () => list.firstElementChild;
  const last = () => list.lastElementChild;
  on(button, "click", () => open(list.hidden ? first() : null), signal);
  rove(button, { ArrowDown: () => open(first()), ArrowUp: () => open(last()) }, signal);
  rove(list, {
    ArrowDown: (item) => item.nextElementSibling ?? first(),
    ArrowUp: (item) => item.previousElementSibling ?? last(),
    Home: first,
    End: last,
    Escape: close,
  }, signal);
  on(list, "click", (event) => {
    const { value } = /** @type {HTMLElement | null} */ (targetOf(event).closest("[data-value]"))?.dataset ?? {};
    if (value === undefined) return;
    close();
    take(value);
  }, signal);
  on(root, "focusout", ({ relatedTarget }) => {
    if (!root.contains(/** @type {Node | null} */ (relatedTarget))) open();
  }, signal);
  return {
    root,
    button,
    /** @param {[string, string][]} items values and texts */
    fill(items) {
      list.replaceChildren(
        ...items.map(([value, name]) =>
          h("button", { type: "button", role: "menuitem", tabindex: "-1", "data-value": value }, word(name))
        ),
      );
    },
  };
}
