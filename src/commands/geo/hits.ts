/** What a search has found: copies of the members, each with its score and its distance. */
import type { Keyspace } from "../../keyspace/keyspace.ts";
import { scoreRanks } from "../../keyspace/types/sorted_set.ts";
import type { RankRange, ScoreRange } from "../../keyspace/types/sorted_set_range.ts";
import { SortedSetWalk } from "../../keyspace/types/sorted_set_walk.ts";
import { ByteRows } from "../../memory/byte_rows.ts";
import { type CellRange, Cover } from "../../structures/geo/cover.ts";
import { decodeScore, type Point } from "../../structures/geo/geohash.ts";
import { type GeoShape, ShapeFilter } from "../../structures/geo/shape.ts";
import { partialSort, stableSort } from "../../structures/sorting.ts";

const FIRST_CAPACITY = 64;
/** What a search of more hits needed is not kept for the next. */
const KEPT_CAPACITY = 4096;

/** The order of hits. */
export const Order = { NONE: 0, NEAREST: 1, FARTHEST: -1 } as const;

/** The hits of one search after the other. */
export class GeoHits {
  readonly members = new ByteRows();
  scores!: Float64Array;
  /** In metres, from the centre. */
  distances!: Float64Array;
  /** The numbers of the hits in the order wanted. */
  order!: Int32Array;
  #scratch!: Int32Array;
  readonly #cover = new Cover();
  readonly #filter = new ShapeFilter();
  readonly #walk = new SortedSetWalk();
  readonly #point: Point = { longitude: 0, latitude: 0 };
  readonly #cell: CellRange = { min: 0, max: 0 };
  readonly #scores: ScoreRange = { min: 0, max: 0, isMinOut: false, isMaxOut: true };
  readonly #ranks: RankRange = { from: 0, to: 0 };

  get count(): number {
    return this.members.count;
  }

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
    this.#filter.begin(shape);
    for (let cell = 0; cell < cover.count; cell++) {
      if (limit > 0 && this.count >= limit) break;
      cover.range(cell, this.#cell);
      this.#searchRange(keyspace, entry, limit);
    }
    for (let i = 0; i < this.count; i++) this.order[i] = i;
  }

  #searchRange(keyspace: Keyspace, entry: number, limit: number): void {
    const walk = this.#walk;
    const filter = this.#filter;
    const point = this.#point;
    const ranks = this.#ranks;
    this.#scores.min = this.#cell.min;
    this.#scores.max = this.#cell.max;
    scoreRanks(keyspace, entry, this.#scores, ranks);
    if (ranks.to <= ranks.from) return;
    walk.begin(keyspace, entry, ranks.from, false);
    for (let rank = ranks.from; rank < ranks.to; rank++) {
      decodeScore(walk.skip(), point);
      const distance = filter.distance(point.longitude, point.latitude);
      if (distance < 0) continue;
      walk.show();
      this.#add(distance);
      if (limit > 0 && this.count >= limit) break;
    }
  }

  /** Adds the member that the walk shows. */
  #add(distance: number): void {
    const { buf, start, end, score } = this.#walk;
    const index = this.members.add(buf, start, end);
    if (index === this.scores.length) this.#resize(2 * index, index);
    this.scores[index] = score;
    this.distances[index] = distance;
  }

  /** Puts the first `wanted` into an order, one of {@link Order} but NONE. */
  sort(order: number, wanted: number): void {
    const { distances } = this;
    const compare = order === Order.NEAREST
      ? (a: number, b: number) => distances[a] - distances[b]
      : (a: number, b: number) => distances[b] - distances[a];
    if (wanted < this.count) partialSort(this.order, 0, this.count, compare, 0, wanted - 1);
    else stableSort(this.order, 0, this.count, compare, this.#scratch);
  }

  /** Forgets all. */
  clear(): void {
    this.members.clear();
    if (this.scores.length > KEPT_CAPACITY) this.#resize(FIRST_CAPACITY, 0);
  }

  #resize(capacity: number, kept: number): void {
    this.scores = resized(new Float64Array(capacity), this.scores, kept);
    this.distances = resized(new Float64Array(capacity), this.distances, kept);
    this.order = new Int32Array(capacity);
    this.#scratch = new Int32Array(capacity);
  }
}

/** `fresh` with the first `kept` numbers of `old`. */
function resized(fresh: Float64Array, old: Float64Array, kept: number): Float64Array {
  if (kept > 0) fresh.set(old.subarray(0, kept));
  return fresh;
}
