import { assert, assertEquals } from "@std/assert";
import { HLL_REGISTERS, writeEmptyHll } from "../../../../src/structures/hyperloglog/header.ts";
import {
  SPARSE_CORRUPT,
  SPARSE_NO_ROOM,
  SPARSE_TOO_LONG,
  SPARSE_UNCHANGED,
  sparseHistogram,
  sparseMerge,
  sparseRaise,
  sparseText,
} from "../../../../src/structures/hyperloglog/sparse.ts";
import { freshSeed, Random } from "../../../support/random.ts";

const START = 3;
const ROOM = 4000;

class Sparse {
  buf = new Uint8Array(START + ROOM);
  length: number;

  /** With the given opcodes, else without elements. */
  constructor(...opcodes: number[]) {
    this.length = writeEmptyHll(this.buf, START);
    if (opcodes.length > 0) this.length = 16 + opcodes.length;
    this.buf.set(opcodes, START + 16);
  }

  raise(index: number, rank: number, capacity = ROOM, maxBytes = ROOM): number {
    const result = sparseRaise(this.buf, START, this.length, capacity, index, rank, maxBytes);
    if (result > 0) this.length = result;
    return result;
  }

  get text(): string {
    return sparseText(this.buf, START, this.length);
  }

  get registers(): Uint8Array | null {
    const registers = new Uint8Array(HLL_REGISTERS);
    return sparseMerge(this.buf, START, this.length, registers) ? registers : null;
  }

  get histogram(): Int32Array | null {
    const histogram = new Int32Array(64);
    return sparseHistogram(this.buf, START, this.length, histogram) ? histogram : null;
  }
}

Deno.test("A run of zeros is split around a raised register", () => {
  const sparse = new Sparse();
  assertEquals(sparse.text, "Z:16384");
  sparse.raise(1000, 5);
  assertEquals(sparse.text, "Z:1000 v:5,1 Z:15383");
  sparse.raise(0, 1);
  assertEquals(sparse.text, "v:1,1 Z:999 v:5,1 Z:15383");
  sparse.raise(16383, 32);
  assertEquals(sparse.text, "v:1,1 Z:999 v:5,1 Z:15382 v:32,1");
  sparse.raise(65, 2);
  assertEquals(sparse.text, "v:1,1 z:64 v:2,1 Z:934 v:5,1 Z:15382 v:32,1");
  sparse.raise(1, 7);
  assertEquals(sparse.text, "v:1,1 v:7,1 z:63 v:2,1 Z:934 v:5,1 Z:15382 v:32,1");
});

Deno.test("A single zero becomes a VAL where it stands", () => {
  const sparse = new Sparse(0, 0x7f, 0xfe);
  sparse.raise(0, 3);
  assertEquals(sparse.text, "v:3,1 Z:16383");
  sparse.raise(1, 4);
  sparse.raise(3, 4);
  sparse.raise(2, 5);
  assertEquals(sparse.text, "v:3,1 v:4,1 v:5,1 v:4,1 Z:16380");
});

Deno.test("Neighbouring VALs of one rank are joined, up to four registers", () => {
  const sparse = new Sparse();
  for (let index = 10; index < 19; index++) sparse.raise(index, 2);
  assertEquals(sparse.text, "z:10 v:2,4 v:2,4 v:2,1 Z:16365");
  sparse.raise(11, 3);
  assertEquals(sparse.text, "z:10 v:2,1 v:3,1 v:2,2 v:2,4 v:2,1 Z:16365");
  sparse.raise(10, 3);
  assertEquals(sparse.text, "z:10 v:3,2 v:2,2 v:2,4 v:2,1 Z:16365");
});

Deno.test("A register that is as high already is left alone", () => {
  const sparse = new Sparse();
  sparse.raise(7, 9);
  const before = sparse.buf.slice();
  assertEquals(sparse.raise(7, 9), SPARSE_UNCHANGED);
  assertEquals(sparse.raise(7, 1), SPARSE_UNCHANGED);
  assertEquals(sparse.buf, before);
});

Deno.test("A sparse value that may not or cannot grow is left alone", () => {
  const sparse = new Sparse();
  const before = sparse.buf.slice();
  assertEquals(sparse.raise(7, 33), SPARSE_TOO_LONG);
  assertEquals(sparse.raise(1000, 1, ROOM, 20), SPARSE_TOO_LONG);
  assertEquals(sparse.raise(1000, 1, 20, 21), SPARSE_NO_ROOM);
  assertEquals(sparse.raise(1000, 1, 0, ROOM), SPARSE_NO_ROOM);
  assertEquals(sparse.buf, before);
  assertEquals(sparse.raise(1000, 1, 21, 21), 21);
  assertEquals(sparse.raise(1000, 1, 0, 21), SPARSE_UNCHANGED);
  assertEquals(sparse.raise(1000, 2, 0, 21), SPARSE_NO_ROOM, "even when it would not grow");
  assertEquals(sparse.raise(1000, 2, 21, 0), 21, "what does not grow is never too long");
});

Deno.test("Corrupt opcodes are noticed, and shown as far as they go", () => {
  const corrupt = [
    [0x7f],
    [0x7f, 0xfe],
    [0x7f, 0xff, 0x00],
    [0x7f, 0xfe, 0x81],
    [0x00, 0x41],
    [0x7f, 0xff, 0x7f, 0xff, 0x80],
  ];
  for (const opcodes of corrupt) {
    const sparse = new Sparse(...opcodes);
    assertEquals(sparse.registers, null);
    assertEquals(sparse.histogram, null);
  }
  assertEquals(new Sparse(0x7f, 0xfe).raise(16383, 1), SPARSE_CORRUPT);
  assertEquals(new Sparse(0x00, 0x41).raise(1, 1), SPARSE_CORRUPT);
  const bare = new Sparse(0x7f, 0xff);
  bare.length = 16;
  assertEquals(bare.raise(0, 1), SPARSE_CORRUPT);
  assertEquals(bare.registers, null);
  assertEquals(bare.text, "");
  assertEquals(new Sparse(0x00, 0xff, 0x41).text, "z:1 v:32,4 Z:257");
});

Deno.test("Sparse registers hold the highest rank each was raised to", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (let round = 0; round < 30; round++) {
    const sparse = new Sparse();
    const expected = new Uint8Array(HLL_REGISTERS);
    // Close neighbours split and join runs, far ones make long runs of zeros.
    const spread = random.pick([40, 400, HLL_REGISTERS]);
    const ranks = random.pick([1, 3, 32]);
    for (let step = 0; step < 300; step++) {
      const index = random.below(spread);
      const rank = 1 + random.below(ranks);
      const result = sparse.raise(index, rank);
      assertEquals(result !== SPARSE_UNCHANGED, rank > expected[index]);
      assert(result >= 0);
      if (rank > expected[index]) expected[index] = rank;
    }
    assertEquals(sparse.registers, expected);
    const counted = new Int32Array(64);
    for (const rank of expected) counted[rank]++;
    assertEquals(sparse.histogram, counted);
    assertEquals([...sparse.buf.slice(0, START)], [0, 0, 0]);
  }
});
