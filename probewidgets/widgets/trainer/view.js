// @ts-check
// The trainer: what is read, from which model, with which probe; then how it learns, layer by layer. All is drawn from the
// store.

/** @import { Host, Part } from "../kit/host.d.ts" */
import { keyList } from "../explorer/keys.js";
import { copied, h, on, pushButton, say, watchEdges, write } from "../kit/dom.js";
import { widgetOf } from "../kit/frame.js";
import { saveMenu } from "../kit/save.js";
import { stateLine, trainButton, trainingBar } from "./bar.js";
import { fourSteps } from "./choices.js";
import { layerScores } from "./layers.js";
import { openedBelow } from "./opened.js";
import { TrainerStore } from "./store.js";
import { middlePanel, wrongWords } from "./wrong.js";

const FORMATS = "safetensors ipynb py png svg csv html json";
const CALLED = { safetensors: "Save sweep", ipynb: "as a notebook" };

/**
 * @param {TrainerStore} store
 * @param {AbortSignal} signal
 * @param {Host} host
 * @returns {Part}
 */
function trainer(store, signal, host) {
  const keys = keyList(store, signal);
  const parts = {
    steps: fourSteps(store, signal),
    press: trainButton(store, signal),
    state: stateLine(store, signal),
    save: saveMenu(store, signal, FORMATS, CALLED),
    progress: trainingBar(store),
    layers: layerScores(store, signal),
    middle: middlePanel(store, signal),
    side: wrongWords(store, signal),
    code: codePanel(store, signal),
  };
  const { steps, press, state, save, progress, layers, middle, side, code } = parts;
  const stays = h("span", { class: "pw-t-stays" }, "what is done stays");
  const tools = h("div", { class: "pw-t-tools" }, h("div", { class: "pw-t-either" }, stays, save.root), keys.button);
  const bar = h("div", { class: "pw-t-bar" }, press.root, state.root, tools, progress.root);
  const work = h("div", { class: "pw-t-work" }, layers.root, middle.root, side.root);
  const attributes = { class: "pw-t-desk", role: "region", "aria-label": "Probe trainer" };
  const below = h("div", {}, bar, keys.root, work, code.root);
  const desk = h("section", attributes, steps.root, below);
  const opened = openedBelow(store, signal, host, desk);
  keys.listen(below); // not in the fields, where "?" is a character, nor in what is opened, which has keys of its own
  return {
    root: h("div", { class: "pw-trainer" }, desk, opened.root),
    tells: true,
    draw(what) {
      if (what === "_losses") return middle.draw(what);
      if (what === "_progress") return [state, progress].forEach((part) => part.draw(what));
      if (what === "_inner") return opened.draw();
      desk.classList.toggle("pw-t-runs", store.running);
      for (const part of [...Object.values(parts), opened]) part.draw(what);
    },
  };
}

/**
 * The lines of code that do the same, and a button that copies them.
 * @param {TrainerStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
function codePanel(store, signal) {
  const code = h("pre", { class: "pw-t-code", tabindex: "0", role: "region", "aria-label": "The same as code" });
  const button = pushButton("Copy code");
  on(button, "click", async () => {
    button.textContent = (await copied(code)) ? "Copied" : "Selected: press Ctrl+C";
  }, signal);
  const mark = watchEdges(code, signal);
  on(button, ["pointerleave", "blur"], () => write(button, "Copy code"), signal);
  return {
    root: h("div", { class: "pw-t-same" }, code, button),
    draw() {
      const { code: text = "" } = store.view;
      write(code, text || "# As soon as all is chosen, the lines that do the same stand here.");
      mark();
      button.disabled = text === "";
      say(button, "title", "The lines that do the same in Python");
    },
  };
}

export default widgetOf(TrainerStore, trainer);
