/** That no command goes untested: what Keyrex lists is derived from Keyrex itself. */
import { assertEquals } from "@std/assert";
import type { RespClient } from "../support/resp_client.ts";
import { oracleTest, startKeyrex } from "../support/servers.ts";
import { parseStep } from "./command_notation.ts";
import { Pair } from "./pair.ts";
import { runTable, showDifferences } from "./runner.ts";
import { lineOf, table } from "./scenario.ts";
import { tables } from "./tables/mod.ts";

/** `command` and `command|subcommand` of every case. */
function commandsWithCases(): Set<string> {
  const names = new Set<string>();
  for (const { scenarios } of tables) {
    for (const { cases } of scenarios) {
      for (const oneCase of cases) {
        const [name, subcommand] = parseStep(lineOf(oneCase)).args.map((arg) => arg.toLowerCase());
        names.add(name).add(`${name}|${subcommand}`);
      }
    }
  }
  return names;
}

/** The names of all commands, subcommands as `container|subcommand`. */
async function commandNames(client: RespClient): Promise<string[]> {
  const infos = await client.command("COMMAND") as string[][];
  return infos.flatMap((info) => {
    const subcommands = (info[9] ?? []) as unknown as string[][];
    return [info[0], ...subcommands.map((subcommand) => subcommand[0])];
  }).sort();
}

Deno.test("Every command and subcommand of Keyrex has a case", async () => {
  await using keyrex = await startKeyrex();
  using client = await keyrex.connect();
  const covered = commandsWithCases();
  const missing = (await commandNames(client)).filter((name) => !covered.has(name));
  assertEquals(missing, []);
});

oracleTest("COMMAND INFO of every command is redis-server's", async () => {
  await using pair = await Pair.start();
  const [known, real] = await Promise.all(
    pair.servers.toReversed().map(async (server) => {
      using client = await server.connect();
      return await commandNames(client);
    }),
  );
  const shared = known.filter((name) => real.includes(name));
  const scenarios = Object.fromEntries(
    shared.map((name) => [name, [[`COMMAND INFO ${name}`, null, "command-info"]] as const]),
  );
  const differences = await runTable(pair, table("command info", scenarios));
  assertEquals(differences.length, 0, `\n\n${showDifferences(differences)}\n`);
});
