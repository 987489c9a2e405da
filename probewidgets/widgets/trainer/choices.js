// @ts-check
// The four steps: a corpus, what to read, from which model and layers, with which probe.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { TrainerStore } from "./store.js" */
import { h, on, say, write } from "../kit/dom.js";
import { clamp } from "../kit/text.js";
import { choiceBox, factLine, shareLine, textField } from "./fields.js";

const MOST_DRAWS = 9; // of a control task

/**
 * The steps beside each other.
 * @param {TrainerStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function fourSteps(store, signal) {
  const steps = [
    step("Corpus", corpusParts(store, signal)),
    step("What to read", taskParts(store, signal)),
    step("From which model", modelParts(store, signal)),
    step("With which probe", probeParts(store, signal)),
  ];
  return {
    root: h("div", { class: "pw-t-steps" }, ...steps.map(({ root }) => root)),
    draw() {
      for (const each of steps) each.draw();
    },
  };
}

/**
 * @param {string} title
 * @param {Part[]} parts
 * @returns {Part}
 */
function step(title, parts) {
  return {
    root: h("div", { class: "pw-t-step" }, h("p", { class: "pw-t-head" }, title), ...parts.map(({ root }) => root)),
    draw() {
      for (const part of parts) part.draw();
    },
  };
}

/**
 * @param {TrainerStore} store
 * @param {AbortSignal} signal
 */
function corpusParts(store, signal) {
  const path =
    () => (store.shown("corpus", store.view.corpus?.value) === "file" ? store.view.corpus?.path ?? "" : null);
  const example = h("p", { class: "pw-t-example", dir: "auto" });
  return [
    choiceBox(store, signal, "Corpus", "corpus"),
    textField(store, signal, "Corpus file", "corpus_path", path, "a file, then Enter"),
    factLine(store, ["corpus", "corpus_path"], "it is being read…"),
    {
      root: example,
      draw() {
        write(example, store.view.corpus?.example ?? "");
        example.hidden = !example.textContent;
        say(example, "title", example.textContent || null);
      },
    },
  ];
}

/**
 * @param {TrainerStore} store
 * @param {AbortSignal} signal
 */
function taskParts(store, signal) {
  return [choiceBox(store, signal, "Task", "task"), factLine(store, ["task"], ""), shareLine(store)];
}

/**
 * @param {TrainerStore} store
 * @param {AbortSignal} signal
 */
function modelParts(store, signal) {
  const place = () => (store.shown("model", store.view.model?.value) === "place" ? store.view.model?.path ?? "" : null);
  const layers = textField(store, signal, "Layers", "layers", () => store.view.layers?.text ?? "", "all");
  const others = [choiceBox(store, signal, "Site", "site"), choiceBox(store, signal, "Pool", "pool")];
  const parts = [layers, ...others];
  const name = h("span", { class: "pw-t-name", "aria-hidden": "true" }, "layers");
  const group = h("div", { class: "pw-t-group", role: "group", "aria-label": "Layers" }, name, layers.root);
  group.append(h("div", { class: "pw-t-pair" }, ...others.map(({ root }) => root)));
  return [
    choiceBox(store, signal, "Model", "model"),
    textField(store, signal, "Model name or folder", "model_path", place, "a name or a folder, then Enter"),
    {
      root: group,
      draw() {
        for (const part of parts) part.draw();
      },
    },
    factLine(store, ["model", "model_path", "layers", "site", "pool"], "it is being opened…"),
  ];
}

/**
 * @param {TrainerStore} store
 * @param {AbortSignal} signal
 */
function probeParts(store, signal) {
  return [
    choiceBox(store, signal, "Probe", "probe"),
    sizeField(store, signal),
    checks(store, signal),
    factLine(store, ["probe", "size", "control", "random"], ""),
  ];
}

/**
 * The size of a probe that has one.
 * @param {TrainerStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
function sizeField(store, signal) {
  const size = textField(store, signal, "Size of the probe", "size", () => store.view.probe?.size?.value ?? null);
  const name = h("span", { class: "pw-t-name", "aria-hidden": "true" });
  const root = h("div", { class: "pw-t-group" }, name, size.root);
  return {
    root,
    draw() {
      size.draw();
      root.hidden = Boolean(size.root.hidden);
      write(name, store.view.probe?.size?.name ?? "");
    },
  };
}

/**
 * What the probe is held against: a control task, and the same model before it was trained.
 * @param {TrainerStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
function checks(store, signal) {
  const draws = h("input", {
    class: "pw-t-field pw-t-draws",
    type: "number",
    min: 0,
    max: MOST_DRAWS,
    step: 1,
    "aria-label": "Control draws",
  });
  const random = h("input", { type: "checkbox" });
  const first = h("label", { class: "pw-t-check" }, h("span", { class: "pw-t-name" }, "control draws"), draws);
  const second = h("label", { class: "pw-t-check" }, random, "Random-weights model");
  on(
    draws,
    "change",
    () => store.decide("control", clamp(Math.round(draws.valueAsNumber || 0), 0, MOST_DRAWS)),
    signal,
  );
  on(random, "change", () => store.decide("random", random.checked), signal);
  return {
    root: h("div", { class: "pw-t-group" }, first, second),
    draw() {
      const { control = {}, random: untrained = {} } = store.view;
      const value = String(store.shown("control", control.value ?? 0));
      if (draws.value !== value) draws.value = value;
      random.checked = store.shown("random", Boolean(untrained.value));
      draws.disabled = !store.free || Boolean(control.reason);
      random.disabled = !store.free || Boolean(untrained.reason);
      say(
        first,
        "title",
        control.reason || "Labels drawn for each word type, that only a probe which remembers words can learn",
      );
      say(second, "title", untrained.reason || "The same probes on the model before it was trained");
    },
  };
}
