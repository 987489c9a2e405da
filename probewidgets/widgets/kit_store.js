// @ts-check
// The store of one model: what is shown, what is chosen, and the talk with the kernel. All views of the model share it.
//
// page -> kernel: messages { kind, seq, client, ... }, one in flight; while it flies, the newest of each kind waits.
// kernel -> page: an "ack" for each message, at once; answers come as new values of `_view` and `_choice`, which carry the
// numbers of the messages that they answer or supersede. What answers only our older messages is dropped.

const BUSY_AFTER = 600; // ms without an acknowledgement until the kernel is called busy
const LOST_AFTER = 3000; // ms without an answer to "hello" until we say that nobody is there
const AGAIN_AFTER = [250, 800, 2000]; // ms: "hello" is said again: the first may have been queued behind all cells
const LONGEST_WAIT = 500; // ms: while somebody types on, an answer is asked for at least this often

/** Sends messages one at a time and watches for acknowledgements. `tell(state)`: "ready", "busy", "lost". */
function createLink(model, client, tell) {
  const waiting = new Map();
  let seq = 0;
  let flying = null;
  let timers = [];
  const quiet = () => {
    timers.forEach(clearTimeout);
    timers = [];
  };
  function pump() {
    if (flying || waiting.size === 0) return;
    const [kind, message] = waiting.entries().next().value;
    waiting.delete(kind);
    flying = message;
    timers.push(setTimeout(() => tell("busy"), BUSY_AFTER));
    if (kind === "hello") {
      timers.push(...AGAIN_AFTER.map((ms) => setTimeout(() => model.send(message), ms)));
      timers.push(setTimeout(() => tell("lost"), LOST_AFTER));
    }
    try {
      model.send(message);
    } catch {
      flying = null; // the host has no kernel to send to, e.g. while it restarts
      quiet();
      tell("lost");
    }
  }
  return {
    post(kind, body = {}) {
      seq += 1;
      const older = waiting.get(kind) ?? {};
      waiting.delete(kind);
      waiting.set(kind, { ...older, ...body, kind, seq, client });
      pump();
      return seq;
    },
    acknowledged(number) {
      if (!flying || flying.seq !== number) return;
      flying = null;
      quiet();
      tell("ready");
      pump();
    },
    /** Forget what flies and ask again whether anybody is there. */
    again() {
      quiet();
      flying = null;
      waiting.clear();
      this.post("hello");
    },
    close: quiet,
  };
}

/** The state of one model and the only place that changes it. */
function createStore({ model, signal }) {
  const client = Math.random().toString(36).slice(2);
  const listeners = new Set();
  const asked = { ask: 0, choose: 0 };
  let frame = 0;
  let typing = 0; // timer of the question that waits for the typist to pause
  let since = 0; // when the typist began
  let read = { view: null, scene: null };
  const store = {
    view: model.get("_view") ?? {},
    choice: model.get("_choice") ?? {},
    connection: "connecting", // "ready", "busy", "lost", "restarted", "static"
    working: false, // whether an answer to the text in the box is on its way
    draft: null, // typed text that is not answered yet; nothing that arrives may overwrite it

    /** The view as a Scene; read when it is first drawn, so that what is wrong with it is shown where it is drawn. */
    get scene() {
      if (read.view?.rev !== store.rev) read = { view: store.view, scene: readScene(store.view) };
      return read.scene;
    },
    get rev() {
      return store.view.rev ?? 0;
    },
    get usable() {
      return !["lost", "restarted"].includes(store.connection);
    },
    subscribe(listener, until) {
      listeners.add(listener);
      until.addEventListener("abort", () => listeners.delete(listener), { once: true });
    },
    /** Show a choice at once, then tell the kernel. */
    choose(patch) {
      store.choice = { ...store.choice, ...patch };
      tell("choice");
      if (store.connection !== "static") asked.choose = link.post("choose", patch);
    },
    /** Make a layer the active one; the selection moves along, as it does in the kernel. */
    pickLayer(layer) {
      if (layer === store.choice.layer || !store.choice.layers.includes(layer)) return;
      const { selected } = store.choice;
      store.choose(selected ? { layer, selected: [layer, selected[1]] } : { layer });
    },
    /** The text in the box: what is typed, else what was answered. */
    get text() {
      return store.draft ?? store.view.text ?? "";
    },
    /** Somebody types: ask once they pause, or have typed on for a while. */
    type(text) {
      store.draft = text;
      since ||= performance.now();
      clearTimeout(typing);
      const patience = Math.max(LONGEST_WAIT - (performance.now() - since), 0);
      typing = setTimeout(ask, Math.min(store.view.debounce ?? 120, patience));
      tell("draft");
    },
    /** Whether another page of a long text can be had: a saved view has only those that it was saved with. */
    has(start) {
      return store.connection !== "static" || pageAt(start) !== undefined;
    },
    turnTo(start) {
      if (store.connection !== "static") return void link.post("window", { start });
      store.view = { ...store.view, ...pageAt(start), rev: store.rev + 1 };
      tell("scene");
    },
    /** A final answer is on the screen: the one thing that the page writes into the model. */
    painted() {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        model.set("painted", store.rev);
        model.save_changes();
      });
    },
  };
  function ask() {
    typing = 0;
    since = 0;
    store.working = true;
    asked.ask = link.post("ask", { text: store.draft });
    tell("status");
  }
  const pageAt = (start) => store.view.pages?.find(({ window }) => window.start <= start && start < window.end);
  const tell = (what) => [...listeners].forEach((listener) => listener(what));
  const link = createLink(model, client, (state) => {
    if (state !== "ready" && store.connection === "restarted") return; // that says more
    store.connection = state;
    tell("status");
  });

  const events = {
    "msg:custom": (message) => {
      if (message?.kind === "ack" && message.client === client) link.acknowledged(message.seq);
      if (message?.kind === "text" && store.draft === null) {
        store.view = { ...store.view, text: String(message.text) };
        store.working = true; // Python has set it, and its answer will follow
        tell("draft");
        tell("status");
      }
    },
    "change:_view": () => {
      const view = model.get("_view");
      if ((view.answered?.[client] ?? 0) < asked.ask) return; // our newer question is on its way
      store.working = false;
      if (!typing && !view.refused) store.draft = null; // what the kernel refused is nowhere but here
      store.view = view;
      if (!view.layers?.includes(store.choice.layer)) store.choice = model.get("_choice");
      tell("scene");
    },
    "change:_choice": () => {
      const choice = model.get("_choice");
      if (choice.client === client && choice.seq < asked.choose) return;
      store.choice = choice;
      tell("choice");
    },
    comm_live_update: () => {
      if (store.connection === "static") return;
      store.connection = "restarted";
      store.working = false;
      tell("status");
      link.again();
    },
  };
  if (store.view.static) store.connection = "static";
  else {
    for (const [name, handler] of Object.entries(events)) model.on(name, handler);
    link.post("hello");
  }
  signal?.addEventListener("abort", () => {
    link.close();
    clearTimeout(typing);
    cancelAnimationFrame(frame);
    for (const [name, handler] of Object.entries(events)) model.off(name, handler);
  }, { once: true });
  return store;
}
