/** Writing a dump anew, in another version. */
import type { Database } from "../../keyspace/database.ts";
import { latin1Text } from "../../memory/bytes.ts";
import { TypeId } from "../../structures/entry.ts";
import type { RdbReader } from "./reader.ts";
import { oldestVersionFor } from "./values/mod.ts";
import { untoldOfStream } from "./values/stream.ts";
import type { DumpVisitor } from "./walk.ts";
import type { RdbWriter } from "./writer.ts";

/** The oldest version that knows function libraries. */
const LIBRARIES_SINCE = 10;

/**
 * Writes what it is shown, up to the end, which is the caller's to write. What the version cannot hold
 * is not written and told in `losses`: then the new dump is not to be used.
 */
export class DumpConversion implements DumpVisitor {
  /** One sentence for each thing that cannot be written. */
  readonly losses: string[] = [];
  /** One sentence for each thing that is written without something that does not matter to its value. */
  readonly omissions: string[] = [];
  keys = 0;
  readonly #reader: RdbReader;
  readonly #writer: RdbWriter;

  constructor(reader: RdbReader, writer: RdbWriter) {
    this.#reader = reader;
    this.#writer = writer;
  }

  property(name: string, value: string): void {
    this.#writer.property(name, value);
  }

  database(index: number): void {
    this.#writer.database(index);
  }

  library(code: string): void {
    if (this.#writer.version >= LIBRARIES_SINCE) this.#writer.library(code);
    else this.#lose("a function library", LIBRARIES_SINCE);
  }

  key(db: Database, entry: number): void {
    const oldest = oldestVersionFor(db, entry);
    if (oldest > this.#writer.version) {
      return this.#lose(`fields that expire, in the hash ${quotedKey(db, entry)}`, oldest);
    }
    if (db.type(entry) === TypeId.STREAM) this.#noteStream(db, entry);
    const { idleSeconds, frequency } = this.#reader;
    this.#writer.keyUsed(db, entry, idleSeconds, frequency);
    this.keys++;
  }

  emptyKey(): void {
    // Nobody loads such a key, so nothing is lost with it.
  }

  module(name: string, isValue: boolean): void {
    const what = isValue ? "a key's value" : "data beside the keys";
    this.losses.push(`${what} of the module ${name}: only with the module could it be written`);
  }

  #noteStream(db: Database, entry: number): void {
    const untold = untoldOfStream(db, entry, this.#writer.version);
    if (untold !== "") this.omissions.push(`${untold}, in the stream ${quotedKey(db, entry)}`);
  }

  #lose(what: string, since: number): void {
    this.losses.push(`${what}: only from version ${since} on`);
  }
}

function quotedKey(db: Database, entry: number): string {
  const { buf, start, end } = db.key(entry);
  return JSON.stringify(latin1Text(buf, start, end));
}
