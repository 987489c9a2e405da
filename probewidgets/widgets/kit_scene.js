// @ts-check
// A Scene: one message from the kernel, read once into what the drawing functions ask for.

/** Read a `_view` value. Layers are given by number, units by their place on the page. */
function readScene(view) {
  const { layers = [], labels = [] } = view;
  const units = view.units ?? { text: [], line: [], gold: [], seen: [] };
  const cube = floats(view.proba);
  const [L, U, K] = [layers.length, units.text.length, labels.length];
  const row = new Map(layers.map((layer, index) => [layer, index]));
  const tops = new Int32Array(L * U).fill(-1);
  for (let cell = 0; cell < L * U; cell += 1) tops[cell] = argmax(cube, cell * K, K);

  const at = (layer, unit) => row.get(layer) * U + unit;
  const top = (layer, unit) => tops[at(layer, unit)] ?? -1;
  const proba = (layer, unit, k) => (k < 0 ? NaN : cube[at(layer, unit) * K + k]);
  const share = (layer, unit) => proba(layer, unit, top(layer, unit));
  const said = (layer, unit) => {
    const k = top(layer, unit);
    return k < 0 ? "no value" : `${labels[k]} ${digits(share(layer, unit))}`;
  };
  return {
    layers, labels, units, U, K, at, top, proba, share, said, row,
    order: view.order ?? labels.map((_, k) => k),
    notes: view.notes ?? [],
    layerNotes: view.layer_notes ?? [],
    curve: view.curve ?? null,
    palette: view.palette ?? { light: [], dark: [], ramp: [] },
    unit: view.unit ?? "word",
    window: view.window ?? { start: 0, end: U, total: U },
    labelIndex: new Map(labels.map((label, k) => [label, k])),
    names: units.text.map(visible),
    distribution: (layer, unit) => cube.subarray(at(layer, unit) * K, (at(layer, unit) + 1) * K),
    entropy: (layer, unit) => entropyOf(cube, at(layer, unit) * K, K),
    accuracy: (layer) => view.curve?.accuracy[view.curve.layers.indexOf(layer)]?.[0] ?? NaN,
    gold: (unit) => units.gold[unit] ?? null,
    right: (layer, unit) => units.gold[unit] === labels[top(layer, unit)],
  };
}

/** Place of the largest of `count` numbers; -1 if any of them is no number. */
function argmax(numbers, start, count) {
  let best = -1;
  for (let k = 0; k < count; k += 1) {
    const value = numbers[start + k];
    if (!Number.isFinite(value)) return -1;
    if (best < 0 || value > numbers[start + best]) best = k;
  }
  return best;
}

/** Entropy of `count` probabilities, in bits. */
function entropyOf(numbers, start, count) {
  let bits = 0;
  for (let k = 0; k < count; k += 1) {
    const p = numbers[start + k];
    if (!(p <= 0)) bits -= p * Math.log2(p);
  }
  return Math.max(bits, 0) || (Number.isNaN(bits) ? NaN : 0);
}

/**
 * What colour means for one cell under a choice: `fill`, `edge` and `ink` for CSS, `text` the value as written into the
 * cell. Predicted label: the label's hue, as strong as its probability, and at its strongest on the edge. Otherwise: a
 * step of the ramp, and no edge.
 */
function cellLook(scene, choice, layer, unit) {
  const k = scene.top(layer, unit);
  if (k < 0) return { fill: "transparent", edge: "transparent", ink: "var(--pw-ink)", text: "–", value: NaN };
  if (choice.colour === "label") {
    const p = scene.share(layer, unit);
    const strength = Math.round(100 * clamp(p, 0, 1));
    const fill = `color-mix(in srgb, var(--pw-k${k}) ${strength}%, var(--pw-paper))`;
    return { fill, edge: `var(--pw-e${k})`, ink: "var(--pw-fill-ink)", text: visible(scene.labels[k]), value: p };
  }
  const value = colourValue(scene, choice, layer, unit);
  return { ...rampLook(scene.palette.ramp, rampShare(scene, choice, value)), edge: "transparent", text: digits(value), value };
}

/** The number behind the colour: probability of the chosen label, or entropy in bits. */
function colourValue(scene, choice, layer, unit) {
  if (choice.colour === "entropy") return scene.entropy(layer, unit);
  return scene.proba(layer, unit, scene.labelIndex.get(choice.label) ?? -1);
}

/** The highest value of a ramp: the largest entropy that there can be (bits), or 1. */
function rampTop(scene, choice) {
  return choice.colour === "entropy" ? Math.log2(Math.max(scene.K, 2)) : 1;
}

/** Place of a value on the ramp, in [0, 1]. Most entropies are close to 0: their scale is that of the square root. */
function rampShare(scene, choice, value) {
  const share = value / rampTop(scene, choice);
  return choice.colour === "entropy" ? Math.sqrt(share) : share;
}

/** Colour of a number in [0, 1] between the steps of a ramp, and the ink that is readable on it. */
function rampLook(ramp, share) {
  if (!Number.isFinite(share) || ramp.length < 2) return { fill: "transparent", ink: "var(--pw-ink)" };
  const place = clamp(share, 0, 1) * (ramp.length - 1);
  const low = Math.min(Math.floor(place), ramp.length - 2);
  const channel = (colour, i) => parseInt(colour.slice(2 * i + 1, 2 * i + 3), 16);
  const rgb = [0, 1, 2].map((i) => {
    const start = channel(ramp[low], i);
    return Math.floor(start + (place - low) * (channel(ramp[low + 1], i) - start) + 0.5);
  });
  const linear = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  return { fill: `rgb(${rgb.join(" ")})`, ink: luminance > 0.1791 ? "#000" : "#fff" };
}

/** The name by which a cell is read out: "cats, layer 3: NOUN 0.97". */
function cellName(scene, layer, unit) {
  return `${scene.names[unit]}, layer ${layer}: ${scene.said(layer, unit)}`;
}

/** What else there is to say of a unit: gold label, and whether training knew the word; null if nothing. */
function remark(scene, layer, unit) {
  const gold = scene.gold(unit);
  const parts = [
    gold === null ? null : `gold ${gold}, ${scene.right(layer, unit) ? "right" : "wrong"}`,
    scene.units.seen[unit] === false ? "not seen in training" : null,
  ].filter(Boolean);
  return parts.length ? parts.join("; ") : null;
}

/** What the value behind the colour is called where room is short. */
function colourName(choice) {
  return choice.colour === "entropy" ? "entropy" : choice.label ?? "";
}

/** The value behind the colour, in words with its unit; null where the label and its probability say it all. */
function colourTitle(choice, look) {
  if (choice.colour === "label") return null;
  return choice.colour === "entropy" ? `entropy ${look.text} bits` : `probability of ${choice.label}: ${look.text}`;
}

function isSelected(scene, selected, layer, unit) {
  return !!selected && selected[0] === layer && selected[1] === scene.window.start + unit;
}
