/**
 * IDs of stream entries: a time in milliseconds and a sequence number, 64 bits each, unsigned. Both
 * are held as two int32 halves, whose bits mean unsigned, so that what is compared and added for
 * each entry are small integers.
 */
import { latin1 } from "../memory/bytes.ts";
import {
  INT64_TEXT_BYTES,
  parseSafeInteger,
  parseUint64,
  writeInt64,
  writeInteger,
} from "../memory/numbers.ts";

/** The longest text of an ID. */
export const STREAM_ID_TEXT_BYTES = 2 * INT64_TEXT_BYTES + 1;

const TWO_32 = 2 ** 32;
/** Sums of two numbers below it are exact. */
const EXACT = 2 ** 52;
/** High halves below it belong to safe integers. */
const SAFE_HIGH = 1 << 21;

/** An ID that can be changed. */
export class StreamId {
  msHigh = 0;
  msLow = 0;
  seqHigh = 0;
  seqLow = 0;

  set(msHigh: number, msLow: number, seqHigh: number, seqLow: number): void {
    this.msHigh = msHigh;
    this.msLow = msLow;
    this.seqHigh = seqHigh;
    this.seqLow = seqLow;
  }

  copy(other: StreamId): void {
    this.set(other.msHigh, other.msLow, other.seqHigh, other.seqLow);
  }

  /** Makes it the smallest ID, 0-0. */
  setMin(): void {
    this.set(0, 0, 0, 0);
  }

  /** Makes it the greatest ID. */
  setMax(): void {
    this.set(-1, -1, -1, -1);
  }

  /** Makes it the first ID of a moment, a safe integer that is not negative. */
  setMs(ms: number): void {
    this.set((ms / TWO_32) | 0, ms | 0, 0, 0);
  }

  get isMin(): boolean {
    return (this.msHigh | this.msLow | this.seqHigh | this.seqLow) === 0;
  }

  get isMax(): boolean {
    return (this.msHigh & this.msLow & this.seqHigh & this.seqLow) === -1;
  }

  /** Whether the sequence number is the greatest. */
  get isLastOfMs(): boolean {
    return (this.seqHigh & this.seqLow) === -1;
  }

  /** Makes it the next ID; false, with nothing changed, when it is the greatest. */
  increment(): boolean {
    if (this.isMax) return false;
    this.seqLow = (this.seqLow + 1) | 0;
    if (this.seqLow !== 0) return true;
    this.seqHigh = (this.seqHigh + 1) | 0;
    if (this.seqHigh !== 0) return true;
    this.msLow = (this.msLow + 1) | 0;
    if (this.msLow === 0) this.msHigh = (this.msHigh + 1) | 0;
    return true;
  }

  /** Makes it the ID before; false, with nothing changed, when it is the smallest. */
  decrement(): boolean {
    if (this.isMin) return false;
    this.seqLow = (this.seqLow - 1) | 0;
    if (this.seqLow !== -1) return true;
    this.seqHigh = (this.seqHigh - 1) | 0;
    if (this.seqHigh !== -1) return true;
    this.msLow = (this.msLow - 1) | 0;
    if (this.msLow === -1) this.msHigh = (this.msHigh - 1) | 0;
    return true;
  }

  /** Adds to both halves, modulo 2^64 each. */
  add(msDelta: number, seqDelta: number): void {
    const ms = (this.msLow >>> 0) + msDelta;
    this.msHigh = (this.msHigh + Math.floor(ms / TWO_32)) | 0;
    this.msLow = ms | 0;
    const seq = (this.seqLow >>> 0) + seqDelta;
    this.seqHigh = (this.seqHigh + Math.floor(seq / TWO_32)) | 0;
    this.seqLow = seq | 0;
  }

  /** Adds to both halves, modulo 2^64 each, whatever the size of the summands. */
  addBig(msDelta: bigint, seqDelta: bigint): void {
    const ms = joined(this.msHigh, this.msLow) + msDelta;
    const seq = joined(this.seqHigh, this.seqLow) + seqDelta;
    this.set(highOf(ms), lowOf(ms), highOf(seq), lowOf(seq));
  }
}

/** Whether {@link StreamId.add} can add a number. */
export function isExactDelta(delta: number): boolean {
  return delta < EXACT && delta > -EXACT;
}

