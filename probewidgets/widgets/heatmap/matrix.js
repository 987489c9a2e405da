// @ts-check
// Rows of layers, cells of units, and the words over them; or, where units are whole sentences, rows of text with the layers
// beside them.
//
// Few cells are elements with a text. Many are an overview: each row is one stretched picture, so that it is there at once
// and takes new colours at once; its cells, which only have names and can be pressed, come while the page has nothing to do.

/** @import { Sent } from "../kit/host.d.ts" */
/** @import { Spot } from "../kit/grid.js" */
/** @import { Scene } from "../reading/scene.js" */
/** @import { ReadingStore } from "../reading/store.js" */
/** @import { Columns } from "./columns.js" */
/** @import { Cell } from "./overview.js" */
import { atEnd, h, paint, say, write } from "../kit/dom.js";
import { digits } from "../kit/text.js";
import { cellLook, cellName } from "../reading/scene.js";
import { columnsOf, MOST_WRITTEN, rowHeight, template, typedUnit } from "./columns.js";
import { inDark, paintCells, tonesIn } from "./overview.js";
import { wordList } from "./words.js";

/** @typedef {{ layer: number, root: HTMLElement, head: HTMLElement, cells: HTMLElement[], styles: string[], fresh: boolean }} LayerRow whose cells are those of the scene where it is fresh */
/** @typedef {(curve: Sent, layers: number[]) => { pieces: SVGElement[], names: Element } | null} Scores */

const PAUSE = 300; // ms after which the cells of a large overview are made, row by row
const LARGE = 3000; // cells; fewer are made at once, when the picture has been drawn

export class Matrix {
  grid = h("div", { class: "pw-grid", role: "grid", "aria-label": "Layer heatmap" });
  /** @type {LayerRow[]} top to bottom */
  rows = [];
  /** @type {Columns} */
  columns = { order: [], tracks: [], place: [], track: [], room: [] };
  overview = false;
  turned = false; // whether units are rows of text
  typed = -1; // the unit that somebody is typing
  #corner = h("div", { class: "pw-corner", "aria-hidden": "true" });
  /** @type {{ canvas: HTMLCanvasElement, cells: Cell[] }[]} the pictures of an overview */
  #strips = [];
  #drawn = { scene: /** @type {Scene | null} */ (null), layers: "", meaning: "", layer: NaN };
  #heads = ""; // what the rows' heads say
  #dark = false;
  #form = ""; // what kind of cells there are
  #timer = 0;
  #scores;

