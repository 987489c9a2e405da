// @ts-check
// The layers as rows, the deepest at the top: how each that is done does, which is in work, and which wait.

/** @import { Part, Sent } from "../kit/host.d.ts" */
/** @import { TrainerStore } from "./store.js" */
import { scoreColumn } from "../curve/column.js";
import { rowHeight } from "../heatmap/columns.js";
import { called, SERIES, spanOf } from "../curve/scale.js";
import { focusIn, focusOnly, h, on, paint, reveal, rove, say, targetOf, write } from "../kit/dom.js";
import { digits } from "../kit/text.js";

/** @typedef {{ root: HTMLElement, cell: HTMLElement, number: HTMLElement }} ScoreRow */

const FIRST = "A row for each layer: its score on test, with a bar down to its control.";
const SMALL = 14; // px of a row: its letters are smaller
const CLOSE = 11; // and only every other row has some

/**
 * The layers that are shown, lowest first: those of the run, or those that are chosen.
 * @param {Sent} view
 * @returns {number[]}
 */
const layersOf = ({ planned = [], layers }) => (planned.length ? planned : layers?.value ?? []);

/**
 * The grid "Layer scores", and under it the row that is pointed at, in words.
 * @param {TrainerStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function layerScores(store, signal) {
  const corner = h("div", { class: "pw-t-corner pw-t-head", "aria-hidden": "true" });
  const grid = h("div", { class: "pw-t-grid", role: "grid", "aria-label": "Layer scores" });
  const told = h("p", { class: "pw-t-told pw-hint" });
  /** @type {Map<number, ScoreRow>} */
  let rows = new Map();
  let drawn = { layers: "", curve: /** @type {Sent | null | undefined} */ (undefined) };
  /** @type {number | null} the layer that is pointed at */
  let pointed = null;

  const tell = () => {
    const layer = pointed ?? store.view.best;
    write(told, rows.get(layer)?.root.ariaLabel ?? FIRST);
    say(told, "title", told.textContent);
  };
  const point = (/** @type {Event} */ event) => {
    const { layer } = /** @type {HTMLElement | null} */ (targetOf(event).closest("[data-layer]"))?.dataset ?? {};
    pointed = layer === undefined ? null : Number(layer);
    tell();
  };
  on(grid, ["pointerover", "focusin"], point, signal);
  on(grid, ["pointerleave", "focusout"], () => {
    pointed = null;
    tell();
  }, signal);
  on(grid, "focusin", (event) => void reveal(grid, targetOf(event)), signal);
  const cellOf = (/** @type {Element | null | undefined} */ row) => row?.lastElementChild;
  rove(grid, {
    ArrowUp: (cell) => cellOf(cell.parentElement?.previousElementSibling),
    ArrowDown: (cell) => cellOf(cell.parentElement?.nextElementSibling),
    Home: () => cellOf(grid.firstElementChild),
    End: () => cellOf(grid.lastElementChild),
  }, signal);

  /** @param {number[]} layers */
  const build = (layers) => {
    const focused = focusIn(grid)?.parentElement?.dataset.layer;
    rows = new Map(layers.map((layer) => [layer, scoreRow(layer)]));
    grid.replaceChildren(...[...rows.values()].map(({ root }) => root).reverse());
    grid.hidden = rows.size === 0;
    const height = rowHeight(layers.length);
    paint(grid, { "--height": height });
    grid.classList.toggle("pw-t-small", height < SMALL);
    grid.classList.toggle("pw-t-close", height < CLOSE);
    const first = rows.get(Number(focused ?? NaN))?.cell ?? cellOf(grid.firstElementChild);
    if (first) focusOnly(grid, first, focused !== undefined);
  };
  /** @param {Sent | null} curve @param {number[]} layers */
  const drawPieces = (curve, layers) => {
    const column = curve && scoreColumn(curve, layers, steadySpan(curve));
    layers.forEach((layer, at) =>
      rows.get(layer)?.cell.replaceChildren(
        ...[rows.get(layer)?.number ?? "", column?.pieces[at] ?? ""],
      )
    );
    corner.replaceChildren(
      h("span", {}, "layer"),
      h("span", {}, curve ? called(curve, SERIES[0]) : "score"),
      column?.names ?? "",
    );
  };
  return {
    root: h("div", { class: "pw-t-layers" }, corner, grid, told),
    draw() {
      const layers = layersOf(store.view);
      const curve = /** @type {Sent | null} */ (store.view.curve);
      const key = layers.join();
      if (key !== drawn.layers) build(layers);
      if (key !== drawn.layers || curve !== drawn.curve) drawPieces(curve, layers);
      drawn = { layers: key, curve };
      for (const [layer, row] of rows) fillRow(row, store, layer);
      tell();
    },
  };
}

/**
 * The axis of the scores, which stays as it is while layers come: all from 0 to 1, and below where a score is.
 * @param {Sent} curve
 */
function steadySpan(curve) {
  const { low } = spanOf({ ...curve, selectivity: [], seeds: [] });
  return { low: Math.min(low, 0), high: 1, every: 0.2, letter: 0.046 };
}

/**
 * @param {number} layer
 * @returns {ScoreRow}
 */
function scoreRow(layer) {
  const head = h("span", { class: "pw-t-layer", role: "rowheader", "aria-label": `Layer ${layer}` }, String(layer));
  const number = h("span", { class: "pw-t-number" });
  const cell = h("div", { class: "pw-t-score", role: "gridcell", tabindex: "-1" });
  const root = h("div", { class: "pw-t-row", role: "row", "data-layer": layer }, head, cell);
  return { root, cell, number };
}

/**
 * @param {ScoreRow} row
 * @param {TrainerStore} store
 * @param {number} layer
 */
function fillRow({ root, cell, number }, { view, running }, layer) {
  const value = view.curve?.accuracy[view.curve.layers.indexOf(layer)]?.[0];
  const working = running && view.working === layer;
  const done = value !== undefined && value !== null;
  write(number, done ? digits(value, 3) : "");
  const waiting = working ? "in work" : running ? "still to come" : "not trained yet";
  const best = layer === view.best ? ", the best on dev" : "";
  const said = done || view.scores?.[layer] ? `${view.scores?.[layer] ?? ""}${best}` : waiting;
  say(root, "aria-label", `Layer ${layer}: ${said}`);
  say(cell, "aria-label", said);
  root.classList.toggle("pw-t-undone", !done && !working);
  root.classList.toggle("pw-t-working", working);
  root.classList.toggle("pw-active", layer === view.best); // its dot is a full one
}
