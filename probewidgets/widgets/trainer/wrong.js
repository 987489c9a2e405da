// @ts-check
// What it gets wrong, while one waits; and in the end the report, with what can be opened of it.

/** @import { Part, Sent } from "../kit/host.d.ts" */
/** @import { TrainerStore } from "./store.js" */
import { h, on, paint, pushButton, say, watchEdges, word, write } from "../kit/dom.js";
import { tracedBox } from "../kit/frame.js";
import { plural, whole } from "../kit/text.js";
import { fillOf } from "../reading/colours.js";
import { lossPlot } from "./losses.js";

/** @type {[string, string][]} what can be opened, and how its button is called */
const OPENS = [["explorer", "Open in explorer"], ["errors", "See errors"]];

/**
 * Some test words that a layer gets wrong, each on the colour of the label that it is given.
 * @param {TrainerStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function wrongWords(store, signal) {
  const head = h("p", { class: "pw-t-head" });
  const attributes = {
    class: "pw-t-list",
    role: "region",
    "aria-label": "Test words that it gets wrong",
    tabindex: "0",
  };
  const list = h("div", attributes);
  const foot = h("p", { class: "pw-hint" });
  const mark = watchEdges(list, signal);
  let drawn = "";
  return {
    root: h("div", { class: "pw-t-side" }, head, list, foot),
    draw() {
      const { wrong, task, curve } = store.view;
      const key = JSON.stringify([wrong, task?.palette, store.running, curve]);
      if (key === drawn) return;
      drawn = key;
      const wait = store.running ? "while you wait: test words" : "test words";
      write(head, wrong ? `${wait} at layer ${wrong.layer}` : "test words that it gets wrong");
      list.replaceChildren(...(wrong?.rows ?? []).map((/** @type {Sent} */ row) => wrongRow(row, store)));
      list.hidden = !wrong?.rows.length;
      write(foot, footOf(wrong, Boolean(curve)));
      mark();
    },
  };
}

/**
 * @param {Sent | null} wrong
 * @param {boolean} scored whether a layer is done
 */
function footOf(wrong, scored) {
  if (!wrong && scored) return "Answers of this kind are not right or wrong.";
  if (!wrong) return "As soon as a layer is done, some of its errors are shown here.";
  if (!wrong.errors) return `None of ${plural(wrong.tested, "test word")} is wrong.`;
  return `${whole(wrong.errors)} of ${plural(wrong.tested, "test word")} wrong; they stay in the result`;
}

/**
 * @param {Sent} row
 * @param {TrainerStore} store
 */
function wrongRow({ before, word: form, after, gold, given, k }, { view: { wrong, task } }) {
  const palette = wrong.palette ?? task?.palette;
  const at = k ?? (task?.shares ?? []).find((/** @type {unknown[]} */ [label]) => label === given)?.[2] ?? -1;
  const title = `given ${given}, gold ${gold}`;
  const mark = paint(h("mark", { class: "pw-t-mark", title }, word(form)), {
    "--fill": at >= 0 && palette ? fillOf(palette, at) : "var(--pw-edge)",
  });
  return h(
    "p",
    { class: "pw-t-sentence", dir: "auto" },
    before,
    mark,
    after,
    " ",
    h("span", { class: "pw-t-labels" }, title),
  );
}

/**
 * The panel in the middle: how it learns; in the end what came of it, or why nothing did.
 * @param {TrainerStore} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
export function middlePanel(store, signal) {
  const losses = lossPlot(store, signal);
  const fault = tracedBox(signal);
  const report = h("div", { class: "pw-t-report", tabindex: "0", role: "region", "aria-label": "Report" });
  const mark = watchEdges(report, signal);
  const buttons = OPENS.map(([what, text]) => {
    const button = pushButton(text, { class: "pw-button pw-t-open" });
    on(button, "click", () => store.ask("open", { what }), signal);
    return button;
  });
  const wrong = h("p", { class: "pw-t-wrong", role: "alert" });
  const foot = h("div", { class: "pw-t-opens" }, ...buttons, wrong);
  let drawn = "";
  return {
    root: h("div", { class: "pw-t-middle" }, h("div", { class: "pw-t-stage" }, losses.root, fault.root, report), foot),
    draw(what) {
      const { error = "", traceback = "", report: lines = [], opens = {} } = store.view;
      fault.say(error, traceback);
      report.hidden = lines.length === 0 || Boolean(error);
      losses.root.hidden = !report.hidden || Boolean(error);
      if (!losses.root.hidden) losses.draw(what);
      if (what === "_losses") return;
      const key = JSON.stringify(lines);
      if (key !== drawn) report.replaceChildren(...lines.map((/** @type {string} */ line) => h("p", {}, line)));
      drawn = key;
      mark();
      OPENS.forEach(([name], i) => {
        const reason = opens[name] ?? "nothing is trained yet";
        buttons[i].disabled = !store.open || Boolean(reason);
        say(buttons[i], "title", reason || null);
      });
      write(wrong, store.refusedOf(["open"]));
      wrong.hidden = !wrong.textContent;
      foot.hidden = store.connection === "static";
    },
  };
}
