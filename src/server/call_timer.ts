/**
 * Measures how long commands take without asking the clock for each.
 *
 * Reading a precise clock costs about 90 ns, a GET about 200. So commands that are quick by nature
 * (O(1), or flagged fast) are timed as a run: the clock is read when the run begins and ends, each
 * call gets an equal share. So are those whose time is in their replies, but a long reply ends the
 * run. All others are timed one by one, and so is everything while the slow log or the latency
 * monitor asks for less than {@link EXACT_BELOW_US}. A run that turns out to be slow as a whole is
 * reported for its last command.
 */
import type { Command } from "../commands/spec.ts";
import type { Client } from "./client.ts";
import type { Stats } from "./stats.ts";

const EXACT_BELOW_US = 5000;

/** A run may reply with so many bytes, some 20 µs of work, before a command that costs its reply ends it. */
const RUN_REPLY_BYTES = 8192;

/** How commands are timed. */
const ALONE = 0;
const IN_RUNS = 1;
const IN_RUNS_BY_REPLY = 2;

/** What the timer needs of the settings. */
export interface TimerSettings {
  readonly slowlogLogSlowerThan: number;
  readonly latencyMonitorThreshold: number;
  readonly latencyTracking: boolean;
}

/** Told of every command, or run of commands, when its time is known. */
export type Timed = (client: Client, command: Command, usec: number) => void;

export class CallTimer {
  readonly #stats: Stats;
  readonly #settings: TimerSettings;
  readonly #nowMs: () => number;
  readonly #onTimed: Timed;
  /** By the commands' indexes, as the constants above. */
  readonly #ways: Uint8Array;
  readonly #counts: Int32Array;
  /** Indexes of the commands in the current run, each once. */
  readonly #members: Int32Array;
  #memberCount = 0;
  #runLength = 0;
  #client: Client | null = null;
  #last: Command | null = null;
  #startMs = 0;
  /** The bytes of replies that waited when the run began. */
  #repliesBefore = 0;
  #exact = false;

  /**
   * @param commands All commands, by index.
   * @param nowMs A monotonic clock in ms with fractions.
   * @param onTimed Called with what has been measured; compares it with the thresholds.
   */
  constructor(
    commands: readonly Command[],
    stats: Stats,
    settings: TimerSettings,
    nowMs: () => number,
    onTimed: Timed,
  ) {
    this.#stats = stats;
    this.#settings = settings;
    this.#nowMs = nowMs;
    this.#onTimed = onTimed;
    this.#counts = new Int32Array(commands.length);
    this.#members = new Int32Array(commands.length);
    this.#ways = Uint8Array.from(commands, wayOf);
  }

  /** A batch of requests from one client begins. */
  begin(client: Client): void {
    this.#client = client;
    const { slowlogLogSlowerThan, latencyMonitorThreshold } = this.#settings;
    this.#exact = (slowlogLogSlowerThan >= 0 && slowlogLogSlowerThan < EXACT_BELOW_US) ||
      (latencyMonitorThreshold > 0 && latencyMonitorThreshold * 1000 < EXACT_BELOW_US);
    this.#startMs = this.#nowMs();
    this.#repliesBefore = client.reply.pendingBytes;
  }

  /** A command is about to run. */
  before(command: Command): void {
    if (this.#ways[command.index] === ALONE && this.#runLength > 0) this.end();
  }

  /** The command has run. */
  after(command: Command): void {
    this.#last = command;
    const index = command.index;
    if (this.#counts[index]++ === 0) this.#members[this.#memberCount++] = index;
    this.#runLength++;
    const way = this.#ways[index];
    if (this.#exact || way === ALONE || (way === IN_RUNS_BY_REPLY && this.#hasLongReplies())) {
      this.end();
    }
  }

  #hasLongReplies(): boolean {
    return this.#client!.reply.pendingBytes - this.#repliesBefore > RUN_REPLY_BYTES;
  }

  /** The command that has begun is not over: it waits, and is counted when it is answered. */
  skip(): void {
    this.end();
    this.#startMs = this.#nowMs();
  }

  /**
   * The command that has begun last is about to run others, whose times are taken apart and are
   * contained in its own.
   *
   * @returns What {@link endNested} needs to know.
   */
  beginNested(): number {
    return this.#startMs;
  }

  /** All commands that another runs have run. */
  endNested(startMs: number): void {
    this.end();
    this.#startMs = startMs;
  }

  /** The batch ends: whatever has run since the clock was read last is accounted for. */
  end(): void {
    if (this.#runLength === 0) return;
    const nowMs = this.#nowMs();
    const usec = Math.max(0, (nowMs - this.#startMs) * 1000);
    const share = usec / this.#runLength;
    const withHistogram = this.#settings.latencyTracking;
    for (let i = 0; i < this.#memberCount; i++) {
      const index = this.#members[i];
      this.#stats.record(index, this.#counts[index], share, withHistogram);
      this.#counts[index] = 0;
    }
    this.#memberCount = 0;
    this.#runLength = 0;
    this.#startMs = nowMs;
    this.#repliesBefore = this.#client!.reply.pendingBytes;
    this.#onTimed(this.#client!, this.#last!, usec);
  }
}

function wayOf({ flags, complexity, costsItsReply }: Command): number {
  if (flags?.includes("fast") || complexity === "O(1)") return IN_RUNS;
  return costsItsReply ? IN_RUNS_BY_REPLY : ALONE;
}
