import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { latin1Bytes, latin1Text } from "../latin1.ts";
import { SimulatedClock } from "../simulated_platform.ts";
import { SystemError } from "../system_error.ts";
import { writeAllSync } from "../../../src/platform/mod.ts";
import { SimulatedDisk } from "./simulated_disk.ts";
import { SECTOR_BYTES, type Tear } from "./stored_file.ts";

const SEEDS = 200;

function newDisk(): SimulatedDisk {
  return new SimulatedDisk({ clock: new SimulatedClock(), seed: 1 });
}

function contentsOf(disk: SimulatedDisk): Record<string, string> {
  return Object.fromEntries(
    Array.from(disk.contents(), ([path, bytes]) => [path, latin1Text(bytes)]),
  );
}

/** All that crashes leave, by as many seeds. */
function remains(disk: SimulatedDisk, tear?: Tear): Set<string> {
  const all = new Set<string>();
  for (let seed = 0; seed < SEEDS; seed++) {
    const { clock } = disk;
    all.add(JSON.stringify(contentsOf(disk.afterCrash({ clock, seed }, tear))));
  }
  return all;
}

function written(disk: SimulatedDisk, path: string, text: string) {
  const file = disk.openSync(path, { write: true, create: true });
  writeAllSync(file, latin1Bytes(text));
  return file;
}

Deno.test("A crash leaves a file that was waited for, in a directory that was waited for", () => {
  const disk = newDisk();
  written(disk, "a", "hello").syncSync();
  disk.syncDirectorySync(".");
  assertEquals(remains(disk), new Set(['{"/a":"hello"}']));
});

Deno.test("A crash may leave no name where only the file was waited for", () => {
  const disk = newDisk();
  written(disk, "a", "hello").syncSync();
  assertEquals(remains(disk), new Set(["{}", '{"/a":"hello"}']));
});

Deno.test("A crash may cut what was appended at any byte, and nothing else", () => {
  const disk = newDisk();
  const file = written(disk, "a", "abc");
  file.syncSync();
  disk.syncDirectorySync("/");
  file.writeSync(latin1Bytes("de"));
  assertEquals(remains(disk, "cut"), new Set(["abc", "abcd", "abcde"].map((a) => `{"/a":"${a}"}`)));
  assertEquals(remains(disk, "lost"), new Set(['{"/a":"abc"}']));
  assertEquals(remains(disk, "kept"), new Set(['{"/a":"abcde"}']));
});

Deno.test("A crash may leave a later sector without an earlier one", () => {
  const disk = newDisk();
  const file = written(disk, "a", "");
  file.syncSync();
  disk.syncDirectorySync("/");
  file.writeSync(latin1Bytes("x".repeat(SECTOR_BYTES) + "y"));
  const holes = [...remains(disk, "shuffled")]
    .map((text) => JSON.parse(text)["/a"] as string)
    .filter((text) => text.startsWith("\0") && text.endsWith("y"));
  assertEquals(new Set(holes), new Set(["\0".repeat(SECTOR_BYTES) + "y"]));
});

Deno.test("A crash may undo a renaming that was not waited for, and then both files are whole", () => {
  const disk = newDisk();
  written(disk, "old", "1").syncSync();
  disk.syncDirectorySync("/");
  written(disk, "new", "2").syncSync();
  disk.renameSync("new", "old");
  assertEquals(
    remains(disk),
    new Set(['{"/old":"1"}', '{"/old":"1","/new":"2"}', '{"/old":"2"}']),
  );
  disk.syncDirectorySync("/");
  assertEquals(remains(disk), new Set(['{"/old":"2"}']));
});

Deno.test("A crash leaves a file that was moved between directories in one of them", () => {
  const disk = newDisk();
  written(disk, "a", "1").syncSync();
  disk.makeDirectorySync("d");
  disk.syncDirectorySync("/");
  disk.renameSync("a", "d/a");
  assertEquals(remains(disk), new Set(['{"/a":"1"}', '{"/d/a":"1"}']));
  disk.syncDirectorySync("d");
  assertEquals(remains(disk), new Set(['{"/d/a":"1"}']));
});

