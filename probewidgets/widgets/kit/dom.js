// @ts-check
// Elements, the focus among them, and scrolling. Nothing here keeps state, and nothing is fetched.

/** @import { Attributes } from "./host.d.ts" */

/**
 * An element with attributes (null and false: none) and children (null: none). Text is only ever text.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  return dress(document.createElement(tag), attributes, children);
}

/**
 * The same for SVG.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {...(Node | string | null)} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes = {}, ...children) {
  return dress(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/**
 * A button that submits nothing.
 * @param {string} text
 * @param {Attributes} [attributes]
 */
export function pushButton(text, attributes = {}) {
  return h("button", { type: "button", class: "pw-button", ...attributes }, text);
}

/**
 * @template {Element} Kind
 * @param {Kind} element
 * @param {Attributes} attributes
 * @param {(Node | string | null)[]} children
 */
function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if ((value ?? false) === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...present(children));
  return element;
}

/**
 * Set an attribute that is another one by now, or remove it (null): what is set anew is laid out anew.
 * @param {Element} element
 * @param {string} name
 * @param {string | number | boolean | null} value
 */
export function say(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== `${value}`) element.setAttribute(name, `${value}`);
}

/**
 * Write a text that is another one by now.
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * What there is of some things.
 * @template Thing
 * @param {(Thing | null | undefined)[]} things
 * @returns {Thing[]}
 */
export function present(things) {
  return /** @type {Thing[]} */ (things.filter((thing) => (thing ?? null) !== null));
}

/**
 * Set CSS custom properties through the object model, which a strict content policy allows.
 * @template {HTMLElement | SVGElement} Kind
 * @param {Kind} element
 * @param {Record<string, string | number>} properties
 */
export function paint(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (element.style.getPropertyValue(name) !== `${value}`) element.style.setProperty(name, `${value}`);
  }
  return element;
}

/**
 * Text as an element that cannot reorder its neighbours.
 * @param {string} text
 * @param {Attributes} [attributes]
 */
export function word(text, attributes = {}) {
  return h("bdi", attributes, text);
}

/**
 * The element that an event happened to.
 * @param {Event} event
 */
export function targetOf(event) {
  return /** @type {HTMLElement} */ (event.target);
}

/**
 * Call `act` whenever an event of one of some types happens to a target, until a signal.
 * @template {keyof HTMLElementEventMap} Type
 * @param {EventTarget | null | undefined} target
 * @param {Type | Type[]} types
 * @param {(event: HTMLElementEventMap[Type]) => void} act
 * @param {AbortSignal} signal
 * @param {AddEventListenerOptions} [options]
 */
export function on(target, types, act, signal, options) {
  for (const type of [types].flat()) {
    target?.addEventListener(type, /** @type {EventListener} */ (act), { signal, ...options });
  }
}

/**
 * Call `act` at the end of a signal.
 * @param {AbortSignal | undefined} signal
 * @param {() => void} act
 */
export function atEnd(signal, act) {
  signal?.addEventListener("abort", act);
}

/**
 * Call `act` when one of some elements has another size.
 * @param {Element[]} elements
 * @param {AbortSignal} signal
 * @param {() => void} act
 */
export function watchSize(elements, signal, act) {
  const sizes = new ResizeObserver(() => act());
  for (const element of elements) sizes.observe(element);
  atEnd(signal, () => sizes.disconnect());
}

/**
 * Call `act` when the host may have changed its theme.
 * @param {AbortSignal} signal
 * @param {() => void} act
 */
export function watchTheme(signal, act) {
  const changes = new MutationObserver(act);
  for (const element of [document.documentElement, document.body]) changes.observe(element, { attributes: true });
  on(matchMedia("(prefers-color-scheme: dark)"), "change", act, signal);
  atEnd(signal, () => changes.disconnect());
}

/**
 * Keys for a group in which one element at a time is in the tab order.
 * `steps` maps a key to a function from the focused element to the next one, or to null to stay.
 * @param {Element} group
 * @param {Record<string, (target: HTMLElement) => Element | null | undefined>} steps
 * @param {AbortSignal} signal
 */
