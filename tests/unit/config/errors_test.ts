import { assertEquals } from "@std/assert";
import { ConfigError } from "../../../src/config/errors.ts";

Deno.test("The report of a bad line has the form that tools look for", () => {
  const place = { file: "redis.conf", line: 3, text: "foo bar" };
  assertEquals(
    new ConfigError("Bad directive or wrong number of arguments", place).report("Keyrex 1.2.3"),
    `
*** FATAL CONFIG FILE ERROR (Keyrex 1.2.3) ***
Reading the configuration file, at line 3
>>> 'foo bar'
Bad directive or wrong number of arguments
`,
  );
});

Deno.test("The report of what no single line is to blame for names none", () => {
  assertEquals(
    new ConfigError("replicaof directive not allowed in cluster mode").report("Keyrex 1.2.3"),
    "\n*** FATAL CONFIG FILE ERROR (Keyrex 1.2.3) ***\n" +
      "replicaof directive not allowed in cluster mode\n",
  );
});
