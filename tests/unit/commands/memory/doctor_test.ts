import { assertEquals, assertMatch } from "@std/assert";
import { memoryDiagnosis } from "../../../../src/commands/memory/doctor.ts";
import type { MemoryReport } from "../../../../src/commands/context.ts";

const MIB = 1 << 20;

const HEALTHY: MemoryReport = {
  used: 100 * MIB,
  peak: 110 * MIB,
  startup: 0,
  overhead: 10 * MIB,
  dataset: 90 * MIB,
  clients: MIB,
  allocated: 98 * MIB,
  held: 102 * MIB,
  rss: 130 * MIB,
  databases: [],
};

/** What is complained of, by the words before the colon. */
function complaints(report: Partial<MemoryReport>, clientCount = 50): string[] {
  const text = memoryDiagnosis({ ...HEALTHY, ...report }, clientCount);
  return [...text.matchAll(/^ \* ([^:]+):/gm)].map(([, name]) => name);
}

Deno.test("Healthy memory is said to be healthy", () => {
  assertEquals(memoryDiagnosis(HEALTHY, 50), "The memory is in good health.\n");
});

Deno.test("Nearly empty memory is not diagnosed", () => {
  const text = memoryDiagnosis({ ...HEALTHY, used: MIB, peak: 900 * MIB }, 1);
  assertMatch(text, /^There is next to nothing in memory/);
});

Deno.test("Each complaint has its sign", () => {
  assertEquals(complaints({ peak: 151 * MIB }), ["A peak in the past"]);
  assertEquals(complaints({ rss: 141 * MIB }), ["A large process"]);
  assertEquals(complaints({ held: 115 * MIB }), ["Scattered blocks"]);
  assertEquals(complaints({ clients: 11 * MIB }), ["Big clients"]);
  assertEquals(complaints({ peak: 200 * MIB, held: 180 * MIB }).length, 2);
});

Deno.test("A small excess is no complaint, whatever the ratio", () => {
  const small = { used: 6 * MIB, peak: 6 * MIB, allocated: 5 * MIB, held: 12 * MIB, rss: 15 * MIB };
  assertEquals(complaints(small), []);
});
