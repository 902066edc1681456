import { assert, assertEquals } from "@std/assert";
import { EmbeddedServer } from "../../support/embedded_server.ts";

const MEMBERS = 12_000;
const BATCH = 500;

/** What adds element `i` to the collection of each type, and what takes it out. */
const ADD: Readonly<Record<string, (i: number) => string>> = {
  SADD: (i) => `member:${i}`,
  HSET: (i) => `field:${i} value:${i}`,
  ZADD: (i) => `${i % 97} member:${i}`,
  XADD: (i) => `${i + 1}-1 field value:${i}`,
};
const REMOVE: Readonly<Record<string, (i: number) => string>> = {
  SREM: (i) => `member:${i}`,
  HDEL: (i) => `field:${i}`,
  ZREM: (i) => `member:${i}`,
  XDEL: (i) => `${i + 1}-1`,
};

Deno.test("Big collections are compacted in slices, while they change and after they are gone", () => {
  const server = new EmbeddedServer({ settings: { enableDebugCommand: "yes" } });
  const client = server.connect();
  const filler = "x".repeat(3000);
  for (let start = 0; start < MEMBERS; start += BATCH) {
    for (const key of ["kept", "gone"]) {
      for (const [command, spell] of Object.entries(ADD)) {
        if (command === "XADD") {
          for (let i = start; i < start + BATCH; i++) client.send(`XADD ${key}:X ${spell(i)}`);
          continue;
        }
        const words = Array.from({ length: BATCH }, (_, i) => spell(start + i)).join(" ");
        client.send(`${command} ${key}:${command[0]} ${words}`);
      }
    }
    // Scatters what is to be moved together again.
    for (let i = 0; i < BATCH; i++) client.send(`SET filler:${start + i} ${filler}`);
  }
  for (let i = 0; i < MEMBERS; i++) client.send(`DEL filler:${i}`);

  const { compactor, keyspace } = server.server;
  assert(compactor.begin());
  let steps = 0;
  let most = 0;
  let removed = 0;
  for (let before = compactor.moved; compactor.step(() => false); before = compactor.moved) {
    most = Math.max(most, compactor.moved - before);
    if (++steps === 40) client.send("DEL gone:S gone:H gone:Z gone:X");
    if (steps % 3 !== 0 || removed === MEMBERS / 2) continue;
    for (const [command, spell] of Object.entries(REMOVE)) {
      assertEquals(client.send(`${command} kept:${command[0]} ${spell(removed)}`), ":1\r\n");
    }
    removed++;
  }
  assert(compactor.moved > 0);
  assert(most < 3000, `one step moved ${most} blocks`);
  assert(keyspace.compaction.isEmpty);

  const left = `:${MEMBERS - removed}\r\n`;
  for (const card of ["SCARD kept:S", "HLEN kept:H", "ZCARD kept:Z", "XLEN kept:X"]) {
    assertEquals(client.send(card), left);
  }
  for (let i = removed; i < MEMBERS; i += 7) {
    assertEquals(client.send(`SISMEMBER kept:S member:${i}`), ":1\r\n");
    assertEquals(client.send(`HSTRLEN kept:H field:${i}`), `:${`value:${i}`.length}\r\n`);
    assertEquals(
      client.send(`ZSCORE kept:Z member:${i}`),
      `$${`${i % 97}`.length}\r\n${i % 97}\r\n`,
    );
  }
  assertEquals(client.send("ZCOUNT kept:Z -inf +inf"), left);
  keyspace.slabs.check();
});
