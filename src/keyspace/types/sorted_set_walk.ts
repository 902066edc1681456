/** Going through a sorted set from a rank on, in either direction. */
import { pageOf } from "../../memory/handle.ts";
import type { Slabs } from "../../memory/slab.ts";
import * as Entry from "../../structures/entry.ts";
import { Element, elementAt, previousElement, readElement } from "../../structures/listpack.ts";
import type { TreePosition } from "../../structures/ordered_tree.ts";
import { nextPacked, packedScore } from "./sorted_set_packed.ts";
import type { RankedMembers } from "./sorted_set_ranked.ts";
import { Encoding, type ValueContext } from "./type.ts";

const NOTHING: Uint8Array = new Uint8Array(0);

/**
 * A walk, used again and again: {@link begin} it, then call {@link next} for each member, which
 * `buf`, `start`, `end` and `score` then show. Where most members are of no interest, {@link skip}
 * tells the score alone, and {@link show} shows the member. The set must not change meanwhile.
 */
export class SortedSetWalk {
  buf = NOTHING;
  start = 0;
  end = 0;
  #slabs: Slabs | null = null;
  /** Null for a listpack. */
  #ranked: RankedMembers | null = null;
  #isReverse = false;
  #isAtEnd = true;
  /** What has been passed last: an entry, or a position in the listpack. */
  #passed = 0;
  /** What comes next, by encoding. */
  readonly #position: TreePosition = { leaf: 0, slot: 0 };
  #lp = 0;
  #pos = 0;
  readonly #element = new Element();

  /** Begins at a rank; one that no member has gives an empty walk. */
  begin(context: ValueContext, entry: number, rank: number, isReverse: boolean): void {
    const { slabs } = context;
    const value = Entry.valueHandle(slabs, entry);
    this.#slabs = slabs;
    this.#isReverse = isReverse;
    if (Entry.encoding(slabs, entry) === Encoding.LISTPACK) {
      this.#ranked = null;
      this.#lp = value;
      this.#pos = rank < 0 ? 0 : elementAt(slabs, value, 2 * rank);
      this.#isAtEnd = this.#pos === 0;
      return;
    }
    this.beginRanked(slabs, context.objects.get<RankedMembers>(value), rank, isReverse);
  }

  /** The same for a big set that no entry names. */
  beginRanked(slabs: Slabs, ranked: RankedMembers, rank: number, isReverse: boolean): void {
    const { tree } = ranked;
    this.#slabs = slabs;
    this.#ranked = ranked;
    this.#isReverse = isReverse;
    this.#isAtEnd = rank < 0 || rank >= tree.size;
    if (!this.#isAtEnd) tree.select(rank, this.#position);
  }

  /** Shows the next member; false when there is none. */
  next(): boolean {
    if (this.#isAtEnd) return false;
    this.#pass();
    this.show();
    return true;
  }

  /**
   * Goes past the next member, which there must be.
   *
   * @returns Its score; 0 for -0.
   */
  skip(): number {
    const slabs = this.#slabs!;
    if (this.#ranked === null) {
      this.#pass();
      return packedScore(slabs, this.#lp, this.#passed);
    }
    const score = this.#ranked.tree.scoreAt(this.#position);
    this.#pass();
    return score;
  }

  /** Shows the member that has been passed last. */
  show(): void {
    const slabs = this.#slabs!;
    const passed = this.#passed;
    if (this.#ranked === null) {
      const element = this.#element;
      readElement(slabs, this.#lp, passed, element);
      this.buf = element.buf;
      this.start = element.start;
      this.end = element.end;
      return;
    }
    this.buf = slabs.bytes[pageOf(passed)];
    this.start = Entry.keyOffset(slabs, passed);
    this.end = this.start + Entry.keyLength(slabs, passed);
  }

  /** The score of the member that has been passed last, for those who ask: most walks do not. */
  get score(): number {
    return this.#ranked === null
      ? packedScore(this.#slabs!, this.#lp, this.#passed)
      : this.#ranked.scoreOf(this.#passed);
  }

  #pass(): void {
    if (this.#ranked === null) this.#passPacked(this.#slabs!);
    else this.#passRanked(this.#ranked);
  }

  #passPacked(slabs: Slabs): void {
    const pos = this.#passed = this.#pos;
    if (this.#isReverse) {
      const before = previousElement(slabs, this.#lp, pos);
      this.#pos = before === 0 ? 0 : previousElement(slabs, this.#lp, before);
    } else {
      this.#pos = nextPacked(slabs, this.#lp, pos);
    }
    this.#isAtEnd = this.#pos === 0;
  }

  #passRanked({ tree }: RankedMembers): void {
    this.#passed = tree.entryAt(this.#position);
    this.#isAtEnd = this.#isReverse ? !tree.previous(this.#position) : !tree.next(this.#position);
  }
}
