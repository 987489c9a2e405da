// @ts-check
// What is in sight of a lesson: names, marks, strokes that the kernel does not know of yet.

import { statusText } from "../../../probewidgets/widgets/teacher/foot.js";
import {
  between,
  integers,
  predicted,
  readLesson,
  share,
  underText,
  unitName,
} from "../../../probewidgets/widgets/teacher/scene.js";
import { hintFor } from "../../../probewidgets/widgets/teacher/words.js";
import { same } from "../assert.js";

/** @param {number[]} values */
const bytes = (values) => new DataView(Int8Array.from(values).buffer);
/** @param {number[]} values */
const words = (values) => new DataView(Int32Array.from(values).buffer);
/** @param {number[]} values */
const numbers = (values) => new DataView(Float32Array.from(values).buffer);

// Two sentences, "chef bread" and "to olives", labels food and person, at layers 0 and 1.
const VIEW = {
  labels: ["food", "person"],
  unit: "word",
  layers: [0, 1],
  layer: 1,
  sizes: [2, 2],
  forms: ["chef", "bread", "to", "olives"],
  gaps: [0, 1, 0, 1],
  ids: words([7, 8, 300, 70_000]),
  marks: bytes([1, 0, 2, -1]),
  top: bytes([0, 0, 0, 1, 1, 0, 2, 0]),
  p: numbers([0.5, 0.5, 0.5, 0.5, 0.9, 0.9, 0.9, 0.81]),
};

Deno.test("whole numbers are read wherever they begin in their buffer", () => {
  const raw = new Uint8Array(9);
  new DataView(raw.buffer).setInt32(1, -5, true);
  new DataView(raw.buffer).setInt32(5, 70_000, true);
  same(integers(new DataView(raw.buffer, 1), 4), [-5, 70_000]);
  same(integers(new DataView(raw.buffer, 1, 4), 1), [-5, -1, -1, -1]);
  same(integers(undefined, 1), []);
});

Deno.test("units are named by their word, and by what is painted or predicted", () => {
  const lesson = readLesson(VIEW);
  same([0, 1, 2, 3].map((u) => unitName(lesson, u)), [
    "chef: person, painted",
    "bread: food, painted",
    "to: nothing, painted",
    "olives: food 0.81",
  ]);
  same([0, 1, 2, 3].map((u) => underText(lesson, u)), ["person", "food", "–", "food .81"]);
  same(underText({ ...lesson, forms: ["chef", "bread", "to", "it"] }, 3), ".81");
  same(predicted(lesson, 3, 0), { k: 1, p: 0.5 });
  same(lesson.sentence, [0, 0, 1, 1]);
});

Deno.test("where nothing is learnt yet, words are untouched", () => {
  const lesson = readLesson({ ...VIEW, marks: bytes([-1, -1, -1, -1]), top: bytes([]), p: numbers([]) });
  same(unitName(lesson, 0), "chef: untouched");
  same(underText(lesson, 0), "");
});

Deno.test("a word at which nothing is predicted is plain, and its name says so", () => {
  const lesson = readLesson({ ...VIEW, marks: bytes([-1, -1, -1, -1]) });
  same(unitName(lesson, 2), "to: nothing 0.90");
  same(underText(lesson, 2), "");
});

Deno.test("strokes that are on their way are shown, the later over the earlier", () => {
  const lesson = readLesson(VIEW, [
    { seq: 1, units: [7, 70_000], label: "food" },
    { seq: 2, units: [7], label: null },
    { seq: 3, units: [8], label: "O" },
    { seq: 4, units: [300], label: "of a label that is on its way too" },
    { seq: 5, units: [999], label: "food" },
  ]);
  same(lesson.marks, [-1, 2, 2, 0]);
  same(unitName(lesson, 3), "olives: food, painted");
  same(readLesson(VIEW).marks, [1, 0, 2, -1]);
});

Deno.test("a share has no nought in front", () => {
  same([0.714, 1, 0, NaN].map(share), [".71", "1.0", ".00", "–"]);
});

Deno.test("a stroke goes both ways", () => {
  same(between(2, 4), [2, 3, 4]);
  same(between(4, 2), [2, 3, 4]);
  same(between(3, 3), [3]);
});

Deno.test("the status says what is kept where, what waits, and what to do", () => {
  const view = { painted_units: 9, unit: "word", file: "teacher.jsonl" };
  const ready = { connection: "ready", usable: true, view, strokes: [], working: false, draft: null };
  same(statusText(ready), "9 words painted, kept in teacher.jsonl");
  same(
    statusText({ ...ready, view: { ...view, painted_units: 1, recovered: true } }),
    "1 word painted, found again in teacher.jsonl",
  );
  same(statusText({ ...ready, view: { ...view, file: "" } }), "9 words painted, kept nowhere");
  same(
    statusText({ ...ready, connection: "busy", strokes: [1, 2] }),
    "The kernel is busy; what you do here is kept and sent when it is free: 2 changes.",
  );
  same(
    statusText({ ...ready, connection: "restarted", usable: false, strokes: [1] }),
    "The kernel has restarted. Not connected: run the cell again; what it has is kept in teacher.jsonl. 1 stroke did not reach it, and is made then.",
  );
  same(statusText({ ...ready, view: { ...view, heir: true } }).startsWith("This lesson goes on"), true);
});

Deno.test("somebody new is told what comes first", () => {
  same(hintFor("", 0, 0, "word").startsWith("Type or paste"), true);
  same(hintFor("a b", 0, 0, "word").startsWith("Make a label"), true);
  same(hintFor("a b", 1, 0, "sentence").startsWith("Drag over sentences"), true);
  same(hintFor("a b", 1, 1, "word"), "");
});
