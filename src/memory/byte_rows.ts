/** Many byte strings, one behind the other in one buffer: a scratch table for commands that gather. */
import { copyBytes } from "./bytes.ts";

const FIRST_ROWS = 64;
const FIRST_BYTES = 1024;
/** What more rows, or more bytes, needed is given back when they are cleared. */
const KEPT_ROWS = 4096;
const KEPT_BYTES = 64 * 1024;

export class ByteRows {
  count = 0;
  /** Row i is `bytes[starts[i], ends[i])`; valid until the next is added. */
  bytes: Uint8Array = new Uint8Array(FIRST_BYTES);
  starts: Int32Array = new Int32Array(FIRST_ROWS);
  ends: Int32Array = new Int32Array(FIRST_ROWS);
  #used = 0;

  /** Adds a copy of `buf[start, end)`, which may be a row. @returns Its number. */
  add(buf: Uint8Array, start: number, end: number): number {
    const row = this.count++;
    if (row === this.starts.length) {
      this.starts = grown(this.starts);
      this.ends = grown(this.ends);
    }
    const at = this.#used;
    const used = at + end - start;
    if (used > this.bytes.length) {
      const bytes = new Uint8Array(2 * used);
      copyBytes(bytes, 0, this.bytes, 0, at);
      this.bytes = bytes;
    }
    copyBytes(this.bytes, at, buf, start, end);
    this.#used = used;
    this.starts[row] = at;
    this.ends[row] = used;
    return row;
  }

  /** Forgets all rows. */
  clear(): void {
    this.count = 0;
    this.#used = 0;
    if (this.bytes.length > KEPT_BYTES) this.bytes = new Uint8Array(FIRST_BYTES);
    if (this.starts.length > KEPT_ROWS) {
      this.starts = new Int32Array(FIRST_ROWS);
      this.ends = new Int32Array(FIRST_ROWS);
    }
  }
}

function grown(numbers: Int32Array): Int32Array {
  const longer = new Int32Array(2 * numbers.length);
  longer.set(numbers);
  return longer;
}
