import { assertEquals, assertMatch } from "@std/assert";
import { EmbeddedServer } from "../../support/embedded_server.ts";

/** A field of the line that describes the only client of a verbatim or bulk reply. */
function field(reply: string, name: string): string | undefined {
  return reply.match(new RegExp(` ${name}=(\\S*)`))?.[1];
}

Deno.test("CLIENT INFO has the fields of Redis 7.4 in their order", () => {
  const client = new EmbeddedServer().connect();
  assertMatch(
    client.send("client info"),
    new RegExp(
      "^\\$\\d+\\r\\n" +
        "id=1 addr=127.0.0.1:50000 laddr=127.0.0.1:6379 fd=-1 name= age=0 idle=0 flags=N db=0 " +
        "sub=0 psub=0 ssub=0 multi=-1 watch=0 qbuf=\\d+ qbuf-free=\\d+ argv-mem=0 multi-mem=0 " +
        "rbs=\\d+ rbp=\\d+ obl=0 oll=0 omem=0 tot-mem=\\d+ events=r cmd=client\\|info " +
        "user=default redir=-1 resp=2 lib-name= lib-ver=\\n\\r\\n$",
    ),
  );
});

Deno.test("CLIENT INFO shows age, idle time, names, flags and what waits to be sent", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.sendRaw(
    "client setname me\r\nclient setinfo lib-name lib\r\nclient setinfo lib-ver 1\r\n",
  );
  client.sendRaw("client no-evict on\r\nclient no-touch on\r\nselect 4\r\nsubscribe a b\r\n");
  server.clock.advance(3000);
  const info = server.connect().send("client list id 1");
  const shown = ["age", "idle", "name", "lib-name", "lib-ver", "flags", "db", "sub", "cmd"];
  assertEquals(
    shown.map((name) => field(info, name)),
    ["3", "3", "me", "lib", "1", "PeT", "4", "2", "subscribe"],
  );
});

Deno.test("CLIENT NO-TOUCH leaves the clocks of keys alone, but for TOUCH", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.send("set k v");
  server.clock.advance(60_000);
  client.sendRaw("client no-touch on\r\nget k\r\nappend k w\r\n");
  assertEquals(client.send("object idletime k"), ":60\r\n");
  client.send("touch k");
  assertEquals(client.send("object idletime k"), ":0\r\n");
  server.clock.advance(60_000);
  server.connect().send("get k");
  assertEquals(client.send("object idletime k"), ":0\r\n");
});

Deno.test("CLIENT KILL MAXAGE ends connections that are old enough", () => {
  const server = new EmbeddedServer();
  const old = server.connect();
  server.clock.advance(10_000);
  const young = server.connect();
  assertEquals(young.send("client kill maxage 11"), ":0\r\n");
  assertEquals(young.send("client kill maxage 10"), ":1\r\n");
  assertEquals([old.isClosed, young.isClosed], [true, false]);
  assertEquals(young.send("client kill maxage 0"), "-ERR maxage should be greater than 0\r\n");
});

Deno.test("A client that kills itself gets its reply, and nothing more", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  assertEquals(client.sendRaw("client kill id 1 skipme no\r\nset k v\r\n"), ":1\r\n");
  assertEquals(client.isClosed, true);
  assertEquals(server.connect().send("exists k"), ":0\r\n");
});

Deno.test("A pause that was ended does not hold up the end of the next", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.sendRaw("client pause 100000 write\r\nclient unpause\r\nclient pause 50 write\r\n");
  assertEquals(client.send("set k v"), "");
  server.clock.advance(49);
  assertEquals(client.takeReplies(), "");
  server.clock.advance(1);
  assertEquals(client.takeReplies(), "+OK\r\n");
});
