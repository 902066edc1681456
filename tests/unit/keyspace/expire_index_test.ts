import { assert, assertEquals } from "@std/assert";
import { ExpireIndex } from "../../../src/keyspace/expire_index.ts";
import { OUT_OF_MEMORY, Slabs } from "../../../src/memory/slab.ts";
import * as Entry from "../../../src/structures/entry.ts";
import { freshSeed, Random } from "../../support/random.ts";

/** A volatile entry as far as the index knows it: its node's number is in the fifth word. */
const ENTRY_BYTES = 24;
/** Due times, as far away as PEXPIREAT allows, and as near as the beginning of time. */
const FAR_MS = Number.MAX_SAFE_INTEGER;

/** An index, and beside it what it should hold. */
class Scene {
  readonly slabs = new Slabs();
  readonly index = new ExpireIndex(this.slabs);
  readonly due = new Map<number, number>();

  add(dueMs: number): number {
    const entry = this.slabs.alloc(ENTRY_BYTES);
    this.index.add(entry, dueMs);
    this.due.set(entry, dueMs);
    return entry;
  }

  update(entry: number, dueMs: number): void {
    this.index.update(entry, dueMs);
    this.due.set(entry, dueMs);
  }

  remove(entry: number): void {
    this.index.remove(entry);
    this.due.delete(entry);
    this.slabs.free(entry);
  }

  /** Gives an entry another place in memory, its content copied. */
  move(entry: number): number {
    const dueMs = this.due.get(entry)!;
    const moved = this.slabs.alloc(ENTRY_BYTES);
    const { bytes } = this.slabs;
    const at = (handle: number) => (handle & 0x7ffff) << 3;
    bytes[moved >>> 19].set(
      bytes[entry >>> 19].subarray(at(entry), at(entry) + ENTRY_BYTES),
      at(moved),
    );
    this.index.moved(moved);
    this.slabs.free(entry);
    this.due.delete(entry);
    this.due.set(moved, dueMs);
    return moved;
  }

  /** Compares everything that the index tells with what it should. */
  check(): void {
    const { due, index } = this;
    assertEquals(index.size, due.size);
    const seen = new Set<number>();
    for (let i = 0; i < index.size; i++) {
      const entry = index.at(i);
      assert(index.holds(entry));
      assertEquals(index.dueOf(entry), due.get(entry));
      seen.add(entry);
    }
    assertEquals(seen.size, due.size);
    for (const entry of due.keys()) assert(seen.has(entry));
    const soonest = Math.min(...due.values());
    assertEquals(index.nextDueMs, soonest);
    if (due.size > 0) assertEquals(due.get(index.first), soonest);
  }

  /** Takes out all entries, the one that falls due first each time; gives their due times. */
  drain(): number[] {
    const order: number[] = [];
    while (this.index.size > 0) {
      order.push(this.index.nextDueMs);
      this.remove(this.index.first);
    }
    return order;
  }
}

Deno.test("An empty expire index holds no memory and has nothing due", () => {
  const { index, slabs } = new Scene();
  assertEquals([index.size, index.first, index.nextDueMs], [0, 0, Infinity]);
  assertEquals([index.memoryBytes, slabs.usedBytes], [0, 0]);
  assertEquals(index.averageTtlMs(0), 0);
});

Deno.test("Entries come out of the expire index in the order of their due times", () => {
  const seed = freshSeed();
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  const scene = new Scene();
  const due = Array.from({ length: 20_000 }, () => random.next() * (random.oneIn(2) ? 1 : 2 ** 20));
  for (const dueMs of due) scene.add(dueMs);
  assertEquals(scene.drain(), due.toSorted((a, b) => a - b));
  assertEquals(scene.slabs.usedBytes, 0);
});

Deno.test("Due times keep all of their 53 bits", () => {
  const scene = new Scene();
  const due = [0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 52 + 1, FAR_MS - 1, FAR_MS];
  for (const dueMs of due.toReversed()) scene.add(dueMs);
  assertEquals(scene.drain(), due);
});

