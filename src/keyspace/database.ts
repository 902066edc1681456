/**
 * One database: the dict of its keys, and the indexes of those that expire, by themselves or in part.
 *
 * Everything that changes a key goes through here, so that the rules hold in one place: a key that
 * is due is gone for every reader; an entry that moves is followed by the dict and the expire index;
 * what a value holds outside its entry is freed with it; listeners hear of every change.
 *
 * Keys and values come as byte triples (buf, start, end), entries as handles. A handle is valid
 * until the next call that changes the entry; methods that may move an entry return the new one.
 */
import { copyBytes } from "../memory/bytes.ts";
import type { Slabs } from "../memory/slab.ts";
import { Dict } from "../structures/dict.ts";
import * as Entry from "../structures/entry.ts";
import type { ChangeGuard } from "./change_guard.ts";
import type { Digest } from "./digest.ts";
import { EventClass } from "./events.ts";
import { ExpireIndex } from "./expire_index.ts";
import { FieldExpiry } from "./field_expiry.ts";
import type { Keyspace } from "./keyspace.ts";
import { isExpirable } from "./types/hash.ts";
import { VALUE_TYPES } from "./types/mod.ts";
import { Encoding, type ValueType } from "./types/type.ts";

/** For a due time: the key does not expire. */
export const NO_EXPIRY = -1;
/** For a due time: the key keeps the one it has. */
export const KEEP_EXPIRY = -2;

/** The latest moment at which a key can expire: in the year 287396. */
export const MAX_DUE_MS = Number.MAX_SAFE_INTEGER;

/** A string value of up to this many bytes lies inside its entry. */
export const MAX_INLINE_VALUE = 1024;

/** Bytes somewhere; filled in anew by each call that returns it. */
export interface Slice {
  buf: Uint8Array;
  start: number;
  end: number;
}

/** Giving back memory of this size, which a block has to itself, takes noticeable time. */
const GIANT_BYTES = 4 << 20;
/** How much room beyond its length a growing block gets at most. */
const MAX_SPARE_BYTES = 1 << 20;

const NOTHING = new Uint8Array(0);

export class Database {
  readonly keyspace: Keyspace;
  /** The number by which SELECT knows it. */
  readonly index: number;
  readonly #slabs: Slabs;
  #dict: Dict;
  #expires: ExpireIndex;
  #fields: FieldExpiry;
  /** Who is to see keys before they change; null nearly always. */
  #guard: ChangeGuard | null = null;
  /** What {@link value} and {@link key} return. */
  readonly #slice: Slice = { buf: NOTHING, start: 0, end: 0 };
  readonly #keySlice: Slice = { buf: NOTHING, start: 0, end: 0 };
  /** The key of an entry that is removed, for those who hear of it. */
  #removedKey = NOTHING;

  constructor(keyspace: Keyspace, index: number) {
    this.keyspace = keyspace;
    this.index = index;
    this.#slabs = keyspace.slabs;
    this.#dict = new Dict(keyspace.slabs, keyspace.seed);
    this.#expires = new ExpireIndex(keyspace.slabs);
    this.#fields = new FieldExpiry(keyspace);
  }

  /** Number of keys; those that are due but not yet removed count. */
  get size(): number {
    return this.#dict.size;
  }

  /** The table of all keys, for SCAN, random picks and statistics. */
  get dict(): Dict {
    return this.#dict;
  }

  /** The keys that expire. */
  get expires(): ExpireIndex {
    return this.#expires;
  }

  /** The hashes with fields that expire. */
  get fields(): FieldExpiry {
    return this.#fields;
  }

