import { assertEquals } from "@std/assert";
import { type Deadline, Deadlines } from "../../../src/server/deadlines.ts";
import { freshSeed, Random } from "../../support/random.ts";

Deno.test("The nearest of many deadlines is always known, whatever comes and goes", () => {
  const seed = freshSeed();
  const random = new Random(seed);
  const deadlines = new Deadlines<Deadline>();
  const model: Deadline[] = [];
  for (let step = 0; step < 5000; step++) {
    if (random.below(5) < 3) {
      const item = { untilMs: random.below(1000), place: -1 };
      deadlines.add(item);
      model.push(item);
    } else if (model.length > 0) {
      const [item] = model.splice(random.below(model.length), 1);
      assertEquals(deadlines.remove(item), true, `seed ${seed}`);
      assertEquals(deadlines.remove(item), false, `seed ${seed}`);
    }
    assertEquals(deadlines.size, model.length, `seed ${seed}`);
    const least = model.reduce((low, { untilMs }) => Math.min(low, untilMs), Infinity);
    assertEquals(deadlines.nearest?.untilMs ?? Infinity, least, `seed ${seed}`);
  }
});
