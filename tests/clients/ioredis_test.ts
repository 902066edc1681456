/** ioredis 6 as an application uses it, in both protocols; RESP3 is its default. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { Buffer } from "node:buffer";
import { Redis, type RedisOptions } from "ioredis";
import type { Address } from "../support/resp_client.ts";
import { startKeyrex } from "../support/servers.ts";

/** A client that neither retries nor waits for ever: a test wants to see what goes wrong. */
function connect(address: Address, options: RedisOptions): Redis {
  const place = "path" in address ? { path: address.path } : { port: address.port };
  return new Redis({
    ...place,
    retryStrategy: null,
    commandTimeout: 10_000,
    ...options,
  });
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
    assertEquals(
      await redis.set("greeting", "again", "EX", 100, "GET"),
      "Grüße 👋",
    );
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
    const bytes = Buffer.alloc(
      1 << 20,
      Uint8Array.from({ length: 256 }, (_, byte) => byte),
    );
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
    assertEquals([await redis.get("short"), await redis.pttl("short")], [
      null,
      -2,
    ]);
    await redis.quit();
  });

  Deno.test(`${inProtocol} pipelines, and scans what it wrote`, async () => {
    await using server = await startKeyrex();
    const redis = connect(server.address, { protocol, keyPrefix: "app:" });
    const pipeline = redis.pipeline();
    for (let i = 0; i < 1000; i++) pipeline.set(`key:${i}`, i);
    const answers = await pipeline.exec();
    assertEquals(
      new Set(answers?.map(([, answer]) => answer)),
      new Set(["OK"]),
    );
    assertEquals(await redis.dbsize(), 1000);

    const found = new Set<string>();
    for await (
      const keys of redis.scanStream({ match: "app:key:*", count: 100 })
    ) {
      for (const key of keys) found.add(key);
    }
    assertEquals(found.size, 1000);
    await redis.quit();
  });

  Deno.test(`${inProtocol} sends a thousand commands at once without a pipeline`, async () => {
    await using server = await startKeyrex();
    const redis = connect(server.address, {
      protocol,
      enableAutoPipelining: true,
    });
    const answers = await Promise.all(
      Array.from({ length: 1000 }, () => redis.incr("counter")),
    );
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
    await using server = await startKeyrex({
      directives: { requirepass: "secret" },
    });
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

/** Entries of one stream, in the form in which ioredis gives them. */
type Entries = [id: string, fields: string[]][];

for (const protocol of [2, 3] as const) {
  Deno.test(`ioredis in RESP${protocol} shares work out to a group, and takes over what a crash has left`, async () => {
    await using server = await startKeyrex();
    const producer = connect(server.address, { protocol });
    const [anna, bert] = [1, 2].map(() => connect(server.address, { protocol }));
    assertEquals(
      await producer.xgroup("CREATE", "jobs", "workers", "$", "MKSTREAM"),
      "OK",
    );

    /** What a consumer is given, by numbers of jobs; it waits for the first. */
    const take = async (redis: Redis, name: string, count: number) => {
      const reply = await redis.xreadgroup(
        ...["GROUP", "workers", name, "COUNT", count, "BLOCK", 10_000] as const,
        ...["STREAMS", "jobs", ">"] as const,
      );
      return entriesOf(reply);
    };
    const takings = [take(anna, "anna", 2), take(bert, "bert", 2)];
    while ((await waiting(producer)) < 2);
    const ids: string[] = [];
    for (let job = 0; job < 8; job++) {
      ids.push((await producer.xadd("jobs", "*", "job", job))!);
    }

    // Both were waiting: each was given one as soon as it came, the first to the first who waited.
    const [[first], [second]] = await Promise.all(takings);
    assertEquals([first[0], second[0]].sort(), ids.slice(0, 2));
    assertEquals(await anna.xack("jobs", "workers", first[0]), 1);
    assertEquals(await bert.xack("jobs", "workers", second[0]), 1);

    const ofAnna = await take(anna, "anna", 4);
    assertEquals(ofAnna.map(([, [, job]]) => job), ["2", "3", "4", "5"]);
    assertEquals(await anna.xack("jobs", "workers", ofAnna[0][0]), 1);
    anna.disconnect(); // In the middle of its work: three jobs stay pending.

    assertEquals(
      (await take(bert, "bert", 10)).map(([id]) => id),
      ids.slice(6),
    );
    assertEquals(await bert.xack("jobs", "workers", ...ids.slice(6)), 2);
    const summary = await bert.xpending("jobs", "workers") as unknown[];
    assertEquals(summary, [3, ids[3], ids[5], [["anna", "3"]]]);

    const [next, claimed] = await bert.xautoclaim(
      ...["jobs", "workers", "bert", 0, "0", "COUNT", 2] as const,
    ) as [string, Entries];
    assertEquals([next, claimed.map(([id]) => id)], [ids[5], ids.slice(3, 5)]);
    const rest = await bert.xclaim(
      "jobs",
      "workers",
      "bert",
      0,
      ids[5],
    ) as Entries;
    assertEquals(rest.map(([, [, job]]) => job), ["5"]);
    const [[, , , deliveries]] = await bert.xpending(
      ...["jobs", "workers", "-", "+", 1, "bert"] as const,
    ) as [string, string, number, number][];
    assertEquals(deliveries, 2);
    assertEquals(await bert.xack("jobs", "workers", ...ids.slice(3, 6)), 3);
    assertEquals((await bert.xpending("jobs", "workers") as unknown[])[0], 0);

    // Who comes back under the same name finds nothing of the old work.
    const again = connect(server.address, { protocol });
    const history = await again.xreadgroup(
      "GROUP",
      "workers",
      "anna",
      "STREAMS",
      "jobs",
      "0",
    );
    assertEquals(entriesOf(history), []);
    assertEquals(
      await again.xgroup("DELCONSUMER", "jobs", "workers", "anna"),
      0,
    );
    for (const redis of [producer, bert, again]) await redis.quit();
  });
}

/** The entries in a reply about one stream, which in RESP3 is a map. */
function entriesOf(reply: unknown): Entries {
  const [[, entries]] = Array.isArray(reply) ? reply : Object.entries(reply as object);
  return entries as Entries;
}

/** How many clients wait. */
async function waiting(redis: Redis): Promise<number> {
  return Number(
    /^blocked_clients:(\d+)/m.exec(await redis.info("clients"))![1],
  );
}
