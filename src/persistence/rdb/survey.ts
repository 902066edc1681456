/** What is in a dump. */
import { type Database, NO_EXPIRY } from "../../keyspace/database.ts";
import { VALUE_TYPES } from "../../keyspace/types/mod.ts";
import type { RdbReader } from "./reader.ts";
import type { DumpVisitor } from "./walk.ts";

/** The keys of a type. */
export interface TypeCount {
  keys: number;
  /** How much of the dump they take. */
  bytes: number;
}

export class DumpSurvey implements DumpVisitor {
  readonly properties = new Map<string, string>();
  readonly databases = new Set<number>();
  readonly types = new Map<string, TypeCount>();
  readonly modules = new Map<string, TypeCount>();
  keys = 0;
  /** Keys that expire, and those of them that are due already. */
  volatileKeys = 0;
  expiredKeys = 0;
  emptyKeys = 0;
  libraries = 0;
  readonly #reader: RdbReader;
  readonly #nowMs: number;
  /** Where the last key has ended. */
  #offset = 0;

  constructor(reader: RdbReader, nowMs: number) {
    this.#reader = reader;
    this.#nowMs = nowMs;
  }

  property(name: string, value: string): void {
    this.properties.set(name, value);
    this.#advance();
  }

  database(index: number): void {
    this.databases.add(index);
    this.#advance();
  }

  library(_code: string): void {
    this.libraries++;
    this.#advance();
  }

  key(db: Database, entry: number): void {
    this.databases.add(this.#reader.db);
    this.keys++;
    const due = db.dueMs(entry);
    if (due !== NO_EXPIRY) this.volatileKeys++;
    if (due !== NO_EXPIRY && due < this.#nowMs) this.expiredKeys++;
    this.#count(this.types, VALUE_TYPES[db.type(entry)]!.name);
  }

  emptyKey(): void {
    this.emptyKeys++;
    this.#advance();
  }

  module(name: string, _isValue: boolean): void {
    this.#count(this.modules, name);
  }

  #count(counts: Map<string, TypeCount>, name: string): void {
    const count = counts.get(name) ?? { keys: 0, bytes: 0 };
    counts.set(name, count);
    count.keys++;
    count.bytes += this.#advance();
  }

  /** Bytes since the last time. */
  #advance(): number {
    const before = this.#offset;
    this.#offset = this.#reader.input.offset;
    return this.#offset - before;
  }
}
