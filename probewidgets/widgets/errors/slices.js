// @ts-check
// The slices of the test set, the worst first: how well the layer does on each, with its interval, on one axis. One that is
// chosen is listed.

/** @import { Part, Sent } from "../kit/host.d.ts" */
/** @import { ErrorsStore } from "./store.js" */
import { focusIn, focusOnly, h, on, paint, rove, say, targetOf, watchSize, word, write } from "../kit/dom.js";
import { digits, whole } from "../kit/text.js";

/**
 * @param {ErrorsStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function sliceList(store, signal) {
  const kinds = h("select", { "aria-label": "Slices by" });
  const bar = h("label", { class: "pw-control pw-e-by" }, h("span", { class: "pw-name" }, "Worst by"), kinds);
  const ends = h("div", { class: "pw-e-ends", "aria-hidden": "true" }, h("span"), h("span"));
  const list = h("div", { class: "pw-e-slices", role: "group", "aria-label": "Slices" });
  const below = h("p", { class: "pw-hint pw-e-below" });
  const root = h(
    "div",
    { class: "pw-e-panel" },
    h("div", { class: "pw-e-top" }, bar, ends),
    h("div", { class: "pw-e-room" }, list),
    below,
  );
  let kind = "";
  on(kinds, "change", () => {
    kind = kinds.value;
    draw();
  }, signal);
  on(list, "click", (event) => {
    const at = Number(targetOf(event).closest("button")?.dataset.at ?? NaN);
    const { slices } = store.view;
    if (at >= 0) store.pickSlice([slices.kind[at], slices.name[at]]);
  }, signal);
  rove(list, {
    ArrowDown: (target) => target.nextElementSibling,
    ArrowUp: (target) => target.previousElementSibling,
    Home: () => list.firstElementChild,
    End: () => list.lastElementChild,
  }, signal);

  /** How many slices there are below those in sight. */
  function count() {
    const first = /** @type {HTMLElement | null} */ (list.firstElementChild);
    const left = first ? Math.round((list.scrollHeight - list.clientHeight - list.scrollTop) / first.offsetHeight) : 0;
    write(below, left > 0 ? `${whole(left)} more below` : "");
  }
  on(list, "scroll", count, signal, { passive: true });
  watchSize([list], signal, count);

  function draw() {
    const { view, choice } = store;
    const { slices } = view;
    if (!kinds.length) {
      kinds.append(
        ...Object.entries({ "": "all of these", ...slices.kinds }).map(([value, name]) => h("option", { value }, name)),
      );
    }
    kinds.value = kind;
    const places = slices.kind.map((/** @type {string} */ _, /** @type {number} */ at) => at)
      .filter((/** @type {number} */ at) => !kind || slices.kind[at] === kind);
    const axis = axisOf(view, places);
    [...ends.children].forEach((end, at) => {
      end.textContent = view.numbers ? String(Number(axis[at].toPrecision(2))) : digits(axis[at], 1);
    });
    const focused = focusIn(list)?.dataset.at;
    list.replaceChildren(...places.map((/** @type {number} */ at) => sliceRow(slices, at, axis, !kind)));
    paint(root, { "--all": `${100 * shareOn(axis, slices.all ?? NaN)}%` });
    for (const button of /** @type {HTMLElement[]} */ ([...list.children])) {
      const at = Number(button.dataset.at);
      const own = JSON.stringify([slices.kind[at], slices.name[at]]) === JSON.stringify(choice.slice);
      say(button, "aria-pressed", own);
    }
    const first = /** @type {HTMLElement | undefined} */ (
      [...list.children].find((each) => /** @type {HTMLElement} */ (each).dataset.at === focused) ?? list.children[0]
    );
    if (first) focusOnly(list, first, focused !== undefined);
    count();
  }
  return { root, draw };
}

/**
 * From the tenth below the least end of the intervals, up to 1; of numbers, from 0 to the largest end. What is said of few
 * targets need not fit.
 * @param {Sent} view
 * @param {number[]} places
 * @returns {[number, number]}
 */
function axisOf({ slices, numbers }, places) {
  const large = places.filter((at) => slices.targets[at] >= slices.few);
  const ends = (large.length ? large : places).map((at) => slices[numbers ? "high" : "low"][at] ?? slices.value[at]);
  if (numbers) return [0, Math.max(...ends) || 1];
  return [Math.min(0.9, Math.floor(10 * Math.min(1, ...ends) + 1e-9) / 10), 1];
}

/**
 * @param {[number, number]} axis
 * @param {number} value
 */
const shareOn = ([low, high], value) => Math.min(Math.max((value - low) / (high - low), 0), 1);

/**
 * @param {Sent} slices
 * @param {number} at
 * @param {[number, number]} axis
 * @param {boolean} all whether the kind is said too, as slices of all kinds are shown
 */
function sliceRow(slices, at, axis, all) {
  const names = ["called", "told", "text", "value", "low", "high", "targets"];
  const [name, told, text, value, low, high, targets] = names.map((each) => slices[each][at]);
  const dot = h("i", { class: "pw-e-dot" });
  const bar = h("span", { class: "pw-e-bar", "aria-hidden": "true" }, h("i", { class: "pw-e-range" }), dot);
  const attributes = { type: "button", class: "pw-e-slice", tabindex: "-1", "data-at": at, title: told };
  const label = h(
    "span",
    { class: "pw-e-called" },
    word(name, { class: slices.kind[at] === "word type" && slices.name[at] ? "pw-e-word" : "" }),
    all ? h("span", { class: "pw-e-kind" }, slices.kind[at]) : null,
  );
  const button = h(
    "button",
    { ...attributes, "aria-label": told },
    label,
    h("span", { class: "pw-e-value" }, text),
    bar,
    h("span", { class: "pw-e-count" }, whole(targets)),
  );
  button.classList.toggle("pw-e-few", targets < slices.few);
  paint(button, {
    "--v": `${100 * shareOn(axis, value)}%`,
    "--l": `${100 * shareOn(axis, low ?? value)}%`,
    "--h": `${100 * shareOn(axis, high ?? value)}%`,
  });
  return button;
}
