// @ts-check
// The explorer's store: what is typed, until it is answered.

/** @import { Sent } from "../kit/host.d.ts" */
import { Pause } from "../kit/pause.js";
import { ReadingStore } from "../reading/store.js";

export class TextStore extends ReadingStore {
  /** @type {string | null} typed text that is not answered yet; nothing that arrives may overwrite it */
  draft = null;
  #pause = new Pause();
  late = new Pause(); // until it shows that there is no answer yet

  /** The text in the box: what is typed, else what was answered. */
  get text() {
    return this.draft ?? this.view.text ?? "";
  }

  /** Whether what is shown answers another text than the one in the box. */
  get stale() {
    return this.working || typeof this.view.of === "string";
  }

  /**
   * Somebody types: ask once they pause, or have typed on for a while.
   * @param {string} text
   */
  type(text) {
    this.draft = text;
    this.#pause.after(() => {
      this.late.after(() => this.tell("status"), 120);
      this.ask("ask", { text: this.draft });
    }, this.view.debounce ?? 120);
    this.tell("draft");
  }

  /**
   * Nobody is told how things stand while a quick answer may come: to draw that would only keep the processor from it.
   * @override
   * @param {string} what
   */
  tell(what) {
    if (what === "status" && this.late?.timer) return; // the base class tells before there are fields
    super.tell(what);
  }

  /**
   * @override
   * @param {Sent} message
   */
  heard(message) {
    super.heard(message);
    if (message.kind !== "text" || this.draft !== null) return;
    this.view = { ...this.view, text: String(message.text) };
    this.working = true; // Python has set it, and its answer will follow
    this.tell("status");
  }

  /**
   * @override
   * @param {Sent} view
   */
  received(view) {
    if (!this.#pause.timer && !view.refused) this.draft = null; // what the kernel refused is nowhere but here
    super.received(view);
  }

  /** @override */
  close() {
    clearTimeout(this.#pause.timer);
    super.close();
  }
}
