import { assert, assertEquals } from "@std/assert";
import { latin1 } from "../../../src/memory/bytes.ts";
import { byteOffset, pageOf, wordOffset } from "../../../src/memory/handle.ts";
import { Slabs } from "../../../src/memory/slab.ts";
import * as Entry from "../../../src/structures/entry.ts";

const KEY_LENGTHS = [0, 1, 3, 4, 16, 17, 250, 0xfffe, 0xffff, 0x10000, 5_000_000];
const INLINE_LENGTHS = [0, 1, 16, 1024, 0xfffe];
const CLOCK = 0xabcdef;

/** Bytes that differ from place to place; `buf[start, end)` with something before and behind. */
function slice(length: number): [buf: Uint8Array, start: number, end: number] {
  const buf = new Uint8Array(length + 8);
  for (let i = 0; i < buf.length; i++) buf[i] = (i * 7 + length) & 0xff;
  return [buf, 3, 3 + length];
}

function keyOf(slabs: Slabs, entry: number): Uint8Array {
  const start = Entry.keyOffset(slabs, entry);
  return slabs.bytes[pageOf(entry)].subarray(start, start + Entry.keyLength(slabs, entry));
}

function inlineValueOf(slabs: Slabs, entry: number): Uint8Array {
  const start = Entry.valueOffset(slabs, entry);
  return slabs.bytes[pageOf(entry)].subarray(start, start + Entry.valueLength(slabs, entry));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function expectHead(slabs: Slabs, entry: number, typeId: number, encoding: number): void {
  assertEquals(Entry.type(slabs, entry), typeId);
  assertEquals(Entry.encoding(slabs, entry), encoding);
  assertEquals(Entry.clock(slabs, entry), CLOCK);
}

Deno.test("An inline entry gives back its parts, whatever the lengths", () => {
  const slabs = new Slabs();
  for (const keyLength of KEY_LENGTHS) {
    for (const length of INLINE_LENGTHS) {
      for (const volatile of [false, true]) {
        const [buf, start, end] = slice(keyLength);
        const entry = Entry.createInline(slabs, buf, start, end, length, 6, 11, volatile, CLOCK);
        expectHead(slabs, entry, 6, 11);
        assertEquals(Entry.isVolatile(slabs, entry), volatile);
        assert(Entry.isInline(slabs, entry));
        assertEquals(Entry.isPlainInline(slabs, entry, length), !volatile);
        assertEquals(Entry.valueLength(slabs, entry), length);
        assert(sameBytes(keyOf(slabs, entry), buf.subarray(start, end)));
        assertEquals(Entry.valueOffset(slabs, entry), Entry.keyOffset(slabs, entry) + keyLength);
        const size = Entry.entrySize(keyLength, length, volatile);
        assertEquals(Entry.valueOffset(slabs, entry) + length - byteOffset(entry), size);
        assert(slabs.sizeOf(entry) >= size);
        slabs.free(entry);
      }
    }
  }
  assertEquals(slabs.usedBytes, 0);
});

Deno.test("An entry with its value out of line gives back its parts, whatever the length of the key", () => {
  const slabs = new Slabs();
  for (const keyLength of KEY_LENGTHS) {
    for (const volatile of [false, true]) {
      const [buf, start, end] = slice(keyLength);
      const value = slabs.alloc(70000);
      const entry = Entry.createOutOfLine(
        slabs,
        buf,
        start,
        end,
        value,
        69999,
        4,
        2,
        volatile,
        CLOCK,
      );
      if (volatile) Entry.setDueMs(slabs, entry, 1e12);
      expectHead(slabs, entry, 4, 2);
      assert(!Entry.isInline(slabs, entry));
      assert(!Entry.isPlainInline(slabs, entry, 0xffff));
      assertEquals(Entry.valueHandle(slabs, entry), value);
      assertEquals(Entry.valueLength(slabs, entry), 69999);
      assert(sameBytes(keyOf(slabs, entry), buf.subarray(start, end)));
      Entry.setValueHandle(slabs, entry, -5);
      Entry.setValueLength(slabs, entry, 2 ** 31 - 1);
      assertEquals(Entry.valueHandle(slabs, entry), -5);
      assertEquals(Entry.valueLength(slabs, entry), 2 ** 31 - 1);
      assert(sameBytes(keyOf(slabs, entry), buf.subarray(start, end)));
      if (volatile) assertEquals(Entry.dueMs(slabs, entry), 1e12);
      slabs.free(entry);
      slabs.free(value);
    }
  }
});

Deno.test("A key of 16 bytes and a value of 16 bytes take 40 bytes", () => {
  assertEquals(Entry.entrySize(16, 16, false), 40);
  assertEquals(Entry.entrySize(16, 16, true), 52);
  assertEquals(Entry.entrySize(16, -1, false), 32);
  assertEquals(Entry.entrySize(0xffff, 0, false), 8 + 4 + 0xffff);
});

Deno.test("A due time is kept to the millisecond", () => {
  const slabs = new Slabs();
  const [buf, start, end] = slice(5);
  const entry = Entry.createInline(slabs, buf, start, end, 5, 0, 8, true, 0);
  const times = [0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 1.7e12, Number.MAX_SAFE_INTEGER, -1, -1.7e12];
  for (const time of times) {
    Entry.setDueMs(slabs, entry, time);
    assertEquals(Entry.dueMs(slabs, entry), time);
  }
  assert(sameBytes(keyOf(slabs, entry), buf.subarray(start, end)));
});

Deno.test("Clock and encoding change without touching anything else", () => {
  const slabs = new Slabs();
  const [buf, start, end] = slice(5);
  for (const volatile of [false, true]) {
    const entry = Entry.createInline(slabs, buf, start, end, 5, 3, 15, volatile, 0);
    Entry.setClock(slabs, entry, CLOCK);
    expectHead(slabs, entry, 3, 15);
    Entry.setEncoding(slabs, entry, 7);
    expectHead(slabs, entry, 3, 7);
    assertEquals(Entry.isVolatile(slabs, entry), volatile);
  }
});

Deno.test("hasKeyAt knows the key from any other of the same or another length", () => {
  const slabs = new Slabs();
  for (const keyLength of KEY_LENGTHS) {
    for (const volatile of [false, true]) {
      const [buf, start, end] = slice(keyLength);
      const entry = Entry.createInline(slabs, buf, start, end, 9, 0, 8, volatile, 0);
      const bytes = slabs.bytes[pageOf(entry)];
      const words = slabs.words[pageOf(entry)];
      const at = wordOffset(entry);
      assert(Entry.hasKeyAt(bytes, words, at, buf, start, end));
      assert(!Entry.hasKeyAt(bytes, words, at, buf, start, end + 1));
      if (keyLength === 0) continue;
      assert(!Entry.hasKeyAt(bytes, words, at, buf, start, end - 1));
      for (const i of [start, (start + end) >> 1, end - 2, end - 1]) {
        if (i < start) continue;
        buf[i] ^= 1;
        assert(!Entry.hasKeyAt(bytes, words, at, buf, start, end), `${keyLength}, byte ${i}`);
        buf[i] ^= 1;
      }
      slabs.free(entry);
    }
  }
});

Deno.test("An inline value may get another length while the block is neither too small nor too large", () => {
  const slabs = new Slabs();
  const key = latin1("key");
  const entry = Entry.createInline(slabs, key, 0, 3, 500, 0, 8, false, 0);
  const room = slabs.sizeOf(entry) - 8 - 3;
  assert(Entry.fitsInline(slabs, entry, 500));
  assert(Entry.fitsInline(slabs, entry, room));
  assert(!Entry.fitsInline(slabs, entry, room + 1));
  assert(Entry.fitsInline(slabs, entry, 400));
  assert(!Entry.fitsInline(slabs, entry, 300));
  Entry.setInlineLength(slabs, entry, 400);
  assertEquals(Entry.valueLength(slabs, entry), 400);
  assert(sameBytes(keyOf(slabs, entry), key));
  const long = Entry.createInline(slabs, key, 0, 3, Entry.MAX_INLINE_BYTES, 0, 8, false, 0);
  assert(!Entry.fitsInline(slabs, long, Entry.MAX_INLINE_BYTES + 1), "0xffff means out of line");
});

Deno.test("withVolatility copies an entry to one that expires, and back", () => {
  const slabs = new Slabs();
  for (const keyLength of [0, 5, 0x10000]) {
    const [buf, start, end] = slice(keyLength);
    const entry = Entry.createInline(slabs, buf, start, end, 7, 3, 11, false, CLOCK);
    inlineValueOf(slabs, entry).set([1, 2, 3, 4, 5, 6, 7]);
    const volatile = Entry.withVolatility(slabs, entry, true);
    Entry.setDueMs(slabs, volatile, 12345);
    const plain = Entry.withVolatility(slabs, volatile, false);
    for (const copy of [volatile, plain]) {
      expectHead(slabs, copy, 3, 11);
      assert(sameBytes(keyOf(slabs, copy), buf.subarray(start, end)));
      assertEquals([...inlineValueOf(slabs, copy)], [1, 2, 3, 4, 5, 6, 7]);
    }
    assert(Entry.isVolatile(slabs, volatile) && !Entry.isVolatile(slabs, plain));
    assertEquals(Entry.dueMs(slabs, volatile), 12345);
  }
});

Deno.test("withKey copies an entry under another key, with its due time and its value", () => {
  const slabs = new Slabs();
  const [from, fromStart, fromEnd] = slice(10);
  const value = slabs.alloc(100);
  const entry = Entry.createOutOfLine(
    slabs,
    from,
    fromStart,
    fromEnd,
    value,
    99,
    4,
    2,
    true,
    CLOCK,
  );
  Entry.setDueMs(slabs, entry, 777);
  for (const keyLength of [0, 20, 0x10000]) {
    const [buf, start, end] = slice(keyLength);
    const copy = Entry.withKey(slabs, entry, buf, start, end);
    expectHead(slabs, copy, 4, 2);
    assertEquals(Entry.dueMs(slabs, copy), 777);
    assertEquals([Entry.valueHandle(slabs, copy), Entry.valueLength(slabs, copy)], [value, 99]);
    assert(sameBytes(keyOf(slabs, copy), buf.subarray(start, end)));
  }
});

Deno.test("The numbers of types are those that Redis writes to disk", () => {
  assertEquals(Entry.TypeId, {
    STRING: 0,
    LIST: 1,
    SET: 2,
    ZSET: 3,
    HASH: 4,
    MODULE: 5,
    STREAM: 6,
  });
});
