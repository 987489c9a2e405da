// @ts-check
import { placeInner } from "../../../probewidgets/widgets/kit/inner.js";
import { same } from "../assert.js";

const el = /** @type {HTMLElement} */ ({});

/** @param {unknown[]} drawn */
const hostOf = (drawn) => ({
  getWidget: (/** @type {string} */ reference) =>
    Promise.resolve({
      render: (/** @type {{ el: HTMLElement }} */ place) => Promise.resolve(drawn.push([reference, place.el === el])),
    }),
});

Deno.test("a host that can draws one widget inside another", async () => {
  /** @type {unknown[]} */
  const drawn = [];
  same(await placeInner(hostOf(drawn), "anywidget:abc", el, new AbortController().signal), true);
  same(drawn, [["anywidget:abc", true]]);
});

Deno.test("where the host cannot, or there is nothing to draw, that is said", async () => {
  const { signal } = new AbortController();
  same([await placeInner({}, "anywidget:abc", el, signal), await placeInner(hostOf([]), null, el, signal)], [
    false,
    false,
  ]);
});

Deno.test("a view that has ended meanwhile draws nothing", async () => {
  /** @type {unknown[]} */
  const drawn = [];
  await placeInner(hostOf(drawn), "anywidget:abc", el, AbortSignal.abort());
  same(drawn, []);
});
