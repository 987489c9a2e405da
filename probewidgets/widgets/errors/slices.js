// @ts-check
// The slices of the test set, the worst first: how right the layer is on each, with its interval, on one axis. One that is
// chosen is listed.

/** @import { Part, Sent } from "../kit/host.d.ts" */
/** @import { ErrorsStore } from "./store.js" */
import { focusIn, focusOnly, h, paint, rove, say, targetOf, word } from "../kit/dom.js";
import { digits, plural, whole } from "../kit/text.js";

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
  const root = h("div", { class: "pw-e-panel" }, h("div", { class: "pw-e-top" }, bar, ends), list);
  let kind = "";
  kinds.addEventListener("change", () => {
    kind = kinds.value;
    draw();
  }, { signal });
  list.addEventListener("click", (event) => {
    const at = Number(targetOf(event).closest("button")?.dataset.at ?? NaN);
    const { slices } = store.view;
    if (at >= 0) store.pickSlice([slices.kind[at], slices.name[at]]);
  }, { signal });
  rove(list, {
    ArrowDown: (target) => target.nextElementSibling,
    ArrowUp: (target) => target.previousElementSibling,
    Home: () => list.firstElementChild,
    End: () => list.lastElementChild,
  }, signal);

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
    const axis = axisOf(slices, places);
    const [low, high] = [...ends.children];
    low.textContent = digits(axis[0], 1);
    high.textContent = digits(axis[1], 1);
    const focused = focusIn(list)?.dataset.at;
    list.replaceChildren(...places.map((/** @type {number} */ at) => sliceRow(slices, at, axis, view.unit, !kind)));
    paint(root, { "--all": `${100 * shareOn(axis, overall(store))}%` });
    for (const button of /** @type {HTMLElement[]} */ ([...list.children])) {
      const at = Number(button.dataset.at);
      const own = JSON.stringify([slices.kind[at], slices.name[at]]) === JSON.stringify(choice.slice);
      say(button, "aria-pressed", String(own));
    }
    const first = /** @type {HTMLElement | undefined} */ (
      [...list.children].find((each) => /** @type {HTMLElement} */ (each).dataset.at === focused) ?? list.children[0]
    );
    if (first) focusOnly(list, first, focused !== undefined);
  }
  return { root, draw };
}

/** @param {ErrorsStore} store */
const overall = ({ view }) => view.scores[view.layers.indexOf(view.of.layer)]?.[0] ?? NaN;

/**
 * From the tenth below the least end of the intervals, up to 1; what is said of few targets need not fit.
 * @param {Sent} slices
 * @param {number[]} places
 * @returns {[number, number]}
 */
function axisOf(slices, places) {
  const large = places.filter((at) => slices.targets[at] >= slices.few);
  const least = Math.min(1, ...(large.length ? large : places).map((at) => slices.low[at] ?? slices.value[at]));
  return [Math.min(0.9, Math.floor(10 * least + 1e-9) / 10), 1];
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
 * @param {string} unit
 * @param {boolean} told whether the kind is said too
 */
function sliceRow(slices, at, axis, unit, told) {
  const [value, low, high, targets, errors] = ["value", "low", "high", "targets", "errors"].map((each) =>
    slices[each][at]
  );
  const kind = slices.kinds[slices.kind[at]];
  const name = slices.called[at] || "all rarer types";
  const between = low === null ? "no interval" : `95 % interval ${digits(low, 3)} to ${digits(high, 3)}`;
  const text = `${kind} ${name}: accuracy ${digits(value, 3)}, ${between}; ${whole(errors)} of ${
    plural(targets, unit)
  } wrong`;
  const dot = h("i", { class: "pw-e-dot" });
  const bar = h("span", { class: "pw-e-bar", "aria-hidden": "true" }, h("i", { class: "pw-e-range" }), dot);
  const attributes = { type: "button", class: "pw-e-slice", tabindex: "-1", "data-at": at, title: text };
  const label = h(
    "span",
    { class: "pw-e-called" },
    word(name, { class: slices.kind[at] === "word type" && slices.name[at] ? "pw-e-word" : "" }),
    told ? h("span", { class: "pw-e-kind" }, slices.kind[at]) : null,
  );
  const button = h(
    "button",
    { ...attributes, "aria-label": text },
    label,
    h("span", { class: "pw-e-value" }, digits(value, 2).replace(/^0/, "")),
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
