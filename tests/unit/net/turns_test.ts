import { assertEquals } from "@std/assert";
import { Turns } from "../../../src/net/turns.ts";

/** A chain of `n` microtasks, as lie between a socket's read and what waits for it. */
async function after(n: number, fn: () => void): Promise<void> {
  for (let i = 0; i < n; i++) await Promise.resolve();
  fn();
}

Deno.test("A turn ends once, behind all that began together with it", async () => {
  const seen: string[] = [];
  const turns = new Turns(() => seen.push("end"));
  function happens(): void {
    seen.push("read");
    turns.request();
  }
  await Promise.all(Array.from({ length: 5 }, () => after(3, happens)));
  await after(3, () => {});
  assertEquals(seen, ["read", "read", "read", "read", "read", "end"]);
});

Deno.test("The next turn has an end of its own", async () => {
  let ends = 0;
  const turns = new Turns(() => ends++);
  for (let i = 1; i <= 3; i++) {
    turns.request();
    turns.request();
    await after(2, () => {});
    assertEquals(ends, i);
  }
});

Deno.test("What happens while a turn ends gets another end", async () => {
  let ends = 0;
  const turns: Turns = new Turns(() => {
    if (++ends < 3) turns.request();
  });
  turns.request();
  await after(10, () => {});
  assertEquals(ends, 3);
});
