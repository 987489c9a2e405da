// @ts-check
// What a cell says, beside the pointer or the focus: its word and layer, and its three most probable labels with bars. Screen
// readers hear the same from the cell itself.

/** @import { Scene } from "./scene.js" */
/** @import { ReadingStore } from "./store.js" */
import { h, on, paint, present, targetOf, word } from "../kit/dom.js";
import { clamp } from "../kit/text.js";
import { cellLook, colourTitle, remark } from "./scene.js";
import { shareRow, shareTable } from "./shares.js";

const MOST = 3;
const AWAY = 6; // px from the cell

/**
 * An element that shows itself over whatever there is, for the cells of `within`: `cellOf(target)` says what a target shows,
 * as [layer, unit].
 * @param {ReadingStore} store
 * @param {HTMLElement} within
 * @param {(target: HTMLElement) => [number, number] | null} cellOf
 * @param {AbortSignal} signal
 */
export function cellTip(store, within, cellOf, signal) {
  const root = h("div", { class: "pw-tip pw-over", popover: "manual", "aria-hidden": "true" });
  const hide = () => root.matches(":popover-open") && root.hidePopover();
  /** @param {Event} event */
  const show = (event) => {
    const target = targetOf(event);
    const spot = cellOf(target);
    if (!spot || !root.showPopover || (event.type === "focusin" && !target.matches(":focus-visible"))) return hide();
    root.replaceChildren(...present(tipLines(store, ...spot)));
    root.showPopover();
    return beside(root, target.getBoundingClientRect());
  };
  on(within, ["pointerover", "focusin"], show, signal);
  on(within, ["pointerleave", "focusout", "keydown", "wheel", "scroll"], hide, signal, { passive: true });
  return { root, hide };
}

/**
 * Below a box, or above it where there is no room.
 * @param {HTMLElement} root
 * @param {DOMRect} box
 */
function beside(root, box) {
  const { width, height } = root.getBoundingClientRect();
  const below = box.bottom + AWAY;
  paint(root, {
    left: `${clamp((box.left + box.right - width) / 2, 0, Math.max(innerWidth - width, 0))}px`,
    top: `${below + height > innerHeight ? box.top - AWAY - height : below}px`,
  });
}

/**
 * What a cell says, in lines.
 * @param {Pick<ReadingStore, "scene" | "chosen">} store
 * @param {number} layer
 * @param {number} unit
 */
export function tipLines({ scene, chosen }, layer, unit) {
  const title = h("strong", {}, word(scene.units.text[unit]), ` · layer ${layer}`);
  const entropy = chosen.colour === "entropy" && colourTitle(scene, chosen, cellLook(scene, chosen, layer, unit));
  const extra = present([entropy || null, remark(scene, layer, unit)]).map((text) => h("div", {}, text));
  const row = scene.distribution(layer, unit);
  if (scene.scale || !Number.isFinite(row[0])) return [title, h("div", {}, scene.said(layer, unit)), ...extra];
  const wanted = scene.labelIndex.get(chosen.label ?? "");
  const sorted = Array.from(row.keys()).sort((a, b) => row[b] - row[a]);
  const best = sorted.filter((k, place) => place < MOST || k === wanted);
  const lines = best.map((k) => shareRow(word(scene.called[k]), row[k], scene.fill(k), scene.edge(k)));
  return [title, shareTable(lines), ...extra];
}
