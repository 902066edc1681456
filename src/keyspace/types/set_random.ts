/** Random members of a set, whatever its encoding. */
import type { Dict } from "../../structures/dict.ts";
import * as Entry from "../../structures/entry.ts";
import { intsetLength, intsetText } from "../../structures/intset.ts";
import { type Element, elementAt, listpackLength, readElement } from "../../structures/listpack.ts";
import { setSize } from "./set_members.ts";
import { SetWalk, showEntry } from "./set_walk.ts";
import { Encoding, type ValueContext } from "./type.ts";

/** What random choices need. */
export interface RandomContext extends ValueContext {
  /** A fresh random 32-bit integer at each call. */
  readonly random32: () => number;
}

/** When less than one in so many members is wanted, they are drawn; else the set is walked through. */
const DRAWN_ONE_IN = 3;

const walk = new SetWalk();

/** Shows a member, each as likely as any other, of a set that has some. */
export function showRandomMember(context: RandomContext, entry: number, view: Element): void {
  showPlace(context, entry, randomPlace(context, entry), view);
}

/**
 * Calls `visit` with `count` different members, fewer than there are; each choice of so many is as
 * likely as any other, their order is not random. O(count) for a dict.
 *
 * @param view What shows the member, for the time of the call.
 */
export function sampleMembers(
  context: RandomContext,
  entry: number,
  count: number,
  visit: (view: Element) => void,
): void {
  const size = setSize(context, entry);
  const isListpack = Entry.encoding(context.slabs, entry) === Encoding.LISTPACK;
  if (isListpack || count * DRAWN_ONE_IN > size) walkSample(context, entry, count, size, visit);
  else drawSample(context, entry, count, visit);
}

/** Takes each member with the chance that is due to it, given how many are wanted and how many are left. */
function walkSample(
  context: RandomContext,
  entry: number,
  count: number,
  size: number,
  visit: (view: Element) => void,
): void {
  let wanted = count;
  walk.begin(context, entry);
  for (let left = size; wanted > 0 && walk.next(); left--) {
    if (below(left, context) >= wanted) continue;
    visit(walk);
    wanted--;
  }
}

/** Draws members until enough are different. */
function drawSample(
  context: RandomContext,
  entry: number,
  count: number,
  visit: (view: Element) => void,
): void {
  const drawn = new Set<number>();
  while (drawn.size < count) drawn.add(randomPlace(context, entry));
  for (const place of drawn) {
    showPlace(context, entry, place, walk);
    visit(walk);
  }
}

/** What names a random member while the set does not change: an index, or the entry of a dict. */
function randomPlace(context: RandomContext, entry: number): number {
  const { slabs, objects, random32 } = context;
  const value = Entry.valueHandle(slabs, entry);
  switch (Entry.encoding(slabs, entry)) {
    case Encoding.INTSET:
      return below(intsetLength(slabs, value), context);
    case Encoding.LISTPACK:
      return below(listpackLength(slabs, value), context);
    default:
      return objects.get<Dict>(value).random(random32);
  }
}

function showPlace({ slabs }: ValueContext, entry: number, place: number, view: Element): void {
  const value = Entry.valueHandle(slabs, entry);
  switch (Entry.encoding(slabs, entry)) {
    case Encoding.INTSET:
      view.buf = view.text;
      view.start = 0;
      view.end = intsetText(slabs, value, place, view.text);
      break;
    case Encoding.LISTPACK:
      readElement(slabs, value, elementAt(slabs, value, place), view);
      break;
    default:
      showEntry(slabs, place, view);
  }
}

/** A random integer from 0 to `bound - 1`. */
function below(bound: number, { random32 }: RandomContext): number {
  return Math.floor((random32() >>> 0) * (bound / 2 ** 32));
}
