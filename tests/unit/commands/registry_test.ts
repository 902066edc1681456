import { assert, assertEquals } from "@std/assert";
import { categoryNames, flagNames, Registry } from "../../../src/commands/registry.ts";
import { type CommandRow, commandTable, key } from "../../../src/commands/spec.ts";
import { COMMAND_TABLES } from "../../../src/commands/tables.ts";
import { Args } from "../../../src/resp/args.ts";
import { latin1Bytes } from "../../support/latin1.ts";

function row(name: string, rest: Partial<CommandRow> = {}): CommandRow {
  return { name, arity: 1, since: "1.0.0", complexity: "O(1)", summary: "", handler() {}, ...rest };
}

function request(...words: string[]): Args {
  const args = new Args();
  args.loadText(...words);
  return args;
}

Deno.test("A command is found by its name in any case, and by nothing else", () => {
  const registry = new Registry(COMMAND_TABLES);
  for (const command of registry.commands) {
    const upper = latin1Bytes(`x${command.name.toUpperCase()}y`);
    assertEquals(registry.find(upper, 1, upper.length - 1), command);
    assert(registry.find(upper, 0, upper.length) === null);
  }
  for (const name of ["", "ge", "gett", "\x47\x45\x74\x00", "g".repeat(10_000)]) {
    const bytes = latin1Bytes(name);
    assertEquals(registry.find(bytes, 0, bytes.length), null, name.slice(0, 10));
  }
  // Folding must not make other characters equal to letters: `@` and "`" differ by the case bit.
  const registryOfOdd = new Registry([commandTable("generic", [row("a`b")])]);
  assertEquals(registryOfOdd.find(latin1Bytes("A@B"), 0, 3), null);
  assert(registryOfOdd.find(latin1Bytes("A`B"), 0, 3) !== null);
});

Deno.test("A request resolves to the subcommand it names", () => {
  const registry = new Registry(COMMAND_TABLES);
  assertEquals(registry.resolve(request("object", "ENCODING", "k"))?.fullName, "object|encoding");
  assertEquals(registry.resolve(request("OBJECT", "nosuch")), null);
  assertEquals(registry.resolve(request("get", "encoding"))?.fullName, "get");
  assertEquals(registry.byFullName("Object|Freq")?.fullName, "object|freq");
  assertEquals(registry.byFullName("get|x"), null);
  assertEquals(registry.byFullName("config|get|x"), null);
});

Deno.test("Commands can be renamed and taken away", () => {
  const registry = new Registry(COMMAND_TABLES, [
    { from: "get", to: "obtain" },
    { from: "flushall", to: "" },
  ]);
  assertEquals(registry.byFullName("get"), null);
  assertEquals(registry.byFullName("obtain")?.name, "get");
  assertEquals(registry.byFullName("flushall"), null);
});

Deno.test("Categories, flags and the legacy key range follow from the row", () => {
  const registry = new Registry([
    commandTable("string", [
      row("mset2", {
        flags: ["write", "denyoom"],
        keys: [key({ at: 1, last: -1, step: 2, access: "ow" })],
      }),
      row("rename2", {
        flags: ["write", "fast"],
        keys: [key({ at: 1, access: "rw" }), key({ at: 2, access: "ow" })],
      }),
      row("eval2", { keys: [key({ at: 2, count: 0, access: "rw" })] }),
    ]),
  ]);
  const [mset, rename, evaluate] = registry.commands;
  assertEquals(categoryNames(mset), ["write", "string", "slow"]);
  assertEquals(flagNames(mset), ["write", "denyoom"]);
  assertEquals(mset.legacyRange, [1, -1, 2]);
  assertEquals(categoryNames(rename), ["write", "string", "fast"]);
  assertEquals(rename.legacyRange, [1, 2, 1]);
  assertEquals(evaluate.movableKeys, true);
  assertEquals(flagNames(evaluate), ["movablekeys"]);
});

Deno.test("Every command has a summary, a complexity, a version, and a handler or subcommands", () => {
  for (const command of new Registry(COMMAND_TABLES).all) {
    const { fullName, summary, complexity, since, handler, children } = command;
    assert(summary.length > 5 && complexity.length > 0, fullName);
    assert(/^\d+\.\d+\.\d+$/.test(since), fullName);
    assert(handler !== undefined || children.length > 0, fullName);
    assert(command.arity !== 0, fullName);
  }
});
