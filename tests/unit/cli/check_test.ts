import { assertEquals, assertStringIncludes } from "@std/assert";
import { runCheck } from "../../../src/cli/check.ts";
import { bytes, dump, le, str } from "../persistence/rdb/builder.ts";
import { platformWith, run } from "./running.ts";

const SOUND = dump(
  "REDIS0009",
  [250, str("redis-ver"), str("6.0.16")],
  [254, 0],
  [0, str("k"), str("v")],
  [252, le(1, 8), 0, str("gone"), str("v")],
  [254, 3],
  [1, str("list"), 1, str("a")],
);

Deno.test("A sound dump is told of: keys by type, those that expire, databases", () => {
  const { exitCode, out } = run(platformWith({ "/a.rdb": SOUND }), runCheck, "/a.rdb");
  assertEquals(exitCode, 0);
  for (
    const line of [
      `/a.rdb: ${SOUND.length} of ${SOUND.length} bytes read\n`,
      "version 9 of the format, Redis\n",
      "redis-ver: 6.0.16\n",
      "3 keys in 2 databases, 1 of which expire, 1 of these already\n",
      "  string: 2, ",
      "  list: 1, ",
      "No damage found.\n",
    ]
  ) assertStringIncludes(out, line);
});

Deno.test("Damage is told with its place, and makes the exit code 1", () => {
  const cut = bytes(SOUND.slice(0, SOUND.length - 15));
  const { exitCode, out } = run(platformWith({ "/a.rdb": cut }), runCheck, "/a.rdb");
  assertEquals(exitCode, 1);
  assertStringIncludes(out, "DAMAGED. Reading ");
  assertStringIncludes(out, "2 keys in");
});

Deno.test("A file that is missing is told, and a call without one shows the help", () => {
  const missing = run(platformWith({}), runCheck, "/a.rdb");
  assertEquals(missing.exitCode, 1);
  assertEquals(missing.error, "Cannot open /a.rdb: No such file or directory\n");
  assertStringIncludes(run(platformWith({}), runCheck).out, "Usage: keyrex check");
  assertEquals(run(platformWith({}), runCheck, "--help").exitCode, 0);
});
