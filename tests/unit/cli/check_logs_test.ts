import { assertEquals, assertStringIncludes } from "@std/assert";
import { runCheck } from "../../../src/cli/check.ts";
import { latin1Bytes, latin1Text } from "../../support/latin1.ts";
import type { SimulatedPlatform } from "../../support/simulated_platform.ts";
import { dump, str } from "../persistence/rdb/builder.ts";
import { platformWith, run } from "./running.ts";

const DIRECTORY = "/appendonlydir";
const MANIFEST = `${DIRECTORY}/appendonly.aof.manifest`;
const BASE = `${DIRECTORY}/appendonly.aof.1.base.rdb`;
const FIRST = `${DIRECTORY}/appendonly.aof.1.incr.aof`;
const LAST = `${DIRECTORY}/appendonly.aof.2.incr.aof`;
const NAMES = "file appendonly.aof.1.base.rdb seq 1 type b\n" +
  "file appendonly.aof.1.incr.aof seq 1 type i\nfile appendonly.aof.2.incr.aof seq 2 type i\n";

function command(...args: string[]): string {
  return `*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join("")}`;
}

const SET = command("SET", "k", "v");
const TRANSACTION = command("MULTI") + SET + command("DEL", "k") + command("EXEC");

/** A directory of append-only files whose last one holds this. */
function withLast(last: string): SimulatedPlatform {
  const platform = platformWith({});
  platform.files.makeDirectorySync(DIRECTORY);
  const files = {
    [MANIFEST]: latin1Bytes(NAMES),
    [BASE]: dump("REDIS0011", [254, 0], [0, str("k"), str("v")]),
    [FIRST]: latin1Bytes(SET + SET),
    [LAST]: latin1Bytes(last),
  };
  for (const [path, content] of Object.entries(files)) {
    platform.files.openSync(path, { write: true, create: true }).writeSync(content);
  }
  return platform;
}

function contentOf({ files }: SimulatedPlatform, path: string): string {
  return latin1Text(files.readSync(path));
}

Deno.test("Sound files are told of: keys of the dump, commands, transactions, times", () => {
  const platform = withLast(`#TS:1700000000\r\n${TRANSACTION}#TS:1700000005\r\n${SET}`);
  const { exitCode, out } = run(platform, runCheck, DIRECTORY);
  assertEquals(exitCode, 0, out);
  for (
    const line of [
      `${MANIFEST}: a base, 2 increments, 0 files of no more use\n`,
      `${BASE}: base, `,
      "    string: 1, ",
      `${FIRST}: increment, ${2 * SET.length} bytes\n  2 commands, 0 transactions\n`,
      `    SET: 2, ${2 * SET.length} bytes\n`,
      "  5 commands, 1 transactions\n",
      "written from 2023-11-14T22:13:20.000Z (1700000000) to 2023-11-14T22:13:25.000Z (1700000005)",
      "All files and the manifest are sound.\n",
    ]
  ) assertStringIncludes(out, line);
});

for (
  const [title, tail, problem] of [
    ["that is torn", SET.slice(0, -3), "the end comes in the middle of a command"],
    ["that ends within a transaction", TRANSACTION.slice(0, -14), "the end comes before EXEC"],
    ["with zeros at the end", "\0\0\0\0", "4 zeros end the file, from offset"],
    ["with a hole", "\0\0" + SET, "a command begins with *, not with byte 0"],
    ["with MULTI in MULTI", command("MULTI").repeat(2), "MULTI stands within MULTI"],
    ["with an EXEC too many", command("EXEC"), "EXEC stands without MULTI"],
  ]
) {
  Deno.test(`A file ${title} is cut at its last whole command, when one agrees`, () => {
    const platform = withLast(SET + tail);
    platform.process.input = latin1Bytes("y\n");
    const { exitCode, out } = run(platform, runCheck, "--fix", DIRECTORY);
    assertEquals(exitCode, 0, out);
    assertStringIncludes(out, problem);
    assertStringIncludes(out, `The file is whole up to offset ${SET.length}.\n`);
    assertStringIncludes(out, "Continue? [y/N]: Successfully truncated");
    assertEquals(contentOf(platform, LAST), SET);
    assertEquals(contentOf(platform, `${LAST}.cut-at-${SET.length}`), tail);
  });
}