/** Negative when `a` is smaller, 0 when they are equal, positive when it is greater. */
export function compareIds(a: StreamId, b: StreamId): number {
  if (a.msHigh !== b.msHigh) return (a.msHigh >>> 0) - (b.msHigh >>> 0);
  if (a.msLow !== b.msLow) return (a.msLow >>> 0) - (b.msLow >>> 0);
  if (a.seqHigh !== b.seqHigh) return (a.seqHigh >>> 0) - (b.seqHigh >>> 0);
  return (a.seqLow >>> 0) - (b.seqLow >>> 0);
}

/** `high:low - otherHigh:otherLow`, two unsigned numbers of 64 bits; NaN when that is too much to be exact. */
export function deltaOf(high: number, low: number, otherHigh: number, otherLow: number): number {
  const delta = ((high - otherHigh) | 0) * TWO_32 + ((low >>> 0) - (otherLow >>> 0));
  return isExactDelta(delta) ? delta : NaN;
}

/**
 * Writes the text of `high:low - otherHigh:otherLow`, two unsigned numbers of 64 bits, as the signed
 * number of 64 bits that it is modulo 2^64; returns the position behind it.
 */
export function writeDelta(
  dst: Uint8Array,
  high: number,
  low: number,
  otherHigh: number,
  otherLow: number,
): number {
  return writeInt64(
    dst,
    0,
    BigInt.asIntN(64, joined(high, low) - joined(otherHigh, otherLow)),
  );
}

// ---------------------------------------------------------------- texts

const DASH = 0x2d;

/** Writes `ms-seq` to `dst` from `at` on and returns the position behind it. `separator` is the byte in between. */
export function writeId(dst: Uint8Array, at: number, id: StreamId, separator = DASH): number {
  const middle = writeHalf(dst, at, id.msHigh, id.msLow);
  dst[middle] = separator;
  return writeHalf(dst, middle + 1, id.seqHigh, id.seqLow);
}

function writeHalf(dst: Uint8Array, at: number, high: number, low: number): number {
  if (high >= 0 && high < SAFE_HIGH) return writeInteger(dst, at, high * TWO_32 + (low >>> 0));
  const text = latin1(String(joined(high, low)));
  dst.set(text, at);
  return at + text.length;
}

/** What a text without a sequence number means. */
export const MissingSeq = { ZERO: 0, MAX: 1 } as const;

/**
 * Reads `ms` or `ms-seq`; false when it is no ID.
 *
 * @param missingSeq One of MissingSeq.
 */
export function parseId(
  buf: Uint8Array,
  start: number,
  end: number,
  missingSeq: number,
  id: StreamId,
): boolean {
  let dash = start;
  while (dash < end && buf[dash] !== DASH) dash++;
  if (!parseMs(buf, start, dash, id)) return false;
  if (dash === end) {
    id.seqHigh = id.seqLow = missingSeq === MissingSeq.MAX ? -1 : 0;
    return true;
  }
  return parseSeq(buf, dash + 1, end, id);
}

/** Reads the first half; the second stays. */
export function parseMs(buf: Uint8Array, start: number, end: number, id: StreamId): boolean {
  if (!parseHalf(buf, start, end)) return false;
  id.msHigh = parsedHigh;
  id.msLow = parsedLow;
  return true;
}

function parseSeq(buf: Uint8Array, start: number, end: number, id: StreamId): boolean {
  if (!parseHalf(buf, start, end)) return false;
  id.seqHigh = parsedHigh;
  id.seqLow = parsedLow;
  return true;
}

let parsedHigh = 0;
let parsedLow = 0;

function parseHalf(buf: Uint8Array, start: number, end: number): boolean {
  const safe = parseSafeInteger(buf, start, end);
  if (safe >= 0) {
    parsedHigh = (safe / TWO_32) | 0;
    parsedLow = safe | 0;
    return true;
  }
  const big = parseUint64(buf, start, end);
  if (big === null) return false;
  parsedHigh = highOf(big);
  parsedLow = lowOf(big);
  return true;
}

function joined(high: number, low: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

function highOf(value: bigint): number {
  return Number(BigInt.asIntN(32, value >> 32n));
}

function lowOf(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}
