/**
 * The house, checked: requests flow downwards from room to room, and nothing imports upwards. What
 * a lower room needs from above reaches it through an interface that the lower room declares, so
 * even an `import type` may not point upwards.
 */
import { assertEquals } from "@std/assert";
import {
  importsOf,
  listFiles,
  readSource,
  resolveImport,
  withoutCommentsAndStrings,
} from "../support/sources.ts";

/** The rooms from the roof to the ground: a file may import from its own room and from those below. */
const ROOMS = [
  "cli",
  "config",
  "net",
  "server",
  "commands",
  "scripting",
  "replication",
  "persistence",
  "keyspace",
  "structures",
  "resp",
  "memory",
  "platform",
];

/** What lies outside the rooms: the entry on the roof, and a constant that every room may read. */
const ROOF = "main.ts";
const GROUND = "src/version.ts";

/** The one file outside src/ that a source may read; it holds the version. */
const MANIFEST = "deno.json";

const sources = listFiles("src").filter((path) => path.endsWith(".ts"));
if (listFiles("").includes(ROOF)) sources.push(ROOF);

/** How high a file stands: 0 is the roof; -1 when it is in no known room. */
function floorOf(path: string): number {
  if (path === ROOF) return 0;
  if (path === GROUND) return ROOMS.length + 1;
  const index = ROOMS.indexOf(roomOf(path));
  return index < 0 ? -1 : index + 1;
}

function roomOf(path: string): string {
  return path.split("/")[1] ?? "";
}

Deno.test("Every source file stands in a room of the house", () => {
  assertEquals(sources.filter((path) => floorOf(path) < 0), []);
});

Deno.test("No source file imports upwards", () => {
  const offences: string[] = [];
  for (const path of sources) {
    for (const { specifier } of importsOf(readSource(path))) {
      if (!specifier.startsWith(".")) continue;
      const target = resolveImport(path, specifier);
      if (target !== MANIFEST && floorOf(target) < floorOf(path)) {
        offences.push(`${path} imports ${target}`);
      }
    }
  }
  assertEquals(offences, []);
});

Deno.test("A room that has a mod.ts is entered by no other door", () => {
  const files = new Set(sources);
  const offences: string[] = [];
  for (const path of sources) {
    for (const { specifier } of importsOf(readSource(path))) {
      if (!specifier.startsWith(".")) continue;
      const target = resolveImport(path, specifier);
      const door = `src/${roomOf(target)}/mod.ts`;
      if (roomOf(target) !== roomOf(path) && files.has(door) && target !== door) {
        offences.push(`${path} imports ${target}`);
      }
    }
  }
  assertEquals(offences, []);
});

// A package in the shipped program would be embedded into the executable together with every other
// package of deno.lock, and be downloaded at first start. So is, by `deno task`, what deno.json names
// at all: the tests' client libraries stand in tests/clients/deno.json.
Deno.test("The shipped program consists of the project's own files and Deno", () => {
  const offences: string[] = [];
  for (const path of sources) {
    for (const { specifier } of importsOf(readSource(path))) {
      if (specifier.startsWith("node:") && roomOf(path) === "platform") continue;
      if (specifier.startsWith(".")) {
        const target = resolveImport(path, specifier);
        if (target.startsWith("src/") || (target === MANIFEST && path === GROUND)) continue;
      }
      offences.push(`${path} imports ${specifier}`);
    }
  }
  assertEquals(offences, []);
});

Deno.test("Only src/platform names Deno", () => {
  const offences = sources.filter((path) =>
    roomOf(path) !== "platform" && /\bDeno\b/.test(withoutCommentsAndStrings(readSource(path)))
  );
  assertEquals(offences, []);
});

Deno.test("No source files import each other in a circle", () => {
  const importedBy = new Map<string, string[]>();
  for (const path of sources) {
    const targets: string[] = [];
    for (const { specifier, isTypeOnly } of importsOf(readSource(path))) {
      if (!isTypeOnly && specifier.startsWith(".")) targets.push(resolveImport(path, specifier));
    }
    importedBy.set(path, targets);
  }

  const finished = new Set<string>();
  const trail: string[] = [];
  const circles: string[] = [];
  function visit(path: string): void {
    if (finished.has(path)) return;
    const start = trail.indexOf(path);
    if (start >= 0) {
      circles.push([...trail.slice(start), path].join(" > "));
      return;
    }
    trail.push(path);
    for (const target of importedBy.get(path) ?? []) visit(target);
    trail.pop();
    finished.add(path);
  }
  for (const path of sources) visit(path);
  assertEquals(circles, []);
});

Deno.test("The unit tests mirror src path for path", () => {
  const files = new Set(sources);
  const strays = listFiles("tests/unit").filter((path) => {
    if (!path.endsWith("_test.ts") || path.split("/").length === 3) return false;
    return !files.has(path.replace("tests/unit/", "src/").replace("_test.ts", ".ts"));
  });
  assertEquals(strays, []);
});
