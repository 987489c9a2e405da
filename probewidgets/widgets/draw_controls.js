// @ts-check
// What there is to choose: the active layer, what the colour means, which layers are shown, and which page of words.
// And the legend, which says what the colours mean.

/** The slider "Layer", with the layer and its accuracy beside it. Hidden layers are skipped. */
function layerSlider(store, signal) {
  const input = h("input", { type: "range", step: "1", "aria-label": "Layer" });
  const output = h("span", { class: "pw-value", "aria-hidden": "true" });
  const root = h("label", { class: "pw-control pw-slider" }, h("span", { class: "pw-name", "aria-hidden": "true" }, "Layer"), input, output);
  input.addEventListener("input", () => {
    const { layers, layer } = store.choice;
    const wanted = Number(input.value);
    const next = layers.includes(wanted) ? wanted
      : wanted > layer ? layers.find((each) => each > wanted) : layers.findLast((each) => each < wanted);
    if (next === undefined) input.value = String(layer);
    else store.pickLayer(next);
  }, { signal });
  return {
    root,
    draw() {
      const { scene, choice } = store;
      const layers = choice.layers ?? [];
      root.hidden = layers.length === 0;
      if (root.hidden) return;
      input.min = String(layers[0]);
      input.max = String(layers.at(-1));
      input.value = String(choice.layer);
      const accuracy = scene.accuracy(choice.layer);
      const note = scene.layerNotes[scene.row.get(choice.layer)];
      const score = Number.isFinite(accuracy) ? `test accuracy ${digits(accuracy, 3)}` : null;
      output.textContent = [String(choice.layer), note, score].filter(Boolean).join(" · ");
      input.setAttribute("aria-valuetext", [`Layer ${choice.layer}`, note, score].filter(Boolean).join(", "));
    },
  };
}

/** The combobox "Colour by". */
function colourSelect(store, signal) {
  const select = h("select", { "aria-label": "Colour by" });
  const root = h("label", { class: "pw-control" }, h("span", { class: "pw-name", "aria-hidden": "true" }, "Colour by"), select);
  let drawn = null;
  select.addEventListener("change", () => {
    const k = Number(select.value);
    if (select.value === "label" || select.value === "entropy") store.choose({ colour: select.value, label: null });
    else store.choose({ colour: "probability", label: store.scene.labels[k] });
  }, { signal });
  return {
    root,
    draw() {
      const { scene, choice } = store;
      const key = scene.labels.join("\n");
      if (key !== drawn) {
        const one = (value, text) => h("option", { value }, text);
        select.replaceChildren(
          one("label", "Predicted label"), one("entropy", "Entropy"),
          ...scene.order.map((k) => one(k, `Probability of ${visible(scene.labels[k])}`)),
        );
        drawn = key;
      }
      select.value = choice.colour === "probability" ? String(scene.labelIndex.get(choice.label)) : choice.colour ?? "label";
    },
  };
}

/** A list of check boxes, one per layer; at least one stays. */
function layerChooser(store, signal) {
  const summary = h("summary", {});
  const boxes = h("div", { class: "pw-boxes", role: "group", "aria-label": "Layers shown" });
  const all = h("button", { type: "button", class: "pw-button" }, "All");
  const root = h("details", { class: "pw-control pw-chooser" }, summary, boxes);
  let drawn = null;
  boxes.addEventListener("change", () => {
    const layers = [...boxes.querySelectorAll("input")].filter((box) => box.checked).map((box) => Number(box.value));
    if (layers.length) chooseLayers(store, layers);
  }, { signal });
  all.addEventListener("click", () => chooseLayers(store, store.scene.layers), { signal });
  return {
    root,
    draw() {
      const { scene, choice } = store;
      const shown = choice.layers ?? [];
      root.hidden = scene.layers.length < 2;
      const key = scene.layers.join();
      if (key !== drawn) {
        boxes.replaceChildren(...scene.layers.map((layer) => h("label", {}, h("input", { type: "checkbox", value: layer, "aria-label": `Show layer ${layer}` }), String(layer))), all);
        drawn = key;
      }
      for (const box of boxes.querySelectorAll("input")) {
        box.checked = shown.includes(Number(box.value));
        box.disabled = box.checked && shown.length === 1;
      }
      summary.textContent = shown.length === scene.layers.length ? `All ${scene.layers.length} layers shown` : `${shown.length} of ${scene.layers.length} layers shown`;
    },
  };
}

