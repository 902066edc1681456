import { assertEquals } from "@std/assert";
import { Access } from "../../../src/server/access.ts";
import { utf8 } from "../../../src/memory/bytes.ts";

Deno.test("With a password, the default user needs just that one", () => {
  const access = new Access({ requirepass: "sécret" });
  assertEquals(access.hasPassword, true);
  assertEquals(access.isValid("default", utf8("sécret")), true);
  for (const wrong of ["", "sécre", "sécrets", "SÉCRET", "sécretsécret"]) {
    assertEquals(access.isValid("default", utf8(wrong)), false, wrong);
  }
  assertEquals(access.isValid("nobody", utf8("sécret")), false);
});

Deno.test("Without a password, the default user may give any", () => {
  for (const requirepass of [null, ""]) {
    const access = new Access({ requirepass });
    assertEquals(access.hasPassword, false);
    assertEquals(access.isValid("default", utf8("any")), true);
    assertEquals(access.isValid("nobody", utf8("any")), false);
  }
});
