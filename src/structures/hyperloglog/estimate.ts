/**
 * The cardinality that registers stand for: the improved raw estimator of Otmar Ertl, "New
 * cardinality estimation algorithms for HyperLogLog sketches" (arXiv:1702.01284), algorithm 6. It
 * needs no table of corrections, and no more than how many registers hold each rank:
 *
 *     alpha * m^2 / (m * sigma(C0 / m) + sum of Ck * 2^-k, k from 1 to q + m * tau(1 - Cq+1 / m) * 2^-q)
 *
 * with m registers, q = 50 bits of hash behind the index, Ck registers of rank k, and alpha the limit
 * 1 / (2 ln 2). Every double operation is done in the order in which Redis does it, so that the
 * rounded result is the same number.
 */
import { HLL_RANK_MAX, HLL_REGISTERS } from "./header.ts";

const ALPHA = 0.721347520444481703680;
const CARDINALITY_MAX = 2 ** 63;

/**
 * The estimate for a histogram of ranks, a count for each of 0 to 63 that add up to 16384: an
 * integer from 0 to 2^63, where 2^63 stands for "beyond 63 bits" as well. Only forged registers
 * come that far.
 */
export function estimateCardinality(histogram: Int32Array): number {
  const m = HLL_REGISTERS;
  let z = m * tau((m - histogram[HLL_RANK_MAX]) / m);
  for (let rank = HLL_RANK_MAX - 1; rank >= 1; rank--) {
    z = (z + histogram[rank]) * 0.5;
  }
  z += m * sigma(histogram[0] / m);
  return Math.min(Math.round(ALPHA * m * m / z), CARDINALITY_MAX);
}

/** x + the sum over k of x^(2^k) * 2^(k-1): what the registers that hold 0 contribute. */
function sigma(fraction: number): number {
  if (fraction === 1) return Infinity;
  let x = fraction;
  let z = x;
  let weight = 1;
  let previous;
  do {
    x *= x;
    previous = z;
    z += x * weight;
    weight += weight;
  } while (z !== previous);
  return z;
}

/** (1 - x - the sum over k of (1 - x^(2^-k))^2 * 2^-k) / 3: what the full registers contribute. */
function tau(fraction: number): number {
  if (fraction === 0 || fraction === 1) return 0;
  let x = fraction;
  let z = 1 - x;
  let weight = 1;
  let previous;
  do {
    x = Math.sqrt(x);
    previous = z;
    weight *= 0.5;
    z -= (1 - x) * (1 - x) * weight;
  } while (z !== previous);
  return z / 3;
}
