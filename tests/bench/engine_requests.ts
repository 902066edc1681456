/** Requests for the engine alone, made before the clock runs. */
import { encodeCommand } from "../support/resp_client.ts";
import type { Random } from "../support/random.ts";
import { keyAt } from "./contenders.ts";

/** Requests of one length each, back to back. */
export interface Requests {
  bytes: Uint8Array;
  /** Length of a single request. */
  size: number;
  count: number;
}

const DIGIT_0 = 48;

/**
 * Makes as many SETs or GETs as `indexes` has elements.
 *
 * @param verb What to do with each key.
 * @param indexes Which of redis-benchmark's keys each request names.
 * @param valueBytes Length of the value that SET gives.
 */
export function makeRequests(
  verb: "SET" | "GET",
  indexes: Uint32Array,
  valueBytes: number,
): Requests {
  const request = verb === "SET"
    ? encodeCommand([verb, keyAt(0), "x".repeat(valueBytes)])
    : encodeCommand([verb, keyAt(0)]);
  // The key follows the lines *N, $3, verb and $16; its digits end 16 bytes after its start.
  const digitsEnd = "*3\r\n$3\r\nSET\r\n$16\r\n".length + 16;
  const bytes = new Uint8Array(request.length * indexes.length);
  for (let i = 0; i < indexes.length; i++) {
    const start = i * request.length;
    bytes.set(request, start);
    let at = start + digitsEnd;
    for (let rest = indexes[i]; rest > 0; rest = Math.floor(rest / 10)) {
      bytes[--at] = DIGIT_0 + rest % 10;
    }
  }
  return { bytes, size: request.length, count: indexes.length };
}

/** Every index below `count` once, in random order. */
export function shuffledIndexes(count: number, random: Random): Uint32Array {
  const indexes = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const swapped = indexes[i];
    indexes[i] = indexes[j];
    indexes[j] = swapped;
  }
  return indexes;
}

/** `count` random indexes below `bound`. */
export function randomIndexes(count: number, bound: number, random: Random): Uint32Array {
  return Uint32Array.from({ length: count }, () => random.below(bound));
}
