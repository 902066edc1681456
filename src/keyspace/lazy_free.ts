/**
 * What is no longer reachable but not yet freed: tables of flushed databases, big values. It is freed
 * in slices between turns, so that dropping ten million keys stalls nobody.
 */
import type { DetachedTable } from "../structures/dict.ts";
import { freeSome } from "../structures/dict.ts";
import type { Slabs } from "../memory/slab.ts";

type FreeEntry = (entry: number) => void;

/** Frees some of a structure; true when nothing is left of it. */
type FreeSome = () => boolean;

interface Job {
  /** Objects that wait to be freed. */
  readonly pending: number;
  /** Frees some of them; true when nothing is left. */
  freeSome(): boolean;
}

/** Buckets freed between two looks at the time; some 50 µs. */
const BUCKETS_PER_STEP = 64;

export class LazyFree {
  readonly #slabs: Slabs;
  /** First come, first freed. */
  readonly #jobs: Job[] = [];
  #freed = 0;

  constructor(slabs: Slabs) {
    this.#slabs = slabs;
  }

  /** Whether nothing is left to be freed. */
  get isIdle(): boolean {
    return this.#jobs.length === 0;
  }

  /** Objects that wait to be freed (INFO's `lazyfree_pending_objects`). */
  get pending(): number {
    return this.#jobs.reduce((sum, { pending }) => sum + pending, 0);
  }

  /** Objects freed so far (INFO's `lazyfreed_objects`). */
  get freed(): number {
    return this.#freed;
  }

  /** Takes over a table that nobody reaches any more; `freeEntry` frees one of its entries. */
  table(table: DetachedTable, freeEntry: FreeEntry): void {
    const slabs = this.#slabs;
    this.#jobs.push({
      get pending() {
        return table.size;
      },
      freeSome: () => freeSome(slabs, table, BUCKETS_PER_STEP, freeEntry),
    });
  }

  /** Takes over an entry that nobody reaches any more. */
  entry(entry: number, freeEntry: FreeEntry): void {
    this.structure(() => {
      freeEntry(entry);
      return true;
    });
  }

  /** Takes over a structure that nobody reaches any more: `freeSome` is called until it says that all is free. */
  structure(freeSome: FreeSome): void {
    this.#jobs.push({ pending: 1, freeSome });
  }

  /** Frees for as long as `mayGoOn` says, but at least a little; true when nothing is left. */
  step(mayGoOn: () => boolean): boolean {
    while (!this.isIdle) {
      this.#slice(this.#jobs[0]);
      if (!mayGoOn()) break;
    }
    return this.isIdle;
  }

  /** Frees everything now. */
  finish(): void {
    while (!this.isIdle) this.#slice(this.#jobs[0]);
  }

  /** CONFIG RESETSTAT. */
  resetCount(): void {
    this.#freed = 0;
  }

  #slice(job: Job): void {
    const before = job.pending;
    const isDone = job.freeSome();
    this.#freed += isDone ? before : before - job.pending;
    if (isDone) this.#jobs.shift();
  }
}
