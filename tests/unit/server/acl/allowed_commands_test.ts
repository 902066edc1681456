import { assertEquals } from "@std/assert";
import { AllowedCommands, CommandNames } from "../../../../src/server/acl/allowed_commands.ts";
import { registry, request } from "./requests.ts";

const names = new CommandNames(registry.all);

function commandsWith(...rules: string[]): AllowedCommands {
  const commands = new AllowedCommands(names);
  for (const rule of rules) assertEquals(commands.apply(rule), null, rule);
  return commands;
}

function isAllowed(commands: AllowedCommands, line: string): boolean {
  return commands.allows(...request(line));
}

Deno.test("Nothing is allowed at first, and everything by +@all", () => {
  const commands = commandsWith();
  assertEquals(isAllowed(commands, "GET k"), false);
  assertEquals([commands.isAll, commands.describe()], [false, "-@all"]);
  commands.apply("+@ALL");
  for (const command of registry.all) {
    assertEquals(commands.allows(command, request("GET k")[1]), true);
  }
  assertEquals([commands.isAll, commands.describe()], [true, "+@all"]);
  commands.apply("-get");
  assertEquals([isAllowed(commands, "GET k"), isAllowed(commands, "SET k v")], [false, true]);
  assertEquals([commands.isAll, commands.describe()], [false, "+@all -get"]);
});

Deno.test("A container comes with its subcommands, a subcommand alone", () => {
  const commands = commandsWith("+config", "-config|set");
  assertEquals(isAllowed(commands, "CONFIG GET x"), true);
  assertEquals(isAllowed(commands, "CONFIG SET x y"), false);
  const one = commandsWith("+config|get");
  assertEquals(isAllowed(one, "CONFIG GET x"), true);
  assertEquals(isAllowed(one, "CONFIG RESETSTAT"), false);
});

Deno.test("A category has the commands that COMMAND INFO says it has", () => {
  const commands = commandsWith("+@hash", "-@write");
  assertEquals(isAllowed(commands, "HGET k f"), true);
  assertEquals(isAllowed(commands, "HSET k f v"), false);
  assertEquals(isAllowed(commands, "GET k"), false);
});

Deno.test("A command without subcommands may be allowed by its first argument", () => {
  const commands = commandsWith("+select|1", "+select|A");
  assertEquals(isAllowed(commands, "SELECT 1"), true);
  assertEquals(isAllowed(commands, "SELECT a"), true);
  assertEquals(isAllowed(commands, "SELECT 2"), false);
  assertEquals(commands.describe(), "-@all +select|1 +select|a");
  const copy = commands.clone();
  commands.apply("-select");
  assertEquals(isAllowed(commands, "SELECT 1"), false);
  assertEquals(isAllowed(copy, "SELECT 1"), true);
});

Deno.test("Rules are kept in their order, but for those that later ones override", () => {
  const shown = (...rules: string[]) => commandsWith(...rules).describe();
  assertEquals(shown("+@all", "-@hash", "+HGET", "-@Hash"), "+@all +hget -@hash");
  assertEquals(shown("+get", "-get"), "-@all -get");
  assertEquals(shown("+config|get", "-config|set", "+config"), "-@all +config");
  assertEquals(shown("+config", "-config|set"), "-@all +config -config|set");
  assertEquals(shown("+get", "+getset", "+get"), "-@all +getset +get");
  assertEquals(shown("+get", "+@read", "-@all"), "-@all");
});

Deno.test("Given again, the rules say the same", () => {
  const commands = commandsWith("+@all", "-@write", "+set", "-config", "+config|get", "-select");
  const [first, ...rest] = commands.describe().split(" ");
  const again = commandsWith(first, ...rest);
  const [, args] = request("GET k");
  for (const command of registry.all) {
    assertEquals(again.allows(command, args), commands.allows(command, args), command.fullName);
  }
});

Deno.test("Rules about what there is not are refused", () => {
  const unknown = "Unknown command or category name in ACL";
  const refusals: Record<string, string> = {
    "+nosuch": unknown,
    "-nosuch": unknown,
    "+": unknown,
    "+@nosuch": unknown,
    "+config|nosuch": unknown,
    "-select|0": unknown,
    "+nosuch|0": unknown,
    "+select|": "Syntax error",
    "+config|get|x": "Allowing first-arg of a subcommand is not supported",
  };
  for (const [rule, reason] of Object.entries(refusals)) {
    const commands = new AllowedCommands(names);
    assertEquals(commands.apply(rule), reason, rule);
    assertEquals(commands.describe(), "-@all");
  }
});
