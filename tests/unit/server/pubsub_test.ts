import { assertEquals, assertMatch } from "@std/assert";
import { EmbeddedServer } from "../../support/embedded_server.ts";

Deno.test("A message goes to those of the channel, then pattern by pattern", () => {
  const server = new EmbeddedServer();
  const [a, b, publisher] = [server.connect(), server.connect(), server.connect()];
  a.sendRaw("psubscribe n*\r\nsubscribe news\r\n");
  b.sendRaw("hello 3\r\nsubscribe news\r\npsubscribe *s n*\r\n");
  a.takeReplies();
  b.takeReplies();
  assertEquals(publisher.send("publish news hi"), ":5\r\n");
  const message = "3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n";
  const byPattern = (pattern: string) =>
    `4\r\n$8\r\npmessage\r\n$2\r\n${pattern}\r\n$4\r\nnews\r\n$2\r\nhi\r\n`;
  assertEquals(a.takeReplies(), `*${message}*${byPattern("n*")}`);
  assertEquals(b.takeReplies(), `>${message}>${byPattern("n*")}>${byPattern("*s")}`);
});

Deno.test("Names and messages may be any bytes", () => {
  const server = new EmbeddedServer();
  const [subscriber, publisher] = [server.connect(), server.connect()];
  subscriber.send('subscribe "\\x00\\xff" ""');
  subscriber.takeReplies();
  publisher.send('publish "\\x00\\xff" "\\r\\n"');
  publisher.send('publish "" ""');
  assertEquals(
    subscriber.takeReplies(),
    "*3\r\n$7\r\nmessage\r\n$2\r\n\x00\xff\r\n$2\r\n\r\n\r\n" +
      "*3\r\n$7\r\nmessage\r\n$0\r\n\r\n$0\r\n\r\n",
  );
});

Deno.test("A client that has gone, or starts anew, hears nothing and is forgotten", () => {
  const server = new EmbeddedServer();
  const { pubsub } = server.server;
  const [gone, anew, publisher] = [server.connect(), server.connect(), server.connect()];
  for (const client of [gone, anew]) {
    client.sendRaw("subscribe a b\r\npsubscribe a*\r\nssubscribe s\r\n");
    client.takeReplies();
  }
  gone.close();
  assertEquals(pubsub.subscriberCount("channel", "a"), 1);
  assertEquals(anew.send("reset"), "+RESET\r\n");
  assertEquals(publisher.send("publish a x"), ":0\r\n");
  assertEquals(publisher.send("spublish s x"), ":0\r\n");
  assertEquals(anew.send("get k"), "$-1\r\n");
  assertEquals(
    [pubsub.channelCount, pubsub.patternCount, pubsub.shardChannelCount],
    [0, 0, 0],
  );
});

Deno.test("A client of RESP2 with any subscription left is kept to a few commands", () => {
  const client = new EmbeddedServer().connect();
  const refused = /^-ERR Can't execute 'get': only \(P\|S\)SUBSCRIBE/;
  client.sendRaw("subscribe a\r\npsubscribe p\r\nssubscribe s\r\n");
  client.takeReplies();
  assertMatch(client.send("get k"), refused);
  assertEquals(client.send("ping"), "*2\r\n$4\r\npong\r\n$0\r\n\r\n");
  client.send("unsubscribe");
  assertMatch(client.send("get k"), refused);
  client.send("sunsubscribe");
  assertMatch(client.send("get k"), refused);
  client.send("punsubscribe");
  assertEquals(client.send("get k"), "$-1\r\n");
  assertEquals(client.send("ping"), "+PONG\r\n");
});

Deno.test("CLIENT REPLY OFF silences replies, but no messages", () => {
  const server = new EmbeddedServer();
  const [client, publisher] = [server.connect(), server.connect()];
  assertEquals(
    client.sendRaw("client reply off\r\nsubscribe a\r\n"),
    "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n",
  );
  publisher.send("publish a x");
  assertEquals(client.takeReplies(), "*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\nx\r\n");
  assertEquals(client.send("ping"), "");
});

Deno.test("A client that has been killed hears nothing any more", () => {
  const server = new EmbeddedServer();
  const [subscriber, publisher] = [server.connect(), server.connect()];
  subscriber.send("subscribe a");
  subscriber.takeReplies();
  assertEquals(publisher.sendRaw("client kill type pubsub\r\npublish a x\r\n"), ":1\r\n:0\r\n");
  assertEquals([subscriber.isClosed, subscriber.takeReplies()], [true, ""]);
});