export function rove(group, steps, signal) {
  on(group, "keydown", (event) => {
    if (event.altKey || event.metaKey) return;
    const step = steps[event.ctrlKey ? `Ctrl+${event.key}` : event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const next = step(targetOf(event));
    if (next) focusOnly(group, next);
  }, signal);
}

/**
 * The focused element if it lies inside a group, also in a shadow tree; else null.
 * @param {Element} group
 * @returns {HTMLElement | null}
 */
export function focusIn(group) {
  const root = /** @type {Document | ShadowRoot} */ (group.getRootNode());
  const focused = root.activeElement ?? null;
  return focused && group.contains(focused) ? /** @type {HTMLElement} */ (focused) : null;
}

/**
 * Put one element of a group into the tab order instead of the others, and focus it if asked.
 * @param {Element} group
 * @param {Element} element
 * @param {boolean} [focus]
 */
export function focusOnly(group, element, focus = true) {
  for (const other of group.querySelectorAll('[tabindex="0"]')) {
    if (other !== element) other.setAttribute("tabindex", "-1");
  }
  element.setAttribute("tabindex", "0");
  if (focus) /** @type {HTMLElement} */ (element).focus();
}

/**
 * What to call for `act` to be called just before the page is laid out anyway: once, however often it is asked for.
 * @param {AbortSignal} signal
 * @param {() => void} act
 */
export function soon(signal, act) {
  let frame = 0;
  const stop = () => cancelAnimationFrame(frame);
  atEnd(signal, stop);
  return () => {
    stop();
    frame = requestAnimationFrame(act);
  };
}

/**
 * Say in classes on which sides a scroller goes on, so that its edges can fade there.
 * `resized()` is called whenever it or what is in it has another size. Comes back: what to call when that is replaced.
 * @param {HTMLElement} scroller
 * @param {AbortSignal} signal
 * @param {() => void} [resized]
 */
export function watchEdges(scroller, signal, resized = () => {}) {
  const mark = () => {
    const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = scroller;
    const along = Math.abs(scrollLeft); // negative where lines run from right to left
    scroller.classList.toggle("pw-before", along > 1);
    scroller.classList.toggle("pw-after", along + clientWidth < scrollWidth - 1);
    scroller.classList.toggle("pw-below", scrollTop + clientHeight < scrollHeight - 1);
  };
  on(scroller, "scroll", mark, signal, { passive: true });
  watchSize([scroller, ...scroller.children], signal, () => {
    resized();
    mark();
  });
  return soon(signal, mark);
}

const FADE = 32; // px beside what is scrolled to: more than the edge that fades

/**
 * Scroll a scroller, and nothing around it, until an element in it can be seen beside its fixed `left` and `top` px.
 * Whether that could be done: without a layout it cannot.
 * @param {HTMLElement} scroller
 * @param {Element} element
 * @param {number} [left]
 * @param {number} [top]
 */
export function reveal(scroller, element, left = 0, top = 0) {
  if (!scroller.clientWidth) return false;
  const [outer, inner] = [scroller.getBoundingClientRect(), element.getBoundingClientRect()];
  const x = outer.left + scroller.clientLeft;
  const y = outer.top + scroller.clientTop;
  scroller.scrollBy({
    left: into(inner.left, inner.right, x + left, x + scroller.clientWidth - FADE),
    top: into(inner.top, inner.bottom, y + top, y + scroller.clientHeight - FADE),
    behavior: "instant",
  });
  return true;
}

/**
 * How far a range must be moved to lie between `low` and `high`; its start comes first.
 * @param {number} start
 * @param {number} end
 * @param {number} low
 * @param {number} high
 */
export function into(start, end, low, high) {
  return start < low ? start - low : Math.max(Math.min(end - high, start - low), 0);
}

/**
 * Select an element's text and copy it, or what is to be copied in its place; whether the page may do that. Without https
 * only the older way is open.
 * @param {Element} element
 * @param {string} [text]
 */
export async function copied(element, text = element.textContent ?? "") {
  getSelection()?.selectAllChildren(element);
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}
