// @ts-check
// The heatmap alone, with its legend.

function heatmapView(store, signal) {
  const parts = [layerHeatmap(store, signal), pager(store, signal), legend(store)];
  const root = h("div", { class: "pw-alone", role: "group", "aria-label": "Layers by words" }, ...parts.map((part) => part.root));
  return { root, draw: () => parts.forEach((part) => part.draw()) };
}

export default widgetOf(heatmapView);
