/** Dumps go from Keyrex to redis-server and back, with every type in every encoding. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { latin1Bytes } from "../support/latin1.ts";
import type { ServerProcess } from "../support/processes.ts";
import { freshSeed, Random } from "../support/random.ts";
import { randomExpiringHash, randomValue } from "../support/random_values.ts";
import { decodeReply } from "../support/reply.ts";
import { findProgram } from "../support/requirements.ts";
import { oracleTest, startKeyrex, startRedis } from "../support/servers.ts";

const KEYS = 120;
const DATABASES = ["0", "3", "15"];
const DEBUG = { "enable-debug-command": "yes" };

/** Fills a server with random keys, in several databases, some of which expire; saves them. */
async function fillAndSave(server: ServerProcess, random: Random): Promise<string> {
  using client = await server.connect();
  for (let i = 0; i < KEYS; i++) {
    const key = `key:${i}`;
    const commands = [["SELECT", random.pick(DATABASES)], ...randomValue(random, key)];
    if (random.oneIn(3)) commands.push(["PEXPIRE", key, String(random.between(1e6, 1e12))]);
    await client.pipeline(commands);
  }
  assertEquals(await client.command("SAVE"), "OK");
  return await client.command("DEBUG", "DIGEST") as string;
}

/** Has a server load another's dump; returns the digest of all it has then. */
async function digestAfterLoading(from: ServerProcess, to: ServerProcess): Promise<string> {
  await Deno.copyFile(`${from.directory}/dump.rdb`, `${to.directory}/dump.rdb`);
  using client = await to.connect();
  assertEquals(await client.command("DEBUG", "RELOAD", "NOSAVE"), "OK");
  return await client.command("DEBUG", "DIGEST") as string;
}

for (const version of ["9", "10"]) {
  oracleTest(`redis-server loads what Keyrex saves as version ${version}`, async () => {
    const random = new Random(freshSeed());
    console.log(`seed ${random.seed}`);
    await using keyrex = await startKeyrex({ directives: { ...DEBUG, "rdb-version": version } });
    await using redis = await startRedis({ directives: DEBUG });
    const digest = await fillAndSave(keyrex, random);
    const check = findProgram("redis-check-rdb");
    if (check !== null) {
      const { code, stdout } = await new Deno.Command(check, {
        args: [`${keyrex.directory}/dump.rdb`],
      }).output();
      const report = new TextDecoder().decode(stdout);
      assertEquals(code, 0, report);
      assertStringIncludes(report, "Checksum OK");
    }
    assertEquals(await digestAfterLoading(keyrex, redis), digest);
  });
}

oracleTest("Keyrex loads what redis-server saves", async () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  await using redis = await startRedis({ directives: DEBUG });
  await using keyrex = await startKeyrex({
    directives: { ...DEBUG, "sanitize-dump-payload": "yes" },
  });
  const digest = await fillAndSave(redis, random);
  assertEquals(await digestAfterLoading(redis, keyrex), digest);
});

for (const version of ["9", "10", "11", "12"]) {
  Deno.test(`Keyrex loads what it saves itself as version ${version}`, async () => {
    const random = new Random(freshSeed());
    console.log(`seed ${random.seed}`);
    await using keyrex = await startKeyrex({ directives: { ...DEBUG, "rdb-version": version } });
    const digest = await fillAndSave(keyrex, random);
    using client = await keyrex.connect();
    assertEquals(await client.command("DEBUG", "RELOAD"), "OK");
    assertEquals(await client.command("DEBUG", "DIGEST"), digest);
  });
}

Deno.test("Fields that expire are saved in a version that can hold them", async () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  await using keyrex = await startKeyrex({ directives: { ...DEBUG, "rdb-version": "10" } });
  using client = await keyrex.connect();
  for (let i = 0; i < 20; i++) await client.pipeline(randomExpiringHash(random, `hash:${i}`));
  await client.pipeline(randomExpiringHash(random, "restored"));
  const digest = await client.command("DEBUG", "DIGEST");
  assertEquals(await client.command("DEBUG", "RELOAD"), "OK");
  assertEquals(await client.command("DEBUG", "DIGEST"), digest);
  assertStringIncludes(keyrex.log, "the dump has version 12");
  const dump = await Deno.readFile(`${keyrex.directory}/dump.rdb`);
  assertEquals(new TextDecoder().decode(dump.subarray(0, 9)), "REDIS0012");

  await client.send("DUMP", "restored");
  const reply = decodeReply((await client.readReplyBytes())!) as { text: string };
  await client.command("RESTORE", "restored", 0, latin1Bytes(reply.text), "REPLACE");
  assertEquals(await client.command("DEBUG", "DIGEST"), digest);
});

Deno.test("A server that starts anew has the keys that were saved at the end of the last one", async () => {
  const directory = await Deno.makeTempDir({ prefix: "keyrex-dump-" });
  try {
    const directives = { ...DEBUG, dir: directory };
    const first = await startKeyrex({ directives });
    const digest = await fillAndSave(first, new Random(1));
    {
      using client = await first.connect();
      await client.command("SET", "last", "one");
      await client.send("SHUTDOWN", "SAVE");
      await first.exited;
    }
    await using second = await startKeyrex({ directives });
    using client = await second.connect();
    assertEquals(await client.command("GET", "last"), "one");
    await client.command("DEL", "last");
    assertEquals(await client.command("DEBUG", "DIGEST"), digest);
    assertStringIncludes(second.log, "DB loaded from disk");
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
