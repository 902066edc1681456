import { assertEquals } from "@std/assert";
import { latin1 } from "../../../src/memory/bytes.ts";
import { sha1, SHA1_BYTES } from "../../../src/memory/sha1.ts";

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

Deno.test("SHA-1 gives the digests of the standard's examples", () => {
  const examples = {
    "": "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "abc": "a9993e364706816aba3e25717850c26c9cd0d89d",
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq":
      "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
  };
  for (const [text, expected] of Object.entries(examples)) {
    const out = new Uint8Array(SHA1_BYTES);
    sha1(latin1(text), 0, text.length, out, 0);
    assertEquals(hexOf(out), expected);
  }
});

Deno.test("SHA-1 equals that of Web Crypto at every length around the size of a block", async () => {
  const buf = Uint8Array.from({ length: 400 }, (_, at) => at * 7 + (at >> 3));
  for (let length = 0; length < 300; length++) {
    const expected = await crypto.subtle.digest("SHA-1", buf.subarray(5, 5 + length));
    const out = new Uint8Array(30).fill(1);
    sha1(buf, 5, 5 + length, out, 3);
    assertEquals(out.slice(3, 23), new Uint8Array(expected));
    assertEquals(out[2] + out[23], 2);
  }
});

Deno.test("SHA-1 may overwrite what it hashes", () => {
  const buf = latin1("abc".padEnd(40));
  sha1(buf, 0, 3, buf, 0);
  assertEquals(hexOf(buf.slice(0, 20)), "a9993e364706816aba3e25717850c26c9cd0d89d");
});
