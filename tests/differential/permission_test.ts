/** Commands that the configuration must allow. */
import { assertEquals } from "@std/assert";
import { oracleTest } from "../support/servers.ts";
import { Pair } from "./pair.ts";
import { runTable, showDifferences } from "./runner.ts";
import { table } from "./scenario.ts";

for (const permission of ["no", "local", "yes"]) {
  oracleTest(`DEBUG is allowed or refused with enable-debug-command ${permission}`, async () => {
    await using pair = await Pair.start({ directives: { "enable-debug-command": permission } });
    const differences = await runTable(
      pair,
      table("permission", {
        "DEBUG by a client of this host": {
          protocols: [2],
          cases: [
            "DEBUG SLEEP 0",
            "DEBUG NOSUCH",
            "DEBUG",
            "CONFIG SET enable-debug-command yes",
            "CONFIG SET requirepass secret",
            "b> DEBUG SLEEP 0",
            "b> DEBUG",
          ],
        },
      }),
    );
    assertEquals(differences.length, 0, `\n\n${showDifferences(differences)}\n`);
  });
}
