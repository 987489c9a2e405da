// @ts-check
// The legend: what the colours mean, with units.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { Choice, Scene } from "./scene.js" */
/** @import { ReadingStore } from "./store.js" */
import { h, paint } from "../kit/dom.js";
import { digits } from "../kit/text.js";
import { colourName, rampEnds } from "./scene.js";

const MOST_KEYS = 20;

/**
 * @param {ReadingStore} store
 * @returns {Part}
 */
export function legend(store) {
  const root = h("div", { class: "pw-legend" });
  return {
    root,
    draw() {
      const { scene, chosen } = store;
      root.hidden = scene.U === 0;
      root.replaceChildren(...(chosen.colour === "label" ? labelKeys(scene, chosen) : rampKey(scene, chosen)));
      if (scene.units.seen.includes(false)) {
        root.append(hint(h("span", { class: "pw-unseen-key" }, "dotted"), " = not seen in training"));
      }
    },
  };
}

/** @param {...(Node | string)} children */
function hint(...children) {
  return h("span", { class: "pw-hint" }, ...children);
}

/**
 * A swatch for each label that is on the screen, most frequent first.
 * @param {Scene} scene
 * @param {Choice} choice
 */
function labelKeys(scene, choice) {
  const onScreen = new Set(choice.layers.flatMap((layer) => scene.names.flatMap((_, unit) => scene.held(layer, unit))));
  const keys = [...scene.order, scene.K].filter((k) => onScreen.has(k));
  const items = keys.slice(0, MOST_KEYS).map((k) => {
    const swatch = h("span", { class: "pw-swatch", "aria-hidden": "true" });
    paint(swatch, { "--fill": `var(--pw-k${k})`, "--edge": `var(--pw-e${k})` });
    return h("span", { class: "pw-key" }, swatch, scene.called[k]);
  });
  if (keys.length > MOST_KEYS) items.push(hint(`and ${keys.length - MOST_KEYS} more`));
  return [...items, hint("stronger = more probable")];
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
