/**
 * A file as a disk keeps it: what the system shows of it, and what of that is sure to be there after
 * the power has failed.
 *
 * Written bytes stay in memory, in sectors, until somebody waits for them; meanwhile the system may
 * bring any of them to the disk, in any order, in any state they have been in. So after a crash each
 * sector that was written since the last wait is as it was at some moment since, and the file has a
 * length that it had at some moment since. When waiting fails, what was not written is forgotten: the
 * system shows it still, but nobody will ever bring it to the disk ("fsyncgate").
 */
import type { Random } from "../random.ts";

/** What a disk writes wholly or not at all. */
export const SECTOR_BYTES = 512;

/** What becomes in a crash of what nobody has waited for. */
export type Tear =
  /** All of it is lost. */
  | "lost"
  /** All of it is there. */
  | "kept"
  /** What was appended is there up to some byte. */
  | "cut"
  /** Each sector is there or not, in any state it was in. */
  | "shuffled";

export const TEARS: readonly Tear[] = ["lost", "kept", "cut", "shuffled"];

/** What a waiting call is to bring to the disk: the file at the moment when it began. */
export interface Flush {
  /** Counts the waiting calls in the order in which they began. */
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly sectors: ReadonlySet<number>;
}

/** Older states of a sector, oldest first. */
type Versions = Uint8Array[];

export class StoredFile {
  /** What the system shows. */
  bytes = new Uint8Array(0);
  permissions: number;
  modifiedMs: number;
  /** What a crash cannot take: sectors at their places, and the length. */
  #durable = new Uint8Array(0);
  #durableSize = 0;
  /** Sectors written since the last wait began, with what they were before. */
  #dirty = new Map<number, Versions>();
  /** Lengths that the file has had since then. */
  #sizes: number[] = [];
  #flushesBegun = 0;
  #flushesFinished = 0;

  constructor(permissions: number, modifiedMs: number) {
    this.permissions = permissions;
    this.modifiedMs = modifiedMs;
  }

  /** A file all of which is on the disk. */
  static durable(bytes: Uint8Array, { permissions, modifiedMs }: StoredFile): StoredFile {
    const file = new StoredFile(permissions, modifiedMs);
    file.bytes = bytes.slice();
    file.#durable = bytes.slice();
    file.#durableSize = bytes.length;
    return file;
  }

  // ---------------------------------------------------------------- changing

  write(at: number, source: Uint8Array, nowMs: number): void {
    const end = at + source.length;
    if (end > this.bytes.length) this.#resize(end);
    this.#soil(at, end);
    this.bytes.set(source, at);
    this.modifiedMs = nowMs;
  }

  truncate(size: number, nowMs: number): void {
    if (size < this.bytes.length) this.#soil(size, this.bytes.length);
    this.#resize(size);
    this.modifiedMs = nowMs;
  }

  #resize(size: number): void {
    this.#sizes.push(this.bytes.length);
    const bytes = new Uint8Array(size);
    bytes.set(this.bytes.subarray(0, size));
    this.bytes = bytes;
  }

  /** Notes that the sectors of a range change. */
  #soil(start: number, end: number): void {
    for (let i = Math.floor(start / SECTOR_BYTES); i * SECTOR_BYTES < end; i++) {
      const versions = this.#dirty.get(i) ?? [];
      this.#dirty.set(i, versions);
      versions.push(sectorOf(this.bytes, i));
    }
  }

  // ---------------------------------------------------------------- waiting

  /** A waiting call begins: it is about what has been written so far. */
  beginFlush(): Flush {
    const number = ++this.#flushesBegun;
    return { number, bytes: this.bytes.slice(), sectors: new Set(this.#dirty.keys()) };
  }

  /** It comes back: what it was about is on the disk. */
  finishFlush(flush: Flush): void {
    if (this.#isOutrun(flush)) return;
    for (const i of flush.sectors) this.#settle(i, flush.bytes);
    this.#durableSize = flush.bytes.length;
    const last = this.#sizes.lastIndexOf(flush.bytes.length);
    if (this.bytes.length === flush.bytes.length) this.#sizes = [];
    else this.#sizes.splice(0, last + 1);
  }

  /** It fails: some of it is on the disk, and the rest will never be, unless it is written anew. */
  failFlush(flush: Flush, random: Random): void {
    if (this.#isOutrun(flush)) return;
    for (const i of flush.sectors) {
      if (random.oneIn(2)) this.#settle(i, flush.bytes);
      else this.#forget(i, flush.bytes);
    }
    if (random.oneIn(2)) this.#durableSize = flush.bytes.length;
    if (this.bytes.length === flush.bytes.length) this.#sizes = [];
  }

  /** Whether a call that began later has come back before, and left nothing to do. */
  #isOutrun({ number }: Flush): boolean {
    if (number < this.#flushesFinished) return true;
    this.#flushesFinished = number;
    return false;
  }

  #settle(i: number, bytes: Uint8Array): void {
    const end = Math.min((i + 1) * SECTOR_BYTES, bytes.length);
    this.#durable = withSector(this.#durable, i, sectorOf(bytes, i), end);
    this.#forget(i, bytes);
  }

  /** What a sector was before the waiting began will not reach the disk any more. */
  #forget(i: number, bytes: Uint8Array): void {
    const flushed = sectorOf(bytes, i);
    if (sameBytes(sectorOf(this.bytes, i), flushed)) this.#dirty.delete(i);
    const versions = this.#dirty.get(i) ?? [];
    versions.splice(0, versions.findLastIndex((version) => sameBytes(version, flushed)) + 1);
  }

  // ---------------------------------------------------------------- crashing

  /** What a crash leaves of the file. */
  afterCrash(tear: Tear, random: Random): Uint8Array {
    const certain = resized(this.#durable, this.#durableSize);
    if (tear === "lost") return certain;
    let bytes: Uint8Array = this.#durable.slice();
    for (const [i, versions] of this.#dirty) {
      const now = sectorOf(this.bytes, i);
      const end = Math.min((i + 1) * SECTOR_BYTES, this.bytes.length);
      if (tear !== "shuffled") bytes = withSector(bytes, i, now, end);
      else if (random.oneIn(2)) bytes = withSector(bytes, i, random.pick([...versions, now]), end);
    }
    return resized(bytes, this.#sizeAfterCrash(tear, random));
  }

  #sizeAfterCrash(tear: Tear, random: Random): number {
    const { length } = this.bytes;
    if (tear === "kept") return length;
    if (tear === "shuffled" && random.oneIn(2)) {
      return random.pick([this.#durableSize, ...this.#sizes, length]);
    }
    return this.#durableSize > length
      ? random.pick([this.#durableSize, length])
      : random.between(this.#durableSize, length);
  }
}

/** A whole sector, with zeros behind the end of the file. */
function sectorOf(bytes: Uint8Array, i: number): Uint8Array {
  return resized(bytes.subarray(i * SECTOR_BYTES), SECTOR_BYTES);
}

/** `bytes` with another sector `i`, and at least `end` of them. */
function withSector(
  bytes: Uint8Array,
  i: number,
  sector: Uint8Array,
  end: number,
): Uint8Array<ArrayBuffer> {
  const changed = new Uint8Array(Math.max(bytes.length, end));
  changed.set(bytes);
  const start = i * SECTOR_BYTES;
  changed.set(sector.subarray(0, changed.length - start), start);
  return changed;
}

/** `bytes` cut off, or filled up with zeros. */
function resized(bytes: Uint8Array, size: number): Uint8Array {
  const changed = new Uint8Array(size);
  changed.set(bytes.subarray(0, size));
  return changed;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => byte === b[i]);
}
