import { assertEquals, assertMatch } from "@std/assert";
import { commandTable } from "../../../src/commands/spec.ts";
import { EmbeddedServer } from "../../support/embedded_server.ts";

Deno.test("A request passes the gates in Redis's order", () => {
  const server = new EmbeddedServer({ settings: { requirepass: "secret" } });
  const client = server.connect();
  assertMatch(
    client.send("nosuch a"),
    /^-ERR unknown command 'nosuch', with args beginning with: 'a' \r\n$/,
  );
  assertEquals(client.send("get"), "-ERR wrong number of arguments for 'get' command\r\n");
  assertEquals(client.send("get k"), "-NOAUTH Authentication required.\r\n");
  assertEquals(client.send("auth secret"), "+OK\r\n");
  assertEquals(client.send("get k"), "$-1\r\n");
});

Deno.test("Requests in one packet are answered in order, a broken one ends the connection", () => {
  const client = new EmbeddedServer().connect();
  assertEquals(
    client.sendRaw("set k 1\r\nincr k\r\nget k\r\n*1\r\n$-5\r\nget k\r\n"),
    "+OK\r\n:2\r\n$1\r\n2\r\n-ERR Protocol error: invalid bulk length\r\n",
  );
  assertEquals(client.isClosed, true);
});

Deno.test("A request may arrive byte by byte", () => {
  const client = new EmbeddedServer().connect();
  const request = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nhello\r\n";
  let replies = "";
  for (const byte of request) replies += client.sendRaw(byte);
  assertEquals(replies, "+OK\r\n");
  assertEquals(client.send("get k"), "$5\r\nhello\r\n");
});

Deno.test("A big value is received into its place and kept there", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  const value = "0123456789".repeat(50_000);
  let replies = "";
  const request = `*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$${value.length}\r\n${value}\r\n`;
  for (let at = 0; at < request.length; at += 7000) {
    replies += client.sendRaw(request.slice(at, at + 7000));
  }
  assertEquals(replies, "+OK\r\n");
  assertEquals(client.send("strlen k"), `:${value.length}\r\n`);
  assertEquals(client.send("getrange k 499990 499999"), "$10\r\n0123456789\r\n");
  client.send("del k");
  assertEquals(client.send("dbsize"), ":0\r\n");
});

Deno.test("A bug in a handler is an error reply and a line in the log, not the end of the server", () => {
  const table = commandTable("server", [{
    name: "explode",
    arity: 1,
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Fails.",
    handler(client) {
      client.reply.array(2);
      client.reply.integer(1);
      throw new Error("boom");
    },
  }]);
  const server = new EmbeddedServer({ tables: [table] });
  const client = server.connect();
  assertEquals(client.send("explode"), "-ERR internal error, see the server's log\r\n");
  assertMatch(server.platform.process.out, /Unexpected error in command 'explode': Error: boom/);
  assertEquals(client.send("ping"), "+PONG\r\n");
  assertEquals(server.server.stats.unexpectedErrors, 1);
});

Deno.test("CLIENT REPLY drops what it says", () => {
  const client = new EmbeddedServer().connect();
  assertEquals(client.sendRaw("client reply skip\r\nset k 1\r\nget k\r\n"), "$1\r\n1\r\n");
  assertEquals(client.sendRaw("client reply off\r\nget k\r\nnosuch\r\n"), "");
  assertEquals(client.sendRaw("client reply on\r\nget k\r\n"), "+OK\r\n$1\r\n1\r\n");
});

Deno.test("Errors are counted by code, calls as rejected or failed", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.sendRaw("get\r\nincr\r\nset k x\r\nincr k\r\nincr k\r\n");
  const { registry, stats } = server.server;
  const incr = registry.byFullName("incr")!.index;
  assertEquals([stats.calls[incr], stats.failedCalls[incr], stats.rejectedCalls[incr]], [2, 2, 1]);
  assertEquals([...stats.errors], [["ERR", 4]]);
});
