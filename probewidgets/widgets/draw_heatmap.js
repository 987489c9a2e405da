// @ts-check
// The heatmap: layers x units, the deepest layer on top as in a drawing of the model. Rows are headed by the layer and its
// test accuracy. One cell at a time is in the tab order; arrow keys move, Enter selects
// it and makes its layer the active one, Escape leaves.

/** Builds the grid "Layer heatmap". `leave()` is called on Escape. */
function layerHeatmap(store, signal, leave = () => {}) {
  const grid = h("table", { class: "pw-grid", role: "grid", "aria-label": "Layer heatmap" });
  const scroller = h("div", { class: "pw-scroll" }, grid);
  let drawn = null;
  let shown = ""; // the layers drawn
  let meaning = ""; // what the colours drawn mean
  let chosen = null; // the cell drawn as selected
  let rows = []; // [{ layer, tr, head, cells }], top to bottom
  let revealed = ""; // the selection that was last scrolled to
  let wanted = null; // the cell to scroll to once the heatmap has a size

  const place = (target) => {
    const cell = target.closest?.("[data-column]");
    return cell ? [rows.findIndex((row) => row.tr === cell.parentElement), Number(cell.dataset.column)] : null;
  };
  const show = () => {
    if (wanted && reveal(scroller, wanted, rows[0].head.offsetWidth, grid.tHead.offsetHeight)) wanted = null;
  };
  watchEdges(scroller, signal, () => {
    if (!scroller.clientWidth) wanted = chosen; // what is hidden forgets where it was
    show();
  });
  grid.addEventListener("focusin", (event) => {
    wanted = event.target.closest(".pw-cell");
    show();
  }, { signal });

  const cellAt = (row, column) => (column < 0 ? rows[row]?.head : rows[row]?.cells[column]);
  const act = (target) => {
    const [row, column] = place(target) ?? [-1, -1];
    if (row < 0) return;
    focusOnly(grid, cellAt(row, column), false);
    const { layer } = rows[row];
    if (column < 0) store.pickLayer(layer);
    else store.choose({ layer, selected: [layer, store.scene.window.start + column] });
  };
  grid.addEventListener("click", (event) => act(event.target), { signal });

  /** A step in the grid; along the row headers it picks the layer, as arrow keys do in a group of radio buttons. */
  const step = (down, across) => (target) => {
    const [row, column] = place(target) ?? [0, 0];
    const next = [clamp(row + down, 0, rows.length - 1), clamp(column + across, -1, store.scene.U - 1)];
    if (column < 0 && next[1] < 0 && next[0] !== row) store.pickLayer(rows[next[0]].layer);
    return cellAt(next[0], next[1]);
  };
  const last = () => store.scene.U - 1;
  const rowOf = (target) => place(target)?.[0] ?? 0;
  const press = (target) => {
    act(target);
    return null;
  };
  rove(grid, {
    ArrowUp: step(-1, 0), ArrowDown: step(1, 0), ArrowLeft: step(0, -1), ArrowRight: step(0, 1),
    PageUp: step(-5, 0), PageDown: step(5, 0),
    Home: (target) => cellAt(rowOf(target), -1), End: (target) => cellAt(rowOf(target), last()),
    "Ctrl+Home": () => cellAt(0, -1), "Ctrl+End": () => cellAt(rows.length - 1, last()),
    Enter: press, " ": press,
    Escape: (target) => {
      target.blur();
      leave();
      return null;
    },
  }, signal);

  function build() {
    const { scene, choice } = store;
    const active = focusIn(grid) ? place(focusIn(grid)) : null;
    const header = h("tr", { role: "row" }, h("th", { role: "columnheader", class: "pw-corner" }, scene.curve ? "layer · test accuracy" : "layer"));
    scene.units.text.forEach((text, unit) => {
      const head = h("th", { role: "columnheader", class: "pw-column", title: scene.names[unit] }, word(text));
      const starts = unit > 0 && scene.units.line[unit] !== scene.units.line[unit - 1];
      if (starts) head.classList.add("pw-starts");
      header.append(head);
    });
    rows = [...choice.layers].reverse().map((layer) => rowFor(scene, layer));
    grid.replaceChildren(
      h("thead", { role: "rowgroup" }, header),
      h("tbody", { role: "rowgroup" }, ...rows.map((row) => row.tr)),
    );
    scroller.hidden = rows.length === 0;
    if (wanted) revealed = "";
    wanted = null;
    drawn = scene;
    shown = choice.layers.join();
    meaning = "";
    chosen = null;
    const [row, column] = active ?? [Math.max(rows.findIndex((one) => one.layer === choice.layer), 0), -1];
    const target = cellAt(clamp(row, 0, rows.length - 1), clamp(column, -1, scene.U - 1));
    if (target) focusOnly(grid, target, active !== null);
  }
  return {
    root: scroller,
    draw() {
      if (store.scene !== drawn || store.choice.layers?.join() !== shown) build();
      const { scene, choice } = store;
      for (const row of rows) {
        const active = row.layer === choice.layer;
        row.tr.classList.toggle("pw-active", active);
        row.head.setAttribute("aria-selected", String(active));
      }
      if (meaning !== `${choice.colour} ${choice.label}`) {
        meaning = `${choice.colour} ${choice.label}`;
        for (const row of rows) row.cells.forEach((cell, unit) => fillCell(cell, scene, choice, row.layer, unit));
      }
      const [layer, unit] = choice.selected ?? [null, 0];
      chosen?.setAttribute("aria-selected", "false");
      chosen = rows.find((row) => row.layer === layer)?.cells[unit - scene.window.start] ?? null;
      chosen?.setAttribute("aria-selected", "true");
      if (revealed !== String(choice.selected)) {
        revealed = String(choice.selected);
        wanted = chosen;
        show();
      }
    },
  };
}

function rowFor(scene, layer) {
  const accuracy = scene.accuracy(layer);
  const note = scene.layerNotes[scene.row.get(layer)];
  const head = h(
    "th",
    { role: "rowheader", scope: "row", class: "pw-row", "aria-label": `Layer ${layer}`, tabindex: "-1", "data-column": "-1" },
    h("span", { class: "pw-layer" }, `Layer ${layer}`),
    Number.isFinite(accuracy) ? h("span", { class: "pw-accuracy" }, digits(accuracy, 3)) : null,
  );
  const parts = [note, Number.isFinite(accuracy) ? `test accuracy ${digits(accuracy, 3)}` : null].filter(Boolean);
  head.title = [`Layer ${layer}`, ...parts].join(", ");
  if (parts.length) head.setAttribute("aria-description", parts.join(", "));
  const cells = scene.units.text.map((_, unit) => {
    const cell = h("td", { role: "gridcell", class: "pw-cell", tabindex: "-1", "aria-selected": "false", "data-column": unit });
    cell.setAttribute("aria-label", cellName(scene, layer, unit));
    if (unit > 0 && scene.units.line[unit] !== scene.units.line[unit - 1]) cell.classList.add("pw-starts");
    return cell;
  });
  return { layer, head, cells, tr: h("tr", { role: "row" }, head, ...cells) };
}

function fillCell(cell, scene, choice, layer, unit) {
  const look = cellLook(scene, choice, layer, unit);
  const gold = scene.gold(unit);
  cell.textContent = gold === null || scene.right(layer, unit) ? look.text : `${look.text} ✗`;
  cell.title = [cellName(scene, layer, unit), colourTitle(choice, look)].filter(Boolean).join("\n");
  paint(cell, { "--fill": look.fill, "--edge": look.edge, "--cell-ink": look.ink });
}
