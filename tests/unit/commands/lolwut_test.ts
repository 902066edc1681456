import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { latin1Bytes } from "../../support/latin1.ts";
import { EmbeddedServer } from "../../support/embedded_server.ts";

/** What LOLWUT shows, without the header of the reply. */
function drawing(reply: string): string {
  return new TextDecoder().decode(latin1Bytes(reply)).replace(/^\$\d+\r\n/, "");
}

Deno.test("LOLWUT draws something else each time, and tells the version", () => {
  const client = new EmbeddedServer().connect();
  const first = drawing(client.send("lolwut"));
  assertMatch(
    first,
    /^[\u2800-\u28ff\n]+\nA \w+, \d:\d, fading\. [^\n]+\nRedis ver\. 7\.4\.0\n\r\n$/,
  );
  assertNotEquals(drawing(client.send("lolwut version 5")), first);
});

Deno.test("LOLWUT wants a number for a version, and passes over all else", () => {
  const client = new EmbeddedServer().connect();
  assertEquals(
    client.send("lolwut version x"),
    "-ERR value is not an integer or out of range\r\n",
  );
  assertMatch(client.send("lolwut version"), /^\$/);
  assertMatch(client.send("lolwut a b c"), /^\$/);
});
