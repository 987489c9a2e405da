// @ts-check
// The legend: what the colours mean, with units.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { Choice, Scene } from "./scene.js" */
/** @import { ReadingStore } from "./store.js" */
import { h, on, paint, targetOf, watchEdges } from "../kit/dom.js";
import { digits } from "../kit/text.js";
import { colourName, rampEnds } from "./scene.js";

const MOST_KEYS = 20;

/**
 * A label that the pointer or the focus is on is isolated; a click colours by its probability, a second one as before.
 * @param {ReadingStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function legend(store, signal) {
  const root = h("div", { class: "pw-legend" });
  const marked = watchEdges(root, signal);
  let drawn = "";
  /** @param {Event} event */
  const keyOf = (event) => /** @type {HTMLElement | null} */ (targetOf(event).closest("[data-k]"))?.dataset.k;
  on(root, ["pointerover", "focusin"], (event) => store.isolate(Number(keyOf(event) ?? -1)), signal);
  on(root, ["pointerleave", "focusout"], () => store.isolate(-1), signal);
  on(root, "click", (event) => {
    const k = keyOf(event);
    const label = store.scene.labels[Number(k ?? -1)];
    if (label === undefined) return;
    store.isolate(-1);
    const again = store.chosen.colour === "probability" && store.chosen.label === label;
    store.choose(again ? { colour: "label", label: null } : { colour: "probability", label });
  }, signal);
  return {
    root,
    draw() {
      const { scene, chosen } = store;
      root.hidden = scene.U === 0;
      const key = JSON.stringify([store.rev, chosen.colour, chosen.label, chosen.layers]);
      if (key === drawn) return;
      drawn = key;
      const keys = labelKeys(scene, chosen);
      root.replaceChildren(...(chosen.colour === "label" ? keys : [...rampKey(scene, chosen), ...keys]));
      if (scene.units.seen.includes(false)) {
        root.append(hint(h("span", { class: "pw-unseen-key" }, "dotted"), " = not seen in training"));
      }
      marked();
    },
  };
}

/** @param {...(Node | string)} children */
function hint(...children) {
  return h("span", { class: "pw-hint" }, ...children);
}

/**
 * A button with a swatch for each label that is on the screen, most frequent first; where colour means the probability of
 * one of them, that one alone.
 * @param {Scene} scene
 * @param {Choice} choice
 */
function labelKeys(scene, choice) {
  if (choice.colour !== "label" && choice.colour !== "probability") return [];
  const onScreen = new Set(choice.layers.flatMap((layer) => scene.names.flatMap((_, unit) => scene.held(layer, unit))));
  const chosen = choice.colour === "label" ? null : scene.labelIndex.get(choice.label ?? "");
  const keys = [...scene.order, scene.K].filter((k) => (chosen === null ? onScreen.has(k) : k === chosen));
  const items = keys.slice(0, MOST_KEYS).map((k) => {
    const swatch = h("span", { class: "pw-swatch", "aria-hidden": "true" });
    paint(swatch, { "--fill": scene.fill(k), "--edge": scene.edge(k) });
    if (k === scene.K) return h("span", { class: "pw-key", "data-k": k }, swatch, scene.called[k]);
    const attributes = { class: "pw-key", type: "button", "data-k": k, "aria-pressed": String(k === chosen) };
    return h("button", attributes, swatch, scene.called[k]);
  });
  if (keys.length > MOST_KEYS) items.push(hint(`and ${keys.length - MOST_KEYS} more`));
  return chosen === null ? [...items, hint("paler = less probable")] : items;
}

/**
 * The ramp with the values at its start, middle and end.
 * @param {Scene} scene
 * @param {Choice} choice
 */
function rampKey(scene, choice) {
  const bar = h("span", { class: "pw-ramp", "aria-hidden": "true" });
  paint(bar, { "--ramp": `linear-gradient(to right, ${scene.ramp.map(([fill]) => fill).join(", ")})` });
  const entropy = choice.colour === "entropy";
  const [, top] = rampEnds(scene, choice);
  const of = entropy ? "entropy (bits), square-root scale" : `probability of ${colourName(scene, choice)}`;
  const { name = of, ticks, trained } = scene.scale ?? {};
  const written = ticks ?? (entropy ? ["0", digits(top / 4), digits(top)] : ["0", "0.5", "1"]);
  const scale = h("span", { class: "pw-scale" }, bar, ...written.map((tick) => h("span", {}, tick)));
  const key = h("span", { class: "pw-key" }, `${name}:`);
  return [key, scale, ...(trained ? [hint(`trained on ${trained}; ↑ above, ↓ below all of them`)] : [])];
}
