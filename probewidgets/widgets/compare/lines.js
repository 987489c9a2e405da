// @ts-check
// The predictors as lines: each has its colour and its stroke, and is known by them wherever it is drawn.

import { lineSample } from "../reading/pieces.js";

const LINES = "pw-of-0 pw-of-1 pw-of-2 pw-of-3 pw-of-4 pw-of-5 pw-of-6 pw-of-7".split(" ");

/** @param {number} place of a predictor */
export const lineOf = (place) => `pw-compared-line ${LINES[place % LINES.length]}`;

/**
 * A piece of its line, beside its name.
 * @param {number} place
 */
export const lineKey = (place) => lineSample(lineOf(place));
