import { assert, assertEquals } from "@std/assert";
import { createSettings } from "../../../../src/config/mod.ts";
import type { Database } from "../../../../src/keyspace/database.ts";
import { Keyspace } from "../../../../src/keyspace/keyspace.ts";
import {
  createHash,
  expectFields,
  forEachField,
  getField,
  hasField,
  hashLength,
  removeHashField,
  scanFields,
  setHashField,
  visitEntry,
} from "../../../../src/keyspace/types/hash.ts";
import {
  visitDistinctFields,
  visitRandomField,
  visitRandomFields,
} from "../../../../src/keyspace/types/hash_random.ts";
import { Encoding } from "../../../../src/keyspace/types/type.ts";
import { TypeId } from "../../../../src/structures/entry.ts";
import { Element, type ElementView } from "../../../../src/structures/listpack.ts";
import { latin1Bytes, latin1Text } from "../../../support/latin1.ts";
import { Random } from "../../../support/random.ts";

const LIMITS = { hashMaxListpackEntries: 128, hashMaxListpackValue: 64 };

function makeKeyspace(seed = 1): Keyspace {
  const random = new Random(seed);
  return new Keyspace(createSettings(), { k0: seed, k1: 7 }, () => random.next() | 0);
}

function shown({ buf, start, end }: ElementView): string {
  return latin1Text(buf.subarray(start, end));
}

/** A hash in a database, with texts for fields and values. */
class TextHash {
  readonly #db: Database;
  readonly #value = new Element();
  entry: number;

  constructor(readonly keyspace: Keyspace, readonly limits = LIMITS, readonly key = "hash") {
    this.#db = keyspace.database(0);
    const k = latin1Bytes(key);
    const hash = createHash(keyspace.slabs);
    const { LISTPACK } = Encoding;
    this.entry = this.#db.createValue(k, 0, k.length, TypeId.HASH, LISTPACK, hash, 0);
  }

  get encoding(): number {
    return this.#db.encoding(this.entry);
  }

  get length(): number {
    return hashLength(this.keyspace, this.entry);
  }

  set(field: string, value: string): boolean {
    const f = latin1Bytes(field);
    const v = latin1Bytes(value);
    const { keyspace, entry, limits } = this;
    return setHashField(keyspace, entry, limits, f, 0, f.length, v, 0, v.length);
  }

