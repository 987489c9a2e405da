// @ts-check
// A widget that cannot end as an empty cell: what goes wrong while drawing is written into the view.

/** @import { Host, Life, Part, Place } from "./host.d.ts" */
/** @import { Store } from "./store.js" */
import { atEnd, copied, h, on, pushButton, targetOf } from "./dom.js";

/**
 * A widget from the kind of its store and a function that builds one view: `build(store, signal, host)`.
 * A view's `draw(what)` is told what has changed: "scene", "choice", "status", or what the store adds. It is first called
 * with "scene" when the view is shown. The store is made once per model, so all views of a model share it.
 * @template {Store} Kind
 * @param {new (life: Life) => Kind} kind
 * @param {(store: Kind, signal: AbortSignal, host: Host) => Part} build
 */
export function widgetOf(kind, build) {
  return () => {
    /** @type {Kind | null} */
    let store = null;
    return {
      /** @param {Life} life */
      initialize(life) {
        store = new kind(life);
      },
      /** @param {Place} place */
      render({ model, el, signal, host = {} }) {
        const life = new AbortController();
        const end = () => life.abort();
        atEnd(signal, end);
        const shared = store ??= new kind({ model, signal });
        showView(shared, el, () => build(shared, life.signal, host), life.signal);
        return end;
      },
    };
  };
}

/**
 * @param {Store} store
 * @param {HTMLElement} el
 * @param {() => Part} build
 * @param {AbortSignal} signal
 */
function showView(store, el, build, signal) {
  const fault = alertBox(signal);
  const frame = h("div", { class: "pw", "data-lm-suppress-shortcuts": "true" });
  /** @type {Part | null} */
  let view = null;
  /** @param {string} what */
  const draw = (what) => {
    try {
      view ??= build();
      if (!view.root.isConnected) frame.prepend(view.root);
      view.draw(what);
      fault.say(view.tells ? "" : store.refusal);
      frame.dataset.rev = String(store.rev);
      if (what === "scene") store.painted();
    } catch (error) {
      fault.say(`This view could not be drawn. ${error instanceof Error ? error.message : error}`);
      // deno-lint-ignore no-console -- with its place, for whoever looks for it
      console.error(error);
    }
  };
  keepKeys(frame, signal);
  frame.append(fault.root);
  el.classList.add("pw-host"); // an item of a box may shrink below what it would like to have
  el.append(frame);
  atEnd(signal, () => frame.remove());
  store.subscribe(draw, signal);
  draw("scene");
}

/**
 * The host's shortcuts must not see our keys. Its attribute alone does not do: some of JupyterLab's match the focused
 * element itself, before its ancestors are looked at. Left to the host: Escape, Ctrl+S (save), Ctrl+Shift+C (commands).
 * @param {HTMLElement} frame
 * @param {AbortSignal} signal
 */
function keepKeys(frame, signal) {
  on(frame, "keydown", (event) => {
    const control = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
    const command = `${control}${event.shiftKey ? "Shift+" : ""}${event.key.toLowerCase()}`;
    if (!["escape", "Ctrl+s", "Ctrl+Shift+c"].includes(command)) event.stopPropagation();
    // The browser's own undo works on whatever was edited last, which may be a cell of the notebook.
    if (/^Ctrl\+(Shift\+)?[zy]$/.test(command) && !targetOf(event).closest?.("textarea")) event.preventDefault();
  }, signal);
}

/**
 * An error as text, with a button that copies it: `{ root, say(text) }`. No text, no box.
 * @param {AbortSignal} signal
 * @param {HTMLDetailsElement | null} [fold] what stands below it, and is copied too
 */
export function alertBox(signal, fold = null) {
  const text = h("p", { class: "pw-alert", role: "alert", hidden: true });
  const whole = h("div", {}, text, fold);
  const button = pushButton("Copy");
  const root = h("div", { class: "pw-fault", hidden: true }, whole, button);
  on(button, "click", async () => {
    if (fold) fold.open = true; // what is folded up cannot be selected
    const texts = [...whole.querySelectorAll("p, pre")].map(({ textContent }) => textContent);
    button.textContent = (await copied(whole, texts.join("\n\n").trim())) ? "Copied" : "Selected: press Ctrl+C";
  }, signal);
  return {
    root,
    /** @param {string} message */
    say(message) {
      root.hidden = text.hidden = message === "";
      if (text.textContent === message) return;
      text.textContent = message;
      button.textContent = "Copy";
    },
  };
}

/**
 * The same with a traceback, folded up: `{ root, say(text, traceback) }`.
 * @param {AbortSignal} signal
 */
export function tracedBox(signal) {
  const trace = h("pre", { tabindex: "0" });
  const fold = h("details", { class: "pw-trace" }, h("summary", {}, "Traceback"), trace);
  const { root, say } = alertBox(signal, fold);
  return {
    root,
    /**
     * @param {string} message
     * @param {string} [traceback]
     */
    say(message, traceback = "") {
      if (trace.textContent !== traceback) {
        say(""); // it is another error, also where it says the same
        trace.textContent = traceback;
        fold.open = false;
      }
      fold.hidden = traceback === "";
      say(message);
    },
  };
}
