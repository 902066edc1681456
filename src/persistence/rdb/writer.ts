/**
 * Writing a dump piece by piece: {@link RdbWriter.begin}, then each database and its keys, then
 * {@link RdbWriter.end}. Who walks over the keys, and how fast, is the caller's matter.
 */
import { type Database, NO_EXPIRY } from "../../keyspace/database.ts";
import { latin1 } from "../../memory/bytes.ts";
import { Opcode } from "./opcodes.ts";
import { NOT_GIVEN } from "./reader.ts";
import type { RdbOutput } from "./output.ts";
import { rdbTypeOf, writeValue } from "./values/mod.ts";

/** What is known of how a key was used, by `maxmemory-policy`. */
export type UsageNote = "none" | "idle" | "frequency";

/** The usage that a policy needs to know again. */
export function usageNoteOf(maxmemoryPolicy: string): UsageNote {
  if (maxmemoryPolicy.endsWith("-lru")) return "idle";
  return maxmemoryPolicy.endsWith("-lfu") ? "frequency" : "none";
}

export class RdbWriter {
  readonly output: RdbOutput;
  /** The version that is written. */
  readonly version: number;
  readonly #usage: UsageNote;

  /** @param version 9 to 12. */
  constructor(output: RdbOutput, version: number, usage: UsageNote) {
    this.output = output;
    this.version = version;
    this.#usage = usage;
  }

  /** Writes the head and the properties of the dump. */
  begin(aux: Iterable<readonly [name: string, value: string]>): void {
    const head = latin1(`REDIS${String(this.version).padStart(4, "0")}`);
    this.output.bytes(head, 0, head.length);
    for (const [name, value] of aux) this.property(name, value);
  }

  /** Writes a property of the dump: bytes as characters. */
  property(name: string, value: string): void {
    const { output } = this;
    output.byte(Opcode.AUX);
    output.text(name);
    output.text(value);
  }

  /** Writes the code of a function library, one byte for each character. */
  library(code: string): void {
    this.output.byte(Opcode.FUNCTION_2);
    this.output.text(code);
  }

  /** The keys that follow are in this database. */
  database(index: number): void {
    this.output.byte(Opcode.SELECTDB);
    this.output.length(index);
  }

  /** How many keys the database has, and how many of them expire: for a table of the right size. */
  sizes(keys: number, volatileKeys: number): void {
    const { output } = this;
    output.byte(Opcode.RESIZEDB);
    output.length(keys);
    output.length(volatileKeys);
  }

  /** Writes a key with all that belongs to it. */
  key(db: Database, entry: number): void {
    this.keyHead(db, entry);
    writeValue(this.output, db, entry, this.version);
  }

  /** The same, with how it has been used: in seconds since the last use, or as a counter; or NOT_GIVEN. */
  keyUsed(db: Database, entry: number, idleSeconds: number, frequency: number): void {
    this.#head(db, entry, idleSeconds, frequency);
    writeValue(this.output, db, entry, this.version);
  }

  /** Writes all of a key that comes before its value. */
  keyHead(db: Database, entry: number): void {
    const { clocks } = db.keyspace;
    const clock = db.clock(entry);
    this.#head(
      db,
      entry,
      this.#usage === "idle" ? clocks.idleSeconds(clock) : NOT_GIVEN,
      this.#usage === "frequency" ? clocks.frequency(clock) : NOT_GIVEN,
    );
  }

  #head(db: Database, entry: number, idleSeconds: number, frequency: number): void {
    const { output, version } = this;
    const due = db.dueMs(entry);
    if (due !== NO_EXPIRY) {
      output.byte(Opcode.EXPIRETIME_MS);
      output.int64(due);
    }
    if (idleSeconds !== NOT_GIVEN) {
      output.byte(Opcode.IDLE);
      output.length(idleSeconds);
    }
    if (frequency !== NOT_GIVEN) {
      output.byte(Opcode.FREQ);
      output.byte(frequency);
    }
    output.byte(rdbTypeOf(db, entry, version));
    const { buf, start, end } = db.key(entry);
    output.string(buf, start, end);
  }

  /** Writes the end and the checksum, and hands everything on. */
  end(): void {
    const { output } = this;
    output.byte(Opcode.EOF);
    output.checksum();
    output.flush();
  }
}
