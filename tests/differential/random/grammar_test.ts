import { assert, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../support/random.ts";
import { drawCommand } from "./generator.ts";
import { compileGrammar } from "./grammar.ts";

const pools = { n: (random: Random) => String(random.below(3)) };

/** Everything the grammar draws, as lines, sorted. */
function language(grammar: string): string[] {
  const draw = compileGrammar(grammar, pools);
  const random = new Random(1);
  const lines = new Set<string>();
  for (let i = 0; i < 2000; i++) {
    const args: string[] = [];
    draw(random, args);
    lines.add(args.join(" "));
  }
  return [...lines].sort();
}

Deno.test("A grammar draws all it says and nothing else", () => {
  assertEquals(language("GET k"), ["GET k"]);
  assertEquals(language("A <n>"), ["A 0", "A 1", "A 2"]);
  assertEquals(language("A [B]"), ["A", "A B"]);
  assertEquals(language("A (B | C D | E)"), ["A B", "A C D", "A E"]);
  assertEquals(language("A [B [C]] | D"), ["A", "A B", "A B C", "D"]);
  assertEquals(language("A (B)+"), ["A B", "A B B", "A B B B", "A B B B B"]);
  assertEquals(language("A (B C)*"), ["A", "A B C", "A B C B C", "A B C B C B C"]);
});

Deno.test("A grammar takes a sign that repeats nothing for a word", () => {
  assertEquals(language("A - + 40-* +@all >"), ["A - + 40-* +@all >"]);
});

Deno.test("A grammar that cannot be meant is refused", () => {
  for (const grammar of ["A [B", "A (B", "A )", "A <nosuch>"]) {
    assertThrows(() => compileGrammar(grammar, pools), SyntaxError, "Cannot compile");
  }
});

Deno.test("The same seed draws the same commands", () => {
  const draw = (seed: number) => {
    const random = new Random(seed);
    return Array.from({ length: 200 }, () => drawCommand(random));
  };
  assertEquals(draw(7), draw(7));
  assert(JSON.stringify(draw(7)) !== JSON.stringify(draw(8)));
});
