// @ts-check
// Rows of one height, however many: only those in sight are in the page. The scroller itself has the focus, and says which
// row is meant (`aria-activedescendant`), so that no focus is lost when a row leaves the page.

import { h, on, paint, rove, say, soon, targetOf, watchSize } from "./dom.js";
import { clamp } from "./text.js";

const BEYOND = 6; // rows that are kept above and below what is in sight

/**
 * Which rows are in the page: from the first, up to the last and without it.
 * @param {number} top px that are scrolled away
 * @param {number} room px in sight
 * @param {number} height px of a row
 * @param {number} count of all rows
 * @returns {[number, number]}
 */
export function rowsInSight(top, room, height, count) {
  if (!(height > 0)) return [0, Math.min(count, 1)]; // one, to be measured
  const first = clamp(Math.floor(top / height) - BEYOND, 0, Math.max(count - 1, 0));
  return [first, Math.min(count, Math.ceil((top + room) / height) + BEYOND)];
}

/**
 * Where a key leads in a list of rows; the same place for a key that leads nowhere.
 * @param {string} key
 * @param {number} place
 * @param {number} count
 * @param {number} page rows in sight
 */
export function stepAlong(key, place, count, page) {
  /** @type {Record<string, number>} */
  const steps = { ArrowUp: place - 1, ArrowDown: place + 1, PageUp: place - page, PageDown: place + page };
  const ends = { Home: 0, End: count - 1, "Ctrl+Home": 0, "Ctrl+End": count - 1 };
  return clamp({ ...steps, ...ends }[key] ?? place, 0, Math.max(count - 1, 0));
}

/**
 * Rows in a scroller, whose head stays above them. `make()` gives an empty row, `fill(row, place)` writes one into it, and
 * `take(place)` is called on a click or Enter. Comes back: `draw(count)` when rows are others, `refill()` when what is
 * written has changed.
 * @param {HTMLElement} scroller which is in the tab order
 * @param {HTMLElement} head
 * @param {{
 *   make: () => HTMLElement,
 *   fill: (row: HTMLElement, place: number) => void,
 *   take: (place: number) => void,
 * }} uses
 * @param {AbortSignal} signal
 */
export function virtualRows(scroller, head, { make, fill, take }, signal) {
  const body = h("div", { class: "pw-virtual", role: "rowgroup" });
  const name = `pw-row-${Math.random().toString(36).slice(2)}`;
  /** @type {HTMLElement[]} the rows of the page; a place has always the same one of them */
  const pool = [];
  /** @type {number[]} the place that each has */
  let places = [];
  let [count, height, active] = [0, 0, 0];
  scroller.append(head, body);

  const room = () => Math.max(scroller.clientHeight - head.offsetHeight, 0);
  /** @param {number} place */
  const rowAt = (place) => (places[place % pool.length] === place ? pool[place % pool.length] : null);

  /** @param {boolean} anew whether rows that stay are written anew too */
  function place(anew) {
    const [first, end] = rowsInSight(scroller.scrollTop, room(), height, count);
    if (end - first > pool.length) {
      // As many as there will be in the middle, so that scrolling makes none.
      const most = Math.min(count, Math.ceil(room() / (height || 1)) + 2 * BEYOND + 1);
      while (pool.length < (height ? most : 1)) {
        const row = make();
        row.id = `${name}-${pool.length}`;
        body.append(row);
        pool.push(row);
      }
      places = pool.map(() => -1);
    }
    const shown = new Set();
    for (let each = first; each < end; each += 1) {
      const at = each % pool.length;
      shown.add(at);
      if (places[at] === each && !anew) continue;
      places[at] = each;
      const row = pool[at];
      paint(row, { "--at": each });
      say(row, "aria-rowindex", each + 2); // the head is the first
      fill(row, each);
    }
    pool.forEach((row, at) => {
      const there = shown.has(at);
      if (row.hidden === there) row.hidden = !there;
      if (!there) places[at] = -1;
      row.classList.toggle("pw-current", places[at] === active);
    });
    say(scroller, "aria-activedescendant", rowAt(active)?.id ?? null);
  }

  function draw() {
    height = count && body.getBoundingClientRect().height / count; // 0 where nothing is laid out yet
    place(true);
  }

  /** @param {number} to a place that is to be in sight */
  function show(to) {
    active = to;
    const [top, bottom] = [to * height, (to + 1) * height];
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (bottom > scroller.scrollTop + room()) scroller.scrollTop = bottom - room();
    place(false);
  }

  on(scroller, "scroll", soon(signal, () => place(false)), signal, { passive: true });
  on(scroller, "click", (event) => {
    const at = pool.findIndex((row) => row.contains(targetOf(event)));
    if (at < 0 || places[at] < 0) return;
    show(places[at]);
    take(places[at]);
  }, signal);
  /** @param {string} key */
  const step = (key) => () => {
    show(stepAlong(key, active, count, Math.max(Math.floor(room() / (height || 1)) - 1, 1)));
    return null;
  };
  const press = () => {
    if (count) take(active);
    return null;
  };
  const keys = ["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", "Ctrl+Home", "Ctrl+End"];
  rove(scroller, { ...Object.fromEntries(keys.map((key) => [key, step(key)])), Enter: press, " ": press }, signal);
  watchSize([scroller], signal, draw);
  return {
    /**
     * Other rows: from their first on, or from where the list is.
     * @param {number} total
     * @param {boolean} anew whether they begin anew
     */
    draw(total, anew) {
      count = total;
      say(scroller, "aria-rowcount", count + 1);
      paint(body, { "--rows": count });
      active = anew ? 0 : clamp(active, 0, Math.max(count - 1, 0));
      if (anew) scroller.scrollTop = 0;
      draw();
    },
    refill: () => place(true),
    show,
  };
}
