import { assertEquals } from "@std/assert";
import { latin1, latin1Text } from "../../../../src/memory/bytes.ts";
import { aclFileContent, readAclFile } from "../../../../src/server/acl/file.ts";
import { newUsers } from "./requests.ts";

/** The users in a file, as ACL LIST has them. */
function usersIn(text: string): string[] {
  const content = readAclFile(latin1(text), "users.acl", newUsers());
  if ("errors" in content) throw new Error(content.errors);
  return content.users.map((user) => user.describe());
}

/** What is wrong with a file, without what is said of every such file. */
function errorsIn(text: string): string {
  const content = readAclFile(latin1(text), "users.acl", newUsers());
  if ("users" in content) throw new Error("There is no mistake");
  const end =
    "WARNING: ACL errors detected, no change to the previously active ACL rules was performed";
  assertEquals(content.errors.endsWith(end), true);
  return content.errors.slice(0, -end.length);
}

Deno.test("A file gives back the users that were written into it", () => {
  const users = newUsers();
  users.set("alice", ["on", ">secret", "~a*", "%R~b", "&c", "+@all", "-@write", "(+set ~d)"]);
  users.set("\xff", ["+get"]);
  const content = aclFileContent(users.sorted());
  assertEquals(
    usersIn(latin1Text(content, 0, content.length)),
    users.sorted().map((user) => user.describe()),
  );
});

Deno.test("Lines may be empty, and have white space around them", () => {
  assertEquals(usersIn("\n  user alice on +get \r\n\t\nuser bob (+get ~a)  ~b\n"), [
    "alice on sanitize-payload resetchannels -@all +get",
    "bob off sanitize-payload ~b resetchannels -@all (~a resetchannels -@all +get)",
  ]);
});

Deno.test("Mistakes are told with their lines", () => {
  assertEquals(
    errorsIn("user a on\n\nuser b +nosuch foo bar +neither\n"),
    "users.acl:3: Error in applying operation '+nosuch': Unknown command or category name in ACL. " +
      "users.acl:3: Syntax error. " +
      "users.acl:3: Error in applying operation '+neither': Unknown command or category name in " +
      "ACL. ",
  );
  for (const line of ["# comment", "user", "USER a"]) {
    assertEquals(
      errorsIn(line),
      "users.acl:1 should start with user keyword followed by the username. ",
    );
  }
  assertEquals(
    errorsIn("user a\tb"),
    "'users.acl:1: username 'a\tb' contains invalid characters. ",
  );
  assertEquals(errorsIn("user a\nuser a"), "WARNING: Duplicate user 'a' found on line 2. ");
  assertEquals(
    errorsIn("user a (+get"),
    "users.acl:1: Unmatched parenthesis in selector definition.",
  );
});
