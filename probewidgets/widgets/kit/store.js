// @ts-check
// The store of one model: what is shown, what is chosen, and whether somebody is there. All views of the model share it.
//
// Answers come as new values of `_view` and `_choice`, which carry the numbers of the messages that they answer or
// supersede. What answers none that is newer than those which the view on the screen answers is dropped. A message that the kernel does not take is "refused".

/** @import { Life, Sent } from "./host.d.ts" */
import { atEnd } from "./dom.js";
import { Link } from "./link.js";

const GONE = ["restarted", "ended"]; // what became of the kernel, which says more than that nobody answers

export class Store {
  /** @type {Sent} all that is drawn */
  view;
  /** @type {Sent} what is chosen */
  choice;
  connection = "connecting"; // "ready", "busy", "lost", "restarted", "ended", "static"
  working = false; // whether an answer to our newest question is on its way
  refusal = ""; // why the kernel did not take our last message
  /** @type {Map<number, (file: Sent) => void>} what is done with a file that a message of ours has asked for */
  files = new Map();

  #client = Math.random().toString(36).slice(2);
  /** @type {Set<(what: string) => void>} */
  #listeners = new Set();
  #asked = { question: 0, choice: 0 }; // numbers of our newest messages
  #frame = 0;
  #model;
  #link;
  /** @type {Map<string, (message: Sent, buffers?: DataView<ArrayBuffer>[]) => void>} */
  #events = new Map();
  /** @type {(sender: unknown, status?: string) => void} where the host says it: the model does not when a kernel ends */
  #kernel = (_sender, status = "dead") => {
    if (status === "dead") this.#gone("ended");
    if (status === "autorestarting") this.#restarted();
  };

  /** @param {Life} life */
  constructor({ model, signal }) {
    this.#model = model;
    this.view = model.get("_view") ?? {};
    this.choice = model.get("_choice") ?? {};
    this.#link = new Link(model, this.#client, (state) => this.#connected(state), (kind) => this.queued(kind));
    if (this.view.static) this.connection = "static";
    else {
      this.#hear("msg:custom", (message, buffers) => this.heard({ ...message, buffers }));
      this.#hear("change:_view", () => this.#viewed());
      this.#hear("change:_choice", () => this.#chosen());
      this.#hear("comm_live_update", () => this.#restarted());
      const kernel = model.widget_manager?.kernel;
      for (const each of [kernel?.statusChanged, kernel?.disposed]) {
        each?.connect(this.#kernel);
        atEnd(signal, () => each?.disconnect(this.#kernel));
      }
      this.#link.post("hello");
    }
    atEnd(signal, () => this.close());
  }

  /** Revision of what is shown. */
  get rev() {
    return this.view.rev ?? 0;
  }

  get usable() {
    return !["lost", ...GONE].includes(this.connection);
  }

  /**
   * Whether all messages of a kind are sent, and not the newest only. The widget says so where it declares the kind.
   * @param {string} kind
   */
  queued(kind) {
    return (this.view.queued ?? []).includes(kind);
  }

  /**
   * Call a listener with what has changed, until a signal: "scene", "choice", "status", or what a store adds.
   * @param {(what: string) => void} listener
   * @param {AbortSignal} until
   */
  subscribe(listener, until) {
    this.#listeners.add(listener);
    atEnd(until, () => this.#listeners.delete(listener));
  }

  /** @param {string} what */
  tell(what) {
    for (const listener of [...this.#listeners]) listener(what);
  }

  /**
   * Say something to the kernel.
   * @param {string} kind
   * @param {Sent} [body]
   */
  post(kind, body = {}) {
    this.refusal = "";
    return this.#link.post(kind, body);
  }

  /**
   * Ask something that is answered by a view.
   * @param {string} kind
   * @param {Sent} [body]
   */
  ask(kind, body = {}) {
    this.working = true;
    this.#asked.question = this.post(kind, body);
    this.tell("status");
  }

  /**
   * Show a choice at once, then tell the kernel.
   * @param {Sent} patch
   */
  choose(patch) {
    this.choice = { ...this.choice, ...patch };
    this.tell("choice");
    if (this.connection !== "static") this.#asked.choice = this.post("choose", patch);
  }

  /**
   * Another trait of the kernel's: listeners are told its name when it changes. Comes back: a function that reads it.
   * @param {string} name
   */
  follow(name) {
    if (!this.#events.has(`change:${name}`) && this.connection !== "static") {
      this.#hear(`change:${name}`, () => this.tell(name));
    }
    return () => this.#model.get(name);
  }

  /** What is shown is on the screen: the one thing that the page writes into the model. */
  painted() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      this.#model.set("painted", this.rev);
      this.#model.save_changes();
    });
  }

  /**
   * A message from the kernel, with its buffers.
   * @param {Sent} message
   */
  heard(message) {
    if (message.client !== this.#client) return;
    if (message.kind === "ack") this.#link.acknowledged(message.seq);
    if (message.kind === "file") this.files.get(message.seq)?.(message);
    if (message.kind === "refused") {
      if (message.seq >= this.#asked.question) this.working = false;
      this.refusal = String(message.text);
      this.tell("status");
    }
  }

  /**
   * A view that answers our newest question, or of the kernel's own accord.
   * @param {Sent} view
   */
  received(view) {
    this.working = false;
    this.show(view);
  }

  /**
   * Draw a view: the answer to our newest question, or to one before it while that is worked on.
   * @param {Sent} view
   */
  show(view) {
    this.view = view;
    this.tell("scene");
  }

  /** End of the model. Safe to call twice. */
  close() {
    this.#link.close();
    cancelAnimationFrame(this.#frame);
    for (const [name, handler] of this.#events) this.#model.off(name, handler);
    this.#events.clear();
  }

  /** The choices as the kernel has them. */
  kernelChoice() {
    return this.#model.get("_choice");
  }

  /** @type {(name: string, handler: (message: Sent, buffers?: DataView<ArrayBuffer>[]) => void) => void} */
  #hear(name, handler) {
    this.#events.set(name, handler);
    this.#model.on(name, handler);
  }

  #viewed() {
    const view = this.#model.get("_view");
    const answered = this.answeredBy(view);
    if (answered >= this.#asked.question) this.received(view);
    else if (answered > this.answeredBy(this.view)) this.show(view);
  }

  /**
   * Number of the newest of our questions that a view answers.
   * @param {Sent} view
   */
  answeredBy(view) {
    return view.answered?.[this.#client] ?? 0;
  }

  #chosen() {
    const choice = this.kernelChoice();
    if (choice.client === this.#client && choice.seq < this.#asked.choice) return;
    const [before, after] = [this.choice, choice].map((each) => JSON.stringify({ ...each, client: 0, seq: 0 }));
    this.choice = choice;
    if (before !== after) this.tell("choice"); // an echo changes nothing
  }

  #restarted() {
    if (this.connection === "static") return;
    this.#gone("restarted");
    this.#link.again();
  }

  /** @param {string} state */
  #gone(state) {
    this.#link.close();
    this.connection = state;
    this.working = false;
    this.tell("status");
  }

  /** @param {string} state */
  #connected(state) {
    if (state !== "ready" && GONE.includes(this.connection)) return;
    this.connection = state;
    this.tell("status");
  }
}
