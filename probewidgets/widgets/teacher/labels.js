// @ts-check
// The labels to paint with: the listbox "Labels", of which one is the brush, the textbox "New label", and one for another name.

/** @import { Part } from "../kit/host.d.ts" */
/** @import { TeacherStore } from "./store.js" */
import { focusIn, h, on, paint, pushButton, say, targetOf, word } from "../kit/dom.js";
import { whole } from "../kit/text.js";
import { NOTHING } from "./scene.js";

/**
 * @param {TeacherStore} store
 * @param {AbortSignal} signal
 * @returns {Part & { press: (key: string) => boolean }}
 */
export function labelBar(store, signal) {
  const attributes = { class: "pw-brushes", role: "listbox", "aria-label": "Labels", "aria-orientation": "horizontal" };
  const list = h("div", { ...attributes, tabindex: "0" });
  const input = nameBox("New label");
  input.placeholder = "new label";
  const add = pushButton("Add", { "aria-label": "Add label" });
  const naming = renaming(store, list, signal);
  const form = h("form", { class: "pw-adding" }, input, add);
  const root = h("div", { class: "pw-labels" }, list, naming.root, form);
  const names = () => [...store.lesson.labels, NOTHING];
  let drawn = "";

  /** @param {string} label */
  const take = (label) => store.open && store.choose({ label });
  function make() {
    const name = input.value.trim();
    if (!name || !store.open) return;
    store.change("label", { name });
    input.value = "";
    add.disabled = true;
  }
  root.addEventListener("submit", (event) => event.preventDefault(), { signal });
  add.addEventListener("click", make, { signal });
  input.addEventListener("input", () => (add.disabled = !input.value.trim()), { signal });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    make();
  }, { signal });
  list.addEventListener("click", (event) => {
    const { label } = /** @type {HTMLElement | null} */ (targetOf(event).closest("[data-label]"))?.dataset ?? {};
    if (label !== undefined) take(label);
  }, { signal });
  on(list, "dblclick", naming.begin, signal);
  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !press(event.key)) return;
    event.preventDefault();
  }, { signal });

  /** @param {string} key */
  function press(key) {
    const all = names();
    const at = Math.max(all.indexOf(store.brush), 0);
    /** @type {Record<string, number>} */
    const steps = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: all.length - 1,
    };
    if (key === "F2") naming.begin();
    const to = /^[1-9]$/.test(key) ? Number(key) - 1 : key === "0" ? all.length - 1 : steps[key];
    if (key === "Delete") naming.drop();
    else if (to === undefined) return key === "F2";
    else if (all[to] !== undefined) take(all[to]);
    return true;
  }
  return {
    root,
    press,
    draw() {
      const { labels } = store.lesson;
      const counts = /** @type {number[]} */ (store.view.counts ?? []);
      const key = JSON.stringify([labels, counts]);
      if (key !== drawn) {
        list.replaceChildren(...names().map((name, k) => optionOf(name, k, counts[k] ?? 0, store.hue(k))));
      }
      drawn = key;
      for (const option of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("[role=option]"))) {
        const chosen = option.dataset.label === store.brush;
        say(option, "aria-selected", chosen);
        if (chosen) say(list, "aria-activedescendant", option.id);
      }
      add.disabled = !store.open || !input.value.trim();
      input.disabled = !store.open;
      naming.draw();
      root.hidden = store.connection === "static";
    },
  };
}

/**
 * A textbox for the name of a label.
 * @param {string} name of the box
 */
function nameBox(name) {
  const typed = { type: "text", maxlength: "40", autocomplete: "off", spellcheck: "false" };
  return h("input", { class: "pw-new", "aria-label": name, ...typed });
}

/**
 * The buttons "Rename label" and "Remove label", and the textbox that the first one opens, in which Enter gives the label that
 * is painted with another name, and Escape leaves it as it is.
 * @param {TeacherStore} store
 * @param {HTMLElement} list which has the focus afterwards
 * @param {AbortSignal} signal
 */
function renaming(store, list, signal) {
  const box = nameBox("");
  const edit = pushButton("✎", { "aria-label": "Rename label", title: "Rename the label that is chosen (F2)" });
  const title = "Take the label that is chosen away: what is painted with it is untouched again (Delete)";
  const away = pushButton("×", { "aria-label": "Remove label", title });
  const root = h("span", { class: "pw-naming" }, box, edit, away);
  let label = ""; // that is being renamed; empty: none
  const owned = () => store.open && store.brush !== NOTHING;
  function begin() {
    if (!owned()) return;
    label = store.brush;
    box.value = label;
    say(box, "aria-label", `New name of ${label}`);
    draw();
    box.select();
    box.focus();
  }
  /** @param {boolean} keep whether the label is called as is typed */
  function end(keep) {
    const [name, to] = [label, box.value.trim()];
    if (!name) return;
    label = ""; // from here on the box that loses the focus means nothing
    if (focusIn(root)) list.focus();
    draw();
    if (keep && to && to !== name) store.change("rename", { name, to });
  }
  function drop() {
    if (owned()) store.change("drop", { name: store.brush });
  }
  function draw() {
    box.hidden = !label;
    edit.hidden = away.hidden = Boolean(label);
    edit.disabled = away.disabled = !owned();
  }
  on(edit, "click", begin, signal);
  on(away, "click", drop, signal);
  on(box, "blur", () => end(true), signal);
  on(box, "keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    end(event.key === "Enter");
  }, signal);
  return { root, begin, drop, draw };
}

let options = 0; // each has an id of its own in the page, which may have several lessons

/**
 * @param {string} name
 * @param {number} k
 * @param {number} count
 * @param {string} hue
 */
function optionOf(name, k, count, hue) {
  const nothing = name === NOTHING;
  const called = nothing ? "Nothing here" : name;
  const digit = nothing ? "0" : k < 9 ? String(k + 1) : "";
  const title = [
    `${called}: ${whole(count)} painted`,
    digit && `key ${digit}`,
    nothing ? "" : "F2 renames it, Delete takes it away",
  ].filter(Boolean).join("; ");
  const option = h(
    "span",
    {
      class: nothing ? "pw-brush pw-none" : "pw-brush",
      role: "option",
      id: `pw-option-${options += 1}`,
      "aria-label": called,
      "data-label": name,
      title,
    },
    h("span", { class: "pw-digit", "aria-hidden": "true" }, digit),
    word(nothing ? "nothing here" : name),
  );
  return paint(option, { "--hue": nothing ? "transparent" : hue });
}
