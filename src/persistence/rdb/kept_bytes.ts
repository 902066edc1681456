/** A copy of a slice, for what the next read would overwrite. */
import { copyBytes } from "../../memory/bytes.ts";
import type { RdbSlice } from "./input.ts";

/** Memory for more than this is given back. */
const KEPT_BYTES = 1 << 20;

export class KeptBytes implements RdbSlice {
  buf = new Uint8Array(64);
  readonly start = 0;
  end = 0;

  /** Takes a copy, in place of the one before. */
  keep({ buf, start, end }: RdbSlice): void {
    const length = end - start;
    if (length > this.buf.length || this.buf.length > KEPT_BYTES) {
      this.buf = new Uint8Array(Math.max(64, 2 * length));
    }
    copyBytes(this.buf, 0, buf, start, end);
    this.end = length;
  }
}