  /**
   * @param {ReadingStore} store
   * @param {AbortSignal} signal
   * @param {Scores} [scores]
   * @param {Element} [slider]
   */
  constructor(store, signal, scores, slider) {
    this.store = store;
    this.#scores = scores;
    this.words = wordList(store, signal);
    this.matrix = h("div", { class: "pw-matrix" }, this.#corner, slider ?? null, this.words.root, this.grid);
    this.root = h("div", { class: "pw-scroll" }, this.matrix);
    atEnd(signal, () => clearTimeout(this.#timer));
  }

  /** Place of the active layer's row. */
  get active() {
    return this.rows.findIndex(({ layer }) => layer === this.store.chosen.layer);
  }

  /** Build the rows of a new scene, or of other layers; whether that was needed. */
  build() {
    const { scene, chosen: { layers = [] } } = this.store;
    const key = layers.join();
    if (scene === this.#drawn.scene && key === this.#drawn.layers) return false;
    this.typed = typedUnit(this.#drawn.scene?.names ?? [], scene.names);
    this.#drawn = { scene, layers: key, meaning: "", layer: NaN };
    this.turned = scene.unit === "sentence";
    this.#dark = inDark(this.root); // before there is something new that would have to be styled for that
    this.columns = columnsOf(scene);
    this.overview = scene.U * layers.length > MOST_WRITTEN;
    this.#buildRows(layers);
    this.#dropCells();
    this.#shape(layers.length);
    this.words.build(this.turned ? null : this.columns);
    return true;
  }

  /**
   * Rows and their heads, which stay while they say the same, as they do from answer to answer. On a row whose layer is NaN
   * there is none: it keeps the place of another model's.
   * @param {number[]} layers
   */
  #buildRows(layers) {
    const { scene } = this.store;
    const heads = JSON.stringify([layers.map(scene.facts), layers, scene.curve, this.turned]);
    if (heads === this.#heads) return;
    this.#heads = heads;
    const curve = this.turned ? null : scene.curve; // beside texts there is no room for scores
    const column = curve ? this.#scores?.(curve, layers) : null;
    this.rows = layers.map((layer, at) => rowFor(scene, layer, column?.pieces[at] ?? null)).reverse();
    if (this.turned) this.rows.forEach(({ head }, at) => paint(head, { "grid-area": `1/${layers.length - at + 1}` }));
    this.grid.replaceChildren(...this.rows.map(({ root }) => root));
    const measured = curve && !column ? `layer · ${scene.metric}` : "layer";
    this.#corner.replaceChildren(h("span", {}, measured), column?.names ?? "");
    this.matrix.classList.toggle("pw-scored", Boolean(column));
  }

  /** Cells stay too, where they are written; thousands of them are quicker laid out without the old ones. */
  #dropCells() {
    const form = `${this.overview} ${this.turned}`;
    for (const row of this.rows) {
      row.fresh = Number.isNaN(row.layer);
      if (form === this.#form && !this.overview) continue;
      for (const child of [...row.root.children].slice(1)) {
        if (child.localName !== "canvas") child.remove(); // what stays need not be laid out again
      }
      row.cells = [];
      row.styles = [];
    }
    this.#form = form;
    for (const { canvas } of this.turned ? this.#strips : []) canvas.remove();
  }

  /**
   * How many rows and columns there are, and whether they are an overview.
   * @param {number} count of layers
   */
  #shape(count) {
    const { overview, store: { scene } } = this;
    const height = rowHeight(count * scene.grids);
    const looks = {
      "pw-overview": overview,
      "pw-strips": overview && !this.turned,
      "pw-turned": this.turned,
      "pw-unwritten": height < 14,
      "pw-close": height < 11,
    };
    for (const [name, on] of Object.entries(looks)) this.matrix.classList.toggle(name, on);
    paint(this.matrix, {
      "--columns": template(scene, this.columns, overview, this.turned ? count : 0),
      "--tracks": this.columns.tracks.length,
      "--height": height,
    });
    this.root.hidden = count === 0;
    if (!overview) { for (const { canvas } of this.#strips) canvas.remove(); }
    this.#strips = overview ? this.#stripsOf() : [];
    clearTimeout(this.#timer);
    if (overview) {
      const small = scene.U * count <= LARGE;
      this.#timer = small ? setTimeout(() => this.fill()) : setTimeout(() => this.#fillOne(), PAUSE);
    }
  }

  #stripsOf() {
    const units = this.store.scene.names.map((_, unit) => unit);
    if (!this.turned) {
      return this.rows.map(({ layer, root }) => {
        const canvas = root.querySelector("canvas") ?? root.appendChild(h("canvas"));
        return { canvas, cells: this.columns.tracks.map((unit) => /** @type {Cell} */ ([layer, unit])) };
      });
    }
    const { layers } = this.store.chosen;
    return units.map((unit) => {
      const canvas = paint(this.grid.appendChild(h("canvas")), { "grid-area": `${unit + 2}/2/auto/-1` });
      return { canvas, cells: layers.map((layer) => /** @type {Cell} */ ([layer, unit])) };
    });
  }

  /**
   * Draw what is chosen and not drawn so yet; the pictures of an overview also `anew`, in another theme.
   * @param {boolean} [anew]
   */
  draw(anew = false) {
    if (anew && !this.rows.length) return; // there is nothing yet, or what came could not be read
    const { scene, chosen, isolated } = this.store;
    const meaning = `${chosen.colour} ${chosen.label} ${isolated}`;
    const filled = meaning !== this.#drawn.meaning || (anew && this.#strips.length > 0);
    if (anew) this.#dark = inDark(this.root);
    if (filled || chosen.layer !== this.#drawn.layer) {
      this.rows.forEach((row, at) => {
        row.root.classList.toggle("pw-active", row.layer === chosen.layer);
        say(row.head, "aria-selected", row.layer === chosen.layer);
        if (filled && !this.#strips.length) this.#write(row, this.rows[at + 1]?.layer ?? NaN);
      });
      const tones = tonesIn(scene, this.#dark);
      if (filled) { for (const { canvas, cells } of this.#strips) paintCells(canvas, this.store, cells, tones); }
    }
    this.#drawn.meaning = meaning;
    this.#drawn.layer = chosen.layer;
    this.words.draw(this.#strips.length > 0);
  }

  /**
   * The cell or, in column -1, the head at a place.
   * @param {Spot} spot
   */
  cellAt([at, column]) {
    const row = this.rows[at];
    if (Number.isNaN(row?.layer)) return undefined;
    return row && (column < 0 ? row.head : this.#cellsOf(row)[this.columns.order[column]]);
  }

  /** The cell that is selected, if it is here. */
  selectedCell() {
    const { selected } = this.store.chosen;
    const row = this.rows.find(({ layer }) => layer === selected?.[0]);
    const unit = (selected?.[1] ?? -1) - this.store.scene.window.start;
    return (row && unit >= 0 && this.#cellsOf(row)[unit]) || null;
  }

  /** Make all cells that are not there yet. */
  fill() {
    for (const row of this.rows) this.#cellsOf(row);
  }

  #fillOne() {
    const row = this.rows.find(({ fresh }) => !fresh);
    if (!row) return;
    this.#cellsOf(row);
    this.#timer = setTimeout(() => this.#fillOne());
  }

  /**
   * The cells of a row, one for each unit, with their names.
   * @param {LayerRow} row
   */
  #cellsOf(row) {
    const { cells, layer } = row;
    if (row.fresh) return cells;
    row.fresh = true;
    const { scene } = this.store;
    while (cells.length > scene.U) cells.pop()?.remove();
    row.styles.length = cells.length; // a cell that is made in the place of one that went has no style yet
    const added = Array.from(
      { length: scene.U - cells.length },
      () => h("div", { role: "gridcell", class: "pw-cell", tabindex: "-1" }),
    );
    row.root.append(
      ...(this.overview && !this.turned ? [h("div", { class: "pw-cells", role: "none" }, ...added)] : added),
    );
    cells.push(...added);
    cells.forEach((cell, unit) => {
      say(cell, "aria-label", cellName(scene, layer, unit));
      say(cell, "aria-selected", "false");
      say(cell, "data-column", this.columns.place[unit]);
      if (this.#strips.length) this.#style(row, unit, "");
    });
    return cells;
  }

  /**
   * Write and colour the cells of a row.
   * @param {LayerRow} row
   * @param {number} below the layer of the row under it
   */
  #write(row, below) {
    const { scene, chosen, isolated } = this.store;
    this.#cellsOf(row).forEach((cell, unit) => {
      const look = cellLook(scene, chosen, row.layer, unit);
      const wrong = scene.gold(unit) !== null && !scene.right(row.layer, unit);
      // A label is written where it changes; elsewhere its colour says it.
      const same = chosen.colour === "label" && look.text === scene.answer(below, unit) && !wrong;
      cell.classList.toggle("pw-same", same);
      cell.classList.toggle("pw-faded", isolated >= 0 && !scene.held(row.layer, unit).includes(isolated));
      cell.classList.toggle("pw-wrong", wrong);
      write(cell, look.text);
      this.#style(row, unit, `;color:${look.ink};background-color:${look.fill};box-shadow:inset 2px 0 ${look.edge}`);
    });
  }

  /**
   * Put a cell where it stands, and colour it: all of its style at once, and no variables, which hundreds of elements are
   * slow to have.
   * @param {LayerRow} row
   * @param {number} unit
   * @param {string} colours
   */
  #style(row, unit, colours) {
    const { track, tracks } = this.columns;
    const column = this.turned ? this.store.chosen.layers.indexOf(row.layer) : track[unit];
    const area = `grid-area:${this.turned ? unit + 2 : 1}/${column + 2}`;
    const place = this.overview && !this.turned ? `left:${(100 * column) / tracks.length}%` : area;
    if (row.styles[unit] === place + colours) return;
    row.styles[unit] = row.cells[unit].style.cssText = place + colours;
  }
}

/**
 * @param {Scene} scene
 * @param {number} layer
 * @param {SVGElement | null} piece of the curve
 * @returns {LayerRow}
 */
function rowFor(scene, layer, piece) {
  if (Number.isNaN(layer)) {
    // What is not seen takes the room of a number and a score, so that the pieces of a curve stand under each other.
    const room = [h("span", { class: "pw-layer" }, "0"), h("span", { class: "pw-accuracy" }, digits(0, 3))];
    const head = h("div", { class: "pw-row pw-blank", "aria-hidden": "true" }, ...room, piece);
    const root = h("div", { class: "pw-line", role: "none" }, head);
    return { layer, head, cells: [], styles: [], fresh: true, root };
  }
  const accuracy = scene.accuracy(layer);
  const facts = scene.facts(layer);
  const attributes = {
    role: "rowheader",
    class: "pw-row",
    tabindex: "-1",
    title: [`Layer ${layer}`, ...facts].join(", "),
    "aria-label": `Layer ${layer}`,
    "aria-description": facts.join(", ") || null,
    "data-column": "-1",
  };
  const number = h("span", { class: "pw-layer" }, String(layer));
  const score = Number.isFinite(accuracy) ? h("span", { class: "pw-accuracy" }, digits(accuracy, 3)) : null;
  const head = h("div", attributes, number, score, piece);
  return { layer, head, cells: [], styles: [], fresh: false, root: h("div", { class: "pw-line", role: "row" }, head) };
}
