// @ts-check
// The teacher: sentences, labels, words that are painted, and what probes make of them. All is drawn from the store.

/** @import { Part } from "../kit/host.d.ts" */
import { keyList } from "../explorer/keys.js";
import { h, pushButton, targetOf } from "../kit/dom.js";
import { alertBox, tracedBox, widgetOf } from "../kit/frame.js";
import { progressBar } from "../kit/progress.js";
import { saveMenu } from "../kit/save.js";
import { clamp } from "../kit/text.js";
import { layerSelect, offers, scoreLine, sentencePager, statusLine } from "./foot.js";
import { accept, reject } from "./keys.js";
import { labelBar } from "./labels.js";
import { throughLayers } from "./layers.js";
import { TeacherStore } from "./store.js";
import { wordGrid } from "./words.js";

const FORMATS = "conllu jsonl csv png svg html";
/**
 * @param {TeacherStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
function teacher(store, signal) {
  const box = textBox(store, signal);
  const words = wordGrid(store, signal, { leave: () => box.root.focus(), moved });
  const keys = keyList(store, signal);
  const acts = {
    current: words.current,
    accept: (/** @type {number[]} */ units) => accept(store, units),
    reject: (/** @type {number[]} */ units) => reject(store, units),
  };
  const parts = {
    box,
    words,
    labels: labelBar(store, signal),
    layer: layerSelect(store, signal),
    status: statusLine(store),
    steps: stepButtons(store, signal),
    faults: faults(store, signal),
    progress: progressBar(store, "Reading sentences"),
    pages: sentencePager(store, signal),
    layers: throughLayers(store, signal, words.current),
    score: scoreLine(store),
    offers: offers(store, signal, acts),
    save: saveMenu(store, signal, FORMATS),
  };
  const { labels, layer, status, steps, faults: told, progress, pages, score, offers: next, save } = parts;
  const tools = h("div", { class: "pw-tools" }, layer.root, steps.root, keys.button);
  const bar = h("div", { class: "pw-brush-bar" }, labels.root, status.root, tools);
  const main = h("div", { class: "pw-sheet" }, told.root, progress.root, words.root, pages.root);
  const panels = h("div", { class: "pw-desk" }, main, parts.layers.root);
  const foot = h("div", { class: "pw-standing" }, score.root, next.root, save.root);
  const attributes = { class: "pw-teacher", role: "region", "aria-label": "Probe teacher" };
  const root = h("section", attributes, box.root, bar, keys.root, panels, foot);
  keys.listen(root);
  root.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || ["textarea", "input"].includes(targetOf(event).localName)) return;
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) store.change("undo");
    else if (key === "y" || key === "z") store.change("redo");
    else return;
    event.preventDefault();
  }, { signal });
  /** Another word has the focus. */
  function moved() {
    for (const part of [parts.layers, parts.offers]) part.draw();
  }
  return {
    root,
    draw(what) {
      if (what === "draft") return void [box, status].forEach((part) => part.draw());
      if (what === "_progress") return progress.draw();
      for (const part of Object.values(parts)) part.draw();
    },
  };
}

/**
 * The textbox "Sentences", as high as its lines, up to three.
 * @param {TeacherStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
function textBox(store, signal) {
  const placeholder = "Type or paste sentences; each line is one.";
  const box = h("textarea", { class: "pw-typed", "aria-label": "Sentences", spellcheck: "false", placeholder });
  box.addEventListener("input", () => store.type(box.value), { signal });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) event.preventDefault(); // runs no cell
  }, { signal });
  return {
    root: box,
    draw() {
      if (box.value !== store.text) box.value = store.text;
      box.rows = clamp(store.text.split("\n").length, 2, 3);
      box.disabled = !store.usable;
      box.readOnly = !store.open;
    },
  };
}

/**
 * @param {TeacherStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
function stepButtons(store, signal) {
  const undo = pushButton("↶", { "aria-label": "Undo", title: "Undo (Ctrl+Z)" });
  const redo = pushButton("↷", { "aria-label": "Redo", title: "Redo (Ctrl+Y)" });
  undo.addEventListener("click", () => store.change("undo"), { signal });
  redo.addEventListener("click", () => store.change("redo"), { signal });
  return {
    root: h("span", { class: "pw-steps" }, undo, redo),
    draw() {
      undo.disabled = !store.open || !(store.view.undo || store.strokes.length);
      redo.disabled = !store.open || !store.view.redo;
    },
  };
}

/**
 * What went wrong while the lesson was saved, or learnt; with a button that tries again.
 * @param {TeacherStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
function faults(store, signal) {
  const saved = alertBox(signal);
  const learnt = tracedBox(signal);
  const again = pushButton("Try again");
  const root = h("div", { class: "pw-faults" }, saved.root, learnt.root, again);
  again.addEventListener("click", () => store.change("again"), { signal });
  return {
    root,
    draw() {
      const { unsaved = "", error = "", traceback = "" } = store.view;
      saved.say(unsaved && `Not saved. ${unsaved}`);
      learnt.say(error && `The probes could not learn. What is painted is kept. ${error}`, traceback);
      root.hidden = !unsaved && !error;
      again.disabled = !store.open;
    },
  };
}

export default widgetOf(TeacherStore, teacher);
