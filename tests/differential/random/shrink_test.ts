import { assert, assertEquals } from "@std/assert";
import { shrinkSequence } from "./shrink.ts";

const items = Array.from({ length: 1000 }, (_, i) => i);

Deno.test("A sequence shrinks to the items that the failure needs, in their order", async () => {
  const needed = [3, 500, 501, 999];
  let tries = 0;
  const shrunk = await shrinkSequence(items, (candidate) => {
    tries++;
    return Promise.resolve(needed.every((item) => candidate.includes(item)));
  });
  assertEquals(shrunk, needed);
  assert(tries < 200, `${tries} tries`);
});

Deno.test("A sequence of which everything is needed stays as it is", async () => {
  const few = items.slice(0, 7);
  const shrunk = await shrinkSequence(
    few,
    (candidate) => Promise.resolve(candidate.length === few.length),
  );
  assertEquals(shrunk, few);
});

Deno.test("A failure that needs nothing shrinks to nothing", async () => {
  assertEquals(await shrinkSequence(items, () => Promise.resolve(true)), []);
});