/** Show some layers; if the active one is not among them, the nearest becomes active, as in the kernel. */
function chooseLayers(store, layers) {
  const { layer, selected } = store.choice;
  const nearest = layers.reduce((best, each) => (Math.abs(each - layer) < Math.abs(best - layer) ? each : best));
  const moved = selected && nearest !== layer ? [nearest, selected[1]] : selected;
  const kept = moved && !layers.includes(moved[0]) ? [nearest, moved[1]] : moved;
  store.choose({ layers: [...layers], layer: nearest, selected: kept ?? null });
}

/** Buttons for a long text's pages; hidden for a short one. */
function pager(store, signal) {
  const earlier = h("button", { type: "button", class: "pw-button" }, "◂ Earlier");
  const later = h("button", { type: "button", class: "pw-button" }, "Later ▸");
  const place = h("span", { class: "pw-value" });
  const root = h("div", { class: "pw-pager", role: "group", "aria-label": "Pages" }, earlier, place, later);
  earlier.addEventListener("click", () => store.turnTo(Math.max(store.scene.window.start - 1, 0)), { signal });
  later.addEventListener("click", () => store.turnTo(store.scene.window.end), { signal });
  return {
    root,
    draw() {
      const { start, end, total } = store.scene.window;
      root.hidden = end - start >= total;
      place.textContent = `${store.scene.unit}s ${(start + 1).toLocaleString("en")}–${end.toLocaleString("en")} of ${total.toLocaleString("en")}`;
      earlier.disabled = start === 0 || !store.has(start - 1);
      later.disabled = end >= total || !store.has(end);
    },
  };
}

/** What the colours mean, with units. */
function legend(store) {
  const root = h("div", { class: "pw-legend" });
  return {
    root,
    draw() {
      const { scene, choice } = store;
      root.hidden = scene.U === 0;
      if (choice.colour === "label") root.replaceChildren(...labelKeys(scene, choice), h("span", { class: "pw-hint" }, "stronger = more probable"));
      else root.replaceChildren(...rampKey(scene, choice));
      if (scene.units.seen.includes(false)) root.append(h("span", { class: "pw-hint" }, h("span", { class: "pw-unseen-key" }, "dotted"), " = not seen in training"));
    },
  };
}

/** A swatch for each label that is on the screen, most frequent first. */
function labelKeys(scene, choice) {
  const present = new Set();
  for (const layer of choice.layers) for (let unit = 0; unit < scene.U; unit += 1) present.add(scene.top(layer, unit));
  const keys = scene.order.filter((k) => present.has(k));
  const most = 20;
  const items = keys.slice(0, most).map((k) =>
    h("span", { class: "pw-key" }, paint(h("span", { class: "pw-swatch", "aria-hidden": "true" }), { "--fill": `var(--pw-k${k})`, "--edge": `var(--pw-e${k})` }), visible(scene.labels[k])));
  return keys.length > most ? [...items, h("span", { class: "pw-hint" }, `and ${keys.length - most} more`)] : items;
}

/** The ramp with the values at its start, middle and end. */
function rampKey(scene, choice) {
  const bar = paint(h("span", { class: "pw-ramp", "aria-hidden": "true" }), { "--ramp": `linear-gradient(to right, ${scene.palette.ramp.join(", ")})` });
  const entropy = choice.colour === "entropy";
  const top = rampTop(scene, choice);
  const ticks = entropy ? ["0", digits(top / 4), digits(top)] : ["0", "0.5", "1"];
  const name = entropy ? "entropy (bits), square-root scale" : `probability of ${visible(choice.label ?? "")}`;
  return [h("span", { class: "pw-key" }, `${name}:`), h("span", { class: "pw-scale" }, bar, ...ticks.map((tick) => h("span", {}, tick)))];
}
