/**
 * The biggest buffers that any client has had in the last seconds, for INFO clients: what a client
 * holds between two looks is not seen, but what it holds for long does not escape.
 */

/** One for each of the last seconds. */
const SLOTS = 8;

export class RecentPeaks {
  readonly #input = new Float64Array(SLOTS);
  readonly #output = new Float64Array(SLOTS);
  #second = 0;

  /** A walk over all clients begins: what is older than the slots last is forgotten. */
  begin(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    const first = Math.max(this.#second + 1, second - SLOTS + 1);
    for (let i = first; i <= second; i++) this.#input[i % SLOTS] = this.#output[i % SLOTS] = 0;
    this.#second = second;
  }

  /** Notes the buffers of one client, in bytes. */
  note(inputBytes: number, outputBytes: number): void {
    const slot = this.#second % SLOTS;
    if (inputBytes > this.#input[slot]) this.#input[slot] = inputBytes;
    if (outputBytes > this.#output[slot]) this.#output[slot] = outputBytes;
  }

  get inputBytes(): number {
    return Math.max(...this.#input);
  }

  get outputBytes(): number {
    return Math.max(...this.#output);
  }
}
