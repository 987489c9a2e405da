// @ts-check
// What there is to choose: the active layer, what the colour means, which layers are shown, and which page of words.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { ReadingStore } from "./store.js" */
import { h, on, pushButton, say, targetOf } from "../kit/dom.js";
import { whole } from "../kit/text.js";

/**
 * The slider "Layer", for keys and screen readers: it lies unseen over the heads of the heatmap's rows, which are what is
 * pressed and dragged, and the active one is its thumb. Hidden layers are skipped.
 * @param {ReadingStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function layerSlider(store, signal) {
  const attributes = {
    class: "pw-slider",
    type: "range",
    step: "1",
    "aria-label": "Layer",
    "aria-orientation": "vertical",
  };
  const input = h("input", attributes);
  on(input, "input", () => {
    const { layers, layer } = store.chosen;
    const next = nearestTo(Number(input.value), layers, layer);
    if (next === undefined) input.value = String(layer);
    else store.pickLayer(next);
  }, signal);
  return {
    root: input,
    draw() {
      const { scene, chosen: { layers = [], layer } } = store;
      input.hidden = layers.length === 0;
      if (input.hidden) return;
      input.min = String(layers[0]);
      input.max = String(layers.at(-1));
      input.value = String(layer);
      const facts = scene.facts(layer);
      say(input, "aria-valuetext", [`Layer ${layer}`, ...facts].join(", "));
    },
  };
}

/**
 * The layer that a slider at `wanted` means: that one, or the next one shown on the side to which it was moved.
 * @param {number} wanted
 * @param {number[]} layers those shown, ascending
 * @param {number} active
 */
export function nearestTo(wanted, layers, active) {
  if (layers.includes(wanted)) return wanted;
  return wanted > active ? layers.find((each) => each > wanted) : layers.findLast((each) => each < wanted);
}

/**
 * A combobox with its name: `fill(options, value)`.
 * @param {string} name
 * @param {AbortSignal} signal
 * @param {(value: string) => void} take is told what is chosen
 */
export function combobox(name, signal, take) {
  const select = h("select", { "aria-label": name });
  const label = h("span", { class: "pw-name", "aria-hidden": "true" }, name);
  let drawn = "";
  on(select, "change", () => take(select.value), signal);
  return {
    root: h("label", { class: "pw-control" }, label, select),
    select,
    /**
     * @param {[string, string][]} options values and texts
     * @param {string} value
     */
    fill(options, value) {
      if (drawn !== String(options)) {
        select.replaceChildren(...options.map(([each, text]) => h("option", { value: each }, text)));
        drawn = String(options);
      }
      if (select.value !== value) select.value = value;
    },
  };
}

/**
 * The combobox "Colour by".
 * @param {ReadingStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function colourSelect(store, signal) {
  const { root, fill } = combobox("Colour by", signal, (value) => {
    if (value === "label" || value === "entropy") store.choose({ colour: value, label: null });
    else store.choose({ colour: "probability", label: store.scene.labels[Number(value)] });
  });
  return {
    root,
    draw() {
      const { scene: { sets, order, called, labelIndex }, chosen: { colour = "label", label } } = store;
      root.hidden = colour === "value"; // there is no other one
      const ofLabels = order.map((k) => /** @type {[string, string]} */ ([`${k}`, `Probability of ${called[k]}`]));
      /** @type {[string, string][]} */
      const others = sets ? [] : [["entropy", "Entropy"]];
      const value = colour === "probability" ? String(labelIndex.get(label ?? "")) : colour;
      fill([["label", `Predicted label${sets ? "s" : ""}`], ...others, ...ofLabels], value);
    },
  };
}

/**
 * A panel with a check box for each layer, of which at least one stays; a field for ranges, and buttons for every n-th.
 * @param {ReadingStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function layerChooser(store, signal) {
  const summary = h("summary", {});
  const attributes = { class: "pw-range pw-over", "aria-label": "Layers by number", placeholder: "0-6, 8, 10-30/2" };
  const range = h("input", attributes);
  const group = h("div", { class: "pw-boxes pw-over", role: "group", "aria-label": "Layers shown" });
  const root = h("details", { class: "pw-control pw-chooser" }, summary, group);
  let drawn = "";
  const boxes = () => [.../** @type {NodeListOf<HTMLInputElement>} */ (group.querySelectorAll("[type=checkbox]"))];
  on(group, "change", (event) => {
    const byNumber = event.target === range;
    const checked = boxes().filter((box) => box.checked).map((box) => Number(box.value));
    const layers = byNumber ? layersIn(range.value, store.scene.layers) : checked;
    say(range, "aria-invalid", byNumber && !layers.length);
    if (layers.length) chooseLayers(store, layers);
  }, signal);
  on(group, "click", (event) => {
    const every = Number(targetOf(event).dataset.every);
    if (every) chooseLayers(store, store.scene.layers.filter((_, at) => at % every === 0));
  }, signal);
  on(root, "keydown", (event) => {
    if (event.key !== "Escape" || !root.open) return;
    event.stopPropagation();
    root.open = false;
    summary.focus();
  }, signal);
  /** @param {Event} event */
  const leave = (event) => {
    if (!root.contains(targetOf(event))) root.open = false;
  };
  on(root, "toggle", () => on(root.closest(".pw"), "pointerdown", leave, signal), signal);
  return {
    root,
    draw() {
      const { scene: { layers }, chosen: { layers: shown = [] } } = store;
      root.hidden = layers.length < 2;
      if (layers.join() !== drawn) {
        group.replaceChildren(range, ...layers.map(layerBox), ...everyButtons(layers.length));
      }
      drawn = layers.join();
      for (const box of boxes()) {
        box.checked = shown.includes(Number(box.value));
        box.disabled = box.checked && shown.length === 1;
      }
      const many = shown.length === layers.length ? "All" : `${shown.length} of`;
      summary.textContent = `${many} ${layers.length} layers shown`;
    },
  };
}

