// @ts-check
// The store of a sweep's errors: the confusion, read once, and the rows of the list, which come as they are scrolled to.

/** @import { Sent } from "../kit/host.d.ts" */
/** @import { Confusion } from "./matrix.js" */
import { Store } from "../kit/store.js";
import { readConfusion } from "./matrix.js";

/** @typedef {number | string} Answer a label's place, or a number as text */
/** @typedef {{ target: number, before: string, word: string, after: string, rtl: boolean, gold: Answer, given: Answer,
 *   told: string | null, frequency: number | undefined }} Example */

const MOST_PARTS = 64; // of the list that are kept: those that came last

export class ErrorsStore extends Store {
  /** @type {{ rev: number, confusion: Confusion | null }} */
  #read = { rev: -1, confusion: null };
  /** @type {Map<number, Sent>} columns of rows, by the place of their first */
  #parts = new Map();
  /** @type {Set<number>} those that are on their way */
  #asked = new Set();
  #key = -1;

  shade = "row"; // what the colour of the confusion's cells means: "row", "column" or "count"

  /** @param {string} shade */
  shadeBy(shade) {
    this.shade = shade;
    this.tell("choice");
  }

  /** @returns {Confusion} */
  get confusion() {
    if (this.#read.confusion && this.#read.rev === this.rev) return this.#read.confusion;
    const confusion = readConfusion(this.view);
    this.#read = { rev: this.rev, confusion };
    return confusion;
  }

  /** Number of the list: rows of another one are other rows. */
  get key() {
    return this.view.list?.key ?? -1;
  }

  /** How many rows the list has; in a saved view those that were kept. */
  get total() {
    const { list } = this.view;
    return (this.connection === "static" ? list?.rows.target.length : list?.total) ?? 0;
  }

  /** Whether nothing can be chosen: there is no kernel that would list it. */
  get fixed() {
    return this.connection === "static" || !this.usable;
  }

  /**
   * @override
   * @param {Sent} patch
   */
  choose(patch) {
    if (!this.fixed) super.choose(patch);
  }

  /** Whether what is shown is not yet what is chosen. */
  get stale() {
    if (this.fixed || this.refusal) return false;
    const of = this.view.of ?? {};
    return Object.keys(of).some((name) => JSON.stringify(of[name]) !== JSON.stringify(this.choice[name]));
  }

  /**
   * A row of the list; null while it is on its way.
   * @param {number} place
   * @returns {Example | null}
   */
  row(place) {
    const { list } = this.view;
    if (this.key !== this.#key) {
      this.#key = this.key;
      this.#parts = new Map([[0, list.rows]]);
      this.#asked.clear();
    }
    const start = place - place % (list.size || 1);
    const part = this.#parts.get(start);
    if (!part) {
      this.#ask(start);
      return null;
    }
    const at = place - start;
    return /** @type {Example} */ (Object.fromEntries(
      Object.entries(part).map(([name, column]) => [name, column[at]]),
    ));
  }

  /** @param {number} start */
  #ask(start) {
    if (this.#asked.has(start) || this.fixed) return;
    this.#asked.add(start);
    this.post("rows", { start, key: this.key });
  }

  /**
   * @override
   * @param {Sent} message
   */
  heard(message) {
    super.heard(message);
    if (message.kind === "refused") this.#asked.clear();
    if (message.kind !== "rows" || message.key !== this.#key) return;
    this.#parts.set(message.start, message.rows);
    while (this.#parts.size > MOST_PARTS) this.#parts.delete([...this.#parts.keys()][0]);
    this.#asked.clear(); // one that waited may have been replaced by a newer one: what is still missing is asked for anew
    this.tell("rows");
  }

  /**
   * List a cell of the confusion, or all where it is listed already.
   * @param {(string | null)[]} cell
   */
  pickCell(cell) {
    const again = JSON.stringify(cell) === JSON.stringify(this.choice.cell);
    this.choose(again ? { cell: null, label: null } : { cell, label: cell[0] ?? cell[1] });
  }

  /**
   * List a slice, or all where it is listed already.
   * @param {string[]} slice
   */
  pickSlice(slice) {
    const again = JSON.stringify(slice) === JSON.stringify(this.choice.slice);
    this.choose({ slice: again ? null : slice });
  }
}
