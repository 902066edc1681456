import { assert, assertEquals } from "@std/assert";
import { latin1 } from "../../../src/memory/bytes.ts";
import { Crc64 } from "../../../src/memory/crc64.ts";
import { freshSeed, Random } from "../../support/random.ts";

function hex(crc: Crc64): string {
  return [crc.high, crc.low].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

function checksum(bytes: Uint8Array): string {
  const crc = new Crc64();
  crc.update(bytes, 0, bytes.length);
  return hex(crc);
}

/** The same by the definition, bit by bit. */
function plainChecksum(bytes: Uint8Array): string {
  let crc = 0n;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 1n ? (crc >> 1n) ^ 0x95ac9329ac4bc9b5n : crc >> 1n;
    }
  }
  return crc.toString(16).padStart(16, "0");
}

Deno.test("Crc64 has Redis's check value", () => {
  assertEquals(checksum(latin1("123456789")), "e9c6d914c4b8d9ca");
  assertEquals(checksum(latin1("")), "0000000000000000");
});

Deno.test("Crc64 agrees with the definition for every length", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (let length = 0; length < 70; length++) {
    const bytes = Uint8Array.from({ length }, () => random.next());
    assertEquals(checksum(bytes), plainChecksum(bytes), `${length} bytes`);
  }
});

Deno.test("Crc64 gives the same for the same bytes in any portions", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  const bytes = Uint8Array.from({ length: 5000 }, () => random.next());
  const whole = checksum(bytes);
  for (let run = 0; run < 20; run++) {
    const crc = new Crc64();
    for (let at = 0; at < bytes.length;) {
      const end = Math.min(at + random.below(40), bytes.length);
      crc.update(bytes, at, end);
      at = end;
    }
    assertEquals(hex(crc), whole);
  }
});

Deno.test("Crc64 closes a payload as redis-server's DUMP does", () => {
  const payload = latin1("\x00\x09hello crc\x0a\x00" + "\xa6\xa6\x5b\x46\xc7\xfb\xe6\x2f");
  const end = payload.length - 8;
  const crc = new Crc64();
  crc.update(payload, 0, end);
  assert(crc.matches(payload, end));

  const written = payload.slice().fill(0, end);
  crc.write(written, end);
  assertEquals(written, payload);
});

Deno.test("Crc64 tells any changed byte of a stored checksum", () => {
  const bytes = new Uint8Array(12);
  const crc = new Crc64();
  crc.update(latin1("123456789"), 0, 9);
  crc.write(bytes, 2);
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] ^= 0x80;
    const isWithin = at >= 2 && at < 10;
    assertEquals(crc.matches(bytes, 2), !isWithin, `byte ${at} differs`);
    bytes[at] ^= 0x80;
  }
});

Deno.test("Crc64 begins anew after reset", () => {
  const crc = new Crc64();
  crc.update(latin1("something else"), 0, 14);
  crc.reset();
  crc.update(latin1("123456789"), 0, 9);
  assertEquals(hex(crc), "e9c6d914c4b8d9ca");
});
