import { assert, assertEquals } from "@std/assert";
import { CompactionQueue } from "../../../../src/keyspace/compaction_queue.ts";
import { LazyFree } from "../../../../src/keyspace/lazy_free.ts";
import { ObjectTable } from "../../../../src/keyspace/objects.ts";
import {
  addMember,
  createSortedSet,
  emptyEncoding,
  memberRank,
  memberScore,
  removeMember,
  removeRanks,
  setMemberScore,
  sortedSetLength,
  sortedSetType,
} from "../../../../src/keyspace/types/sorted_set.ts";
import { SortedSetWalk } from "../../../../src/keyspace/types/sorted_set_walk.ts";
import { Encoding } from "../../../../src/keyspace/types/type.ts";
import { latin1, latin1Text } from "../../../../src/memory/bytes.ts";
import { OUT_OF_MEMORY } from "../../../../src/memory/slab.ts";
import * as Entry from "../../../../src/structures/entry.ts";
import { freshSeed, Random } from "../../../support/random.ts";
import { SEED } from "../../structures/dict_model.ts";
import { FailingSlabs } from "../../structures/failing_slabs.ts";

const KEY = latin1("key");

/** A sorted set and a Map that must agree. */
class SortedSetModel {
  readonly slabs = new FailingSlabs();
  readonly objects = new ObjectTable();
  readonly lazyFree = new LazyFree(this.slabs);
  readonly compaction = new CompactionQueue(this.objects);
  readonly seed = SEED;
  readonly scores = new Map<string, number>();
  readonly limits: { zsetMaxListpackEntries: number; zsetMaxListpackValue: number };
  entry: number;

  constructor(entries: number) {
    this.limits = { zsetMaxListpackEntries: entries, zsetMaxListpackValue: 20 };
    this.entry = this.#entryOf(createSortedSet(this, entries === 0), entries === 0);
  }

  #entryOf(value: number, isBig: boolean): number {
    const { ZSET } = Entry.TypeId;
    const encoding = emptyEncoding(isBig);
    return Entry.createOutOfLine(this.slabs, KEY, 0, 3, value, 0, ZSET, encoding, false, 0);
  }

  get isPacked(): boolean {
    return Entry.encoding(this.slabs, this.entry) === Encoding.LISTPACK;
  }

  /** The members, in order. */
  sorted(): [string, number][] {
    return [...this.scores].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
  }

  set(member: string, score: number): void {
    const bytes = latin1(member);
    const old = memberScore(this, this.entry, bytes, 0, bytes.length);
    assertEquals(old, this.scores.get(member) ?? NaN);
    if (old !== old) addMember(this, this.entry, this.limits, bytes, 0, bytes.length, score);
    else if (old !== score) setMemberScore(this, this.entry, bytes, 0, bytes.length, score);
    this.scores.set(member, score);
  }

  remove(member: string): void {
    const bytes = latin1(member);
    const removed = removeMember(this, this.entry, bytes, 0, bytes.length);
    assertEquals(removed, this.scores.delete(member));
  }

  removeRanks(from: number, to: number): void {
    for (const [member] of this.sorted().slice(from, to)) this.scores.delete(member);
    removeRanks(this, this.entry, { from, to });
  }

  check(): void {
    const expected = this.sorted();
    assertEquals(sortedSetLength(this, this.entry), expected.length);
    assertEquals(this.walked(0, false), expected);
    assertEquals(this.walked(expected.length - 1, true), expected.toReversed());
    expected.forEach(([member, score], rank) => {
      const bytes = latin1(member);
      assertEquals(memberRank(this, this.entry, bytes, 0, bytes.length, score), rank);
    });
  }

  walked(rank: number, isReverse: boolean): [string, number][] {
    const walk = new SortedSetWalk();
    const members: [string, number][] = [];
    walk.begin(this, this.entry, rank, isReverse);
    while (walk.next()) members.push([latin1Text(walk.buf, walk.start, walk.end), walk.score]);
    return members;
  }

  release(): void {
    sortedSetType.release(this, this.entry);
    this.slabs.free(this.entry);
    this.lazyFree.finish();
    assertEquals(this.slabs.usedBytes, 0);
    assertEquals(this.objects.size, 0);
  }
}

for (const entries of [0, 30, 1000]) {
  Deno.test(`A sorted set with up to ${entries} members packed does what a Map does`, () => {
    const random = new Random(freshSeed());
    console.log(`seed ${random.seed}`);
    const model = new SortedSetModel(entries);
    for (let i = 0; i < 3000; i++) {
      const member = random.oneIn(2) ? `m${random.below(60)}` : String(random.between(-30, 30));
      if (random.oneIn(3)) model.remove(member);
      else model.set(member, random.oneIn(4) ? random.between(-999, 999) / 8 : random.below(5));
      if (random.oneIn(50) && model.scores.size > 0) {
        const from = random.below(model.scores.size);
        model.removeRanks(from, Math.min(model.scores.size, from + random.below(6)));
      }
      if (random.oneIn(20)) model.check();
    }
    model.check();
    model.release();
  });
}

Deno.test("A sorted set is no listpack any more when it has many or long members", () => {
  const many = new SortedSetModel(3);
  for (let i = 0; i < 3; i++) many.set(`m${i}`, i);
  assert(many.isPacked);
  many.set("m3", 0.5);
  assert(!many.isPacked);
  many.check();
  many.release();
  const long = new SortedSetModel(3);
  long.set("m".repeat(20), 1);
  assert(long.isPacked);
  long.set("m".repeat(21), 1);
  assert(!long.isPacked);
  long.check();
  long.release();
});

Deno.test("A sorted set that runs out of memory stays as it was", () => {
  for (const entries of [0, 4, 1000]) {
    const model = new SortedSetModel(entries);
    const { slabs } = model;
    for (let i = 0; i < 300; i++) {
      const member = `m${i % 90}`;
      for (let allocations = 0;; allocations++) {
        slabs.allocationsLeft = allocations;
        try {
          model.set(member, i);
          break;
        } catch (failure) {
          assertEquals(failure, OUT_OF_MEMORY);
        } finally {
          slabs.allocationsLeft = Infinity;
        }
        if (i % 20 === 0) model.check();
      }
    }
    model.check();
    model.release();
  }
});

Deno.test("A copy of a sorted set is one of its own", () => {
  for (const entries of [0, 1000]) {
    const model = new SortedSetModel(entries);
    for (let i = 0; i < 200; i++) model.set(`m${i}`, i % 7);
    const expected = model.sorted();
    const copy = Entry.withKey(model.slabs, model.entry, latin1("copy"), 0, 4);
    sortedSetType.duplicate(model, model.entry, copy);
    model.removeRanks(0, 150);
    const original = model.entry;
    model.entry = copy;
    assertEquals(model.walked(0, false), expected);
    sortedSetType.release(model, copy);
    model.slabs.free(copy);
    model.entry = original;
    model.check();
    model.release();
  }
});

Deno.test("A giant sorted set is freed in slices", () => {
  const model = new SortedSetModel(0);
  for (let i = 0; i < 10_000; i++) model.set(`m${i}`, i);
  const before = model.slabs.blockCount;
  sortedSetType.release(model, model.entry);
  assert(model.slabs.blockCount > before * 0.9);
  model.slabs.free(model.entry);
  model.lazyFree.finish();
  assertEquals(model.slabs.usedBytes, 0);
});
