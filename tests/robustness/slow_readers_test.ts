/** Clients that ask for more than they read. */
import { assert, assertEquals } from "@std/assert";
import type { ServerProcess } from "../support/processes.ts";
import {
  Attacker,
  attackers,
  besiege,
  infoNumber,
  isLong,
  MIB,
  until,
  untilAlone,
  untilLogged,
} from "./siege.ts";

/** What the log says of a client with too much output. */
const CLOSED = " scheduled to be closed ASAP for overcoming of output buffer limits.";

Deno.test("A client that asks on and on and never reads costs a bounded amount", async () => {
  const count = isLong ? 500 : 40;
  // What may wait for each is a reply of 1 MB beyond the MiB at which its requests are held up.
  const growthBytes = 64 * MIB + count * 4 * MIB;
  await besiege({ growthBytes }, async (server) => {
    {
      using client = await server.connect();
      await client.command("SET", "big", "x".repeat(1_000_000));
    }
    const all = await attackers(server, count);
    const requests = new TextEncoder().encode("GET big\r\n".repeat(1_000_000));
    const sent = all.map((attacker) => attacker.send(requests));
    await until(async () => await infoNumber(server, "used_memory") > count * MIB);
    assert(await infoNumber(server, "used_memory") < count * 3 * MIB + 8 * MIB);
    for (const attacker of all) attacker.close();
    assertEquals(new Set(await Promise.all(sent)), new Set([false]), "nobody was read to the end");
    await untilAlone(server);
    assert(await infoNumber(server, "used_memory") < 3 * MIB);
  });
});

Deno.test("One giant reply is cut off at the output buffer limit", async () => {
  const directives = { "client-output-buffer-limit": ["normal", "1mb", "0", "0"] };
  await besiege({ directives, growthBytes: 96 * MIB }, async (server) => {
    const keys = isLong ? 1_000_000 : 100_000;
    await fill(server, keys);
    using attacker = await Attacker.connect(server);
    await attacker.send("KEYS *\r\n");
    assertEquals(await attacker.read(), "");
    await untilLogged(server, CLOSED);
    assertEquals(await infoNumber(server, "client_output_buffer_limit_disconnections"), 1);
  });
});

Deno.test("CONFIG SET changes the output buffer limit of clients that are connected", async () => {
  await besiege({ growthBytes: 96 * MIB }, async (server) => {
    await fill(server, 100_000);
    using attacker = await Attacker.connect(server);
    await attacker.send("PING\r\n");
    await attacker.read(7);
    using client = await server.connect();
    await client.command("CONFIG", "SET", "client-output-buffer-limit", "normal 1mb 0 0");
    await attacker.send("KEYS *\r\n");
    assertEquals(await attacker.read(), "");
    await untilLogged(server, CLOSED);
  });
});

Deno.test("A subscriber that never reads is closed at its limit", async () => {
  const directives = { "client-output-buffer-limit": ["pubsub", "4mb", "0", "0"] };
  await besiege({ directives, growthBytes: 96 * MIB }, async (server) => {
    using attacker = await Attacker.connect(server);
    await attacker.send("SUBSCRIBE news\r\n");
    await attacker.read(20);
    using client = await server.connect();
    const message = "x".repeat(100_000);
    let messages = 0;
    // What the system's own buffers take comes on top of the limit.
    while (await client.command("PUBLISH", "news", message) === 1) {
      assert(++messages < 1000, "the subscriber is still there");
    }
    await untilLogged(server, CLOSED);
  });
});

/** Adds keys of some 50 bytes. */
async function fill(server: ServerProcess, keys: number): Promise<void> {
  using client = await Attacker.connect(server);
  const portion = 10_000;
  for (let first = 0; first < keys; first += portion) {
    let requests = "";
    for (let i = first; i < first + portion; i++) {
      requests += `SET key:${"-".repeat(40)}:${i} x\r\n`;
    }
    await client.send(requests);
    assertEquals((await client.read("+OK\r\n".length * portion)).length, 5 * portion);
  }
}
