/** HyperLogLog values against the real server: the same operations give the same bytes. */
import { assertEquals } from "@std/assert";
import {
  cacheCardinality,
  dropCachedCardinality,
  HLL_CORRUPT,
  HLL_DENSE_BYTES,
  HLL_REGISTERS,
  hllAdd,
  hllCount,
  hllMerge,
  hllRaise,
  hllToDense,
  isDenseHll,
  isHll,
  registersCount,
  writeEmptyHll,
} from "../../../src/structures/hyperloglog/mod.ts";
import { elementOfRank } from "../../support/murmur.ts";
import { freshSeed, Random } from "../../support/random.ts";
import { RespError, type Value } from "../../support/reply.ts";
import type { RespClient } from "../../support/resp_client.ts";
import { oracleTest, startRedis } from "../../support/servers.ts";

const CORRUPT = "INVALIDOBJ Corrupted HLL object detected";

/** A string value, and the PF commands on it as Redis's manual has them. */
class Model {
  buf = new Uint8Array(HLL_DENSE_BYTES);
  length = 0;

  add(elements: readonly Uint8Array[], sparseMaxBytes: number): Value {
    let changed = this.length === 0;
    if (changed) this.length = writeEmptyHll(this.buf, 0);
    for (const element of elements) {
      const { buf, length } = this;
      const end = element.length;
      const result = hllAdd(buf, 0, length, buf.length, element, 0, end, sparseMaxBytes);
      if (result === HLL_CORRUPT) return new RespError(CORRUPT);
      if (result > 0) {
        this.length = result;
        changed = true;
      }
    }
    if (changed) dropCachedCardinality(this.buf, 0);
    return changed ? 1 : 0;
  }

  count(): Value {
    const count = hllCount(this.buf, 0, this.length);
    if (Number.isNaN(count)) return new RespError(CORRUPT);
    cacheCardinality(this.buf, 0, count);
    return Number.isSafeInteger(count) ? count : BigInt.asIntN(64, BigInt(count));
  }

  merge(others: readonly Model[], sparseMaxBytes: number): void {
    const registers = new Uint8Array(HLL_REGISTERS);
    const sources = [this, ...others].filter(({ length }) => length > 0);
    for (const { buf, length } of sources) hllMerge(buf, 0, length, registers);
    if (this.length === 0) this.length = writeEmptyHll(this.buf, 0);
    if (sources.some(({ buf }) => isDenseHll(buf, 0)) && !isDenseHll(this.buf, 0)) {
      hllToDense(this.buf, 0, this.length);
      this.length = HLL_DENSE_BYTES;
    }
    registers.forEach((rank, index) => {
      const { buf, length } = this;
      if (rank === 0) return;
      const result = hllRaise(buf, 0, length, buf.length, index, rank, sparseMaxBytes);
      if (result > 0) this.length = result;
    });
    dropCachedCardinality(this.buf, 0);
  }

  get bytes(): Uint8Array {
    return this.buf.slice(0, this.length);
  }
}

function randomElement(random: Random): Uint8Array {
  if (random.oneIn(50)) return elementOfRank(random.below(HLL_REGISTERS), random.between(20, 33));
  const element = new Uint8Array(random.below(random.oneIn(10) ? 100 : 20));
  // Few different bytes, so that some elements come twice.
  for (let i = 0; i < element.length; i++) element[i] = random.below(4) * 85;
  return element;
}

function randomElements(random: Random): Uint8Array[] {
  const limit = random.pick([2, 5, 5, 200]);
  return Array.from({ length: random.below(limit) }, () => randomElement(random));
}

/** The value of a key; binary replies come as they are. */
async function bytesOf(client: RespClient, key: string): Promise<Uint8Array> {
  await client.send("GET", key);
  const reply = await client.readReplyBytes();
  const header = reply!.indexOf(10) + 1;
  return reply!.slice(header, -2);
}

