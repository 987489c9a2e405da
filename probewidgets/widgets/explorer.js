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
function errorBox(store) {
  const root = h("p", { class: "pw-alert", role: "alert", hidden: true });
  return {
    root,
    draw() {
      const text = store.working ? "" : store.view.error ?? "";
      root.hidden = text === "";
      if (root.textContent !== text) root.textContent = text;
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
    error: errorBox(store),
    strip: tokenStrip(store, signal),
    notes: noteList(store),
    pager: pager(store, signal),
    heatmap: layerHeatmap(store, signal, leave),
    curve: layerCurve(store, signal),
    details: cellDetails(store, signal),
    legend: legend(store),
    status: statusLine(store),
  };
  const roots = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.root]));
  const controls = h("div", { class: "pw-controls" }, roots.slider, roots.colour, roots.chooser);
  const root = h("section", { class: "pw-explorer", role: "region", "aria-label": "Probe explorer" },
    roots.box, roots.status, controls, roots.error, roots.strip, roots.notes, roots.pager,
    h("div", { class: "pw-panels" },
      h("div", { class: "pw-main" }, roots.heatmap, roots.legend), roots.curve, roots.details));
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
