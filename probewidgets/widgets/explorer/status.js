// @ts-check
// How things stand: the status, the notes of the predictor, and what it raised.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { TextStore } from "./store.js" */
import { h } from "../kit/dom.js";
import { alertBox } from "../kit/frame.js";
import { plural, whole } from "../kit/text.js";

/**
 * One line on how things stand; read out by screen readers when it changes.
 * @param {TextStore} store
 * @returns {Part}
 */
export function statusLine(store) {
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
  const old = store.stale && scene.window.total;
  if (view.error) return old ? `No answer to this text; below is that of “\u2068${view.of}\u2069”` : "No answer.";
  if (scene.window.total === 0) return "No words yet: type a sentence.";
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
export function noteList(store) {
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
export function errorBox(store, signal) {
  const { root, say } = alertBox(signal);
  return { root, draw: () => store.working ? say("") : say(store.view.error ?? "", store.view.traceback) };
}
