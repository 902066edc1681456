/**
 * The best candidates for eviction that have been seen lately, of all databases.
 *
 * A key is remembered by its bytes, since its entry may move or be freed meanwhile. Nothing is
 * allocated for one, unless it is longer than most.
 */
import { copyBytes, equalBytes } from "../memory/bytes.ts";
import type { Database } from "./database.ts";

/** How many are remembered. */
const POOL_SIZE = 16;
/** Room for the key that each candidate has from the start. */
const KEY_BYTES = 64;

/** A key that may go. */
class Candidate {
  db!: Database;
  key = new Uint8Array(KEY_BYTES);
  keyLength = 0;
  /** The higher, the sooner it goes. */
  score = 0;
}

export class EvictionPool {
  /** By score, ascending; those from `#size` on are not in use. */
  readonly #candidates = Array.from({ length: POOL_SIZE }, () => new Candidate());
  #size = 0;
  /** The database of the entry that {@link take} gave last; null when it gave none. */
  db: Database | null = null;

  /** Remembers an entry, unless all others are better or it is there with the same score already. */
  add(db: Database, entry: number, score: number): void {
    const candidates = this.#candidates;
    if (this.#size === POOL_SIZE && score <= candidates[0].score) return;
    const { buf, start, end } = db.key(entry);
    let at = this.#size;
    while (at > 0 && candidates[at - 1].score > score) at--;
    for (let i = at - 1; i >= 0 && candidates[i].score === score; i--) {
      const { db: otherDb, key, keyLength } = candidates[i];
      if (otherDb === db && equalBytes(key, 0, keyLength, buf, start, end)) return;
    }
    this.#fill(this.#makeRoom(at), db, buf, start, end, score);
  }

  /** Takes out the best candidate whose key is still there, and gives its entry; 0 when there is none. */
  take(): number {
    this.db = null;
    while (this.#size > 0) {
      const { db, key, keyLength } = this.#candidates[--this.#size];
      const entry = db.peek(key, 0, keyLength);
      if (entry === 0) continue;
      this.db = db;
      return entry;
    }
    return 0;
  }

  /** Gives an unused candidate its place before `at`; when all are in use, that of the worst. */
  #makeRoom(at: number): Candidate {
    const candidates = this.#candidates;
    if (this.#size < POOL_SIZE) {
      const candidate = candidates[this.#size];
      candidates.copyWithin(at + 1, at, this.#size++);
      return candidates[at] = candidate;
    }
    const candidate = candidates[0];
    candidates.copyWithin(0, 1, at);
    return candidates[at - 1] = candidate;
  }

  #fill(
    candidate: Candidate,
    db: Database,
    buf: Uint8Array,
    start: number,
    end: number,
    score: number,
  ): void {
    const length = end - start;
    if (length > candidate.key.length) candidate.key = new Uint8Array(length);
    copyBytes(candidate.key, 0, buf, start, end);
    candidate.keyLength = length;
    candidate.db = db;
    candidate.score = score;
  }
}
