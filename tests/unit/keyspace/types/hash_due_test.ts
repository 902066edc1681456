import { assert, assertEquals } from "@std/assert";
import { createSettings } from "../../../../src/config/mod.ts";
import { Digest } from "../../../../src/keyspace/digest.ts";
import { Keyspace } from "../../../../src/keyspace/keyspace.ts";
import {
  createHash,
  forEachField,
  hashLength,
  hashType,
  removeHashField,
  setHashField,
} from "../../../../src/keyspace/types/hash.ts";
import {
  earliestDue,
  fieldDue,
  forEachLiveField,
  liveLength,
  makeExpirable,
  NEVER,
  removeFirstDue,
  setFieldDue,
} from "../../../../src/keyspace/types/hash_due.ts";
import { Encoding } from "../../../../src/keyspace/types/type.ts";
import { OUT_OF_MEMORY } from "../../../../src/memory/slab.ts";
import * as Entry from "../../../../src/structures/entry.ts";
import type { ElementView } from "../../../../src/structures/listpack.ts";
import { latin1Bytes, latin1Text } from "../../../support/latin1.ts";
import { freshSeed, Random } from "../../../support/random.ts";
import { FailingSlabs } from "../../structures/failing_slabs.ts";

interface Field {
  value: string;
  dueMs: number;
}

/** A hash outside of any database, and a Map that must agree. */
class DueModel {
  readonly slabs = new FailingSlabs();
  readonly keyspace = new Keyspace(createSettings(), { k0: 3, k1: 7 }, () => 1, this.slabs);
  readonly limits: { hashMaxListpackEntries: number; hashMaxListpackValue: number };
  readonly fields = new Map<string, Field>();
  entry: number;

  constructor(entries: number) {
    this.limits = { hashMaxListpackEntries: entries, hashMaxListpackValue: 64 };
    const key = latin1Bytes("key");
    const { HASH } = Entry.TypeId;
    const lp = createHash(this.slabs);
    const { LISTPACK } = Encoding;
    this.entry = Entry.createOutOfLine(this.slabs, key, 0, 3, lp, 0, HASH, LISTPACK, false, 0);
  }

  get encoding(): number {
    return Entry.encoding(this.slabs, this.entry);
  }

  set(name: string, value: string, keepDue: boolean): void {
    const { keyspace, entry, limits } = this;
    const f = latin1Bytes(name);
    const v = latin1Bytes(value);
    const old = this.fields.get(name);
    const isNew = setHashField(keyspace, entry, limits, f, 0, f.length, v, 0, v.length, keepDue);
    assertEquals(isNew, old === undefined);
    this.fields.set(name, { value, dueMs: keepDue ? old?.dueMs ?? NEVER : NEVER });
  }

  setDue(name: string, dueMs: number): void {
    const f = latin1Bytes(name);
    makeExpirable(this.keyspace, this.entry);
    setFieldDue(this.keyspace, this.entry, f, 0, f.length, dueMs);
    this.fields.get(name)!.dueMs = dueMs;
  }

  remove(name: string): void {
    const f = latin1Bytes(name);
    assertEquals(
      removeHashField(this.keyspace, this.entry, f, 0, f.length),
      this.fields.delete(name),
    );
  }

  /** Removes what is due at `nowMs`, in the order of due times. */
  expire(nowMs: number): void {
    const removed: string[] = [];
    const note = (buf: Uint8Array, start: number, end: number) => {
      removed.push(latin1Text(buf.subarray(start, end)));
    };
    while (removeFirstDue(this.keyspace, this.entry, nowMs, note));
    const dues = removed.map((name) => this.fields.get(name)!.dueMs);
    assertEquals(dues, dues.toSorted((a, b) => a - b));
    for (const name of removed) this.fields.delete(name);
    for (const { dueMs } of this.fields.values()) assert(dueMs > nowMs);
  }

  /** All fields as the hash shows them. */
  shown(): Map<string, Field> {
    const shown = new Map<string, Field>();
    forEachField(this.keyspace, this.entry, collect, shown);
    return shown;
  }