  get(field: string): string | undefined {
    const f = latin1Bytes(field);
    const found = getField(this.keyspace, this.entry, f, 0, f.length, this.#value);
    assertEquals(hasField(this.keyspace, this.entry, f, 0, f.length), found);
    return found ? shown(this.#value) : undefined;
  }

  remove(field: string): boolean {
    const f = latin1Bytes(field);
    return removeHashField(this.keyspace, this.entry, f, 0, f.length);
  }

  /** Fields and values in their order. */
  pairs(): [string, string][] {
    const pairs: [string, string][] = [];
    forEachField(this.keyspace, this.entry, collect, pairs);
    return pairs;
  }

  digest(): string {
    return this.pairs().map((pair) => pair.join("=")).sort().join();
  }

  delete(): void {
    this.#db.removeEntry(this.entry, false);
    this.keyspace.lazyFree.finish();
  }
}

function collect(field: ElementView, value: ElementView, pairs: [string, string][]): void {
  pairs.push([shown(field), shown(value)]);
}

function filled(hash: TextHash, count: number): TextHash {
  for (let i = 0; i < count; i++) hash.set(`field${i}`, `${i}`);
  return hash;
}

const TEXTS = ["", "0", "-5", "127", "128", "9223372036854775807", "007", "x", "\x00\xff"];

function text(random: Random, longest: number): string {
  if (random.oneIn(3)) return random.pick(TEXTS);
  return "abcdefgh".repeat(1 + longest / 8).slice(0, random.below(longest + 1)) +
    random.below(40);
}

for (
  const [form, limits, longest] of [
    ["listpack", { hashMaxListpackEntries: 1000, hashMaxListpackValue: 3000 }, 20],
    ["dict", { hashMaxListpackEntries: 0, hashMaxListpackValue: 64 }, 1500],
    ["listpack that becomes a dict", { hashMaxListpackEntries: 40, hashMaxListpackValue: 1000 }, 9],
  ] as const
) {
  Deno.test(`A hash that is a ${form} does what a Map does`, () => {
    const seed = 20261122 + longest;
    const random = new Random(seed);
    const keyspace = makeKeyspace(seed);
    const hash = new TextHash(keyspace, limits);
    const model = new Map<string, string>();
    for (let step = 0; step < 6000; step++) {
      const field = text(random, 12);
      if (random.oneIn(3)) {
        assertEquals(hash.remove(field), model.delete(field), `seed ${seed}`);
      } else {
        const value = text(random, longest);
        assertEquals(hash.set(field, value), !model.has(field), `seed ${seed}`);
        model.set(field, value);
      }
      assertEquals(hash.get(field), model.get(field), `seed ${seed}`);
      assertEquals(hash.length, model.size);
      if (step % 500 !== 0) continue;
      assertEquals(hash.pairs().sort(), [...model].sort(), `seed ${seed}`);
    }
    const isDict = hash.encoding === Encoding.HASHTABLE;
    assertEquals(isDict, form !== "listpack", `seed ${seed}`);
    hash.delete();
    assertEquals(keyspace.slabs.usedBytes, 0);
    assertEquals(keyspace.objects.size, 0);
  });
}

Deno.test("A listpack of fields keeps their order, also when one gets another value", () => {
  const hash = filled(new TextHash(makeKeyspace()), 3);
  hash.set("field1", "another");
  hash.remove("field0");
  hash.set("field0", "again");
  assertEquals(hash.pairs(), [["field1", "another"], ["field2", "2"], ["field0", "again"]]);
});

Deno.test("A hash becomes a dict beyond its limits, and stays one", () => {
  const { LISTPACK, HASHTABLE } = Encoding;
  const hash = filled(new TextHash(makeKeyspace()), 128);
  assertEquals(hash.encoding, LISTPACK);
  hash.set("one more", "");
  assertEquals(hash.encoding, HASHTABLE);
  assertEquals(hash.length, 129);
  for (let i = 0; i < 128; i++) hash.remove(`field${i}`);
  assertEquals([hash.encoding, hash.pairs()], [HASHTABLE, [["one more", ""]]]);

  const long = "x".repeat(65);
  for (const [field, value] of [[long, ""], ["", long]]) {
    const other = new TextHash(makeKeyspace());
    other.set(field.slice(1), value.slice(1));
    assertEquals(other.encoding, LISTPACK);
    other.set(field, value);
    assertEquals(other.encoding, HASHTABLE);
    assertEquals(other.get(field), value);
  }
});

Deno.test("A hash can take its form before the fields come", () => {
  const keyspace = makeKeyspace();
  const hash = filled(new TextHash(keyspace), 3);
  expectFields(keyspace, hash.entry, LIMITS, 64, 100);
  assertEquals(hash.encoding, Encoding.LISTPACK);
  expectFields(keyspace, hash.entry, LIMITS, 65, 100);
  assertEquals(hash.encoding, Encoding.HASHTABLE);
  const other = filled(new TextHash(keyspace, LIMITS, "other"), 3);
  expectFields(keyspace, other.entry, LIMITS, 10, 2 ** 30);
  assertEquals(other.encoding, Encoding.HASHTABLE);
  assertEquals(other.digest(), hash.digest());
});

Deno.test("A copy of a hash is a hash of its own", () => {
  for (const count of [10, 1000]) {
    const keyspace = makeKeyspace();
    const db = keyspace.database(0);
    const hash = filled(new TextHash(keyspace), count);
    hash.set("long", "x".repeat(5000));
    const before = hash.digest();
    const to = latin1Bytes("copy");
    db.copyTo(db, to, 0, to.length, hash.entry);
    hash.set("field0", "changed");
    hash.delete();
    const copy = new TextHash(keyspace, LIMITS, "unused");
    copy.delete();
    copy.entry = db.peek(to, 0, to.length);
    assertEquals(copy.digest(), before);
    copy.delete();
    assertEquals([keyspace.slabs.usedBytes, keyspace.objects.size], [0, 0]);
  }
});

Deno.test("A big hash is freed in slices", () => {
  const keyspace = makeKeyspace();
  const hash = filled(new TextHash(keyspace), 10_000);
  keyspace.database(0).removeEntry(hash.entry, false);
  assert(keyspace.slabs.usedBytes > 0);
  assertEquals(keyspace.objects.size, 0);
  assertEquals(keyspace.lazyFree.step(() => false), false);
  keyspace.lazyFree.finish();
  assertEquals(keyspace.slabs.usedBytes, 0);
});

Deno.test("A scan shows every field of a dict", () => {
  const keyspace = makeKeyspace();
  const hash = filled(new TextHash(keyspace), 1000);
  const seen: [string, string][] = [];
  let cursor = 0;
  let calls = 0;
  do {
    const fields: number[] = [];
    cursor = scanFields(keyspace, hash.entry, cursor, 10, 100, fields);
    for (const field of fields) visitEntry(keyspace.slabs, field, collect, seen);
    calls++;
  } while (cursor !== 0);
  assertEquals(seen.map((pair) => pair.join("=")).sort().join(), hash.digest());
  assert(calls > 10);
});

Deno.test("Random fields are fields of the hash, different ones where that is asked for", () => {
  for (const length of [20, 1000]) {
    const keyspace = makeKeyspace(length);
    const { random32 } = keyspace;
    const hash = filled(new TextHash(keyspace), length);
    const all = new Map(hash.pairs());
    for (const count of [1, 2, length >>> 3, length - 1]) {
      const drawn: [string, string][] = [];
      visitDistinctFields(keyspace, hash.entry, count, random32, collect, drawn);
      assertEquals(drawn.length, count);
      assertEquals(new Map(drawn).size, count);
      visitRandomFields(keyspace, hash.entry, count, random32, collect, drawn);
      assertEquals(drawn.length, 2 * count);
      visitRandomField(keyspace, hash.entry, random32, collect, drawn);
      for (const [field, value] of drawn) assertEquals(all.get(field), value);
    }
  }
});

Deno.test("Random fields come up equally often", () => {
  for (const limits of [LIMITS, { hashMaxListpackEntries: 0, hashMaxListpackValue: 64 }]) {
    const keyspace = makeKeyspace(7);
    const hash = filled(new TextHash(keyspace, limits), 10);
    const drawn: [string, string][] = [];
    const { random32 } = keyspace;
    for (let i = 0; i < 3000; i++) {
      visitRandomField(keyspace, hash.entry, random32, collect, drawn);
      visitDistinctFields(keyspace, hash.entry, 3, random32, collect, drawn);
    }
    const counts = new Map<string, number>();
    for (const [field] of drawn) counts.set(field, (counts.get(field) ?? 0) + 1);
    for (const count of counts.values()) assert(Math.abs(count - 1200) < 150, `${count}`);
  }
});
