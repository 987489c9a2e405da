// @ts-check
// The strip: the units of each line as chips, coloured by what they say at the active layer.

/** Builds the list "Predictions". */
function tokenStrip(store, signal) {
  const list = h("div", { class: "pw-strip", role: "list", "aria-label": "Predictions" });
  const marked = watchEdges(list, signal);
  let drawn = null;
  let revealed = null; // the selected unit that was last scrolled to
  let chips = [];

  const unitOf = (target) => Number(target.closest?.(".pw-chip")?.dataset.unit ?? -1);
  const select = (unit) => store.choose({ selected: [store.choice.layer, store.scene.window.start + unit] });
  list.addEventListener("click", (event) => {
    const unit = unitOf(event.target);
    if (unit < 0) return;
    focusOnly(list, chips[unit].button, false);
    select(unit);
  }, { signal });
  const step = (by) => (target) => chips[clamp(unitOf(target) + by, 0, chips.length - 1)]?.button;
  const aside = (by) => (target) => step(target.closest(".pw-line[dir=rtl]") ? -by : by)(target);
  rove(list, {
    ArrowLeft: aside(-1), ArrowUp: step(-1), ArrowRight: aside(1), ArrowDown: step(1),
    Home: () => chips[0]?.button, End: () => chips.at(-1)?.button,
  }, signal);

  function build() {
    const { scene } = store;
    const focused = focusIn(list) ? unitOf(focusIn(list)) : -1;
    chips = scene.names.map((name, unit) => chip(scene, name, unit));
    const lines = new Map();
    chips.forEach((one, unit) => {
      const line = scene.units.line[unit];
      if (!lines.has(line)) lines.set(line, h("div", { class: "pw-line", dir: directionOf(lineText(scene, line)) }));
      lines.get(line).append(one.item);
    });
    list.replaceChildren(...lines.values());
    list.hidden = chips.length === 0; // a list without items is no list
    if (chips.length) focusOnly(list, chips[clamp(focused, 0, chips.length - 1)].button, focused >= 0);
    drawn = scene;
  }
  return {
    root: list,
    draw() {
      if (store.scene !== drawn) build();
      const { scene, choice } = store;
      chips.forEach((one, unit) => fillChip(one, scene, choice, unit));
      marked();
      const unit = choice.selected?.[1] ?? null;
      const selected = chips[unit - scene.window.start];
      if (unit !== null && unit !== revealed && selected) reveal(list, selected.item);
      revealed = unit;
    },
  };
}

function lineText(scene, line) {
  return scene.units.text.filter((_, unit) => scene.units.line[unit] === line).join(" ");
}

function chip(scene, name, unit) {
  const text = word(scene.units.text[unit], { class: "pw-word" });
  const said = h("span", { class: "pw-said" });
  const more = h("span", { class: "pw-more" });
  const mark = h("span", { class: "pw-mark" });
  const bar = h("span", { class: "pw-bar", "aria-hidden": "true" });
  const button = h("button", { class: "pw-chip", type: "button", tabindex: "-1", "data-unit": unit }, text, bar, said, more, mark);
  button.classList.toggle("pw-unseen", scene.units.seen[unit] === false);
  return { item: h("div", { class: "pw-item", role: "listitem" }, button), button, said, more, mark };
}

function fillChip({ item, button, said, more, mark }, scene, choice, unit) {
  const { layer, selected } = choice;
  const look = cellLook(scene, choice, layer, unit);
  const p = scene.share(layer, unit);
  const gold = scene.gold(unit);
  const extra = remark(scene, layer, unit);
  item.setAttribute("aria-label", `${scene.names[unit]}: ${scene.said(layer, unit)}`);
  if (extra) item.setAttribute("aria-description", extra);
  else item.removeAttribute("aria-description");
  button.title = [cellName(scene, layer, unit), colourTitle(choice, look), extra].filter(Boolean).join("\n");
  button.setAttribute("aria-pressed", String(isSelected(scene, selected, layer, unit)));
  said.textContent = scene.said(layer, unit);
  more.replaceChildren(h("span", {}, visible(colourName(choice))), " ", look.text);
  more.hidden = choice.colour === "label";
  mark.textContent = gold === null ? "" : scene.right(layer, unit) ? "✓" : `✗ ${visible(gold)}`;
  mark.hidden = gold === null;
  paint(button, { "--fill": look.fill, "--edge": look.edge, "--cell-ink": look.ink, "--p": String(Number.isFinite(p) ? p : 0) });
}
