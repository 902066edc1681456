import { assert, assertEquals, assertThrows } from "@std/assert";
import { createSettings } from "../../../../src/config/mod.ts";
import { Digest } from "../../../../src/keyspace/digest.ts";
import { Keyspace } from "../../../../src/keyspace/keyspace.ts";
import { setType } from "../../../../src/keyspace/types/set.ts";
import {
  createEmptySet,
  EMPTY_SET_ENCODING,
  setAdd,
  setHas,
  setRemove,
  setSize,
} from "../../../../src/keyspace/types/set_members.ts";
import { sampleMembers, showRandomMember } from "../../../../src/keyspace/types/set_random.ts";
import { SetWalk } from "../../../../src/keyspace/types/set_walk.ts";
import { Encoding } from "../../../../src/keyspace/types/type.ts";
import { OUT_OF_MEMORY } from "../../../../src/memory/slab.ts";
import { TypeId } from "../../../../src/structures/entry.ts";
import { Element } from "../../../../src/structures/listpack.ts";
import { latin1Bytes, latin1Text } from "../../../support/latin1.ts";
import { Random } from "../../../support/random.ts";
import { FailingSlabs } from "../../structures/failing_slabs.ts";

interface Limits {
  readonly setMaxIntsetEntries: number;
  readonly setMaxListpackEntries: number;
  readonly setMaxListpackValue: number;
}

const DEFAULTS: Limits = {
  setMaxIntsetEntries: 512,
  setMaxListpackEntries: 128,
  setMaxListpackValue: 64,
};

/** Limits under which a set with members of the kind soon has the encoding. */
const ENCODINGS: readonly (readonly [encoding: number, limits: Limits, member: string])[] = [
  [Encoding.INTSET, { ...DEFAULTS, setMaxIntsetEntries: 100_000 }, ""],
  [Encoding.LISTPACK, { ...DEFAULTS, setMaxListpackEntries: 100_000 }, "m"],
  [Encoding.HASHTABLE, { ...DEFAULTS, setMaxListpackEntries: 0 }, "m"],
];

/** A set in a database, with texts for members. */
class TextSet {
  readonly slabs = new FailingSlabs();
  readonly keyspace: Keyspace;
  entry: number;

  constructor(limits: Partial<Limits> = {}, seed = 1) {
    const random = new Random(seed);
    const settings = { ...createSettings(), ...DEFAULTS, ...limits };
    const seeds = { k0: seed, k1: 7 };
    this.keyspace = new Keyspace(settings, seeds, () => random.next() | 0, this.slabs);
    this.entry = this.create("set");
  }

  create(key: string): number {
    const k = latin1Bytes(key);
    const value = createEmptySet(this.slabs);
    const db = this.keyspace.database(0);
    return db.createValue(k, 0, k.length, TypeId.SET, EMPTY_SET_ENCODING, value, 0);
  }

  get encoding(): number {
    return this.keyspace.database(0).encoding(this.entry);
  }

  get size(): number {
    return setSize(this.keyspace, this.entry);
  }

  add(text: string): boolean {
    const member = latin1Bytes(text);
    return setAdd(this.keyspace, this.entry, member, 0, member.length);
  }

  remove(text: string): boolean {
    const member = latin1Bytes(text);
    return setRemove(this.keyspace, this.entry, member, 0, member.length);
  }

  has(text: string): boolean {
    const member = latin1Bytes(text);
    return setHas(this.keyspace, this.entry, member, 0, member.length);
  }

  members(entry = this.entry): string[] {
    const walk = new SetWalk();
    const members: string[] = [];
    walk.begin(this.keyspace, entry);
    while (walk.next()) members.push(shown(walk));
    return members;
  }

  sample(count: number): string[] {
    const members: string[] = [];
    sampleMembers(this.keyspace, this.entry, count, (member) => members.push(shown(member)));
    return members;
  }

