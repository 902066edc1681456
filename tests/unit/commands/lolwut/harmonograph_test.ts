import { assert, assertEquals, assertMatch } from "@std/assert";
import { drawHarmonograph } from "../../../../src/commands/lolwut/harmonograph.ts";
import { Random } from "../../../../src/platform/mod.ts";

Deno.test("The same chance draws the same drawing", () => {
  const draw = () => drawHarmonograph(40, 20, new Random(1, 2, 3, 4));
  assertEquals(draw(), draw());
});

Deno.test("A drawing fills its canvas and has a caption", () => {
  const random = new Random(5, 6, 7, 8);
  for (let i = 0; i < 50; i++) {
    const lines = drawHarmonograph(40, 20, random).split("\n");
    assertEquals(lines.length, 20 + 3);
    const canvas = lines.slice(0, 20);
    assert(canvas.every((line) => line.length <= 40));
    assert(canvas.filter((line) => line.length > 0).length >= 15, lines.join("\n"));
    assertMatch(lines[21], /^A (unison|octave|fifth|fourth|sixth|third), \d:\d, fading\./);
  }
});