Deno.test("The expire index is what a sorted array is, whatever is done to it", () => {
  const seed = freshSeed();
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  for (let round = 0; round < 20; round++) {
    const scene = new Scene();
    // From rounds with a handful of due times, most of them equal, to rounds where all differ.
    const range = 2 ** random.between(1, 50);
    const dueMs = () => Math.floor(random.next() / 2 ** 32 * range);
    const entries: number[] = [];
    for (let step = 0; step < 3000; step++) {
      const i = random.below(entries.length);
      const growth = step < 2000 ? 6 : 2;
      if (entries.length === 0 || random.below(10) < growth) entries.push(scene.add(dueMs()));
      else if (random.oneIn(3)) scene.update(entries[i], dueMs());
      else if (random.oneIn(2)) entries[i] = scene.move(entries[i]);
      else scene.remove(entries.splice(i, 1)[0]);
      if (step % 500 === 0) scene.check();
    }
    scene.check();
    const order = scene.drain();
    assertEquals(order, order.toSorted((a, b) => a - b), `seed ${seed}, round ${round}`);
    assertEquals(scene.slabs.usedBytes, 0);
  }
});

Deno.test("The expire index grows by segments and gives them back", () => {
  const scene = new Scene();
  const entries: number[] = [];
  let bytes = 0;
  for (let i = 0; i < 3 * 4096 + 10; i++) {
    entries.push(scene.add(i * 7 % 10_007));
    assert(scene.index.memoryBytes >= bytes, "it only grows");
    bytes = scene.index.memoryBytes;
    assert(scene.index.size * 16 <= bytes);
    assert(bytes <= Math.max(16 * 16, scene.index.size * 32, scene.index.size * 16 + 65_536));
  }
  for (const entry of entries) {
    scene.remove(entry);
    // One spare segment at most, beside the one that is begun.
    assert(scene.index.memoryBytes <= scene.index.size * 16 + 2 * 65_536);
  }
  assertEquals(scene.index.memoryBytes, 0);
  assertEquals(scene.slabs.usedBytes, 0);
});

Deno.test("Clearing the expire index returns its memory and leaves the entries alone", () => {
  const scene = new Scene();
  for (let i = 0; i < 10_000; i++) scene.add(i);
  scene.index.clear();
  assertEquals([scene.index.size, scene.index.memoryBytes], [0, 0]);
  assertEquals(scene.slabs.blockCount, 10_000);
  scene.due.clear();
  scene.add(5);
  scene.check();
});

Deno.test("An addition for which there is no memory changes nothing", () => {
  const scene = new Scene();
  for (let i = 0; i < 16; i++) scene.add(i);
  const { slabs } = scene;
  const { resize } = slabs;
  const entry = slabs.alloc(ENTRY_BYTES);
  slabs.resize = () => {
    throw OUT_OF_MEMORY;
  };
  let thrown: unknown = null;
  try {
    scene.index.add(entry, 3);
  } catch (error) {
    thrown = error;
  }
  assert(thrown === OUT_OF_MEMORY);
  assert(!scene.index.holds(entry));
  slabs.resize = resize;
  scene.check();
});

Deno.test("The average time to live is that of a sample", () => {
  const scene = new Scene();
  for (let i = 0; i < 1000; i++) scene.add(1_000_000 + i);
  const average = scene.index.averageTtlMs(900_000);
  assert(average >= 100_000 && average < 101_000);
  assertEquals(scene.index.averageTtlMs(2_000_000), 0, "what is due lives no longer");
});

Deno.test("An expire index counts what is due", () => {
  const random = new Random(20260107);
  const scene = new Scene();
  for (let i = 0; i < 500; i++) scene.add(random.below(1000));
  for (const nowMs of [-1, 0, 1, 400, 999, 1000]) {
    const due = [...scene.due.values()].filter((dueMs) => dueMs <= nowMs);
    assertEquals(scene.index.countDue(nowMs), due.length);
  }
});

Deno.test("An expire index of hashes knows an entry by the word beside its value's handle", () => {
  const slabs = new Slabs();
  const index = new ExpireIndex(slabs, true);
  const key = new Uint8Array([107]);
  const { HASH } = Entry.TypeId;
  const make = () => Entry.createOutOfLine(slabs, key, 0, 1, 1, 0, HASH, 0, false, 0);
  const [first, second, stranger] = [make(), make(), make()];
  index.add(first, 20);
  index.add(second, 10);
  assertEquals([first, second, stranger].map((entry) => index.holds(entry)), [true, true, false]);
  assertEquals([index.first, index.nextDueMs], [second, 10]);
  const moved = Entry.withKey(slabs, second, key, 0, 1);
  assertEquals(index.holds(moved), false);
  index.movedFrom(second, moved);
  index.movedFrom(stranger, stranger);
  assertEquals([index.first, index.holds(second), index.size], [moved, false, 2]);
  index.replace(moved, second);
  assertEquals([index.first, index.dueOf(second)], [second, 10]);
  index.remove(second);
  index.reserve();
  assertEquals([index.first, index.size], [first, 1]);
});
