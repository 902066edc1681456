/**
 * Writing values a portion at a time. A value that has a structure of its own outside the entry is
 * written by a generator: it writes a portion, which takes some 100 µs at most, each time it is asked
 * to go on. In between the value must not change, nor move in memory.
 */

/** A value on its way into a dump. */
export type Portions = Generator<void, void, void>;

/** Elements in a portion. */
export const PORTION_ELEMENTS = 256;

/** Writes all at once. */
export function writeAll(portions: Portions): void {
  while (!portions.next().done);
}
