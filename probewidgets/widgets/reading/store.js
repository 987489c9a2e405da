// @ts-check
// The store of widgets over Predictions: the view as a Scene, the active layer, and the pages of a long text.

/** @import { Choice, Scene } from "./scene.js" */
/** @import { Sent } from "../kit/host.d.ts" */
import { widgetOf } from "../kit/frame.js";
import { Store } from "../kit/store.js";
import { readScene } from "./scene.js";

export class ReadingStore extends Store {
  /** @type {{ rev: number, scene: Scene | null }} */
  #read = { rev: -1, scene: null };

  /**
   * The view as a Scene; read when it is first drawn, so that what is wrong with it is shown where it is drawn.
   * @returns {Scene}
   */
  get scene() {
    if (this.#read.scene && this.#read.rev === this.rev) return this.#read.scene;
    const scene = readScene(this.view);
    this.#read = { rev: this.rev, scene };
    return scene;
  }

  isolated = -1; // the place of the label that is looked at; all others fade

  /** @param {number} k */
  isolate(k) {
    if (k === this.isolated) return;
    this.isolated = k;
    this.tell("choice");
  }

  /** The choices that every widget over Predictions has. */
  get chosen() {
    return /** @type {Choice} */ (this.choice);
  }

  /**
   * Make a layer the active one; the selection moves along, as it does in the kernel.
   * @param {number} layer
   */
  pickLayer(layer) {
    if (layer === this.chosen.layer || !this.chosen.layers.includes(layer)) return;
    const { selected } = this.chosen;
    this.choose(selected ? { layer, selected: [layer, selected[1]] } : { layer });
  }

  /**
   * Whether another page of a long text can be had: a saved view has only those that it was saved with.
   * @param {number} start
   */
  has(start) {
    return this.connection !== "static" || this.#pageAt(start) !== undefined;
  }

  /** @param {number} start */
  turnTo(start) {
    if (this.connection !== "static") return void this.post("window", { start });
    this.view = { ...this.view, ...this.#pageAt(start), rev: this.rev + 1 };
    return this.tell("scene");
  }

  /**
   * @override
   * @param {Sent} view
   */
  show(view) {
    if (!view.layers?.includes(this.chosen.layer)) this.choice = this.kernelChoice();
    super.show(view);
  }

  /** @param {number} start */
  #pageAt(start) {
    /** @type {Sent[] | undefined} */
    const pages = this.view.pages;
    return pages?.find(({ window }) => window.start <= start && start < window.end);
  }
}

/**
 * A widget over Predictions that needs no more than this store.
 * @param {Parameters<typeof widgetOf<ReadingStore>>[1]} build
 */
export function readingWidget(build) {
  return widgetOf(ReadingStore, build);
}
