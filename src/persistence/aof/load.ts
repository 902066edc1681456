/**
 * Loading one append-only file, in slices: a dump, commands, or a dump that commands follow.
 *
 * A transaction counts only as a whole: when the file ends in the middle of one, or of a command, its
 * last whole part ends before.
 */
import type { Keyspace } from "../../keyspace/keyspace.ts";
import type { OpenFile } from "../../platform/mod.ts";
import type { Args } from "../../resp/args.ts";
import { FileSource } from "../rdb/file_source.ts";
import { RdbInput } from "../rdb/input.ts";
import { type LoadOptions, RdbLoader } from "../rdb/loader.ts";
import { RdbReader } from "../rdb/reader.ts";
import { CommandSource } from "./command_source.ts";
import { AofError } from "./errors.ts";
import { AofReader, AofRecord } from "./reader.ts";

/** Who repeats the commands. */
export interface Repeater {
  /** Runs a command, or keeps it until EXEC. Throws AofError when there is no such command. */
  repeat(args: Args): void;
  /** Whether MULTI has been repeated and EXEC has not. */
  readonly isInTransaction: boolean;
  /** Forgets a transaction that will have no end. */
  discard(): void;
}

/** What else a load needs. */
export interface AofLoadOptions {
  readonly dump: Omit<LoadOptions, "keepsExpired" | "replaces">;
  readonly rdbchecksum: boolean;
}

/** How a file begins that begins with a dump. */
const DUMP_MAGICS = ["REDIS", "VALKEY"];
const MAGIC_BYTES = 6;

/** What {@link AofFileLoader.step} returns. */
export const AofStep = {
  /** There may be more. */
  GOES_ON: 0,
  /** All is loaded. */
  DONE: 1,
  /** All that is whole is loaded; behind `wholeBytes` the file is torn. */
  TORN: 2,
} as const;

export class AofFileLoader {
  /** The dump that is loaded, or has been; null when there is none. */
  dump: RdbLoader | null = null;
  /** Up to where the file is whole: the end of the last command outside of transactions. */
  wholeBytes = 0;
  /** Whether the end lies in the middle of a transaction. */
  endsInTransaction = false;
  readonly #path: string;
  readonly #file: OpenFile;
  readonly #repeater: Repeater;
  #reader: AofReader | null = null;
  /** How many zeros stand where the file's last commands should. */
  #zeros = 0;

  /** @param file Stands at its beginning; stays the caller's. */
  constructor(
    path: string,
    file: OpenFile,
    keyspace: Keyspace,
    repeater: Repeater,
    { dump, rdbchecksum }: AofLoadOptions,
  ) {
    this.#path = path;
    this.#file = file;
    this.#repeater = repeater;
    if (!this.#beginsWithDump()) {
      this.#reader = this.#commandsFrom(0);
      return;
    }
    const input = new RdbInput(new FileSource(file), rdbchecksum);
    const reader = new RdbReader(input, rdbchecksum);
    this.dump = new RdbLoader(reader, keyspace, { ...dump, keepsExpired: true, replaces: false });
  }

  /** How many bytes have been loaded. */
  get offset(): number {
    return this.#reader?.offset ?? this.dump!.offset;
  }

  /** When the command that was loaded last was written, in seconds since 1970; 0 when that is not said. */
  get writtenAt(): number {
    return this.#reader?.writtenAt ?? 0;
  }

  /**
   * Loads so many records.
   *
   * @throws {AofError} When something is damaged.
   * @throws {RdbError} When it is in the dump.
   */
  step(records: number): number {
    if (this.#reader === null) {
      if (!this.dump!.step(records)) return AofStep.GOES_ON;
      this.wholeBytes = this.dump!.offset;
      this.#reader = this.#commandsFrom(this.dump!.offset);
      return AofStep.GOES_ON;
    }
    const reader = this.#reader;
    const repeater = this.#repeater;
    for (let left = records; left > 0; left--) {
      switch (reader.next()) {
        case AofRecord.COMMAND:
          repeater.repeat(reader.args);
          if (!repeater.isInTransaction) this.wholeBytes = reader.offset;
          break;
        case AofRecord.END:
          if (!repeater.isInTransaction) return this.#zeros > 0 ? AofStep.TORN : AofStep.DONE;
          this.endsInTransaction = true;
          repeater.discard();
          return AofStep.TORN;
        case AofRecord.TORN:
          this.endsInTransaction = repeater.isInTransaction;
          repeater.discard();
          return AofStep.TORN;
        default:
          throw new AofError(
            `Bad file format reading the append only file ${this.#path}, at offset ` +
              `${reader.offset}: ${reader.problem}. The file is left as it is: make a copy of it, ` +
              `then use 'keyrex check --fix ${this.#path}'`,
            reader.offset,
          );
      }
    }
    return AofStep.GOES_ON;
  }

  #beginsWithDump(): boolean {
    const head = new Uint8Array(MAGIC_BYTES);
    let length = 0;
    while (length < MAGIC_BYTES) {
      const came = this.#file.readSync(head.subarray(length));
      if (came === 0) break;
      length += came;
    }
    this.#file.seekSync(0);
    const text = String.fromCharCode(...head.subarray(0, length));
    return DUMP_MAGICS.some((magic) => text.startsWith(magic));
  }

  #commandsFrom(offset: number): AofReader {
    const source = new CommandSource(this.#file, offset);
    this.#zeros = source.zeros;
    return new AofReader(source, offset, source.end);
  }
}
