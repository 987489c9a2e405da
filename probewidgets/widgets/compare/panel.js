// @ts-check
// One predictor: its name, what it raised, and its grid.

/** @import { CompareStore, PanelView } from "./store.js" */
import { noteList } from "../explorer/status.js";
import { layerHeatmap } from "../heatmap/view.js";
import { h, paint, say, word } from "../kit/dom.js";
import { tracedBox } from "../kit/frame.js";
import { comparedColumn } from "./column.js";
import { lineKey } from "./lines.js";
import { asReading } from "./store.js";

/**
 * Builds the group of a predictor; its grid bears its name.
 * @param {CompareStore} store
 * @param {PanelView} face
 * @param {AbortSignal} signal
 * @param {() => void} leave takes the focus on Escape
 */
export function panelPart(store, face, signal, leave) {
  const fault = tracedBox(signal);
  const notes = noteList(face);
  const heatmap = layerHeatmap(asReading(face), signal, { leave, scores: () => comparedColumn(store, face) });
  const name = word("", { class: "pw-compared-name" });
  const what = h("span", { class: "pw-hint" });
  const heading = h("p", { class: "pw-compared-heading" }, lineKey(face.place), name, what);
  const empty = h("p", { class: "pw-hint pw-compared-empty" });
  const root = h("div", { class: "pw-compared" }, heading, fault.root, notes.root, empty, heatmap.root);
  const [grid, list] = ["grid", "list"].map((role) => heatmap.root.querySelector(`[role=${role}]`));
  return {
    root,
    scrolls: heatmap.scrolls,
    draw() {
      const { panel, values } = face;
      root.classList.toggle("pw-late", panel.waiting || typeof panel.of === "string");
      name.textContent = panel.title;
      what.textContent = headingText(store, face);
      if (grid) say(grid, "aria-label", panel.name);
      if (list) say(list, "aria-label", `Predictions of ${panel.name}`);
      fault.say(panel.waiting ? "" : panel.error, panel.traceback);
      empty.hidden = values.U > 0 || Boolean(panel.error);
      empty.textContent = emptyText(store, face);
      notes.draw();
      paint(root, { "--rows": store.view.rows.length });
      heatmap.draw();
      heatmap.root.hidden = values.U === 0;
    },
  };
}

/**
 * What the cells of a predictor show, and of which text.
 * @param {CompareStore} store
 * @param {PanelView} face
 */
function headingText(store, face) {
  const { panel, changes } = face;
  const { show, against } = store.compared;
  const parts = [];
  if (changes) parts.push(`minus ${store.reference.panel.title}`);
  else if (show === "difference" && face.place === against) parts.push("what differences are taken from");
  else if (show === "difference" && panel.why) parts.push(`values: ${panel.why}`);
  if (!parts.length && !(store.view.pair && face.place)) parts.push(panel.about);
  if (panel.waiting) parts.push("working…");
  else if (panel.error || panel.stopped) parts.push(panel.stopped ? "stopped" : "no answer to this text");
  if (typeof panel.of === "string") parts.push(`of \u201c\u2068${panel.of}\u2069\u201d`);
  return parts.filter(Boolean).join(" · ");
}

/**
 * @param {CompareStore} store
 * @param {PanelView} face
 */
function emptyText(store, { panel, place }) {
  if (panel.waiting) return "Working…";
  if (!store.view.pair) return "No words yet: type a sentence.";
  return place ? "Type a second line: it is the second sentence." : "Type two lines: they are the two sentences.";
}
