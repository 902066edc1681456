import { assertEquals } from "@std/assert";
import { EmbeddedServer } from "../../support/embedded_server.ts";

/** What a subscriber of all keyspace channels hears while `commands` run: channel and message each. */
function heard(events: string, ...commands: string[]): string[] {
  const server = new EmbeddedServer();
  const [subscriber, client] = [server.connect(), server.connect()];
  client.send(`config set notify-keyspace-events "${events}"`);
  subscriber.send("psubscribe __key*__:*");
  subscriber.takeReplies();
  for (const command of commands) client.send(command);
  server.clock.advance(1000);
  const messages = subscriber.takeReplies().split("*4\r\n").slice(1);
  return messages.map((message) => {
    const lines = message.split("\r\n");
    return `${lines[5]} ${lines[7]}`;
  });
}

Deno.test("An event is told by key and by name, as the letters say", () => {
  assertEquals(heard("KEA", "set k v"), ["__keyspace@0__:k set", "__keyevent@0__:set k"]);
  assertEquals(heard("K$", "set k v", "del k"), ["__keyspace@0__:k set"]);
  assertEquals(heard("Eg", "set k v", "del k"), ["__keyevent@0__:del k"]);
  assertEquals(heard("A", "set k v"), [], "neither K nor E");
  assertEquals(heard("", "set k v"), []);
});

Deno.test("An event tells the database that the key is in", () => {
  assertEquals(heard("Eg", "set k v", "move k 3", "select 3", "del k"), [
    "__keyevent@0__:move_from k",
    "__keyevent@3__:move_to k",
    "__keyevent@3__:del k",
  ]);
});

Deno.test("New keys and misses are told of when asked for", () => {
  assertEquals(heard("En", "set k v", "set k w", "rename k l", "setrange m 3 x"), [
    "__keyevent@0__:new k",
    "__keyevent@0__:new l",
    "__keyevent@0__:new m",
  ]);
  assertEquals(heard("Em", "get k", "exists k", "ttl k", "object encoding k"), [
    "__keyevent@0__:keymiss k",
    "__keyevent@0__:keymiss k",
    "__keyevent@0__:keymiss k",
  ]);
});

Deno.test("A key that falls due is told of at its time, whether somebody looks or not", () => {
  assertEquals(heard("Ex", "set a v px 700", "set b v px 300", "set c v px 2000"), [
    "__keyevent@0__:expired b",
    "__keyevent@0__:expired a",
  ]);
});
