/** A dict beside a Map that does the same; keys are numbers, written as decimal text. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { HashSeed } from "../../../src/memory/hash.ts";
import { pageOf } from "../../../src/memory/handle.ts";
import { Slabs } from "../../../src/memory/slab.ts";
import { Dict } from "../../../src/structures/dict.ts";
import * as Entry from "../../../src/structures/entry.ts";
import type { Random } from "../../support/random.ts";

export const SEED: HashSeed = { k0: 0x1234567, k1: -0x765432 };

const key = new Uint8Array(16);

/** Writes the key of a number to `key`; returns its length. */
function writeKey(number: number): number {
  let length = 0;
  for (let rest = number; length === 0 || rest > 0; rest = Math.floor(rest / 10)) {
    key[length++] = 48 + (rest % 10);
  }
  return length;
}

export class DictModel {
  readonly map = new Map<number, number>();
  readonly dict: Dict;

  constructor(readonly slabs: Slabs = new Slabs(), seed: HashSeed = SEED) {
    this.dict = new Dict(slabs, seed);
  }

  hashOf(number: number): number {
    return this.dict.hash(key, 0, writeKey(number));
  }

  /** The number that is the key of an entry. */
  numberOf(entry: number): number {
    const bytes = this.slabs.bytes[pageOf(entry)];
    const start = Entry.keyOffset(this.slabs, entry);
    let number = 0;
    for (let i = start + Entry.keyLength(this.slabs, entry) - 1; i >= start; i--) {
      number = number * 10 + bytes[i] - 48;
    }
    return number;
  }

  find(number: number): number {
    const length = writeKey(number);
    return this.dict.find(key, 0, length, this.dict.hash(key, 0, length));
  }

  newEntry(number: number): number {
    return Entry.createInline(this.slabs, key, 0, writeKey(number), 8, 0, 8, false, 0);
  }

  insert(number: number): void {
    const entry = this.newEntry(number);
    this.dict.insert(this.hashOf(number), entry);
    this.map.set(number, entry);
  }

  remove(number: number): void {
    const entry = this.map.get(number)!;
    this.dict.remove(this.hashOf(number), entry);
    this.slabs.free(entry);
    this.map.delete(number);
  }

  /** Gives a key a new entry, as a changed value does. */
  replace(number: number): void {
    const old = this.map.get(number)!;
    const entry = this.newEntry(number);
    this.dict.replace(this.hashOf(number), old, entry);
    this.slabs.free(old);
    this.map.set(number, entry);
  }

  /** Inserts, replaces or removes one of the numbers below `bound`, comparing what is found. */
  step(random: Random, bound: number, insertPercent: number): void {
    const number = random.below(bound);
    const entry = this.find(number);
    assertEquals(entry, this.map.get(number) ?? 0);
    if (random.below(100) < insertPercent) {
      if (entry === 0) this.insert(number);
      else this.replace(number);
    } else if (entry !== 0) {
      this.remove(number);
    }
  }

  removeAll(): void {
    for (const number of [...this.map.keys()]) this.remove(number);
  }

  /** Compares everything that can be compared. */
  check(): void {
    const { dict, map, slabs } = this;
    assertEquals(dict.size, map.size);
    for (const [number, entry] of map) assertEquals(this.find(number), entry);
    let visited = 0;
    dict.forEach((entry) => {
      visited++;
      assertEquals(map.get(this.numberOf(entry)), entry);
    });
    assertEquals(visited, map.size);

    const stats = dict.stats();
    const sum = stats.chainLengths.reduce((total, chains, length) => total + chains * length, 0);
    assertEquals(sum, map.size);
    assertEquals(stats.entries, map.size);
    assertEquals(stats.chainLengths.reduce((total, chains) => total + chains, 0), stats.buckets);
    slabs.check();
    let entryBytes = 0;
    for (const entry of map.values()) entryBytes += slabs.sizeOf(entry);
    assertEquals(slabs.usedBytes, entryBytes + dict.memoryBytes);
  }

  expectEmpty(): void {
    assertEquals(this.dict.size, 0);
    assertEquals(this.dict.memoryBytes, 0);
    assertEquals(this.slabs.blockCount, 0);
    assertNotEquals(this.find(1), 1);
    assert(!this.dict.isRehashing);
  }
}
