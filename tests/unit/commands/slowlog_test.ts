import { assertEquals } from "@std/assert";
import { utf8Text } from "../../../src/memory/bytes.ts";
import { EmbeddedServer } from "../../support/embedded_server.ts";

/** What the slow log holds, the oldest first. */
function logged({ server }: EmbeddedServer): string[] {
  const lines = server.slowlog.newest(-1).map(({ args }) =>
    args.map((arg) => utf8Text(arg, 0, arg.length)).join(" ")
  );
  return lines.reverse();
}

Deno.test("SLOWLOG has the arguments of each command of a batch, without secrets", () => {
  const server = new EmbeddedServer({ settings: { slowlogLogSlowerThan: 0 } });
  const client = server.connect();
  client.sendRaw("set k v\r\nget k\r\nauth default secret\r\nclient setname me\r\nget\r\n");
  client.send("config set hz 10 requirepass '' masterauth secret");
  assertEquals(logged(server), [
    "set k v",
    "get k",
    "auth (redacted) (redacted)",
    "client setname me",
    "config set hz 10 requirepass (redacted) masterauth (redacted)",
  ]);
});

Deno.test("SLOWLOG GET tells id, time, duration, arguments, address and name", () => {
  const server = new EmbeddedServer({ settings: { slowlogLogSlowerThan: 0 } });
  const client = server.connect();
  client.sendRaw("client setname me\r\nget k\r\n");
  const seconds = Math.floor(server.server.nowMs / 1000);
  assertEquals(
    client.send("slowlog get 1"),
    `*1\r\n*6\r\n:1\r\n:${seconds}\r\n:0\r\n*2\r\n$3\r\nget\r\n$1\r\nk\r\n` +
      "$15\r\n127.0.0.1:50000\r\n$2\r\nme\r\n",
  );
});
