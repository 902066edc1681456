import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  compactTree,
  copyTree,
  findId,
  freeNodes,
  IdTreePosition,
  insertId,
  lastId,
  nextId,
  readIdAt,
  removeId,
  seekId,
  setValueWord,
  treeBytes,
  valueWord,
} from "../../../src/structures/id_tree.ts";
import { StreamId } from "../../../src/structures/stream_id.ts";
import { freshSeed, Random } from "../../support/random.ts";
import { FailingSlabs } from "./failing_slabs.ts";

const id = new StreamId();
const position = new IdTreePosition();

/** The IDs of the tests: numbers whose digits are spread over all four words. */
function idOf(n: number): StreamId {
  const made = new StreamId();
  made.set((n >>> 24) - 0x80, n << 8, n & 1 ? -1 : 0, n * 7 | 0);
  return made;
}

/** A tree and a map from numbers to values that must agree. Smaller numbers have smaller IDs. */
class TreeModel {
  readonly slabs = new FailingSlabs();
  readonly values = new Map<number, number>();
  root = 0;

  constructor(readonly valueWords: number) {}

  insert(n: number, value: number): void {
    const key = idOf(n);
    this.root = insertId(this.slabs, this.root, this.valueWords, key, position);
    for (let i = 0; i < this.valueWords; i++) setValueWord(this.slabs, position, i, value + i);
    this.values.set(n, value);
  }

  remove(n: number): void {
    this.root = removeId(this.slabs, this.root, idOf(n));
    this.values.delete(n);
  }

  has(n: number): boolean {
    return findId(this.slabs, this.root, idOf(n), position);
  }

  /** Compares everything, in order. */
  check(root = this.root): void {
    const sorted = [...this.values.keys()].sort((a, b) => compare(idOf(a), idOf(b)));
    id.setMin();
    let more = seekId(this.slabs, root, id, position);
    for (const n of sorted) {
      assert(more);
      readIdAt(this.slabs, position, id);
      assertEquals(id, idOf(n));
      for (let i = 0; i < this.valueWords; i++) {
        assertEquals(valueWord(this.slabs, position, i), this.values.get(n)! + i);
      }
      more = nextId(this.slabs, position);
    }
    assert(!more);
    if (sorted.length === 0) return assertEquals(root, 0);
    lastId(this.slabs, root, position);
    readIdAt(this.slabs, position, id);
    assertEquals(id, idOf(sorted.at(-1)!));
  }
}

function compare(a: StreamId, b: StreamId): number {
  const words = (x: StreamId) => [x.msHigh, x.msLow, x.seqHigh, x.seqLow].map((word) => word >>> 0);
  const [left, right] = [words(a), words(b)];
  const at = left.findIndex((word, i) => word !== right[i]);
  return at < 0 ? 0 : left[at] - right[at];
}

Deno.test("An ID tree agrees with a map, whatever is added and removed", () => {
  const seed = freshSeed();
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  for (const valueWords of [0, 5]) {
    const model = new TreeModel(valueWords);
    for (let round = 0; round < 60; round++) {
      const growing = random.oneIn(2);
      const range = random.pick([20, 500, 5000]);
      for (let step = 0; step < 300; step++) {
        const n = random.below(range);
        if (model.has(n) !== model.values.has(n)) throw new Error(`${n} is not as it should be`);
        if (model.values.has(n)) {
          if (!growing || random.oneIn(3)) model.remove(n);
        } else if (growing || random.oneIn(3)) model.insert(n, random.below(1000));
      }
      model.check();
    }
    for (const n of [...model.values.keys()]) model.remove(n);
    model.check();
    assertEquals(model.slabs.usedBytes, 0);
    model.slabs.check();
  }
});

Deno.test("An ID that is there already is not added, and nothing moves", () => {
  const model = new TreeModel(2);
  for (let n = 0; n < 300; n++) {
    model.insert(n, n);
    const { root } = model;
    model.root = insertId(model.slabs, root, 2, idOf(n >> 1), position);
    assertEquals([model.root, position.isNew], [root, false]);
    assertEquals(valueWord(model.slabs, position, 0), n >> 1);
  }
  model.check();
});

Deno.test("An ID tree that grows at its end has full nodes", () => {
  const model = new TreeModel(5);
  for (let n = 0; n < 20_000; n++) model.insert(n, n);
  model.check();
  // An item has nine words, and inner nodes and headers add little.
  assert(treeBytes(model.slabs, model.root) < 20_000 * 36 * 1.06);
  assertEquals(treeBytes(model.slabs, model.root), model.slabs.usedBytes);
  for (let n = 0; n < 20_000; n++) model.remove(n);
  assertEquals(model.slabs.usedBytes, 0);
});

Deno.test("An ID tree of a few items takes little room", () => {
  const model = new TreeModel(0);
  model.insert(1, 0);
  assert(treeBytes(model.slabs, model.root) <= 64);
});

Deno.test("The first ID that is not smaller is found in an ID tree", () => {
  const model = new TreeModel(1);
  for (let n = 0; n < 3000; n += 3) model.insert(n, n);
  for (let n = 0; n < 3000; n++) {
    const above = Math.ceil(n / 3) * 3;
    assertEquals(seekId(model.slabs, model.root, idOf(n), position), above < 3000);
    if (above < 3000) assertEquals(valueWord(model.slabs, position, 0), above);
  }
});

Deno.test("An ID tree without memory stays as it was", () => {
  const model = new TreeModel(2);
  for (let n = 0; n < 4000; n++) {
    for (let left = 0; left < 4; left++) {
      const before = model.slabs.usedBytes;
      model.slabs.allocationsLeft = left;
      try {
        model.insert(n * 37 % 4001, n);
      } catch {
        assertEquals(model.slabs.usedBytes, before);
        continue;
      }
      break;
    }
    model.slabs.allocationsLeft = Infinity;
  }
  model.check();
});

Deno.test("A copy of an ID tree has what the tree has", () => {
  const model = new TreeModel(3);
  for (let n = 0; n < 2000; n++) model.insert(n * 17 % 2003, n);
  const copy = copyTree(model.slabs, model.root);
  model.check(copy);
  let left = copy;
  let calls = 0;
  for (; left !== 0; calls++) left = freeNodes(model.slabs, left, 10);
  assert(calls > 5);
  model.check();
  const before = model.slabs.usedBytes;
  model.slabs.allocationsLeft = 5;
  assertThrows(() => copyTree(model.slabs, model.root));
  assertEquals(model.slabs.usedBytes, before);
  assertEquals(copyTree(model.slabs, 0), 0);
});

Deno.test("Compaction moves the nodes of an ID tree", () => {
  const model = new TreeModel(3);
  const ballast: number[] = [];
  for (let n = 0; n < 40_000; n++) {
    model.insert(n * 17 % 40_009, n);
    if (n % 2 === 0) ballast.push(model.slabs.alloc(4000));
  }
  for (const block of ballast) model.slabs.free(block);
  const tally = { moved: 0 };
  assert(model.slabs.beginCompaction() > 0);
  model.root = compactTree(model.slabs, model.root, tally);
  model.slabs.endCompaction();
  assert(tally.moved > 0);
  model.check();
  model.slabs.check();
});
