// @ts-check
// The two or three assertions that the tests of pure functions need; nothing is fetched for them.

/**
 * @param {unknown} actual
 * @param {unknown} expected
 */
export function same(actual, expected) {
  const [got, wanted] = [actual, expected].map((value) => JSON.stringify(value));
  if (got !== wanted) throw new Error(`${got} is not ${wanted}`);
}

/**
 * Numbers alike to nine digits.
 * @param {number[]} actual
 * @param {number[]} expected
 */
export function close(actual, expected) {
  const near = actual.length === expected.length && actual.every((value, i) => Math.abs(value - expected[i]) < 1e-9);
  if (!near) throw new Error(`${JSON.stringify(actual)} is not about ${JSON.stringify(expected)}`);
}

/**
 * @param {boolean} fact
 * @param {string} [said]
 */
export function ok(fact, said = "that is not so") {
  if (!fact) throw new Error(said);
}
