import { assert, assertEquals } from "@std/assert";
import { latin1, latin1Text } from "../../../src/memory/bytes.ts";
import { Output } from "../../../src/resp/output.ts";
import { CHUNK_BYTES, OutputPool } from "../../../src/resp/output_pool.ts";
import { freshSeed, Random } from "../../support/random.ts";

const STAR = 0x2a;

function newOutput(): [output: Output, pool: OutputPool] {
  const pool = new OutputPool();
  return [new Output(pool), pool];
}

function write(output: Output, text: string): void {
  output.write(latin1(text), 0, text.length);
}

/** All that waits, chunk by chunk. */
function pendingText(output: Output): string {
  let text = "";
  for (let i = 0; i < output.chunkCount; i++) {
    text += latin1Text(output.chunk(i), output.chunkStart(i), output.chunkEnd(i));
  }
  return text;
}

Deno.test("An output holds no memory before something is written and after all is sent", () => {
  const [output, pool] = newOutput();
  assertEquals([output.pendingBytes, output.memoryBytes, output.chunkCount], [0, 0, 0]);
  assertEquals(output.take().length, 0);
  write(output, "hello");
  assertEquals([output.pendingBytes, output.memoryBytes, output.chunkCount], [5, CHUNK_BYTES, 1]);
  output.sent(5);
  assertEquals([output.pendingBytes, output.memoryBytes, output.chunkCount], [0, 0, 0]);
  assertEquals([pool.usedBytes, pool.keptBytes], [0, CHUNK_BYTES]);
});

Deno.test("What is under way stays where it is while more is written", () => {
  const [output] = newOutput();
  write(output, "first");
  const underWay = output.take();
  for (let i = 0; i < 3000; i++) write(output, "more and more");
  assertEquals(latin1Text(underWay, 0, 5), "first");
  assertEquals(underWay.length, 5);
  output.sent(5);
  assertEquals(pendingText(output), "more and more".repeat(3000));
});

Deno.test("A value larger than a chunk fills up the chunk before it", () => {
  const [output] = newOutput();
  write(output, "head");
  const value = "0123456789".repeat(12_000);
  write(output, value);
  assertEquals(output.chunkEnd(0), CHUNK_BYTES);
  assertEquals(output.chunkCount, 2);
  assertEquals(pendingText(output), "head" + value);
});

Deno.test("An output makes room in one piece for as much as is asked for", () => {
  const [output, pool] = newOutput();
  write(output, "head");
  for (const bytes of [CHUNK_BYTES + 1, 3_000_000]) {
    output.ensure(bytes);
    assert(output.buf.length - output.pos >= bytes);
    output.pos += bytes;
  }
  assertEquals(output.pendingBytes, 4 + CHUNK_BYTES + 1 + 3_000_000);
  output.sent(output.pendingBytes);
  assertEquals(pool.usedBytes, 0);
});

Deno.test("An output goes back to a mark, across chunks", () => {
  const [output, pool] = newOutput();
  write(output, "kept");
  const mark = output.mark();
  write(output, "x".repeat(100_000));
  output.rewind(mark);
  assertEquals(pendingText(output), "kept");
  assertEquals(pool.usedBytes, CHUNK_BYTES);
  output.sent(4);
  const empty = output.mark();
  write(output, "y");
  output.rewind(empty);
  assertEquals([output.pendingBytes, output.chunkCount], [0, 0]);
  write(output, "z".repeat(20_000));
  assertEquals(pendingText(output), "z".repeat(20_000));
});

Deno.test("A header that was deferred comes before what it counts", () => {
  const [output] = newOutput();
  write(output, "before");
  const outer = output.deferLength();
  const inner = output.deferLength();
  write(output, "inner");
  output.setDeferredLength(inner, STAR, 2_147_483_647);
  const second = output.deferLength();
  output.setDeferredLength(second, STAR, 0);
  write(output, "rest".repeat(20_000));
  output.setDeferredLength(outer, STAR, 12);
  write(output, "after");
  const expected = "before*12\r\n*2147483647\r\ninner*0\r\n" + "rest".repeat(20_000) + "after";
  assertEquals(pendingText(output), expected);
  assertEquals(output.pendingBytes, expected.length);
});

