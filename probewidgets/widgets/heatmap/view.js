// @ts-check
// The heatmap: layers x units, the deepest layer on top as in a drawing of the model, the words over their columns. A row's
// head is its layer, with the score of its probe; it is dragged along like a slider. A click or Enter selects a cell and
// makes its layer the active one. Whole sentences are rows of text instead, with the layers beside them.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { ReadingStore } from "../reading/store.js" */
/** @import { Scores } from "./matrix.js" */
import { focusIn, focusOnly, h, on, pushButton, reveal, soon, targetOf, watchEdges, watchTheme } from "../kit/dom.js";
import { inside, keyGrid } from "../kit/grid.js";
import { alone } from "../reading/alone.js";
import { unitOf } from "../reading/items.js";
import { cellTip } from "../reading/tip.js";
import { MOST_WRITTEN } from "./columns.js";
import { Matrix } from "./matrix.js";

/** @typedef {{ leave?: () => void, scores?: Scores, slider?: Element }} Uses */

/**
 * Builds the list "Predictions" and, under it, the grid "Layer heatmap". `leave()` is called on Escape; `scores` draws the
 * layer curve onto the rows' heads, over which a `slider` lies. Where columns go on beyond the edge, a button says so; keys go
 * along the cells, so that it need not be in the tab order.
 * @param {ReadingStore} store
 * @param {AbortSignal} signal
 * @param {Uses} [uses]
 * @returns {Part & { scrolls: HTMLElement }}
 */
export function layerHeatmap(store, signal, { leave, scores, slider } = {}) {
  const matrix = new Matrix(store, signal, scores, slider);
  const { grid, root: scroller } = matrix;
  const further = pushButton("▸", { class: "pw-button pw-further", tabindex: "-1", title: "Scroll on" });
  on(further, "click", () => scroller.scrollBy(scroller.clientWidth / 2, 0), signal);
  const sight = keepInSight(matrix, signal);
  const spotOf = keyGrid(grid, {
    rows: () => matrix.rows,
    columns: () => store.scene.U,
    cellAt: (spot) => matrix.cellAt(spot),
    leave,
    passed: ([row]) => store.pickLayer(matrix.rows[row].layer),
    act: ([row, column]) => {
      const { layer } = matrix.rows[row];
      if (column < 0) store.pickLayer(layer);
      else store.choose({ layer, selected: [layer, store.scene.window.start + matrix.columns.order[column]] });
    },
  }, signal);
  on(grid, "pointerover", (event) => {
    const [row, column] = spotOf(targetOf(event)) ?? [-1, 0];
    if (column < 0 && event.buttons === 1) store.pickLayer(matrix.rows[row].layer); // the heads are dragged along
    if (targetOf(event).localName === "canvas") matrix.fill();
  }, signal);
  const tip = cellTip(store, scroller, (target) => {
    const [row, column] = spotOf(target) ?? [-1, -1];
    if (column >= 0) return [matrix.rows[row].layer, matrix.columns.order[column]];
    return unitOf(target) < 0 ? null : [store.chosen.layer, unitOf(target)];
  }, signal);
  scroller.append(tip.root);
  watchTheme(signal, () => matrix.draw(true));
  return {
    root: h("div", { class: "pw-sight" }, scroller, further),
    scrolls: scroller,
    draw() {
      const focused = focusIn(grid);
      const spot = focused && spotOf(focused);
      const built = matrix.build();
      matrix.draw();
      if (built) {
        tip.hide();
        sight.forget();
        const wanted = matrix.cellAt(inside(spot ?? [matrix.active, 0], matrix.rows.length, store.scene.U));
        const target = wanted ?? matrix.rows.find(({ layer }) => !Number.isNaN(layer))?.head;
        if (target) focusOnly(grid, target, spot !== null);
      }
      sight.mark();
    },
  };
}

/**
 * Marks the selected cell, and scrolls to it, to what has the focus, and to the active row, as soon as there is a size.
 * @param {Matrix} matrix
 * @param {AbortSignal} signal
 */
function keepInSight(matrix, signal) {
  const { grid, root: scroller, store } = matrix;
  /** @type {HTMLElement | null} the cell that is marked as selected */
  let chosen = null;
  /** @type {HTMLElement | null} the cell or head to scroll to */
  let wanted = null;
  let seen = false; // whether it has ever had a size
  let revealed = ""; // the selection and layer that were last scrolled to
  const show = () => {
    if (!wanted) return; // to ask for sizes would lay out the page
    const { offsetWidth = 0 } = matrix.turned ? {} : matrix.rows[0]?.head ?? {};
    const { offsetHeight = 0 } = matrix.turned ? {} : matrix.words.root;
    if (reveal(scroller, wanted, offsetWidth, offsetHeight)) wanted = null;
  };
  const showSoon = soon(signal, show); // when all parts are drawn
  watchEdges(scroller, signal, () => {
    if (!scroller.clientWidth) wanted = chosen; // what is hidden forgets where it was
    else if (!seen) matrix.draw(true); // and what is not in the page yet has no colours to mix
    seen ||= scroller.clientWidth > 0;
    show();
  });
  on(grid, "focusin", (event) => {
    wanted = targetOf(event).closest("[data-column]");
    show();
  }, signal);
  return {
    /** The rows are others. */
    forget() {
      if (wanted) revealed = "";
      chosen = null;
      const unit = matrix.typed < 0 && store.scene.units.rtl[0] ? 0 : matrix.typed; // where a line begins
      wanted = (unit >= 0 && matrix.cellAt([matrix.active, matrix.columns.place[unit]])) || null;
      showSoon();
    },
    mark() {
      const { selected, layer } = store.chosen;
      chosen?.setAttribute("aria-selected", "false");
      chosen = matrix.selectedCell();
      chosen?.setAttribute("aria-selected", "true");
      const selection = String([selected, layer]);
      if (revealed === selection) return;
      revealed = selection;
      wanted = chosen ?? matrix.rows[matrix.active]?.head ?? null;
      showSoon();
    },
  };
}

export default alone("Layers by words", layerHeatmap, MOST_WRITTEN);
