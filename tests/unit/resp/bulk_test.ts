import { assert, assertEquals, assertThrows } from "@std/assert";
import { OUT_OF_MEMORY } from "../../../src/memory/slab.ts";
import { BulkReceiver } from "../../../src/resp/bulk.ts";
import { BookkeepingStore } from "../../fuzz/parser_feed.ts";
import { freshSeed, Random } from "../../support/random.ts";

/** Bytes that tell where they belong. */
function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >>> 8) * 7) & 0xff);
}

/** Has a transport put the next `bytes` bytes of `value` into their place. */
function deliver(bulk: BulkReceiver, value: Uint8Array, bytes: number): void {
  const { received, target } = bulk;
  target.buf.set(value.subarray(received, received + bytes), target.at);
  target.at += bytes;
  bulk.advance();
}

Deno.test("An argument is complete and whole whatever the pieces it comes in", () => {
  const seed = freshSeed();
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  for (let round = 0; round < 60; round++) {
    const store = new BookkeepingStore();
    const value = pattern(random.between(1, 1 << random.between(1, 21)));
    const bulk = new BulkReceiver(store, value.length, random.below(value.length));
    const piece = random.between(1, 200_000);
    while (!bulk.isComplete) {
      const { received, target } = bulk;
      const space = target.end - target.at;
      const bytes = random.between(1, Math.min(piece, value.length - received));
      if (random.oneIn(3)) assertEquals(bulk.fill(value, received, received + bytes), bytes);
      else deliver(bulk, value, Math.min(bytes, space));
    }
    const start = store.offset(bulk.handle);
    assertEquals(store.liveBlocks, 1, "the blocks before are freed");
    assertEquals(bulk.target.end - value.length, start);
    const content = store.buf(bulk.handle).subarray(start, start + value.length);
    assert(content.every((byte, i) => byte === value[i]), `seed ${seed}, round ${round}`);
    bulk.release();
    assertEquals(store.liveBlocks, 0);
  }
});

Deno.test("No piece has more copied than arrives with it", () => {
  const store = new BookkeepingStore();
  const value = pattern(4 * 1024 * 1024 + 5);
  const bulk = new BulkReceiver(store, value.length, 0);
  let blocks = 0;
  let last = 0;
  while (!bulk.isComplete) {
    if (bulk.handle !== last) {
      // A new block: nothing of the old one is in it before something arrives.
      last = bulk.handle;
      blocks++;
      const start = store.offset(last);
      assert(store.buf(last).subarray(start, start + 1000).every((byte) => byte === 0));
    }
    deliver(bulk, value, Math.min(1000, bulk.target.end - bulk.target.at));
  }
  assertEquals(blocks, 4, "of 64 KiB, 256 KiB, 1 MiB, 4 MiB, and a little more each");
});

Deno.test("Without memory for the next block, everything can still be freed", () => {
  for (let failing = 1; failing <= 3; failing++) {
    const store = new BookkeepingStore();
    const alloc = store.alloc.bind(store);
    let calls = 0;
    store.alloc = (length) => {
      if (++calls === failing) throw OUT_OF_MEMORY;
      return alloc(length);
    };
    const value = pattern(3_000_000);
    let bulk: BulkReceiver | null = null;
    assertThrows(() => {
      bulk = new BulkReceiver(store, value.length, 0);
      bulk.fill(value, 0, value.length);
    });
    (bulk as BulkReceiver | null)?.release();
    assertEquals(store.liveBlocks, 0, `allocation ${failing}`);
  }
});