  /** When the first key or field of a hash falls due, wall clock in ms; Infinity when there is none. */
  get nextDueMs(): number {
    return Math.min(this.#expires.nextDueMs, this.#fields.nextDueMs);
  }

  /** Wall clock in ms, as of the start of the turn. */
  get nowMs(): number {
    return this.keyspace.nowMs;
  }

  // -------------------------------------------------------------- the guard

  /** Sets who is to see the keys there are now before they change; null: nobody. */
  setGuard(guard: ChangeGuard | null): void {
    this.#guard = guard;
  }

  /**
   * Says that an entry or its value is about to change. The methods that change an entry, and
   * {@link lookupWrite}, say so by themselves; whoever comes to a value by another way and changes it
   * has to.
   */
  aboutToChange(entry: number): void {
    if (this.#guard === null) return;
    const slabs = this.#slabs;
    const start = Entry.keyOffset(slabs, entry);
    const end = start + Entry.keyLength(slabs, entry);
    this.#guard.beforeChange(this.#dict.hash(slabs.bytes[entry >>> 19], start, end));
  }

  // -------------------------------------------------------------- lookup

  /** The entry of a key, 0 when missing. Removes it instead when it is due. Touches nothing else. */
  peek(buf: Uint8Array, start: number, end: number): number {
    const dict = this.#dict;
    if (dict.size === 0) return 0;
    const entry = dict.find(buf, start, end, dict.hash(buf, start, end));
    return entry !== 0 && Entry.isVolatile(this.#slabs, entry) && this.#goneWhenDue(entry)
      ? 0
      : entry;
  }

  /** The entry of a key to be read: a hit or a miss in the statistics, and a touch of its clock. */
  lookupRead(buf: Uint8Array, start: number, end: number): number {
    const entry = this.lookupUntouched(buf, start, end);
    if (entry !== 0) this.touch(entry);
    return entry;
  }

  /** The entry of a key to be written, of which its guard hears: as {@link lookupRead}, but not counted. */
  lookupWrite(buf: Uint8Array, start: number, end: number): number {
    const entry = this.peek(buf, start, end);
    if (entry === 0) return 0;
    if (this.#guard !== null) this.aboutToChange(entry);
    this.touch(entry);
    return entry;
  }

  /** The entry of a key to be read without a trace in its clock: a hit or a miss all the same. */
  lookupUntouched(buf: Uint8Array, start: number, end: number): number {
    const entry = this.peek(buf, start, end);
    if (entry === 0) {
      this.keyspace.counters.misses++;
      this.notify(buf, start, end, EventClass.KEY_MISS, "keymiss");
      return 0;
    }
    this.keyspace.counters.hits++;
    return entry;
  }

  /** An entry at random, each equally likely; those that are due are removed and not chosen. 0 when there is none. */
  randomEntry(): number {
    while (this.#dict.size > 0) {
      const entry = this.#dict.random(this.keyspace.random32);
      if (!this.removeIfDue(entry)) return entry;
      if (this.keyspace.expiryPaused) return 0;
    }
    return 0;
  }

  /** Calls `visit` with each entry that is not due. It must not change the database. */
  forEachLive(visit: (entry: number) => void): void {
    const { nowMs } = this.keyspace;
    this.#dict.forEach((entry: number) => {
      if (!Entry.isVolatile(this.#slabs, entry) || Entry.dueMs(this.#slabs, entry) > nowMs) {
        visit(entry);
      }
    });
  }

  /** Whether an entry is due and thereby gone for everybody. */
  removeIfDue(entry: number): boolean {
    return Entry.isVolatile(this.#slabs, entry) && this.#goneWhenDue(entry);
  }

  /** Notes the use of an entry in its clock, by LRU or LFU as `maxmemory-policy` says. */
  touch(entry: number): void {
    const { keyspace } = this;
    if (keyspace.noTouch) return;
    const clock = Entry.clock(this.#slabs, entry);
    const touched = keyspace.clocks.touched(clock);
    if (touched !== clock) Entry.setClock(this.#slabs, entry, touched);
  }

  /** Whether a volatile entry is due; it is removed then, unless expiry is paused. */
  #goneWhenDue(entry: number): boolean {
    if (Entry.dueMs(this.#slabs, entry) > this.keyspace.nowMs) return false;
    if (!this.keyspace.expiryPaused) this.expireEntry(entry);
    return true;
  }

  // -------------------------------------------------------------- properties of entries

  /** One of TypeId. */
  type(entry: number): number {
    return Entry.type(this.#slabs, entry);
  }

  /** One of Encoding. */
  encoding(entry: number): number {
    return Entry.encoding(this.#slabs, entry);
  }

  /** The 24-bit LRU or LFU clock. */
  clock(entry: number): number {
    return Entry.clock(this.#slabs, entry);
  }

  /** When an entry expires, wall clock in ms; NO_EXPIRY when it does not. */
  dueMs(entry: number): number {
    return Entry.isVolatile(this.#slabs, entry) ? Entry.dueMs(this.#slabs, entry) : NO_EXPIRY;
  }

  /** Length of a string in bytes. */
  valueLength(entry: number): number {
    return Entry.valueLength(this.#slabs, entry);
  }

  /**
   * The bytes of a string, in place: what is written there is written to the value. The slice is
   * reused by the next call, its memory is valid until the entry or its value changes size.
   */
  value(entry: number): Slice {
    const slice = this.#slice;
    const slabs = this.#slabs;
    const length = Entry.valueLength(slabs, entry);
    if (Entry.isInline(slabs, entry)) {
      slice.buf = slabs.bytes[entry >>> 19];
      slice.start = Entry.valueOffset(slabs, entry);
    } else {
      const block = Entry.valueHandle(slabs, entry);
      slice.buf = slabs.bytes[block >>> 19];
      slice.start = (block & 0x7ffff) << 3;
    }
    slice.end = slice.start + length;
    return slice;
  }

  /** The bytes of an entry's key; the slice is reused by the next call. */
  key(entry: number): Slice {
    const slice = this.#keySlice;
    const slabs = this.#slabs;
    slice.buf = slabs.bytes[entry >>> 19];
    slice.start = Entry.keyOffset(slabs, entry);
    slice.end = slice.start + Entry.keyLength(slabs, entry);
    return slice;
  }

  // -------------------------------------------------------------- writing strings

  /**
   * Makes a string the value of a key, whatever the key was before.
   *
   * @param encoding RAW, INT or EMBSTR, see `stringEncoding`.
   * @param dueMs Wall clock in ms, NO_EXPIRY, or KEEP_EXPIRY.
   * @returns The entry. Throws OutOfMemory with nothing changed.
   */
  setString(
    buf: Uint8Array,
    start: number,
    end: number,
    valueBuf: Uint8Array,
    valueStart: number,
    valueEnd: number,
    encoding: number,
    dueMs: number,
  ): number {
    const hash = this.#dict.hash(buf, start, end);
    const old = this.#findToReplace(buf, start, end, hash);
    this.#guard?.beforeChange(hash);
    const length = valueEnd - valueStart;
    if (old !== 0 && dueMs === NO_EXPIRY && Entry.isPlainInline(this.#slabs, old, length)) {
      Entry.setClock(this.#slabs, old, this.keyspace.clocks.initial());
      this.#overwrite(old, valueBuf, valueStart, valueEnd, encoding);
      return old;
    }
    const due = dueMs === KEEP_EXPIRY ? this.#dueToKeep(old) : dueMs;
    const entry = this.#build(buf, start, end, length, due, encoding);
    const target = this.value(entry);
    copyBytes(target.buf, target.start, valueBuf, valueStart, valueEnd);
    this.#put(hash, old, entry, due);
    return entry;
  }

  /** As {@link setString}, with a slab block of `length` bytes or more as the value, which the entry then owns. */
  setBlock(
    buf: Uint8Array,
    start: number,
    end: number,
    block: number,
    length: number,
    dueMs: number,
  ): number {
    const hash = this.#dict.hash(buf, start, end);
    const old = this.#findToReplace(buf, start, end, hash);
    const due = dueMs === KEEP_EXPIRY ? this.#dueToKeep(old) : dueMs;
    const entry = Entry.createOutOfLine(
      this.#slabs,
      buf,
      start,
      end,
      block,
      length,
      Entry.TypeId.STRING,
      Encoding.RAW,
      due !== NO_EXPIRY,
      this.keyspace.clocks.initial(),
    );
    this.#put(hash, old, entry, due);
    return entry;
  }

  /** The entry that a new value of its key will replace; one that is due expires first, as for every writer. */
  #findToReplace(buf: Uint8Array, start: number, end: number, hash: number): number {
    const entry = this.#dict.find(buf, start, end, hash);
    if (entry === 0 || !Entry.isVolatile(this.#slabs, entry) || !this.#goneWhenDue(entry)) {
      return entry;
    }
    return this.keyspace.expiryPaused ? entry : 0;
  }

  /** The due time that the successor of an entry keeps. */
  #dueToKeep(entry: number): number {
    if (entry === 0) return NO_EXPIRY;
    const dueMs = this.dueMs(entry);
    return dueMs > this.keyspace.nowMs ? dueMs : NO_EXPIRY;
  }

  /** Adds a string of `length` zero bytes under a key that does not exist. */
  createString(buf: Uint8Array, start: number, end: number, length: number): number {
    const entry = this.#build(buf, start, end, length, NO_EXPIRY, Encoding.RAW);
    const value = this.value(entry);
    value.buf.fill(0, value.start, value.end);
    this.#put(this.#dict.hash(buf, start, end), 0, entry, NO_EXPIRY);
    return entry;
  }

  /** Gives an existing string another value; its expiry stays. Returns the entry, which may have moved. */
  replaceString(
    entry: number,
    valueBuf: Uint8Array,
    valueStart: number,
    valueEnd: number,
    encoding: number,
  ): number {
    const moved = this.resizeString(entry, valueEnd - valueStart);
    this.#overwrite(moved, valueBuf, valueStart, valueEnd, encoding);
    return moved;
  }

  /**
   * Makes a string longer or shorter, in place where there is room; what is new is zero, the
   * encoding becomes RAW.
   *
   * @returns The entry, which may have moved. Throws OutOfMemory with nothing changed.
   */
  resizeString(entry: number, length: number): number {
    this.aboutToChange(entry);
    const slabs = this.#slabs;
    const oldLength = Entry.valueLength(slabs, entry);
    let resized = entry;
    if (Entry.isInline(slabs, entry)) {
      if (length !== oldLength) resized = this.#resizeInline(entry, length);
    } else {
      this.#resizeBlock(entry, length);
    }
    Entry.setEncoding(slabs, resized, Encoding.RAW);
    if (length > oldLength) {
      const value = this.value(resized);
      value.buf.fill(0, value.start + oldLength, value.end);
    }
    return resized;
  }

  /** An inline value grows or shrinks with its entry, or moves out of it when it has become big. */
  #resizeInline(entry: number, length: number): number {
    const slabs = this.#slabs;
    if (length <= MAX_INLINE_VALUE && Entry.fitsInline(slabs, entry, length)) {
      Entry.setInlineLength(slabs, entry, length);
      return entry;
    }
    const key = this.key(entry);
    const due = this.dueMs(entry);
    const hash = this.#dict.hash(key.buf, key.start, key.end);
    const clock = Entry.clock(slabs, entry);
    const resized = this.#build(key.buf, key.start, key.end, length, due, Encoding.RAW);
    const source = this.value(entry);
    const { buf, start } = source;
    const kept = Math.min(length, source.end - start);
    const target = this.value(resized);
    copyBytes(target.buf, target.start, buf, start, start + kept);
    Entry.setClock(slabs, resized, clock);
    this.#put(hash, entry, resized, due);
    return resized;
  }

  /** A block of its own grows with room to spare, as Redis's strings do, since it tends to grow again. */
  #resizeBlock(entry: number, length: number): void {
    const slabs = this.#slabs;
    const block = Entry.valueHandle(slabs, entry);
    const capacity = slabs.sizeOf(block);
    if (length > capacity) {
      const spare = Math.min(length, MAX_SPARE_BYTES);
      Entry.setValueHandle(slabs, entry, slabs.resize(block, length + spare));
    } else if (length < capacity >>> 1) {
      Entry.setValueHandle(slabs, entry, slabs.resize(block, Math.max(1, length)));
    }
    Entry.setValueLength(slabs, entry, length);
  }

  /** A new entry for a string of `length` bytes, which are not set yet; not yet in the dict. */
  #build(
    buf: Uint8Array,
    start: number,
    end: number,
    length: number,
    dueMs: number,
    encoding: number,
  ): number {
    const slabs = this.#slabs;
    const volatile = dueMs !== NO_EXPIRY;
    const clock = this.keyspace.clocks.initial();
    if (length <= MAX_INLINE_VALUE) {
      return Entry.createInline(
        slabs,
        buf,
        start,
        end,
        length,
        Entry.TypeId.STRING,
        encoding,
        volatile,
        clock,
      );
    }
    const block = slabs.alloc(length);
    try {
      return Entry.createOutOfLine(
        slabs,
        buf,
        start,
        end,
        block,
        length,
        Entry.TypeId.STRING,
        encoding,
        volatile,
        clock,
      );
    } catch (failure) {
      slabs.free(block);
      throw failure;
    }
  }

  /**
   * Puts a new entry into the place of `old`, or into the dict when that is 0; `old` is freed.
   * Where memory runs out, the new entry is freed and everything is as it was.
   */
  #put(hash: number, old: number, entry: number, dueMs: number): void {
    this.#guard?.beforeChange(hash);
    const slabs = this.#slabs;
    const dict = this.#dict;
    const volatile = dueMs !== NO_EXPIRY;
    try {
      if (volatile) {
        Entry.setDueMs(slabs, entry, dueMs);
        this.#expires.add(entry, dueMs);
      }
      if (old === 0) dict.insert(hash, entry);
    } catch (failure) {
      if (volatile && this.#expires.holds(entry)) this.#expires.remove(entry);
      this.#free(entry);
      throw failure;
    }
    if (old === 0) {
      if (this.#isNewsWanted) this.#announce(entry);
      return;
    }
    if (this.keyspace.awaitedTypes !== 0) this.#announceLoss(old);
    if (Entry.isVolatile(slabs, old)) this.#expires.remove(old);
    this.#fields.forget(old);
    dict.replace(hash, old, entry);
    this.#free(old);
  }

  /** Whether anybody wants to know that a key is new. */
  get #isNewsWanted(): boolean {
    const { awaitedTypes, eventMask } = this.keyspace;
    return (eventMask & EventClass.NEW | awaitedTypes) !== 0;
  }

  /** Tells that a key is there which has not been there before. */
  #announce(entry: number): void {
    const { buf, start, end } = this.key(entry);
    this.ready(Entry.type(this.#slabs, entry), buf, start, end);
    this.notify(buf, start, end, EventClass.NEW, "new");
  }

  /** Tells that an entry goes, if it is a stream: of its end, too, somebody may wait to hear. */
  #announceLoss(entry: number): void {
    if (Entry.type(this.#slabs, entry) !== Entry.TypeId.STREAM) return;
    const { buf, start, end } = this.key(entry);
    this.ready(Entry.TypeId.STREAM, buf, start, end);
  }

  /** Copies a new value over one of the same length class; see {@link Entry.fitsInline}. */
  #overwrite(
    entry: number,
    valueBuf: Uint8Array,
    valueStart: number,
    valueEnd: number,
    encoding: number,
  ): void {
    Entry.setEncoding(this.#slabs, entry, encoding);
    const value = this.value(entry);
    copyBytes(value.buf, value.start, valueBuf, valueStart, valueEnd);
  }

  // -------------------------------------------------------------- writing other values

  /**
   * Adds a key that does not exist, with a value that lies outside of its entry.
   *
   * @param typeId One of TypeId; @param encoding one of Encoding.
   * @param value A slab handle, or a number of the keyspace's object table, as the type has it.
   * @param length Whatever the type keeps beside it.
   * @returns The entry. Throws OutOfMemory with nothing changed; the value is then still the caller's.
   */
  createValue(
    buf: Uint8Array,
    start: number,
    end: number,
    typeId: number,
    encoding: number,
    value: number,
    length: number,
  ): number {
    const clock = this.keyspace.clocks.initial();
    const entry = Entry.createOutOfLine(
      this.#slabs,
      buf,
      start,
      end,
      value,
      length,
      typeId,
      encoding,
      false,
      clock,
    );
    const hash = this.#dict.hash(buf, start, end);
    this.#guard?.beforeChange(hash);
    try {
      this.#dict.insert(hash, entry);
    } catch (failure) {
      this.#slabs.free(entry);
      throw failure;
    }
    if (this.#isNewsWanted) this.#announce(entry);
    return entry;
  }

  /**
   * A new entry for a key, to be filled before it is {@link put} in the place of whatever the key
   * holds, or given up with {@link discard}. Parameters as of {@link createValue}. Throws OutOfMemory
   * with the value still the caller's.
   */
  draft(
    buf: Uint8Array,
    start: number,
    end: number,
    typeId: number,
    encoding: number,
    value: number,
    length: number,
  ): number {
    const clock = this.keyspace.clocks.initial();
    return Entry.createOutOfLine(
      this.#slabs,
      buf,
      start,
      end,
      value,
      length,
      typeId,
      encoding,
      false,
      clock,
    );
  }

  /** Makes a draft the entry of its key, without an expiry. Throws OutOfMemory with the draft freed and nothing changed. */
  put(draft: number): void {
    const { buf, start, end } = this.key(draft);
    const hash = this.#dict.hash(buf, start, end);
    try {
      this.#reserveFor(draft);
    } catch (failure) {
      this.#free(draft);
      throw failure;
    }
    this.#put(hash, this.#findToReplace(buf, start, end, hash), draft, NO_EXPIRY);
    this.#trackFields(draft);
  }

  /** Makes sure that {@link #trackFields} of an entry that is added will not fail. */
  #reserveFor(entry: number): void {
    if (this.#isExpirableHash(entry)) this.#fields.reserve();
  }

  /** Notes when fields of an entry that has been added fall due, if it is a hash. */
  #trackFields(entry: number): void {
    if (this.#isExpirableHash(entry)) this.#fields.track(entry);
  }

  #isExpirableHash(entry: number): boolean {
    return Entry.type(this.#slabs, entry) === Entry.TypeId.HASH && isExpirable(this.#slabs, entry);
  }

  /** Frees a draft and its value. */
  discard(draft: number): void {
    this.#free(draft);
  }

  /** The handle or number of a value that lies outside of its entry. */
  outsideValue(entry: number): number {
    return Entry.valueHandle(this.#slabs, entry);
  }

  /** The value outside of an entry has moved, grown, or got another encoding. The entry stays where it is. */
  setOutsideValue(entry: number, encoding: number, value: number, length: number): void {
    Entry.setEncoding(this.#slabs, entry, encoding);
    Entry.setValueHandle(this.#slabs, entry, value);
    Entry.setValueLength(this.#slabs, entry, length);
  }

  // -------------------------------------------------------------- expiry

  /**
   * Sets or removes (NO_EXPIRY) the expiry of an entry, which may move for it.
   *
   * @returns The entry. Throws OutOfMemory with nothing changed.
   */
  setDue(entry: number, dueMs: number): number {
    this.aboutToChange(entry);
    const slabs = this.#slabs;
    const wasVolatile = Entry.isVolatile(slabs, entry);
    const volatile = dueMs !== NO_EXPIRY;
    if (wasVolatile && volatile) {
      Entry.setDueMs(slabs, entry, dueMs);
      this.#expires.update(entry, dueMs);
      return entry;
    }
    if (wasVolatile === volatile) return entry;
    const key = this.key(entry);
    const hash = this.#dict.hash(key.buf, key.start, key.end);
    const moved = Entry.withVolatility(slabs, entry, volatile);
    if (volatile) {
      Entry.setDueMs(slabs, moved, dueMs);
      try {
        this.#expires.add(moved, dueMs);
      } catch (failure) {
        slabs.free(moved);
        throw failure;
      }
    } else {
      this.#expires.remove(entry);
    }
    this.#dict.replace(hash, entry, moved);
    this.#fields.moved(entry, moved);
    slabs.free(entry);
    return moved;
  }

  /** Removes an entry that is due, and tells of it. */
  expireEntry(entry: number): void {
    const { keyspace } = this;
    keyspace.counters.expiredKeys++;
    this.#removeForServer(
      entry,
      "expired",
      EventClass.EXPIRED,
      keyspace.settings.lazyfreeLazyExpire,
    );
  }

  /** Removes an entry to make room, and tells of it. */
  evictEntry(entry: number): void {
    const { keyspace } = this;
    keyspace.counters.evictedKeys++;
    this.#removeForServer(
      entry,
      "evicted",
      EventClass.EVICTED,
      keyspace.settings.lazyfreeLazyEviction,
    );
  }

  /** A removal that no client asked for. The key is copied: listeners hear of it when it is gone. */
  #removeForServer(
    entry: number,
    reason: "expired" | "evicted",
    eventClass: number,
    lazily: boolean,
  ): void {
    const { keyspace } = this;
    const { buf, start, end } = this.key(entry);
    const length = end - start;
    if (length > this.#removedKey.length) this.#removedKey = new Uint8Array(2 * length);
    const key = this.#removedKey;
    copyBytes(key, 0, buf, start, end);
    this.removeEntry(entry, lazily);
    keyspace.listener.keyRemoved(reason, this.index, key, 0, length);
    this.modified(key, 0, length);
    this.notify(key, 0, length, eventClass, reason);
  }

  // -------------------------------------------------------------- removing and moving

  /** Removes a key; false when it is missing. */
  delete(buf: Uint8Array, start: number, end: number, lazily = false): boolean {
    const entry = this.peek(buf, start, end);
    if (entry === 0) return false;
    this.removeEntry(entry, lazily);
    return true;
  }

  /** Takes an entry out and frees it; with `lazily`, what takes long is freed later, in slices. */
  removeEntry(entry: number, lazily: boolean): void {
    if (this.keyspace.awaitedTypes !== 0) this.#announceLoss(entry);
    this.aboutToChange(entry);
    const key = this.key(entry);
    this.#dict.remove(this.#dict.hash(key.buf, key.start, key.end), entry);
    if (Entry.isVolatile(this.#slabs, entry)) this.#expires.remove(entry);
    this.#fields.forget(entry);
    if (lazily && this.#isGiant(entry)) {
      this.keyspace.lazyFree.entry(entry, (giant) => this.#free(giant));
    } else {
      this.#free(entry);
    }
  }

  /**
   * Gives the value of an entry, with its expiry, to another key of this or another database, which
   * must not hold that key. The entry is gone afterwards.
   */
  moveTo(target: Database, buf: Uint8Array, start: number, end: number, entry: number): void {
    this.aboutToChange(entry);
    const slabs = this.#slabs;
    const dueMs = this.dueMs(entry);
    target.#reserveFor(entry);
    const moved = Entry.withKey(slabs, entry, buf, start, end);
    const key = this.key(entry);
    this.#dict.remove(this.#dict.hash(key.buf, key.start, key.end), entry);
    if (dueMs !== NO_EXPIRY) this.#expires.remove(entry);
    this.#fields.forget(entry);
    target.#put(target.#dict.hash(buf, start, end), 0, moved, dueMs);
    // Who waits for the new key is served before who is told that the old one is gone.
    if (this.keyspace.awaitedTypes !== 0) this.#announceLoss(entry);
    slabs.free(entry);
    target.#trackFields(moved);
  }

  /**
   * Puts a copy of an entry's value, with its expiry, under a key that `target` must not hold.
   * Throws OutOfMemory with nothing changed.
   */
  copyTo(target: Database, buf: Uint8Array, start: number, end: number, entry: number): void {
    const slabs = this.#slabs;
    target.#reserveFor(entry);
    const copy = Entry.withKey(slabs, entry, buf, start, end);
    try {
      if (!Entry.isInline(slabs, copy)) {
        this.#valueType(entry).duplicate(this.keyspace, entry, copy);
      }
    } catch (failure) {
      slabs.free(copy);
      throw failure;
    }
    target.#put(target.#dict.hash(buf, start, end), 0, copy, this.dueMs(entry));
    target.#trackFields(copy);
  }

  /** Removes all keys. With `lazily` (or not) the tables go at once; what they held is freed in slices (or now). */
  clear(lazily: boolean): void {
    const { lazyFree } = this.keyspace;
    this.#expires.clear();
    this.#fields.clear();
    const guard = this.#guard;
    this.#guard = null;
    const freeEntry = (entry: number) => this.#free(entry);
    if (guard !== null && guard.takeOver(this.#dict, freeEntry)) {
      this.#dict = new Dict(this.#slabs, this.keyspace.seed);
      if (!this.keyspace.resizing) this.#dict.pauseRehash();
      return;
    }
    const table = this.#dict.detach();
    if (table !== null) lazyFree.table(table, freeEntry);
    if (!lazily) lazyFree.finish();
  }

  /** SWAPDB: the two databases exchange all keys. */
  swapContents(other: Database): void {
    [this.#dict, other.#dict] = [other.#dict, this.#dict];
    [this.#expires, other.#expires] = [other.#expires, this.#expires];
    [this.#fields, other.#fields] = [other.#fields, this.#fields];
    [this.#guard, other.#guard] = [other.#guard, this.#guard];
  }

  /** Whether freeing an entry's value takes so long that it is worth a detour. */
  #isGiant(entry: number): boolean {
    return !Entry.isInline(this.#slabs, entry) &&
      Entry.valueLength(this.#slabs, entry) >= GIANT_BYTES;
  }

  /** Frees an entry's block and what its value holds outside of it. */
  #free(entry: number): void {
    if (!Entry.isInline(this.#slabs, entry)) this.#valueType(entry).release(this.keyspace, entry);
    this.#slabs.free(entry);
  }

  #valueType(entry: number): ValueType {
    return VALUE_TYPES[Entry.type(this.#slabs, entry)]!;
  }

  /**
   * Active defragmentation of some buckets' entries and values.
   *
   * @param tally Counts blocks that moved and that stayed.
   * @returns The cursor for the next call, 0 at the end.
   */
  compactBuckets(cursor: number, tally: { moved: number; kept: number }): number {
    const slabs = this.#slabs;
    return this.#dict.scanSlots(cursor, (entry) => {
      if (!Entry.isInline(slabs, entry)) {
        tally.moved += this.#valueType(entry).compact(this.keyspace, entry);
      }
      if (!slabs.shouldMove(entry)) {
        tally.kept++;
        return entry;
      }
      const moved = slabs.move(entry);
      if (moved !== entry) {
        if (Entry.isVolatile(slabs, moved)) this.#expires.moved(moved);
        this.#fields.moved(entry, moved);
      }
      tally.moved++;
      return moved;
    });
  }

  // -------------------------------------------------------------- telling

  /** A client's command has changed a key: watchers, the event, and one change to save. */
  changed(buf: Uint8Array, start: number, end: number, eventClass: number, event: string): void {
    this.keyspace.counters.dirty++;
    this.modified(buf, start, end);
    this.notify(buf, start, end, eventClass, event);
  }

  /** The key is not what it was: WATCH and client-side caches want to know. */
  modified(buf: Uint8Array, start: number, end: number): void {
    const { keyspace } = this;
    if (keyspace.modificationsWatched) keyspace.listener.keyModified(this.index, buf, start, end);
  }

  /** The key is there, has something new, or goes, for which somebody may wait. */
  ready(typeId: number, buf: Uint8Array, start: number, end: number): void {
    const { awaitedTypes, listener } = this.keyspace;
    if ((awaitedTypes & 1 << typeId) !== 0) listener.keyReady(this.index, typeId, buf, start, end);
  }

  /** An event without a change, or beside one. */
  notify(buf: Uint8Array, start: number, end: number, eventClass: number, event: string): void {
    this.keyspace.notify(this.index, buf, start, end, eventClass, event);
  }

  // -------------------------------------------------------------- looking from outside

  /** Puts the content of an entry's value into a digest. */
  digestValue(entry: number, digest: Digest): void {
    this.#valueType(entry).digest(this.keyspace, entry, digest);
  }

  /** Bytes of slab memory that an entry and its value take; `samples` bounds the work, 0 means all. */
  entryBytes(entry: number, samples: number): number {
    const slabs = this.#slabs;
    const outside = Entry.isInline(slabs, entry)
      ? 0
      : this.#valueType(entry).outsideBytes(this.keyspace, entry, samples);
    return slabs.sizeOf(entry) + outside;
  }
}
