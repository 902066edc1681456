/**
 * What a process has cost so far, from /proc (Linux).
 *
 * Deno itself opens /proc only with every permission there is, so `cat` reads it.
 */

export interface ProcessCost {
  /** Processor time in user mode, all threads, in ms (the kernel counts in steps of 10). */
  readonly userMs: number;
  /** Processor time in the kernel, likewise. */
  readonly systemMs: number;
  /** Resident memory in bytes. */
  readonly residentBytes: number;
}

/** USER_HZ, the unit of /proc/PID/stat, has this value on every Linux that Deno runs on. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/**
 * @param pid Any process of this user.
 * @returns Its cost since it started; null where there is no /proc, or no such process.
 */
export async function readProcessCost(pid: number): Promise<ProcessCost | null> {
  const cat = new Deno.Command("cat", { args: [`/proc/${pid}/stat`], stderr: "null" });
  const { success, stdout } = await cat.output();
  if (!success) return null;
  const stat = new TextDecoder().decode(stdout);
  // Fields are counted from 1 in proc(5); the second, the name, may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  const msPerTick = 1000 / TICKS_PER_SECOND;
  return {
    userMs: field(14) * msPerTick,
    systemMs: field(15) * msPerTick,
    residentBytes: field(24) * PAGE_BYTES,
  };
}

/** Processor time between two readings, user and system together, in ms. */
export function processorMs(before: ProcessCost, after: ProcessCost): number {
  return after.userMs - before.userMs + after.systemMs - before.systemMs;
}
