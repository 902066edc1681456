/** BGSAVE on a disk that fails at any one of its calls: the old dump stays, and nothing beside it. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type DiskCall, type Fault, SimulatedDisk } from "../support/disk/simulated_disk.ts";
import { SystemError } from "../support/system_error.ts";
import { clockAt, Machine } from "./simulation/machine.ts";

const FAULTS = [
  new SystemError("EIO", "Input/output error"),
  new SystemError("ENOSPC", "No space left on device"),
];

async function machineOn(disk: SimulatedDisk): Promise<Machine> {
  const { clock } = disk;
  const settings = {
    save: [{ seconds: 900, changes: 1 }],
    rdbKeySaveDelay: 1,
    enableDebugCommand: "yes" as const,
  };
  const machine = new Machine({ clock: clock as Machine["clock"], disk, seed: 1, settings });
  await machine.start();
  return machine;
}

/** Sends a command and gives its reply. */
function ask(machine: Machine, ...args: string[]): string {
  let answer = "";
  const client = machine.connect();
  client.send(args, (reply) => answer = reply);
  machine.server.endTurn();
  client.close();
  return answer;
}

/** Has a dump saved in the background; returns how that went. */
async function saveInBackground(machine: Machine): Promise<string> {
  assertEquals(ask(machine, "BGSAVE"), "+Background saving started\r\n");
  for (let i = 0; i < 500 && machine.server.backgroundSave.isRunning; i++) await machine.wait(1);
  const info = ask(machine, "INFO", "persistence");
  assertStringIncludes(info, "rdb_bgsave_in_progress:0");
  return /rdb_last_bgsave_status:(\w+)/.exec(info)![1];
}

/** What a server finds that is started on the disk as it is now. */
async function digestOn(disk: SimulatedDisk): Promise<string> {
  const clock = clockAt(disk.clock.nowMs());
  const machine = await machineOn(disk.afterExit({ clock, seed: 1 }));
  assert(machine.isReady, machine.log);
  return ask(machine, "DEBUG", "DIGEST");
}

/** Runs a trial; `faultOf` is in force while the second dump is saved. */
async function trial(faultOf: (call: DiskCall, calls: number) => Fault | null): Promise<number> {
  const clock = clockAt(0);
  const disk = new SimulatedDisk({ clock, seed: 1 });
  const machine = await machineOn(disk);
  ask(machine, "DEBUG", "POPULATE", "60", "old", "2000");
  assertEquals(await saveInBackground(machine), "ok");
  const old = ask(machine, "DEBUG", "DIGEST");
  ask(machine, "DEBUG", "POPULATE", "60", "new", "2000");
  const both = ask(machine, "DEBUG", "DIGEST");

  const before = disk.calls;
  let hasFailed = false;
  disk.faultOf = (call) => {
    const fault = hasFailed ? null : faultOf(call, call.number - before);
    hasFailed ||= fault?.error !== undefined;
    return fault;
  };
  const status = await saveInBackground(machine);
  disk.faultOf = () => null;
  const calls = disk.calls - before;
  assertEquals(status, hasFailed ? "err" : "ok", machine.log);
  const names = [...disk.contents()].map(([path]) => path);
  assertEquals(names, ["/dump.rdb"], "nothing is left beside the dump");
  const found = await digestOn(disk);
  assert(found === both || (hasFailed && found === old), "a whole dump, the old or the new");
  const reply = ask(machine, "SET", "k", "v");
  if (hasFailed) assertStringIncludes(reply, "MISCONF");
  else assertEquals(reply, "+OK\r\n");
  assertEquals(await saveInBackground(machine), "ok");
  assertEquals(ask(machine, "SET", "k", "v"), "+OK\r\n");
  machine.abandon();
  return calls;
}

Deno.test("BGSAVE that fails at any call to the disk leaves a whole dump and is told of", async () => {
  const calls = await trial(() => null);
  assert(calls >= 5, `${calls} calls`);
  for (const error of FAULTS) {
    for (let failing = 1; failing <= calls; failing++) {
      await trial((_call, number) => number === failing ? { error } : null);
    }
  }
});

Deno.test("A short write is gone on with", async () => {
  await trial((call) => call.kind === "write" ? { shortBytes: 7 } : null);
});
