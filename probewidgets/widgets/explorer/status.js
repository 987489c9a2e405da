// @ts-check
// How things stand: the status, the notes of the predictor, and what it raised.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { TextStore } from "./store.js" */
import { atEnd, focusIn, h, on, pushButton, say, write } from "../kit/dom.js";
import { tracedBox } from "../kit/frame.js";
import { plural, whole } from "../kit/text.js";

/**
 * One line on how things stand; read out by screen readers when it changes. Beside it, where an answer takes longer than a
 * second: for how long, and a button that stops it.
 * @param {TextStore} store
 * @param {AbortSignal} signal
 * @param {() => void} leave takes the focus when the button goes
 * @param {() => string} told what the line says
 * @returns {Part}
 */
export function statusLine(store, signal, leave, told) {
  const line = h("p", { class: "pw-status", role: "status", "aria-live": "polite" });
  const seconds = h("span", { class: "pw-value", "aria-hidden": "true" });
  const button = pushButton("Stop");
  const wait = h("span", { class: "pw-wait", hidden: true }, seconds, button);
  const root = h("div", { class: "pw-state" }, line, wait);
  let [since, rev, timer] = [0, 0, 0];
  on(button, "click", () => {
    button.disabled = true;
    leave();
    store.ask("stop");
  }, signal);
  atEnd(signal, () => clearTimeout(timer));
  function tick() {
    const ms = performance.now() - since;
    seconds.textContent = `${Math.floor(ms / 1000)} s`;
    wait.hidden = ms < 1000;
    timer = setTimeout(tick, 1000 - ms % 1000);
  }
  return {
    root,
    draw() {
      const text = told();
      write(line, text);
      say(line, "title", text);
      line.classList.toggle("pw-warn", !store.usable || store.connection === "busy");
      const counts = store.working && store.connection === "ready";
      if (counts && since && rev === store.rev) return; // it counts on
      clearTimeout(timer);
      [since, rev] = [counts ? performance.now() : 0, store.rev];
      if (focusIn(wait)) leave();
      wait.hidden = true;
      button.disabled = false;
      if (counts) tick();
    },
  };
}

/**
 * What there is to say of the kernel, where it does not simply answer; else nothing.
 * @param {Pick<TextStore, "connection" | "usable">} store
 */
export function kernelText(store) {
  if (store.connection === "lost") return "Not connected: run the cell again (or wait, if the kernel is busy).";
  if (!store.usable) return `The kernel has ${store.connection}. Not connected: run the cell again.`;
  if (store.connection === "busy") return "The kernel is busy; what you do here is kept and sent when it is free.";
  return "";
}

/**
 * How things stand in an explorer.
 * @param {TextStore} store
 */
export function statusText(store) {
  const { scene, chosen, view } = store;
  const trouble = kernelText(store);
  if (trouble) return trouble;
  if (store.working) return "Working…";
  if (view.error || view.stopped) {
    const why = view.stopped ? "Stopped" : "Failed";
    return scene.window.total ? `${why}; below is the answer to “\u2068${view.of}\u2069”` : `${why}.`;
  }
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
 * @param {Pick<TextStore, "scene">} store
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
  const { root, say } = tracedBox(signal);
  return { root, draw: () => say(store.working ? "" : store.view.error ?? "", store.view.traceback) };
}
