/**
 * Dumps by hand, byte by byte. A dump is written down as a list of parts: a number is a byte, a text
 * the bytes of its characters, a list what its parts are; functions make the longer forms.
 */
import { Crc64 } from "../../../../src/memory/crc64.ts";
import { latin1Bytes } from "../../../support/latin1.ts";

export type Part = number | string | Uint8Array | readonly Part[];

/** The bytes of parts. */
export function bytes(...parts: readonly Part[]): Uint8Array {
  const gathered: number[] = [];
  const add = (part: Part): void => {
    if (typeof part === "number") gathered.push(part & 0xff);
    else if (typeof part === "string") add(latin1Bytes(part));
    else if (part instanceof Uint8Array) part.forEach((byte) => gathered.push(byte));
    else part.forEach(add);
  };
  add(parts);
  return Uint8Array.from(gathered);
}

/** An integer in `width` bytes, low byte first. */
export function le(value: number | bigint, width: number): Uint8Array {
  const wide = BigInt.asUintN(8 * width, BigInt(value));
  return Uint8Array.from({ length: width }, (_, i) => Number((wide >> BigInt(8 * i)) & 0xffn));
}

/** The same, high byte first. */
export function be(value: number | bigint, width: number): Uint8Array {
  return le(value, width).toReversed();
}

export function double(value: number): Uint8Array {
  return new Uint8Array(new Float64Array([value]).buffer);
}

/** A length, in the shortest of its forms. */
export function len(value: number): Part {
  if (value < 64) return value;
  if (value < 1 << 14) return [0x40 | (value >> 8), value];
  return [0x80, be(value, 4)];
}

/** A string as it is. */
export function str(...parts: readonly Part[]): Part {
  const content = bytes(...parts);
  return [len(content.length), content];
}

/** A dump with its head, the records given, the end, and a checksum. */
export function dump(head: string, ...records: readonly Part[]): Uint8Array {
  const content = bytes(head, records, 0xff);
  const crc = new Crc64();
  crc.update(content, 0, content.length);
  const footer = new Uint8Array(8);
  crc.write(footer, 0);
  return bytes(content, footer);
}

/** A listpack of elements: numbers up to 127, and texts. */
export function listpack(...elements: readonly (string | number)[]): Uint8Array {
  const content = bytes(elements.map((element) => {
    if (typeof element === "number") return [element, 1];
    return [0x80 | element.length, element, 1 + element.length];
  }));
  return bytes(le(content.length + 7, 4), le(elements.length, 2), content, 0xff);
}

/** A ziplist of entries, each its encoding and data. */
export function ziplist(...entries: readonly Part[]): Uint8Array {
  let before = 0;
  let last = 10;
  let content = new Uint8Array(0);
  for (const entry of entries) {
    last = 10 + content.length;
    const prefix: Part = before < 254 ? before : [254, le(before, 4)];
    const encoded = bytes(prefix, entry);
    before = encoded.length;
    content = bytes(content, encoded) as Uint8Array<ArrayBuffer>;
  }
  return bytes(le(content.length + 11, 4), le(last, 4), le(entries.length, 2), content, 0xff);
}

/** A short text as the entry of a ziplist. */
export function zipText(text: string): Part {
  return [text.length, text];
}
