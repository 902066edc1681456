import { assertEquals } from "@std/assert";
import { CommandNames } from "../../../../src/server/acl/allowed_commands.ts";
import { Selector } from "../../../../src/server/acl/selector.ts";
import { allowed, argumentOf, Denial, denialOf } from "../../../../src/server/acl/verdict.ts";
import { registry, request } from "./requests.ts";

const names = new CommandNames(registry.all);

function selectorWith(...rules: string[]): Selector {
  const selector = new Selector(names, "resetchannels");
  for (const rule of rules) assertEquals(selector.apply(rule), null, rule);
  return selector;
}

/** What is refused, and which argument is at fault; null when nothing is. */
function refusal(selector: Selector, line: string): [denial: number, argument: number] | null {
  const verdict = selector.check(...request(line));
  return verdict === allowed ? null : [denialOf(verdict), argumentOf(verdict)];
}

Deno.test("A selector that allows everything needs no check", () => {
  assertEquals(selectorWith("+@all", "~*", "&*").isUnlimited, true);
  assertEquals(selectorWith("allcommands", "AllKeys", "allchannels").isUnlimited, true);
  assertEquals(selectorWith("+@all", "~*").isUnlimited, false);
  assertEquals(selectorWith("+@all", "%RW~*", "&*").isUnlimited, false);
  assertEquals(selectorWith("+@all", "-get", "+get", "~*", "&*").isUnlimited, false);
});

Deno.test("Keys are allowed for what a command does with them", () => {
  const selector = selectorWith("+@all", "%R~r*", "%W~w*", "~b*");
  for (
    const line of [
      "GET r1",
      "SET w1 x",
      "COPY r1 w1",
      "SET b1 x GET",
      "STRLEN w1",
      "BITFIELD r1 GET u8 0",
    ]
  ) assertEquals(refusal(selector, line), null, line);
  assertEquals(refusal(selector, "GET w1"), [Denial.KEY, 1]);
  assertEquals(refusal(selector, "SET r1 x"), [Denial.KEY, 1]);
  assertEquals(refusal(selector, "SET w1 x GET"), [Denial.KEY, 1]);
  assertEquals(refusal(selector, "COPY r1 r2"), [Denial.KEY, 2]);
  assertEquals(refusal(selector, "MSET b1 x n1 y n2 z"), [Denial.KEY, 3]);
  assertEquals(refusal(selector, "BITFIELD r1 SET u8 0 1"), [Denial.KEY, 1]);
});

Deno.test("A request whose keys cannot be found is left to its command", () => {
  assertEquals(refusal(selectorWith("+@all"), "ZUNIONSTORE d 9 a"), null);
});

Deno.test("Channels must match, patterns must stand in the rules", () => {
  const selector = selectorWith("+@all", "&ch*", "&one");
  for (
    const line of [
      "SUBSCRIBE ch1 one",
      "PSUBSCRIBE ch* one",
      "PUBLISH ch1 x",
      "UNSUBSCRIBE x",
      "SSUBSCRIBE ch1",
    ]
  ) assertEquals(refusal(selector, line), null, line);
  assertEquals(refusal(selector, "SUBSCRIBE ch1 two"), [Denial.CHANNEL, 2]);
  assertEquals(refusal(selector, "PSUBSCRIBE ch1"), [Denial.CHANNEL, 1]);
  assertEquals(refusal(selector, "PUBLISH two ch1"), [Denial.CHANNEL, 1]);
  assertEquals(refusal(selector, "SPUBLISH two x"), [Denial.CHANNEL, 1]);
});

Deno.test("What shows who one is needs no rule", () => {
  const selector = selectorWith();
  for (const line of ["AUTH x", "HELLO", "QUIT", "RESET"]) {
    assertEquals(refusal(selector, line), null);
  }
  assertEquals(refusal(selector, "PING"), [Denial.COMMAND, 0]);
});

Deno.test("Patterns come together in one rule, and are shown by what they allow", () => {
  const selector = selectorWith("%R~a", "%w~a", "%R~b", "%W~c", "~d", "&x", "&y", "&x", "+get");
  assertEquals(selector.describeKeys(), "~a %R~b %W~c ~d");
  assertEquals(selector.describeChannels(), "&x &y");
  assertEquals(selector.describe(), "~a %R~b %W~c ~d resetchannels &x &y -@all +get");
  assertEquals(selectorWith("~*", "&*").describe(), "~* &* -@all");
  assertEquals(selectorWith("%RW").describe(), "~ resetchannels -@all");
});

Deno.test("No pattern is added to all, and none with a space", () => {
  const selector = selectorWith("~*", "&*");
  for (const rule of ["~a", "%R~a"]) {
    assertEquals(selector.apply(rule)?.includes("'allkeys'"), true);
  }
  assertEquals(selector.apply("&a")?.includes("'allchannels'"), true);
  assertEquals(selector.apply("resetkeys"), null);
  for (const rule of ["~a b", "%~a", "%RR~a", "%X~a", "%", "nosuch", "on", ">x"]) {
    assertEquals(selector.apply(rule), "Syntax error", rule);
  }
});

Deno.test("Only a user of all keys may read keys that a request does not name", () => {
  const readsAll = (...rules: string[]) => selectorWith(...rules).readsAllKeys(...request("GET k"));
  assertEquals(readsAll("+@all", "~*"), true);
  assertEquals(readsAll("+get", "%R~*"), true);
  assertEquals(readsAll("+@all", "%W~*"), false);
  assertEquals(readsAll("+@all", "~k"), false);
  assertEquals(readsAll("-@all", "~*"), false);
});

Deno.test("A copy has its own rules", () => {
  const selector = selectorWith("+get", "~a", "&x");
  const copy = selector.clone(names);
  for (const rule of ["-get", "~b", "allchannels"]) selector.apply(rule);
  assertEquals(copy.describe(), "~a resetchannels &x -@all +get");
});
