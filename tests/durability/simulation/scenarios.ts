/** The ways of keeping data on disk that are tried, each with what may be asked for in its course. */
import type { SimulatedDisk } from "../../support/disk/simulated_disk.ts";
import type { SomeSettings } from "./machine.ts";
import type { Chore } from "./workload.ts";

export interface Scenario {
  readonly name: string;
  readonly settings: SomeSettings;
  readonly chores: readonly Chore[];
  /** Puts onto the disk what is there before the first start. */
  readonly prepare?: (disk: SimulatedDisk) => void;
  /** How long calls take that wait in another thread, at most, in ms. */
  readonly latencyMaxMs?: number;
}

export const scenarios: readonly Scenario[] = [
  {
    name: "SAVE",
    settings: { save: [] },
    chores: [{ args: ["SAVE"], oneIn: 15 }],
  },
  {
    name: "BGSAVE",
    settings: { save: [], rdbKeySaveDelay: 1 },
    chores: [{ args: ["BGSAVE"], oneIn: 15 }],
    latencyMaxMs: 3,
  },
];
