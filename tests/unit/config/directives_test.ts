import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  CHAPTERS,
  directiveNames,
  DIRECTIVES,
  findDirective,
  inertReason,
} from "../../../src/config/directives.ts";
import { initialValue } from "../../../src/config/settings.ts";

Deno.test("No name stands for two directives", () => {
  const names = DIRECTIVES.flatMap(({ name, alias }) =>
    alias === undefined ? [name] : [name, alias]
  );
  assertEquals(new Set(names).size, names.length);
  assertEquals([...directiveNames()], names);
});

Deno.test("Every directive is found by each of its names, in any case", () => {
  for (const directive of DIRECTIVES) {
    assertEquals(findDirective(directive.name.toUpperCase()), directive);
    if (directive.alias !== undefined) assertEquals(findDirective(directive.alias), directive);
  }
  assertEquals(findDirective("nosuch"), undefined);
});

Deno.test("Every directive has a name that becomes a property, and a line about it", () => {
  for (const directive of DIRECTIVES) {
    const { name, summary } = directive;
    const inert = inertReason(directive);
    assertMatch(name, /^[a-z]+(-[a-z]+)*$/);
    assertMatch(summary, /^[A-Z].*\.$/, name);
    if (inert !== null) assertMatch(inert, /[^.]$/, name);
  }
});

Deno.test("Every default is read back as CONFIG GET shows it and as CONFIG REWRITE writes it", () => {
  for (const directive of DIRECTIVES) {
    const { name, kind } = directive;
    const value = initialValue(directive);
    const shown = kind.format(value);
    if (name !== "replicaof") {
      const words = kind.takesWords ? shown.split(" ") : [shown];
      assertEquals(kind.format(kind.parse(words, value)), shown, name);
    }
    for (const { needed } of kind.lines(value, value)) {
      const isAlwaysWritten = name === "save" || name === "latency-tracking-info-percentiles";
      assertEquals(needed, isAlwaysWritten, name);
    }
  }
});

Deno.test("The chapters hold all directives in the order of the table", () => {
  const names = CHAPTERS.flatMap(({ directives }) => directives.map(({ name }) => name));
  assertEquals(names, DIRECTIVES.map(({ name }) => name));
  assert(names.length > 180);
});
