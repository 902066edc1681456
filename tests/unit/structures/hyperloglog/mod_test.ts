import { assert, assertEquals } from "@std/assert";
import { latin1 } from "../../../../src/memory/bytes.ts";
import {
  HLL_CORRUPT,
  HLL_DENSE_BYTES,
  HLL_EMPTY_BYTES,
  HLL_NO_ROOM,
  HLL_REGISTERS,
  HLL_UNCHANGED,
  hllAdd,
  hllCount,
  hllMerge,
  hllRaise,
  hllSetRegisters,
  hllToDense,
  isDenseHll,
  isHll,
  registersCount,
  sparseText,
  writeEmptyHll,
} from "../../../../src/structures/hyperloglog/mod.ts";
import { elementOfRank } from "../../../support/murmur.ts";

const SPARSE_MAX_BYTES = 3000;

/** A value at an offset, with room to become dense. */
class Value {
  buf = new Uint8Array(7 + HLL_DENSE_BYTES);
  length = writeEmptyHll(this.buf, 7);

  add(element: Uint8Array, capacity = HLL_DENSE_BYTES, sparseMaxBytes = SPARSE_MAX_BYTES): number {
    const { buf, length } = this;
    const end = element.length;
    const result = hllAdd(buf, 7, length, capacity, element, 0, end, sparseMaxBytes);
    if (result > 0) this.length = result;
    return result;
  }

  addNumbers(from: number, to: number): void {
    for (let n = from; n < to; n++) this.add(latin1(`element ${n}`));
  }

  get count(): number {
    return hllCount(this.buf, 7, this.length);
  }

  get isDense(): boolean {
    return isDenseHll(this.buf, 7);
  }

  get registers(): Uint8Array {
    const registers = new Uint8Array(HLL_REGISTERS);
    assert(hllMerge(this.buf, 7, this.length, registers));
    return registers;
  }
}

Deno.test("An element is counted once", () => {
  const value = new Value();
  assertEquals(value.count, 0);
  assert(value.add(latin1("a")) > 0);
  assertEquals(value.add(latin1("a")), HLL_UNCHANGED);
  assertEquals(value.count, 1);
  assert(value.add(latin1("")) > 0, "the empty string is an element like others");
  assertEquals(value.count, 2);
});

Deno.test("A sparse value becomes dense when it would grow beyond hll-sparse-max-bytes", () => {
  const value = new Value();
  while (!value.isDense) {
    assert(value.length <= 100);
    value.add(latin1(`element ${value.count} of ${value.length}`), HLL_DENSE_BYTES, 100);
  }
  assertEquals(value.length, HLL_DENSE_BYTES);
  assert(isHll(value.buf, 7, 7 + value.length));
  assert(value.count > 20 && value.count < 60);
});

Deno.test("A sparse value becomes dense when an element has a rank above 32", () => {
  const value = new Value();
  value.add(elementOfRank(5, 32));
  assertEquals(sparseText(value.buf, 7, value.length), "z:5 v:32,1 Z:16378");
  assertEquals(value.add(elementOfRank(5, 33)), HLL_DENSE_BYTES);
  assertEquals(value.registers[5], 33);
  assertEquals(value.add(elementOfRank(5, 33)), HLL_UNCHANGED);
  assertEquals(value.add(elementOfRank(5, 51)), HLL_DENSE_BYTES);
  assertEquals(value.registers[5], 51);
});

Deno.test("A value without room is left alone", () => {
  const value = new Value();
  const before = value.buf.slice();
  assertEquals(value.add(latin1("a"), HLL_EMPTY_BYTES), HLL_NO_ROOM);
  assertEquals(value.add(elementOfRank(5, 40), HLL_DENSE_BYTES - 1), HLL_NO_ROOM);
  assertEquals(
    value.add(latin1("a"), 100, 0),
    HLL_NO_ROOM,
    "too long for sparse, no room for dense",
  );
  assertEquals(value.buf, before);
});

Deno.test("A corrupt value is reported", () => {
  const value = new Value();
  value.buf[7 + 17] = 0xfe; // One register is missing.
  assertEquals(value.count, NaN);
  assert(!hllMerge(value.buf, 7, value.length, new Uint8Array(HLL_REGISTERS)));
  const before = value.buf.slice();
  assert(!hllToDense(value.buf, 7, value.length));
  assertEquals(value.add(elementOfRank(5, 40)), HLL_CORRUPT);
  assertEquals(hllRaise(value.buf, 7, value.length, 100, 16383, 1, 100), HLL_CORRUPT);
  assertEquals(value.buf, before);
});

Deno.test("Sparse and dense count alike, within the error of the method", () => {
  const sparse = new Value();
  const dense = new Value();
  assert(hllToDense(dense.buf, 7, dense.length));
  dense.length = HLL_DENSE_BYTES;
  for (let n = 0, next = 100; next < 200_000; n = next, next *= 3) {
    sparse.addNumbers(n, next);
    dense.addNumbers(n, next);
    assertEquals(sparse.registers, dense.registers);
    assertEquals(sparse.count, dense.count);
    assert(Math.abs(sparse.count - next) < 0.05 * next);
  }
  assert(sparse.isDense);
});

Deno.test("The registers of a union are the highest of each", () => {
  const [left, right, both] = [new Value(), new Value(), new Value()];
  left.addNumbers(0, 30_000);
  right.addNumbers(29_000, 29_500);
  both.addNumbers(0, 30_000);
  assert(left.isDense && !right.isDense);
  const registers = left.registers;
  assert(hllMerge(right.buf, 7, right.length, registers));
  assertEquals(registers, both.registers);
  assertEquals(registersCount(registers), both.count);

  hllSetRegisters(right.buf, 7, registers);
  right.length = HLL_DENSE_BYTES;
  assert(right.isDense);
  assertEquals(right.registers, registers);
});
