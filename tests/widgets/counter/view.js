// @ts-check
// The counter's page: a number, two buttons, a bar, and what went wrong.

/** @import { Part } from "../../../probewidgets/widgets/kit/host.d.ts" */
import { h } from "../../../probewidgets/widgets/kit/dom.js";
import { alertBox, widgetOf } from "../../../probewidgets/widgets/kit/frame.js";
import { progressBar } from "../../../probewidgets/widgets/kit/progress.js";
import { Store } from "../../../probewidgets/widgets/kit/store.js";

/**
 * @param {Store} store
 * @param {AbortSignal} signal
 * @returns {Part}
 */
function counter(store, signal) {
  const to = h("input", { type: "number", value: 10, "aria-label": "Count to" });
  const start = h("button", { type: "button", class: "pw-button" }, "Start");
  const stop = h("button", { type: "button", class: "pw-button" }, "Stop");
  const count = h("output", { "aria-label": "Count" });
  const bar = progressBar(store, "Counting");
  const fault = alertBox(signal);
  start.addEventListener("click", () => store.ask("start", { to: Number(to.value) }), { signal });
  stop.addEventListener("click", () => store.post("stop"), { signal });
  const parts = [to, start, stop, count, bar.root, fault.root];
  return {
    root: h("section", { role: "region", "aria-label": "Counter" }, ...parts),
    draw() {
      const { view, working } = store;
      start.disabled = store.connection === "static" || working || view.running;
      stop.disabled = !(working || view.running);
      count.textContent = String(view.count ?? 0);
      fault.say(working ? "" : view.error ?? "");
      bar.draw();
    },
  };
}

export default widgetOf(Store, counter);
