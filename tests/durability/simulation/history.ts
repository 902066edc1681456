/** The states that the data was in, one after the other, and which of them may not be lost any more. */
import type { Keyspace } from "../../../src/keyspace/keyspace.ts";
import { type DataState, firstDifference, readState } from "./data_state.ts";

interface Moment {
  readonly state: DataState;
  /** When it came about. */
  readonly atMs: number;
}

export class History {
  readonly #moments: Moment[] = [];

  /** Begins with what the data is now. */
  constructor(keyspace: Keyspace, nowMs: number) {
    this.#moments.push({ state: readState(keyspace), atMs: nowMs });
  }

  /** The number of the state that came last. */
  get last(): number {
    return this.#moments.length - 1;
  }

  /** Notes what the data is now. @returns The number of that state. */
  observe(keyspace: Keyspace, nowMs: number): number {
    const state = readState(keyspace);
    if (!isSame(this.#moments[this.last].state, state)) this.#moments.push({ state, atMs: nowMs });
    return this.last;
  }

  /** The last state that came about at `atMs` or before. */
  lastBefore(atMs: number): number {
    return Math.max(0, this.#moments.findLastIndex((moment) => moment.atMs <= atMs));
  }

  /**
   * Looks for a state among those from `floor` on.
   *
   * @param count How many states there were by then.
   * @returns What is wrong with it, or null.
   */
  judge(found: DataState, floor: number, count: number, nowMs: number): string | null {
    const differs = (i: number) => firstDifference(this.#moments[i].state, found, nowMs);
    for (let i = count - 1; i >= 0; i--) {
      if (differs(i) !== null) continue;
      if (i >= floor) return null;
      return `state ${i} of ${count} was found, but state ${floor} may not be lost any more: ` +
        `there, ${differs(floor)}`;
    }
    return `a state was found that never was; compared with the last one, ${differs(count - 1)}; ` +
      `compared with the oldest one that may be found, state ${floor}, ${differs(floor)}`;
  }
}

function isSame(a: DataState, b: DataState): boolean {
  if (a.size !== b.size) return false;
  for (const [key, one] of a) {
    const other = b.get(key);
    if (other?.digest !== one.digest || other.dueMs !== one.dueMs) return false;
  }
  return true;
}
