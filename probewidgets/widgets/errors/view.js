// @ts-check
// The errors of a sweep: what is given for what, the worst slices, the sentences behind both. Everything is drawn from the store.

/** @import { Part } from "../kit/host.d.ts" */
import { keyList } from "../explorer/keys.js";
import { h, on } from "../kit/dom.js";
import { tracedBox, widgetOf } from "../kit/frame.js";
import { saveMenu } from "../kit/save.js";
import { confusionGrid } from "./confusion.js";
import { exampleList } from "./examples.js";
import { exampleDetail, layerRail } from "./side.js";
import { sliceList } from "./slices.js";
import { SHADES } from "./matrix.js";
import { ErrorsStore } from "./store.js";

const FEW_LAYERS = 10; // more of them have a column of the whole height

/**
 * @param {ErrorsStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
function probeErrors(store, signal) {
  const fault = tracedBox(signal);
  const parts = {
    confusion: confusionGrid(store, signal),
    slices: sliceList(store, signal),
    rail: layerRail(store, signal),
    examples: exampleList(store, signal),
    detail: exampleDetail(store, signal),
  };
  const save = saveMenu(store, signal);
  const shade = shadeSelect(store, signal);
  const keys = keyList(store, signal);
  const about = h("p", { class: "pw-about" });
  const status = h("p", { class: "pw-e-status", role: "status", "aria-live": "polite" });
  const controls = h("div", { class: "pw-controls" }, shade.root, save.root, keys.button);
  const bar = h("div", { class: "pw-e-topbar" }, about, status, controls);
  const columns = h("div", { class: "pw-e-columns" }, ...Object.values(parts).map((part) => part.root));
  const root = h(
    "section",
    { class: "pw-errors", role: "region", "aria-label": "Probe errors" },
    bar,
    keys.root,
    fault.root,
    columns,
  );
  keys.listen(root);
  return {
    root,
    draw(what) {
      const { view } = store;
      root.classList.toggle("pw-e-stale", store.stale);
      columns.classList.toggle("pw-e-deep", view.layers.length > FEW_LAYERS);
      if (about.textContent !== view.about) about.textContent = view.about;
      const text = statusOf(store);
      if (status.textContent !== text) status.textContent = status.title = text;
      status.classList.toggle("pw-e-warn", !store.usable || store.connection === "busy");
      fault.say(view.error ? `How sure the probe is could not be had. ${view.error}` : "", view.traceback);
      for (const part of [save, shade]) part.draw();
      if (what === "status" || what === "rows") return parts.examples.draw(what);
      for (const part of Object.values(parts)) part.draw(what);
    },
  };
}

/**
 * How things stand, in a line.
 * @param {ErrorsStore} store
 */
function statusOf({ connection, usable, stale, view }) {
  if (connection === "lost") return "Not connected: run the cell again (or wait, if the kernel is busy).";
  if (!usable) return `The kernel has ${connection}. Not connected: run the cell again.`;
  if (connection === "busy") return "The kernel is busy; what you do here is kept and sent when it is free.";
  if (stale) return "Working…";
  return view.summary + (connection === "static" ? ", a saved view, without a kernel" : "");
}

/**
 * The combobox "Colour by": what the colour of a cell is.
 * @param {ErrorsStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
function shadeSelect(store, signal) {
  const select = h("select", { "aria-label": "Colour by" });
  const root = h(
    "label",
    { class: "pw-control" },
    h("span", { class: "pw-name", "aria-hidden": "true" }, "Cells"),
    select,
  );
  on(select, "change", () => store.shadeBy(select.value), signal);
  return {
    root,
    draw() {
      if (!select.length) {
        const names = [...store.confusion.words.map((word) => `share of ${word}`), "count"];
        select.append(...SHADES.map(([value], at) => h("option", { value }, names[at])));
      }
      select.value = store.shade;
    },
  };
}

export default widgetOf(ErrorsStore, probeErrors);
