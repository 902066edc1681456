import { assertEquals } from "@std/assert";
import { findKeys, takesKeys } from "../../../src/commands/keys.ts";
import { Registry } from "../../../src/commands/registry.ts";
import { type CommandRow, commandTable, key, type KeyOptions } from "../../../src/commands/spec.ts";
import { Args } from "../../../src/resp/args.ts";

function command(keys: readonly KeyOptions[], row: Partial<CommandRow> = {}) {
  const table = commandTable("generic", [{
    name: "probe",
    arity: -1,
    keys: keys.map(key),
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Has keys.",
    handler() {},
    ...row,
  }]);
  return new Registry([table]).commands[0];
}

function request(line: string): Args {
  const args = new Args();
  args.loadText(...line.split(" "));
  return args;
}

/** The keys that are found in a request, as text; null for malformed arguments. */
function keysIn(line: string, ...keys: KeyOptions[]): string[] | null {
  const args = request(line);
  return findKeys(command(keys), args)?.map(({ index }) => args.text(index)) ?? null;
}

Deno.test("Keys are found at an index", () => {
  assertEquals(keysIn("probe a b", { at: 1, access: "ro" }), ["a"]);
  assertEquals(keysIn("probe a b c", { at: 2, access: "ro" }), ["b"]);
  assertEquals(keysIn("probe a b c", { at: 1, last: 1, access: "ro" }), ["a", "b"]);
  assertEquals(keysIn("probe a", { at: 2, access: "ro" }), null);
});

Deno.test("Keys are found up to the end, or to a place before it", () => {
  assertEquals(keysIn("probe a b c", { at: 1, last: -1, access: "ro" }), ["a", "b", "c"]);
  assertEquals(keysIn("probe a b c", { at: 1, last: -2, access: "ro" }), ["a", "b"]);
  assertEquals(keysIn("probe a 1 b 2", { at: 1, last: -1, step: 2, access: "ow" }), ["a", "b"]);
  assertEquals(keysIn("probe a 1 b", { at: 1, last: -1, step: 2, access: "ow" }), ["a", "b"]);
  assertEquals(keysIn("probe", { at: 1, last: -1, access: "ro" }), null);
});

Deno.test("A limit divides what is left into keys and others", () => {
  const streams: KeyOptions = { keyword: "STREAMS", last: -1, limit: 2, access: "ro" };
  assertEquals(keysIn("probe count 5 streams a b 1 2", streams), ["a", "b"]);
  assertEquals(keysIn("probe streams a 1", streams), ["a"]);
  assertEquals(keysIn("probe streams a", streams), null);
});

Deno.test("Keys are found after a keyword, in any case, and are none without it", () => {
  const store: KeyOptions = { keyword: "STORE", access: "ow" };
  assertEquals(keysIn("probe a store b", store), ["b"]);
  assertEquals(keysIn("probe a", store), []);
  assertEquals(keysIn("probe a store", store), []);
});

Deno.test("A keyword is searched from the end where its place is negative", () => {
  const keys: KeyOptions = { keyword: "KEYS", from: -2, last: -1, access: "rm" };
  assertEquals(keysIn("probe keys a keys b", keys), ["b"]);
  assertEquals(keysIn("probe a keys", keys), []);
});

Deno.test("Keys are found by their number", () => {
  const counted: KeyOptions = { at: 1, count: 0, first: 1, access: "ro" };
  assertEquals(keysIn("probe 2 a b c", counted), ["a", "b"]);
  for (const malformed of ["probe 0 a", "probe -1 a", "probe x a", "probe 3 a b", "probe"]) {
    assertEquals(keysIn(malformed, counted), null, malformed);
  }
});

Deno.test("Keys of several specs come in the order of the specs", () => {
  const target: KeyOptions = { at: 1, access: "ow" };
  const sources: KeyOptions = { at: 2, count: 0, first: 1, access: "ro" };
  const args = request("probe t 2 a b");
  assertEquals(
    findKeys(command([sources, target]), args)?.map(({ index, spec }) => [index, spec.access]),
    [[3, "ro"], [4, "ro"], [1, "ow"]],
  );
});

Deno.test("What only looks like a key is none", () => {
  const channel = command([{ at: 1, access: "ro", other: ["not_key"] }]);
  assertEquals(takesKeys(channel), false);
  assertEquals(findKeys(channel, request("probe a")), []);
});

Deno.test("A row's own search is asked where its specs say too little", () => {
  const [own] = [key({ at: 2, access: "rw" })];
  const findOwn = () => [{ index: 2, spec: own }];
  const vague = command([{ at: 1, access: "rw", other: ["variable_flags"] }], {
    findKeys: findOwn,
  });
  assertEquals(findKeys(vague, request("probe a b")), [{ index: 2, spec: own }]);
  const malformed = command([{ at: 1, count: 0, access: "ro" }], { findKeys: findOwn });
  assertEquals(findKeys(malformed, request("probe x b")), [{ index: 2, spec: own }]);
  assertEquals(findKeys(malformed, request("probe 1 b"))?.map(({ index }) => index), [2]);
  assertEquals(takesKeys(command([], { findKeys: findOwn })), true);
});
