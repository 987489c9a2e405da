// @ts-check
// What there is to choose: values or differences, to which predictor, and what stands on one row.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { CompareStore } from "./store.js" */
import { h, say } from "../kit/dom.js";
import { combobox } from "../reading/controls.js";

/**
 * The combobox "Show", and why there is no difference.
 * @param {CompareStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function showSelect(store, signal) {
  const { root, select, fill } = combobox("Show", signal, (show) => store.choose({ show }));
  const reason = h("span", { class: "pw-hint" });
  return {
    root: h("span", { class: "pw-show" }, root, reason),
    draw() {
      // While an answer is on its way, what could be chosen can be chosen.
      const none = store.working && select.options.length ? "" : store.view.why;
      fill([["values", "values"], ["difference", "difference"]], store.compared.show);
      select.options[1].disabled = Boolean(none);
      reason.hidden = !none;
      reason.textContent = none && `no difference: ${none}`;
      say(select, "aria-description", reason.textContent || null);
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
