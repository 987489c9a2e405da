// @ts-check
// Small plots: a unit is 1/13 em, so that letters follow the host's font, and what is written is measured, not assumed.

/** @import { Attributes } from "./host.d.ts" */
import { h, paint, svg } from "./dom.js";
import { clamp, digits } from "./text.js";

export const EM = 13; // units of a plot in one em
export const LETTERS = 11.2; // their size, in units
export const GAP = 13; // from one line of letters to the next

/** @typedef {(text: string, weight?: number) => number} Measure how wide a text is, in units */

/**
 * A straight line: upright or level where only one of both ends is told.
 * @param {string} kind its class
 * @param {number} x1
 * @param {number} y1
 * @param {number} [x2]
 * @param {number} [y2]
 */
export const lineAt = (kind, x1, y1, x2 = x1, y2 = y1) => svg("line", { class: kind, x1, y1, x2, y2 });

/**
 * How wide a plot may be in an element, in its units; `usual` where there is no layout.
 * @param {HTMLElement} element
 * @param {number} low
 * @param {number} high
 * @param {number} usual
 */
export function plotWidth(element, low, high, usual) {
  const em = parseFloat(getComputedStyle(element).fontSize);
  return element.clientWidth ? Math.round(clamp((element.clientWidth / em) * EM, low, high)) : usual;
}

/**
 * Give a plot its size in units.
 * @param {SVGSVGElement} plot
 * @param {number} width
 * @param {number} height
 */
export function sizePlot(plot, width, height) {
  plot.setAttribute("viewBox", `0 0 ${width} ${height}`);
  paint(plot, { "--plot": `${width / EM}em`, "--letters": `${LETTERS}px` });
}

/**
 * Measures texts in the letters that an element has.
 * @param {Element} element
 * @returns {Measure}
 */
export function measureIn(element) {
  const { fontFamily } = getComputedStyle(element);
  const pen = h("canvas").getContext("2d");
  return (text, weight = 400) => {
    if (!pen) return 0.6 * LETTERS * text.length;
    pen.font = `${weight} ${LETTERS}px ${fontFamily}`;
    return pen.measureText(text).width;
  };
}

/**
 * Call `act` when fonts have come: what was measured before may be wrong.
 * @param {AbortSignal} signal
 * @param {() => void} act
 */
export function watchFonts(signal, act) {
  document.fonts?.addEventListener("loadingdone", () => act(), { signal });
}

/**
 * A text that fits a room: whole where the room is there, else cut, with an ellipsis.
 * @param {string} text
 * @param {number} room
 * @param {(text: string) => number} width
 */
export function fitted(text, room, width) {
  if (width(text) <= room) return text;
  const letters = Array.from(text);
  while (letters.length > 1 && width(`${letters.join("").trimEnd()}…`) > room) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

/**
 * A text of a plot that fits a room; where it had to be cut, its title says it in full.
 * @param {string} text
 * @param {number} room
 * @param {Measure} measure
 * @param {Attributes} attributes
 * @param {number} [weight]
 */
export function textIn(text, room, measure, attributes, weight = 400) {
  const shown = fitted(text, room, (each) => measure(each, weight));
  const title = shown === text ? null : svg("title", {}, text);
  return svg("text", { "font-weight": weight, ...attributes }, title, shown);
}

/**
 * The round values of an axis.
 * @param {number} low
 * @param {number} high
 * @param {number} every
 */
export function ticks(low, high, every) {
  const first = Math.ceil(low / every - 1e-9);
  const count = Math.floor(high / every + 1e-9) - first + 1;
  return Array.from({ length: Math.max(count, 0) }, (_, i) => (first + i) * every);
}

/**
 * How a value of an axis is written: as many digits as its steps need.
 * @param {number} value
 * @param {number} every
 */
export function tickText(value, every) {
  return digits(value, every < 0.1 ? 2 : 1);
}

/**
 * Every how many places along an axis something is written, so that there is some room between neighbours.
 * @param {number} widest
 * @param {number} step from one place to the next
 */
export function thinning(widest, step) {
  return step > 0 ? Math.max(Math.ceil((widest + 5) / step), 1) : 1;
}

/**
 * Heights for texts that want to stand at `wanted` but at least a `gap` apart, between `top` and `bottom`: those that
 * would touch stand around the middle of where they belong. Same order as they came.
 * @param {number[]} wanted
 * @param {number} gap
 * @param {number} top
 * @param {number} bottom
 */
export function apart(wanted, gap, top, bottom) {
  /** @typedef {{ sum: number, members: number[] }} Group */
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
  /** @param {Group} group */
  const middle = ({ sum, members }) => {
    const half = ((members.length - 1) * gap) / 2;
    return clamp(sum / members.length, top + half, Math.max(bottom - half, top + half));
  };
  /** @type {(group: Group, side: number) => number} */
  const reach = (group, side) => middle(group) + (side * group.members.length * gap) / 2;
  /** @type {Group[]} */
  const groups = [];
  for (const i of order) {
    let group = { sum: wanted[i], members: [i] };
    for (let above = groups.at(-1); above && reach(above, 1) > reach(group, -1); above = groups.at(-1)) {
      group = { sum: above.sum + group.sum, members: [...above.members, ...group.members] };
      groups.pop();
    }
    groups.push(group);
  }
  /** @type {number[]} */
  const heights = [];
  for (const group of groups) {
    group.members.forEach((i, place) => {
      heights[i] = reach(group, -1) + (place + 0.5) * gap;
    });
  }
  return heights;
}
