// @ts-check
// The details of one cell: how probable each label is there, and how that changes through the layers.

const PATH = { width: 290, narrow: 150, height: 116, left: 30, right: 74, top: 10, bottom: 22 };
const MOST_LABELS = 8;
const LEAST = 0.001; // the smallest probability with a number of its own

/** Builds the region "Details". */
function cellDetails(store, signal) {
  const title = h("p", { class: "pw-details-title" });
  const body = h("div", { class: "pw-details-body" });
  const root = h("section", { class: "pw-details", role: "region", "aria-label": "Details" }, title, body);
  let width = 0; // in which the path is drawn
  const fits = () => plotWidth(body, PATH.narrow, PATH.width, PATH.width);
  watchSize([body], signal, () => {
    if (width && fits() !== width) draw();
  });

  function draw() {
    const { scene, choice } = store;
    const [layer, unit] = choice.selected ? [choice.selected[0], choice.selected[1] - scene.window.start] : [null, -1];
    if (layer === null || unit < 0 || unit >= scene.U || !scene.row.has(layer)) {
      title.textContent = "Details";
      body.replaceChildren(h("p", { class: "pw-hint" }, `Select a ${scene.unit} or a cell: its labels and its path through the layers appear here.`));
      return;
    }
    width = fits();
    title.replaceChildren(word(scene.units.text[unit], { class: "pw-word" }), ` · layer ${layer}`);
    const extra = remark(scene, layer, unit);
    body.replaceChildren(
      ...[extra ? h("p", { class: "pw-hint" }, extra) : null, distributionTable(scene, layer, unit), pathPlot(scene, choice, layer, unit, width)].filter(Boolean),
    );
  }
  return { root, draw };
}

/** The most probable labels, and the sum of all others. */
function distributionTable(scene, layer, unit) {
  const row = scene.distribution(layer, unit);
  const best = Array.from(row.keys()).filter((k) => Number.isFinite(row[k])).sort((a, b) => row[b] - row[a] || a - b);
  if (!best.length) return h("p", { class: "pw-hint" }, "no value: the probabilities are not finite");
  const lines = best.slice(0, MOST_LABELS).map((k) => {
    const name = scene.labels[k] === scene.gold(unit) ? `${scene.labels[k]} (gold)` : scene.labels[k];
    return shareRow(word(name), row[k], { "--fill": `var(--pw-k${k})`, "--edge": `var(--pw-e${k})` });
  });
  const left = best.slice(MOST_LABELS);
  if (left.length) {
    const rest = left.reduce((sum, k) => sum + row[k], 0);
    lines.push(shareRow(plural(left.length, "other"), rest, { "--fill": "transparent", "--edge": "var(--pw-strong-edge)" }));
  }
  const caption = h("caption", {}, `Label distribution · entropy ${digits(scene.entropy(layer, unit))} bits`);
  return h("table", { class: "pw-distribution" }, caption, h("tbody", {}, ...lines));
}

/** A label, a bar and a number; what is too small to be seen has no bar. */
function shareRow(name, share, colours) {
  const bar = share < LEAST ? null : paint(h("span", { class: "pw-share" }), { "--p": String(clamp(share, 0, 1)), ...colours });
  const number = share < LEAST ? `<${LEAST}` : digits(share, 3);
  return h("tr", {}, h("th", { scope: "row" }, name), h("td", { class: "pw-share-cell" }, bar), h("td", { class: "pw-number" }, number));
}

/** The probability of the predicted label, and of the gold one where that differs, at every layer shown. */
function pathPlot(scene, choice, layer, unit, width) {
  const top = scene.top(layer, unit);
  if (top < 0) return null;
  const gold = scene.labelIndex.get(scene.gold(unit)) ?? -1;
  const wanted = choice.colour === "probability" ? scene.labelIndex.get(choice.label) ?? -1 : -1;
  const followed = [...new Set([top, gold, wanted])].filter((k) => k >= 0);
  const { layers } = choice;
  const right = width - PATH.right;
  const inner = right - PATH.left;
  const x = (index) => PATH.left + (layers.length > 1 ? (index * inner) / (layers.length - 1) : inner / 2);
  const y = (value) => PATH.top + (1 - value) * (PATH.height - PATH.top - PATH.bottom);
  const told = followed.map((k) => `${scene.labels[k]} ${layers.map((each) => `${each}: ${digits(scene.proba(each, unit, k))}`).join(", ")}`);
  const plot = svg("svg", { class: "pw-plot", role: "img", "aria-label": `Probability by layer. ${told.join("; ")}` });
  sizePlot(plot, width, PATH.height);
  for (const value of [0, 0.5, 1]) {
    plot.append(
      svg("line", { class: "pw-rule", x1: PATH.left, x2: right, y1: y(value), y2: y(value) }),
      svg("text", { class: "pw-tick", x: PATH.left - 6, y: y(value) + 3.5, "text-anchor": "end" }, value.toFixed(1)),
    );
  }
  const skip = Math.max(Math.ceil((18 * (layers.length - 1)) / inner), 1);
  layers.forEach((each, index) => {
    if (index % skip === 0) plot.append(svg("text", { class: "pw-tick", x: x(index), y: PATH.height - 6, "text-anchor": "middle" }, String(each)));
  });
  const here = x(Math.max(layers.indexOf(layer), 0));
  plot.append(svg("line", { class: "pw-guide pw-here", x1: here, x2: here, y1: PATH.top, y2: PATH.height - PATH.bottom }));
  const ends = followed.map((k) => y(clamp(scene.proba(layers.at(-1), unit, k) || 0, 0, 1)));
  const heights = apart(ends, LABEL_GAP, PATH.top, PATH.height - PATH.bottom);
  followed.forEach((k, order) => {
    const values = layers.map((each, index) => [x(index), y(clamp(scene.proba(each, unit, k) || 0, 0, 1))]);
    const line = paint(svg("polyline", { class: `pw-path pw-path-${order}`, points: values.join(" ") }), { "--line": `var(--pw-e${k})` });
    const label = svg("text", { class: "pw-line-label", x: right + 8, y: heights[order] + 3.5 }, visible(scene.labels[k]));
    plot.append(line, ...values.map(([cx, cy]) => paint(svg("circle", { class: "pw-path-dot", cx, cy, r: 2.5 }), { "--line": `var(--pw-e${k})` })), label);
  });
  return h("figure", { class: "pw-figure" }, h("figcaption", {}, "Probability through the layers"), plot);
}
