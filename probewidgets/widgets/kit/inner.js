// @ts-check
// One widget inside another, where the host can do that.

/** @import { Host } from "./host.d.ts" */

/**
 * Draw another widget into an element of ours. Whether the host could: where it cannot, Python shows them side by side.
 * @param {Host} host
 * @param {string | null} reference what a synced `anywidget.WidgetTrait` holds in the page
 * @param {HTMLElement} el
 * @param {AbortSignal} signal
 */
export async function placeInner(host, reference, el, signal) {
  if (!host.getWidget || !reference) return false;
  const inner = await host.getWidget(reference);
  if (!signal.aborted) await inner.render({ el, signal });
  return true;
}
