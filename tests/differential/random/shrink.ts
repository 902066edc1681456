/** Makes a failing sequence small. */

/**
 * Removes what the failure does not need ("delta debugging": big pieces first, then smaller ones,
 * until no single item can go).
 *
 * @param items A sequence that fails.
 * @param fails Whether a shorter one still does; the order of items is kept.
 */
export async function shrinkSequence<T>(
  items: readonly T[],
  fails: (items: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let rest = items;
  let size = Math.ceil(rest.length / 2);
  while (size >= 1) {
    let removed = false;
    for (let at = rest.length - size; at > -size; at -= size) {
      const start = Math.max(0, at);
      const without = rest.toSpliced(start, at + size - start);
      if (without.length === rest.length || !await fails(without)) continue;
      rest = without;
      removed = true;
    }
    // The last pass over single items is repeated as long as it finds something.
    if (size === 1 && !removed) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return rest;
}
