import { assert, assertEquals } from "@std/assert";
import { Slabs } from "../../../src/memory/slab.ts";
import { byteOffset, pageOf } from "../../../src/memory/handle.ts";
import {
  appendElement,
  createListpack,
  Element,
  elementAt,
  elementEquals,
  elementInteger,
  elementSize,
  EMPTY_LISTPACK_BYTES,
  findElement,
  firstElement,
  insertElement,
  isValidListpack,
  lastElement,
  ListpackAppender,
  listpackBytes,
  listpackLength,
  nextElement,
  previousElement,
  readElement,
  removeElements,
  replaceElement,
} from "../../../src/structures/listpack.ts";
import { latin1Bytes, latin1Text } from "../../support/latin1.ts";
import { Random } from "../../support/random.ts";

const INTEGERS = [
  0,
  1,
  127,
  128,
  -1,
  -128,
  4095,
  4096,
  -4096,
  -4097,
  32767,
  32768,
  -32768,
  -32769,
  8388607,
  8388608,
  -8388608,
  -8388609,
  2147483647,
  2147483648,
  -2147483648,
  -2147483649,
].map(String).concat(
  "9007199254740991",
  "9007199254740992",
  "-9007199254740993",
  "9223372036854775807",
  "-9223372036854775808",
);
const NOT_INTEGERS = ["", "a", "-", "-0", "007", "+1", " 1", "1 ", "9223372036854775808"];
const LENGTHS = [62, 63, 64, 126, 127, 128, 4093, 4095, 4096, 16381, 16382, 16383, 70_000];

class TextListpack {
  readonly slabs = new Slabs();
  lp = createListpack(this.slabs);
  readonly view = new Element();

  append(text: string): void {
    const bytes = latin1Bytes(text);
    this.lp = appendElement(this.slabs, this.lp, bytes, 0, bytes.length);
  }

  textAt(pos: number): string {
    readElement(this.slabs, this.lp, pos, this.view);
    return latin1Text(this.view.buf.subarray(this.view.start, this.view.end));
  }

  forwards(): string[] {
    const texts: string[] = [];
    for (let pos = firstElement(this.slabs, this.lp); pos !== 0;) {
      texts.push(this.textAt(pos));
      pos = nextElement(this.slabs, this.lp, pos);
    }
    return texts;
  }

  backwards(): string[] {
    const texts: string[] = [];
    for (let pos = lastElement(this.slabs, this.lp); pos !== 0;) {
      texts.push(this.textAt(pos));
      pos = previousElement(this.slabs, this.lp, pos);
    }
    return texts;
  }

  bytes(): Uint8Array {
    const start = byteOffset(this.lp);
    return this.slabs.bytes[pageOf(this.lp)].slice(
      start,
      start + listpackBytes(this.slabs, this.lp),
    );
  }
}

Deno.test("A listpack's bytes are those of Redis", () => {
  const list = new TextListpack();
  for (const text of ["1", "-5", "1000", "hello", "70000"]) list.append(text);
  assertEquals(
    [...list.bytes()].map((byte) => byte.toString(16).padStart(2, "0")).join(" "),
    "1b 00 00 00 05 00 " + // 27 bytes, 5 elements
      "01 01 " + // 1
      "df fb 02 " + // -5 in 13 bits
      "c3 e8 02 " + // 1000 in 13 bits
      "85 68 65 6c 6c 6f 06 " + // hello
      "f2 70 11 01 04 " + // 70000 in 24 bits
      "ff",
  );
});

Deno.test("A listpack gives back every kind of element, from both ends", () => {
  const list = new TextListpack();
  const texts = [...INTEGERS, ...NOT_INTEGERS, ...LENGTHS.map((n) => "x".repeat(n))];
  for (const text of texts) list.append(text);
  assertEquals(list.forwards(), texts);
  assertEquals(list.backwards(), texts.toReversed());
  assertEquals(listpackLength(list.slabs, list.lp), texts.length);
  texts.forEach((text, i) => {
    const pos = elementAt(list.slabs, list.lp, i);
    assertEquals(pos, elementAt(list.slabs, list.lp, i - texts.length));
    const bytes = latin1Bytes(text);
    assert(elementEquals(list.slabs, list.lp, pos, bytes, 0, bytes.length));
    const isInteger = INTEGERS.includes(text);
    const integer = elementInteger(list.slabs, list.lp, pos);
    assertEquals(integer, isInteger ? Number(text) : NaN);
    const found = findElement(list.slabs, list.lp, 6, bytes, 0, bytes.length, 1);
    assertEquals(list.textAt(found), text);
  });
  assertEquals(elementAt(list.slabs, list.lp, texts.length), 0);
  const bytes = list.bytes();
  assert(isValidListpack(bytes, 0, bytes.length));
});

