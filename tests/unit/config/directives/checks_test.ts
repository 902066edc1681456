import { assertEquals } from "@std/assert";
import {
  checkAppendDirname,
  checkAppendFilename,
  checkDumpFilename,
  checkHostname,
  checkNodeName,
  checkProcessTitle,
  checkShutdownWords,
} from "../../../../src/config/directives/checks.ts";

Deno.test("Names of files are no paths", () => {
  assertEquals(checkDumpFilename("dump.rdb"), null);
  assertEquals(checkDumpFilename("a/b"), "dbfilename can't be a path, just a filename");
  assertEquals(checkDumpFilename("a\\b"), "dbfilename can't be a path, just a filename");
  assertEquals(checkAppendFilename("a/b"), "appendfilename can't be a path, just a filename");
  assertEquals(checkAppendFilename(""), "appendfilename can't be empty");
  assertEquals(checkAppendDirname("a/b"), "appenddirname can't be a path, just a dirname");
  assertEquals(checkAppendDirname(""), "appenddirname can't be empty");
});

Deno.test("A shutdown saves or does not", () => {
  assertEquals(checkShutdownWords(["save", "now"]), null);
  assertEquals(
    checkShutdownWords(["save", "nosave"]),
    "shutdown options SAVE and NOSAVE can't be used simultaneously",
  );
});

Deno.test("A host name has letters, digits, hyphens and dots, and an end", () => {
  assertEquals(checkHostname("Db-1.example"), null);
  assertEquals(checkHostname("a".repeat(255)), null);
  assertEquals(checkHostname("a".repeat(256)), "Hostnames must be less than 256 characters");
  assertEquals(
    checkHostname("a_b"),
    "Hostnames may only contain alphanumeric characters, hyphens or dots",
  );
});

Deno.test("A node's name for people has no punctuation that its file would trip over", () => {
  assertEquals(checkNodeName("node_1, the first"), null);
  for (const char of "!#$%&()*+:;<>?@[]^{|}~") {
    assertEquals(checkNodeName(char), "Announced human node name contained invalid character");
  }
});

Deno.test("A process title has known variables and is never blank", () => {
  const refusal = "template format is invalid or contains unknown variables";
  for (
    const template of ["x", "{port}", "{title} {server-mode}:{tls-port}", "{{title}", "{title}}"]
  ) {
    assertEquals(checkProcessTitle(template), null, template);
  }
  for (const template of ["", " ", "{title}", "{foo} x", "{title", "x {port"]) {
    assertEquals(checkProcessTitle(template), refusal, template);
  }
});
