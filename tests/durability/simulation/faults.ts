/** Disks that fail now and then: for some calls in a row, in one of the ways in which disks fail. */
import type { DiskCall, Fault, SimulatedDisk } from "../../support/disk/simulated_disk.ts";
import type { Random } from "../../support/random.ts";
import { SystemError } from "../../support/system_error.ts";

const NO_SPACE = new SystemError("ENOSPC", "No space left on device");
const BROKEN = new SystemError("EIO", "Input/output error");

/** What goes wrong while a period of failures lasts. */
type Trouble = (call: DiskCall) => Fault | null;

/** A period of failures lasts for so many calls at most. */
const MAX_CALLS = 12;

/**
 * Draws when and how the disk fails.
 *
 * @param beginsOneIn At one call in so many a period of failures begins.
 */
export function drawFaults(
  random: Random,
  disk: SimulatedDisk,
  beginsOneIn = 40,
): (call: DiskCall) => Fault | null {
  const troubles: readonly Trouble[] = [
    // Full, to the byte.
    ({ kind }) => {
      if (kind === "write") disk.capacityBytes = disk.usedBytes + random.below(50);
      return kind === "create" ? { error: NO_SPACE } : null;
    },
    ({ kind }) => kind === "write" ? { error: BROKEN } : null,
    // Half of what is to be written, then nothing.
    ({ kind }) => kind === "write" ? { error: NO_SPACE, shortBytes: random.below(40) } : null,
    ({ kind }) => kind === "sync" || kind === "directory" ? { error: BROKEN } : null,
    () => random.oneIn(2) ? { error: BROKEN } : null,
  ];
  let trouble: Trouble | null = null;
  let left = 0;
  return (call) => {
    if (left === 0) {
      disk.capacityBytes = Infinity;
      if (!random.oneIn(beginsOneIn)) return null;
      trouble = random.pick(troubles);
      left = random.between(1, MAX_CALLS);
    }
    left--;
    return trouble!(call);
  };
}
