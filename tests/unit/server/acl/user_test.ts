import { assertEquals } from "@std/assert";
import { utf8 } from "../../../../src/memory/bytes.ts";
import { sha256Hex } from "../../../../src/memory/sha256.ts";
import type { User } from "../../../../src/server/acl/user.ts";
import { allowed, argumentOf, Denial, denialOf } from "../../../../src/server/acl/verdict.ts";
import { newUsers, request } from "./requests.ts";

function userWith(...rules: string[]): User {
  const user = newUsers().newUser("u");
  for (const rule of rules) assertEquals(user.apply(rule), null, rule);
  return user;
}

Deno.test("A user is known by any of its passwords, if it is enabled", () => {
  const user = userWith(">one", ">tw\xc3\xb6", `#${sha256Hex(utf8("three"))}`);
  assertEquals(user.knows(utf8("one")), false);
  user.apply("on");
  for (const right of ["one", "twö", "three"]) assertEquals(user.knows(utf8(right)), true, right);
  for (const wrong of ["", "On", "ones", "four"]) {
    assertEquals(user.knows(utf8(wrong)), false, wrong);
  }
  user.apply("<one");
  assertEquals([user.knows(utf8("one")), user.knows(utf8("three"))], [false, true]);
  user.apply("nopass");
  assertEquals([user.knows(utf8("any")), user.passwords], [true, []]);
  user.apply("resetpass");
  assertEquals(user.knows(utf8("any")), false);
});

Deno.test("Passwords are kept as hashes alone, each once", () => {
  const user = userWith(">abc", ">abc");
  const hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assertEquals(user.passwords, [hash]);
  assertEquals(user.describe(), `u off sanitize-payload #${hash} resetchannels -@all`);
});

Deno.test("Rules about passwords are refused where they make no sense", () => {
  const user = userWith();
  const bad = "The password hash must be exactly 64 characters and contain only lowercase " +
    "hexadecimal characters";
  for (
    const rule of ["#", "#abc", `#${"A".repeat(64)}`, `!${"g".repeat(64)}`, `#${"a".repeat(65)}`]
  ) {
    assertEquals(user.apply(rule), bad, rule);
  }
  const missing = "The password you are trying to remove from the user does not exist";
  assertEquals(user.apply("<x"), missing);
  assertEquals(user.apply(`!${"a".repeat(64)}`), missing);
});

Deno.test("One selector must allow all of a request", () => {
  const user = userWith("+get", "~a*", "(+set ~b*)", "(+@all %R~c*)");
  assertEquals(user.check(...request("GET a1")), allowed);
  assertEquals(user.check(...request("SET b1 x")), allowed);
  assertEquals(user.check(...request("MGET c1 c2")), allowed);
  assertEquals(denialOf(user.check(...request("SET a1 x"))), Denial.KEY);
  const verdict = user.check(...request("MGET c1 a1"));
  assertEquals([denialOf(verdict), argumentOf(verdict)], [Denial.KEY, 2]);
  user.apply("clearselectors");
  assertEquals(denialOf(user.check(...request("SET b1 x"))), Denial.COMMAND);
});

Deno.test("A selector has rules about commands, keys and channels alone", () => {
  const user = userWith();
  assertEquals(user.apply("(on)"), "Syntax error");
  assertEquals(user.apply("(>x)"), "Syntax error");
  assertEquals(user.apply("(+nosuch)"), "Unknown command or category name in ACL");
  assertEquals(user.apply("()"), null);
  assertEquals(user.describe(), "u off sanitize-payload resetchannels -@all (resetchannels -@all)");
});

Deno.test("Only a user that may do everything is not restricted", () => {
  const user = userWith("+@all", "~*", "&*");
  assertEquals(user.isRestricted, false);
  for (const rule of ["-get", "resetkeys", "resetchannels", "reset"]) {
    const limited = user.clone();
    limited.apply(rule);
    assertEquals(limited.isRestricted, true, rule);
  }
  assertEquals(user.isRestricted, false);
});

Deno.test("A reset user is as a new one", () => {
  const user = userWith(
    "on",
    ">x",
    "+@all",
    "~*",
    "&*",
    "(+get)",
    "skip-sanitize-payload",
    "reset",
  );
  assertEquals(user.describe(), userWith().describe());
});

Deno.test("A new user has the channels that the settings give it, and so has a new selector", () => {
  assertEquals(userWith().describe(), "u off sanitize-payload resetchannels -@all");
  const user = newUsers("allchannels").newUser("u");
  user.apply("(+get)");
  assertEquals(user.describe(), "u off sanitize-payload &* -@all (&* -@all +get)");
});
