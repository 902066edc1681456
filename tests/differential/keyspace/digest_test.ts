/** Digests of strings against the real server's DEBUG DIGEST and DEBUG DIGEST-VALUE. */
import { assertEquals } from "@std/assert";
import { Digest } from "../../../src/keyspace/digest.ts";
import { freshSeed, Random } from "../../support/random.ts";
import { oracleTest, startRedis } from "../../support/servers.ts";

const STRING_TYPE = 0;

function randomBytes(random: Random, limit: number): Uint8Array {
  return Uint8Array.from({ length: random.below(limit) }, () => random.below(256));
}

oracleTest("Strings in several databases have redis-server's digests", async () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  await using server = await startRedis({ directives: { "enable-debug-command": "yes" } });
  using client = await server.connect();
  const dataset = new Digest();
  assertEquals(await client.command("DEBUG", "DIGEST"), dataset.toString());

  for (const db of [0, 3, 9]) {
    await client.command("SELECT", db);
    dataset.mixNumber(db);
    for (let i = 0; i < 50; i++) {
      const key = new Uint8Array([i, ...randomBytes(random, 30)]);
      const value = randomBytes(random, random.pick([10, 100, 5000]));
      const expires = random.oneIn(2);
      await client.command("SET", key, value, ...(expires ? ["EX", 1000] : []));

      const digests = [new Digest(), new Digest()];
      digests[0].mix(key, 0, key.length);
      for (const digest of digests) {
        digest.mixNumber(STRING_TYPE);
        digest.mix(value, 0, value.length);
        if (expires) digest.addExpiry();
      }
      dataset.addDigest(digests[0]);
      assertEquals(await client.command("DEBUG", "DIGEST-VALUE", key), [digests[1].toString()]);
    }
    assertEquals(await client.command("DEBUG", "DIGEST"), dataset.toString());
  }
});
