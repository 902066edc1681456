/**
 * What is in an append-only file: its commands by name, its transactions, when they were written, and
 * where it is whole no more.
 *
 * A file is whole up to the end of the last command that stands outside of transactions, or that ends
 * one; that is where it can be cut without leaving half of anything.
 */
import { latin1, latin1Text } from "../../memory/bytes.ts";
import { type AofReader, AofRecord } from "./reader.ts";

/** The commands of a name. */
export interface CommandCount {
  calls: number;
  /** How much of the file they take. */
  bytes: number;
}

const MULTI = latin1("MULTI");
const EXEC = latin1("EXEC");

/** The longest name of a command that is told. */
const SHOWN_NAME_BYTES = 64;

export class AofSurvey {
  /** By name in upper case, in the order in which they have come first. */
  readonly commands = new Map<string, CommandCount>();
  calls = 0;
  transactions = 0;
  /** When the first and the last command were written, in seconds since 1970; 0 when that is not said. */
  firstWrittenAt = 0;
  lastWrittenAt = 0;
  /** Up to where the file is whole, in bytes. */
  wholeBytes: number;
  /** What is wrong behind that, and where; null when nothing is. */
  damage: { readonly problem: string; readonly offset: number } | null = null;
  /** Where the first command is that was written after the moment that was asked for; -1: none is. */
  laterOffset = -1;
  readonly #reader: AofReader;
  readonly #untilSeconds: number;
  #inTransaction = false;

  /**
   * @param reader Stands at the first command.
   * @param untilSeconds The moment after which {@link laterOffset} is; Infinity for none.
   */
  constructor(reader: AofReader, untilSeconds = Infinity) {
    this.#reader = reader;
    this.#untilSeconds = untilSeconds;
    this.wholeBytes = reader.offset;
  }

  /** Takes in the next command; false at the end, or where there is damage. */
  step(): boolean {
    const reader = this.#reader;
    const before = reader.offset;
    const record = reader.next();
    if (reader.writtenAt > 0) this.#noteTime(before, reader.writtenAt);
    switch (record) {
      case AofRecord.COMMAND:
        return this.#command(before);
      case AofRecord.END:
        if (this.#inTransaction) this.#damaged("the end comes before EXEC", reader.offset);
        else this.wholeBytes = reader.offset;
        return false;
      case AofRecord.TORN:
        this.#damaged("the end comes in the middle of a command", reader.offset);
        return false;
      default:
        this.#damaged(reader.problem, reader.offset);
        return false;
    }
  }

  #command(before: number): boolean {
    const { args, offset } = this.#reader;
    this.#count(offset - before);
    if (args.is(0, MULTI)) {
      if (this.#inTransaction) return this.#damaged("MULTI stands within MULTI", before);
      this.#inTransaction = true;
    } else if (args.is(0, EXEC)) {
      if (!this.#inTransaction) return this.#damaged("EXEC stands without MULTI", before);
      this.#inTransaction = false;
      this.transactions++;
    }
    if (!this.#inTransaction) this.wholeBytes = offset;
    return true;
  }

  #count(bytes: number): void {
    const { bufs, starts, ends } = this.#reader.args;
    const end = Math.min(ends[0], starts[0] + SHOWN_NAME_BYTES);
    const name = latin1Text(bufs[0], starts[0], end).toUpperCase();
    const count = this.commands.get(name) ?? { calls: 0, bytes: 0 };
    this.commands.set(name, count);
    count.calls++;
    count.bytes += bytes;
    this.calls++;
  }

  #noteTime(offset: number, seconds: number): void {
    if (this.firstWrittenAt === 0) this.firstWrittenAt = seconds;
    this.lastWrittenAt = seconds;
    if (seconds > this.#untilSeconds && this.laterOffset < 0) this.laterOffset = offset;
  }

  #damaged(problem: string, offset: number): false {
    this.damage = { problem, offset };
    return false;
  }
}
