/**
 * The proof that commands tell all they do: random commands run on a server, what they tell is loaded
 * by another one at a later time, and both have the same data.
 */
import { assertEquals } from "@std/assert";
import { AofFileLoader, AofStep } from "../../src/persistence/aof/load.ts";
import { writeAllSync } from "../../src/platform/mod.ts";
import { LogRepeater } from "../../src/server/append_only/repeater.ts";
import { drawCommand } from "../differential/random/generator.ts";
import { EmbeddedServer } from "../support/embedded_server.ts";
import { freshSeed, Random } from "../support/random.ts";

const DEBUG = { enableDebugCommand: "yes" as const };
/** What would stop the server, or wait for what never comes. */
const NOT_RUN =
  /^(shutdown|debug|monitor|subscribe|psubscribe|ssubscribe|config|client|acl|save|reset|quit|bgrewriteaof|bgsave)$/i;

/** A request as it is sent. */
function request(args: readonly string[]): string {
  return `*${args.length}\r\n` + args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join("");
}

/** Loads a log; what is refused is collected. */
function load(server: EmbeddedServer, log: Uint8Array): string[] {
  const { files } = server.platform;
  const file = files.openSync("/log", { write: true, read: true, create: true, truncate: true });
  writeAllSync(file, log);
  file.seekSync(0);
  const { keyspace } = server.server;
  const repeater = new LogRepeater(server.server, "log");
  const before = server.platform.process.out.length;
  keyspace.standStill();
  const { settings } = server.server;
  const loader = new AofFileLoader("/log", file, keyspace, repeater, {
    dump: { settings },
    rdbchecksum: true,
  });
  let step: number;
  do step = loader.step(1000); while (step === AofStep.GOES_ON);
  assertEquals(step, AofStep.DONE);
  repeater.close();
  keyspace.goOn(server.clock.nowMs());
  return server.platform.process.out.slice(before).split("\n").filter((line) =>
    line.includes("is refused")
  );
}

function digest(server: EmbeddedServer): string {
  return server.connect().send("debug digest");
}

Deno.test("What random commands tell makes the same data again, at a later time", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (let round = 0; round < 10; round++) {
    const first = new EmbeddedServer({ seed: random.next(), settings: DEBUG });
    const { effects } = first.server;
    effects.active = true;
    const logs: Uint8Array[] = [];
    const take = () => {
      logs.push(effects.buf.slice(0, effects.end));
      effects.clear();
    };
    const client = first.connect();
    for (let i = 0; i < 400; i++) {
      const { args } = drawCommand(random);
      if (NOT_RUN.test(args[0])) continue;
      client.sendRaw(request(args));
      if (random.oneIn(5)) first.clock.advance(random.pick([1, 10, 1000, 50_000]));
      take();
    }
    first.clock.advance(1);
    take();
    const log = new Uint8Array(logs.reduce((sum, part) => sum + part.length, 0));
    logs.reduce((at, part) => (log.set(part, at), at + part.length), 0);

    const second = new EmbeddedServer({ seed: random.next(), settings: DEBUG });
    second.clock.advance(first.clock.nowMs() - second.clock.nowMs());
    const refused = load(second, log);
    assertEquals(refused, []);
    assertEquals(digest(second), digest(first));
  }
});
