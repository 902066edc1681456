/** Requests that are wrong, incomplete, endless, or slow to come. */
import { assert, assertEquals } from "@std/assert";
import { randomStream } from "../fuzz/request_streams.ts";
import { latin1Bytes } from "../support/latin1.ts";
import { freshSeed, Random } from "../support/random.ts";
import { encodeCommand } from "../support/resp_client.ts";
import {
  Attacker,
  attackers,
  besiege,
  infoNumber,
  isLong,
  MIB,
  untilAlone,
  untilLogged,
} from "./siege.ts";

/** All but the content of a SET whose value is said to be 1 GiB long. */
const GIANT_HEADER = "*3\r\n$3\r\nSET\r\n$5\r\ngiant\r\n$1073741824\r\n";

Deno.test("Garbage harms nobody but its sender", async () => {
  const seed = freshSeed();
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  await besiege({ growthBytes: 48 * MIB }, async (server) => {
    for (let i = 0; i < (isLong ? 20_000 : 300); i++) {
      using attacker = await Attacker.connect(server);
      const isRandom = random.oneIn(2);
      await attacker.send(isRandom ? randomBytes(random) : latin1Bytes(randomStream(random)));
    }
    await untilAlone(server);
  });
});

Deno.test("A client may vanish after any byte of a request", async () => {
  const value = "v".repeat(70_000);
  const request = encodeCommand(["SET", "half", value]);
  const ends = Array.from({ length: 40 }, (_, i) => i);
  ends.push(32_800, 65_535, 65_537, request.length - 2, request.length - 1);
  await besiege({ growthBytes: 48 * MIB }, async (server) => {
    for (const end of ends) {
      using attacker = await Attacker.connect(server);
      await attacker.send(request.subarray(0, end));
    }
    await untilAlone(server);
    using client = await server.connect();
    assertEquals(await client.command("EXISTS", "half"), 0);
  });
});

Deno.test("A header of 1 GiB is refused", async () => {
  await besiege({ growthBytes: 32 * MIB }, async (server) => {
    using attacker = await Attacker.connect(server);
    await attacker.send(GIANT_HEADER);
    assertEquals(await attacker.read(), "-ERR Protocol error: invalid bulk length\r\n");
  });
});

Deno.test("A thousand headers of 1 GiB cost little where they are allowed", async () => {
  const directives = { "proto-max-bulk-len": "2gb" };
  await besiege({ directives, growthBytes: 64 * MIB }, async (server) => {
    const all = await attackers(server, 1000);
    await Promise.all(all.map((attacker) => attacker.send(GIANT_HEADER)));
    assert(await infoNumber(server, "used_memory") < 160 * MIB);
    for (const attacker of all) attacker.close();
    await untilAlone(server);
    assert(await infoNumber(server, "used_memory") < MIB);
  });
});

Deno.test("Big arguments that are sent by half cost what has arrived of them", async () => {
  const count = isLong ? 4000 : 600;
  const part = new Uint8Array(isLong ? 300_000 : 150_000).fill(0x78);
  const directives = { "proto-max-bulk-len": "2gb" };
  const growthBytes = 64 * MIB + 2 * count * part.length;
  await besiege({ directives, growthBytes }, async (server) => {
    const all = await attackers(server, count);
    await Promise.all(all.map(async (attacker) => {
      await attacker.send(GIANT_HEADER);
      await attacker.send(part);
    }));
    for (const attacker of all) attacker.close();
    await untilAlone(server);
    assert(await infoNumber(server, "used_memory") < MIB, "all blocks are free again");
  });
});

Deno.test("A line without an end is refused after 64 KiB", async () => {
  await besiege({ growthBytes: 48 * MIB }, async (server) => {
    const flood = new Uint8Array(64 * 1024).fill(0x61);
    for (let i = 0; i < 20; i++) {
      using attacker = await Attacker.connect(server);
      const replies = attacker.read();
      while (await attacker.send(flood));
      const said = await replies;
      // The reply is lost when the connection is reset before it has been read.
      if (said !== "") assertEquals(said, "-ERR Protocol error: too big inline request\r\n");
    }
  });
});

Deno.test("A request of a million arguments may come in small pieces", async () => {
  const words = 1_000_000;
  await besiege({ growthBytes: 256 * MIB }, async (server) => {
    using attacker = await Attacker.connect(server);
    await attacker.send(`*${words + 1}\r\n$3\r\nDEL\r\n`);
    const stream = new TextEncoder().encode("$3\r\nabc\r\n".repeat(words));
    for (let at = 0; at < stream.length; at += 1777) {
      assert(await attacker.send(stream.subarray(at, at + 1777)));
    }
    assertEquals(await attacker.read(4), ":0\r\n");
  });
});

Deno.test("More arguments than fit the query buffer limit end the connection", async () => {
  const directives = { "client-query-buffer-limit": "4mb" };
  await besiege({ directives, growthBytes: 64 * MIB }, async (server) => {
    using attacker = await Attacker.connect(server);
    await attacker.send("*16777216\r\n");
    const words = new TextEncoder().encode("$0\r\n\r\n".repeat(10_000));
    let sent = 0;
    while (sent < 96_000_000 && await attacker.send(words)) sent += words.length;
    assert(sent < 96_000_000);
    await untilLogged(server, "Closing client that reached max query buffer length: ");
  });
});

Deno.test("An argument beyond the query buffer limit ends the connection", async () => {
  const directives = { "client-query-buffer-limit": "1mb" };
  await besiege({ directives, growthBytes: 64 * MIB }, async (server) => {
    using attacker = await Attacker.connect(server);
    await attacker.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$100000000\r\n");
    const part = new Uint8Array(100_000);
    let sent = 0;
    while (sent < 100_000_000 && await attacker.send(part)) sent += part.length;
    assert(sent < 100_000_000);
    await untilLogged(server, "Closing client that reached max query buffer length: ");
    await untilAlone(server);
    assert(await infoNumber(server, "used_memory") < MIB);
  });
});

Deno.test("Clients that send byte by byte are served like others", async () => {
  const request = "*3\r\n$3\r\nSET\r\n$4\r\nslow\r\n$5\r\nloris\r\n";
  await besiege({ growthBytes: 48 * MIB }, async (server) => {
    const all = await attackers(server, isLong ? 1000 : 100);
    await Promise.all(all.map(async (attacker) => {
      for (const byte of request) await attacker.send(byte);
      assertEquals(await attacker.read(5), "+OK\r\n");
      attacker.close();
    }));
  });
});

function randomBytes(random: Random): Uint8Array {
  return Uint8Array.from({ length: random.between(1, 10_000) }, () => random.below(256));
}
