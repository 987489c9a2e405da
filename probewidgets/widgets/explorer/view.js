// @ts-check
// The explorer: type, see, choose. The box sends what is typed; everything else is drawn from the store.

/** @import { Part } from "../kit/host.d.ts" */
import { columnKeys, scoreColumn } from "../curve/column.js";
import { layerHeatmap } from "../heatmap/view.js";
import { h } from "../kit/dom.js";
import { alertBox, widgetOf } from "../kit/frame.js";
import { clamp, plural, whole } from "../kit/text.js";
import { colourSelect, layerChooser, layerSlider, pager } from "../reading/controls.js";
import { legend } from "../reading/legend.js";
import { tokenStrip } from "../strip/view.js";
import { cellDetails } from "./details.js";
import { keyList } from "./keys.js";
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
 * The textbox "Sentences".
 * @param {TextStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
function sentencesBox(store, signal) {
  const placeholder = "Type a sentence; each line is one.";
  const attributes = { class: "pw-text", "aria-label": "Sentences", rows: "2", spellcheck: "false", placeholder };
  const box = h("textarea", attributes);
  box.addEventListener("input", () => store.type(box.value), { signal });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) event.preventDefault(); // runs no cell
  }, { signal });
  return {
    root: box,
    draw() {
      if (box.value !== store.text) box.value = store.text;
      box.style.setProperty("--lines", String(clamp(store.text.split("\n").length, 2, 8)));
      box.disabled = !store.usable;
      box.readOnly = store.connection === "static";
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
 * One line on how things stand; read out by screen readers when it changes.
 * @param {TextStore} store
 * @returns {Part}
 */
function statusLine(store) {
  const root = h("p", { class: "pw-status", role: "status", "aria-live": "polite" });
  return {
    root,
    draw() {
      const text = statusText(store);
      if (root.textContent !== text) root.textContent = text;
      root.classList.toggle("pw-warn", !store.usable || store.connection === "busy");
    },
  };
}

/** @param {TextStore} store */
function statusText(store) {
  const { scene, chosen, view } = store;
  if (store.connection === "lost") return "Not connected: run the cell again (or wait, if the kernel is busy).";
  if (store.connection === "restarted") return "The kernel has restarted. Not connected: run the cell again.";
  if (store.connection === "busy") return "The kernel is busy; what you do here is kept and sent when it is free.";
  if (store.working) return "Working…";
  if (view.error && scene.window.total) return "No answer to this text; below is the last one.";
  if (scene.window.total === 0) return view.error ? "No answer." : "No words yet: type a sentence.";
  const parts = [plural(scene.window.total, scene.unit), `layer ${chosen.layer}`];
  const tagged = scene.units.gold.flatMap((gold, unit) => (gold === null ? [] : [unit]));
  const right = tagged.filter((unit) => scene.right(chosen.layer, unit));
  if (tagged.length) parts.push(`${right.length} of ${tagged.length} gold right`);
  if (view.ms) parts.push(`answered in ${view.ms < 10 ? view.ms.toFixed(1) : whole(Math.round(view.ms))} ms`);
  if (store.connection === "static") parts.push("a saved view, without a kernel");
  return parts.join(", ");
}

/**
 * The notes of the predictor: words without a token, text cut off.
 * @param {TextStore} store
 * @returns {Part}
 */
function noteList(store) {
  const root = h("ul", { class: "pw-notes" });
  return {
    root,
    draw() {
      root.hidden = store.scene.notes.length === 0;
      root.replaceChildren(...store.scene.notes.map((note) => h("li", {}, note)));
    },
  };
}

/**
 * What the predictor raised for the last text; nothing while a newer one is worked on.
 * @param {TextStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
function errorBox(store, signal) {
  const { root, say } = alertBox(signal);
  return { root, draw: () => say(store.working ? "" : store.view.error ?? "") };
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