/** @param {number} count of layers */
function everyButtons(count) {
  const names = /** @type {[number, string][]} */ ([[1, "All"], [2, "Every 2nd"], [4, "Every 4th"]]);
  return names.filter(([every]) => every * 2 <= count).map(([every, name]) =>
    pushButton(name, { "data-every": every })
  );
}

/**
 * The layers that a text like "0-6, 8, 10-30/2" means; none where it is not understood.
 * @param {string} text
 * @param {number[]} layers those there are
 */
export function layersIn(text, layers) {
  const parts = text.split(",").map((part) => /^\s*(\d+)(?:\s*[-–]\s*(\d+)(?:\s*\/\s*([1-9]\d*))?)?\s*$/.exec(part));
  if (parts.includes(null)) return [];
  return layers.filter((layer) =>
    parts.some((part) => {
      const [low, high, every] = [1, 2, 3].map((at) => Number(part?.[at] ?? (at === 2 ? part?.[1] : 1)));
      return low <= layer && layer <= high && (layer - low) % every === 0;
    })
  );
}

/** @param {number} layer */
function layerBox(layer) {
  const box = h("input", { type: "checkbox", value: layer, "aria-label": `Show layer ${layer}` });
  return h("label", {}, box, String(layer));
}

/**
 * Show some layers; if the active one is not among them, the nearest becomes active, as in the kernel.
 * @param {ReadingStore} store
 * @param {number[]} layers
 */
function chooseLayers(store, layers) {
  const { layer, selected } = store.chosen;
  const nearest = layers.reduce((best, each) => (Math.abs(each - layer) < Math.abs(best - layer) ? each : best));
  const moved = selected && nearest !== layer ? [nearest, selected[1]] : selected;
  const kept = moved && !layers.includes(moved[0]) ? [nearest, moved[1]] : moved;
  store.choose({ layers, layer: nearest, selected: kept ?? null });
}

/**
 * Buttons for a long text's pages, and to zoom in where words have no room for their labels; hidden for a short one.
 * @param {ReadingStore} store
 * @param {AbortSignal} signal
 * @param {number} [cells] that have room for their labels; 0: one cannot zoom in
 * @returns {Part}
 */
export function pager(store, signal, cells = 0) {
  const [earlier, later, zoom] = [pushButton("◂ Earlier"), pushButton("Later ▸"), pushButton("")];
  const place = h("span", { class: "pw-value" });
  const root = h("div", { class: "pw-pager", role: "group", "aria-label": "Pages" }, earlier, place, later, zoom);
  on(earlier, "click", () => store.turnTo(Math.max(store.scene.window.start - 1, 0)), signal);
  on(later, "click", () => store.turnTo(store.scene.window.end), signal);
  const few = () => Math.max(8, Math.floor(cells / (store.chosen.layers?.length || 1)));
  on(zoom, "click", () => {
    const { zoomed } = store.view;
    const start = store.chosen.selected?.[1] ?? store.scene.window.start;
    store.post("window", { start, size: zoomed ? null : few() });
  }, signal);
  return {
    root,
    draw() {
      const { scene: { window: { start, end, total }, unit, U }, view: { zoomed } } = store;
      zoom.hidden = store.connection === "static" || !zoomed && (!cells || unit === "sentence" || U <= few());
      zoom.textContent = zoomed ? `All ${unit}s` : "Zoom in";
      earlier.hidden = later.hidden = end - start >= total;
      root.hidden = earlier.hidden && zoom.hidden;
      place.textContent = `${unit}s ${whole(start + 1)}–${whole(end)} of ${whole(total)}`;
      earlier.disabled = start === 0 || !store.has(start - 1);
      later.disabled = end >= total || !store.has(end);
    },
  };
}
