/**
 * Where the keys stand among a request's arguments, found by the key specs of its command: for
 * COMMAND GETKEYS, for access control and for whatever else must know keys before a command runs.
 */
import { equalsIgnoreCase, latin1 } from "../memory/bytes.ts";
import { parseSafeInteger } from "../memory/numbers.ts";
import type { Args } from "../resp/args.ts";
import type { Command, FoundKey, KeySpec } from "./spec.ts";

/** Whether a command can have keys at all. */
export function takesKeys(command: Command): boolean {
  return command.findKeys !== undefined || (command.keys ?? []).some((spec) => !isNoKey(spec));
}

/**
 * The keys of a request, in the order of the command's key specs.
 *
 * @param args The request, whose command `command` is and whose arity has been checked.
 * @returns null when the arguments are malformed, such as a number of keys that exceeds them.
 */
export function findKeys(command: Command, args: Args): readonly FoundKey[] | null {
  const specs = command.keys ?? [];
  if (command.findKeys !== undefined && specs.some(isVague)) return command.findKeys(args);
  const found: FoundKey[] = [];
  for (const spec of specs) {
    if (!isNoKey(spec) && !findBySpec(spec, args, found)) {
      return command.findKeys?.(args) ?? null;
    }
  }
  return found;
}

/** The spec describes an argument that is like a key but is none, such as a channel of a shard. */
function isNoKey(spec: KeySpec): boolean {
  return spec.other.includes("not_key");
}

function isVague(spec: KeySpec): boolean {
  return "unknown" in spec.begin || spec.other.includes("incomplete") ||
    spec.other.includes("variable_flags");
}

/** Appends the keys of one spec; false when the arguments do not fit it. */
function findBySpec(spec: KeySpec, args: Args, found: FoundKey[]): boolean {
  const begin = beginOf(spec, args);
  if (begin < 0) return false;
  if (begin === 0) return true;
  const { find } = spec;
  let use = spec;
  let first = begin;
  let last: number;
  if ("count" in find) {
    const at = begin + find.count;
    if (at >= args.count) return false;
    let count = parseSafeInteger(args.bufs[at], args.starts[at], args.ends[at]);
    if (count !== count) {
      // As in Redis, `+2` counts, which the command itself will refuse; nothing is done with the keys.
      count = Number.parseInt(args.latin1(at), 10);
      use = { ...spec, access: null, does: [] };
    }
    // NaN, where it is no number, is not above 0 either.
    if (!(count > 0)) return false;
    first += find.first;
    last = first + count - 1;
  } else if (find.last >= 0) {
    last = begin + find.last;
  } else if (find.limit === 0) {
    last = args.count + find.last;
  } else {
    last = begin + Math.floor((args.count - begin) / find.limit) - 1;
  }
  if (last < first || last >= args.count) return false;
  for (let index = first; index <= last; index += find.step) found.push({ index, spec: use });
  return !spec.other.includes("incomplete");
}

/** The argument at which the search begins; 0 when the keyword is not there, -1 when nobody knows. */
function beginOf({ begin }: KeySpec, args: Args): number {
  if ("unknown" in begin) return -1;
  if ("at" in begin) return begin.at;
  const word = latin1(begin.keyword);
  const isBackwards = begin.from < 0;
  const step = isBackwards ? -1 : 1;
  // The keyword is never the name, nor, where keys must follow it, the last argument.
  const end = isBackwards ? 0 : args.count - 1;
  for (
    let i = isBackwards ? args.count + begin.from : begin.from;
    i * step < end * step;
    i += step
  ) {
    if (equalsIgnoreCase(args.bufs[i], args.starts[i], args.ends[i], word)) return i + 1;
  }
  return 0;
}
