// @ts-check
// The heatmap: layers x units, the deepest layer on top as in a drawing of the model. Rows are headed by the layer and its
// test accuracy. A click or Enter selects a cell and makes its layer the active one.

/** @import { Column } from "../curve/column.js" */
/** @import { Part } from "../kit/host.d.ts" */
/** @import { Row } from "../kit/grid.js" */
/** @import { Choice, Scene } from "../reading/scene.js" */
/** @import { ReadingStore } from "../reading/store.js" */
import { focusIn, focusOnly, h, paint, reveal, targetOf, watchEdges, watchSize, word } from "../kit/dom.js";
import { inside, keyGrid } from "../kit/grid.js";
import { digits } from "../kit/text.js";
import { alone } from "../reading/alone.js";
import { cellLook, cellName, colourTitle, startsLine } from "../reading/scene.js";

/** @typedef {Row & { layer: number }} LayerRow */

/**
 * Builds the grid "Layer heatmap". `leave()` is called on Escape. A column beside the row heads is drawn on its rows.
 * @param {ReadingStore} store
 * @param {AbortSignal} signal
 * @param {() => void} [leave]
 * @param {Column | null} [column]
 * @returns {Part}
 */
export function layerHeatmap(store, signal, leave = () => {}, column = null) {
  const grid = h("table", { class: "pw-grid", role: "grid", "aria-label": "Layer heatmap" });
  const scroller = h("div", { class: "pw-scroll" }, grid, column?.root ?? null);
  if (column) watchSize([grid], signal, column.place);
  /** @type {LayerRow[]} top to bottom */
  let rows = [];
  /** @type {{ scene: Scene | null, layers: string, meaning: string }} what is drawn */
  let drawn = { scene: null, layers: "", meaning: "" };
  const sight = keepInSight(grid, scroller, () => rows, signal);
  const keys = keyGrid(grid, {
    rows: () => rows,
    leave,
    passed: ([row]) => store.pickLayer(rows[row].layer),
    act: ([row, column]) => {
      const { layer } = rows[row];
      if (column < 0) store.pickLayer(layer);
      else store.choose({ layer, selected: [layer, store.scene.window.start + column] });
    },
  }, signal);

  function build() {
    const { scene, chosen } = store;
    const focused = focusIn(grid);
    const before = focused ? keys.spotOf(focused) : null;
    rows = [...chosen.layers].reverse().map((layer) => rowFor(scene, layer));
    const beside = column && scene.curve && rows.length
      ? h("td", { class: "pw-hole", role: "presentation", rowspan: rows.length })
      : null;
    if (beside) rows[0].head.after(beside);
    grid.replaceChildren(
      h("thead", { role: "rowgroup" }, header(scene, beside)),
      h("tbody", { role: "rowgroup" }, ...rows.map((row) => row.root)),
    );
    scroller.hidden = rows.length === 0;
    column?.over(beside);
    sight.forget();
    drawn = { scene, layers: chosen.layers.join(), meaning: "" };
    const active = rows.findIndex((row) => row.layer === chosen.layer);
    const target = keys.cellAt(inside(before ?? [active, -1], rows.length, scene.U));
    if (target) focusOnly(grid, target, before !== null);
  }
  return {
    root: scroller,
    draw() {
      if (store.scene !== drawn.scene || store.chosen.layers?.join() !== drawn.layers) build();
      const { scene, chosen } = store;
      const meaning = `${chosen.colour} ${chosen.label}`;
      rows.forEach((row, place) =>
        drawRow(row, scene, chosen, meaning !== drawn.meaning, rows[place + 1]?.layer ?? NaN)
      );
      drawn.meaning = meaning;
      column?.draw();
      const [layer, unit] = chosen.selected ?? [null, 0];
      const row = rows.find((each) => each.layer === layer);
      sight.mark(row?.cells[unit - scene.window.start] ?? null, String(chosen.selected));
    },
  };
}

/**
 * Marks the selected cell, and scrolls to it, and to what has the focus, as soon as the heatmap has a size.
 * @param {HTMLTableElement} grid
 * @param {HTMLElement} scroller
 * @param {() => LayerRow[]} rows
 * @param {AbortSignal} signal
 */
