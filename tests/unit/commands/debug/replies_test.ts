import { assertEquals, assertMatch } from "@std/assert";
import { EmbeddedServer } from "../../../support/embedded_server.ts";

Deno.test("DEBUG PROTOCOL sends each type of reply in either protocol", () => {
  const client = new EmbeddedServer({ settings: { enableDebugCommand: "yes" } }).connect();
  const examples: Record<string, [resp2: string, resp3: string]> = {
    string: ["$11\r\nHello World\r\n", "$11\r\nHello World\r\n"],
    integer: [":12345\r\n", ":12345\r\n"],
    double: ["$5\r\n3.141\r\n", ",3.141\r\n"],
    null: ["$-1\r\n", "_\r\n"],
    array: ["*3\r\n:0\r\n:1\r\n:2\r\n", "*3\r\n:0\r\n:1\r\n:2\r\n"],
    set: ["*3\r\n:0\r\n:1\r\n:2\r\n", "~3\r\n:0\r\n:1\r\n:2\r\n"],
    map: [
      "*6\r\n:0\r\n:0\r\n:1\r\n:1\r\n:2\r\n:0\r\n",
      "%3\r\n:0\r\n#f\r\n:1\r\n#t\r\n:2\r\n#f\r\n",
    ],
    true: [":1\r\n", "#t\r\n"],
    false: [":0\r\n", "#f\r\n"],
  };
  for (const proto of [2, 3]) {
    client.send(`hello ${proto}`);
    for (const [type, replies] of Object.entries(examples)) {
      assertEquals(client.send(`debug protocol ${type}`), replies[proto - 2]);
    }
  }
  assertMatch(client.send("debug protocol nosuch"), /^-ERR Wrong protocol type name\./);
  assertMatch(client.send("debug protocol constructor"), /^-ERR Wrong protocol type name\./);
});

Deno.test("DEBUG ERROR sends any text as an error, and counts none", () => {
  const server = new EmbeddedServer({ settings: { enableDebugCommand: "yes" } });
  const client = server.connect();
  assertEquals(client.send('debug error "MYCODE and\\r\\nmore"'), "-MYCODE and  more\r\n");
  assertEquals(server.server.stats.errorReplies, 0);
});
