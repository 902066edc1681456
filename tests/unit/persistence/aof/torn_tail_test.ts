import { assertEquals } from "@std/assert";
import { keepTail } from "../../../../src/persistence/aof/torn_tail.ts";
import { SimulatedDisk } from "../../../support/disk/simulated_disk.ts";
import { latin1Bytes, latin1Text } from "../../../support/latin1.ts";
import { SimulatedClock } from "../../../support/simulated_platform.ts";

function diskWith(text: string): SimulatedDisk {
  const disk = new SimulatedDisk({ clock: new SimulatedClock(), seed: 1 });
  const file = disk.openSync("/a", { write: true, create: true });
  file.writeSync(latin1Bytes(text));
  file.syncSync();
  disk.syncDirectorySync("/");
  return disk;
}

function contentsOf(disk: SimulatedDisk): Record<string, string> {
  return Object.fromEntries(
    Array.from(disk.contents(), ([path, bytes]) => [path, latin1Text(bytes)]),
  );
}

Deno.test("A tail is moved to a file of its own, and overwrites no other", () => {
  const disk = diskWith("whole");
  for (const tail of ["torn", "TORN"]) {
    disk.openSync("/a", { append: true }).writeSync(latin1Bytes(tail));
    keepTail(disk, disk.openSync("/a", { read: true }), "/a", 5);
  }
  assertEquals(contentsOf(disk), {
    "/a": "whole",
    "/a.cut-at-5": "torn",
    "/a.cut-at-5-2": "TORN",
  });
});

Deno.test("Whenever the power fails, the tail is in one of the files", () => {
  const disk = diskWith("wholetorn");
  const { clock } = disk;
  const losses: string[] = [];
  const look = (where: string) => {
    for (let seed = 0; seed < 50; seed++) {
      const left = contentsOf(disk.afterCrash({ clock, seed }));
      if (left["/a"] !== "wholetorn" && left["/a.cut-at-5"] !== "torn") losses.push(where);
    }
  };
  disk.beforeCall = ({ kind, number, path }) => look(`call ${number}, ${kind} of ${path}`);
  keepTail(disk, disk.openSync("/a", { read: true }), "/a", 5);
  look("the end");
  assertEquals(losses, []);
});
