/** ioredis 6 as an application uses it, in both protocols; RESP3 is its default. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { Buffer } from "node:buffer";
import { Redis, type RedisOptions } from "ioredis";
import type { Address } from "../support/resp_client.ts";
import { startKeyrex } from "../support/servers.ts";

/** A client that neither retries nor waits for ever: a test wants to see what goes wrong. */
function connect(address: Address, options: RedisOptions): Redis {
  const place = "path" in address ? { path: address.path } : { port: address.port };
  return new Redis({ ...place, retryStrategy: null, commandTimeout: 10_000, ...options });
}

for (const protocol of [2, 3] as const) {
  const inProtocol = `ioredis in RESP${protocol}`;

  Deno.test(`${inProtocol} reads and writes strings`, async () => {
    await using server = await startKeyrex();
    const redis = connect(server.address, { protocol });
    assertEquals(await redis.set("greeting", "Grüße 👋"), "OK");
    assertEquals(await redis.get("greeting"), "Grüße 👋");
    assertEquals(await redis.get("missing"), null);
    assertEquals(await redis.set("greeting", "again", "NX"), null);
    assertEquals(await redis.set("greeting", "again", "EX", 100, "GET"), "Grüße 👋");
    assertEquals(await redis.mset({ a: "1", b: "2" }), "OK");
    assertEquals(await redis.mget("a", "missing", "b"), ["1", null, "2"]);
    assertEquals(await redis.incrby("a", 41), 42);
    assertEquals(await redis.incrbyfloat("a", 0.5), "42.5");
    assertEquals(await redis.append("b", "34"), 3);
    assertEquals(await redis.getrange("b", 1, -1), "34");
    assertEquals(await redis.getdel("b"), "234");
    assertEquals(await redis.setbit("bits", 7, 1), 0);
    assertEquals(await redis.bitcount("bits"), 1);
    assertEquals(await redis.pfadd("visitors", "x", "y", "z"), 1);
    assertEquals(await redis.pfcount("visitors"), 3);
    await redis.quit();
  });

  Deno.test(`${inProtocol} gets every byte back`, async () => {
    await using server = await startKeyrex({ transport: "unix" });
    const redis = connect(server.address, { protocol });
    const bytes = Buffer.alloc(1 << 20, Uint8Array.from({ length: 256 }, (_, byte) => byte));
    await redis.set(bytes.subarray(0, 256), bytes);
    const answer = await redis.getBuffer(bytes.subarray(0, 256));
    assert(answer !== null && bytes.equals(answer));
    await redis.quit();
  });

  Deno.test(`${inProtocol} sees keys expire`, async () => {
    await using server = await startKeyrex();
    const redis = connect(server.address, { protocol });
    await redis.set("short", "lived", "PXAT", 1);
    await redis.set("long", "lived", "EX", 1000);
    assertEquals(await redis.ttl("long"), 1000);
    assertEquals(await redis.persist("long"), 1);
    assertEquals(await redis.ttl("long"), -1);
    assertEquals(await redis.expire("long", 5, "XX"), 0);
    assertEquals([await redis.get("short"), await redis.pttl("short")], [null, -2]);
    await redis.quit();
  });

  Deno.test(`${inProtocol} pipelines, and scans what it wrote`, async () => {
    await using server = await startKeyrex();
    const redis = connect(server.address, { protocol, keyPrefix: "app:" });
    const pipeline = redis.pipeline();
    for (let i = 0; i < 1000; i++) pipeline.set(`key:${i}`, i);
    const answers = await pipeline.exec();
    assertEquals(new Set(answers?.map(([, answer]) => answer)), new Set(["OK"]));
    assertEquals(await redis.dbsize(), 1000);

    const found = new Set<string>();
    for await (const keys of redis.scanStream({ match: "app:key:*", count: 100 })) {
      for (const key of keys) found.add(key);
    }
    assertEquals(found.size, 1000);
    await redis.quit();
  });

  Deno.test(`${inProtocol} sends a thousand commands at once without a pipeline`, async () => {
    await using server = await startKeyrex();
    const redis = connect(server.address, { protocol, enableAutoPipelining: true });
    const answers = await Promise.all(Array.from({ length: 1000 }, () => redis.incr("counter")));
    assertEquals(answers, Array.from({ length: 1000 }, (_, i) => i + 1));
    await redis.quit();
  });

  Deno.test(`${inProtocol} is told of errors in Redis's words`, async () => {
    await using server = await startKeyrex();
    const redis = connect(server.address, { protocol });
    await redis.set("word", "abc");
    await assertRejects(
      () => redis.incr("word"),
      Error,
      "ERR value is not an integer or out of range",
    );
    await assertRejects(
      () => redis.call("SET", "word"),
      Error,
      "ERR wrong number of arguments for 'set' command",
    );
    assertEquals(await redis.get("word"), "abc");
    await redis.quit();
  });

  Deno.test(`${inProtocol} logs in, chooses its database and its name`, async () => {
    await using server = await startKeyrex({ directives: { requirepass: "secret" } });
    const redis = connect(server.address, {
      protocol,
      password: "secret",
      db: 3,
      connectionName: "test",
    });
    await redis.set("key", "in 3");
    const info = String(await redis.client("INFO"));
    assert(info.includes(" db=3 ") && info.includes(" name=test "), info);
    assert(info.includes(` resp=${protocol}`), info);
    await redis.select(0);
    assertEquals(await redis.get("key"), null);
    assertEquals(await redis.swapdb(0, 3), "OK");
    assertEquals(await redis.get("key"), "in 3");
    await redis.quit();

    const stranger = connect(server.address, { protocol, lazyConnect: true });
    stranger.on("error", () => {}); // Some versions of the client emit what they also reject with.
    await assertRejects(() => stranger.get("key"), Error, "NOAUTH");
    stranger.disconnect();
  });
}