  digest(entry = this.entry): string {
    const digest = new Digest();
    setType.digest(this.keyspace, entry, digest);
    return digest.toString();
  }

  copy(key: string): number {
    const db = this.keyspace.database(0);
    const k = latin1Bytes(key);
    db.copyTo(db, k, 0, k.length, this.entry);
    return db.peek(k, 0, k.length);
  }

  delete(entry = this.entry): void {
    this.keyspace.database(0).removeEntry(entry, false);
  }
}

function shown({ buf, start, end }: Element): string {
  return latin1Text(buf.subarray(start, end));
}

function filled([encoding, limits, prefix]: typeof ENCODINGS[number], count: number): TextSet {
  const set = new TextSet(limits);
  for (let i = 0; i < count; i++) set.add(prefix + i);
  assertEquals(set.encoding, encoding);
  return set;
}

Deno.test("A set does what a Set does, in every encoding", () => {
  const seed = 20261123;
  const random = new Random(seed);
  const kinds: (() => string)[] = [
    () => String(random.between(-40, 40)),
    () => String(BigInt(random.next()) * BigInt(random.next())),
    () => `member ${random.below(60)}`,
    () => "x".repeat(random.below(100)),
  ];
  for (let round = 0; round < 40; round++) {
    const set = new TextSet({ setMaxIntsetEntries: 30, setMaxListpackEntries: 50 }, seed);
    const model = new Set<string>();
    const kindCount = 1 + round % kinds.length;
    for (let step = 0; step < 400; step++) {
      const member = kinds[random.below(kindCount)]();
      const title = `seed ${seed}, round ${round}, step ${step}, ${member}`;
      if (random.below(3) < 2) {
        assertEquals(set.add(member), !model.has(member), title);
        model.add(member);
      } else {
        assertEquals(set.remove(member), model.delete(member), title);
      }
      assertEquals(set.has(member), model.has(member), title);
      assertEquals(set.size, model.size, title);
    }
    assertEquals(set.members().sort(), [...model].sort(), `seed ${seed}, round ${round}`);
  }
});

Deno.test("A set goes from intset to listpack to dict as its settings say, and not back", () => {
  const set = new TextSet({ setMaxIntsetEntries: 3, setMaxListpackEntries: 5 });
  for (const member of ["1", "2", "3"]) set.add(member);
  assertEquals(set.encoding, Encoding.INTSET);
  set.add("4");
  assertEquals(set.encoding, Encoding.LISTPACK);
  set.add("a");
  assertEquals(set.encoding, Encoding.LISTPACK);
  set.add("a");
  assertEquals(set.encoding, Encoding.LISTPACK);
  set.add("b");
  assertEquals(set.encoding, Encoding.HASHTABLE);
  for (const member of ["a", "b", "3", "4"]) set.remove(member);
  assertEquals(set.encoding, Encoding.HASHTABLE);
  assertEquals(set.members().sort(), ["1", "2"]);
});

Deno.test("A member that is too long for a listpack makes a set a dict", () => {
  const set = new TextSet({ setMaxListpackValue: 4 });
  set.add("12345");
  assertEquals(set.encoding, Encoding.INTSET);
  set.add("a");
  assertEquals(set.encoding, Encoding.HASHTABLE);
  const other = new TextSet({ setMaxListpackValue: 4 });
  other.add("abcd");
  assertEquals(other.encoding, Encoding.LISTPACK);
  other.add("abcde");
  assertEquals(other.encoding, Encoding.HASHTABLE);
});

Deno.test("A set that runs out of memory keeps its members, and loses no memory", () => {
  for (const kind of ENCODINGS) {
    const set = filled(kind, 100);
    const { slabs } = set;
    for (const newcomer of ["y".repeat(40), "200", "z".repeat(70)]) {
      for (let left = 0; left < 1000; left++) {
        slabs.allocationsLeft = left;
        try {
          set.add(newcomer);
          break;
        } catch (failure) {
          assertEquals(failure, OUT_OF_MEMORY);
          assertEquals(set.has(newcomer), false);
        }
      }
      slabs.allocationsLeft = Infinity;
      assert(set.has(newcomer));
      set.remove(newcomer);
      assertEquals(set.size, 100);
    }
    set.delete();
    assertEquals(slabs.usedBytes, 0);
  }
});

