import { assertEquals } from "@std/assert";
import { utf8 } from "../../../src/memory/bytes.ts";
import { sha256Hex } from "../../../src/memory/sha256.ts";

Deno.test("SHA-256 gives the digests that the standard gives as examples", () => {
  const digests: readonly (readonly [text: string, digest: string])[] = [
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
    ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
  ];
  for (const [text, digest] of digests) assertEquals(sha256Hex(utf8(text)), digest);
});

Deno.test("SHA-256 agrees with the platform's own for every length about a block's", async () => {
  for (let length = 0; length <= 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => i * 7 + length);
    const expected = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const hex = Array.from(expected, (byte) => byte.toString(16).padStart(2, "0")).join("");
    assertEquals(sha256Hex(bytes), hex, `${length} bytes`);
  }
});
