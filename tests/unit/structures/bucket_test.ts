import { assertEquals } from "@std/assert";
import {
  BUCKET_SLOTS,
  ENTRY_WORDS,
  firstSlot,
  occupiedSlots,
  setSlot,
  slotsWithTag,
  tagAt,
  tagOf,
  tagShift,
} from "../../../src/structures/bucket.ts";
import { freshSeed, Random } from "../../support/random.ts";

const AT = 16;

function listSlots(set: number): number[] {
  const slots: number[] = [];
  for (let rest = set; rest !== 0; rest &= rest - 1) slots.push(firstSlot(rest));
  return slots.sort((a, b) => a - b);
}

Deno.test("slotsWithTag finds the slots with a tag, and no others", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  const words = new Int32Array(64);
  for (let round = 0; round < 20000; round++) {
    words.fill(0);
    // Few different tags that differ in one bit, so that carries between neighbours would show.
    const choices = [0, 1, 2, 0x4000, 0x7ffe, 0x7fff].map((hash) => tagOf(hash, 0));
    const count = random.below(BUCKET_SLOTS + 1);
    const tags: number[] = [];
    for (let slot = 0; slot < count; slot++) {
      tags.push(random.pick(choices));
      setSlot(words, AT, slot, tags[slot], 100 + slot);
    }
    assertEquals(occupiedSlots(words, AT), count);
    for (let slot = 0; slot < BUCKET_SLOTS; slot++) {
      assertEquals(tagAt(words, AT, slot), tags[slot] ?? 0);
      if (slot < count) assertEquals(words[AT + ENTRY_WORDS + slot], 100 + slot);
    }
    for (const tag of choices) {
      const expected = tags.flatMap((slotTag, slot) => slotTag === tag ? [slot] : []);
      assertEquals(listSlots(slotsWithTag(words, AT, tag)), expected);
    }
  }
});

Deno.test("A tag is never 0 and holds 15 bits of the hash", () => {
  assertEquals(tagOf(0, 0), 0x8000);
  assertEquals(tagOf(-1, 0), 0xffff);
  assertEquals(tagOf(-1, 24), 0x80ff);
  assertEquals(tagOf(0x12345678, 8), 0x8000 | 0x3456);
});

Deno.test("Tags begin with a bit that has not been used up, eight bits at a time", () => {
  assertEquals([0, 7, 8, 15, 16, 23, 24, 28].map(tagShift), [0, 0, 8, 8, 16, 16, 24, 24]);
});

Deno.test("Emptying a slot leaves the others as they were", () => {
  const words = new Int32Array(64);
  for (let slot = 0; slot < BUCKET_SLOTS; slot++) {
    setSlot(words, AT, slot, tagOf(slot, 0), slot + 1);
  }
  setSlot(words, AT, 9, 0, 0);
  assertEquals(occupiedSlots(words, AT), 9);
  setSlot(words, AT, 8, 0, 0);
  assertEquals(occupiedSlots(words, AT), 8);
  for (let slot = 0; slot < 8; slot++) assertEquals(tagAt(words, AT, slot), tagOf(slot, 0));
});
