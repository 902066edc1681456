/** Every table of cases, on redis-server and Keyrex side by side. */
import { assertEquals } from "@std/assert";
import type { RespClient } from "../support/resp_client.ts";
import { redisServerPath, startKeyrex, transportsToTest } from "../support/servers.ts";
import { Pair } from "./pair.ts";
import { runTable, showDifferences } from "./runner.ts";
import type { Table } from "./scenario.ts";
import { tables } from "./tables/mod.ts";

/** The groups in which much depends on how bytes come and go. */
const ABOUT_BYTES = new Set(["blocking", "connection", "protocol", "pubsub"]);

for (const table of tables) {
  for (const transport of ABOUT_BYTES.has(table.group) ? transportsToTest() : [null]) {
    const over = transport === null ? "" : ` over the ${transport} transport`;
    Deno.test(`Replies to ${table.group} cases${over} are ${judges(table)}`, (t) =>
      testTable(t, table, transport));
  }
}

function judges(table: Table): string {
  if (table.since !== undefined) return "as documented";
  if (redisServerPath() !== null) return "redis-server's";
  return "as expected (no redis-server on PATH: cases without an expected reply judge nothing)";
}

async function testTable(
  t: Deno.TestContext,
  table: Table,
  transport: string | null,
): Promise<void> {
  await using pair = await Pair.start({
    alone: table.since !== undefined,
    startUnderTest: (directives) => startKeyrex({ directives }, transport),
  });
  const lack = await lackOf(pair, table);
  if (lack !== null) {
    await t.step({ name: `skipped: ${pair.keyrex.name} ${lack}`, ignore: true, fn() {} });
    return;
  }
  const differences = await runTable(pair, table);
  if (differences.length === 0) return;
  assertEquals(
    differences.length,
    0,
    `${differences.length} scenarios differ\n\n${showDifferences(differences)}\n`,
  );
}

/** What the server under test would need for the table; null when it has it. */
async function lackOf(pair: Pair, { needs, since }: Table): Promise<string | null> {
  using client = await pair.keyrex.connect();
  if (needs !== undefined && !await knows(client, needs)) return `has no ${needs.toUpperCase()}`;
  if (since === undefined) return null;
  const info = String(await client.command("INFO", "server"));
  const version = info.match(/^redis_version:(.*?)\r?$/m)?.[1] ?? "0";
  const older = version.localeCompare(since, undefined, { numeric: true }) < 0;
  return older ? `is Redis ${version}, which has nothing of ${since}` : null;
}

async function knows(client: RespClient, command: string): Promise<boolean> {
  const [info] = await client.command("COMMAND", "INFO", command) as unknown[];
  return info !== null;
}
