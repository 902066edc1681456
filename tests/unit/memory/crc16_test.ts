import { assertEquals } from "@std/assert";
import { latin1 } from "../../../src/memory/bytes.ts";
import { crc16, keySlot, SLOTS } from "../../../src/memory/crc16.ts";

function slot(key: string): number {
  return keySlot(latin1("}{" + key + "}{"), 2, 2 + key.length);
}

Deno.test("crc16 is the XMODEM checksum", () => {
  assertEquals(crc16(latin1("123456789"), 0, 9), 0x31c3);
  assertEquals(crc16(latin1("x123456789x"), 1, 10), 0x31c3);
  assertEquals(crc16(latin1(""), 0, 0), 0);
});

Deno.test("keySlot agrees with CLUSTER KEYSLOT", () => {
  const slots: [key: string, slot: number][] = [
    ["", 0],
    ["123456789", 12739],
    ["foo", 12182],
    ["somekey", 11058],
    ["foo{hash_tag}", 2515],
    ["bar{hash_tag}", 2515],
    ["hash_tag", 2515],
    ["foo{}{bar}", 8363],
    ["foo{{bar}}zap", 4015],
    ["foo{bar}{zap}", 5061],
    ["{bar}", 5061],
    ["bar", 5061],
    ["foo{bar", 15278],
    ["foo}bar{", 11073],
    ["\x00\xff\x80", 4727],
  ];
  for (const [key, expected] of slots) assertEquals(slot(key), expected, key);
});

Deno.test("keySlot stays below the number of slots and reaches all of them", () => {
  const reached = new Set<number>();
  for (let i = 0; i < 300_000; i++) reached.add(slot(`key:${i}`));
  assertEquals(reached.size, SLOTS);
  assertEquals(Math.min(...reached), 0);
  assertEquals(Math.max(...reached), SLOTS - 1);
});
