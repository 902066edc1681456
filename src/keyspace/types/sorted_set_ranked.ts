/**
 * Big sorted sets: a dict of the members and a tree that keeps them in order. Both hold the same
 * entries: the member is the key, its score the value.
 */
import { compactBuckets, type MoveTally } from "../compaction_queue.ts";
import type { HashSeed } from "../../memory/hash.ts";
import { pageOf } from "../../memory/handle.ts";
import type { Slabs } from "../../memory/slab.ts";
import { Dict, freeSome } from "../../structures/dict.ts";
import * as Entry from "../../structures/entry.ts";
import { freeSubtree, OrderedTree } from "../../structures/ordered_tree.ts";
import { readScore, SCORE_BYTES, writeScore } from "../../structures/score.ts";
import type { LazyFree } from "../lazy_free.ts";

/** A set of more members is freed in slices. */
const FREED_AT_ONCE = 4096;

export class RankedMembers {
  readonly #slabs: Slabs;
  readonly #seed: HashSeed;
  readonly dict: Dict;
  readonly tree: OrderedTree;

  constructor(slabs: Slabs, seed: HashSeed) {
    this.#slabs = slabs;
    this.#seed = seed;
    this.dict = new Dict(slabs, seed);
    this.tree = new OrderedTree(slabs);
  }

  /** The entry of a member; 0 when it is missing. */
  find(buf: Uint8Array, start: number, end: number): number {
    return this.dict.find(buf, start, end, this.dict.hash(buf, start, end));
  }

  /** The score that an entry holds. */
  scoreOf(entry: number): number {
    const slabs = this.#slabs;
    return readScore(slabs.bytes[pageOf(entry)], Entry.valueOffset(slabs, entry));
  }

  /** Adds a member that is not there. Throws OutOfMemory with nothing changed. */
  insert(buf: Uint8Array, start: number, end: number, score: number): void {
    const slabs = this.#slabs;
    const entry = this.#createEntry(buf, start, end, score);
    const hash = this.dict.hash(buf, start, end);
    let isInTree = false;
    try {
      this.tree.insert(score, entry);
      isInTree = true;
      this.dict.insert(hash, entry);
    } catch (failure) {
      if (isInTree) this.tree.remove(score, entry);
      slabs.free(entry);
      throw failure;
    }
  }

  /** Gives an entry another score, which must differ from its own. Throws OutOfMemory with nothing changed. */
  rescore(entry: number, score: number): void {
    const slabs = this.#slabs;
    const old = this.scoreOf(entry);
    // For a moment the tree has it twice; so whatever fails, it has it once.
    this.tree.insert(score, entry);
    this.tree.remove(old, entry);
    writeScore(slabs.bytes[pageOf(entry)], Entry.valueOffset(slabs, entry), score);
  }

  /**
   * Adds a member that is not there to the dict alone, for sets in the making; {@link rankAll} gives
   * all of them their places. Throws OutOfMemory with nothing changed.
   */
  gather(buf: Uint8Array, start: number, end: number, score: number): void {
    const slabs = this.#slabs;
    const entry = this.#createEntry(buf, start, end, score);
    try {
      this.dict.insert(this.dict.hash(buf, start, end), entry);
    } catch (failure) {
      slabs.free(entry);
      throw failure;
    }
  }

  /** Gives an entry that has only been gathered another score. */
  regather(entry: number, score: number): void {
    const slabs = this.#slabs;
    writeScore(slabs.bytes[pageOf(entry)], Entry.valueOffset(slabs, entry), score);
  }

  /** Puts all members, which have only been gathered, in order. Throws OutOfMemory. */
  rankAll(): void {
    this.dict.forEach((entry) => this.tree.insert(this.scoreOf(entry), entry));
  }

  #createEntry(buf: Uint8Array, start: number, end: number, score: number): number {
    const slabs = this.#slabs;
    const { ZSET } = Entry.TypeId;
    const entry = Entry.createInline(slabs, buf, start, end, SCORE_BYTES, ZSET, 0, false, 0);
    writeScore(slabs.bytes[pageOf(entry)], Entry.valueOffset(slabs, entry), score);
    return entry;
  }

  /** Takes out and frees an entry. */
  remove(entry: number): void {
    this.tree.remove(this.scoreOf(entry), entry);
    this.#forget(entry);
  }

  /** Takes out and frees the members from one rank up to another. */
  removeRanks(from: number, to: number): void {
    this.tree.removeRanks(from, to - from, (entry) => this.#forget(entry));
  }

  #forget(entry: number): void {
    const slabs = this.#slabs;
    const { dict } = this;
    const start = Entry.keyOffset(slabs, entry);
    const end = start + Entry.keyLength(slabs, entry);
    dict.remove(dict.hash(slabs.bytes[pageOf(entry)], start, end), entry);
    slabs.free(entry);
  }

  /** Frees everything, in slices what is big. The object is not to be used any more. */
  release(lazyFree: LazyFree): void {
    const slabs = this.#slabs;
    const isGiant = this.dict.size > FREED_AT_ONCE;
    this.tree.detach((node, level) => {
      if (isGiant) lazyFree.entry(node, (subtree) => freeSubtree(slabs, subtree, level));
      else freeSubtree(slabs, node, level);
    });
    const table = this.dict.detach();
    if (table === null) return;
    const freeMember = (entry: number) => slabs.free(entry);
    if (isGiant) lazyFree.table(table, freeMember);
    else freeSome(slabs, table, Infinity, freeMember);
  }

  /** Bytes of all there is; the entries' are estimated from `samples` of them, 0 means all. */
  memoryBytes(samples: number): number {
    const slabs = this.#slabs;
    const { dict, tree } = this;
    const wanted = samples === 0 ? dict.size : Math.min(samples, dict.size);
    const position = { leaf: 0, slot: 0 };
    let bytes = 0;
    if (wanted > 0) tree.select(0, position);
    for (let seen = 0; seen < wanted; seen++, tree.next(position)) {
      bytes += slabs.sizeOf(tree.entryAt(position));
    }
    const entries = wanted === 0 ? 0 : Math.round(bytes * (dict.size / wanted));
    return dict.memoryBytes + tree.memoryBytes + entries;
  }

  /** A copy of everything. Throws OutOfMemory with nothing left behind. */
  copy(): RankedMembers {
    const slabs = this.#slabs;
    const copy = new RankedMembers(slabs, this.#seed);
    const position = { leaf: 0, slot: 0 };
    if (this.tree.size === 0) return copy;
    this.tree.select(0, position);
    try {
      do {
        const entry = this.tree.entryAt(position);
        const start = Entry.keyOffset(slabs, entry);
        const end = start + Entry.keyLength(slabs, entry);
        copy.insert(slabs.bytes[pageOf(entry)], start, end, this.scoreOf(entry));
      } while (this.tree.next(position));
    } catch (failure) {
      copy.removeRanks(0, copy.tree.size);
      throw failure;
    }
    return copy;
  }

  /** Moves members that compaction wants away; a slice, as {@link CompactionSlice} has it. */
  compactMembers(cursor: number, tally: MoveTally): number {
    const slabs = this.#slabs;
    return compactBuckets(this.dict, cursor, (entry) => {
      if (!slabs.shouldMove(entry)) return entry;
      tally.moved++;
      return this.tree.moveEntry(this.scoreOf(entry), entry);
    });
  }
}
