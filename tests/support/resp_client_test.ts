import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { latin1Bytes, latin1Text } from "./latin1.ts";
import { RespError } from "./reply.ts";
import { encodeCommand, ReplyTimeout, RespClient } from "./resp_client.ts";

/** Runs `test` with a client of a server that does nothing but what `serve` does. */
async function withPeer(
  serve: (connection: Deno.Conn) => Promise<void>,
  test: (client: RespClient) => Promise<void>,
): Promise<void> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const served = listener.accept().then(async (connection) => {
    await serve(connection);
    connection.close();
  });
  {
    using client = await RespClient.connect(listener.addr as Deno.NetAddr);
    await test(client);
  }
  await served;
}

Deno.test("The client reads one reply at a time, however its bytes are cut", async () => {
  const replies = ["+OK\r\n", "*2\r\n$3\r\nabc\r\n:7\r\n", ">1\r\n+push\r\n", "$-1\r\n"];
  await withPeer(async (connection) => {
    for (const byte of latin1Bytes(replies.join(""))) await connection.write(Uint8Array.of(byte));
  }, async (client) => {
    for (const reply of replies) {
      assertEquals(latin1Text((await client.readReplyBytes())!), reply);
    }
    assertStrictEquals(await client.readReplyBytes(), null);
  });
});

Deno.test("The client reads a reply larger than its buffer", async () => {
  const text = "x".repeat(1_000_000);
  await withPeer(async (connection) => {
    const bytes = latin1Bytes(`$${text.length}\r\n${text}\r\n:1\r\n`);
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
  }, async (client) => {
    assertEquals(await client.readReply(), text);
    assertEquals(await client.readReply(), 1);
  });
});

Deno.test("The client gives up a connection on which no reply comes", async () => {
  await withPeer(async (connection) => {
    await connection.write(latin1Bytes("$5\r\nhal"));
    await connection.read(new Uint8Array(1));
  }, async (client) => {
    await assertRejects(() => client.readReplyBytes(20), ReplyTimeout);
  });
});

Deno.test("The client throws an error reply to a command, and returns it within a pipeline", async () => {
  await withPeer(async (connection) => {
    await connection.write(latin1Bytes("-ERR one\r\n+OK\r\n-ERR two\r\n"));
    while (await connection.read(new Uint8Array(100)) !== null);
  }, async (client) => {
    await assertRejects(() => client.command("GET"), RespError, "ERR one");
    const replies = await client.pipeline([["A"], ["B"]]);
    assertEquals(replies.map(String), ["OK", "RespError: ERR two"]);
  });
});

Deno.test("A command is sent as an array of bulk strings", () => {
  assertEquals(
    latin1Text(encodeCommand(["SET", "é", 12, Uint8Array.of(0, 255)])),
    "*4\r\n$3\r\nSET\r\n$2\r\n\xc3\xa9\r\n$2\r\n12\r\n$2\r\n\x00\xff\r\n",
  );
});
