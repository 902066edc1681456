import { assert, assertEquals } from "@std/assert";
import {
  cacheCardinality,
  cachedCardinality,
  cachedCardinalityBig,
  dropCachedCardinality,
  hasCachedCardinality,
  HLL_DENSE_BYTES,
  HLL_EMPTY_BYTES,
  isDenseHll,
  isHll,
  markDense,
  writeEmptyHll,
} from "../../../../src/structures/hyperloglog/header.ts";

function emptyAt(start: number): Uint8Array {
  const buf = new Uint8Array(HLL_DENSE_BYTES + start);
  writeEmptyHll(buf, start);
  return buf;
}

Deno.test("The empty HyperLogLog has the bytes that Redis gives it", () => {
  const buf = new Uint8Array(30).fill(0xaa);
  assertEquals(writeEmptyHll(buf, 3), 18);
  assertEquals(
    buf.slice(0, 22),
    new Uint8Array(
      [0xaa, 0xaa, 0xaa, 0x48, 0x59, 0x4c, 0x4c, 1, ...Array(11).fill(0), 0x7f, 0xff, 0xaa],
    ),
  );
});

Deno.test("A value is a HyperLogLog by magic, encoding and the length of the dense form", () => {
  const buf = emptyAt(2);
  const end = 2 + HLL_EMPTY_BYTES;
  assert(isHll(buf, 2, end));
  assert(!isDenseHll(buf, 2));
  assert(isHll(buf, 2, 2 + 16), "its opcodes are not looked at");
  assert(!isHll(buf, 2, 2 + 15), "shorter than its header");
  assert(!isHll(buf, 1, end), "magic");
  for (let at = 2; at < 6; at++) {
    const other = buf.slice();
    other[at] ^= 0x20;
    assert(!isHll(other, 2, end));
  }
  markDense(buf, 2);
  assert(isDenseHll(buf, 2));
  assert(isHll(buf, 2, 2 + HLL_DENSE_BYTES));
  assert(!isHll(buf, 2, 2 + HLL_DENSE_BYTES - 1));
  assert(!isHll(buf, 2, end));
  buf[6] = 2;
  assert(!isHll(buf, 2, end), "an encoding that does not exist");
});

Deno.test("A cached cardinality holds until it is dropped", () => {
  const buf = emptyAt(1);
  assert(hasCachedCardinality(buf, 1));
  assertEquals(cachedCardinality(buf, 1), 0);
  for (const cardinality of [1, 255, 2 ** 31, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
    cacheCardinality(buf, 1, cardinality);
    assert(hasCachedCardinality(buf, 1));
    assertEquals(cachedCardinality(buf, 1), cardinality);
    assertEquals(cachedCardinalityBig(buf, 1), BigInt(cardinality));
    dropCachedCardinality(buf, 1);
    assert(!hasCachedCardinality(buf, 1));
  }
});

Deno.test("A cached cardinality is little endian and may fill 63 bits", () => {
  const buf = emptyAt(0);
  cacheCardinality(buf, 0, 0x0102_0304_0506);
  assertEquals([...buf.slice(8, 16)], [6, 5, 4, 3, 2, 1, 0, 0]);
  buf.fill(0xff, 8, 15);
  buf[15] = 0x7f;
  assertEquals(cachedCardinality(buf, 0), NaN);
  assertEquals(cachedCardinalityBig(buf, 0), 2n ** 63n - 1n);
  cacheCardinality(buf, 0, 2 ** 53);
  assertEquals(cachedCardinality(buf, 0), NaN);
  cacheCardinality(buf, 0, 2 ** 63);
  assert(!hasCachedCardinality(buf, 0));
});