Deno.test("A listpack does what an array does", () => {
  const seed = 7;
  const random = new Random(seed);
  const list = new TextListpack();
  const model: string[] = [];
  const someText = () =>
    random.oneIn(2)
      ? random.pick(INTEGERS)
      : "y".repeat(random.pick([0, 3, 40, 63, 64, 200, 5000]));
  for (let step = 0; step < 30_000; step++) {
    const index = random.below(model.length + 1);
    const pos = elementAt(list.slabs, list.lp, index);
    const text = someText();
    const bytes = latin1Bytes(text);
    const before = listpackBytes(list.slabs, list.lp);
    const action = model.length > 60 ? 3 : random.below(4);
    if (action < 2) {
      list.lp = insertElement(list.slabs, list.lp, pos, bytes, 0, bytes.length);
      model.splice(index, 0, text);
      assertEquals(
        listpackBytes(list.slabs, list.lp) - before,
        elementSize(bytes, 0, bytes.length),
      );
    } else if (pos !== 0 && action === 2) {
      list.lp = replaceElement(list.slabs, list.lp, pos, bytes, 0, bytes.length);
      model[index] = text;
    } else if (pos !== 0) {
      const count = random.between(1, 4);
      list.lp = removeElements(list.slabs, list.lp, pos, count);
      model.splice(index, count);
    }
    if (step % 50 !== 0) continue;
    assertEquals(list.forwards(), model, `seed ${seed}, step ${step}`);
    assertEquals(list.backwards(), model.toReversed());
    const all = list.bytes();
    assert(isValidListpack(all, 0, all.length));
  }
  list.lp = removeElements(list.slabs, list.lp, 6, Infinity);
  assertEquals(listpackBytes(list.slabs, list.lp), EMPTY_LISTPACK_BYTES);
  list.slabs.free(list.lp);
  assertEquals(list.slabs.usedBytes, 0);
});

Deno.test("Looking for an element can pass over every other", () => {
  const list = new TextListpack();
  for (const text of ["a", "b", "b", "c", "5", "6", "6", "5"]) list.append(text);
  const find = (text: string, step: number) => {
    const bytes = latin1Bytes(text);
    return findElement(list.slabs, list.lp, 6, bytes, 0, bytes.length, step);
  };
  assertEquals(find("b", 2), elementAt(list.slabs, list.lp, 2));
  assertEquals(find("b", 1), elementAt(list.slabs, list.lp, 1));
  assertEquals(find("6", 2), elementAt(list.slabs, list.lp, 6));
  assertEquals(find("c", 2), 0);
});

Deno.test("More than 65534 elements are counted", () => {
  const list = new TextListpack();
  for (let i = 0; i < 65_540; i++) list.append("1");
  assertEquals(listpackLength(list.slabs, list.lp), 65_540);
  list.lp = removeElements(list.slabs, list.lp, 6, 10);
  assertEquals(listpackLength(list.slabs, list.lp), 65_530);
  list.append("2");
  assertEquals(listpackLength(list.slabs, list.lp), 65_531);
});

Deno.test("No corrupted listpack passes for one and leads out of its bytes", () => {
  const seed = 11;
  const random = new Random(seed);
  const list = new TextListpack();
  for (const text of [...INTEGERS, "x", "y".repeat(70), "z".repeat(5000)]) list.append(text);
  const good = list.bytes();
  const slabs = new Slabs();
  let valid = 0;
  for (let round = 0; round < 20_000; round++) {
    const bad = good.slice(0, random.oneIn(3) ? random.below(good.length) : good.length);
    for (let i = random.below(4); i >= 0; i--) {
      if (bad.length > 0) bad[random.below(bad.length)] = random.below(256);
    }
    if (!isValidListpack(bad, 0, bad.length)) continue;
    valid++;
    const lp = slabs.alloc(bad.length);
    slabs.bytes[pageOf(lp)].set(bad, byteOffset(lp));
    const view = new Element();
    for (let pos = firstElement(slabs, lp); pos !== 0; pos = nextElement(slabs, lp, pos)) {
      readElement(slabs, lp, pos, view);
      assert(pos < bad.length && (view.isInteger || view.end <= byteOffset(lp) + bad.length));
    }
    slabs.free(lp);
  }
  assert(valid > 0, `seed ${seed}`);
});

Deno.test("Elements put one after the other are those that are appended", () => {
  const slabs = new Slabs();
  const putOnes = createListpack(slabs, 300_000);
  let appended = createListpack(slabs);
  const appender = new ListpackAppender();
  const texts = [...INTEGERS, ...NOT_INTEGERS, ...LENGTHS.map((length) => "t".repeat(length))];
  for (const [from, to] of [[0, 0], [0, 7], [7, texts.length]]) {
    appender.begin(slabs, putOnes);
    for (const text of texts.slice(from, to)) {
      const bytes = latin1Bytes(text);
      const isNumber = INTEGERS.includes(text) && Math.abs(Number(text)) < 2 ** 52;
      if (isNumber) appender.putInteger(Number(text));
      else appender.put(bytes, 0, bytes.length);
      appended = appendElement(slabs, appended, bytes, 0, bytes.length);
    }
    appender.end();
    const length = listpackBytes(slabs, appended);
    const [one, other] = [putOnes, appended].map((lp) =>
      slabs.bytes[pageOf(lp)].slice(byteOffset(lp), byteOffset(lp) + length)
    );
    assertEquals(one, other);
  }
});
