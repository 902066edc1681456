import { assertEquals } from "@std/assert";
import { User } from "../../../../src/server/acl/user.ts";
import { newUsers } from "./requests.ts";

Deno.test("There always is a user `default`, who may do everything at first", () => {
  const users = newUsers();
  assertEquals(users.get("default"), users.fallback);
  assertEquals(users.fallback.describe(), "default on nopass sanitize-payload ~* &* +@all");
  assertEquals(users.fallback.isRestricted, false);
});

Deno.test("A user is made or changed by all rules or not at all", () => {
  const users = newUsers();
  const made = users.set("u", ["on", "(+get", "~a)"]);
  if (!(made instanceof User)) throw new Error(made.reason);
  assertEquals(users.set("u", ["off", "+nosuch"]), {
    rule: "+nosuch",
    reason: "Unknown command or category name in ACL",
    isUnmatched: false,
  });
  assertEquals(users.set("v", ["off", "(+get"]), {
    rule: "(+get",
    reason: "Unmatched parenthesis in acl selector starting at '(+get'.",
    isUnmatched: true,
  });
  assertEquals(users.get("v"), null);
  assertEquals(made.isEnabled, true);
  assertEquals(users.set("u", ["off"]), made);
  assertEquals(made.isEnabled, false);
});

Deno.test("Users come by the bytes of their names", () => {
  const users = newUsers();
  for (const name of ["b", "\xff", "", "a", "B"]) users.set(name, []);
  assertEquals(users.sorted().map(({ name }) => name), ["", "B", "a", "b", "default", "\xff"]);
});

Deno.test("Users that replace all others keep the objects whose names stay", () => {
  const users = newUsers();
  const [kept, gone] = [users.set("kept", ["on"]), users.set("gone", ["on"])];
  users.set("default", [">x"]);
  const next = ["kept", "new"].map((name) => users.newUser(name));
  next[0].apply("+get");
  assertEquals(users.replaceAll(next), [gone as User]);
  assertEquals(users.get("kept"), kept as User);
  assertEquals((kept as User).describe(), "kept off sanitize-payload resetchannels -@all +get");
  assertEquals(users.sorted().map(({ name }) => name), ["default", "kept", "new"]);
  assertEquals(users.fallback.needsNoPassword, true);
});
