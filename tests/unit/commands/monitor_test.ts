import { assertEquals, assertMatch } from "@std/assert";
import { EmbeddedServer } from "../../support/embedded_server.ts";

/** Without time and address. */
function shown(lines: string): string[] {
  return lines.split("\r\n").slice(0, -1).map((line) =>
    line.replace(/^\+\S+ \[(\d+) .*?\]/, "[$1]")
  );
}

Deno.test("MONITOR shows time, database, address and arguments of what is run", () => {
  const server = new EmbeddedServer();
  const monitor = server.connect();
  assertEquals(monitor.send("monitor"), "+OK\r\n");
  server.connect().send('set k "a\\x00\\"\\n\\xff"');
  assertMatch(
    monitor.takeReplies(),
    /^\+\d+\.\d{6} \[0 127\.0\.0\.1:50000\] "set" "k" "a\\x00\\"\\n\\xff"\r\n$/,
  );
});

Deno.test("MONITOR shows what failed, but not what was refused, nor what administrators do", () => {
  const server = new EmbeddedServer();
  const monitor = server.connect();
  monitor.send("monitor");
  const client = server.connect();
  client.sendRaw("set k x\r\nincr k\r\nget\r\nnosuch\r\nconfig get hz\r\nselect 2\r\n");
  assertEquals(shown(monitor.takeReplies()), [
    '[0] "set" "k" "x"',
    '[0] "incr" "k"',
    '[2] "select" "2"',
  ]);
});

Deno.test("MONITOR shows no passwords", () => {
  const server = new EmbeddedServer();
  const monitor = server.connect();
  monitor.send("monitor");
  const client = server.connect();
  client.sendRaw("auth a\r\nauth a b\r\nauth a b c\r\n");
  client.sendRaw("hello 2 setname auth auth default secret\r\n");
  assertEquals(shown(monitor.takeReplies()), [
    '[0] "auth" "(redacted)"',
    '[0] "auth" "(redacted)" "(redacted)"',
    '[0] "auth" "(redacted)" "(redacted)" "(redacted)"',
    '[0] "hello" "2" "setname" "auth" "auth" "(redacted)" "(redacted)"',
  ]);
});

Deno.test("A client that monitors sees itself, and is kept from the data until RESET", () => {
  const monitor = new EmbeddedServer().connect();
  monitor.send("monitor");
  const [pong, line] = monitor.send("ping").split("\r\n");
  assertEquals(pong, "+PONG");
  assertMatch(line, /"ping"$/);
  assertEquals(monitor.send("monitor"), "");
  assertEquals(monitor.send("get k"), "-ERR Replica can't interact with the keyspace\r\n");
  assertEquals(monitor.send("reset"), "+RESET\r\n");
  assertEquals(monitor.send("get k"), "$-1\r\n");
});