oracleTest("HyperLogLog values equal redis-server's after random PFADD and PFMERGE", async () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  await using server = await startRedis();
  using client = await server.connect();

  for (let round = 0; round < 30; round++) {
    const sparseMaxBytes = random.pick([0, 30, 100, 1000, 3000, 3000, 15_000]);
    await client.command("FLUSHALL");
    await client.command("CONFIG", "SET", "hll-sparse-max-bytes", sparseMaxBytes);
    const models = [new Model(), new Model(), new Model(), new Model()];
    for (let step = 0; step < 150; step++) {
      const at = random.below(models.length);
      const model = models[at];
      if (random.oneIn(12)) {
        const sources = [random.below(models.length), random.below(models.length)];
        await client.command("PFMERGE", `key:${at}`, ...sources.map((i) => `key:${i}`));
        model.merge(sources.map((i) => models[i]), sparseMaxBytes);
      } else if (random.oneIn(8) && model.length > 0) {
        assertEquals(await client.command("PFCOUNT", `key:${at}`), model.count());
      } else {
        const elements = randomElements(random);
        const reply = await client.command("PFADD", `key:${at}`, ...elements);
        assertEquals(model.add(elements, sparseMaxBytes), reply);
      }
      assertEquals(model.bytes, await bytesOf(client, `key:${at}`));
    }
    const registers = new Uint8Array(HLL_REGISTERS);
    for (const { buf, length } of models) if (length > 0) hllMerge(buf, 0, length, registers);
    assertEquals(
      registersCount(registers),
      await client.command("PFCOUNT", "key:0", "key:1", "key:2", "key:3"),
    );
  }
});

oracleTest("Cardinalities equal redis-server's from one element to a million", async () => {
  await using server = await startRedis();
  using client = await server.connect();
  const model = new Model();
  const encoder = new TextEncoder();
  for (let from = 0, to = 1; to <= 1_000_000; from = to, to = Math.ceil(to * 1.3)) {
    for (let at = from; at < to;) {
      const elements: Uint8Array[] = [];
      for (; at < to && elements.length < 20_000; at++) elements.push(encoder.encode(`e${at}`));
      await client.command("PFADD", "key", ...elements);
      model.add(elements, 3000);
    }
    assertEquals(model.count(), await client.command("PFCOUNT", "key"));
  }
  assertEquals(model.bytes, await bytesOf(client, "key"));
});

oracleTest("Forged HyperLogLog values are judged and counted as redis-server does", async () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  await using server = await startRedis();
  using client = await server.connect();
  for (let round = 0; round < 2000; round++) {
    const model = forged(random);
    await client.command("SET", "key", model.bytes);
    const count: Value = isHll(model.buf, 0, model.length)
      ? model.count()
      : new RespError("WRONGTYPE Key is not a valid HyperLogLog string value.");
    await client.send("PFCOUNT", "key");
    assertEquals(String(count), String(await client.readReply()));
    assertEquals(model.bytes, await bytesOf(client, "key"));
  }
});

/** Bytes that may just be a HyperLogLog, with a cardinality that is out of date. */
function forged(random: Random): Model {
  const model = new Model();
  const { buf } = model;
  if (random.oneIn(3)) {
    // Dense, its ranks from a narrow range; those above 51 come from no element.
    model.length = HLL_DENSE_BYTES - (random.oneIn(8) ? random.between(-1, 1) : 0);
    model.buf = new Uint8Array(model.length);
    model.buf.set([0x48, 0x59, 0x4c, 0x4c, 0]);
    const low = random.below(64);
    for (let at = 16; at + 3 <= model.length; at += 3) {
      let group = 0;
      for (let i = 0; i < 4; i++) group = group << 6 | random.between(low, Math.min(low + 3, 63));
      model.buf.set([group, group >> 8, group >> 16], at);
    }
  } else {
    model.length = writeEmptyHll(buf, 0);
    const elements = Array.from({ length: random.below(20) }, () => randomElement(random));
    model.add(elements, 3000);
    if (random.oneIn(2)) buf[random.below(model.length)] = random.below(256);
    if (random.oneIn(4)) model.length -= random.below(model.length);
    // The last byte of an opcode that was cut off would be a matter of chance.
    if (model.length > 16 && buf[model.length - 1] < 0x80) buf[model.length - 1] |= 0x80;
  }
  dropCachedCardinality(model.buf, 0);
  return model;
}
