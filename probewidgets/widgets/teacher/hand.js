// @ts-check
// Painting by hand: a stroke snaps to words while it is drawn, and is painted when the hand lets go.

/** @import { Hooks } from "./keys.js" */
import { targetOf } from "../kit/dom.js";
import { toggled } from "./keys.js";
import { between } from "./scene.js";

/**
 * @param {HTMLElement} grid
 * @param {Hooks} hooks
 * @param {AbortSignal} signal
 */
export function listenToHand(grid, { store, choosing, mark, place }, signal) {
  let from = -1; // where the stroke begins; -1: there is none
  /** @param {Element | null | undefined} element */
  const unitAt = (element) => {
    const cell = /** @type {HTMLElement | null} */ (element?.closest?.("[data-u]") ?? null);
    return cell && grid.contains(cell) ? Number(cell.dataset.u) : -1;
  };
  function end() {
    from = -1;
    choosing.preview = [];
    mark();
  }
  grid.addEventListener("pointerdown", (event) => {
    const u = unitAt(targetOf(event));
    if (u < 0 || event.button !== 0) return;
    event.preventDefault(); // no text is selected, and the focus goes where we say
    const extend = event.shiftKey;
    from = extend ? choosing.at : u;
    choosing.go(u, extend);
    place(true);
    if (!store.open) return void (from = -1);
    choosing.preview = between(from, u);
    capture(grid, event.pointerId);
    mark();
  }, { signal });
  grid.addEventListener("pointermove", (event) => {
    if (from < 0) return;
    const page = /** @type {Document | ShadowRoot} */ (grid.getRootNode());
    const u = unitAt(page.elementFromPoint(event.clientX, event.clientY));
    if (u < 0 || u === choosing.at) return; // between words it stays where it was
    choosing.at = u;
    choosing.preview = between(from, u);
    mark();
  }, { signal });
  grid.addEventListener("pointerup", () => {
    if (from < 0) return;
    const units = choosing.preview;
    end();
    choosing.go(choosing.at);
    place(true);
    store.paint(units, toggled(store, units, store.brush));
  }, { signal });
  grid.addEventListener("pointercancel", end, { signal });
  grid.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || from < 0) return;
    event.stopImmediatePropagation();
    end();
  }, { signal });
}

/**
 * @param {HTMLElement} grid
 * @param {number} pointer
 */
function capture(grid, pointer) {
  try {
    grid.setPointerCapture(pointer);
  } catch {
    // a pointer that is gone already: then the stroke ends where it began
  }
}
