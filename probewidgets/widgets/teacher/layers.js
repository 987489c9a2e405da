// @ts-check
// One word through the layers: how each layer does on sentences left out, and what its probe thinks of the word.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { TeacherStore } from "./store.js" */
import { h, paint, reveal, say, targetOf, word } from "../kit/dom.js";
import { clamp, digits } from "../kit/text.js";
import { labelName, predicted, share } from "./scene.js";

const ROOM = 480; // px for all rows: with many layers they shrink as far as letters allow, and then scroll

/**
 * A row for each layer, the deepest at the top; the one that is shown is pressed, and a click shows another.
 * @param {TeacherStore} store
 * @param {AbortSignal} signal
 * @param {() => number} current the word that has the focus
 * @returns {Part}
 */
export function throughLayers(store, signal, current) {
  const title = h("p", { class: "pw-of" });
  const rows = h("div", { class: "pw-rows" });
  const root = h("div", { class: "pw-through", role: "group", "aria-label": "Through the layers" }, title, rows);
  let drawn = "";
  let shown = NaN; // the layer that was in sight last
  root.addEventListener("click", (event) => {
    const { layer } = /** @type {HTMLElement | null} */ (targetOf(event).closest("[data-layer]"))?.dataset ?? {};
    if (layer !== undefined && store.open) store.choose({ layer: Number(layer) });
  }, { signal });
  return {
    root,
    draw() {
      const { lesson, view } = store;
      const u = Math.min(current(), lesson.ids.length - 1);
      root.hidden = lesson.layers.length < 2 || u < 0;
      if (root.hidden) return;
      const key = lesson.layers.join();
      if (key !== drawn) {
        rows.replaceChildren(...[...lesson.layers].reverse().map(rowOf));
        [drawn, shown] = [key, NaN];
      }
      paint(rows, { "--high": `${clamp(Math.floor(ROOM / lesson.layers.length), 16, 24)}px` });
      const mark = lesson.marks[u];
      title.replaceChildren(word(lesson.forms[u]), h("span", {}, mark < 0 ? "" : `painted ${labelName(lesson, mark)}`));
      for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (rows.querySelectorAll("button"))) {
        const row = lesson.layers.indexOf(Number(button.dataset.layer));
        drawRow(button, store, u, row, view.scores?.[row]?.[0] ?? NaN);
        const own = lesson.layers[row] === view.layer;
        say(button, "aria-pressed", own);
        button.disabled = !store.open;
        if (own && shown !== view.layer && reveal(rows, button)) shown = view.layer;
      }
    },
  };
}

/** @param {number} layer */
function rowOf(layer) {
  const parts = ["pw-layer-no", "pw-bar-of", "pw-score-of", "pw-thinks"].map((name) => h("span", { class: name }));
  parts[0].textContent = String(layer);
  return h("button", { type: "button", class: "pw-layer-row", "data-layer": layer }, ...parts);
}

/**
 * @param {HTMLElement} button
 * @param {TeacherStore} store
 * @param {number} u
 * @param {number} row
 * @param {number} score
 */
function drawRow(button, store, u, row, score) {
  const { lesson } = store;
  const [, bar, value, thinks] = /** @type {HTMLElement[]} */ ([...button.children]);
  const { k, p } = predicted(lesson, u, row * lesson.ids.length < lesson.top.length ? row : -1);
  const plain = k < 0 || k === lesson.labels.length;
  const visibility = Number.isNaN(score) ? "hidden" : "visible";
  paint(bar, { visibility, "--score": `${Math.round(100 * (score || 0))}%` });
  value.textContent = Number.isNaN(score) ? "" : share(score);
  thinks.textContent = k < 0 ? "–" : `${labelName(lesson, k)} ${share(p)}`;
  paint(thinks, {
    "--hue": plain ? "transparent" : store.hue(k),
    "--share": `${30 + 5 * Math.round(14 * (p || 0))}%`,
  });
  const does = Number.isNaN(score) ? "" : `, left-one-sentence-out ${digits(score)}`;
  const told = k < 0 ? "nothing learnt yet" : `${labelName(lesson, k)} ${digits(p)}`;
  say(button, "aria-label", `Layer ${lesson.layers[row]}${does}: ${told}`);
}
