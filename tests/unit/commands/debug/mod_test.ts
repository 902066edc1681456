import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { EmbeddedClient, EmbeddedServer } from "../../../support/embedded_server.ts";

function startDebug(): { server: EmbeddedServer; client: EmbeddedClient } {
  const server = new EmbeddedServer({ settings: { enableDebugCommand: "yes" } });
  return { server, client: server.connect() };
}

Deno.test("DEBUG is for those whom enable-debug-command names", () => {
  class RemoteClient extends EmbeddedClient {
    override readonly isLocal = false;
  }
  const refused = /^-ERR DEBUG command not allowed\. If the enable-debug-command option is set to/;
  for (
    const [permission, local, remote] of [["no", 0, 0], ["local", 1, 0], ["yes", 1, 1]] as const
  ) {
    const server = new EmbeddedServer({
      settings: { enableDebugCommand: permission, protectedMode: false },
    });
    const away = new RemoteClient(server.server);
    away.peer = server.server.accept(away)!;
    for (const [client, allowed] of [[server.connect(), local], [away, remote]] as const) {
      const reply = client.send("debug sleep 0");
      if (allowed) assertEquals(reply, "+OK\r\n");
      else assertMatch(reply, refused);
    }
  }
});

Deno.test("DEBUG without permission is refused before the password is asked for", () => {
  const client = new EmbeddedServer({ settings: { requirepass: "secret" } }).connect();
  assertMatch(client.send("debug help"), /^-ERR DEBUG command not allowed/);
});

Deno.test("DEBUG HELP names every subcommand, in order, and DEBUG takes any case", () => {
  const { client } = startDebug();
  const lines = client.send("debug help").split("\r\n+").slice(2);
  const names = lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.split(" ")[0]);
  assertEquals(
    names,
    names.toSorted((a, b) => a === "HELP" ? 1 : b === "HELP" ? -1 : a < b ? -1 : 1),
  );
  assert(names.includes("DIGEST-VALUE") && names.includes("STRINGMATCH-LEN"));
  assertEquals(client.send("dEbUg SlEeP 0"), "+OK\r\n");
});

Deno.test("DEBUG refuses what it does not know, and wrong numbers of arguments, with one error", () => {
  const { client } = startDebug();
  const error = (name: string) =>
    `-ERR unknown subcommand or wrong number of arguments for '${name}'. Try DEBUG HELP.\r\n`;
  assertEquals(client.send("debug nosuch"), error("nosuch"));
  assertEquals(client.send("debug sleep"), error("sleep"));
  assertEquals(client.send("debug DIGEST x"), error("DIGEST"));
  assertEquals(client.send("debug help x"), error("help"));
  assertEquals(client.send("debug populate 1 2 3 4"), error("populate"));
});

Deno.test("DEBUG SLEEP holds the whole server up", () => {
  const { server, client } = startDebug();
  const before = server.clock.nowMs();
  assertEquals(client.send("debug sleep 1.5"), "+OK\r\n");
  assertEquals(server.clock.nowMs() - before, 1500);
  assertEquals(client.send("debug sleep -1"), "+OK\r\n");
  assertEquals(client.send("debug sleep x"), "+OK\r\n");
  assertEquals(server.clock.nowMs() - before, 1500);
});

Deno.test("DEBUG LOG writes to the log", () => {
  const { server, client } = startDebug();
  assertEquals(client.send('debug log "hello, log"'), "+OK\r\n");
  assertStringIncludes(server.platform.process.out, "# DEBUG LOG: hello, log\n");
});

Deno.test("DEBUG ASSERT shows what a bug comes to, and the server goes on", () => {
  const { server, client } = startDebug();
  assertEquals(client.send("debug assert"), "-ERR internal error, see the server's log\r\n");
  assertStringIncludes(server.platform.process.out, "Unexpected error in command 'debug'");
  assertEquals(client.send("ping"), "+PONG\r\n");
});

Deno.test("DEBUG STRINGMATCH-LEN matches as KEYS does", () => {
  const { client } = startDebug();
  assertEquals(client.send("debug stringmatch-len h[ae]llo hallo"), ":1\r\n");
  assertEquals(client.send("debug stringmatch-len h[ae]llo hillo"), ":0\r\n");
});
