/**
 * Moments to come, of which the nearest is known: a binary heap that knows where each item stands,
 * so that one which is not waited for any more leaves at once.
 *
 * Adding and removing are O(log n), looking at the nearest is O(1).
 */

/** Something that falls due. */
export interface Deadline {
  /** Wall clock in ms; must not change while it is in the heap. */
  readonly untilMs: number;
  /** Where it stands in the heap, -1 when it is in none; the heap's own. */
  place: number;
}

export class Deadlines<T extends Deadline> {
  readonly #heap: T[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** The one that falls due first; null when there is none. */
  get nearest(): T | null {
    return this.#heap[0] ?? null;
  }

  /** Adds an item that is in no heap. */
  add(item: T): void {
    this.#heap.push(item);
    this.#up(item, this.#heap.length - 1);
  }

  /** Takes an item out, wherever it stands; false when it is not there. */
  remove(item: T): boolean {
    const { place } = item;
    if (place < 0) return false;
    item.place = -1;
    const last = this.#heap.pop()!;
    if (last !== item) {
      this.#up(last, place);
      if (last.place === place) this.#down(last, place);
    }
    return true;
  }

  /** Puts an item where `at` is, or above that. */
  #up(item: T, at: number): void {
    const heap = this.#heap;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (heap[above].untilMs <= item.untilMs) break;
      this.#put(heap[above], at);
      at = above;
    }
    this.#put(item, at);
  }

  /** Puts an item where `at` is, or below that. */
  #down(item: T, at: number): void {
    const heap = this.#heap;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && heap[below + 1].untilMs < heap[below].untilMs) below++;
      if (heap[below].untilMs >= item.untilMs) break;
      this.#put(heap[below], at);
      at = below;
    }
    this.#put(item, at);
  }

  #put(item: T, at: number): void {
    this.#heap[at] = item;
    item.place = at;
  }
}
