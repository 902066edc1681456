/**
 * Numbers: integers, amounts of memory, percentages, octal permissions.
 *
 * Bounds are those of the C types in Redis, because its messages name them. Settings are JavaScript
 * numbers: exact up to 2^53, beyond it the nearest double.
 */
import { utf8 } from "../../memory/bytes.ts";
import { INT64_MAX, INT64_MIN, parseInt64 } from "../../memory/numbers.ts";
import { RefusedValue } from "../errors.ts";
import { type Kind, oneWord } from "./kind.ts";

export const INT_MIN = -(2 ** 31);
export const INT_MAX = 2 ** 31 - 1;
export const UINT_MAX = 2 ** 32 - 1;
export const LONG_MAX = INT64_MAX;
export const ULONG_MAX = 2n ** 64n - 1n;

type Integer = number | bigint;

/**
 * An integer in decimal.
 *
 * @param kept When given, values between the bounds but outside of these are moved to the nearer one.
 */
export function integer(
  min: Integer,
  max: Integer,
  kept: { readonly atLeast: number; readonly atMost: number } | null = null,
): Kind<number> {
  return oneWord({
    values: max === LONG_MAX ? `${min} or more` : `${min} to ${max}`,
    read(word) {
      const bytes = utf8(word);
      const value = parseInt64(bytes, 0, bytes.length);
      if (value === null) throw new RefusedValue("argument couldn't be parsed into an integer");
      const within = Number(bounded(value, min, max));
      return kept === null ? within : Math.min(Math.max(within, kept.atLeast), kept.atMost);
    },
    format: integerText,
  });
}

/**
 * An amount of memory in bytes, with or without a unit.
 *
 * @param atLeast When given, smaller amounts between the bounds become this one.
 */
export function memory(min: Integer, max: Integer, atLeast = 0): Kind<number> {
  return oneWord({
    values: min === 0 ? "memory" : `memory, at least ${memoryText(Number(min))}`,
    read(word) {
      const value = parseMemory(word);
      if (value === null) throw new RefusedValue("argument must be a memory value");
      return Math.max(Number(bounded(value, min, max)), atLeast);
    },
    format: integerText,
    write: memoryText,
  });
}

/** An amount of memory in bytes, or a share of `maxmemory`: n % is kept as -n. */
export const memoryOrPercentage: Kind<number> = oneWord({
  values: "memory, or a percentage of `maxmemory`",
  read(word) {
    const amount = parseMemory(word);
    const bytes = utf8(word);
    const percentage = word.endsWith("%") ? parseInt64(bytes, 0, bytes.length - 1) : null;
    if (amount === null && (percentage === null || percentage < 0n)) {
      throw new RefusedValue("argument must be a memory or percent value");
    }
    // As in Redis, amounts from 2^63 on have become negative and pass for percentages.
    const value = amount === null ? -percentage! : BigInt.asIntN(64, amount);
    if (value < -100n) {
      throw new RefusedValue("percentage argument must be less or equal to 100");
    }
    return Number(value);
  },
  format: (value) => value < 0 ? `${-value}%` : integerText(value),
  write: (value) => value < 0 ? `${-value}%` : memoryText(value),
});

/** Permission bits of a file. */
export const permissions: Kind<number> = oneWord({
  values: "octal, 0 to 777",
  read(word) {
    const digits = /^\s*([+-]?)([0-7]+)$/.exec(word);
    if (digits === null && word !== "") {
      throw new RefusedValue("argument couldn't be parsed as an octal number");
    }
    const value = digits === null ? 0 : parseInt(digits[2], 8);
    if (value > 0o777 || (digits?.[1] === "-" && value > 0)) {
      throw new RefusedValue("argument must be between 0 and 777 inclusive");
    }
    return value;
  },
  format: (value) => value.toString(8),
});

function bounded(value: bigint, min: Integer, max: Integer): bigint {
  if (value < min || value > max) {
    throw new RefusedValue(`argument must be between ${min} and ${max} inclusive`);
  }
  return value;
}

const UNITS: Readonly<Record<string, bigint>> = {
  "": 1n,
  b: 1n,
  k: 1000n,
  kb: 1024n,
  m: 1000n ** 2n,
  mb: 1024n ** 2n,
  g: 1000n ** 3n,
  gb: 1024n ** 3n,
};

/**
 * Reads an amount of memory as Redis does: digits, which may be missing, then perhaps a unit in any
 * case (1k is 1000 bytes, 1kb is 1024). Digits beyond 2^64-1 count as that; the product wraps.
 *
 * @returns Bytes from 0 to 2^64-1, or null.
 */
export function parseMemory(word: string): bigint | null {
  const match = /^([0-9]{0,127})([a-z]*)$/i.exec(word);
  const unit = match && UNITS[match[2].toLowerCase()];
  if (!match || unit === undefined) return null;
  const digits = BigInt(match[1]);
  return BigInt.asUintN(64, (digits > ULONG_MAX ? ULONG_MAX : digits) * (unit as bigint));
}

/** An amount of memory in the greatest unit that divides it: 1073741824 is `1gb`. */
export function memoryText(bytes: number): string {
  if (bytes !== 0 && Number.isSafeInteger(bytes)) {
    for (const [unit, size] of [["gb", 1024 ** 3], ["mb", 1024 ** 2], ["kb", 1024]] as const) {
      if (bytes % size === 0) return bytes / size + unit;
    }
  }
  return integerText(bytes);
}

/**
 * The digits of a whole number, all of them. The bounds that are no doubles have become the next one:
 * whoever sees that means the bound.
 */
function integerText(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  const bound = [LONG_MAX, ULONG_MAX].find((bound) => value === Number(bound));
  return String(bound ?? BigInt(value));
}

/**
 * Reads an integer as C's strtoll does when all of the word must be used: white space and a sign may
 * come first, an empty word is 0, and what is out of range is the nearest 64-bit integer.
 *
 * @returns null when it is no integer.
 */
export function parseLong(word: string): bigint | null {
  if (word === "") return 0n;
  const match = /^[\t-\r ]*([+-]?)([0-9]+)$/.exec(word);
  if (match === null) return null;
  const value = match[1] === "-" ? -BigInt(match[2]) : BigInt(match[2]);
  if (value > INT64_MAX) return INT64_MAX;
  return value < INT64_MIN ? INT64_MIN : value;
}
