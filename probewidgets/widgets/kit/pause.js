// @ts-check
// Somebody types: what follows from it is done once they pause, or have typed on for a while.

const LONGEST_WAIT = 500; // ms: while somebody types on, it is done at least this often

export class Pause {
  timer = 0; // of what is still to be done
  #since = 0; // when the typist began

  /**
   * Do something after so many ms without another call, and not what was to be done before.
   * @param {() => void} act
   * @param {number} ms
   */
  after(act, ms) {
    this.#since ||= performance.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = this.#since = 0;
      act();
    }, Math.min(ms, this.#since + LONGEST_WAIT - performance.now()));
  }
}
