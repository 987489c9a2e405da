// @ts-check
// How things stand: the status, how far to believe the probes, which words to paint next, and which layer is shown.

/** @import { Part, Sent } from "../kit/host.d.ts" */
/** @import { TeacherStore } from "./store.js" */
import { h, pushButton, say, targetOf, word } from "../kit/dom.js";
import { digits, plural } from "../kit/text.js";
import { labelName, predicted, share, unitName } from "./scene.js";

/**
 * One line on how things stand; read out by screen readers when it changes.
 * @param {TeacherStore} store
 * @returns {Part}
 */
export function statusLine(store) {
  const root = h("p", { class: "pw-status", role: "status", "aria-live": "polite" });
  return {
    root,
    draw() {
      const text = statusText(store);
      if (root.textContent !== text) root.textContent = root.title = text;
      root.classList.toggle("pw-warn", !store.usable || store.connection === "busy" || Boolean(store.view.heir));
    },
  };
}

/**
 * What the status says.
 * @param {{ connection: string, usable: boolean, view: Sent, strokes: unknown[], working: boolean, draft: string | null }} store
 */
export function statusText({ connection, usable, view, strokes, draft }) {
  const waiting = strokes.length + (draft === null ? 0 : 1);
  if (!usable) {
    const those = strokes.length === 1 ? "is" : "are";
    const lost = strokes.length ? ` ${plural(strokes.length, "stroke")} did not reach it, and ${those} made then.` : "";
    const why = connection === "lost" ? "Not connected" : `The kernel has ${connection}. Not connected`;
    const kept = view.file ? `; what it has is kept in ${view.file}` : "";
    return `${why}: run the cell again${kept}.${lost}`;
  }
  if (view.heir) return "This lesson goes on in a newer widget, below or in another cell.";
  if (connection === "busy") {
    const many = waiting ? `: ${plural(waiting, "change")}` : "";
    return `The kernel is busy; what you do here is kept and sent when it is free${many}.`;
  }
  const parts = [`${plural(view.painted_units ?? 0, view.unit ?? "word")} painted`];
  if (connection === "static") parts.push("a saved view, without a kernel");
  else if (view.recovered) parts.push(`found again in ${view.file}`);
  else if (view.file) parts.push(`kept in ${view.file}`);
  else parts.push("kept nowhere");
  return parts.join(", ");
}

/**
 * The combobox "Layer": the one that does best, or any.
 * @param {TeacherStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function layerSelect(store, signal) {
  const select = h("select", { "aria-label": "Layer" });
  let drawn = "";
  select.addEventListener("change", () => {
    store.choose({ layer: select.value === "" ? null : Number(select.value) });
  }, { signal });
  return {
    root: select,
    draw() {
      const { layers = [], layer, best, scores = [] } = store.view;
      /** @type {(at: number) => string} */
      const score = (at) => scores[at] ? ` · ${share(scores[at][0])}` : "";
      const first = best === null || best === undefined ? `layer ${layer ?? "–"}` : `best: layer ${best}`;
      const at = layers.indexOf(best ?? layer);
      /** @type {[string, string][]} */
      const options = [["", first + score(at)]];
      layers.forEach((/** @type {number} */ each, /** @type {number} */ row) => {
        options.push([String(each), `layer ${each}${score(row)}`]);
      });
      const key = JSON.stringify(options);
      if (key !== drawn) {
        // The deepest at the top, as everywhere.
        const [automatic, ...others] = options;
        select.replaceChildren(
          ...[automatic, ...others.reverse()].map(([value, text]) => h("option", { value }, text)),
        );
      }
      drawn = key;
      select.value = store.choice.layer === null || store.choice.layer === undefined ? "" : String(store.choice.layer);
      select.disabled = !store.open || layers.length < 2;
      select.title = "The layer whose probe is shown, and how it does on sentences left out";
    },
  };
}

/**
 * How well the probe of the layer that is shown does on sentences left out; why there is nothing, where there is nothing.
 * @param {TeacherStore} store
 * @returns {Part}
 */
export function scoreLine(store) {
  const root = h("p", { class: "pw-score" });
  return {
    root,
    draw() {
      const { view } = store;
      const at = (view.layers ?? []).indexOf(view.layer);
      const score = view.scores?.[at];
      root.classList.toggle("pw-told", Boolean(score));
      if (!score) {
        root.replaceChildren(view.painted_units ? view.why ?? "" : "");
        root.title = "";
        return;
      }
      const [value, low, high] = score;
      const majority = share(view.majority ?? NaN);
      const few = view.few ? [h("span", { class: "pw-few" }, ` few ${view.unit}s: wide`)] : [];
      root.replaceChildren(
        "left-one-sentence-out ",
        h("b", {}, share(value)),
        ` [${share(low)}, ${share(high)}]`,
        ...few,
        h("span", { class: "pw-beside" }, `random labels ${share(view.control ?? NaN)}`),
        h("span", { class: "pw-beside" }, `always the same ${majority}`),
      );
      root.title = scoreTitle(view, value);
    },
  };
}

/**
 * @param {Sent} view
 * @param {number} value
 */
