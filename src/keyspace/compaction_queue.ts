/**
 * Structures on their way through compaction. A big one is walked a slice at a time, and commands run
 * in between, so what the walk comes to must bear any change: a dict's cursor does, and a structure
 * that is released meanwhile is no longer the object of its number.
 */
import type { Dict } from "../structures/dict.ts";
import type { ObjectTable } from "./objects.ts";

/** Buckets that a slice walks: some hundreds of entries, well below a millisecond. */
const BUCKETS_PER_SLICE = 32;

/** Counts blocks that have moved. */
export interface MoveTally {
  moved: number;
}

/**
 * Goes on with the walk through a structure.
 *
 * @param cursor 0, or what the call before has returned.
 * @returns The next cursor; 0 at the end.
 */
export type CompactionSlice = (cursor: number, tally: MoveTally) => number;

interface Waiting {
  readonly id: number;
  readonly object: object;
  readonly slice: CompactionSlice;
}

export class CompactionQueue {
  readonly #objects: ObjectTable;
  readonly #waiting: Waiting[] = [];
  /** How far the walk through the last of them has come. */
  #cursor = 0;

  constructor(objects: ObjectTable) {
    this.#objects = objects;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Has the structure walked that has this number in the object table, before anything else is. */
  add(id: number, slice: CompactionSlice): void {
    this.#waiting.push({ id, object: this.#objects.get(id), slice });
  }

  /** Walks one slice; there must be something waiting, and nothing may be added meanwhile. */
  step(tally: MoveTally): void {
    const { id, object, slice } = this.#waiting[this.#waiting.length - 1];
    this.#cursor = this.#objects.get(id) === object ? slice(this.#cursor, tally) : 0;
    if (this.#cursor === 0) this.#waiting.pop();
  }
}

/** A slice through a dict; `visit` returns an entry's handle, a new one when it has moved it. */
export function compactBuckets(
  dict: Dict,
  cursor: number,
  visit: (entry: number) => number,
): number {
  let at = cursor;
  for (let i = 0; i < BUCKETS_PER_SLICE; i++) {
    at = dict.scanSlots(at, visit);
    if (at === 0) break;
  }
  return at;
}
