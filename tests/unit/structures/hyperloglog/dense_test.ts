import { assertEquals } from "@std/assert";
import {
  denseHistogram,
  denseMerge,
  denseRaise,
  denseRank,
  writeDense,
} from "../../../../src/structures/hyperloglog/dense.ts";
import { HLL_DENSE_BYTES, HLL_REGISTERS } from "../../../../src/structures/hyperloglog/header.ts";
import { freshSeed, Random } from "../../../support/random.ts";

const START = 5;
const AFTER = START + HLL_DENSE_BYTES;

/** A dense value between bytes of ones, so that a step beyond its ends is seen. */
function zeroValue(): Uint8Array {
  const buf = new Uint8Array(AFTER + 3).fill(0xff);
  return buf.fill(0, START, AFTER);
}

Deno.test("Dense registers are packed in 6 bits, lowest bits first", () => {
  const buf = zeroValue();
  denseRaise(buf, START, 0, 0b000001);
  denseRaise(buf, START, 1, 0b000011);
  denseRaise(buf, START, 2, 0b111111);
  denseRaise(buf, START, 3, 0b100000);
  assertEquals([...buf.slice(START + 16, START + 20)], [0b11000001, 0b11110000, 0b10000011, 0]);
});

Deno.test("Dense registers hold the highest rank each was raised to", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  const buf = zeroValue();
  const expected = new Uint8Array(HLL_REGISTERS);
  for (let round = 0; round < 50_000; round++) {
    const index = round < HLL_REGISTERS ? round : random.below(HLL_REGISTERS);
    const rank = random.below(64);
    assertEquals(denseRaise(buf, START, index, rank), rank > expected[index]);
    if (rank > expected[index]) expected[index] = rank;
  }
  for (let index = 0; index < HLL_REGISTERS; index++) {
    assertEquals(denseRank(buf, START, index), expected[index]);
  }

  const histogram = new Int32Array(64);
  denseHistogram(buf, START, histogram);
  const counted = new Int32Array(64);
  for (const rank of expected) counted[rank]++;
  assertEquals(histogram, counted);

  const other = zeroValue();
  writeDense(other, START, expected);
  assertEquals(other, buf);
});

Deno.test("Merging a dense value raises registers and lowers none", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  const registers = Uint8Array.from({ length: HLL_REGISTERS }, () => random.below(64));
  const value = Uint8Array.from({ length: HLL_REGISTERS }, () => random.below(64));
  const buf = zeroValue();
  writeDense(buf, START, value);
  const expected = registers.map((rank, index) => Math.max(rank, value[index]));
  denseMerge(buf, START, registers);
  assertEquals(registers, expected);
});
