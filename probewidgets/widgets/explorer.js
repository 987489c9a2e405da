// @ts-check
// The explorer: type, see, choose. The box sends what is typed; everything else is drawn from the store.

/** The textbox "Sentences". */
function sentencesBox(store, signal) {
  const box = h("textarea", { class: "pw-text", "aria-label": "Sentences", rows: "2", spellcheck: "false", placeholder: "Type a sentence; each line is one." });
  box.addEventListener("input", () => store.type(box.value), { signal });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) event.preventDefault(); // runs no cell
  }, { signal });
  return {
    root: box,
    draw() {
      if (box.value !== store.text) box.value = store.text;
      box.style.setProperty("--lines", String(clamp(store.text.split("\n").length, 2, 8)));
      box.disabled = !store.usable;
      box.readOnly = store.connection === "static";
    },
  };
}

/** One line on how things stand; read out by screen readers when it changes. */
function statusLine(store) {
  const root = h("p", { class: "pw-status", role: "status", "aria-live": "polite" });
  return {
    root,
    draw() {
      const text = statusText(store);
      if (root.textContent !== text) root.textContent = text;
      root.classList.toggle("pw-warn", !store.usable || store.connection === "busy");
    },
  };
}

function statusText(store) {
  const { scene, choice, view } = store;
  if (store.connection === "lost") return "Not connected: run the cell again (or wait, if the kernel is busy).";
  if (store.connection === "restarted") return "The kernel has restarted. Not connected: run the cell again.";
  if (store.connection === "busy") return "The kernel is busy; what you do here is kept and sent when it is free.";
  if (store.working) return "Working…";
  if (view.error && scene.window.total) return "No answer to this text; below is the last one.";
  if (scene.window.total === 0) return view.error ? "No answer." : "No words yet: type a sentence.";
  const parts = [plural(scene.window.total, scene.unit), `layer ${choice.layer}`];
  if (scene.units.gold.some((gold) => gold !== null)) parts.push(goldText(scene, choice.layer));
  if (view.ms) parts.push(`answered in ${view.ms < 10 ? view.ms.toFixed(1) : Math.round(view.ms).toLocaleString("en")} ms`);
  if (store.connection === "static") parts.push("a saved view, without a kernel");
  return parts.join(", ");
}

function goldText(scene, layer) {
  const tagged = scene.units.gold.flatMap((gold, unit) => (gold === null ? [] : [unit]));
  return `${tagged.filter((unit) => scene.right(layer, unit)).length} of ${tagged.length} gold right`;
}

/** The notes of the predictor: words without a token, text cut off. */
function noteList(store) {
  const root = h("ul", { class: "pw-notes" });
  return {
    root,
    draw() {
      root.hidden = store.scene.notes.length === 0;
      root.replaceChildren(...store.scene.notes.map((note) => h("li", {}, visible(note))));
    },
  };
}

/** What the predictor raised for the last text; nothing while a newer one is worked on. */
function errorBox(store, signal) {
  const { root, say } = alertBox(signal);
  return { root, draw: () => say(store.working ? "" : store.view.error ?? "") };
}

/** How much to believe the numbers: the sweep's report, folded up. */
function reportPanel(store) {
  const text = h("pre", {});
  const root = h("details", { class: "pw-report" }, h("summary", {}, "How much to believe it"), text);
  return {
    root,
    draw() {
      const report = store.view.report ?? "";
      root.hidden = !report;
      if (text.textContent !== report) text.textContent = report;
    },
  };
}

const KEYS = [
  ["← → ↑ ↓", "go along words, cells and layers"],
  ["Enter, Space", "select the word or the cell, whose layer becomes the active one"],
  ["↑ ↓ on a row's head", "change the layer"],
  ["Page Up, Page Down", "go five layers up or down"],
  ["Home, End", "first and last of a row"],
  ["Ctrl+Home, Ctrl+End", "corners of the heatmap"],
  ["Esc", "close this list; leave the heatmap for the text"],
  ["?", "show or close this list"],
];

/** The list of the keys, and the button that shows it. In the text box "?" is a character like any other. */
function keyList(signal) {
  const rows = KEYS.map(([keys, effect]) => [h("dt", {}, h("kbd", {}, keys)), h("dd", {}, effect)]).flat();
  const root = h("div", { class: "pw-keys", role: "dialog", "aria-label": "Keys", tabindex: "-1", hidden: true }, h("dl", {}, ...rows));
  const button = h("button", { type: "button", class: "pw-button pw-keys-button", "aria-label": "Keys", "aria-expanded": "false", title: "Keys" }, "?");
  let before = null; // what had the focus
  const open = (shown) => {
    if (shown) before = root.getRootNode().activeElement;
    root.hidden = !shown;
    button.setAttribute("aria-expanded", String(shown));
    if (shown) root.focus({ preventScroll: true });
    else before?.focus({ preventScroll: true });
  };
  button.addEventListener("click", () => open(root.hidden), { signal });
  return {
    root, button,
    /** Hear the keys pressed in an element before its parts do. */
    listen(element) {
      element.addEventListener("keydown", (event) => {
        const asked = event.key === "?" && event.target.localName !== "textarea";
        if (!asked && (event.key !== "Escape" || root.hidden)) return;
        event.preventDefault();
        event.stopPropagation();
        open(asked && root.hidden);
      }, { signal, capture: true });
    },
  };
}

function explorer(store, signal) {
  const box = sentencesBox(store, signal);
  const leave = () => box.root.focus();
  const parts = {
    box,
    slider: layerSlider(store, signal),
    colour: colourSelect(store, signal),
    chooser: layerChooser(store, signal),
    error: errorBox(store, signal),
    strip: tokenStrip(store, signal),
    notes: noteList(store),
    pager: pager(store, signal),
    heatmap: layerHeatmap(store, signal, leave),
    curve: layerCurve(store, signal),
    details: cellDetails(store, signal),
    legend: legend(store),
    report: reportPanel(store),
    status: statusLine(store),
  };
  const roots = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.root]));
  const keys = keyList(signal);
  const controls = h("div", { class: "pw-controls" }, roots.slider, roots.colour, roots.chooser, keys.button);
  const root = h("section", { class: "pw-explorer", role: "region", "aria-label": "Probe explorer" },
    roots.box, roots.status, controls, keys.root, roots.error, roots.strip, roots.notes, roots.pager,
    h("div", { class: "pw-panels" },
      h("div", { class: "pw-main" }, roots.heatmap, roots.legend), roots.curve, roots.details),
    roots.report);
  keys.listen(root);
  return {
    root,
    draw(what) {
      root.classList.toggle("pw-stale", store.working);
      if (what === "draft") return box.draw();
      if (what === "status") {
        for (const part of [parts.status, parts.error, box, parts.pager]) part.draw();
        for (const control of controls.querySelectorAll("input, select")) control.disabled = !store.usable;
        if (store.usable) parts.chooser.draw();
        return undefined;
      }
      for (const part of Object.values(parts)) part.draw();
      return undefined;
    },
  };
}

export default widgetOf(explorer);
