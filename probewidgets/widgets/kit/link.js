// @ts-check
// The talk with the kernel.
// page -> kernel: messages { kind, seq, client, ... }, one in flight. While it flies others wait: of most kinds the newest
// only, with what older ones said beside it; of the kinds that the widget queues, all, in their order.
// kernel -> page: an "ack" for each message, at once.

/** @import { Model, Sent } from "./host.d.ts" */

const BUSY_AFTER = 600; // ms without an acknowledgement until the kernel is called busy
const LOST_AFTER = 3000; // ms without an answer to "hello" until we say that nobody is there
const AGAIN_AFTER = [250, 800, 2000]; // ms: "hello" is said again: the first may have been queued behind all cells

/**
 * Put a message among those that wait. In the place of the one of its kind, unless that kind is queued.
 * @param {Sent[]} waiting
 * @param {Sent} message
 * @param {boolean} queued
 * @returns {Sent[]}
 */
export function enqueue(waiting, message, queued) {
  const older = queued ? undefined : waiting.find(({ kind }) => kind === message.kind);
  return [...waiting.filter((each) => each !== older), { ...older, ...message }];
}

/** Sends messages one at a time and watches for acknowledgements. */
export class Link {
  /** @type {Sent[]} */
  #waiting = [];
  /** @type {Sent | null} */
  #flying = null;
  /** @type {number[]} */
  #timers = [];
  #seq = 0;
  #model;
  #client;
  #tell;
  #queued;

  /**
   * @param {Pick<Model, "send">} model
   * @param {string} client the name of this page
   * @param {(state: string) => void} tell is told "ready", "busy" or "lost"
   * @param {(kind: string) => boolean} [queued] whether all messages of a kind are sent, and not the newest only
   */
  constructor(model, client, tell, queued = () => false) {
    this.#model = model;
    this.#client = client;
    this.#tell = tell;
    this.#queued = queued;
  }

  /**
   * Say something; comes back: its number.
   * @param {string} kind
   * @param {Sent} [body]
   */
  post(kind, body = {}) {
    this.#seq += 1;
    const message = { ...body, kind, seq: this.#seq, client: this.#client };
    this.#waiting = enqueue(this.#waiting, message, this.#queued(kind));
    this.#pump();
    return message.seq;
  }

  /** @param {number} number of one of our messages */
  acknowledged(number) {
    if (!this.#flying || this.#flying.seq !== number) return;
    this.#flying = null;
    this.close();
    this.#tell("ready");
    this.#pump();
  }

  /** Forget what flies and ask again whether anybody is there. */
  again() {
    this.close();
    this.#flying = null;
    this.#waiting = [];
    this.post("hello");
  }

  /** Wait for nothing any more. */
  close() {
    this.#timers.forEach(clearTimeout);
    this.#timers = [];
  }

  #pump() {
    if (this.#flying || this.#waiting.length === 0) return;
    const [message, ...others] = this.#waiting;
    this.#waiting = others;
    this.#flying = message;
    this.#later(BUSY_AFTER, () => this.#tell("busy"));
    if (message.kind === "hello") {
      for (const ms of AGAIN_AFTER) this.#later(ms, () => this.#model.send(message));
      this.#later(LOST_AFTER, () => this.#tell("lost"));
    }
    try {
      this.#model.send(message);
    } catch {
      this.#flying = null; // the host has no kernel to send to, e.g. while it restarts
      this.close();
      this.#tell("lost");
    }
  }

  /** @type {(ms: number, act: () => void) => void} */
  #later(ms, act) {
    this.#timers.push(setTimeout(act, ms));
  }
}

/**
 * Numbers from a DataView, whatever its offset. NaN stays NaN.
 * @param {DataView | undefined} view
 */
export function floats(view) {
  if (!view) return new Float32Array(0);
  const bytes = /** @type {ArrayBuffer} */ (view.buffer);
  return new Float32Array(bytes.slice(view.byteOffset, view.byteOffset + view.byteLength));
}
