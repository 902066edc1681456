import { assertEquals } from "@std/assert";
import { configurationPage } from "../../docs/configuration.ts";
import { readSource } from "../support/sources.ts";

Deno.test("The page about the configuration says what the table of directives says", () => {
  assertEquals(
    readSource("docs/configuration.md"),
    configurationPage(),
    "make it anew: deno run --allow-write=docs docs/configuration.ts",
  );
});
