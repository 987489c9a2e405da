// What a widget's module may use of its host, and nothing else: a model that refuses unknown names and counts listeners.
export class FakeModel {
  constructor(state) {
    this.state = { ...state };
    this.handlers = new Map();
    this.dirty = {};
    this.sent = [];
    this.saved = [];
    this.answers = true;
  }
  get(name) {
    if (!(name in this.state)) throw new Error(`unknown trait ${name}`);
    return this.state[name];
  }
  set(name, value) {
    if (name !== "painted") throw new Error(`the page may not write ${name}`);
    this.dirty[name] = value;
  }
  save_changes() {
    this.saved.push(this.dirty);
    this.dirty = {};
  }
  send(message) {
    structuredClone(message);
    this.sent.push(message);
    if (this.answers) queueMicrotask(() => this.ack(message));
  }
  ack({ seq, client }) {
    this.emit("msg:custom", { kind: "ack", seq, client });
  }
  on(name, handler) {
    if (!/^(change:_view|change:_choice|msg:custom|comm_live_update)$/.test(name)) throw new Error(`unknown event ${name}`);
    if (!this.handlers.has(name)) this.handlers.set(name, new Set());
    this.handlers.get(name).add(handler);
  }
  off(name, handler) {
    this.handlers.get(name)?.delete(handler);
  }
  emit(name, ...values) {
    for (const handler of [...(this.handlers.get(name) ?? [])]) handler(...values);
  }
  /** A trait comes from the kernel. */
  receive(name, value) {
    this.state[name] = revive(value);
    this.emit(`change:${name}`);
  }
  get listening() {
    return [...this.handlers.values()].reduce((sum, set) => sum + set.size, 0);
  }
  last(kind) {
    return this.sent.filter((message) => message.kind === kind).at(-1);
  }
}

/** `{base64}` becomes a DataView that does not begin at byte 0, as some hosts send them. */
export function revive(value) {
  if (value === null || typeof value !== "object") return value;
  if (typeof value.base64 === "string") {
    const raw = Uint8Array.from("???" + atob(value.base64), (character) => character.charCodeAt(0));
    return new DataView(raw.buffer, 3);
  }
  if (Array.isArray(value)) return value.map(revive);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, revive(part)]));
}

/** Load a module from its text as the host does, make a model and `count` views of it. */
export async function start(esm, css, state, count = 1) {
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
    const clean = await widget.render({ model, el, signal: ends.signal });
    views.push({ el, ends, clean });
  }
  return { model, views, life, factory };
}
