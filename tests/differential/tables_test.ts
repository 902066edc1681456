/** Every table of cases, on redis-server and Keyrex side by side. */
import { assertEquals } from "@std/assert";
import type { RespClient } from "../support/resp_client.ts";
import { redisServerPath } from "../support/servers.ts";
import { Pair } from "./pair.ts";
import { runTable, showDifferences } from "./runner.ts";
import type { Table } from "./scenario.ts";
import { tables } from "./tables/mod.ts";

for (const table of tables) {
  Deno.test(`Replies to ${table.group} cases are ${judges(table)}`, (t) => testTable(t, table));
}

function judges(table: Table): string {
  if (table.since !== undefined) return "as documented";
  if (redisServerPath() !== null) return "redis-server's";
  return "as expected (no redis-server on PATH: cases without an expected reply judge nothing)";
}

async function testTable(t: Deno.TestContext, table: Table): Promise<void> {
  await using pair = await Pair.start({ alone: table.since !== undefined });
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
