/** What DUMP gives, restored across servers, in both directions. */
import { assert, assertEquals } from "@std/assert";
import { latin1Bytes } from "../support/latin1.ts";
import type { ServerProcess } from "../support/processes.ts";
import { freshSeed, Random } from "../support/random.ts";
import { randomValue } from "../support/random_values.ts";
import { decodeReply, type Reply } from "../support/reply.ts";
import type { RespClient } from "../support/resp_client.ts";
import { oracleTest, startKeyrex, startRedis } from "../support/servers.ts";
import { normalisers } from "./normalisers.ts";

const KEYS = 60;

/** The versions that redis-server 7.0 reads. */
const SHARED_VERSIONS = ["9", "10"];

/** What DUMP gives, as bytes. */
async function dump(client: RespClient, key: string): Promise<Uint8Array> {
  await client.send("DUMP", key);
  const reply = decodeReply((await client.readReplyBytes())!);
  return latin1Bytes((reply as { text: string }).text);
}

/** Makes random keys at one server, restores each of them at the other, and compares their digests. */
async function exchange(from: ServerProcess, to: ServerProcess, random: Random): Promise<void> {
  using source = await from.connect();
  using target = await to.connect();
  for (let i = 0; i < KEYS; i++) {
    const key = `key:${i}`;
    const commands = randomValue(random, key);
    await source.pipeline([["DEL", key], ...commands]);
    const payload = await dump(source, key);
    await target.command("RESTORE", key, 0, payload, "REPLACE");
    assertEquals(
      await target.command("DEBUG", "DIGEST-VALUE", key),
      await source.command("DEBUG", "DIGEST-VALUE", key),
      `${key} of seed ${random.seed}: ${String(commands[0]).slice(0, 200)}`,
    );
  }
}

for (const version of SHARED_VERSIONS) {
  oracleTest(`Payloads of version ${version} are restored by redis-server`, async () => {
    const random = new Random(freshSeed());
    console.log(`seed ${random.seed}`);
    const directives = { "enable-debug-command": "yes", "rdb-version": version };
    await using keyrex = await startKeyrex({ directives });
    await using redis = await startRedis({ directives: { "enable-debug-command": "yes" } });
    await exchange(keyrex, redis, random);
  });
}

oracleTest("Payloads of redis-server are restored, each part of them checked", async () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  const directives = { "enable-debug-command": "yes" };
  await using keyrex = await startKeyrex({
    directives: { ...directives, "sanitize-dump-payload": "yes" },
  });
  await using redis = await startRedis({ directives });
  await exchange(redis, keyrex, random);
});

/** A stream with groups: one in the middle, one at the end, one whose place cannot be told. */
const WITH_GROUPS = [
  ...Array.from({ length: 250 }, (_, i) => `XADD s ${i + 1}-1 f ${i}`),
  "XGROUP CREATE s empty $",
  "XGROUP CREATE s middle 0",
  "XGROUP CREATE s late 150 ENTRIESREAD 7",
  "XREADGROUP GROUP middle a COUNT 90 STREAMS s >",
  "XREADGROUP GROUP middle b COUNT 9 STREAMS s >",
  "XGROUP CREATECONSUMER s middle c",
  "XREADGROUP GROUP late z STREAMS s >",
  "XCLAIM s late y 0 200-1 IDLE 900000000 RETRYCOUNT 77777",
  "XDEL s 7-1 200-1",
];

async function exchangeGroups(from: ServerProcess, to: ServerProcess): Promise<void> {
  using source = await from.connect();
  using target = await to.connect();
  await source.pipeline(WITH_GROUPS.map((command) => command.split(" ")));
  await target.command("RESTORE", "s", 0, await dump(source, "s"));
  const facts: Reply[] = [];
  for (const client of [source, target]) {
    await client.send("XINFO", "STREAM", "s", "FULL", "COUNT", 0);
    facts.push(decodeReply((await client.readReplyBytes())!));
  }
  assert(normalisers.groups.same(facts[0], facts[1]));
}

oracleTest("Consumer groups go from server to server with their stream", async () => {
  await using keyrex = await startKeyrex({ directives: { "rdb-version": "10" } });
  await using another = await startKeyrex();
  await using redis = await startRedis();
  await exchangeGroups(keyrex, redis);
  using client = await keyrex.connect();
  await client.command("DEL", "s");
  await exchangeGroups(redis, keyrex);
  await client.command("CONFIG", "SET", "rdb-version", "12");
  await client.command("DEL", "s");
  await exchangeGroups(keyrex, another);
});
