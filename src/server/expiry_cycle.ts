/**
 * Active expiry: removes keys and fields of hashes when they are due, in the order in which they fall
 * due.
 *
 * The expire indexes say at any moment which key is next, so there is nothing to search: every turn
 * looks at the head of the index, and when nothing else happens a timer ends the wait. A flood of
 * keys that fall due at once is worked off in slices, between which commands run.
 */
import type { Database } from "../keyspace/database.ts";
import { expireFields } from "../keyspace/field_expiry.ts";
import type { Cancel } from "../platform/mod.ts";
import type { Server } from "./server.ts";

/** The longest slice, in ms: a flood makes no turn longer by more than this. */
const SLICE_MS = 1;
/** Keys, or fields, removed between two looks at the clock; some 50 µs. */
const KEYS_PER_LOOK = 32;
/** The longest that the timer sleeps; a wall clock that is set forward is noticed by then. */
const MAX_SLEEP_MS = 1000;

export class ExpiryCycle {
  readonly #server: Server;
  /** DEBUG SET-ACTIVE-EXPIRE. */
  enabled = true;
  /** Milliseconds spent here so far. */
  spentMs = 0;
  /** How often a slice has ended with more keys due. */
  capReached = 0;
  /** The database with what falls due before all others, when that is, and when those of the rest do. */
  #next: Database | null = null;
  #nextDueMs = Infinity;
  #restDueMs = Infinity;
  #cancelTimer: Cancel | null = null;
  #timerDueMs = Infinity;

  constructor(server: Server) {
    this.#server = server;
  }

  /** Removes what is due, or a slice of it, and sees to it that somebody comes back for the rest. */
  removeDue(): void {
    const { keyspace } = this.#server;
    if (!this.enabled || keyspace.expiryPaused || keyspace.standsStill) return;
    this.#findNext();
    if (this.#nextDueMs <= keyspace.nowMs) this.#slice();
    this.#wakeAt(this.#nextDueMs);
  }

  /** Ends the timer; at shutdown. */
  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#timerDueMs = Infinity;
  }

  resetStatistics(): void {
    this.spentMs = 0;
    this.capReached = 0;
  }

  #findNext(): void {
    const { used } = this.#server.keyspace;
    this.#next = null;
    this.#nextDueMs = this.#restDueMs = Infinity;
    for (let i = 0; i < used.length; i++) {
      const dueMs = used[i].nextDueMs;
      if (dueMs < this.#nextDueMs) {
        this.#restDueMs = this.#nextDueMs;
        this.#next = used[i];
        this.#nextDueMs = dueMs;
      } else if (dueMs < this.#restDueMs) {
        this.#restDueMs = dueMs;
      }
    }
  }

  #slice(): void {
    const { keyspace, latency, platform } = this.#server;
    const startMs = platform.clock.monotonicMs();
    let tookMs: number;
    do {
      this.#remove(this.#next!, Math.min(this.#restDueMs, keyspace.nowMs));
      this.#findNext();
      tookMs = platform.clock.monotonicMs() - startMs;
    } while (this.#nextDueMs <= keyspace.nowMs && tookMs < SLICE_MS);
    this.spentMs += tookMs;
    if (this.#nextDueMs <= keyspace.nowMs) this.capReached++;
    latency.add("expire-cycle", tookMs, keyspace.nowMs);
  }

  /** Removes some keys, or fields of hashes, of one database that are due at `untilMs` or before. */
  #remove(db: Database, untilMs: number): void {
    const { expires, fields } = db;
    let removed = 0;
    while (removed < KEYS_PER_LOOK && db.nextDueMs <= untilMs) {
      if (expires.nextDueMs <= fields.nextDueMs) {
        db.expireEntry(expires.first);
        removed++;
      } else {
        removed += expireFields(db, fields.first, KEYS_PER_LOOK);
      }
    }
  }

  #wakeAt(dueMs: number): void {
    const { nowMs } = this.#server;
    const wakeMs = Math.min(dueMs, nowMs + MAX_SLEEP_MS);
    if (dueMs === Infinity || this.#timerDueMs <= wakeMs) return;
    this.#cancelTimer?.();
    this.#timerDueMs = wakeMs;
    // The end of the turn, which calls removeDue, is all there is to it.
    this.#cancelTimer = this.#server.after(Math.max(0, wakeMs - nowMs), "active expiry", () => {
      this.#cancelTimer = null;
      this.#timerDueMs = Infinity;
    });
  }
}
