// @ts-check
// The layers with their scores, the deepest at the top, of which one is active; and the selected example, in full, with what
// every layer gives for it.

/** @import { Part, Sent } from "../kit/host.d.ts" */
/** @import { ErrorsStore } from "./store.js" */
import { focusIn, focusOnly, h, on, paint, pushButton, reveal, rove, say, targetOf, word } from "../kit/dom.js";
import { clamp, digits } from "../kit/text.js";
import { chip } from "./examples.js";
import { edgeOf, fillOf } from "../reading/colours.js";

const ROOM = 480; // px for all layers: with many of them rows shrink, as in a heatmap

/**
 * The layers as radio buttons.
 * @param {ErrorsStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function layerRail(store, signal) {
  const rail = h("div", { class: "pw-e-rail", role: "radiogroup", "aria-label": "Layer" });
  const head = h("div", { class: "pw-e-railhead", "aria-hidden": "true" });
  const root = h("div", { class: "pw-e-layers" }, head, rail);
  let drawn = "";
  /** @param {Element | null} radio */
  const take = (radio) => {
    const layer = Number(/** @type {HTMLElement | null} */ (radio)?.dataset.layer ?? NaN);
    if (layer >= 0 && layer !== store.choice.layer) store.choose({ layer });
    return radio;
  };
  on(rail, "click", (event) => {
    const radio = /** @type {HTMLElement | null} */ (targetOf(event).closest("[data-layer]"));
    if (radio) focusOnly(rail, radio);
    take(radio);
  }, signal);
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
      const height = clamp(Math.floor(ROOM / layers.length), 6, 24);
      if (drawn !== String(layers)) rail.replaceChildren(...layers.map((layer, at) => railRow(layer, at, height)));
      drawn = String(layers);
      paint(rail, { "--high": `${height}px` });
      rail.classList.toggle("pw-e-close", height < 17);
      head.replaceChildren(
        h("span", {}, "layer"),
        h("span", {}, view.metric),
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

/**
 * @param {number} layer
 * @param {number} at
 * @param {number} height px: where letters have no room, some layers are written, and the one that is active or pointed at
 */
function railRow(layer, at, height) {
  const named = at % Math.ceil(11 / height) === 0;
  const looks = named ? "pw-e-layer" : "pw-e-layer pw-e-mute";
  const attributes = { class: looks, role: "radio", tabindex: "-1", "data-layer": layer };
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
  const verdict = view.numbers ? "" : answer === view.detail?.gold ? "right" : "wrong";
  const [, number, gives] = row.children;
  number.textContent = digits(value, 3).replace(/^0/, "");
  const mark = verdict && (verdict === "right" ? "✓" : "✗");
  gives.replaceChildren(...answer === undefined ? [] : [chip(store, answer), h("b", {}, mark)]);
  say(row, "aria-checked", layer === choice.layer);
  const best = layer === view.best ? `, ${view.chosen}` : "";
  const between = low === null ? "" : ` [${digits(low, 3)}, ${digits(high, 3)}]`;
  const given = [view.called[answer] ?? answer, verdict].filter(Boolean).join(", ");
  const gave = answer === undefined ? "" : `; gives ${given}`;
  say(row, "aria-label", `Layer ${layer}: ${view.metric} ${digits(value, 3)}${between}${best}${gave}`);
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
  const body = h("div", { class: "pw-e-body" }, h("div", {}, text, facts, button), best);
  const root = h("section", { class: "pw-e-detail", role: "region", "aria-label": "Example" }, hint, body);
  on(button, "click", () => store.post("open", { target: store.view.detail.target }), signal);
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
      facts.textContent = detail.facts.filter(Boolean).join(" · ");
      best.replaceChildren(...detail.best.flatMap((/** @type {[number, number]} */ [k, p]) => labelRow(store, k, p)));
      button.hidden = !view.opens;
      button.disabled = store.fixed;
    },
  };
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
