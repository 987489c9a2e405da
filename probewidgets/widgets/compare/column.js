// @ts-check
// The scores of all predictors on one axis, on the rows of each heatmap: its own with their intervals, those of the others
// as thin lines beside it. In a difference: how far its own are above those of the one that is compared to, about zero.

/** @import { Sent } from "../kit/host.d.ts" */
/** @import { CompareStore, PanelView } from "./store.js" */
import { present } from "../kit/dom.js";
import { lineAt } from "../kit/plot.js";
import { pieceNames, pieceOf, rowPlot } from "../reading/pieces.js";
import { lineOf } from "./lines.js";

/**
 * A piece for each row, from the lowest up, and the ends of the axis above them; nothing where there are no scores.
 * @param {CompareStore} store
 * @param {PanelView} face
 */
export function comparedColumn({ view: { scores, rows, pair } }, { place, changes }) {
  if (!scores) return null;
  /** @type {{ axis: Sent, lines: Sent[] }} */
  const { axis, lines } = (changes && scores.rises[place]) || scores;
  const own = lines.find(({ panel }) => pair || panel === place);
  const pieces = rows.map((/** @type {unknown} */ _, /** @type {number} */ row) => {
    const plot = rowPlot(axis.left, axis.width, rows.length - 1 - row);
    for (const x of axis.rules) plot.append(lineAt(axis.zero && !x ? "pw-zero" : "pw-rule", x, 0, x, 1));
    plot.append(
      ...present(lines.map(({ panel, curve }) => pieceOf(lineOf(panel), [-1, 0, 1].map((by) => curve[row + by])))),
    );
    if (own?.points[row]) {
      const [x, low, high] = own.points[row];
      if (low !== null && high !== null) {
        plot.append(lineAt(`pw-compared-interval ${lineOf(own.panel)}`, low, 0.5, high));
      }
      plot.append(lineAt(`pw-compared-dot ${lineOf(own.panel)}`, x, 0.5));
    }
    return plot;
  });
  return { pieces, names: pieceNames(axis.names) };
}
