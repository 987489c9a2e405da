// @ts-check
// Runs a widget on a saved state: the model keeps values and hears no kernel. Python puts it behind the widget's own text,
// whose default export is then called `widget`.

/** @import { Life, Model, Place } from "./host.d.ts" */

/**
 * @param {() => { initialize(life: Life): void, render(place: Place): unknown }} widget
 * @param {HTMLElement} el
 * @param {string} text the state as JSON, in which bytes are `{ base64 }`
 */
export function runSaved(widget, el, text) {
  const state = JSON.parse(text, (_key, value) => {
    if (value === null || typeof value !== "object" || typeof value.base64 !== "string") return value;
    const raw = atob(value.base64);
    return new DataView(Uint8Array.from(raw, (character) => character.charCodeAt(0)).buffer);
  });
  /** @type {Model} */
  const model = {
    get: (name) => state[name],
    set: (name, value) => {
      state[name] = value;
    },
    save_changes() {},
    send() {},
    on() {},
    off() {},
  };
  const { signal } = new AbortController();
  const running = widget();
  el.replaceChildren();
  running.initialize({ model, signal });
  running.render({ model, el, signal });
}
