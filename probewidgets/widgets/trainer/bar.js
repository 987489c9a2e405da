// @ts-check
// The bar: Train or Stop, how things stand, and how far the work has come.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { TrainerStore } from "./store.js" */
import { kernelText } from "../explorer/status.js";
import { atEnd, focusIn, h, on, pushButton, say, write } from "../kit/dom.js";

const SECOND = 1000; // ms between two texts of the status while it runs: who listens wants to hear the end of one

/**
 * The button that trains, and in its place the one that stops.
 * @param {TrainerStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function trainButton(store, signal) {
  const train = pushButton("Train", { class: "pw-button pw-t-go" });
  const stop = pushButton("Stop", { class: "pw-button pw-t-go", title: "What is done stays" });
  const root = h("div", { class: "pw-t-press" }, train, stop);
  on(train, "click", () => store.press("train"), signal);
  on(stop, "click", ({ detail }) => {
    if (detail < 2) store.press("stop"); // the second click of two was meant for the button that was here
  }, signal);
  return {
    root,
    draw() {
      const { running, open, view } = store;
      const focused = focusIn(root);
      write(train, view.again ? "Go on" : "Train");
      train.hidden = running;
      stop.hidden = !running;
      train.disabled = !open || Boolean(view.wanting);
      stop.disabled = !open || Boolean(view.stopping);
      say(train, "title", view.wanting || null);
      root.hidden = store.connection === "static";
      if (focused?.hidden) (running ? stop : train).focus();
    },
  };
}

/**
 * How things stand, in a line. What changes all the time is seen, and not read out.
 * @param {TrainerStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function stateLine(store, signal) {
  const read = store.follow("_progress");
  const wrong = h("p", { class: "pw-t-wrong", role: "alert" });
  const first = h("b", {});
  const rest = h("span", {});
  const attributes = { class: "pw-t-status", role: "status", "aria-live": "polite", "aria-atomic": "false" };
  const line = h("p", attributes, first, rest);
  let [written, timer] = [-SECOND, 0];
  atEnd(signal, () => clearTimeout(timer));
  const put = () => {
    const { told, bold } = stateOf(store, read()?.text ?? "");
    written = performance.now();
    write(first, bold);
    write(rest, bold && told ? ` · ${told}` : told);
    say(rest, "aria-live", store.running ? "off" : null);
    say(line, "title", line.textContent);
    const trouble = !store.usable || store.connection === "busy" || (!store.running && store.view.cost?.error);
    line.classList.toggle("pw-t-warn", Boolean(trouble));
  };
  return {
    root: h("div", { class: "pw-t-state" }, wrong, line),
    draw(what) {
      write(wrong, store.refusedOf(["train", "stop", "save", "choose"]));
      wrong.hidden = !wrong.textContent;
      clearTimeout(timer);
      const early = written + SECOND - performance.now();
      if (what !== "_progress" || early <= 0) put();
      else timer = setTimeout(put, early);
    },
  };
}

/**
 * What the status says: the part that counts, and the rest.
 * @param {TrainerStore} store
 * @param {string} progress
 */
function stateOf(store, progress) {
  const { view, running } = store;
  const trouble = kernelText(store);
  if (trouble) return { bold: "", told: trouble };
  if (running) {
    const [bold, ...others] = (view.stopping ? view.status || "Stopping…" : progress || view.status || "Training…")
      .split(" · ");
    return { bold, told: others.join(" · ") };
  }
  const { busy, error, facts = [] } = view.cost ?? {};
  const cost = busy ? "what it costs is being worked out…" : error || facts.join(" · ");
  const saved = store.connection === "static" ? "a saved view, without a kernel" : "";
  const parts = [view.wanting || (view.phase === "choosing" || !view.status ? cost : ""), view.restored, saved];
  return { bold: view.status, told: parts.filter(Boolean).join(" · ") };
}

/**
 * The bar "Training" under all of that; its room is there before.
 * @param {TrainerStore} store
 * @returns {Part}
 */
export function trainingBar(store) {
  const read = store.follow("_progress");
  const bar = h("progress", { class: "pw-t-progress", "aria-label": "Training" });
  return {
    root: bar,
    draw() {
      const { done = 0, total = 0 } = read() ?? {};
      bar.classList.toggle("pw-t-idle", total <= 0 || store.connection === "static");
      bar.max = Math.max(total, 1);
      bar.value = Math.min(done, bar.max);
    },
  };
}
