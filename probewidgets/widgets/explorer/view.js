// @ts-check
// The explorer: type, see, choose. The box sends what is typed; everything else is drawn from the store.

/** @import { Part } from "../kit/host.d.ts" */
import { columnKeys, scoreColumn } from "../curve/column.js";
import { MOST_WRITTEN } from "../heatmap/columns.js";
import { layerHeatmap } from "../heatmap/view.js";
import { h, on, write } from "../kit/dom.js";
import { widgetOf } from "../kit/frame.js";
import { saveMenu } from "../kit/save.js";
import { colourSelect, layerChooser, layerSlider, pager } from "../reading/controls.js";
import { legend } from "../reading/legend.js";
import { sentencesBox } from "./box.js";
import { cellDetails } from "./details.js";
import { examplesMenu } from "./examples.js";
import { keyList } from "./keys.js";
import { errorBox, noteList, statusLine, statusText } from "./status.js";
import { TextStore } from "./store.js";

/**
 * @param {TextStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
function explorer(store, signal) {
  const box = sentencesBox(store, signal, examplesMenu);
  const slider = layerSlider(store, signal);
  const parts = {
    box,
    slider,
    colour: colourSelect(store, signal),
    chooser: layerChooser(store, signal),
    gold: goldSwitch(store, signal),
    error: errorBox(store, signal),
    notes: noteList(store),
    pager: pager(store, signal, MOST_WRITTEN),
    heatmap: layerHeatmap(store, signal, { leave: () => box.root.focus(), scores: scoreColumn, slider: slider.root }),
    details: cellDetails(store),
    legend: legend(store, signal),
    lines: columnKeys(store),
    report: reportPanel(store),
    status: statusLine(store, signal, () => box.root.focus(), () => statusText(store)),
    save: saveMenu(store, signal),
  };
  const about = h("p", { class: "pw-about" });
  const keys = keyList(store, signal);
  const inputs = [parts.colour, parts.chooser, parts.gold].map((part) => part.root);
  const controls = h("div", { class: "pw-controls" }, ...inputs, parts.save.root, keys.button);
  const bar = h("div", { class: "pw-bar" }, about, parts.status.root, controls);
  const told = [parts.error, parts.notes, parts.pager].map((part) => part.root);
  const foot = h("div", { class: "pw-foot" }, parts.legend.root, parts.lines.root, parts.report.root);
  const main = h("div", { class: "pw-main" }, ...told, parts.heatmap.root);
  const panels = h("div", { class: "pw-panels" }, main, foot, parts.details.root);
  const attributes = { class: "pw-explorer", role: "region", "aria-label": "Probe explorer" };
  const root = h("section", attributes, box.root, bar, keys.root, panels);
  keys.listen(root);

  function drawStatus() {
    for (const part of [parts.status, parts.error, box, parts.pager, parts.save]) part.draw();
    for (const control of [slider.root, ...controls.querySelectorAll("input, select")]) {
      /** @type {HTMLInputElement} */ (control).disabled = !store.usable;
    }
    if (store.usable) parts.chooser.draw();
  }
  return {
    root,
    draw(what) {
      root.classList.toggle("pw-stale", store.stale);
      root.classList.toggle("pw-working", store.working);
      write(about, store.view.about ?? ""); // once: Ctrl+Z would stop where it was written
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
  on(input, "change", () => store.ask("ask", { text: store.text, gold: input.checked }), signal);
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
      write(text, report);
    },
  };
}

export default widgetOf(TextStore, explorer);