  check(nowMs: number): void {
    const { entry, fields, keyspace } = this;
    assertEquals(this.shown(), fields);
    assertEquals(hashLength(keyspace, entry), fields.size);
    const dues = [...fields.values()].map(({ dueMs }) => dueMs);
    assertEquals(earliestDue(keyspace, entry), Math.min(NEVER, ...dues));
    const live = [...fields].filter(([_, { dueMs }]) => dueMs > nowMs);
    assertEquals(liveLength(keyspace, entry, nowMs), live.length);
    const shown = new Map<string, Field>();
    forEachLiveField(keyspace, entry, nowMs, collect, shown);
    assertEquals(shown, new Map(live));
    for (const [name, { dueMs }] of fields) {
      const f = latin1Bytes(name);
      assertEquals(fieldDue(keyspace, entry, f, 0, f.length), dueMs);
    }
    assertEquals(fieldDue(keyspace, entry, latin1Bytes("-"), 0, 1), NaN);
    this.slabs.check();
  }

  digest(): string {
    const digest = new Digest();
    hashType.digest(this.keyspace, this.entry, digest);
    return digest.toString();
  }

  release(entry = this.entry): void {
    hashType.release(this.keyspace, entry);
    this.slabs.free(entry);
    this.keyspace.lazyFree.finish();
  }

  assertNothingLeft(): void {
    assertEquals([this.slabs.usedBytes, this.keyspace.objects.size], [0, 0]);
  }
}

function collect(
  field: ElementView,
  value: ElementView,
  target: Map<string, Field>,
  dueMs: number,
): void {
  const text = ({ buf, start, end }: ElementView) => latin1Text(buf.subarray(start, end));
  target.set(text(field), { value: text(value), dueMs });
}

/** One random change. */
function change(model: DueModel, random: Random): void {
  const name = `f${random.below(40)}`;
  const value = random.oneIn(3) ? `${random.below(100)}` : "v".repeat(random.below(60));
  if (random.oneIn(2)) return model.set(name, value, random.oneIn(2));
  if (!model.fields.has(name)) return;
  if (random.oneIn(4)) return model.remove(name);
  model.setDue(name, random.oneIn(5) ? NEVER : 1 + random.below(random.oneIn(3) ? 2 ** 45 : 1000));
}

for (
  const [form, entries] of [
    ["a listpack", 1000],
    ["a listpack that becomes a dict", 12],
    ["a dict", 0],
  ] as const
) {
  Deno.test(`Fields with due times in ${form} are what a Map says, also when memory runs out`, () => {
    const seed = freshSeed();
    const random = new Random(seed);
    const model = new DueModel(entries);
    try {
      for (let step = 0; step < 3000; step++) {
        model.slabs.allocationsLeft = random.oneIn(3) ? random.below(3) : Infinity;
        try {
          change(model, random);
        } catch (failure) {
          assertEquals(failure, OUT_OF_MEMORY);
        } finally {
          model.slabs.allocationsLeft = Infinity;
        }
        if (step % 50 === 0) model.expire(random.below(300));
        if (step % 20 === 0) model.check(random.below(1000));
      }
      model.release();
      model.assertNothingLeft();
    } catch (failure) {
      console.log(`seed ${seed}`);
      throw failure;
    }
  });
}

Deno.test("A copy has the due times, and its digest tells that fields expire", () => {
  for (const entries of [0, 1000]) {
    const model = new DueModel(entries);
    for (let i = 0; i < 200; i++) model.set(`f${i}`, "v", false);
    const without = model.digest();
    for (let i = 0; i < 100; i++) model.setDue(`f${i}`, 1000 - i);
    const digest = model.digest();
    assert(digest !== without);
    const copy = Entry.withKey(model.slabs, model.entry, latin1Bytes("copy"), 0, 4);
    hashType.duplicate(model.keyspace, model.entry, copy);
    model.expire(2000);
    model.release();
    model.entry = copy;
    assertEquals([model.shown().size, model.digest()], [200, digest]);
    assertEquals(earliestDue(model.keyspace, copy), 901);
    model.release();
    model.assertNothingLeft();
  }
});

Deno.test("A hash takes another encoding with its first due time, and pays nothing before", () => {
  const { HASHTABLE, HASHTABLE_EX, LISTPACK, LISTPACK_EX } = Encoding;
  for (
    const [entries, before, after] of [
      [1000, LISTPACK, LISTPACK_EX],
      [0, HASHTABLE, HASHTABLE_EX],
    ]
  ) {
    const model = new DueModel(entries);
    for (let i = 0; i < 50; i++) model.set(`f${i}`, "v", false);
    assertEquals([model.encoding, earliestDue(model.keyspace, model.entry)], [before, NEVER]);
    assertEquals(liveLength(model.keyspace, model.entry, Infinity), 50);
    model.setDue("f7", 5);
    model.setDue("f7", NEVER);
    assertEquals(model.encoding, after);
    model.check(0);
    model.release();
    model.assertNothingLeft();
  }
});
