/** What ZUNION and its like read: sorted sets, and sets, whose members all have the score 1. */
import { memberScore, sortedSetLength } from "../../keyspace/types/sorted_set.ts";
import { SortedSetWalk } from "../../keyspace/types/sorted_set_walk.ts";
import { setHas, setSize } from "../../keyspace/types/set_members.ts";
import { SetWalk } from "../../keyspace/types/set_walk.ts";
import type { ValueContext } from "../../keyspace/types/type.ts";
import type { Args } from "../../resp/args.ts";
import { TypeId } from "../../structures/entry.ts";
import type { Client } from "../context.ts";
import { WRONG_TYPE } from "../errors.ts";

/** One of the sets; a missing key is an empty one, its entry 0. */
export interface Source {
  readonly entry: number;
  readonly isSet: boolean;
  readonly size: number;
  weight: number;
}

const sortedWalk = new SortedSetWalk();
const setWalk = new SetWalk();

/** The source whose key is argument `i`. Throws WRONGTYPE. */
export function readSource({ db }: Client, args: Args, i: number): Source {
  const { keyspace } = db;
  const entry = db.lookupRead(args.bufs[i], args.starts[i], args.ends[i]);
  if (entry === 0) return { entry, isSet: false, size: 0, weight: 1 };
  const type = db.type(entry);
  if (type !== TypeId.ZSET && type !== TypeId.SET) throw WRONG_TYPE;
  const isSet = type === TypeId.SET;
  const size = isSet ? setSize(keyspace, entry) : sortedSetLength(keyspace, entry);
  return { entry, isSet, size, weight: 1 };
}

/** The score of a member in a source; NaN when it is missing. */
export function sourceScore(
  context: ValueContext,
  { entry, isSet }: Source,
  buf: Uint8Array,
  start: number,
  end: number,
): number {
  if (entry === 0) return NaN;
  if (!isSet) return memberScore(context, entry, buf, start, end);
  return setHas(context, entry, buf, start, end) ? 1 : NaN;
}

/** Visits the members of a source with their scores, until `visit` returns false. Sources may be looked into meanwhile. */
export function forEachMember(
  context: ValueContext,
  { entry, isSet }: Source,
  visit: (buf: Uint8Array, start: number, end: number, score: number) => boolean,
): void {
  if (entry === 0) return;
  if (isSet) {
    setWalk.begin(context, entry);
    while (setWalk.next()) if (!visit(setWalk.buf, setWalk.start, setWalk.end, 1)) return;
    return;
  }
  sortedWalk.begin(context, entry, 0, false);
  while (sortedWalk.next()) {
    const { buf, start, end, score } = sortedWalk;
    if (!visit(buf, start, end, score)) return;
  }
}
