// @ts-check
// The layer curve: test accuracy with its interval (and a dot for each training seed, where there are several), the
// control, selectivity, the model with random weights and the baselines, by layer. Lines differ in stroke as well as
// colour and are labelled where they end. Each layer is a radio button: click or arrow keys pick it.

const CURVE = { width: 360, narrow: 160, wide: 468, height: 232, left: 34, right: 92, top: 12, bottom: 32 };
const SERIES = ["accuracy", "control", "selectivity", "random model"];
const kindOf = (name) => `pw-${name.replace(" ", "-")}`; // the class of a line, its band and its name

/** Builds the radio group "Layer curve" with a line of numbers under it. */
function layerCurve(store, signal) {
  const plot = svg("svg", { class: "pw-plot", role: "radiogroup", "aria-label": "Layer curve" });
  const readout = h("p", { class: "pw-readout" });
  const root = h("div", { class: "pw-curve" }, plot, readout);
  let drawn = ""; // what the lines show: each answer brings it anew, mostly unchanged
  let width = 0; // in which it is drawn
  let points = [];

  const fits = () => plotWidth(root, CURVE.narrow, CURVE.wide, CURVE.width);
  watchSize([root], signal, () => {
    if (points.length && fits() !== width) {
      drawn = "";
      draw();
    }
  });

  const indexOf = (target) => points.findIndex((point) => point.group.contains(target));
  const pick = (index) => {
    if (index < 0) return null;
    store.pickLayer(points[index].layer);
    return points[index].group;
  };
  const step = (by) => (target) => {
    let index = indexOf(target) + by;
    while (points[index] && !store.choice.layers.includes(points[index].layer)) index += Math.sign(by);
    return points[index] ? pick(index) : null;
  };
  plot.addEventListener("click", (event) => pick(indexOf(event.target)), { signal });
  rove(plot, {
    ArrowRight: step(1), ArrowUp: step(1), ArrowLeft: step(-1), ArrowDown: step(-1),
    Home: () => pick(0), End: () => pick(points.length - 1),
    Enter: (target) => pick(indexOf(target)), " ": (target) => pick(indexOf(target)),
  }, signal);

  function build() {
    const { curve } = store.scene;
    root.hidden = !curve;
    points = [];
    if (!curve) return;
    width = fits();
    sizePlot(plot, width, CURVE.height);
    const scale = curveScale(curve, width);
    points = curve.layers.map((layer, index) => radioFor(curve, layer, index, scale));
    plot.replaceChildren(
      svg("g", { "aria-hidden": "true" }, ...axes(curve, scale), ...baselines(curve, scale), ...series(curve, scale), ...lineLabels(curve, scale)),
      ...points.map((point) => point.group),
    );
  }

  function draw() {
    const { scene: { curve }, choice } = store;
    const shown = JSON.stringify(curve);
    if (shown !== drawn) build();
    drawn = shown;
    if (!curve) return;
    for (const { group, layer } of points) {
      const active = layer === choice.layer;
      group.classList.toggle("pw-active", active);
      group.setAttribute("aria-checked", String(active));
      group.setAttribute("aria-disabled", String(!choice.layers.includes(layer)));
      if (active) focusOnly(plot, group, false);
    }
    readout.textContent = curve.layers.includes(choice.layer) ? scoreText(curve, choice.layer) : "";
  }
  return { root, draw };
}

/** Places of layers and values. The value axis spans what is shown and ends on round numbers, at 1 at the latest. */
function curveScale(curve, width) {
  const values = [...SERIES.flatMap((name) => curve[name]), ...curve.seeds, ...curve.baselines.map((baseline) => baseline.value)]
    .filter(Boolean).flat().filter((value) => value !== null);
  const [least, most] = [Math.min(...values, 1), Math.max(...values, 0)];
  const fine = most - least < 0.2 ? 20 : 10; // steps in 1
  const high = Math.min(Math.ceil(most * fine - 1e-6) / fine, 1);
  const low = Math.min(Math.floor(least * fine + 1e-6) / fine, high - 1 / fine);
  const right = width - CURVE.right;
  const inner = right - CURVE.left;
  const step = curve.layers.length > 1 ? inner / (curve.layers.length - 1) : 0;
  return {
    low, high, step, right,
    every: high - low > 0.65 ? 0.2 : 1 / fine,
    x: (index) => CURVE.left + (curve.layers.length > 1 ? index * step : inner / 2),
    y: (value) => CURVE.top + ((high - clamp(value, low, high)) / (high - low)) * (CURVE.height - CURVE.top - CURVE.bottom),
  };
}

