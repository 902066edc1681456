import { assert, assertEquals } from "@std/assert";
import { byteOffset, pageOf } from "../../../src/memory/handle.ts";
import { Slabs } from "../../../src/memory/slab.ts";
import {
  createIntset,
  intsetAdd,
  intsetBytes,
  intsetHas,
  intsetLength,
  intsetRemove,
  intsetText,
  isIntsetMember,
  isValidIntset,
} from "../../../src/structures/intset.ts";
import { latin1Bytes, latin1Text } from "../../support/latin1.ts";
import { Random } from "../../support/random.ts";

class TextIntset {
  readonly slabs = new Slabs();
  set = createIntset(this.slabs);
  readonly #text = new Uint8Array(20);

  add(text: string): void {
    const bytes = latin1Bytes(text);
    this.set = intsetAdd(this.slabs, this.set, bytes, 0, bytes.length);
  }

  remove(text: string): void {
    const bytes = latin1Bytes(text);
    this.set = intsetRemove(this.slabs, this.set, bytes, 0, bytes.length);
  }

  has(text: string): boolean {
    const bytes = latin1Bytes(text);
    return intsetHas(this.slabs, this.set, bytes, 0, bytes.length);
  }

  texts(): string[] {
    return Array.from({ length: intsetLength(this.slabs, this.set) }, (_, i) => {
      const length = intsetText(this.slabs, this.set, i, this.#text);
      return latin1Text(this.#text.subarray(0, length));
    });
  }

  bytes(): Uint8Array {
    const start = byteOffset(this.set);
    return this.slabs.bytes[pageOf(this.set)].slice(
      start,
      start + intsetBytes(this.slabs, this.set),
    );
  }
}

function sorted(texts: Iterable<string>): string[] {
  return [...texts].sort((a, b) => BigInt(a) < BigInt(b) ? -1 : 1);
}

Deno.test("An intset's bytes are those of Redis", () => {
  const set = new TextIntset();
  for (const text of ["5", "-1"]) set.add(text);
  assertEquals([...set.bytes()], [2, 0, 0, 0, 2, 0, 0, 0, 0xff, 0xff, 5, 0]);
  set.add("70000");
  assertEquals(
    [...set.bytes()],
    [4, 0, 0, 0, 3, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 5, 0, 0, 0, 0x70, 0x11, 1, 0],
  );
});

Deno.test("An intset does what a sorted array does", () => {
  const seed = 3;
  const random = new Random(seed);
  const pools = [
    () => String(random.between(-100, 100)),
    () => String(random.between(-40_000, 40_000)),
    () => String(random.between(-(2 ** 31), 2 ** 31 - 1)),
    () => String((BigInt(random.next()) << 31n) - (1n << 62n)),
    () => random.pick(["9223372036854775807", "-9223372036854775808", "2147483648", "-2147483649"]),
  ];
  for (let round = 0; round < 40; round++) {
    const set = new TextIntset();
    const model = new Set<string>();
    const width = random.below(pools.length) + 1;
    for (let step = 0; step < 300; step++) {
      const text = random.oneIn(3) && model.size > 0
        ? random.pick([...model])
        : pools[random.below(width)]();
      assertEquals(set.has(text), model.has(text), `seed ${seed}`);
      if (model.delete(text)) set.remove(text);
      else {
        model.add(text);
        set.add(text);
      }
      if (step % 20 === 0) assertEquals(set.texts(), sorted(model));
    }
    assertEquals(set.texts(), sorted(model));
    if (model.size > 0) assert(isValidIntset(set.bytes(), 0, set.bytes().length));
  }
});

Deno.test("Only canonical 64-bit integers are members", () => {
  for (const text of ["", "a", "01", "+1", "-0", "1.0", "9223372036854775808", " 1"]) {
    const bytes = latin1Bytes(text);
    assertEquals(isIntsetMember(bytes, 0, bytes.length), false, text);
    assertEquals(new TextIntset().has(text), false);
  }
});

Deno.test("No corrupted intset is unsorted or leads out of its bytes", () => {
  const random = new Random(9);
  const set = new TextIntset();
  for (let i = 0; i < 50; i++) set.add(String(i * 1000));
  const good = set.bytes();
  assert(isValidIntset(good, 0, good.length));
  for (let round = 0; round < 10_000; round++) {
    const bad = good.slice(0, random.oneIn(3) ? random.below(good.length) : good.length);
    if (bad.length > 0) bad[random.below(bad.length)] = random.below(256);
    if (isValidIntset(bad, 0, bad.length)) assertEquals(bad.length, good.length);
  }
});
