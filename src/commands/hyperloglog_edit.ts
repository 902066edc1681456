/**
 * How a command changes a HyperLogLog: a dense one where it lies in the store, a sparse one, whose
 * length changes, in a copy. Most additions change nothing, and then nothing is copied.
 */
import { type Database, KEEP_EXPIRY, NO_EXPIRY } from "../keyspace/database.ts";
import { Encoding } from "../keyspace/types/type.ts";
import { copyBytes } from "../memory/bytes.ts";
import type { Args } from "../resp/args.ts";
import {
  dropCachedCardinality,
  HLL_CORRUPT,
  HLL_DENSE_BYTES,
  HLL_HEADER_BYTES,
  HLL_NO_ROOM,
  HLL_REGISTERS,
  HLL_UNCHANGED,
  hllAdd,
  hllMerge,
  hllRaise,
  hllSetRegisters,
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
  /** The value is `buf[start, start + length)`; after {@link makeDense} even when it is closed. */
  buf: Uint8Array;
  start = 0;
  length = 0;
  /** Where most sparse values are copied to that change, and all that become dense. */
  readonly #copy = new Uint8Array(HLL_DENSE_BYTES);
  readonly #registers = new Uint8Array(HLL_REGISTERS);
  #entry = 0;
  #isInPlace = false;

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
    this.#isInPlace = entry !== 0;
    if (entry === 0) {
      this.buf = this.#copy;
      this.start = 0;
      this.length = writeEmptyHll(this.buf, 0);
      return;
    }
    let value = db.value(entry);
    if (!isHll(value.buf, value.start, value.end)) throw NOT_A_HLL;
    if (db.encoding(entry) !== Encoding.RAW) {
      // Redis takes the value for itself, and then calls its encoding `raw`, whatever follows.
      db.resizeString(entry, value.end - value.start);
      value = db.value(entry);
    }
    this.buf = value.buf;
    this.start = value.start;
    this.length = value.end - value.start;
  }

  get isDense(): boolean {
    return isDenseHll(this.buf, this.start);
  }

  /**
   * Adds argument `i` as an element.
   *
   * @returns How many changes that made, 0 or 1, or HLL_CORRUPT.
   */
  add(args: Args, i: number, sparseMaxBytes: number): number {
    const element = args.bufs[i];
    const from = args.starts[i];
    const to = args.ends[i];
    for (;;) {
      const { buf, start, length } = this;
      const room = this.#capacity;
      const result = hllAdd(buf, start, length, room, element, from, to, sparseMaxBytes);
      if (result !== HLL_NO_ROOM) return this.#note(result);
      this.#makeRoom();
    }
  }

  /** Raises one register; otherwise as {@link add}. */
  raise(index: number, rank: number, sparseMaxBytes: number): number {
    for (;;) {
      const { buf, start, length } = this;
      const result = hllRaise(buf, start, length, this.#capacity, index, rank, sparseMaxBytes);
      if (result !== HLL_NO_ROOM) return this.#note(result);
      this.#makeRoom();
    }
  }

  /** Makes the value dense with these registers, one a byte. */
  setRegisters(registers: Uint8Array): void {
    if (!this.isDense) {
      copyBytes(this.#copy, 0, this.buf, this.start, this.start + HLL_HEADER_BYTES);
      this.buf = this.#copy;
      this.start = 0;
      this.length = HLL_DENSE_BYTES;
      this.#isInPlace = false;
    }
    hllSetRegisters(this.buf, this.start, registers);
  }

  /** Makes the value dense; false when it was. Throws CORRUPT_HLL. */
  makeDense(): boolean {
    if (this.isDense) return false;
    const registers = this.#registers.fill(0);
    if (!hllMerge(this.buf, this.start, this.length, registers)) throw CORRUPT_HLL;
    this.setRegisters(registers);
    return true;
  }

  /** Says that the cached cardinality does not hold any more. */
  dropCache(): void {
    dropCachedCardinality(this.buf, this.start);
  }

  /**
   * Stores the value under the key at argument `i`, the one it was opened with; its expiry stays.
   * Throws OutOfMemory, the stored value then being as it was.
   */
  close(db: Database, args: Args, i: number): void {
    if (this.#isInPlace) return;
    const { buf, length } = this;
    if (this.#entry !== 0 && !this.isDense) {
      db.replaceString(this.#entry, buf, 0, length, Encoding.RAW);
    } else {
      // A dense value never grows again, so it gets no room to spare.
      const dueMs = this.#entry === 0 ? NO_EXPIRY : KEEP_EXPIRY;
      const name = args.bufs[i];
      db.setString(name, args.starts[i], args.ends[i], buf, 0, length, Encoding.RAW, dueMs);
    }
    // A copy of unusual size is not kept.
    this.buf = this.#copy;
  }

  /** How long a sparse value may become where it is; 0 when it must not be changed there. */
  get #capacity(): number {
    return this.#isInPlace ? 0 : this.buf.length;
  }

  /**
   * Moves the value to where it can grow or become dense. A sparse one may be longer than any dense
   * one, by a high `hll-sparse-max-bytes` or by forgery.
   */
  #makeRoom(): void {
    const { buf, start, length } = this;
    const size = 2 * length <= HLL_DENSE_BYTES ? HLL_DENSE_BYTES : 2 * length + HLL_DENSE_BYTES;
    const isUsual = size === HLL_DENSE_BYTES && buf !== this.#copy;
    this.buf = isUsual ? this.#copy : new Uint8Array(size);
    copyBytes(this.buf, 0, buf, start, start + length);
    this.start = 0;
    this.#isInPlace = false;
  }

  #note(result: number): number {
    if (result === HLL_UNCHANGED || result === HLL_CORRUPT) return result;
    this.length = result;
    // At once: a change in place stays, whatever becomes of the command.
    this.dropCache();
    return 1;
  }
}
