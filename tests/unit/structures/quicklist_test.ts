import { assert, assertEquals } from "@std/assert";
import { compressLzf } from "../../../src/memory/lzf.ts";
import { Slabs } from "../../../src/memory/slab.ts";
import { Element, isValidListpack, listpackBytes } from "../../../src/structures/listpack.ts";
import { byteOffset, pageOf } from "../../../src/memory/handle.ts";
import {
  advance,
  compactQuicklist,
  copyQuicklist,
  createQuicklist,
  type Cursor,
  dataOf,
  elementsOf,
  endNode,
  enter,
  freeNodes,
  freeQuicklist,
  isCompressed,
  isOpened,
  isPlain,
  neighbour,
  nodeCount,
  quicklistBytes,
  quicklistLength,
  quicklistRawBytes,
  rawBytes,
  readAt,
  seek,
} from "../../../src/structures/quicklist.ts";
import { readableData } from "../../../src/structures/quicklist_compress.ts";
import {
  exceedsNode,
  insertAt,
  leave,
  pop,
  push,
  removeAt,
  removeRange,
  replaceAt,
} from "../../../src/structures/quicklist_edit.ts";
import { latin1Bytes, latin1Text } from "../../support/latin1.ts";
import { freshSeed, Random } from "../../support/random.ts";

const FILLS = [-5, -2, -1, 0, 1, 2, 3, 10];

class TextList {
  readonly slabs = new Slabs();
  readonly view = new Element();
  readonly cursor: Cursor = { node: 0, pos: 0 };
  /** A node that could not be compressed is not tried again when elements of it are removed. */
  hasRemoved = false;

  constructor(readonly fill: number, readonly depth = 0, public list = 0) {
    this.list = createQuicklist(this.slabs, depth);
  }

  push(atHead: boolean, text: string): void {
    const bytes = latin1Bytes(text);
    push(this.slabs, this.list, this.fill, atHead, bytes, 0, bytes.length);
  }

  insert(index: number, behind: boolean, text: string): void {
    const bytes = latin1Bytes(text);
    assert(seek(this.slabs, this.list, index, this.cursor));
    insertAt(this.slabs, this.list, this.fill, this.cursor, behind, bytes, 0, bytes.length);
  }

  replace(index: number, text: string): void {
    const bytes = latin1Bytes(text);
    assert(seek(this.slabs, this.list, index, this.cursor));
    replaceAt(this.slabs, this.list, this.fill, this.cursor, bytes, 0, bytes.length);
  }

  current(): string {
    readAt(this.slabs, this.cursor, this.view);
    return latin1Text(this.view.buf.subarray(this.view.start, this.view.end));
  }

  at(index: number): string | null {
    return seek(this.slabs, this.list, index, this.cursor) ? this.current() : null;
  }

  texts(forward: boolean): string[] {
    const { slabs, cursor } = this;
    const texts: string[] = [];
    let more = enter(slabs, endNode(slabs, this.list, forward), cursor, forward);
    while (more) {
      texts.push(this.current());
      more = advance(slabs, cursor, forward);
    }
    return texts;
  }

  /** Compares with an array, and checks every node. */
  check(expected: readonly string[]): void {
    const { slabs, list, fill } = this;
    assertEquals(this.texts(true), expected);
    assertEquals(this.texts(false), expected.toReversed());
    assertEquals(quicklistLength(slabs, list), expected.length);
    let nodes = 0;
    let elements = 0;
    for (let node = endNode(slabs, list, true); node !== 0; node = neighbour(slabs, node, true)) {
      nodes++;
      elements += elementsOf(slabs, node);
      this.checkCompression(node, nodes);
      if (isPlain(slabs, node)) continue;
      const lp = readableData(slabs, node);
      const start = byteOffset(lp);
      const bytes = listpackBytes(slabs, lp);
      assertEquals(rawBytes(slabs, node), bytes);
      assert(isValidListpack(slabs.bytes[pageOf(lp)], start, start + bytes));
      const count = elementsOf(slabs, node);
      assert(count === 1 || !exceedsNode(fill, bytes, count), `${bytes} bytes, ${count} elements`);
    }
    assertEquals(nodes, nodeCount(slabs, list));
    assertEquals(elements, expected.length);
  }

