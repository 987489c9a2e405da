// @ts-check
// What the buttons open: another widget, below; where the host cannot draw one inside, what to write instead.

/** @import { Host, Part } from "../kit/host.d.ts" */
/** @import { TrainerStore } from "./store.js" */
import { atEnd, focusIn, h, on, pushButton, write } from "../kit/dom.js";
import { placeInner } from "../kit/inner.js";

/**
 * The place of the other widget, and the button that closes it.
 * @param {TrainerStore} store
 * @param {AbortSignal} signal
 * @param {Host} host
 * @param {HTMLElement} desk what is above it
 * @returns {Part}
 */
export function openedBelow(store, signal, host, desk) {
  const read = store.follow("_inner");
  const line = h("p", { class: "pw-hint" });
  const close = pushButton("Close");
  const place = h("div", {});
  const root = h("div", { class: "pw-t-opened", hidden: true }, h("div", { class: "pw-t-above" }, line, close), place);
  let [shown, life] = ["", new AbortController()];
  on(close, "click", () => store.ask("open", { what: "" }), signal);
  atEnd(signal, () => life.abort());
  return {
    root,
    async draw() {
      const { opened = "" } = store.view;
      const reference = opened ? read() : "";
      close.disabled = !store.open;
      if (!opened && focusIn(root)) {
        /** @type {HTMLElement | null} */ (desk.querySelector(".pw-t-open:enabled"))?.focus();
      }
      root.hidden = !opened || store.connection === "static";
      const key = `${opened} ${reference}`;
      if (key === shown) return;
      shown = key;
      life.abort();
      const mine = life = new AbortController();
      place.replaceChildren();
      write(line, opened === "errors" ? "Its errors" : "Its explorer");
      if (!opened || (host.getWidget && !reference)) return; // nothing yet
      const done = await placeInner(host, reference, place, mine.signal).catch(() => false);
      if (mine !== life) return;
      if (focusIn(desk)) root.scrollIntoView({ block: "nearest" }); // it was asked for here, and may be out of sight
      if (!done) {
        write(line, `This front end cannot open it here: display(trainer.${opened}) in a cell does.`);
      }
    },
  };
}
