import { assertEquals } from "@std/assert";
import { EmbeddedServer } from "../../../support/embedded_server.ts";
import { decodeReply, replyValue } from "../../../support/reply.ts";
import { latin1Bytes } from "../../../support/latin1.ts";

/** MEMORY STATS as pairs of a name and a value. */
function stats(server: EmbeddedServer): Record<string, unknown> {
  const reply = replyValue(decodeReply(latin1Bytes(server.connect().send("memory stats"))));
  const list = reply as unknown[];
  const pairs: [string, unknown][] = [];
  for (let i = 0; i < list.length; i += 2) pairs.push([String(list[i]), list[i + 1]]);
  return Object.fromEntries(pairs);
}

Deno.test("MEMORY STATS adds up", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.sendRaw("set a 1\r\nset b 2 px 1000\r\nselect 3\r\nset c 3\r\n");
  const figures = stats(server);
  const total = Number(figures["total.allocated"]);
  assertEquals(figures["keys.count"], 3);
  assertEquals(total, Number(figures["overhead.total"]) + Number(figures["dataset.bytes"]));
  assertEquals(figures["keys.bytes-per-key"], Math.floor(total / 3));
  assertEquals(figures["allocator.allocated"], server.server.keyspace.slabs.usedBytes);
  const { dict, expires } = server.server.keyspace.database(0);
  assertEquals(figures["db.0"], [
    "overhead.hashtable.main",
    dict.memoryBytes,
    "overhead.hashtable.expires",
    expires.memoryBytes,
    "overhead.hashtable.slot-to-keys",
    0,
  ]);
  assertEquals("db.3" in figures, true);
});

Deno.test("MEMORY STATS of an empty server divides nothing by zero", () => {
  for (const value of Object.values(stats(new EmbeddedServer()))) {
    assertEquals(Number.isFinite(Number(value)), true);
  }
});
