// @ts-check
// Beside the list: the layers with their accuracies, the deepest at the top, of which one is active; and the selected example,
// in full, with what every layer gives for it.

/** @import { Part, Sent } from "../kit/host.d.ts" */
/** @import { ErrorsStore } from "./store.js" */
import { focusIn, focusOnly, h, paint, pushButton, reveal, rove, say, targetOf, word } from "../kit/dom.js";
import { digits, plural, whole } from "../kit/text.js";
import { chip } from "./examples.js";
import { edgeOf, fillOf } from "../reading/colours.js";

/**
 * The layers as radio buttons.
 * @param {ErrorsStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function layerRail(store, signal) {
  const rail = h("div", { class: "pw-e-rail", role: "radiogroup", "aria-label": "Layer" });
  const head = h("div", { class: "pw-e-railhead", "aria-hidden": "true" });
  const root = h("div", {}, head, rail);
  let drawn = "";
  /** @param {Element | null} radio */
  const take = (radio) => {
    const layer = Number(/** @type {HTMLElement | null} */ (radio)?.dataset.layer ?? NaN);
    if (layer >= 0 && layer !== store.choice.layer) store.choose({ layer });
    return radio;
  };
  rail.addEventListener("click", (event) => {
    const radio = /** @type {HTMLElement | null} */ (targetOf(event).closest("[data-layer]"));
    if (radio) focusOnly(rail, radio);
    take(radio);
  }, { signal });
  rove(rail, {
    ArrowUp: (radio) => take(radio.previousElementSibling),
    ArrowDown: (radio) => take(radio.nextElementSibling),
    Home: () => take(rail.firstElementChild),
    End: () => take(rail.lastElementChild),
    " ": take,
  }, signal);
  return {
    root,
    draw() {
      const { view, choice } = store;
      const layers = [...view.layers].reverse();
      if (drawn !== String(layers)) rail.replaceChildren(...layers.map(railRow));
      drawn = String(layers);
      head.replaceChildren(
        h("span", {}, "layer"),
        h("span", {}, "accuracy"),
        h("span", {}, view.detail ? "gives" : ""),
      );
      for (const row of /** @type {HTMLElement[]} */ ([...rail.children])) {
        fillRail(row, store, Number(row.dataset.layer));
      }
      const active = /** @type {HTMLElement | undefined} */ (
        [...rail.children].find((row) => row.getAttribute("aria-checked") === "true")
      );
      if (!active) return;
      focusOnly(rail, active, Boolean(focusIn(rail)) && focusIn(rail) !== active && choice.layer === view.of.layer);
      reveal(rail, active);
    },
  };
}

/** @param {number} layer */
function railRow(layer) {
  const attributes = { class: "pw-e-layer", role: "radio", tabindex: "-1", "data-layer": layer };
  return h("div", attributes, h("span", {}, String(layer)), h("span", {}), h("span", { class: "pw-e-gives" }));
}

/**
 * @param {HTMLElement} row
 * @param {ErrorsStore} store
 * @param {number} layer
 */
function fillRail(row, store, layer) {
  const { view, choice } = store;
  const at = view.layers.indexOf(layer);
  const [value, low, high] = view.scores[at];
  const answer = view.detail?.answers[at];
  const right = answer === view.detail?.gold;
  const [, number, gives] = row.children;
  number.textContent = digits(value, 3).replace(/^0/, "");
  gives.replaceChildren(...answer === undefined ? [] : [chip(store, answer), right ? "✓" : "✗"]);
  say(row, "aria-checked", String(layer === choice.layer));
  const best = layer === view.best ? `, ${view.chosen}` : "";
  const between = low === null ? "" : ` [${digits(low, 3)}, ${digits(high, 3)}]`;
  const gave = answer === undefined ? "" : `; gives ${view.called[answer]}, ${right ? "right" : "wrong"}`;
  say(row, "aria-label", `Layer ${layer}: accuracy ${digits(value, 3)}${between}${best}${gave}`);
  say(row, "title", row.getAttribute("aria-label"));
  row.classList.toggle("pw-e-best", layer === view.best);
}

/**
 * The selected example.
 * @param {ErrorsStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function exampleDetail(store, signal) {
  const hint = h("p", { class: "pw-hint" });
  const text = h("p", { class: "pw-e-text" });
  const facts = h("p", { class: "pw-hint" });
  const best = h("div", { class: "pw-e-best-labels" });
  const button = pushButton("Open in explorer");
  const body = h("div", { class: "pw-e-body" }, text, facts, best, button);
  const root = h("section", { class: "pw-e-detail", role: "region", "aria-label": "Example" }, hint, body);
  button.addEventListener("click", () => store.post("open", { target: store.view.detail.target }), { signal });
  return {
    root,
    draw() {
      const { view } = store;
      const detail = /** @type {Sent | null} */ (view.detail);
      hint.hidden = Boolean(detail);
      body.hidden = !detail;
      hint.textContent = store.connection === "static"
        ? "A saved view, without a kernel."
        : "Choose a cell of the confusion or a slice, then an example: its sentence is shown here.";
      if (!detail) return;
      text.dir = detail.rtl ? "rtl" : "ltr";
      text.replaceChildren(
        ...detail.parts.map((
          /** @type {[string, boolean]} */ [part, marked],
        ) => (marked ? h("mark", { class: "pw-e-mark" }, part) : part)),
      );
      facts.textContent = factsOf(detail, view);
      best.replaceChildren(...detail.best.flatMap((/** @type {[number, number]} */ [k, p]) => labelRow(store, k, p)));
      button.hidden = !view.opens;
      button.disabled = store.fixed;
    },
  };
}

/**
 * @param {Sent} detail
 * @param {Sent} view
 */
function factsOf({ gold, frequency, position, example }, view) {
  const [place, many] = position;
  return [
    `gold ${view.called[gold]}`,
    frequency === null ? "" : frequency ? `in train ${plural(frequency, "time")}` : "not seen in training",
    frequency === null ? "" : `word ${whole(place)} of ${whole(many)}`,
    example,
  ].filter(Boolean).join(" · ");
}

/**
 * @param {ErrorsStore} store
 * @param {number} k
 * @param {number} p
 */
function labelRow(store, k, p) {
  const fill = {
    "--p": `${100 * p}%`,
    "--fill": fillOf(store.view.palette, k),
    "--edge": edgeOf(store.view.palette, k),
  };
  const name = word(`${store.view.called[k]}${k === store.view.detail.gold ? " ✓" : ""}`);
  return [name, paint(h("i", { "aria-hidden": "true" }), fill), h("span", {}, digits(p))];
}
