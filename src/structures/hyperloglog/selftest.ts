/**
 * What PFSELFTEST does: shows on the machine at hand that registers keep what is written to them, that
 * both encodings count alike, and that counts are as accurate as the theory promises.
 */
import { denseRaise, denseRank } from "./dense.ts";
import { HLL_DENSE_BYTES, HLL_REGISTERS, isDenseHll, writeEmptyHll } from "./header.ts";
import { hllAdd, hllCount, hllToDense } from "./mod.ts";

const REGISTER_ROUNDS = 20;
const ELEMENTS_MAX = 1_000_000;
const SPARSE_MAX_BYTES = 3000;
/** Up to this many elements a value of SPARSE_MAX_BYTES must have stayed sparse. */
const SPARSE_ELEMENTS = 100;
const STANDARD_ERROR = 1.04 / Math.sqrt(HLL_REGISTERS);
/** An error of more standard errors than this is no chance. */
const ERRORS_MAX = 6;

/** Runs the test, some 100 ms. Null: passed; else what is wrong, in one line for an error reply. */
export function hllSelfTest(): string | null {
  return testRegisters() ?? testCounts();
}

/** Raises the dense registers in turn, to ranks that rise and fall, and compares with an array. */
function testRegisters(): string | null {
  const value = new Uint8Array(HLL_DENSE_BYTES);
  const expected = new Uint8Array(HLL_REGISTERS);
  for (let round = 1; round <= REGISTER_ROUNDS; round++) {
    for (let index = 0; index < HLL_REGISTERS; index++) {
      const rank = Math.imul(index, 2654435769 + round) >>> 26;
      denseRaise(value, 0, index, rank);
      if (expected[index] < rank) expected[index] = rank;
    }
    for (let index = 0; index < HLL_REGISTERS; index++) {
      const rank = denseRank(value, 0, index);
      if (rank !== expected[index]) {
        return `TESTFAILED Register ${index} should be ${expected[index]} but is ${rank}`;
      }
    }
  }
  return null;
}

/** Adds elements in both encodings, and at each power of ten compares the counts. */
function testCounts(): string | null {
  const dense = new Uint8Array(HLL_DENSE_BYTES);
  hllToDense(dense, 0, writeEmptyHll(dense, 0));
  const sparse = new Uint8Array(HLL_DENSE_BYTES);
  let sparseLength = writeEmptyHll(sparse, 0);

  const element = new Uint8Array(4);
  let checkpoint = 1;
  for (let cardinality = 1; cardinality <= ELEMENTS_MAX; cardinality++) {
    for (let i = 0; i < 4; i++) element[i] = cardinality >>> (8 * i);
    const room = HLL_DENSE_BYTES;
    hllAdd(dense, 0, HLL_DENSE_BYTES, room, element, 0, 4, SPARSE_MAX_BYTES);
    const length = hllAdd(sparse, 0, sparseLength, room, element, 0, 4, SPARSE_MAX_BYTES);
    if (length > 0) sparseLength = length;
    if (cardinality < checkpoint) continue;
    checkpoint *= 10;

    if (cardinality <= SPARSE_ELEMENTS && isDenseHll(sparse, 0)) {
      return "TESTFAILED sparse encoding not used";
    }
    const count = hllCount(dense, 0, HLL_DENSE_BYTES);
    if (count !== hllCount(sparse, 0, sparseLength)) return "TESTFAILED dense/sparse disagree";
    const error = Math.abs(count - cardinality);
    if (error > Math.ceil(ERRORS_MAX * STANDARD_ERROR * cardinality)) {
      return `TESTFAILED Too big error. card:${cardinality} abserr:${error}`;
    }
  }
  return null;
}
