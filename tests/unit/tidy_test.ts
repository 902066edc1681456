/** What every file of the project owes its reader, and facts that are stated in more than one place. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { listFiles, readSource } from "../support/sources.ts";

const TEXT = /(^|\/)(LICENSE|run|[^/]+\.(ts|json|md|py|sh|conf|txt|lock))$/;

const files = listFiles("").filter((path) => TEXT.test(path));
const manifest = JSON.parse(readSource("deno.json"));

/** The lines of all files that match, as `path:line: text`. */
function linesMatching(pattern: RegExp): string[] {
  const found: string[] = [];
  for (const path of files) {
    readSource(path).split("\n").forEach((line, index) => {
      if (pattern.test(line)) found.push(`${path}:${index + 1}: ${line.trim()}`);
    });
  }
  return found;
}

/** The words of a task's command that begin with `prefix`, sorted. */
function flagsOf(task: string, prefix: string): string[] {
  const command: string = manifest.tasks[task].command;
  return command.split(/\s+/).filter((word) => word.startsWith(prefix)).sort();
}

Deno.test("No file names a folder of the machine it was written on", () => {
  assertEquals(linesMatching(/(^|[\s"'`(=])\/(?:root|work|home\/\w+)\//), []);
});

Deno.test("No file puts work off with a mark", () => {
  assertEquals(linesMatching(/\b(?:TO)DO\b|\b(?:FIX)ME\b/), []);
});

Deno.test("No text file has a carriage return or lacks its last newline", () => {
  const offences = files.filter((path) => {
    const text = readSource(path);
    return text.includes("\r") || (text !== "" && !text.endsWith("\n"));
  });
  assertEquals(offences, []);
});

Deno.test("The server has the same permissions however it is started", () => {
  const permissions = flagsOf("start", "--allow-");
  assert(permissions.length > 0);
  assertEquals(flagsOf("dev", "--allow-"), permissions);
  assertEquals(flagsOf("compile", "--allow-"), permissions);
  assertEquals(flagsOf("dev", "--v8-flags"), flagsOf("start", "--v8-flags"));
  assertEquals(flagsOf("compile", "--v8-flags"), flagsOf("start", "--v8-flags"));
});

Deno.test("No task takes every permission", () => {
  for (const [name, task] of Object.entries<{ command: string }>(manifest.tasks)) {
    assert(!/\s(-A|--allow-all)\b/.test(task.command), name);
  }
});

Deno.test("Every package is pinned to one version", () => {
  const clients = JSON.parse(readSource("tests/clients/deno.json"));
  for (const specifier of Object.values<string>({ ...manifest.imports, ...clients.imports })) {
    assertMatch(specifier, /^npm:(@[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+(\/|$)/);
  }
});

Deno.test("The changelog tells of the version that deno.json names", () => {
  assertMatch(
    readSource("CHANGELOG.md"),
    new RegExp(`^## ${RegExp.escape(manifest.version)}\\b`, "m"),
  );
});

Deno.test("The README names every task", () => {
  const readme = readSource("README.md");
  const unnamed = Object.keys(manifest.tasks).filter((task) =>
    !readme.includes(`deno task ${task}`)
  );
  assertEquals(unnamed, []);
});
