// @ts-check
// The explorer: type, see, choose. The box sends what is typed; everything else is drawn from the store.

/** @import { Part } from "../kit/host.d.ts" */
import { columnKeys, scoreColumn } from "../curve/column.js";
import { layerHeatmap } from "../heatmap/view.js";
import { h } from "../kit/dom.js";
import { widgetOf } from "../kit/frame.js";
import { colourSelect, layerChooser, layerSlider, pager } from "../reading/controls.js";
import { legend } from "../reading/legend.js";
import { tokenStrip } from "../strip/view.js";
import { sentencesBox } from "./box.js";
import { cellDetails } from "./details.js";
import { keyList } from "./keys.js";
import { errorBox, noteList, statusLine } from "./status.js";
import { TextStore } from "./store.js";

/**
 * @param {TextStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
function explorer(store, signal) {
  const box = sentencesBox(store, signal);
  const parts = {
    box,
    slider: layerSlider(store, signal),
    colour: colourSelect(store, signal),
    chooser: layerChooser(store, signal),
    gold: goldSwitch(store, signal),
    error: errorBox(store, signal),
    strip: tokenStrip(store, signal),
    notes: noteList(store),
    pager: pager(store, signal),
    heatmap: layerHeatmap(store, signal, () => box.root.focus(), scoreColumn(store, signal)),
    lines: columnKeys(store),
    details: cellDetails(store, signal),
    legend: legend(store),
    report: reportPanel(store),
    status: statusLine(store),
  };
  const about = h("p", { class: "pw-status" });
  const keys = keyList(store, signal);
  const inputs = [parts.slider, parts.colour, parts.chooser, parts.gold].map((part) => part.root);
  const controls = h("div", { class: "pw-controls" }, ...inputs, keys.button);
  const main = h("div", { class: "pw-main" }, parts.heatmap.root, parts.legend.root, parts.lines.root);
  const panels = h("div", { class: "pw-panels" }, main, parts.details.root);
  const line = h("div", { class: "pw-about" }, about, parts.status.root);
  const above = [box.root, line, controls, keys.root, parts.error.root];
  const below = [parts.strip.root, parts.notes.root, parts.pager.root, panels, parts.report.root];
  const attributes = { class: "pw-explorer", role: "region", "aria-label": "Probe explorer" };
  const root = h("section", attributes, ...above, ...below);
  keys.listen(root);

  function drawStatus() {
    for (const part of [parts.status, parts.error, box, parts.pager]) part.draw();
    for (const control of controls.querySelectorAll("input, select")) {
      /** @type {HTMLInputElement} */ (control).disabled = !store.usable;
    }
    if (store.usable) parts.chooser.draw();
  }
  return {
    root,
    draw(what) {
      root.classList.toggle("pw-stale", store.working);
      const subject = store.view.about ?? "";
      if (about.textContent !== subject) about.textContent = subject; // else Ctrl+Z would stop where it was written
      if (what === "draft") box.draw();
      else if (what === "status") drawStatus();
      else for (const part of Object.values(parts)) part.draw();
    },
  };
}

/**
 * The check box "Gold labels": whether `word/TAG` is one. Where the predictor cannot be asked, there is none.
 * @param {TextStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
function goldSwitch(store, signal) {
  const input = h("input", { type: "checkbox" });
  const root = h("label", { class: "pw-control" }, input, "Gold labels");
  input.addEventListener("change", () => store.ask("ask", { text: store.text, gold: input.checked }), { signal });
  return {
    root,
    draw() {
      root.hidden = store.view.gold === undefined || store.connection === "static";
      if (!store.working) input.checked = store.view.gold;
    },
  };
}

/**
 * How much to believe the numbers: the sweep's report, folded up.
 * @param {TextStore} store
 * @returns {Part}
 */
function reportPanel(store) {
  const text = h("pre", {});
  const root = h("details", { class: "pw-report" }, h("summary", {}, "How much to believe it"), text);
  return {
    root,
    draw() {
      const report = store.view.report ?? "";
      root.hidden = !report;
      if (text.textContent !== report) text.textContent = report;
    },
  };
}

export default widgetOf(TextStore, explorer);
