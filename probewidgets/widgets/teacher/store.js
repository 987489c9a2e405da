// @ts-check
// The teacher's store: what is typed and painted, until the kernel has answered it.

/** @import { Life, Sent } from "../kit/host.d.ts" */
/** @import { Lesson, Stroke } from "./scene.js" */
import { Pause } from "../kit/pause.js";
import { Store } from "../kit/store.js";
import { fillOf } from "../reading/colours.js";
import { keepStrokes, keptStrokes } from "./rescue.js";
import { readLesson } from "./scene.js";

const PAUSE = 250; // ms from the last key to the question: a text is read by a model

export class TeacherStore extends Store {
  /** @type {string | null} typed text that is not answered yet; nothing that arrives may overwrite it */
  draft = null;
  /** @type {Stroke[]} what was painted and the kernel has not answered yet, in its order */
  strokes = [];
  /** @type {number | null} the unit that has the focus once it is in sight */
  wanted = null;
  #newest = 0; // number of our newest message
  #pause = new Pause();
  /** @type {{ view: Sent | null, strokes: Stroke[], lesson: Lesson | null }} */
  #read = { view: null, strokes: [], lesson: null };

  /** @param {Life} life */
  constructor(life) {
    super(life);
    if (!this.open || !this.view.path) return;
    const kept = keptStrokes(this.view.path, this.lesson);
    keepStrokes(this.view.path, this.lesson, []);
    for (const { places, label } of kept) this.paint(places, label);
  }

  /** The view with what was painted since. */
  get lesson() {
    const { view, strokes, lesson } = this.#read;
    if (lesson && view === this.view && strokes === this.strokes) return lesson;
    const anew = readLesson(this.view, this.strokes);
    this.#read = { view: this.view, strokes: this.strokes, lesson: anew };
    return anew;
  }

  /** The text in the box: what is typed, else what the kernel has. */
  get text() {
    return this.draft ?? this.view.text ?? "";
  }

  /** The label that is painted with. */
  get brush() {
    return /** @type {string} */ (this.choice.label ?? "");
  }

  /** Whether a person may paint: not in a saved page, nor where a newer widget goes on with the lesson. */
  get open() {
    return this.usable && this.connection !== "static" && !this.view.heir;
  }

  /** @param {string} text */
  type(text) {
    this.draft = text;
    this.#pause.after(() => this.ask("text", { text: this.draft }), PAUSE);
    this.tell("draft");
  }

  /**
   * @override
   * @param {string} kind
   * @param {Sent} [body]
   */
  post(kind, body) {
    return this.#newest = super.post(kind, body);
  }

  /**
   * Paint units of the page, which is shown at once.
   * @param {number[]} places
   * @param {string | null} label
   */
  paint(places, label) {
    const units = places.map((u) => this.lesson.ids[u]);
    if (!this.open || !units.length) return;
    const stroke = { seq: Infinity, units, label };
    this.strokes = [...this.strokes, stroke];
    this.ask("paint", { units, label });
    stroke.seq = this.#newest;
    this.tell("stroke");
  }

  /**
   * @override
   * @param {string} what
   */
  tell(what) {
    const waits = this.strokes?.length; // none, while it is being made
    if (what === "status" && waits && !this.usable) keepStrokes(this.view.path, this.lesson, this.strokes);
    super.tell(what);
  }

  /**
   * Do something to the lesson that the kernel shows.
   * @param {string} kind
   * @param {Sent} [body]
   */
  change(kind, body = {}) {
    if (this.open) this.ask(kind, body);
  }

  /**
   * Bring a unit into sight, and give it the focus.
   * @param {number} id
   */
  want(id) {
    this.wanted = id;
    if (this.lesson.place.has(id)) this.tell("scene");
    else this.post("page", { unit: id });
  }

  /**
   * The colour of a label; of none, that of edges.
   * @param {number} k
   */
  hue(k) {
    return k < 0 ? "var(--pw-edge)" : fillOf(this.view.palette, k);
  }

  /**
   * @override
   * @param {Sent} message
   */
  heard(message) {
    super.heard(message);
    if (message.kind !== "refused") return;
    this.#drop((stroke) => stroke.seq !== message.seq);
    this.tell("scene");
  }

  /**
   * @override
   * @param {Sent} view
   */
  received(view) {
    if (!this.#pause.timer) this.draft = null;
    super.received(view);
  }

  /**
   * @override
   * @param {Sent} view
   */
  show(view) {
    const answered = this.answeredBy(view);
    this.#drop((stroke) => stroke.seq > answered);
    super.show(view);
  }

  /** @override */
  close() {
    clearTimeout(this.#pause.timer);
    super.close();
  }

  /** @param {(stroke: Stroke) => boolean} keep */
  #drop(keep) {
    if (!this.strokes.every(keep)) this.strokes = this.strokes.filter(keep);
  }
}
