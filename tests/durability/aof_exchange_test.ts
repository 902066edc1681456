/** Append-only files go from Keyrex to redis-server and back, with every type in every encoding. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { ServerProcess } from "../support/processes.ts";
import { freshSeed, Random } from "../support/random.ts";
import { randomValue } from "../support/random_values.ts";
import { findProgram } from "../support/requirements.ts";
import { oracleTest, startKeyrex, startRedis } from "../support/servers.ts";

const KEYS = 120;
const DATABASES = ["0", "3", "15"];

/** Where both servers find the files, and how they keep them. */
function directivesFor(dir: string, preamble: string) {
  return {
    dir,
    appendonly: "yes",
    appendfsync: "no",
    "aof-use-rdb-preamble": preamble,
    "aof-load-truncated": "no",
    "rdb-version": "10",
    "enable-debug-command": "yes",
  };
}

function withoutVersion({ "rdb-version": _, ...rest }: ReturnType<typeof directivesFor>) {
  return rest;
}

/** Fills a server, has it rewrite its files in the middle of that, and ends it. */
async function fillAndEnd(server: ServerProcess, random: Random): Promise<string> {
  using client = await server.connect();
  for (let i = 0; i < KEYS; i++) {
    const key = `key:${random.below(KEYS)}`;
    const commands = [["SELECT", random.pick(DATABASES)], ["MULTI"], ...randomValue(random, key)];
    if (random.oneIn(3)) commands.push(["PEXPIRE", key, String(random.between(1e6, 1e12))]);
    commands.push(["EXEC"]);
    await client.pipeline(commands);
    if (i === KEYS / 2) await client.command("BGREWRITEAOF");
  }
  while (/aof_rewrite_(in_progress|scheduled):1/.test(String(await client.command("INFO")))) {
    // The rewrite is soon over.
  }
  const digest = await client.command("DEBUG", "DIGEST") as string;
  await client.send("SHUTDOWN");
  await server.exited;
  return digest;
}

async function digestOf(server: ServerProcess): Promise<string> {
  using client = await server.connect();
  return await client.command("DEBUG", "DIGEST") as string;
}

for (const preamble of ["yes", "no"]) {
  oracleTest(
    `redis-server loads the append-only files that Keyrex has written, with aof-use-rdb-preamble ${preamble}`,
    async () => {
      const random = new Random(freshSeed());
      console.log(`seed ${random.seed}`);
      const dir = await Deno.makeTempDir({ prefix: "keyrex-aof-" });
      try {
        const directives = directivesFor(dir, preamble);
        const keyrex = await startKeyrex({ directives });
        const digest = await fillAndEnd(keyrex, random);
        await keyrex.stop();
        const check = findProgram("redis-check-aof");
        if (check !== null) {
          const { stdout } = await new Deno.Command(check, {
            args: [`${dir}/appendonlydir/appendonly.aof.manifest`],
          }).output();
          assertStringIncludes(
            new TextDecoder().decode(stdout),
            "All AOF files and manifest are valid",
          );
        }
        await using redis = await startRedis({ directives: withoutVersion(directives) });
        assertEquals(await digestOf(redis), digest);
      } finally {
        await Deno.remove(dir, { recursive: true });
      }
    },
  );

  oracleTest(
    `Keyrex loads the append-only files that redis-server has written, with aof-use-rdb-preamble ${preamble}`,
    async () => {
      const random = new Random(freshSeed());
      console.log(`seed ${random.seed}`);
      const dir = await Deno.makeTempDir({ prefix: "keyrex-aof-" });
      try {
        const directives = directivesFor(dir, preamble);
        const redis = await startRedis({ directives: withoutVersion(directives) });
        const digest = await fillAndEnd(redis, random);
        await redis.stop();
        await using keyrex = await startKeyrex({ directives });
        assertEquals(await digestOf(keyrex), digest);
      } finally {
        await Deno.remove(dir, { recursive: true });
      }
    },
  );
}
