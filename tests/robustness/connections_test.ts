/** Very many connections, and connections that end when nobody expects it. */
import { assert, assertEquals } from "@std/assert";
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

const MANY = 10_000;

/** How many files a process may open here; what is not known is enough. */
async function openFilesMax(): Promise<number> {
  const cat = new Deno.Command("cat", { args: ["/proc/self/limits"], stderr: "null" });
  const { success, stdout } = await cat.output();
  const line = new TextDecoder().decode(stdout).match(/^Max open files\s+(\d+)/m);
  return success && line !== null ? Number(line[1]) : Infinity;
}

const filesMax = await openFilesMax();
const isPossible = filesMax >= MANY + 200;

Deno.test({
  name: `${MANY} connections are served, idle and busy` +
    (isPossible ? "" : ` (skipped: a process may open ${filesMax} files here)`),
  ignore: !isPossible,
  async fn() {
    const directives = { maxclients: MANY + 100 };
    await besiege({ directives, growthBytes: 256 * MIB }, async (server) => {
      const all = await attackers(server, MANY);
      await until(async () => await infoNumber(server, "connected_clients") >= MANY);
      for (let round = 0; round < (isLong ? 10 : 1); round++) {
        const replies = await Promise.all(all.map(async (attacker) => {
          await attacker.send("PING\r\n");
          return attacker.read(7);
        }));
        assert(replies.every((reply) => reply === "+PONG\r\n"));
      }
      for (const attacker of all) attacker.close();
      await untilAlone(server);
    });
  },
});

Deno.test("Connections beyond maxclients are told so, and closed", async () => {
  await besiege({ directives: { maxclients: 20 }, growthBytes: 32 * MIB }, async (server) => {
    // With the bystander there are 20.
    const all = await attackers(server, 19);
    for (const attacker of all) {
      await attacker.send("PING\r\n");
      assertEquals(await attacker.read(7), "+PONG\r\n");
    }
    const late = await attackers(server, 100);
    for (const attacker of late) {
      assertEquals(await attacker.read(), "-ERR max number of clients reached\r\n");
    }
    for (const attacker of [...all, ...late]) attacker.close();
    await untilAlone(server);
    assertEquals(await infoNumber(server, "rejected_connections"), 100);
  });
});

Deno.test("Clients may vanish while a reply is on its way to them", async () => {
  await besiege({ growthBytes: 128 * MIB }, async (server) => {
    {
      using client = await server.connect();
      await client.command("SET", "big", "x".repeat(4_000_000));
    }
    for (let i = 0; i < (isLong ? 2000 : 60); i++) {
      using attacker = await Attacker.connect(server);
      await attacker.send("GET big\r\nGET big\r\n");
      if (i % 2 === 0) await attacker.read(1);
    }
    await untilAlone(server);
  });
});

Deno.test("Idle clients are closed after `timeout`, busy ones are not", async () => {
  const directives = { timeout: 1, loglevel: "verbose" };
  await besiege({ directives, growthBytes: 32 * MIB }, async (server) => {
    const all = await attackers(server, 50);
    const replies = await Promise.all(all.map((attacker) => attacker.read()));
    assertEquals(new Set(replies), new Set([""]));
    for (const attacker of all) attacker.close();
    await untilLogged(server, "Closing idle client");
  });
});
