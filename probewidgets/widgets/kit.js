// @ts-check
// What every widget shares: elements, text made visible, numbers, and a widget that cannot end as an empty cell.
// Python joins this file in front of each widget's own module. Nothing here keeps state, and nothing is fetched.

/** An element with attributes (null and false: none) and children (null: none). Text is only ever text. */
function h(tag, attributes = {}, ...children) {
  return dress(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
function svg(tag, attributes = {}, ...children) {
  return dress(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Set CSS custom properties through the object model, which a strict content policy allows. */
function paint(element, properties) {
  for (const [name, value] of Object.entries(properties)) element.style.setProperty(name, value);
  return element;
}

const HIDDEN = new Map(Object.entries({
  a0: "⍽", ad: "⟨SHY⟩", "61c": "⟨ALM⟩", "200b": "⟨ZWSP⟩", "200c": "⟨ZWNJ⟩", "200d": "⟨ZWJ⟩", "200e": "⟨LRM⟩", "200f": "⟨RLM⟩",
  "202a": "⟨LRE⟩", "202b": "⟨RLE⟩", "202c": "⟨PDF⟩", "202d": "⟨LRO⟩", "202e": "⟨RLO⟩", 2060: "⟨WJ⟩", 2066: "⟨LRI⟩",
  2067: "⟨RLI⟩", 2068: "⟨FSI⟩", 2069: "⟨PDI⟩", feff: "⟨BOM⟩",
}));

/** Typed text with control, format and bidirectional characters spelt out; the same as `visible` in Python. */
function visible(text) {
  if (!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00a0]/u.test(text)) return text;
  const characters = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  return characters.map((code, place) => {
    const character = String.fromCodePoint(code);
    if (!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00a0]/u.test(character)) return character;
    if (joinerAtWork(code, characters[place - 1] ?? 0, characters[place + 1] ?? 0)) return character;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    if (code === 0x7f) return "␡";
    return HIDDEN.get(code.toString(16)) ?? `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  }).join("");
}

/** Whether a joiner stands between two characters beyond ASCII, or a tag inside a flag. */
function joinerAtWork(code, before, after) {
  const joined = (other) => other > 0xff && !(other >= 0x2000 && other < 0x2070);
  if (code === 0x200c || code === 0x200d) return joined(before) && joined(after);
  return code >= 0xe0020 && code <= 0xe007f && (before === 0x1f3f4 || (before >= 0xe0020 && before <= 0xe007f));
}

/** Typed text as an element that cannot reorder its neighbours. */
function word(text, attributes = {}) {
  return h("bdi", attributes, visible(text));
}

/** "rtl" for text whose first letter is of a script written from right to left. (`dir="auto"` passes over isolated words.) */
function directionOf(text) {
  const letter = text.match(/\p{L}/u)?.[0] ?? "";
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u.test(letter) ? "rtl" : "ltr";
}

/** A share with a fixed number of digits; "–" for what is not a number. */
function digits(value, places = 2) {
  return Number.isFinite(value) ? value.toFixed(places) : "–";
}

function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

function plural(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

const EM = 13; // units of a plot in one em, so that its letters follow the host's font
const LABEL_GAP = 13; // of labels in 11.2 units

/** How wide a plot may be in an element, in its units; `usual` where there is no layout. */
function plotWidth(element, low, high, usual) {
  const em = parseFloat(getComputedStyle(element).fontSize);
  return element.clientWidth ? Math.round(clamp((element.clientWidth / em) * EM, low, high)) : usual;
}

/** Give a plot its size in units. */
function sizePlot(plot, width, height) {
  plot.setAttribute("viewBox", `0 0 ${width} ${height}`);
  paint(plot, { "--plot": `${width / EM}em` });
}

/** Call `act` when one of some elements has another size. */
function watchSize(elements, signal, act) {
  const sizes = new ResizeObserver(() => act());
  for (const element of elements) sizes.observe(element);
  signal.addEventListener("abort", () => sizes.disconnect(), { once: true });
}

/**
 * Heights for labels that want to stand at `wanted` but at least a `gap` apart, between `top` and `bottom`: those that
 * would touch stand around the middle of where they belong. Same order as they came.
 */
function apart(wanted, gap, top, bottom) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
  const middle = ({ sum, members }) => {
    const half = ((members.length - 1) * gap) / 2;
    return clamp(sum / members.length, top + half, Math.max(bottom - half, top + half));
  };
  const reach = (group, side) => middle(group) + (side * group.members.length * gap) / 2;
  const groups = [];
  for (const i of order) {
    let group = { sum: wanted[i], members: [i] };
    while (groups.length && reach(groups.at(-1), 1) > reach(group, -1)) {
      const above = groups.pop();
      group = { sum: above.sum + group.sum, members: [...above.members, ...group.members] };
    }
    groups.push(group);
  }
  const heights = [];
  for (const group of groups) {
    group.members.forEach((i, place) => { heights[i] = reach(group, -1) + (place + 0.5) * gap; });
  }
  return heights;
}

/** Numbers from a DataView, whatever its offset. NaN stays NaN. */
function floats(view) {
  if (!view) return new Float32Array(0);
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

/**
 * Keys for a group in which one element at a time is in the tab order.
 * `steps` maps a key to a function from the focused element to the next one, or to null to stay.
 */
function rove(group, steps, signal) {
  group.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey) return;
    const step = steps[event.ctrlKey ? `Ctrl+${event.key}` : event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const next = step(event.target);
    if (next) focusOnly(group, next);
  }, { signal });
}

/** The focused element if it lies inside a group, also in a shadow tree; else null. */
function focusIn(group) {
  const focused = group.getRootNode().activeElement ?? null;
  return focused && group.contains(focused) ? focused : null;
}

/** Put one element of a group into the tab order instead of the others, and focus it if asked. */
function focusOnly(group, element, focus = true) {
  for (const other of group.querySelectorAll('[tabindex="0"]')) if (other !== element) other.setAttribute("tabindex", "-1");
  element.setAttribute("tabindex", "0");
  if (focus) element.focus();
}

/**
 * Say in classes on which sides a scroller goes on, so that its edges can fade there.
 * `resized()` is called whenever it or what is in it has another size. Comes back: what to call when that is replaced.
 */
function watchEdges(scroller, signal, resized = () => {}) {
  const mark = () => {
    const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = scroller;
    const along = Math.abs(scrollLeft); // negative where lines run from right to left
    scroller.classList.toggle("pw-before", along > 1);
    scroller.classList.toggle("pw-after", along + clientWidth < scrollWidth - 1);
    scroller.classList.toggle("pw-below", scrollTop + clientHeight < scrollHeight - 1);
  };
  scroller.addEventListener("scroll", mark, { signal, passive: true });
  watchSize([scroller, ...scroller.children], signal, () => {
    resized();
    mark();
  });
  let frame = 0;
  signal.addEventListener("abort", () => cancelAnimationFrame(frame), { once: true });
  return () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(mark); // just before the page is laid out anyway
  };
}

const FADE = 32; // px beside what is scrolled to: more than the edge that fades

/**
 * Scroll a scroller, and nothing around it, until an element in it can be seen beside its fixed `left` and `top` px.
 * Whether that could be done: without a layout it cannot.
 */
function reveal(scroller, element, left = 0, top = 0) {
  if (!scroller.clientWidth) return false;
  const [outer, inner] = [scroller.getBoundingClientRect(), element.getBoundingClientRect()];
  const within = (start, end, low, high) => (start < low ? start - low : Math.max(Math.min(end - high, start - low), 0));
  const x = outer.left + scroller.clientLeft;
  const y = outer.top + scroller.clientTop;
  scroller.scrollBy({
    left: within(inner.left, inner.right, x + left, x + scroller.clientWidth - FADE),
    top: within(inner.top, inner.bottom, y + top, y + scroller.clientHeight - FADE),
    behavior: "instant",
  });
  return true;
}

/** An error as text, with a button that copies it: `{ root, say(text) }`. No text, no box. */
function alertBox(signal) {
  const text = h("p", { class: "pw-alert", role: "alert", hidden: true });
  const button = h("button", { type: "button", class: "pw-button" }, "Copy");
  const root = h("div", { class: "pw-fault", hidden: true }, text, button);
  button.addEventListener("click", async () => {
    button.textContent = (await copied(text)) ? "Copied" : "Selected: press Ctrl+C";
  }, { signal });
  return {
    root,
    say(message) {
      root.hidden = text.hidden = message === "";
      if (text.textContent === message) return;
      text.textContent = message;
      button.textContent = "Copy";
    },
  };
}

/** Select an element's text and copy it; whether the page may do that. Without https only the older way is open. */
async function copied(element) {
  getSelection()?.selectAllChildren(element);
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

/**
 * A widget from a function that builds one view: `build(store, signal) -> { root, draw(what) }`,
 * where `what` is what has changed: "scene", "choice", "status" or "draft".
 * The store is made once per model, so all views of a model share it. What goes wrong while drawing is written into the view.
 */
function widgetOf(build) {
  return () => {
    let store = null;
    const shared = (context) => (store ??= createStore(context));
    return {
      initialize(context) {
        store = createStore(context);
      },
      render({ model, el, signal }) {
        const life = new AbortController();
        const end = () => life.abort();
        signal?.addEventListener("abort", end, { once: true, signal: life.signal });
        showView(shared({ model, signal }), el, build, life.signal);
        return end;
      },
    };
  };
}

function showView(store, el, build, signal) {
  const fault = alertBox(signal);
  const frame = h("div", { class: "pw", "data-lm-suppress-shortcuts": "true" });
  let view = null;
  const draw = (what) => {
    try {
      view ??= build(store, signal);
      if (!view.root.isConnected) frame.prepend(view.root);
      themed(frame, store.scene);
      view.draw(what);
      fault.say("");
      frame.dataset.rev = String(store.rev);
      if (what === "scene") store.painted();
    } catch (error) {
      fault.say(`This view could not be drawn. ${error instanceof Error ? error.message : error}`);
      console.error(error);
    }
  };
  // The host's shortcuts must not see our keys. The attribute alone does not do: some of JupyterLab's match the focused
  // element itself, before its ancestors are looked at. Left to the host: Escape, Ctrl+S (save), Ctrl+Shift+C (commands).
  frame.addEventListener("keydown", (event) => {
    const command = `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.shiftKey ? "Shift+" : ""}${event.key.toLowerCase()}`;
    if (!["escape", "Ctrl+s", "Ctrl+Shift+c"].includes(command)) event.stopPropagation();
    // The browser's own undo works on whatever was edited last, which may be a cell of the notebook.
    if (/^Ctrl\+(Shift\+)?[zy]$/.test(command) && !event.target.closest?.("textarea")) event.preventDefault();
  }, { signal });
  frame.append(fault.root);
  el.append(frame);
  signal.addEventListener("abort", () => frame.remove(), { once: true });
  store.subscribe(draw, signal);
  draw("scene");
}

/** The labels' colours as CSS variables: a pair each, of which the theme takes one for fills and the other for edges. */
function themed(frame, scene) {
  if (frame.pwPalette === scene.palette) return;
  frame.pwPalette = scene.palette;
  const { light, dark } = scene.palette;
  light.forEach((colour, k) => paint(frame, {
    [`--pw-k${k}`]: `light-dark(${colour}, ${dark[k]})`,
    [`--pw-e${k}`]: `light-dark(${dark[k]}, ${colour})`,
  }));
}
