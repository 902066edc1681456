/**
 * What is no longer reachable but not yet freed: tables of flushed databases and giant values. The
 * cron frees it in slices, so that dropping ten million keys stalls nobody.
 */
import type { DetachedTable } from "../structures/dict.ts";
import { freeSome } from "../structures/dict.ts";
import type { Slabs } from "../memory/slab.ts";

type FreeEntry = (entry: number) => void;

interface TableJob {
  readonly table: DetachedTable;
  readonly freeEntry: FreeEntry;
}

interface EntryJob {
  readonly entry: number;
  readonly freeEntry: FreeEntry;
}

/** Frees some of a structure; true when nothing is left of it. */
type FreeSome = () => boolean;

/** Buckets freed between two looks at the time. */
const BUCKETS_PER_STEP = 64;

export class LazyFree {
  readonly #slabs: Slabs;
  readonly #tables: TableJob[] = [];
  readonly #entries: EntryJob[] = [];
  readonly #structures: FreeSome[] = [];
  #freed = 0;

  constructor(slabs: Slabs) {
    this.#slabs = slabs;
  }

  /** Entries that wait to be freed (INFO's `lazyfree_pending_objects`). */
  get pending(): number {
    const single = this.#entries.length + this.#structures.length;
    return this.#tables.reduce((sum, { table }) => sum + table.size, single);
  }

  /** Entries freed so far (INFO's `lazyfreed_objects`). */
  get freed(): number {
    return this.#freed;
  }

  /** Takes over a table that nobody reaches any more; `freeEntry` frees one of its entries. */
  table(table: DetachedTable, freeEntry: FreeEntry): void {
    this.#tables.push({ table, freeEntry });
  }

  /** Takes over an entry that nobody reaches any more. */
  entry(entry: number, freeEntry: FreeEntry): void {
    this.#entries.push({ entry, freeEntry });
  }

  /** Takes over a structure that nobody reaches any more: `freeSome` is called until it says that all is free. */
  structure(freeSome: FreeSome): void {
    this.#structures.push(freeSome);
  }

  /** Frees for as long as `mayGoOn` says; true when nothing is left. */
  step(mayGoOn: () => boolean): boolean {
    while (this.#slice()) {
      if (!mayGoOn()) return this.pending === 0;
    }
    return true;
  }

  /** Frees everything now. */
  finish(): void {
    while (this.#slice());
  }

  /** CONFIG RESETSTAT. */
  resetCount(): void {
    this.#freed = 0;
  }

  /** Frees one giant, a part of a structure, or some buckets of a table; false when there is nothing to free. */
  #slice(): boolean {
    const giant = this.#entries.shift();
    if (giant !== undefined) {
      giant.freeEntry(giant.entry);
      this.#freed++;
      return true;
    }
    const freeSomeOfIt = this.#structures[0];
    if (freeSomeOfIt !== undefined) {
      if (freeSomeOfIt()) {
        this.#structures.shift();
        this.#freed++;
      }
      return true;
    }
    const job = this.#tables[0];
    if (job === undefined) return false;
    const before = job.table.size;
    const isDone = freeSome(this.#slabs, job.table, BUCKETS_PER_STEP, job.freeEntry);
    this.#freed += before - job.table.size;
    if (isDone) this.#tables.shift();
    return true;
  }
}
