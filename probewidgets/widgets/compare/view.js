// @ts-check
// The comparison: one text, and a grid for each predictor that reads it; what is chosen in one is chosen in all.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { PanelView } from "./store.js" */
import { sentencesBox } from "../explorer/box.js";
import { keyList } from "../explorer/keys.js";
import { kernelText, statusLine } from "../explorer/status.js";
import { h, on, paint } from "../kit/dom.js";
import { widgetOf } from "../kit/frame.js";
import { saveMenu } from "../kit/save.js";
import { plural, whole } from "../kit/text.js";
import { colourSelect, pager } from "../reading/controls.js";
import { legend } from "../reading/legend.js";
import { againstSelect, alignSelect, showSelect } from "./controls.js";
import { comparedDetails } from "./details.js";
import { panelPart } from "./panel.js";
import { asReading, CompareStore } from "./store.js";

/**
 * @param {CompareStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
function comparison(store, signal) {
  const box = sentencesBox(store, signal);
  const leave = () => box.root.focus();
  const panels = store.faces.map((face) => panelPart(store, face, signal, leave));
  const legends = store.faces.map((face) => legend(asReading(face), signal));
  const parts = {
    show: showSelect(store, signal),
    against: againstSelect(store, signal),
    align: alignSelect(store, signal),
    colour: colourSelect(store, signal),
    pager: pager(store, signal),
    details: comparedDetails(store),
    status: statusLine(store, signal, leave, () => standingText(store)),
    save: saveMenu(store, signal),
  };
  const keys = keyList(store, signal);
  const choices = [parts.show, parts.against, parts.align, parts.colour, parts.save].map((part) => part.root);
  const controls = h("div", { class: "pw-controls" }, ...choices, keys.button);
  const bar = h("div", { class: "pw-bar" }, parts.status.root, controls);
  const grids = h("div", { class: "pw-compared-grids" }, ...panels.map((panel) => panel.root));
  grids.classList.toggle("pw-compared-pair", store.view.pair);
  const foot = h("div", { class: "pw-foot" }, ...legends.map((each) => each.root));
  const main = h("div", { class: "pw-compared-main" }, parts.pager.root, grids);
  const attributes = { class: "pw-compare", role: "region", "aria-label": "Probe compare" };
  const body = paint(h("div", { class: "pw-compared-body" }, main, parts.details.root), {
    "--panels": panels.length,
  });
  const root = h("section", attributes, box.root, bar, keys.root, body, foot);
  keys.listen(root);
  scrollTogether(panels.map((panel) => panel.scrolls), signal);

  function drawStatus() {
    for (const part of [parts.status, box, parts.pager, parts.save]) part.draw();
    for (const control of controls.querySelectorAll("select")) control.disabled = !usable(store, control.ariaLabel);
  }
  return {
    root,
    draw(what) {
      if (what === "draft") return box.draw();
      if (what === "status") return drawStatus();
      box.draw();
      for (const panel of panels) panel.draw();
      for (const part of Object.values(parts)) part.draw();
      store.faces.forEach((face, place) => drawLegend(store, face, legends[place]));
      return drawStatus();
    },
  };
}

/**
 * Whether a choice can be made: a saved page has no kernel that would subtract something else.
 * @param {CompareStore} store
 * @param {string | null} name
 */
function usable(store, name) {
  const subtracts = name !== "Show" && (name !== "Colour by" || store.compared.show === "difference");
  return store.usable && !(store.connection === "static" && subtracts);
}

/**
 * What colours mean, once for all grids in which it is the same.
 * @param {CompareStore} store
 * @param {PanelView} face
 * @param {Part} part
 */
function drawLegend({ faces }, face, part) {
  /** @param {PanelView} other */
  const key = ({ changes, values }) => String([changes, changes || values.called, changes && values.scale?.high]);
  part.draw();
  part.root.hidden ||= faces.slice(0, face.place).some((other) => other.values.U > 0 && key(other) === key(face));
}

/** @param {CompareStore} store */
function standingText(store) {
  const trouble = kernelText(store);
  if (trouble) return trouble;
  const waiting = store.faces.filter(({ panel }) => panel.waiting).map(({ panel }) => panel.name);
  if (waiting.length) return `Waiting for ${waiting.join(", ")}…`;
  if (store.working) return "Working…";
  const failed = store.faces.filter(({ panel }) => panel.error).map(({ panel }) => panel.name);
  if (failed.length) return `No answer of ${failed.join(", ")}`;
  const units = store.faces.find(({ values }) => values.U > 0);
  if (!units) return "No words yet: type a sentence.";
  const { values: { window, unit }, panel: { ms } } = units;
  const parts = [plural(window.total, unit), store.view.told[store.compared.row]];
  const most = Math.max(...store.faces.map(({ panel }) => panel.ms ?? 0));
  if (ms) parts.push(`answered in ${whole(Math.round(most))} ms`);
  if (store.connection === "static") parts.push("a saved view, without a kernel");
  return parts.join(", ");
}

/**
 * Grids of one text are scrolled along together.
 * @param {HTMLElement[]} scrollers
 * @param {AbortSignal} signal
 */
function scrollTogether(scrollers, signal) {
  for (const scroller of scrollers) {
    on(
      scroller,
      "scroll",
      () => {
        for (const other of scrollers) {
          if (Math.abs(other.scrollLeft - scroller.scrollLeft) > 1) other.scrollLeft = scroller.scrollLeft;
        }
      },
      signal,
      { passive: true },
    );
  }
}

export default widgetOf(CompareStore, comparison);