function scoreTitle(view, value) {
  const right = Math.round(value * view.n);
  const chosen = view.layer === view.best ? " It is the best of all layers, so it is a little too good." : "";
  return [
    `Layer ${view.layer}: ${right} of ${view.n} painted ${view.unit}s in ${view.taught} sentences are predicted as painted`,
    "by probes that were taught without their sentence; with a 95 % interval.",
    "Random labels: the same, where each word has a label drawn for it: the mean of five draws.",
    `Always the same: the share of the most frequent label.${chosen}`,
  ].join(" ");
}

/**
 * The words to paint next, and the buttons that answer what is predicted of one.
 * @param {TeacherStore} store
 * @param {AbortSignal} signal
 * @param {{ accept: (units: number[]) => void, reject: (units: number[]) => void, current: () => number }} acts
 * @returns {Part}
 */
export function offers(store, signal, { accept, reject, current }) {
  const first = h("span", { class: "pw-offers" });
  const words = h("span", { class: "pw-offers pw-others" });
  const yes = pushButton("Accept", { title: "Paint it as predicted (Enter)" });
  const no = pushButton("✗", { title: "Paint that nothing is here (X)" });
  const attributes = { class: "pw-next", role: "group", "aria-label": "Next to paint" };
  const root = h("div", attributes, "next to paint:", first, yes, no, words);
  let drawn = "";
  /** The unit that the buttons are about: the one with the focus, if it is open, or else the first that is offered. */
  const asked = () => {
    const { lesson } = store;
    const here = current();
    if (lesson.marks[here] < 0 && predicted(lesson, here).k >= 0 && isOffered(lesson.ids[here])) return here;
    return lesson.place.get(store.view.next?.[0]?.[0]) ?? -1;
  };
  /** @param {number} id */
  const isOffered = (id) => (store.view.next ?? []).some((/** @type {[number, string]} */ [each]) => each === id);
  root.addEventListener("click", (event) => {
    const { id } = /** @type {HTMLElement | null} */ (targetOf(event).closest("[data-id]"))?.dataset ?? {};
    if (id !== undefined) store.want(Number(id));
  }, { signal });
  for (
    const [button, act] of /** @type {[HTMLElement, (units: number[]) => void][]} */ ([[yes, accept], [no, reject]])
  ) {
    button.addEventListener("click", () => {
      const u = asked();
      if (u >= 0) act([u]);
      else if (store.view.next?.[0]) store.want(store.view.next[0][0]); // on another page
    }, { signal });
  }
  return {
    root,
    draw() {
      const { lesson, view } = store;
      const offered = /** @type {[number, string][]} */ (view.next ?? []).filter(([id]) =>
        (lesson.marks[lesson.place.get(id) ?? -1] ?? -1) < 0
      );
      root.hidden = offered.length === 0 || store.connection === "static";
      const u = asked();
      const rest = offered.filter(([id]) => id !== lesson.ids[u]);
      const key = JSON.stringify([u, offered]);
      if (key !== drawn) {
        first.replaceChildren(...offered.filter((each) => !rest.includes(each)).map(offerButton));
        words.replaceChildren(...rest.map(offerButton));
      }
      drawn = key;
      for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (root.querySelectorAll("[data-id]"))) {
        const at = lesson.place.get(Number(button.dataset.id));
        say(button, "title", at === undefined ? "on another page" : unitName(lesson, at));
      }
      const { k, p } = u < 0 ? { k: -1, p: NaN } : predicted(lesson, u);
      yes.textContent = k < 0 ? "Accept" : `✓ ${labelName(lesson, k)}`;
      say(yes, "aria-label", k < 0 ? "Accept" : `Accept ${lesson.forms[u]}: ${labelName(lesson, k)} ${digits(p)}`);
      say(no, "aria-label", k < 0 ? "Reject" : `Reject ${lesson.forms[u]}: ${labelName(lesson, k)}`);
      yes.disabled = no.disabled = !store.open;
    },
  };
}

/** @param {[number, string]} offer */
function offerButton([id, form]) {
  return h("button", { class: "pw-offer", type: "button", "data-id": id }, word(form));
}

/**
 * Buttons for a long lesson's pages of sentences; hidden for a short one.
 * @param {TeacherStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function sentencePager(store, signal) {
  const earlier = pushButton("◂ Earlier");
  const later = pushButton("Later ▸");
  const place = h("span", { class: "pw-value" });
  const root = h("div", { class: "pw-pages", role: "group", "aria-label": "Pages" }, earlier, place, later);
  earlier.addEventListener("click", () => store.post("page", { sentence: store.view.page.start - 1 }), { signal });
  later.addEventListener("click", () => store.post("page", { sentence: store.view.page.end }), { signal });
  return {
    root,
    draw() {
      const { start = 0, end = 0, total = 0 } = store.view.page ?? {};
      root.hidden = end - start >= total;
      place.textContent = `sentences ${start + 1}–${end} of ${total}`;
      earlier.disabled = start === 0 || !store.open;
      later.disabled = end >= total || !store.open;
    },
  };
}
