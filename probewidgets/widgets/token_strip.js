// @ts-check
// The strip alone: the words and what is said of them at one layer, with its legend.

function stripView(store, signal) {
  const parts = [tokenStrip(store, signal), pager(store, signal), legend(store)];
  const root = h("div", { class: "pw-alone", role: "group", "aria-label": "Token strip" }, ...parts.map((part) => part.root));
  return { root, draw: () => parts.forEach((part) => part.draw()) };
}

export default widgetOf(stripView);
