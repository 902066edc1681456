/**
 * Active expiry: removes keys when they are due, in the order in which they fall due.
 *
 * The expire index says at any moment which key is next, so there is nothing to search: every turn
 * looks at the head of the index, and when nothing else happens a timer ends the wait. A flood of
 * keys that fall due at once is worked off in slices, between which commands run.
 */
import type { Database } from "../keyspace/database.ts";
import type { Cancel } from "../platform/mod.ts";
import type { Server } from "./server.ts";

/** Keys removed in one slice; some 100 µs. */
const KEYS_PER_SLICE = 128;
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
  #cancelTimer: Cancel | null = null;
  #timerDueMs = Infinity;

  constructor(server: Server) {
    this.#server = server;
  }

  /** Removes a slice of what is due in each database, and sees to it that somebody comes back for the rest. */
  removeDue(): void {
    const { keyspace } = this.#server;
    if (!this.enabled || keyspace.expiryPaused) return;
    let nextDueMs = Infinity;
    const { used } = keyspace;
    for (let i = 0; i < used.length; i++) {
      const db = used[i];
      if (db.expires.nextDueMs <= keyspace.nowMs) this.#slice(db);
      if (db.expires.nextDueMs < nextDueMs) nextDueMs = db.expires.nextDueMs;
    }
    this.#wakeAt(nextDueMs);
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

  #slice(db: Database): void {
    const { clock } = this.#server.platform;
    const startMs = clock.monotonicMs();
    const { expires } = db;
    const { nowMs } = db;
    for (let i = 0; i < KEYS_PER_SLICE && expires.nextDueMs <= nowMs; i++) {
      db.expireEntry(expires.first);
    }
    if (expires.nextDueMs <= nowMs) this.capReached++;
    const tookMs = clock.monotonicMs() - startMs;
    this.spentMs += tookMs;
    this.#server.latency.add("expire-cycle", tookMs, this.#server.nowMs);
  }

  #wakeAt(dueMs: number): void {
    const wakeMs = Math.min(dueMs, this.#server.nowMs + MAX_SLEEP_MS);
    if (dueMs === Infinity || this.#timerDueMs <= wakeMs) return;
    this.#cancelTimer?.();
    this.#timerDueMs = wakeMs;
    // The end of the turn, which calls removeDue, is all there is to it.
    const sleepMs = Math.max(0, wakeMs - this.#server.nowMs);
    this.#cancelTimer = this.#server.after(sleepMs, "active expiry", () => {
      this.#cancelTimer = null;
      this.#timerDueMs = Infinity;
    });
  }
}