  /** @param place The how manieth node it is, from 1 on. */
  checkCompression(node: number, place: number): void {
    const { slabs, list, depth } = this;
    assert(!isOpened(slabs, node));
    const isInner = depth > 0 && place > depth && place <= nodeCount(slabs, list) - depth;
    if (isInner && !this.hasRemoved && isCompressible(slabs, node)) {
      assert(isCompressed(slabs, node), `node ${place}`);
    }
    if (!isInner) assert(!isCompressed(slabs, node), `node ${place}`);
  }

  free(): void {
    freeQuicklist(this.slabs, this.list);
    assertEquals(this.slabs.usedBytes, 0);
    this.slabs.check();
  }
}

/** Whether compression makes the data of a node so much shorter as is asked for. */
function isCompressible(slabs: Slabs, node: number): boolean {
  const length = rawBytes(slabs, node);
  if (length < 48) return false;
  const data = readableData(slabs, node);
  const start = byteOffset(data);
  const stream = new Uint8Array(length - 9);
  const page = slabs.bytes[pageOf(data)];
  return compressLzf(page, start, start + length, stream, 0, stream.length) > 0;
}

function text(random: Random): string {
  const kind = random.below(100);
  if (kind < 40) return String(random.below(100_000) - 50_000);
  if (kind < 90) return "e".repeat(random.below(30)) + random.below(50);
  if (kind < 98) return "m".repeat(random.below(3000));
  return "g".repeat(4000 + random.below(70_000));
}

Deno.test("A quicklist is an array, whatever is done to it", () => {
  const seed = freshSeed();
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  for (const fill of FILLS) {
    const list = new TextList(fill, random.oneIn(2) ? 0 : 1 + random.below(3));
    const model: string[] = [];
    for (let step = 0; step < 1200; step++) {
      const index = random.below(model.length || 1);
      const what = random.below(step < 400 ? 7 : 11);
      const word = text(random);
      if (what < 2) {
        list.push(true, word);
        model.unshift(word);
      } else if (what < 4 || model.length === 0) {
        list.push(false, word);
        model.push(word);
      } else if (what === 4 || what === 5) {
        const behind = random.oneIn(2);
        list.insert(index, behind, word);
        model.splice(index + (behind ? 1 : 0), 0, word);
      } else if (what === 6) {
        list.replace(index - model.length, word);
        model[index] = word;
      } else if (what === 7) {
        const count = random.below(random.oneIn(10) ? 100 : 4);
        list.hasRemoved = true;
        removeRange(list.slabs, list.list, index - model.length, count);
        model.splice(index, count);
      } else if (what === 10) {
        const atHead = random.oneIn(2);
        pop(list.slabs, list.list, atHead);
        if (atHead) model.shift();
        else model.pop();
      } else if (what === 8) {
        assertEquals(list.at(index), model[index]);
        assertEquals(list.at(index - model.length), model[index]);
      } else {
        const forward = random.oneIn(2);
        assert(seek(list.slabs, list.list, index, list.cursor));
        const more = removeAt(list.slabs, list.list, list.cursor, forward);
        model.splice(index, 1);
        const next = model[forward ? index : index - 1];
        assertEquals(more ? list.current() : undefined, next);
        if (more) leave(list.slabs, list.cursor);
      }
      if (step % 50 === 0) list.check(model);
    }
    list.check(model);
    list.free();
  }
});

Deno.test("A copied quicklist has the same elements, and is another one", () => {
  const list = new TextList(-1, 2);
  const model = Array.from({ length: 3000 }, (_, i) => i % 500 === 0 ? "x".repeat(5000) : `e${i}`);
  for (const word of model) list.push(false, word);
  const original = list.list;
  list.list = copyQuicklist(list.slabs, original);
  freeQuicklist(list.slabs, original);
  list.check(model);
  list.slabs.unpacked.clear();
  assert(quicklistBytes(list.slabs, list.list, 0) === list.slabs.usedBytes);
  list.free();
});

