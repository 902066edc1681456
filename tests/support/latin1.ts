/**
 * Bytes as JavaScript strings of the same length: char code = byte.
 *
 * Tests write and compare binary data in this form, because strings can be literals, map keys and
 * operands of `===`, and lose nothing.
 */

const decoder = new TextDecoder("latin1");

/**
 * @param text Only char codes up to 0xff.
 * @throws RangeError on any other: the bytes meant would be a guess.
 */
export function latin1Bytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) {
      throw new RangeError(
        `Cannot write U+${code.toString(16)} as one byte: spell its bytes as \\xHH`,
      );
    }
    bytes[i] = code;
  }
  return bytes;
}

/** The inverse of {@link latin1Bytes}, for every byte (`TextDecoder` alone means windows-1252). */
export function latin1Text(bytes: Uint8Array): string {
  // Windows-1252 differs from Latin-1 in 0x80 to 0x9f only; the decoder is far faster than a loop.
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte >= 0x80 && byte <= 0x9f) return spelledOut(bytes);
  }
  return decoder.decode(bytes);
}

function spelledOut(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}

/** Whether two byte strings are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
