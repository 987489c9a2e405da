// @ts-check
/** @import { Sent } from "../../../probewidgets/widgets/kit/host.d.ts" */
import { enqueue, floats, Link } from "../../../probewidgets/widgets/kit/link.js";
import { same } from "../assert.js";

Deno.test("of most kinds the newest waits, with what older ones said beside it; of queued kinds all do", () => {
  /** @type {Sent[]} */
  let waiting = [];
  /** @type {[string, Sent, boolean][]} */
  const said = [
    ["choose", { layer: 1 }, false],
    ["count", { to: 3 }, true],
    ["choose", { label: "x" }, false],
    ["count", { to: 5 }, true],
  ];
  for (const [kind, body, queued] of said) waiting = enqueue(waiting, { ...body, kind }, queued);
  same(waiting.map(({ kind, to, layer, label }) => [kind, to ?? layer, label ?? null]), [
    ["count", 3, null],
    ["choose", 1, "x"],
    ["count", 5, null],
  ]);
});

/** @type {(queued: string[]) => { link: Link, sent: Sent[], states: string[] }} */
function linkOf(queued) {
  /** @type {Sent[]} */
  const sent = [];
  /** @type {string[]} */
  const states = [];
  const model = { send: (/** @type {any} */ message) => void sent.push(message) };
  const link = new Link(model, "me", (state) => states.push(state), (kind) => queued.includes(kind));
  return { link, sent, states };
}

Deno.test("one message flies at a time", () => {
  const { link, sent, states } = linkOf(["count"]);
  for (const text of ["a", "b", "c"]) link.post("ask", { text });
  for (const to of [1, 2]) link.post("count", { to });
  same(sent.map(({ seq }) => seq), [1]);
  link.acknowledged(7); // of another page's
  same(sent.length, 1);
  for (const seq of [1, 3, 4, 5]) link.acknowledged(seq);
  same(sent.map(({ kind, text, to, client }) => [kind, text ?? to, client]), [
    ["ask", "a", "me"],
    ["ask", "c", "me"],
    ["count", 1, "me"],
    ["count", 2, "me"],
  ]);
  same(states, ["ready", "ready", "ready", "ready"]);
  link.close();
});

Deno.test("a host without a kernel is said to be lost", () => {
  /** @type {string[]} */
  const states = [];
  const model = {
    send() {
      throw new Error("no kernel");
    },
  };
  new Link(model, "me", (state) => states.push(state)).post("ask");
  same(states, ["lost"]);
});

Deno.test("numbers are read whatever their offset, and what is no number stays none", () => {
  const bytes = new Uint8Array(3 + 8);
  const view = new DataView(bytes.buffer, 3);
  view.setFloat32(0, 0.5, true);
  view.setFloat32(4, NaN, true);
  same(Array.from(floats(view), String), ["0.5", "NaN"]);
  same(floats(undefined).length, 0);
});