function keepInSight(grid, scroller, rows, signal) {
  /** @type {HTMLElement | null} the cell that is marked as selected */
  let chosen = null;
  /** @type {HTMLElement | null} the cell to scroll to */
  let wanted = null;
  let revealed = ""; // the selection that was last scrolled to
  const show = () => {
    const head = rows()[0]?.head.offsetWidth ?? 0;
    if (wanted && reveal(scroller, wanted, head, grid.tHead?.offsetHeight ?? 0)) wanted = null;
  };
  watchEdges(scroller, signal, () => {
    if (!scroller.clientWidth) wanted = chosen; // what is hidden forgets where it was
    show();
  });
  grid.addEventListener("focusin", (event) => {
    wanted = targetOf(event).closest(".pw-cell");
    show();
  }, { signal });
  return {
    /** The rows are others. */
    forget() {
      if (wanted) revealed = "";
      wanted = chosen = null;
    },
    /**
     * @param {HTMLElement | null} cell
     * @param {string} selection
     */
    mark(cell, selection) {
      chosen?.setAttribute("aria-selected", "false");
      chosen = cell;
      chosen?.setAttribute("aria-selected", "true");
      if (revealed === selection) return;
      revealed = selection;
      wanted = chosen;
      show();
    },
  };
}

/**
 * @param {Scene} scene
 * @param {HTMLElement | null} beside
 */
function header(scene, beside) {
  const corner = scene.curve ? `layer · test ${scene.metric}` : "layer";
  const heads = scene.units.text.map((text, unit) => {
    const starts = startsLine(scene, unit) ? " pw-starts" : "";
    const attributes = { role: "columnheader", class: `pw-column${starts}`, title: scene.names[unit] };
    return h("th", attributes, word(text));
  });
  const gap = beside && h("td", { class: "pw-column pw-hole", role: "presentation" });
  return h("tr", { role: "row" }, h("th", { role: "columnheader", class: "pw-corner" }, corner), gap, ...heads);
}

/**
 * @param {Scene} scene
 * @param {number} layer
 * @returns {LayerRow}
 */
function rowFor(scene, layer) {
  const accuracy = scene.accuracy(layer);
  const facts = scene.facts(layer);
  const head = h(
    "th",
    {
      role: "rowheader",
      scope: "row",
      class: "pw-row",
      tabindex: "-1",
      title: [`Layer ${layer}`, ...facts].join(", "),
      "aria-label": `Layer ${layer}`,
      "aria-description": facts.join(", ") || null,
      "data-column": "-1",
    },
    h("span", { class: "pw-layer" }, `Layer ${layer}`),
    Number.isFinite(accuracy) ? h("span", { class: "pw-accuracy" }, digits(accuracy, 3)) : null,
  );
  const cells = scene.units.text.map((_, unit) =>
    h("td", {
      role: "gridcell",
      class: `pw-cell${startsLine(scene, unit) ? " pw-starts" : ""}`,
      tabindex: "-1",
      "aria-label": cellName(scene, layer, unit),
      "aria-selected": "false",
      "data-column": unit,
    })
  );
  return { layer, head, cells, root: h("tr", { role: "row" }, head, ...cells) };
}

/**
 * @param {LayerRow} row
 * @param {Scene} scene
 * @param {Choice} choice
 * @param {boolean} filled whether its cells must be filled anew
 * @param {number} below the layer of the row under it
 */
function drawRow({ root, head, cells, layer }, scene, choice, filled, below) {
  root.classList.toggle("pw-active", layer === choice.layer);
  head.setAttribute("aria-selected", String(layer === choice.layer));
  if (filled) cells.forEach((cell, unit) => fillCell(cell, scene, choice, [layer, below], unit));
}

/**
 * @param {HTMLElement} cell
 * @param {Scene} scene
 * @param {Choice} choice
 * @param {[number, number]} layers its own, and the one below
 * @param {number} unit
 */
function fillCell(cell, scene, choice, [layer, below], unit) {
  const look = cellLook(scene, choice, layer, unit);
  const gold = scene.gold(unit);
  const wrong = gold !== null && !scene.right(layer, unit);
  // A label is written where it changes; elsewhere its colour says it.
  const same = choice.colour === "label" && look.text === scene.answer(below, unit) && !wrong;
  cell.classList.toggle("pw-same", same);
  cell.textContent = wrong ? `${look.text} ✗` : look.text;
  cell.title = [cellName(scene, layer, unit), colourTitle(scene, choice, look)].filter(Boolean).join("\n");
  paint(cell, { "--fill": look.fill, "--edge": look.edge, "--cell-ink": look.ink });
}

export default alone("Layers by words", layerHeatmap);
