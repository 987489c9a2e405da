// @ts-check
// The trainer's store: what is chosen or typed here stands until the kernel has answered it.

/** @import { Sent } from "../kit/host.d.ts" */
import { Store } from "../kit/store.js";

/** @typedef {string | number | boolean} Value */

export class TrainerStore extends Store {
  /** @type {Map<string, { value: Value, sent: boolean, typed: boolean }>} what the page knows better than the newest view */
  drafts = new Map();
  /** Whether the kernel was told to train or to stop, and has not answered. */
  pressed = false;
  /** @type {string[]} what was refused: choices by their names, or the kind of another message */
  #refused = [];
  #posted = "";

  /** Whether a person can do anything here: not in a saved page. */
  get open() {
    return this.usable && this.connection !== "static";
  }

  /** Whether choices can be changed: not while they are at work. */
  get free() {
    return this.open && !this.view.locked;
  }

  /** Whether it is at work; in a saved page nothing is. */
  get running() {
    return this.view.phase === "running" && this.connection !== "static";
  }

  /**
   * What a field shows: what was typed or chosen in it, else what the kernel has.
   * @template {Value} Kind
   * @param {string} name
   * @param {Kind} value
   */
  shown(name, value) {
    return /** @type {Kind} */ (this.drafts.get(name)?.value ?? value);
  }

  /**
   * Text that is being typed: nothing that arrives may overwrite it.
   * @param {string} name
   * @param {string} text
   */
  type(name, text) {
    this.drafts.set(name, { value: text, sent: false, typed: true });
  }

  /**
   * Choose something: it is asked once, however often it is said before it is answered.
   * @param {string} name
   * @param {Value} value
   */
  decide(name, value) {
    const { value: before, sent = false, typed = false } = this.drafts.get(name) ?? {};
    if (!this.free || (sent && before === value)) return;
    this.drafts.set(name, { value, sent: true, typed });
    this.ask("choose", { [name]: value });
  }

  /**
   * Why the kernel has refused the last message, where that was about one of these: choices by name, or its kind.
   * @param {string[]} names
   */
  refusedOf(names) {
    return names.some((name) => this.#refused.includes(name)) ? this.refusal : "";
  }

  /**
   * @override
   * @param {string} kind
   * @param {Sent} [body]
   */
  post(kind, body) {
    this.#posted = kind;
    return super.post(kind, body);
  }

  /**
   * Press a button of which one press is enough.
   * @param {"train" | "stop"} kind
   */
  press(kind) {
    if (!this.open || (this.pressed && this.working)) return;
    this.pressed = true;
    this.ask(kind);
  }

  /**
   * What was sent is answered; what is still being typed is not.
   * @override
   * @param {Sent} view
   */
  received(view) {
    this.#settled();
    super.received(view);
  }

  /**
   * A refusal is an answer too: what is shown is again what the kernel has, but for text, which can be mended.
   * @override
   * @param {Sent} message
   */
  heard(message) {
    super.heard(message);
    if (message.kind !== "refused" || this.refusal !== String(message.text)) return; // or it is another page's
    const asked = [...this.drafts].flatMap(([name, { sent }]) => sent ? [name] : []);
    this.#refused = asked.length ? asked : [this.#posted];
    for (const draft of this.drafts.values()) draft.sent &&= !draft.typed;
    this.#settled();
    this.tell("scene");
  }

  #settled() {
    this.pressed = false;
    for (const [name, { sent }] of this.drafts) if (sent) this.drafts.delete(name);
  }
}
