// @ts-check
// What a widget's module may use of its host, and nothing else: a model that refuses unknown names and counts listeners.

/** @import { Host, Model, Sent } from "../../probewidgets/widgets/kit/host.d.ts" */
/** @typedef {(message?: any, buffers?: DataView<ArrayBuffer>[]) => void} Handler */

const EVENTS =
  /^(change:_view|change:_choice|change:_progress|change:_losses|change:_inner|msg:custom|comm_live_update)$/;

class FakeSignal {
  /** @type {Set<(sender: unknown, value?: string) => void>} */
  handlers = new Set();
  /** @param {(sender: unknown, value?: string) => void} act */
  connect(act) {
    this.handlers.add(act);
  }
  /** @param {(sender: unknown, value?: string) => void} act */
  disconnect(act) {
    this.handlers.delete(act);
  }
  /** @param {string} [value] */
  emit(value) {
    for (const act of [...this.handlers]) act(this, value);
  }
}

/** @implements {Model} */
export class FakeModel {
  widget_manager = { kernel: { statusChanged: new FakeSignal(), disposed: new FakeSignal() } };
  /** @type {Sent[]} messages to the kernel */
  sent = [];
  /** @type {Sent[]} values written */
  saved = [];
  /** Whether messages are acknowledged. */
  answers = true;
  /** @type {Map<string, Set<Handler>>} */
  handlers = new Map();
  /** @type {Sent} */
  dirty = {};

  /** @param {Sent} state */
  constructor(state) {
    this.state = { ...state };
  }
  /** @param {string} name */
  get(name) {
    if (!(name in this.state)) throw new Error(`unknown trait ${name}`);
    return this.state[name];
  }
  /** @type {Model["set"]} */
  set(name, value) {
    if (name !== "painted") throw new Error(`the page may not write ${name}`);
    this.dirty[name] = value;
  }
  save_changes() {
    this.saved.push(this.dirty);
    this.dirty = {};
  }
  /** @param {any} message */
  send(message) {
    structuredClone(message);
    this.sent.push(message);
    if (this.answers) queueMicrotask(() => this.ack(message));
  }
  /** @param {Sent} message */
  ack({ seq, client }) {
    this.emit("msg:custom", { kind: "ack", seq, client });
  }
  /** @type {Model["on"]} */
  on(name, handler) {
    if (!EVENTS.test(name)) throw new Error(`unknown event ${name}`);
    if (name.startsWith("change:") && handler.length) throw new Error(`hosts pass ${name} no argument`);
    this.handlers.set(name, (this.handlers.get(name) ?? new Set()).add(handler));
  }
  /** @type {Model["off"]} */
  off(name, handler) {
    this.handlers.get(name)?.delete(handler);
  }
  /** @type {(name: string, ...values: unknown[]) => void} */
  emit(name, ...values) {
    for (const handler of [...(this.handlers.get(name) ?? [])]) handler(...values);
  }
  /**
   * A trait comes from the kernel.
   * @param {string} name
   * @param {unknown} value
   */
  receive(name, value) {
    this.state[name] = revive(value);
    this.emit(`change:${name}`);
  }
  get listening() {
    const { statusChanged, disposed } = this.widget_manager.kernel;
    const sets = [...this.handlers.values(), statusChanged.handlers, disposed.handlers];
    return sets.reduce((sum, set) => sum + set.size, 0);
  }
  /** @param {string} kind */
  last(kind) {
    return this.sent.filter((message) => message.kind === kind).at(-1);
  }
}

/**
 * `{base64}` becomes a DataView that does not begin at byte 0, as some hosts send them.
 * @param {any} value
 * @returns {any}
 */
export function revive(value) {
  if (value === null || typeof value !== "object") return value;
  if (typeof value.base64 === "string") {
    const raw = Uint8Array.from("???" + atob(value.base64), (character) => character.charCodeAt(0));
    return new DataView(raw.buffer, 3);
  }
  if (Array.isArray(value)) return value.map(revive);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, revive(part)]));
}

/**
 * Load a module from its text as the host does, make a model and `count` views of it.
 * @param {string} esm
 * @param {string} css
 * @param {Sent} state
 * @param {number} [count]
 * @param {Host} [host]
 */
export async function start(esm, css, state, count = 1, host = {}) {
  const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
  const { default: factory } = await import(url);
  URL.revokeObjectURL(url);
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
  const model = new FakeModel(revive(state));
  const life = new AbortController();
  const widget = factory();
  await widget.initialize({ model, signal: life.signal });
  const views = [];
  for (let i = 0; i < count; i += 1) {
    const el = document.createElement("div");
    document.body.append(el);
    const ends = new AbortController();
    const clean = await widget.render({ model, el, signal: ends.signal, host });
    views.push({ el, ends, clean });
  }
  return { model, views, life, factory };
}
