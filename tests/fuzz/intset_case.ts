/** One case of the intsets' fuzzer: a damaged one is either refused, or as good as any other. */
import { latin1 } from "../../src/memory/bytes.ts";
import {
  createIntset,
  INTSET_TEXT_BYTES,
  intsetAdd,
  intsetBytes,
  intsetHas,
  intsetLength,
  intsetRemove,
  intsetText,
  isValidIntset,
} from "../../src/structures/intset.ts";
import { latin1Text } from "../support/latin1.ts";
import { Random } from "../support/random.ts";
import { corrupted, verdictOn } from "./corruption.ts";
import { accountFor, blockOf, bytesOf, slabs } from "./slab_block.ts";

/** As many integers of each width as come up in one set. */
const RANGES = [100n, 30_000n, 2n ** 31n - 1n, 2n ** 63n - 1n];

const text = new Uint8Array(INTSET_TEXT_BYTES);

function randomInteger(random: Random): Uint8Array {
  const range = random.pick(RANGES);
  const value = (BigInt(random.next()) << 32n | BigInt(random.next())) % range;
  return latin1(String(random.oneIn(2) ? value : -value));
}

/** The bytes of a random intset. */
function randomIntset(random: Random): Uint8Array {
  let set = createIntset(slabs);
  for (let left = random.between(1, 20); left > 0; left--) set = added(set, randomInteger(random));
  const bytes = bytesOf(set, intsetBytes(slabs, set));
  slabs.free(set);
  return bytes;
}

function added(set: number, member: Uint8Array): number {
  if (intsetHas(slabs, set, member, 0, member.length)) return set;
  return intsetAdd(slabs, set, member, 0, member.length);
}

/** Runs the case of this seed; returns whether the damaged intset was accepted. */
export function runIntsetCase(seed: number): boolean {
  const random = new Random(seed);
  const sound = randomIntset(random);
  const bytes = corrupted(sound, random);
  // Lengths of listpacks are no use here; the number of members often is.
  if (bytes.length >= 8 && random.oneIn(2)) bytes.set(sound.subarray(0, 4));
  if (bytes.length >= 8 && random.oneIn(2)) bytes[4] = (bytes.length - 8) / (bytes[0] || 1);
  if (!verdictOn(bytes, isValidIntset)) return false;
  accountFor(bytes.length, () => {
    let set = blockOf(bytes);
    walk(set);
    for (let left = random.below(4); left > 0; left--) {
      set = added(set, randomInteger(random));
      walk(set);
    }
    while (intsetLength(slabs, set) > 1) {
      const length = intsetText(slabs, set, random.below(intsetLength(slabs, set)), text);
      set = intsetRemove(slabs, set, text, 0, length);
    }
    walk(set);
    slabs.free(set);
  });
  return true;
}

/** All members must be found, and rise. */
function walk(set: number): void {
  let before: bigint | null = null;
  for (let i = 0; i < intsetLength(slabs, set); i++) {
    const length = intsetText(slabs, set, i, text);
    const member = BigInt(latin1Text(text.subarray(0, length)));
    if (before !== null && member <= before) throw new Error(`${member} follows ${before}`);
    if (!intsetHas(slabs, set, text, 0, length)) throw new Error(`${member} is not found`);
    before = member;
  }
  const size = intsetBytes(slabs, set);
  if (!isValidIntset(bytesOf(set, size), 0, size)) throw new Error("the intset is not sound");
}