Deno.test("A header may be deferred while the first part of the output is being sent", () => {
  const [output] = newOutput();
  write(output, "x".repeat(CHUNK_BYTES + 100));
  output.sent(50);
  const gap = output.deferLength();
  write(output, "a".repeat(3 * CHUNK_BYTES));
  output.setDeferredLength(gap, STAR, 3);
  const expected = "x".repeat(CHUNK_BYTES + 50) + "*3\r\n" + "a".repeat(3 * CHUNK_BYTES);
  assertEquals(pendingText(output), expected);
});

Deno.test("An output over its limit drops everything and says so", () => {
  const [output, pool] = newOutput();
  output.limitBytes = 100_000;
  write(output, "x".repeat(90_000));
  assertEquals(output.overflowed, false);
  const gap = output.deferLength();
  const mark = output.mark();
  for (let i = 0; i < 1000; i++) write(output, "y".repeat(1000));
  assertEquals(output.overflowed, true);
  output.setDeferredLength(gap, STAR, 1);
  output.rewind(mark);
  output.ensure(100_000);
  assert(output.buf.length - output.pos >= 100_000);
  output.sent(10);
  assertEquals([output.pendingBytes, output.chunkCount, output.take().length], [0, 0, 0]);
  assertEquals([output.memoryBytes, pool.usedBytes], [0, 0]);
});

Deno.test("What is discarded does not come back from the pool", () => {
  const [output, pool] = newOutput();
  write(output, "x".repeat(50_000));
  const underWay = output.take();
  output.discard();
  assertEquals([output.pendingBytes, output.memoryBytes], [0, 0]);
  assertEquals([pool.usedBytes, pool.keptBytes], [0, 0]);
  write(output, "other");
  assertEquals(latin1Text(underWay, 0, 5), "xxxxx");
});

Deno.test("An output gives what a list of texts gives, in any order of writing and sending", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (let round = 0; round < 30; round++) {
    const [output, pool] = newOutput();
    let expected = ""; // what waits
    let underWay: Uint8Array | null = null;
    for (let step = 0; step < 300; step++) {
      switch (random.below(6)) {
        case 0: { // a reply whose length is found last, perhaps taken back
          const mark = output.mark();
          const gap = output.deferLength();
          const text = randomText(random);
          write(output, text);
          const count = random.pick([0, 7, 12345]);
          output.setDeferredLength(gap, STAR, count);
          if (random.oneIn(3)) output.rewind(mark);
          else expected += `*${count}\r\n${text}`;
          break;
        }
        case 1:
          underWay ??= output.take();
          break;
        case 2: {
          if (underWay === null) break;
          const bytes = random.between(0, underWay.length);
          assertEquals(latin1Text(underWay, 0, bytes), expected.slice(0, bytes));
          output.sent(bytes);
          expected = expected.slice(bytes);
          underWay = null;
          break;
        }
        default: {
          const text = randomText(random);
          write(output, text);
          expected += text;
        }
      }
      assertEquals(output.pendingBytes, expected.length);
      assert(output.memoryBytes >= expected.length);
      assertEquals(output.memoryBytes, pool.usedBytes);
    }
    assertEquals(pendingText(output), expected);
    while (output.pendingBytes > 0) {
      const bytes = output.take().length;
      assert(bytes > 0);
      output.sent(bytes);
    }
    assertEquals(pool.usedBytes, 0);
  }
});

function randomText(random: Random): string {
  const length = random.oneIn(5) ? random.below(40_000) : random.below(200);
  return String.fromCharCode(random.between(0x61, 0x7a)).repeat(length);
}
