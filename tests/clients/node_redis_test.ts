/** node-redis 6 as an application uses it, in both protocols; RESP3 is its default. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { Buffer } from "node:buffer";
import { BasicClientSideCache, createClient, RESP_TYPES } from "redis";
import type { Address } from "../support/resp_client.ts";
import { startKeyrex } from "../support/servers.ts";

interface ConnectOptions {
  RESP: 2 | 3;
  password?: string;
  database?: number;
  name?: string;
}

/** A client that does not reconnect: a test wants to see what goes wrong. */
async function connect(address: Address, options: ConnectOptions) {
  const socket = "path" in address
    ? { path: address.path, tls: false as const }
    : { port: address.port };
  const client = createClient({
    socket: { ...socket, reconnectStrategy: false },
    ...options,
  });
  client.on("error", () => {}); // Rejections tell the test the same.
  return await client.connect();
}

for (const RESP of [2, 3] as const) {
  const inProtocol = `node-redis in RESP${RESP}`;

  Deno.test(`${inProtocol} reads and writes strings`, async () => {
    await using server = await startKeyrex();
    const client = await connect(server.address, { RESP });
    assertEquals(await client.set("greeting", "Grüße 👋"), "OK");
    assertEquals(await client.get("greeting"), "Grüße 👋");
    assertEquals(await client.get("missing"), null);
    assertEquals(await client.set("greeting", "again", { condition: "NX" }), null);
    assertEquals(
      await client.set("greeting", "again", { expiration: { type: "EX", value: 100 }, GET: true }),
      "Grüße 👋",
    );
    assertEquals(await client.mSet({ a: "1", b: "2" }), "OK");
    assertEquals(await client.mGet(["a", "missing", "b"]), ["1", null, "2"]);
    assertEquals(await client.incrBy("a", 41), 42);
    assertEquals(await client.incrByFloat("a", 0.5), "42.5");
    assertEquals(await client.append("b", "34"), 3);
    assertEquals(await client.getRange("b", 1, -1), "34");
    assertEquals(await client.getDel("b"), "234");
    assertEquals(await client.copy("a", "c"), 1);
    assertEquals(await client.type("c"), "string");
    assertEquals(await client.objectEncoding("c"), "embstr");
    assertEquals(await client.setBit("bits", 7, 1), 0);
    assertEquals(await client.bitCount("bits"), 1);
    assertEquals(await client.pfAdd("visitors", ["x", "y", "z"]), 1);
    assertEquals(await client.pfCount("visitors"), 3);
    await client.close();
  });

  Deno.test(`${inProtocol} gets every byte back`, async () => {
    await using server = await startKeyrex({ transport: "unix" });
    const client = await connect(server.address, { RESP });
    const inBytes = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    const bytes = Buffer.alloc(1 << 20, Uint8Array.from({ length: 256 }, (_, byte) => byte));
    await client.set(bytes.subarray(0, 256), bytes);
    const answer = await inBytes.get(bytes.subarray(0, 256));
    assert(answer !== null && bytes.equals(answer));
    await client.close();
  });

  Deno.test(`${inProtocol} sees keys expire`, async () => {
    await using server = await startKeyrex();
    const client = await connect(server.address, { RESP });
    await client.set("short", "lived", { expiration: { type: "PXAT", value: 1 } });
    await client.setEx("long", 1000, "lived");
    assertEquals(await client.ttl("long"), 1000);
    assertEquals(await client.persist("long"), 1);
    assertEquals(await client.ttl("long"), -1);
    assertEquals(await client.expire("long", 5, "XX"), 0);
    assertEquals([await client.get("short"), await client.pTTL("short")], [null, -2]);
    await client.close();
  });

  Deno.test(`${inProtocol} pipelines, and scans what it wrote`, async () => {
    await using server = await startKeyrex();
    const client = await connect(server.address, { RESP });
    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, i) => client.set(`key:${i}`, String(i))),
    );
    assertEquals(new Set(answers), new Set(["OK"]));
    assertEquals(await client.dbSize(), 1000);

    const found = new Set<string>();
    for await (const keys of client.scanIterator({ MATCH: "key:*", COUNT: 100, TYPE: "string" })) {
      for (const key of keys) found.add(key);
    }
    assertEquals(found.size, 1000);
    await client.close();
  });

  Deno.test(`${inProtocol} is told of errors in Redis's words`, async () => {
    await using server = await startKeyrex();
    const client = await connect(server.address, { RESP });
    await client.set("word", "abc");
    await assertRejects(
      () => client.incr("word"),
      Error,
      "ERR value is not an integer or out of range",
    );
    await assertRejects(
      () => client.sendCommand(["SET", "word"]),
      Error,
      "ERR wrong number of arguments for 'set' command",
    );
    assertEquals(await client.get("word"), "abc");
    await client.close();
  });

  Deno.test(`${inProtocol} reads the settings as an object`, async () => {
    await using server = await startKeyrex({ directives: { databases: 7 } });
    const client = await connect(server.address, { RESP });
    assertEquals({ ...await client.configGet("databases") }, { databases: "7" });
    assertEquals(await client.configSet("maxmemory-samples", "6"), "OK");
    assertEquals({ ...await client.configGet("maxmemory-s*") }, { "maxmemory-samples": "6" });
    await client.close();
  });

  Deno.test(`${inProtocol} logs in, chooses its database and its name`, async () => {
    await using server = await startKeyrex({ directives: { requirepass: "secret" } });
    const client = await connect(server.address, {
      RESP,
      password: "secret",
      database: 3,
      name: "test",
    });
    await client.set("key", "in 3");
    const info = await client.clientInfo();
    assertEquals([info.db, info.name, info.resp], [3, "test", RESP]);
    await client.select(0);
    assertEquals(await client.get("key"), null);
    assertEquals(await client.move("key", 3), 0);
    await client.close();

    await assertRejects(
      async () => {
        const stranger = await connect(server.address, { RESP });
        try {
          await stranger.get("key");
        } finally {
          stranger.destroy();
        }
      },
      Error,
      "NOAUTH",
    );
  });
}

Deno.test("node-redis caches what it reads, and hears of changes", async () => {
  await using server = await startKeyrex();
  const { port } = server.address as { port: number };
  const socket = { port, reconnectStrategy: false } as const;
  const cache = new BasicClientSideCache();
  const client = createClient({ socket, RESP: 3, clientSideCache: cache });
  client.on("error", () => {});
  await client.connect();
  const other = await connect(server.address, { RESP: 2 });
  await other.set("k", "1");
  assertEquals(await client.get("k"), "1");
  assertEquals(await client.get("k"), "1");
  assertEquals([cache.stats().hitCount, cache.stats().missCount], [1, 1]);

  const told = new Promise((resolve) => cache.once("invalidate", resolve));
  await other.set("k", "2");
  await told;
  assertEquals(await client.get("k"), "2");
  assertEquals(cache.stats().missCount, 2);

  const allTold = new Promise((resolve) => cache.once("invalidate", resolve));
  await other.flushAll();
  await allTold;
  assertEquals(await client.get("k"), null);
  await client.close();
  await other.close();
});
