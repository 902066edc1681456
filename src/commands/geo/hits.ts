/** What a search has found: copies of the members, each with its score and its distance. */
import type { Keyspace } from "../../keyspace/keyspace.ts";
import { scoreRanks } from "../../keyspace/types/sorted_set.ts";
import type { RankRange, ScoreRange } from "../../keyspace/types/sorted_set_range.ts";
import { SortedSetWalk } from "../../keyspace/types/sorted_set_walk.ts";
import { copyBytes } from "../../memory/bytes.ts";
import { type CellRange, Cover } from "../../structures/geo/cover.ts";
import { decodeScore, type Point } from "../../structures/geo/geohash.ts";
import { distanceWithin, type GeoShape } from "../../structures/geo/shape.ts";
import { partialSort, stableSort } from "../../structures/sorting.ts";

const FIRST_CAPACITY = 64;
/** What a search of more hits, or of more bytes in them, needed is not kept for the next. */
const KEPT_CAPACITY = 4096;
const FIRST_BYTES = 1024;
const KEPT_BYTES = 64 * 1024;

/** The order of hits. */
export const Order = { NONE: 0, NEAREST: 1, FARTHEST: -1 } as const;

/** The hits of one search after the other. */
export class GeoHits {
  count = 0;
  /** The members, one behind the other. */
  bytes: Uint8Array = new Uint8Array(FIRST_BYTES);
  #bytesUsed = 0;
  /** Where each begins and ends. */
  starts!: Int32Array;
  ends!: Int32Array;
  scores!: Float64Array;
  /** In metres, from the centre. */
  distances!: Float64Array;
  /** The numbers of the hits in the order wanted. */
  order!: Int32Array;
  #scratch!: Int32Array;
  readonly #cover = new Cover();
  readonly #walk = new SortedSetWalk();
  readonly #point: Point = { longitude: 0, latitude: 0 };
  readonly #cell: CellRange = { min: 0, max: 0 };
  readonly #scores: ScoreRange = { min: 0, max: 0, isMinOut: false, isMaxOut: true };
  readonly #ranks: RankRange = { from: 0, to: 0 };

  constructor() {
    this.#resize(FIRST_CAPACITY, 0);
  }

  /**
   * Finds what lies in a shape, cell by cell.
   *
   * @param limit Ends the search when so many are found; 0: finds all.
   */
  search(keyspace: Keyspace, entry: number, shape: GeoShape, limit: number): void {
    const cover = this.#cover;
    cover.find(shape);
    for (let cell = 0; cell < cover.count; cell++) {
      if (limit > 0 && this.count >= limit) break;
      cover.range(cell, this.#cell);
      this.#searchRange(keyspace, entry, shape, limit);
    }
    for (let i = 0; i < this.count; i++) this.order[i] = i;
  }

  #searchRange(keyspace: Keyspace, entry: number, shape: GeoShape, limit: number): void {
    const walk = this.#walk;
    const point = this.#point;
    const ranks = this.#ranks;
    this.#scores.min = this.#cell.min;
    this.#scores.max = this.#cell.max;
    scoreRanks(keyspace, entry, this.#scores, ranks);
    if (ranks.to <= ranks.from) return;
    walk.begin(keyspace, entry, ranks.from, false);
    for (let rank = ranks.from; rank < ranks.to; rank++) {
      walk.next();
      decodeScore(walk.score, point);
      const distance = distanceWithin(shape, point.longitude, point.latitude);
      if (distance < 0) continue;
      this.#add(distance);
      if (limit > 0 && this.count >= limit) break;
    }
  }

  /** Adds the member that the walk shows. */
  #add(distance: number): void {
    const index = this.count++;
    if (index === this.starts.length) this.#resize(2 * index, index);
    const { buf, start, end, score } = this.#walk;
    const at = this.#bytesUsed;
    this.#bytesUsed = at + end - start;
    if (this.#bytesUsed > this.bytes.length) {
      this.bytes = withRoom(this.bytes, at, this.#bytesUsed);
    }
    copyBytes(this.bytes, at, buf, start, end);
    this.starts[index] = at;
    this.ends[index] = this.#bytesUsed;
    this.scores[index] = score;
    this.distances[index] = distance;
  }

  /** Puts the first `wanted` into an order, one of {@link Order} but NONE. */
  sort(order: number, wanted: number): void {
    const { distances } = this;
    const compare = order === Order.NEAREST
      ? (a: number, b: number) => distances[a] - distances[b]
      : (a: number, b: number) => distances[b] - distances[a];
    if (wanted < this.count) partialSort(this.order, this.count, compare, 0, wanted - 1);
    else stableSort(this.order, this.count, compare, this.#scratch);
  }

  /** Forgets all. */
  clear(): void {
    this.count = 0;
    this.#bytesUsed = 0;
    if (this.bytes.length > KEPT_BYTES) this.bytes = new Uint8Array(FIRST_BYTES);
    if (this.starts.length > KEPT_CAPACITY) this.#resize(FIRST_CAPACITY, 0);
  }

  #resize(capacity: number, kept: number): void {
    this.starts = resized(new Int32Array(capacity), this.starts, kept);
    this.ends = resized(new Int32Array(capacity), this.ends, kept);
    this.scores = resized(new Float64Array(capacity), this.scores, kept);
    this.distances = resized(new Float64Array(capacity), this.distances, kept);
    this.order = new Int32Array(capacity);
    this.#scratch = new Int32Array(capacity);
  }
}

/** `fresh` with the first `kept` numbers of `old`. */
function resized<T extends Int32Array | Float64Array>(fresh: T, old: T, kept: number): T {
  if (kept > 0) fresh.set(old.subarray(0, kept));
  return fresh;
}

/** The first `used` bytes with room for `needed`, and as many again. */
function withRoom(bytes: Uint8Array, used: number, needed: number): Uint8Array {
  const grown = new Uint8Array(2 * needed);
  grown.set(bytes.subarray(0, used));
  return grown;
}
