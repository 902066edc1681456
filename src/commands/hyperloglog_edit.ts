/**
 * How a command changes a HyperLogLog: where it lies in the store, as long as that will do, and in a
 * copy as soon as it must grow. Most additions change nothing or a register, and then nothing is copied.
 */
import { type Database, KEEP_EXPIRY, NO_EXPIRY } from "../keyspace/database.ts";
import { Encoding } from "../keyspace/types/type.ts";
import { copyBytes } from "../memory/bytes.ts";
import type { Args } from "../resp/args.ts";
import {
  dropCachedCardinality,
  HLL_CORRUPT,
  HLL_DENSE_BYTES,
  HLL_NO_ROOM,
  HLL_UNCHANGED,
  hllAdd,
  hllRaise,
  hllSetRegisters,
  hllToDense,
  isDenseHll,
  isHll,
  writeEmptyHll,
} from "../structures/hyperloglog/mod.ts";
import { CORRUPT_HLL, NOT_A_HLL } from "./errors.ts";

/**
 * One change: {@link open}, steps, {@link close}. It can be used again and again, since commands run
 * one after the other.
 */
export class HllEdit {
  /** The value, `buf[start, start + length)`, valid after {@link close}, too, until the next command. */
  buf: Uint8Array;
  start = 0;
  length = 0;
  /** Has room for every value. */
  readonly #copy = new Uint8Array(HLL_DENSE_BYTES);
  #entry = 0;

  constructor() {
    this.buf = this.#copy;
  }

  /**
   * Begins to change the value of an entry, a string, or with 0 a value that is new.
   *
   * @throws {ReplyError} NOT_A_HLL.
   */
  open(db: Database, entry: number): void {
    this.#entry = entry;
    if (entry === 0) {
      this.buf = this.#copy;
      this.start = 0;
      this.length = writeEmptyHll(this.buf, 0);
      return;
    }
    let value = db.value(entry);
    if (!isHll(value.buf, value.start, value.end)) throw NOT_A_HLL;
    // Redis takes the value for itself, and then calls its encoding `raw`, whatever follows.
    db.resizeString(entry, value.end - value.start);
    value = db.value(entry);
    this.buf = value.buf;
    this.start = value.start;
    this.length = value.end - value.start;
  }

  get isDense(): boolean {
    return isDenseHll(this.buf, this.start);
  }

  /** Adds argument `i` as an element; whether that changed the value. Throws CORRUPT_HLL. */
  add(args: Args, i: number, sparseMaxBytes: number): boolean {
    const element = args.bufs[i];
    const from = args.starts[i];
    const to = args.ends[i];
    const { buf, start, length } = this;
    let result = hllAdd(buf, start, length, this.#capacity, element, from, to, sparseMaxBytes);
    if (result === HLL_NO_ROOM) {
      this.#moveToCopy();
      const copy = this.#copy;
      result = hllAdd(copy, 0, length, HLL_DENSE_BYTES, element, from, to, sparseMaxBytes);
    }
    return this.#note(result);
  }

  /** Raises one register; otherwise as {@link add}. */
  raise(index: number, rank: number, sparseMaxBytes: number): boolean {
    const { buf, start, length } = this;
    let result = hllRaise(buf, start, length, this.#capacity, index, rank, sparseMaxBytes);
    if (result === HLL_NO_ROOM) {
      this.#moveToCopy();
      const copy = this.#copy;
      result = hllRaise(copy, 0, length, HLL_DENSE_BYTES, index, rank, sparseMaxBytes);
    }
    return this.#note(result);
  }

  /** Makes the value dense with these registers, one a byte. */
  setRegisters(registers: Uint8Array): void {
    if (!this.isDense) this.#moveToCopy();
    hllSetRegisters(this.buf, this.start, registers);
    this.length = HLL_DENSE_BYTES;
  }

  /** Makes the value dense; false when it was. Throws CORRUPT_HLL. */
  makeDense(): boolean {
    if (this.isDense) return false;
    this.#moveToCopy();
    if (!hllToDense(this.buf, this.start, this.length)) throw CORRUPT_HLL;
    this.length = HLL_DENSE_BYTES;
    return true;
  }

  /** Says that the cached cardinality does not hold any more. */
  dropCache(): void {
    dropCachedCardinality(this.buf, this.start);
  }

  /**
   * Stores the value under the key at argument `i`, the one it was opened with; its expiry stays.
   * Throws OutOfMemory, the value then being as it was, or lacking some of what was added.
   */
  close(db: Database, args: Args, i: number): void {
    const { buf, start, length } = this;
    if (buf !== this.#copy) return;
    if (this.#entry !== 0 && length < HLL_DENSE_BYTES) {
      db.replaceString(this.#entry, buf, start, start + length, Encoding.RAW);
      return;
    }
    // A dense value never grows again, so it gets no room to spare.
    const dueMs = this.#entry === 0 ? NO_EXPIRY : KEEP_EXPIRY;
    const name = args.bufs[i];
    const from = args.starts[i];
    const to = args.ends[i];
    db.setString(name, from, to, buf, start, start + length, Encoding.RAW, dueMs);
  }

  /** How long the value may become where it is. */
  get #capacity(): number {
    return this.buf === this.#copy ? HLL_DENSE_BYTES : this.length;
  }

  #moveToCopy(): void {
    if (this.buf === this.#copy) return;
    copyBytes(this.#copy, 0, this.buf, this.start, this.start + this.length);
    this.buf = this.#copy;
    this.start = 0;
  }

  #note(result: number): boolean {
    if (result === HLL_UNCHANGED) return false;
    if (result === HLL_CORRUPT) throw CORRUPT_HLL;
    this.length = result;
    // At once: a change in place stays, whatever becomes of the command.
    this.dropCache();
    return true;
  }
}
