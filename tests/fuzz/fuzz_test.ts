import { assert } from "@std/assert";
import { freshSeed } from "../support/random.ts";
import { runIntsetCase } from "./intset_case.ts";
import { runListpackCase } from "./listpack_case.ts";
import { runRdbCase } from "./rdb_case.ts";
import { runStreamCase } from "./stream_case.ts";

const CASES = 1500;

for (
  const [name, runCase] of [
    ["listpack", runListpackCase],
    ["intset", runIntsetCase],
    ["stream node", runStreamCase],
    ["dump", runRdbCase],
  ] as const
) {
  Deno.test(`A damaged ${name} is refused, or as good as any other`, () => {
    const seed = freshSeed();
    console.log(`seed ${seed}`);
    let accepted = 0;
    for (let i = 0; i < CASES; i++) if (runCase(seed + i)) accepted++;
    assert(accepted > 0 && accepted < CASES);
  });
}
