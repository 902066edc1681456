/**
 * Where the bytes of a connection arrive, when nothing has to be waited for with a buffer in hand.
 *
 * Bytes are received only when they are there, so all connections of a loop share one space, and what
 * a connection leaves there unconsumed is copied away before the next one's turn. When more comes,
 * the leftover is copied back in front of it:
 *
 *     ┌────────────────────┬──────────────────────────────────────┐
 *     │           leftover │ received                             │
 *     └────────────────────┴──────────────────────────────────────┘
 *               start      LEFTOVER_BYTES_MAX                    end
 *
 * A leftover that does not fit there has a buffer to itself (see ../receive_buffer.ts), into which
 * the rest is then received.
 */
import { copyBytes } from "../../memory/bytes.ts";
import { ReceiveBuffer, ReceivePool } from "../receive_buffer.ts";

/** How much is received at once. */
export const RECEIVE_BYTES = 64 * 1024;

/** The longest leftover that is copied away and back. */
export const LEFTOVER_BYTES_MAX = 16 * 1024;

/** The shortest piece of memory for a leftover. */
const LEFTOVER_BYTES_MIN = 64;

const NOTHING = new Uint8Array(0);

/** What the connections of a loop share. */
export class SharedSpace {
  readonly bytes = new Uint8Array(LEFTOVER_BYTES_MAX + RECEIVE_BYTES);
  readonly space = this.bytes.subarray(LEFTOVER_BYTES_MAX);
  readonly pool = new ReceivePool();
}

export class Inbox {
  /** What is unconsumed is `buf[start, end)`, from {@link received} until {@link settle}. */
  buf: Uint8Array = NOTHING;
  start = 0;
  end = 0;
  readonly #shared: SharedSpace;
  #leftover: Uint8Array = NOTHING;
  #leftoverBytes = 0;
  /** Set while there is too much for the shared space. */
  #own: ReceiveBuffer | null = null;

  constructor(shared: SharedSpace) {
    this.#shared = shared;
  }

  /** How many bytes wait to be consumed. */
  get unconsumedBytes(): number {
    return this.end - this.start;
  }

  /** How many bytes are held while nothing is received. */
  get capacity(): number {
    return this.#own === null ? this.#leftover.length : this.#own.capacity;
  }

  /**
   * The space to receive into, from its begin on; never empty.
   *
   * @param wanted How many unconsumed bytes there have to be before they are of use; 0 when unknown.
   */
  prepare(wanted: number): Uint8Array {
    return this.#own === null ? this.#shared.space : this.#own.prepare(wanted);
  }

  /** Says that `n` bytes have come into that space; 0 only brings back what is unconsumed. */
  received(n: number): void {
    const own = this.#own;
    if (own !== null) {
      if (n > 0) own.received(n);
      this.buf = own.bytes;
      this.start = own.start;
      this.end = own.end;
      return;
    }
    const { bytes } = this.#shared;
    this.buf = bytes;
    this.start = LEFTOVER_BYTES_MAX - this.#leftoverBytes;
    this.end = LEFTOVER_BYTES_MAX + n;
    if (this.#leftoverBytes > 0) {
      copyBytes(bytes, this.start, this.#leftover, 0, this.#leftoverBytes);
    }
  }

  /**
   * Takes unconsumed bytes away to `target[at, end)`, as many as there are and as fit.
   *
   * @returns How many were taken.
   */
  moveTo(target: Uint8Array, at: number, end: number): number {
    const n = Math.min(end - at, this.end - this.start);
    copyBytes(target, at, this.buf, this.start, this.start + n);
    this.start += n;
    return n;
  }

  /** Leaves the shared space to others: what is unconsumed is kept elsewhere. */
  settle(): void {
    const { buf, start, end } = this;
    const n = end - start;
    const own = this.#own;
    if (own !== null) {
      own.start = start;
      if (n === 0) this.release();
    } else if (n === 0) {
      if (this.#leftoverBytes > 0) this.release();
    } else if (n <= LEFTOVER_BYTES_MAX) {
      if (this.#leftover.length < n) this.#leftover = new Uint8Array(roomFor(n));
      copyBytes(this.#leftover, 0, buf, start, end);
      this.#leftoverBytes = n;
    } else {
      this.release();
      this.#own = new ReceiveBuffer(this.#shared.pool);
      this.#own.hold(buf, start, end);
      this.end = n;
    }
  }

  /** Lets go of everything. */
  release(): void {
    this.#own?.release();
    this.#own = null;
    this.#leftover = this.buf = NOTHING;
    this.#leftoverBytes = this.start = this.end = 0;
  }
}

/** The least power of two, from {@link LEFTOVER_BYTES_MIN} on, that is not less than `n`. */
function roomFor(n: number): number {
  return Math.max(LEFTOVER_BYTES_MIN, 1 << (32 - Math.clz32(n - 1)));
}