Deno.test("A copy of a set is a set of its own", () => {
  for (const kind of ENCODINGS) {
    const set = filled(kind, 300);
    const copy = set.copy("copy");
    assertEquals(set.digest(copy), set.digest());
    set.remove(set.members()[0]);
    assertEquals(set.members(copy).length, 300);
    set.slabs.allocationsLeft = 0;
    assertThrows(() => set.copy("none"));
    set.slabs.allocationsLeft = Infinity;
    assertEquals(set.members(copy).length, 300);
  }
});

Deno.test("A set that is deleted gives all its memory back, a big one later", () => {
  for (const kind of ENCODINGS) {
    for (const count of [100, 10_000]) {
      const set = filled(kind, count);
      const { lazyFree, objects } = set.keyspace;
      set.delete();
      assertEquals(objects.size, 0);
      const isLater = kind[0] === Encoding.HASHTABLE && count === 10_000;
      assertEquals(lazyFree.pending, isLater ? 1 : 0);
      lazyFree.finish();
      assertEquals(lazyFree.freed, isLater ? 1 : 0);
      assertEquals(set.slabs.usedBytes, 0);
    }
  }
});

Deno.test("A set's bytes are measured or estimated", () => {
  for (const kind of ENCODINGS) {
    const set = filled(kind, 1000);
    const all = setType.outsideBytes(set.keyspace, set.entry, 0);
    const some = setType.outsideBytes(set.keyspace, set.entry, 5);
    assert(all > 1000 && Math.abs(all - some) < all / 4, `${all} and ${some}`);
  }
});

Deno.test("Each member is as likely as any other to be the random one", () => {
  const draws = 20_000;
  for (const kind of ENCODINGS) {
    const set = filled(kind, 50);
    const counts = new Map<string, number>();
    const chosen = new Element();
    for (let i = 0; i < draws; i++) {
      showRandomMember(set.keyspace, set.entry, chosen);
      const member = shown(chosen);
      counts.set(member, (counts.get(member) ?? 0) + 1);
    }
    assertEquals(counts.size, 50);
    for (const [member, count] of counts) {
      assert(Math.abs(count - draws / 50) < 6 * Math.sqrt(draws / 50), `${member}: ${count}`);
    }
  }
});

Deno.test("A sample has as many different members as were asked for, any of them", () => {
  for (const kind of ENCODINGS) {
    const set = filled(kind, 60);
    for (const count of [1, 5, 20, 30, 59]) {
      const seen = new Set<string>();
      for (let i = 0; i < 1000; i++) {
        const sample = set.sample(count);
        assertEquals(sample.length, count);
        assertEquals(new Set(sample).size, count);
        for (const member of sample) seen.add(member);
      }
      assertEquals(seen.size, 60);
    }
  }
});

Deno.test("A draft takes the place of what its key holds", () => {
  const set = new TextSet();
  const { keyspace, slabs } = set;
  const db = keyspace.database(0);
  const k = latin1Bytes("set");
  set.add("old");
  const draft = () =>
    db.draft(k, 0, k.length, TypeId.SET, EMPTY_SET_ENCODING, createEmptySet(slabs), 0);
  const entry = draft();
  assert(setAdd(keyspace, entry, k, 0, k.length));
  assertEquals(set.members(db.peek(k, 0, k.length)), ["old"]);
  db.put(entry);
  assertEquals(set.members(db.peek(k, 0, k.length)), ["set"]);
  assertEquals(db.size, 1);
  const before = slabs.usedBytes;
  db.discard(draft());
  assertEquals(slabs.usedBytes, before);
});