function axes(curve, scale) {
  const bottom = CURVE.height - CURVE.bottom;
  const { every } = scale;
  const marks = [];
  for (let value = Math.ceil(scale.low / every - 1e-9) * every; value <= scale.high + 1e-9; value += every) {
    const y = scale.y(value);
    marks.push(
      svg("line", { class: "pw-rule", x1: CURVE.left, x2: scale.right, y1: y, y2: y }),
      svg("text", { class: "pw-tick", x: CURVE.left - 6, y: y + 3.5, "text-anchor": "end" }, value.toFixed(every < 0.1 ? 2 : 1).replace(/^-(?=.*[1-9])/, "−").replace("-", "")),
    );
  }
  const skip = Math.max(Math.ceil(18 / (scale.step || 18)), 1);
  curve.layers.forEach((layer, index) => {
    if (index % skip) return;
    marks.push(svg("text", { class: "pw-tick", x: scale.x(index), y: bottom + 14, "text-anchor": "middle" }, String(layer)));
  });
  const middle = scale.right - CURVE.left > 170 ? (CURVE.left + scale.right) / 2 : (scale.right + CURVE.right) / 2;
  marks.push(svg("text", { class: "pw-axis", x: middle, y: CURVE.height - 3, "text-anchor": "middle" }, `layer · ${curve.task}, test, 95 % interval`));
  return marks;
}

function baselines(curve, scale) {
  return curve.baselines.map(({ value }) => svg("line", {
    class: "pw-baseline", x1: CURVE.left, x2: scale.right, y1: scale.y(value[0]), y2: scale.y(value[0]),
  }));
}

/** The lines, and behind them the bands of their intervals. */
function series(curve, scale) {
  const bands = [];
  const lines = [];
  for (const name of SERIES) {
    const known = curve[name].map((value, index) => (value ? [index, ...value] : null)).filter(Boolean);
    if (!known.length) continue;
    const ends = known.filter(([, , low, high]) => low !== null && high !== null);
    const outline = [
      ...ends.map(([index, , , high]) => [scale.x(index), scale.y(high)]),
      ...[...ends].reverse().map(([index, , low]) => [scale.x(index), scale.y(low)]),
    ];
    if (ends.length > 1) bands.push(svg("polygon", { class: `pw-band ${kindOf(name)}`, points: outline.join(" ") }));
    const line = known.map(([index, value]) => [scale.x(index), scale.y(value)]);
    lines.push(svg("polyline", { class: `pw-curve-line ${kindOf(name)}`, points: line.join(" ") }));
  }
  const dots = curve.seeds.flatMap((each, index) =>
    each.map((value) => svg("circle", { class: "pw-seed", cx: scale.x(index), cy: scale.y(value), r: 1.8 })));
  return [...bands, ...lines, ...dots];
}

/** The name of each line at its right end; a thin line leads to it where it had to make room for others. */
function lineLabels(curve, scale) {
  const labels = [
    ...SERIES.map((name) => ({ name, value: curve[name].at(-1), kind: kindOf(name) })),
    ...curve.baselines.map(({ name, value }) => ({ name, value, kind: "pw-base" })),
  ].filter(({ value }) => value);
  const ends = labels.map(({ value }) => scale.y(value[0]));
  const heights = apart(ends, LABEL_GAP, CURVE.top, CURVE.height - CURVE.bottom);
  const right = scale.right;
  return labels.flatMap(({ name, kind }, i) => [
    svg("line", { class: `pw-leader ${kind}`, x1: right + 5, y1: ends[i], x2: right + 13, y2: heights[i] }),
    svg("text", { class: `pw-line-label ${kind}`, x: right + 16, y: heights[i] + 3.5 }, name),
  ]);
}

function radioFor(curve, layer, index, scale) {
  const width = Math.max(scale.step, 14);
  const value = curve.accuracy[index];
  const group = svg("g", { class: "pw-point", role: "radio", tabindex: "-1", "aria-label": scoreText(curve, layer) },
    svg("title", {}, scoreText(curve, layer)),
    svg("rect", { class: "pw-hit", x: scale.x(index) - width / 2, y: CURVE.top - 4, width, height: CURVE.height - CURVE.top - CURVE.bottom + 8, rx: 3 }),
    svg("line", { class: "pw-guide", x1: scale.x(index), x2: scale.x(index), y1: CURVE.top, y2: CURVE.height - CURVE.bottom }),
    value ? svg("circle", { class: "pw-dot", cx: scale.x(index), cy: scale.y(value[0]), r: 4 }) : null);
  return { layer, group };
}

/** "Layer 3: accuracy 0.941 [0.930, 0.952], control 0.712, selectivity 0.229". */
function scoreText(curve, layer) {
  const index = curve.layers.indexOf(layer);
  const parts = SERIES.map((name) => {
    const value = curve[name][index];
    if (!value) return null;
    const interval = value[1] === null || value[2] === null ? "" : ` [${digits(value[1], 3)}, ${digits(value[2], 3)}]`;
    return `${name} ${digits(value[0], 3)}${interval}`;
  }).filter(Boolean);
  return `Layer ${layer}: ${parts.join(", ")}${layer === curve.best ? "; chosen on dev" : ""}`;
}
