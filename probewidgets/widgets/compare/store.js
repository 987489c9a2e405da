// @ts-check
// The store of a comparison, and the face of it that each grid sees: a ReadingStore whose layers are rows and whose choices
// are those of all.

/** @import { Life, Sent } from "../kit/host.d.ts" */
/** @import { Choice, Scene } from "../reading/scene.js" */
/** @import { ReadingStore } from "../reading/store.js" */
import { TextStore } from "../explorer/store.js";
import { Store } from "../kit/store.js";
import { readScene } from "../reading/scene.js";

/** @typedef {{ show: string, align: string, against: number, row: number, word: [number, number] | null, label: string | null, colour: string }} Compared */

export class CompareStore extends TextStore {
  isolatedName = ""; // of the label that is looked at; all others fade

  /** @type {PanelView[]} */
  #faces = [];

  /** @param {Life} life */
  constructor(life) {
    super(life);
    this.working = awaits(this.view); // a page may come up in the middle
  }

  /** The predictors, in their order. */
  get faces() {
    const { panels = [] } = this.view;
    while (this.#faces.length < panels.length) this.#faces.push(new PanelView(this, this.#faces.length));
    return this.#faces;
  }

  get compared() {
    return /** @type {Compared} */ (this.choice);
  }

  /** The predictor that differences are taken from. */
  get reference() {
    return this.faces[this.compared.against] ?? this.faces[0];
  }

  /**
   * What the parts that show one scene show.
   * @override
   */
  get scene() {
    return this.reference?.values ?? readScene({});
  }

  /** @override */
  get chosen() {
    return this.reference?.chosen ?? super.chosen;
  }

  /** @override */
  get stale() {
    return this.working;
  }

  /**
   * The answers come one by one; while some are missing, there is work.
   * @override
   * @param {Sent} view
   */
  show(view) {
    this.working = awaits(view);
    if ((this.compared.row ?? 0) >= view.rows.length) this.choice = this.kernelChoice();
    Store.prototype.show.call(this, view);
  }

  /**
   * Choose a row, or a word of a predictor.
   * @param {number} place of the predictor
   * @param {number | undefined} layer
   * @param {number} [unit]
   */
  pick(place, layer, unit) {
    const row = this.view.rows.findIndex((/** @type {number[]} */ layers) => layers[place] === layer);
    const patch = unit === undefined ? {} : { word: [place, unit] };
    this.choose(row < 0 ? patch : { ...patch, row });
  }

  /**
   * The unit of a predictor that answers the word under inspection, as a place on its page; -1 where there is none.
   * @param {number} place
   */
  unitAt(place) {
    const { panels } = this.view;
    const [from, unit] = this.compared.word ?? [-1, -1];
    if (!panels[from]?.window) return -1;
    const here = unit - panels[from].window.start;
    if (from === place) return here < (panels[from].keys?.length ?? 0) ? here : -1;
    const key = panels[from].keys?.[here] ?? null;
    return key === null ? -1 : panels[place].keys?.indexOf(key) ?? -1;
  }
}

/** @param {Sent} view */
const awaits = ({ panels = [] }) => panels.some((/** @type {Sent} */ { waiting }) => waiting);

/** One predictor's face. What draws Predictions draws it as if it were alone. */
export class PanelView {
  #read = { key: "", scene: /** @type {Scene | null} */ (null) };
  #values = { key: "", scene: /** @type {Scene | null} */ (null) };

  /**
   * @param {CompareStore} store
   * @param {number} place
   */
  constructor(store, place) {
    this.store = store;
    this.place = place;
  }

  /** What the kernel has sent of it. */
  get panel() {
    return /** @type {Sent} */ (this.store.view.panels[this.place]);
  }

  /** Whether cells show what has changed. */
  get changes() {
    const { show, against } = this.store.compared;
    return show === "difference" && against !== this.place && Boolean(this.panel.difference);
  }

  /** What it predicts. */
  get values() {
    if (this.#values.scene && this.#values.key === this.panel.key) return this.#values.scene;
    const scene = readScene(this.panel);
    this.#values = { key: this.panel.key, scene };
    return scene;
  }

  /** What cells show: that, or what has changed. Read anew where it is another one. */
  get scene() {
    const { panel, changes, rev: key, store: { compared: { show, against }, view } } = this;
    if (this.#read.scene && this.#read.key === key) return this.#read.scene;
    const drawn = changes ? changedScene(panel) : this.values;
    // The heads are drawn anew where the scores on them mean something else.
    const scene = { ...drawn, curve: drawn.curve && { ...drawn.curve, drawn: [show, against, view.scores] } };
    this.#read = { key, scene };
    return scene;
  }

  /** @returns {Choice} */
  get chosen() {
    const { row, label, colour } = this.store.compared;
    const layers = this.store.view.rows.map((/** @type {(number | null)[]} */ each) => each[this.place] ?? NaN);
    const layer = layers[row] ?? NaN;
    const unit = this.store.unitAt(this.place);
    const at = unit + this.values.window.start;
    return { layer, layers, ...this.#colour(label, colour), selected: unit < 0 ? null : [layer, at] };
  }

  /**
   * @param {string | null} label
   * @param {string} colour
   */
  #colour(label, colour) {
    if (this.changes || this.values.scale) return { colour: "value", label: null };
    const known = this.values.labelIndex.has(label ?? "");
    if (colour === "probability" ? !known : this.values.sets) return { colour: "label", label: null };
    return { colour, label };
  }

  get isolated() {
    return this.changes ? -1 : this.values.called.indexOf(this.store.isolatedName);
  }

  /** What tells its scene from all others. */
  get rev() {
    const { panel, changes, store: { compared: { show, against }, view } } = this;
    return [panel.key, changes && panel.difference.key, show, against, view.rows.length].join("\n");
  }

  /** @param {number} k */
  isolate(k) {
    const name = this.values.called[k] ?? "";
    if (name === this.store.isolatedName) return;
    this.store.isolatedName = name;
    this.store.tell("choice");
  }

  /** @param {number} layer */
  pickLayer(layer) {
    if (layer !== this.chosen.layer) this.store.pick(this.place, layer);
  }

  /** @param {Sent} patch a cell, or what colour means */
  choose({ layer, selected, ...colours }) {
    if (selected) this.store.pick(this.place, layer ?? selected[0], selected[1]);
    else this.store.choose(colours);
  }
}

/**
 * A face, as what draws Predictions knows it.
 * @param {PanelView} face
 */
export const asReading = (face) => /** @type {ReadingStore} */ (/** @type {unknown} */ (face));

/**
 * What has changed of a predictor, as a scene of numbers; each is named with the label that it is of.
 * @param {Sent} panel
 */
export function changedScene(panel) {
  const { difference, units } = panel;
  const gold = units.gold.map(() => null);
  const scene = readScene({ ...panel, ...difference, units: { ...units, gold } });
  return {
    ...scene,
    /** @type {(layer: number, unit: number) => string} "VERB +0.42" */
    said: (layer, unit) => {
      if (!scene.held(layer, unit).length) return "no counterpart";
      return [difference.changed[unit], scene.said(layer, unit)].filter(Boolean).join(" ");
    },
  };
}
