import { assertEquals } from "@std/assert";
import { commandsPage, missingCommands } from "../../docs/commands.ts";
import { readSource } from "../support/sources.ts";

Deno.test("The page about the commands says what the command tables say", () => {
  assertEquals(
    readSource("docs/commands.md"),
    commandsPage(),
    "make it anew: deno task docs",
  );
});

/** What is yet to come: persistence in the background, replication, clusters, scripts. */
const TO_COME = new Set(
  `asking bgrewriteaof bgsave failover migrate psync readonly readwrite replconf replicaof
   restore-asking slaveof sync waitaof eval eval_ro evalsha evalsha_ro fcall fcall_ro`
    .split(/\s+/),
);

Deno.test("Redis's commands are all there, but for persistence, replication, clusters and scripts", () => {
  const unexplained = missingCommands().filter((name) =>
    !TO_COME.has(name) && !/^(cluster|function|script)\b/.test(name)
  );
  assertEquals(unexplained, []);
});
