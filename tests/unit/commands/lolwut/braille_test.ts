import { assertEquals } from "@std/assert";
import { BrailleCanvas } from "../../../../src/commands/lolwut/braille.ts";

Deno.test("A dot stands where its coordinates say, left to right and bottom to top", () => {
  const canvas = new BrailleCanvas(2, 2);
  canvas.dot(-1, 1);
  canvas.dot(1, 1);
  canvas.dot(-1, -1);
  canvas.dot(1, -1);
  assertEquals(String(canvas), "⠁⠈\n⡀⢀\n");
});

Deno.test("Each of the eight dots of a character has its bit", () => {
  const canvas = new BrailleCanvas(1, 1);
  const shown: string[] = [];
  for (const x of [-1, 1]) {
    for (const y of [1, 1 / 3, -1 / 3, -1]) {
      canvas.dot(x, y);
      shown.push(String(canvas).trimEnd());
    }
  }
  assertEquals(shown, ["⠁", "⠃", "⠇", "⡇", "⡏", "⡟", "⡿", "⣿"]);
});

Deno.test("Blanks at the end of a row are left out", () => {
  const canvas = new BrailleCanvas(3, 2);
  assertEquals(String(canvas), "\n\n");
  canvas.dot(0, -1);
  assertEquals(String(canvas), "\n⠀⢀\n");
});