Deno.test("A waiting call in another thread is about what was written when it began", async () => {
  const clock = new SimulatedClock();
  const disk = new SimulatedDisk({ clock, seed: 1 });
  disk.latencyMs = () => 5;
  const file = written(disk, "a", "1");
  disk.syncDirectorySync("/");
  const waiting = file.syncData();
  file.writeSync(latin1Bytes("2"));
  assert(remains(disk).has('{"/a":""}'));
  clock.advance(5);
  await waiting;
  assertEquals(remains(disk, "cut"), new Set(['{"/a":"1"}', '{"/a":"12"}']));
});

Deno.test("What a failed wait has dropped comes back with no later one", () => {
  let dropped = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const clock = new SimulatedClock();
    const disk = new SimulatedDisk({ clock, seed });
    const file = written(disk, "a", "x".repeat(SECTOR_BYTES));
    disk.syncDirectorySync("/");
    const broken = new SystemError("EIO", "Input/output error");
    disk.faultOf = ({ kind }) => kind === "sync" ? { error: broken } : null;
    assertThrows(() => file.syncSync(), SystemError, "Input/output error");
    disk.faultOf = () => null;
    file.writeSync(latin1Bytes("y"));
    file.syncSync();
    assertEquals(contentsOf(disk)["/a"], "x".repeat(SECTOR_BYTES) + "y");
    const left = contentsOf(disk.afterCrash({ clock, seed }))["/a"];
    assertEquals(left.length, SECTOR_BYTES + 1);
    if (left.startsWith("\0")) dropped++;
  }
  assert(dropped > 0 && dropped < SEEDS);
});

Deno.test("A full disk takes what there is room for, then nothing, and more when there is room again", () => {
  const disk = newDisk();
  disk.capacityBytes = 3;
  const file = disk.openSync("a", { write: true, createNew: true });
  assertEquals(file.writeSync(latin1Bytes("12345")), 3);
  const full = assertThrows(() => file.writeSync(latin1Bytes("45")), SystemError);
  assertEquals(full.code, "ENOSPC");
  disk.capacityBytes = 5;
  assertEquals(file.writeSync(latin1Bytes("45")), 2);
  assertEquals(contentsOf(disk), { "/a": "12345" });
});

Deno.test("Each call can be seen before it happens, and fail", async () => {
  const disk = newDisk();
  const seen: string[] = [];
  disk.beforeCall = ({ number, kind, path }) => seen.push(`${number} ${kind} ${path}`);
  const broken = new SystemError("EIO", "Input/output error");
  disk.faultOf = ({ kind }) => kind === "rename" ? { error: broken } : null;
  const file = written(disk, "/a", "1");
  await file.syncData();
  await assertRejects(() => disk.rename("/a", "/b"), SystemError);
  assertThrows(() => disk.renameSync("/a", "/b"), SystemError);
  disk.syncDirectorySync("/");
  assert(disk.removeSync("/a"));
  assertEquals(seen, [
    "1 create /a",
    "2 write /a",
    "3 sync /a",
    "4 sync /a",
    "5 rename /a",
    "6 rename /a",
    "7 rename /a",
    "8 directory /",
    "9 remove /a",
  ]);
});

Deno.test("The same seed leaves the same", () => {
  const disk = newDisk();
  for (let i = 0; i < 10; i++) written(disk, `f${i}`, "content".repeat(100));
  const { clock } = disk;
  const first = contentsOf(disk.afterCrash({ clock, seed: 7 }));
  assertEquals(contentsOf(disk.afterCrash({ clock, seed: 7 })), first);
});

Deno.test("A waiting call that comes back late takes nothing from one that began later", async () => {
  const clock = new SimulatedClock();
  const disk = new SimulatedDisk({ clock, seed: 1 });
  disk.latencyMs = () => 5;
  const file = written(disk, "a", "1");
  disk.syncDirectorySync("/");
  const waiting = file.syncData();
  file.writeSync(latin1Bytes("2"));
  file.syncSync();
  clock.advance(5);
  await waiting;
  assertEquals(remains(disk), new Set(['{"/a":"12"}']));
});
