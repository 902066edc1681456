/**
 * Which part of one table a snapshot has seen.
 *
 * The table is divided by the low bits of the keys' hashes into cells of some ten keys (see
 * `Dict.cellBits`), and one bit says of each whether it has been seen. Buckets may be split and merged,
 * entries moved, keys come and go: what is in which cell only depends on the hashes. That is all there
 * is to remember: a quarter of a bit for each key or less.
 */
import type { Dict } from "../../structures/dict.ts";

export class TableWalk {
  readonly dict: Dict;
  /** The number of the table's database at the start. */
  readonly db: number;
  readonly #bits: number;
  readonly #mask: number;
  readonly #cells: number;
  readonly #seen: Int32Array;
  /** All cells below have been seen. */
  #next = 0;

  constructor(dict: Dict, db: number) {
    this.dict = dict;
    this.db = db;
    this.#bits = dict.cellBits;
    this.#cells = 2 ** this.#bits;
    this.#mask = this.#cells - 1;
    this.#seen = new Int32Array(Math.ceil(this.#cells / 32));
  }

  /** The cell of a key with the hash `hash`. */
  cellOf(hash: number): number {
    return hash & this.#mask;
  }

  isSeen(cell: number): boolean {
    return (this.#seen[cell >>> 5] & (1 << (cell & 31))) !== 0;
  }

  /** A cell that has not been seen; -1 when there is none. */
  nextUnseen(): number {
    while (this.#next < this.#cells && this.isSeen(this.#next)) this.#next++;
    return this.#next < this.#cells ? this.#next : -1;
  }

  /** Visits the keys of a cell. */
  visit(cell: number, visit: (entry: number) => void): void {
    this.dict.visitCell(cell, this.#bits, visit);
  }

  /** Visits the keys of a cell, which has been seen from now on. */
  see(cell: number, visit: (entry: number) => void): void {
    this.#seen[cell >>> 5] |= 1 << (cell & 31);
    this.visit(cell, visit);
  }
}
