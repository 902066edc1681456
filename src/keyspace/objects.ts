/**
 * Structures that are objects of the JavaScript heap, each for one big value: the dict of a big hash,
 * the tree of a big sorted set. Their elements lie in the slabs; an entry's value names the object
 * by its number here, in place of a handle.
 */
export class ObjectTable {
  readonly #objects: (object | null)[] = [null];
  readonly #free: number[] = [];

  /** How many objects there are. */
  get size(): number {
    return this.#objects.length - 1 - this.#free.length;
  }

  /** @returns The number by which {@link get} finds the object; never 0. */
  add(object: object): number {
    const id = this.#free.pop() ?? this.#objects.length;
    this.#objects[id] = object;
    return id;
  }

  /** The object of a number that {@link add} gave; the caller knows what it is. */
  get<T extends object>(id: number): T {
    return this.#objects[id] as T;
  }

  /** Forgets an object; its number may be given to another. */
  remove(id: number): void {
    this.#objects[id] = null;
    this.#free.push(id);
  }
}
