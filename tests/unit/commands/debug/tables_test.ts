import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { EmbeddedServer } from "../../../support/embedded_server.ts";

Deno.test("DEBUG HTSTATS describes the table of keys, and what expires", () => {
  const client = new EmbeddedServer({ settings: { enableDebugCommand: "yes" } }).connect();
  assertMatch(
    client.send("debug htstats 0"),
    /^\$\d+\r\n\[Dictionary HT\]\nHash table 0 stats \(main hash table\):\nNo stats available for empty dictionaries\n\[Expires HT\]\nNo stats/,
  );
  client.sendRaw("debug populate 1000\r\nset v 1 px 1000\r\n");
  const text = client.send("debug htstats 0");
  assertStringIncludes(text, " number of elements: 1001\n");
  assertStringIncludes(
    text,
    "[Expires HT]\nA heap, ordered by due time:\n number of elements: 1\n",
  );
  assertMatch(text, / max chain length: \d+\n/);
  assertEquals(text.includes("distribution"), false);
});

Deno.test("DEBUG HTSTATS in full tells how many chains are how long", () => {
  const server = new EmbeddedServer({ settings: { enableDebugCommand: "yes" } });
  const client = server.connect();
  client.send("debug populate 1000");
  const text = client.send("debug htstats 0 full");
  let entries = 0;
  let buckets = 0;
  for (const [, length, count] of text.matchAll(/^ {3}(\d+): (\d+) \(/gm)) {
    entries += Number(length) * Number(count);
    buckets += Number(count);
  }
  assertEquals(entries, 1000);
  assertEquals(buckets, server.server.keyspace.database(0).dict.stats().buckets);
});

Deno.test("DEBUG HTSTATS-KEY wants a value that is a hash table", () => {
  const client = new EmbeddedServer({ settings: { enableDebugCommand: "yes" } }).connect();
  client.send("set k v");
  assertMatch(client.send("debug htstats-key k"), /^-ERR The value stored at the specified key is/);
  assertEquals(client.send("debug htstats-key missing"), "-ERR no such key\r\n");
});
