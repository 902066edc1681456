/** Expiry options (EX, PX, EXAT, PXAT) as SET, GETEX and their relatives take them. */
import { MAX_DUE_MS } from "../keyspace/database.ts";
import { type Args, keyword } from "../resp/args.ts";
import { parseInt64, parseSafeInteger } from "../memory/numbers.ts";
import { NOT_AN_INTEGER } from "../resp/errors.ts";
import { invalidExpire } from "./errors.ts";
import { arg, type Argument } from "./spec.ts";

/** How an expiry is given. */
export interface ExpiryUnit {
  readonly seconds: boolean;
  readonly absolute: boolean;
}

const SECONDS: ExpiryUnit = { seconds: true, absolute: false };
const MILLISECONDS: ExpiryUnit = { seconds: false, absolute: false };
const UNIX_SECONDS: ExpiryUnit = { seconds: true, absolute: true };
const UNIX_MILLISECONDS: ExpiryUnit = { seconds: false, absolute: true };

const EX = keyword("EX");
const PX = keyword("PX");
const EXAT = keyword("EXAT");
const PXAT = keyword("PXAT");

const INT64_MAX = 2n ** 63n - 1n;

/** The unit that argument `i` names; null when it is none of EX, PX, EXAT, PXAT. */
export function expiryOption(args: Args, i: number): ExpiryUnit | null {
  if (args.is(i, EX)) return SECONDS;
  if (args.is(i, PX)) return MILLISECONDS;
  if (args.is(i, EXAT)) return UNIX_SECONDS;
  if (args.is(i, PXAT)) return UNIX_MILLISECONDS;
  return null;
}

/**
 * Argument `i` as a due time.
 *
 * @param command Its name, for the error.
 * @returns Wall clock in ms, at most MAX_DUE_MS.
 * @throws {ReplyError} When it is no integer, not positive, or beyond 64 bits in ms.
 */
export function readExpiry(
  args: Args,
  i: number,
  unit: ExpiryUnit,
  nowMs: number,
  command: string,
): number {
  const value = parseSafeInteger(args.bufs[i], args.starts[i], args.ends[i]);
  const ms = unit.seconds ? value * 1000 : value;
  const dueMs = unit.absolute ? ms : ms + nowMs;
  if (value > 0 && dueMs <= Number.MAX_SAFE_INTEGER) return dueMs;
  return readFarExpiry(args, i, unit, nowMs, command);
}

/** The same for what plain numbers cannot decide. */
function readFarExpiry(
  args: Args,
  i: number,
  unit: ExpiryUnit,
  nowMs: number,
  command: string,
): number {
  const value = parseInt64(args.bufs[i], args.starts[i], args.ends[i]);
  if (value === null) throw NOT_AN_INTEGER;
  const ms = unit.seconds ? value * 1000n : value;
  const dueMs = unit.absolute ? ms : ms + BigInt(nowMs);
  if (value <= 0n || dueMs > INT64_MAX) throw invalidExpire(command);
  return Math.min(Number(dueMs), MAX_DUE_MS);
}

/** The argument tree of the four options. `since` is when the relative ones came, where they are younger than the command. */
export function expirationArgs(since?: string): readonly Argument[] {
  const relative = since === undefined ? {} : { since };
  return [
    arg.integer("seconds", { token: "EX", ...relative }),
    arg.integer("milliseconds", { token: "PX", ...relative }),
    arg.unixTime("unix-time-seconds", { token: "EXAT" }),
    arg.unixTime("unix-time-milliseconds", { token: "PXAT" }),
  ];
}