Deno.test("Damage is told and left alone without --fix, and without consent", () => {
  for (const args of [[DIRECTORY], ["--fix", MANIFEST]]) {
    const platform = withLast(SET + "*1\r\n");
    platform.process.input = latin1Bytes("n\n");
    const { exitCode, out } = run(platform, runCheck, ...args);
    assertEquals(exitCode, 1);
    assertStringIncludes(out, "DAMAGED. At offset");
    assertEquals(contentOf(platform, LAST), SET + "*1\r\n");
  }
});

Deno.test("Damage before the last file is not cut off, as that would leave a gap", () => {
  const platform = withLast(SET);
  platform.files.openSync(FIRST, { write: true, truncate: true }).writeSync(latin1Bytes("*3\r\n"));
  const { exitCode, out } = run(platform, runCheck, "--fix", "--yes", DIRECTORY);
  assertEquals(exitCode, 1);
  assertStringIncludes(out, `${FIRST} cannot be cut off at offset 0: it is not the last file.`);
  assertEquals(contentOf(platform, FIRST), "*3\r\n");
});

Deno.test("A file, or a manifest, that is missing or damaged makes the exit code 1", () => {
  const missing = withLast(SET);
  missing.files.removeSync(FIRST);
  const found = run(missing, runCheck, DIRECTORY);
  assertEquals(found.exitCode, 1);
  assertStringIncludes(found.out, `Cannot open ${FIRST}: No such file or directory`);

  const damaged = withLast(SET);
  damaged.files.openSync(MANIFEST, { write: true, truncate: true }).writeSync(latin1Bytes("x\n"));
  const { exitCode, out } = run(damaged, runCheck, DIRECTORY);
  assertEquals(exitCode, 1);
  assertStringIncludes(out, "at line 1");
  assertEquals(run(platformWith({}), runCheck, MANIFEST).exitCode, 1);
});

Deno.test("A directory without a manifest, or with several, is not guessed about", () => {
  const none = platformWith({});
  none.files.makeDirectorySync(DIRECTORY);
  assertStringIncludes(run(none, runCheck, DIRECTORY).error, "There is no manifest in");
  const several = withLast(SET);
  several.files.openSync(`${DIRECTORY}/other.manifest`, { write: true, create: true });
  const { error, exitCode } = run(several, runCheck, DIRECTORY);
  assertEquals(exitCode, 1);
  assertStringIncludes(error, "name one of appendonly.aof.manifest, other.manifest");
});

Deno.test("A file that begins with a dump is an append-only file by its name", () => {
  const preamble = latin1Text(dump("REDIS0011", [254, 0], [0, str("k"), str("v")]));
  const content = latin1Bytes(preamble + SET + "*2\r\n");
  const platform = platformWith({ "/appendonly.aof": content });
  const { exitCode, out } = run(platform, runCheck, "/appendonly.aof", "--fix", "--yes");
  assertEquals(exitCode, 0, out);
  assertStringIncludes(out, `a dump of ${preamble.length} bytes`);
  assertEquals(contentOf(platform, "/appendonly.aof"), preamble + SET);
});

Deno.test("What was written after a moment can be cut off", () => {
  const later = `#TS:200\r\n${SET}`;
  const platform = withLast(`#TS:100\r\n${SET}${later}`);
  const { exitCode, out } = run(
    platform,
    runCheck,
    ...["--truncate-to-timestamp", "150", "--yes", DIRECTORY],
  );
  assertEquals(exitCode, 0, out);
  assertEquals(contentOf(platform, LAST), `#TS:100\r\n${SET}`);

  const nothing = run(withLast(later), runCheck, "--truncate-to-timestamp", "200", DIRECTORY);
  assertEquals(nothing.exitCode, 0);
  assertStringIncludes(nothing.out, `Nothing in ${LAST} was written after 200.`);

  const all = run(withLast(later), runCheck, "--truncate-to-timestamp", "150", DIRECTORY);
  assertEquals(all.exitCode, 1);
  assertStringIncludes(all.out, "has nothing that was written by 150");
});

Deno.test("Options that are not understood, or contradict each other, show the help", () => {
  for (
    const args of [
      ["--nosuch", DIRECTORY],
      ["--truncate-to-timestamp", "x", DIRECTORY],
      ["--fix", "--truncate-to-timestamp", "1", DIRECTORY],
      [DIRECTORY, DIRECTORY],
    ]
  ) {
    const { exitCode, out } = run(withLast(SET), runCheck, ...args);
    assertEquals(exitCode, 1);
    assertStringIncludes(out, "Usage: keyrex check");
  }
});
