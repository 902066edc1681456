/** BGSAVE of a real process under load: redis-server loads what there was when it was sent. */
import { assert, assertEquals } from "@std/assert";
import type { ServerProcess } from "../support/processes.ts";
import { freshSeed, Random } from "../support/random.ts";
import { randomValue } from "../support/random_values.ts";
import type { RespClient } from "../support/resp_client.ts";
import { oracleTest, startKeyrex, startRedis } from "../support/servers.ts";

const DEBUG = { "enable-debug-command": "yes" };
/** Enough for the save to take a while, and one value that is written in portions. */
const FILLERS = "60000";
const GIANT_MEMBERS = 20_000;
const KEYS = 200;

async function fill(client: RespClient, random: Random): Promise<void> {
  await client.command("DEBUG", "POPULATE", FILLERS, "filler", "50");
  const members = Array.from({ length: GIANT_MEMBERS }, (_, i) => `member:${i}`);
  await client.command("SADD", "giant", ...members);
  for (let i = 0; i < KEYS; i++) await client.pipeline(randomValue(random, `key:${i}`));
}

/** Changes keys of all kinds until the save is over; returns how many rounds that took. */
async function changeMeanwhile(client: RespClient, random: Random): Promise<number> {
  for (let rounds = 0;; rounds++) {
    const info = await client.command("INFO", "persistence") as string;
    if (info.includes("rdb_bgsave_in_progress:0")) return rounds;
    const key = `key:${random.below(KEYS)}`;
    await client.pipeline([
      ["DEL", key],
      ...randomValue(random, key),
      ["SET", `filler:${random.below(Number(FILLERS))}`, "changed"],
      ["DEL", `filler:${random.below(Number(FILLERS))}`],
      ["SET", `new:${random.next()}`, "v"],
      ["EXPIRE", `filler:${random.below(Number(FILLERS))}`, "1000"],
      ...(random.oneIn(20) ? [["SREM", "giant", `member:${random.below(GIANT_MEMBERS)}`]] : []),
    ]);
  }
}

async function digestOf(server: ServerProcess): Promise<unknown> {
  using client = await server.connect();
  return await client.command("DEBUG", "DIGEST");
}

oracleTest("What BGSAVE saves under load is what there was when it was sent", async () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  await using keyrex = await startKeyrex({ directives: { ...DEBUG, "rdb-version": "10" } });
  await using redis = await startRedis({ directives: DEBUG });
  using client = await keyrex.connect();
  await fill(client, random);
  const digest = await digestOf(keyrex);
  assertEquals(await client.command("BGSAVE"), "Background saving started");
  assert(await changeMeanwhile(client, random) > 0, "commands ran while it was saved");
  assert(await digestOf(keyrex) !== digest, "the data has changed since");
  await Deno.copyFile(`${keyrex.directory}/dump.rdb`, `${redis.directory}/dump.rdb`);
  using loader = await redis.connect();
  assertEquals(await loader.command("DEBUG", "RELOAD", "NOSAVE"), "OK");
  assertEquals(await loader.command("DEBUG", "DIGEST"), digest);
});
