import { assert, assertEquals } from "@std/assert";
import { compareBytes, latin1 } from "../../../src/memory/bytes.ts";
import { OUT_OF_MEMORY } from "../../../src/memory/slab.ts";
import * as Entry from "../../../src/structures/entry.ts";
import { freeSubtree, OrderedTree } from "../../../src/structures/ordered_tree.ts";
import { freshSeed, Random } from "../../support/random.ts";
import { FailingSlabs } from "./failing_slabs.ts";

interface Item {
  score: number;
  key: Uint8Array;
  entry: number;
}

const SCORES = [-Infinity, -1e300, -2.5, -1, -5e-324, -0, 0, 5e-324, 0.1, 1, 2, 2 ** 53, Infinity];

function compareItems(a: Item, b: Item): number {
  if (a.score !== b.score) return a.score < b.score ? -1 : 1;
  return compareBytes(a.key, 0, a.key.length, b.key, 0, b.key.length);
}

/** A tree and a sorted array that must agree. */
class TreeModel {
  readonly slabs = new FailingSlabs();
  readonly tree = new OrderedTree(this.slabs);
  items: Item[] = [];

  insert(score: number, text: string): void {
    const key = latin1(text);
    const entry = Entry.createInline(this.slabs, key, 0, key.length, 8, 3, 0, false, 0);
    this.tree.insert(score, entry);
    const item = { score, key, entry };
    this.items.splice(this.rank(item), 0, item);
  }