Deno.test("A quicklist is freed some nodes at a time", () => {
  const list = new TextList(1);
  for (let i = 0; i < 10; i++) list.push(true, `e${i}`);
  assert(!freeNodes(list.slabs, list.list, 4));
  assertEquals(quicklistLength(list.slabs, list.list), 10);
  assert(!freeNodes(list.slabs, list.list, 6));
  assert(freeNodes(list.slabs, list.list, 1));
  assertEquals(list.slabs.usedBytes, 0);
});

Deno.test("An index that a quicklist has not is not found", () => {
  const list = new TextList(2);
  assertEquals(list.at(0), null);
  for (let i = 0; i < 5; i++) list.push(false, `e${i}`);
  assertEquals([list.at(4), list.at(5), list.at(-5), list.at(-6)], ["e4", null, "e0", null]);
  list.free();
});

Deno.test("A quicklist keeps its elements when memory is compacted", () => {
  for (const depth of [0, 2]) keepsElements(depth);
});

function keepsElements(depth: number): void {
  const list = new TextList(-1, depth);
  const { slabs } = list;
  const fillers: number[] = [];
  const model: string[] = [];
  for (let i = 0; i < 25_000; i++) {
    // Of the sizes that nodes and their listpacks have, so that these are scattered.
    fillers.push(slabs.alloc(24), slabs.alloc(4096));
    list.push(i % 2 === 0, `element ${i}`);
    if (i % 2 === 0) model.unshift(`element ${i}`);
    else model.push(`element ${i}`);
  }
  for (const filler of fillers) slabs.free(filler);
  assert(slabs.beginCompaction() > 0);
  const moved = compactQuicklist(slabs, list.list, (head) => list.list = head);
  slabs.endCompaction();
  assert(moved > 0);
  list.check(model);
  list.free();
}

Deno.test("A quicklist's inner nodes take less memory when they are compressed", () => {
  const lists = [0, 1].map((depth) => new TextList(-2, depth));
  for (const list of lists) {
    for (let i = 0; i < 2000; i++) list.push(false, `a word of the list and its number ${i}`);
  }
  const [raw, compressed] = lists.map(({ slabs, list }) => quicklistBytes(slabs, list, 0));
  assert(compressed < raw / 2, `${compressed} of ${raw}`);
  assertEquals(
    ...lists.map(({ slabs, list }) => quicklistRawBytes(slabs, list)) as [number, number],
  );
  for (const list of lists) list.free();
});

Deno.test("Removing elements of a node one after the other leaves it compressed", () => {
  const list = new TextList(-1, 1);
  const model = Array.from({ length: 1000 }, (_, i) => `element number ${i}`);
  for (const word of model) list.push(false, word);
  for (const [from, forward] of [[300, true], [500, false]] as const) {
    assert(seek(list.slabs, list.list, from, list.cursor));
    for (let i = 0; i < 150; i++) removeAt(list.slabs, list.list, list.cursor, forward);
    advance(list.slabs, list.cursor, forward);
    leave(list.slabs, list.cursor);
    model.splice(forward ? from : from - 149, 150);
    list.check(model);
  }
  list.free();
});

Deno.test("Nodes that are full keep no room", () => {
  for (const atHead of [true, false]) {
    const list = new TextList(-2);
    for (let i = 0; i < 5000; i++) list.push(atHead, `element ${i}`);
    const { slabs } = list;
    let node = endNode(slabs, list.list, !atHead);
    for (let left = nodeCount(slabs, list.list) - 1; left > 0; left--) {
      assertEquals(slabs.sizeOf(dataOf(slabs, node)), 8192);
      node = neighbour(slabs, node, !atHead);
    }
    list.free();
  }
});
