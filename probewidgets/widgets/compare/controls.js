// @ts-check
// What there is to choose: values or differences, to which predictor, and what stands on one row.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { CompareStore } from "./store.js" */
import { h, say } from "../kit/dom.js";

/**
 * A combobox with its name: `fill(options)`, of which those with a reason cannot be chosen.
 * @param {string} name
 * @param {AbortSignal} signal
 * @param {(value: string) => void} take
 */
function combobox(name, signal, take) {
  const select = h("select", { "aria-label": name });
  const root = h(
    "label",
    { class: "pw-control" },
    h("span", { class: "pw-name", "aria-hidden": "true" }, name),
    select,
  );
  let drawn = "";
  select.addEventListener("change", () => take(select.value), { signal });
  return {
    root,
    select,
    /**
     * @param {[string, string, string?][]} options values, texts, and why not
     * @param {string} value
     */
    fill(options, value) {
      if (drawn !== String(options)) {
        select.replaceChildren(
          ...options.map(([each, text, why]) => h("option", { value: each, disabled: Boolean(why), title: why }, text)),
        );
      }
      drawn = String(options);
      if (select.value !== value) select.value = value;
    },
  };
}

/**
 * The combobox "Show", and why there is no difference.
 * @param {CompareStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function showSelect(store, signal) {
  const { root, select, fill } = combobox("Show", signal, (show) => store.choose({ show }));
  const reason = h("span", { class: "pw-hint", hidden: true });
  const whole = h("span", { class: "pw-show" }, root, reason);
  return {
    root: whole,
    draw() {
      const { why } = store.view;
      // While an answer is on its way, what could be chosen can be chosen.
      const none = store.working && select.options.length ? "" : why;
      fill([["values", "values"], ["difference", "difference", none || undefined]], store.compared.show);
      reason.hidden = !none;
      reason.textContent = none ? `no difference: ${none}` : "";
      say(select, "aria-description", none ? String(reason.textContent) : null);
    },
  };
}

/**
 * The combobox "Against": the predictor that differences are taken from.
 * @param {CompareStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function againstSelect(store, signal) {
  const { root, fill } = combobox("Against", signal, (place) => store.choose({ against: Number(place) }));
  return {
    root,
    draw() {
      root.hidden = store.view.pair;
      fill(store.faces.map(({ panel }, place) => [String(place), panel.name]), String(store.compared.against));
    },
  };
}

/**
 * The combobox "Rows by": layers of one number, or of one relative depth. None where that is the same.
 * @param {CompareStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function alignSelect(store, signal) {
  const { root, fill } = combobox("Rows by", signal, (align) => store.choose({ align }));
  return {
    root,
    draw() {
      root.hidden = !store.view.alignable;
      fill([["layer", "layer"], ["depth", "relative depth"]], store.compared.align);
    },
  };
}
