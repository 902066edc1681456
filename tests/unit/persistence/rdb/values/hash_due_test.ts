import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { RdbError } from "../../../../../src/persistence/rdb/errors.ts";
import { EmbeddedServer } from "../../../../support/embedded_server.ts";
import { dump, le, len, listpack, type Part, str } from "../builder.ts";
import { loaded } from "../loading.ts";

/** A bulk string of a request. */
function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

Deno.test("Due times of fields go through DUMP and RESTORE, whatever the encodings", () => {
  for (const version of [11, 12]) {
    for (const from of [512, 0]) {
      for (const to of [512, 0]) {
        const server = new EmbeddedServer();
        const client = server.connect();
        client.send(`config set rdb-version ${version}`);
        client.send(`config set hash-max-listpack-entries ${from}`);
        client.send("hset h a 1 b 2 c 3 d 4");
        client.send("hpexpireat h 4000000000000 fields 1 c");
        client.send("hpexpireat h 4000000000500 fields 1 b");
        const payload = client.send("dump h").replace(/^\$\d+\r\n/, "").slice(0, -2);
        client.send(`config set hash-max-listpack-entries ${to}`);
        client.sendRaw("*4\r\n" + ["restore", "copy", "0", payload].map(bulk).join(""));
        assertEquals(
          client.send("hpexpiretime copy fields 4 a b c d"),
          "*4\r\n:-1\r\n:4000000000500\r\n:4000000000000\r\n:-1\r\n",
        );
        assertStringIncludes(
          client.send("object encoding copy"),
          to === 0 ? "hashtable" : "listpackex",
        );
        assertStringIncludes(client.send("info keyspace"), "subexpiry=2");
        client.send("flushall sync");
        assertEquals(server.server.keyspace.slabs.usedBytes, 0);
      }
    }
  }
});

Deno.test("What cannot be due times is refused", () => {
  const samples: [type: number, value: Part][] = [
    [25, [le(7, 8), str(listpack("f", "v", "soon"))]],
    [25, [le(7, 8), str(listpack("f", "v", 7, "g", "w", 6))]],
    [25, [le(7, 8), str(listpack("f", "v", 0, "g", "w", 6))]],
    [25, [le(7, 8), str(listpack("f", "v"))]],
    [24, [le(-5, 8), len(1), len(3), str("f"), str("v")]],
    [24, [le(5, 8), len(2), len(3), str("f"), str("v"), len(4), str("f"), str("v")]],
  ];
  for (const [type, value] of samples) {
    assertThrows(() => loaded(dump("REDIS0012", 254, 0, type, str("key"), value)), RdbError);
  }
});
