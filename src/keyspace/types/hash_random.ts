/** Random fields of hashes, for HRANDFIELD. */

import { below } from "../../structures/dict_random.ts";
import * as Entry from "../../structures/entry.ts";
import { elementAt, firstElement } from "../../structures/listpack.ts";
import {
  dictOf,
  hashLength,
  isPacked,
  strideOf,
  visitEntry,
  type VisitField,
  visitPacked,
} from "./hash.ts";
import { nextPacked } from "./hash_packed.ts";
import type { ValueContext } from "./type.ts";

/** Gives 32 random bits at each call, signed or not. */
type Random32 = () => number;

/** Where more than one field in so many is wanted, all are listed to choose from. */
const FEW = 3;

/** Visits one field, each as likely as any other. */
export function visitRandomField<T>(
  context: ValueContext,
  entry: number,
  random32: Random32,
  visit: VisitField<T>,
  target: T,
): void {
  const { slabs } = context;
  if (isPacked(slabs, entry)) {
    const lp = Entry.valueHandle(slabs, entry);
    const stride = strideOf(slabs, entry);
    const at = elementAt(slabs, lp, stride * below(hashLength(context, entry), random32));
    visitPacked(slabs, lp, stride, at, visit, target);
  } else {
    visitEntry(slabs, dictOf(context, entry).random(random32), visit, target);
  }
}

/** Visits `count` random fields, one independent of the other. */
export function visitRandomFields<T>(
  context: ValueContext,
  entry: number,
  count: number,
  random32: Random32,
  visit: VisitField<T>,
  target: T,
): void {
  const { slabs } = context;
  if (!isPacked(slabs, entry)) {
    for (let i = 0; i < count; i++) visitRandomField(context, entry, random32, visit, target);
    return;
  }
  const lp = Entry.valueHandle(slabs, entry);
  const stride = strideOf(slabs, entry);
  const positions = fieldPositions(context, entry);
  for (let i = 0; i < count; i++) {
    const at = positions[below(positions.length, random32)];
    visitPacked(slabs, lp, stride, at, visit, target);
  }
}

/**
 * Visits `count` different fields; there must be more. Those of a listpack come in its order.
 *
 * O(count) when they are few, else O(number of fields).
 */
export function visitDistinctFields<T>(
  context: ValueContext,
  entry: number,
  count: number,
  random32: Random32,
  visit: VisitField<T>,
  target: T,
): void {
  const { slabs } = context;
  if (isPacked(slabs, entry)) {
    const lp = Entry.valueHandle(slabs, entry);
    const stride = strideOf(slabs, entry);
    const positions = fieldPositions(context, entry);
    // Each field is taken with the probability of what is wanted among what is left.
    let wanted = count;
    for (let i = 0; wanted > 0; i++) {
      if (below(positions.length - i, random32) >= wanted) continue;
      visitPacked(slabs, lp, stride, positions[i], visit, target);
      wanted--;
    }
    return;
  }
  const dict = dictOf(context, entry);
  if (count * FEW > dict.size) {
    const fields = new Int32Array(dict.size);
    let found = 0;
    dict.forEach((field) => {
      fields[found++] = field;
    });
    for (let i = 0; i < count; i++) {
      const pick = i + below(found - i, random32);
      const field = fields[pick];
      fields[pick] = fields[i];
      visitEntry(slabs, field, visit, target);
    }
    return;
  }
  const taken = new Set<number>();
  while (taken.size < count) {
    const field = dict.random(random32);
    if (taken.has(field)) continue;
    taken.add(field);
    visitEntry(slabs, field, visit, target);
  }
}

/** Where the fields of a listpack are. */
function fieldPositions(context: ValueContext, entry: number): Int32Array {
  const { slabs } = context;
  const lp = Entry.valueHandle(slabs, entry);
  const stride = strideOf(slabs, entry);
  const positions = new Int32Array(hashLength(context, entry));
  let at = firstElement(slabs, lp);
  for (let i = 0; i < positions.length; i++) {
    positions[i] = at;
    at = nextPacked(slabs, lp, stride, at);
  }
  return positions;
}
