/** MEMORY DOCTOR: what is wrong with the use of memory, for people. */
import type { MemoryReport } from "../context.ts";

const MIB = 1 << 20;

/** With less in use, ratios say nothing. */
const WORTH_DIAGNOSING_BYTES = 5 * MIB;
/** An excess of fewer bytes is no complaint, whatever the ratio. */
const WORTH_MENTIONING_BYTES = 10 * MIB;

const PEAK_RATIO = 1.5;
const RESIDENT_RATIO = 1.4;
const SCATTER_RATIO = 1.1;
const CLIENT_BYTES = 200 * 1024;

interface Complaint {
  readonly applies: (report: MemoryReport, clientCount: number) => boolean;
  readonly advice: string;
}

const COMPLAINTS: readonly Complaint[] = [
  {
    applies: ({ peak, used }) => peak > used * PEAK_RATIO,
    advice: "A peak in the past: more than 150 % of the memory in use now has been in use once. " +
      "Pages that were filled then are kept as long as a single block lies in them. MEMORY PURGE " +
      "moves such blocks together and gives the pages back.",
  },
  {
    applies: ({ rss, used }) => isExcess(rss, used, RESIDENT_RATIO),
    advice: "A large process: it takes more than 140 % of what its data and buffers amount to. " +
      "Part of that is the runtime, which is the same for a large dataset and for a small one; the " +
      "rest is free memory between blocks, or garbage that has not been collected yet.",
  },
  {
    applies: ({ held, allocated }) => isExcess(held, allocated, SCATTER_RATIO),
    advice:
      "Scattered blocks: more than a tenth of the allocator's pages is free, but scattered. " +
      "MEMORY PURGE moves blocks together at once, 'activedefrag yes' does so little by little.",
  },
  {
    applies: ({ clients }, clientCount) => clients > clientCount * CLIENT_BYTES,
    advice:
      "Big clients: they hold more than 200 KiB each on average, by replies that they do not " +
      "fetch fast enough or by large requests. CLIENT LIST tells which, client-output-buffer-limit " +
      "drops those that go too far.",
  },
];

/** @param clientCount How many clients are connected, at least the one that asks. */
export function memoryDiagnosis(report: MemoryReport, clientCount: number): string {
  if (report.used < WORTH_DIAGNOSING_BYTES) {
    return "There is next to nothing in memory, so there is nothing to diagnose. " +
      "Come again when there is some data.\n";
  }
  const complaints = COMPLAINTS.filter(({ applies }) => applies(report, clientCount));
  if (complaints.length === 0) return "The memory is in good health.\n";
  return "Some things about the memory are worth a look:\n\n" +
    complaints.map(({ advice }) => ` * ${advice}\n\n`).join("");
}

function isExcess(actual: number, needed: number, ratio: number): boolean {
  return actual > needed * ratio && actual - needed > WORTH_MENTIONING_BYTES;
}
