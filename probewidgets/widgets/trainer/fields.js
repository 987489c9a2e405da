// @ts-check
// The fields of a choice: one of several, or a text. Each shows what is decided, and can be read where it cannot be changed.

/** @import { Part, Sent } from "../kit/host.d.ts" */
/** @import { TrainerStore } from "./store.js" */
import { h, on, paint, say, word, write } from "../kit/dom.js";
import { fillOf } from "../reading/colours.js";

/**
 * A combobox; what cannot be chosen says why.
 * @param {TrainerStore} store
 * @param {AbortSignal} signal
 * @param {string} label
 * @param {string} name of the choice, in the view and in messages
 * @returns {Part}
 */
export function choiceBox(store, signal, label, name) {
  const select = h("select", { class: "pw-t-field", "aria-label": label });
  let drawn = "";
  on(select, "change", () => store.decide(name, select.value), signal);
  return {
    root: select,
    draw() {
      const { value = "", options = [] } = store.view[name] ?? {};
      const chosen = store.shown(name, value ?? "");
      const known = options.some((/** @type {string[]} */ [each]) => each === chosen);
      const listed = known ? options : [[chosen, "choose…", ""], ...options];
      const key = JSON.stringify(listed);
      if (key !== drawn) select.replaceChildren(...listed.map(optionOf));
      drawn = key;
      select.value = chosen;
      select.disabled = !store.free;
      say(select, "title", select.selectedOptions[0]?.text ?? null);
    },
  };
}

/** @param {string[]} option its value, how it is called, and why it cannot be chosen */
function optionOf([value, text, reason = ""]) {
  return h("option", { value, disabled: reason !== "" }, reason ? `${text} — ${reason}` : text);
}

/**
 * A text field, which is answered on Enter or when it is left; Enter once more asks again, Escape takes it back.
 * @param {TrainerStore} store
 * @param {AbortSignal} signal
 * @param {string} label
 * @param {string} name of the choice in messages
 * @param {() => string | null} read what the kernel has; null: there is no such field now
 * @param {string} [placeholder]
 * @returns {Part & { field: HTMLInputElement }}
 */
export function textField(store, signal, label, name, read, placeholder = "") {
  const attributes = { class: "pw-t-field", type: "text", "aria-label": label, placeholder };
  const field = h("input", { ...attributes, spellcheck: "false", autocomplete: "off" });
  on(field, "input", () => store.type(name, field.value), signal);
  on(field, "change", () => store.decide(name, field.value), signal);
  on(field, "keydown", ({ key }) => {
    if (key === "Enter") store.decide(name, field.value);
    if (key !== "Escape") return;
    store.drafts.delete(name);
    field.value = read() ?? "";
  }, signal);
  return {
    root: field,
    field,
    draw() {
      const text = read();
      field.hidden = text === null;
      field.disabled = !store.free;
      if (text === null) return;
      const shown = store.shown(name, text);
      if (field.value !== shown) field.value = shown;
      say(field, "title", shown || null);
      say(field, "aria-invalid", store.refusedOf([name]) ? "true" : null);
    },
  };
}

/**
 * What is known of a choice, in a line or two: what is longer is cut, and its title says it all. What is wrong with it
 * stands there instead.
 * @param {TrainerStore} store
 * @param {string[]} names of the choice, and of others of its step
 * @param {string} waiting what is said while that is found out
 * @returns {Part}
 */
export function factLine(store, names, waiting) {
  const facts = h("p", { class: "pw-t-facts" });
  const fault = h("p", { class: "pw-t-wrong", role: "alert" });
  return {
    root: h("div", { class: "pw-t-known" }, facts, fault),
    draw() {
      const { busy = false, error = "", facts: told = [] } = /** @type {Sent} */ (store.view[names[0]] ?? {});
      const text = busy ? waiting : told.join(" · ");
      const wrong = store.refusedOf(names) || (busy ? "" : error);
      facts.classList.toggle("pw-t-idle", Boolean(wrong)); // its room stays
      write(facts, text);
      say(facts, "title", text || null);
      fault.hidden = !wrong;
      write(fault, wrong);
    },
  };
}

/**
 * How often each label is: the commonest as far as there is room.
 * @param {TrainerStore} store
 * @returns {Part}
 */
export function shareLine(store) {
  const root = h("p", { class: "pw-t-shares" });
  let drawn = "";
  return {
    root,
    draw() {
      const { shares = [], palette } = store.view.task ?? {};
      const key = JSON.stringify([shares, palette]);
      if (key === drawn) return;
      drawn = key;
      root.replaceChildren(
        ...shares.map((/** @type {[string, number, number]} */ [label, share, k]) => {
          const swatch = paint(h("i", { class: "pw-t-swatch" }), { "--fill": palette ? fillOf(palette, k) : "" });
          return h("span", {}, swatch, word(label), ` ${percentOf(share)}`);
        }),
      );
      say(
        root,
        "title",
        shares.map((/** @type {[string, number]} */ [l, share]) => `${l} ${percentOf(share)}`).join(", "),
      );
    },
  };
}

/** @param {number} share */
function percentOf(share) {
  return share > 0 && share < 0.005 ? "<1 %" : `${Math.round(100 * share)} %`;
}
