/** LZF against the real server, by the payloads of DUMP and RESTORE, which hold long strings as LZF. */
import { assert, assertEquals } from "@std/assert";
import { latin1, latin1Text } from "../../../src/memory/bytes.ts";
import { Crc64 } from "../../../src/memory/crc64.ts";
import { compressLzf, decompressLzf } from "../../../src/memory/lzf.ts";
import { freshSeed, Random } from "../../support/random.ts";
import { concatBytes, type RespClient } from "../../support/resp_client.ts";
import { oracleTest, startRedis } from "../../support/servers.ts";

const TEXTS = 300;

const STRING_TYPE = 0x00;
const LZF_MARK = 0xc3;
/** Version of RDB and checksum, behind the value. */
const FOOTER_BYTES = 10;
const RDB_VERSION = 10;

const WORDS = ["value:", "user", "session", "{", '"name": "', '",\n', "0", "17", " ", "the "];

/** Something like what people store: words, numbers, repetitions. */
function randomText(random: Random): Uint8Array {
  let text = "";
  const length = random.between(200, 15_000);
  while (text.length < length) {
    if (random.oneIn(10)) text += text.slice(random.below(text.length)).slice(0, 300);
    text += random.oneIn(4) ? String(random.below(100_000)) : random.pick(WORDS);
  }
  return latin1(text);
}

/** A length in the two shorter of RDB's forms, at `at`: the number and where it ends. */
function readLength(bytes: Uint8Array, at: number): [length: number, end: number] {
  if (bytes[at] < 0x40) return [bytes[at], at + 1];
  assert(bytes[at] < 0x80);
  return [(bytes[at] & 0x3f) << 8 | bytes[at + 1], at + 2];
}

/** The payload of a string that is an LZF stream. */
function payloadOf(stream: Uint8Array, textLength: number): Uint8Array {
  const wide = (length: number) => Uint8Array.of(0x40 | length >>> 8, length);
  const body = concatBytes([
    Uint8Array.of(STRING_TYPE, LZF_MARK),
    wide(stream.length),
    wide(textLength),
    stream,
    Uint8Array.of(RDB_VERSION, 0),
  ]);
  const crc = new Crc64();
  crc.update(body, 0, body.length);
  const checksum = new Uint8Array(8);
  crc.write(checksum, 0);
  return concatBytes([body, checksum]);
}

async function dumpOf(client: RespClient, key: string): Promise<Uint8Array> {
  await client.send("DUMP", key);
  const reply = await client.readReplyBytes() ?? new Uint8Array();
  return reply.slice(reply.indexOf(0x0a) + 1, -2);
}

oracleTest(
  "LZF streams are read by the real server, read from it, and no longer than its own",
  async () => {
    const random = new Random(freshSeed());
    console.log(`seed ${random.seed}`);
    await using server = await startRedis();
    using client = await server.connect();
    let ours = 0;
    let theirs = 0;
    for (let round = 0; round < TEXTS; round++) {
      const text = randomText(random);
      await client.command("SET", "theirs", text);
      const dump = await dumpOf(client, "theirs");
      assertEquals(dump[1], LZF_MARK);
      const [size, lengthAt] = readLength(dump, 2);
      const [length, start] = readLength(dump, lengthAt);
      assertEquals([length, start + size], [text.length, dump.length - FOOTER_BYTES]);
      const back = new Uint8Array(length);
      assert(decompressLzf(dump, start, start + size, back, 0, length));
      assertEquals(back, text);

      const dst = new Uint8Array(text.length);
      const written = compressLzf(text, 0, text.length, dst, 0, dst.length);
      const payload = payloadOf(dst.subarray(0, written), text.length);
      await client.command("RESTORE", "ours", "0", payload, "REPLACE");
      assertEquals(await client.command("GET", "ours"), latin1Text(text, 0, text.length));
      ours += written;
      theirs += size;
    }
    console.log(`${ours} bytes, the real server takes ${theirs}`);
    assert(ours <= theirs);
  },
);
