/** Damage of the kind that bytes from outside may have, for the fuzzers of decoders. */
import type { Random } from "../support/random.ts";

/** Bytes that mean something in listpacks: encodings, their bounds, the end. */
const TELLING_BYTES = [
  0x00,
  0x01,
  0x7f,
  0x80,
  0xbf,
  0xc0,
  0xdf,
  0xe0,
  0xef,
  0xf0,
  0xf1,
  0xf4,
  0xf5,
  0xff,
];

/** Where lengths and counts stand in headers. */
const HEADER_BYTES = 8;

/** A copy of some bytes with one to four damages; now and then they undo each other. */
export function corrupted(sound: Uint8Array, random: Random): Uint8Array {
  let bytes: Uint8Array = sound.slice();
  for (let left = random.between(1, 4); left > 0; left--) bytes = damaged(bytes, random);
  return bytes;
}

function damaged(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1);
  switch (random.below(8)) {
    case 0:
      bytes[at] ^= 1 << random.below(8);
      return bytes;
    case 1:
      bytes[at] = random.below(256);
      return bytes;
    case 2:
      bytes[at] = random.pick(TELLING_BYTES);
      return bytes;
    case 3:
      bytes[random.below(HEADER_BYTES)] = random.oneIn(2) ? random.below(256) : 0;
      return bytes;
    case 4:
      return withLength(bytes.slice(0, at), random);
    case 5:
      return withLength(spliced(bytes, at, at, randomBytes(random)), random);
    case 6:
      return withLength(spliced(bytes, at, at + random.below(12), randomBytes(random)), random);
    default: {
      const from = random.below(bytes.length + 1);
      const part = bytes.slice(from, from + random.below(24));
      return withLength(spliced(bytes, at, at + part.length, part), random);
    }
  }
}

function randomBytes(random: Random): Uint8Array {
  const length = random.below(6);
  return Uint8Array.from(
    { length },
    () => random.oneIn(2) ? random.pick(TELLING_BYTES) : random.below(256),
  );
}

function spliced(bytes: Uint8Array, from: number, to: number, part: Uint8Array): Uint8Array {
  const result = new Uint8Array(from + part.length + Math.max(bytes.length - to, 0));
  result.set(bytes.subarray(0, from));
  result.set(part, from);
  result.set(bytes.subarray(to), from + part.length);
  return result;
}

/** Mostly tells the right length in the first four bytes, so that the damage is looked at more closely. */
function withLength(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length >= 4 && !random.oneIn(4)) {
    for (let i = 0; i < 4; i++) bytes[i] = bytes.length >>> (8 * i);
  }
  return bytes;
}

/** The verdict of a check, which must not depend on what lies around the bytes. */
export function verdictOn(
  bytes: Uint8Array,
  isSound: (buf: Uint8Array, start: number, end: number) => boolean,
): boolean {
  const before = 16;
  const surrounded = new Uint8Array(before + bytes.length + 16).fill(0xff);
  surrounded.set(bytes, before);
  const verdict = isSound(surrounded, before, before + bytes.length);
  surrounded.fill(0, before + bytes.length);
  if (isSound(surrounded, before, before + bytes.length) !== verdict) {
    throw new Error("the verdict depends on what lies behind");
  }
  if (isSound(bytes, 0, bytes.length) !== verdict) {
    throw new Error("the verdict depends on what lies around");
  }
  return verdict;
}