  rank(item: Item): number {
    let low = 0;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareItems(this.items[middle], item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  removeAt(rank: number): void {
    const [{ score, entry }] = this.items.splice(rank, 1);
    this.tree.remove(score, entry);
    this.slabs.free(entry);
  }

  removeRanks(rank: number, count: number): void {
    const removed = this.items.splice(rank, count);
    const visited: number[] = [];
    this.tree.removeRanks(rank, removed.length, (entry) => {
      visited.push(entry);
      this.slabs.free(entry);
    });
    assertEquals(visited, removed.map((item) => item.entry));
  }

  check(): void {
    const { tree, items } = this;
    assertEquals(tree.size, items.length);
    assertEquals(this.slabs.usedBytes, tree.memoryBytes + this.#entryBytes());
    if (items.length === 0) return;
    const position = { leaf: 0, slot: 0 };
    tree.select(0, position);
    const forward: number[] = [];
    do forward.push(tree.entryAt(position)); while (tree.next(position));
    assertEquals(forward, items.map((item) => item.entry));
    tree.select(items.length - 1, position);
    const backward: number[] = [];
    do backward.push(tree.entryAt(position)); while (tree.previous(position));
    assertEquals(backward, forward.reverse());
    for (let rank = 0; rank < items.length; rank += 1 + (items.length >>> 7)) {
      const { score, key, entry } = items[rank];
      assertEquals(tree.rankOf(score, key, 0, key.length), rank);
      tree.select(rank, position);
      assertEquals(tree.entryAt(position), entry);
    }
    for (const score of SCORES) {
      assertEquals(
        tree.countBelowScore(score, false),
        items.filter((item) => item.score < score).length,
      );
      assertEquals(
        tree.countBelowScore(score, true),
        items.filter((item) => item.score <= score).length,
      );
    }
  }

  #entryBytes(): number {
    return this.items.reduce((sum, { entry }) => sum + this.slabs.sizeOf(entry), 0);
  }
}

Deno.test("An empty ordered tree holds no memory", () => {
  const model = new TreeModel();
  assertEquals(model.tree.countBelowScore(0, true), 0);
  assertEquals(model.tree.rankOf(0, latin1("x"), 0, 1), 0);
  model.check();
});

Deno.test("An ordered tree does what a sorted array does", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  const model = new TreeModel();
  let serial = 0;
  for (const bound of [10, 100, 3000, 200, 3000]) {
    for (const growth of [70, 30]) {
      for (let i = 0; i < bound * 2; i++) {
        const { items } = model;
        if (items.length === 0 || random.below(100) < growth) {
          const score = random.oneIn(3) ? random.pick(SCORES) : random.between(-50, 50) / 4;
          model.insert(score, `${random.below(1000)}-${serial++}`);
        } else if (random.oneIn(30)) {
          model.removeRanks(random.below(items.length), random.below(bound / 10));
        } else {
          model.removeAt(random.below(items.length));
        }
        if (items.length < 40 && random.oneIn(10)) model.check();
      }
      model.check();
    }
  }
  model.removeRanks(0, model.items.length);
  model.check();
  assertEquals(model.slabs.usedBytes, 0);
});

Deno.test("Rising scores fill the leaves of an ordered tree", () => {
  const model = new TreeModel();
  const count = 20_000;
  for (let i = 0; i < count; i++) model.insert(i, "m");
  assert(model.tree.memoryBytes < count * 13.5, `${model.tree.memoryBytes}`);
  model.check();
});

Deno.test("Falling scores fill the leaves of an ordered tree at least by half", () => {
  const model = new TreeModel();
  const count = 10_000;
  for (let i = 0; i < count; i++) model.insert(-i, "m");
  assert(model.tree.memoryBytes < count * 28, `${model.tree.memoryBytes}`);
  model.check();
});

Deno.test("Keys are counted where all scores are equal", () => {
  const model = new TreeModel();
  for (let i = 0; i < 1000; i++) model.insert(0, String(2 * i).padStart(4, "0"));
  for (let i = 0; i < 2000; i += 7) {
    const key = latin1(String(i).padStart(4, "0"));
    assertEquals(model.tree.countBelowKey(key, 0, 4, false), Math.ceil(i / 2));
    assertEquals(model.tree.countBelowKey(key, 0, 4, true), Math.floor(i / 2) + 1);
  }
});

Deno.test("An insertion that runs out of memory leaves an ordered tree as it was", () => {
  const model = new TreeModel();
  const { slabs, tree } = model;
  for (let i = 0; i < 5000; i++) {
    const key = latin1("k");
    const entry = Entry.createInline(slabs, key, 0, 1, 8, 3, 0, false, 0);
    slabs.allocationsLeft = i % 4;
    const before = tree.memoryBytes;
    let fails = false;
    try {
      tree.insert(i, entry);
    } catch (failure) {
      assertEquals(failure, OUT_OF_MEMORY);
      assertEquals(tree.memoryBytes, before);
      fails = true;
    }
    slabs.allocationsLeft = Infinity;
    if (fails) tree.insert(i, entry);
    model.items.push({ score: i, key, entry });
  }
  model.check();
});

Deno.test("Entries and nodes of an ordered tree move when memory is compacted", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  const model = new TreeModel();
  const { slabs, tree } = model;
  const ballast: number[] = [];
  for (let i = 0; i < 20_000; i++) {
    model.insert(random.below(1000), `${i}`);
    ballast.push(slabs.alloc(4000));
  }
  for (const block of ballast) slabs.free(block);
  assert(slabs.beginCompaction() > 0);
  const tally = { moved: 0 };
  for (let part = tree.compact(0, tally); part !== 0;) part = tree.compact(part, tally);
  let { moved } = tally;
  for (const item of model.items) {
    if (!slabs.shouldMove(item.entry)) continue;
    const entry = tree.moveEntry(item.score, item.entry);
    if (entry !== item.entry) moved++;
    item.entry = entry;
  }
  slabs.endCompaction();
  assert(moved > 0);
  model.check();
  slabs.check();
});

Deno.test("A detached ordered tree is freed in parts", () => {
  const model = new TreeModel();
  const { slabs, tree } = model;
  for (let i = 0; i < 30_000; i++) model.insert(i % 100, String(i));
  const bytes = slabs.usedBytes - tree.memoryBytes;
  let parts = 0;
  tree.detach((node, level) => {
    parts++;
    freeSubtree(slabs, node, level);
  });
  assert(parts > 1);
  assertEquals(slabs.usedBytes, bytes);
  assertEquals(tree.size, 0);
});
