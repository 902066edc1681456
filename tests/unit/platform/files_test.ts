import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { errorCode } from "../../../src/platform/errors.ts";
import { type Files, SystemFiles, writeAllSync } from "../../../src/platform/files.ts";
import { SimulatedFiles } from "../../support/simulated_files.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Runs a test on the disk, and on the files in memory that other tests have in its place. */
function testFiles(name: string, fn: (files: Files, folder: string) => void | Promise<void>): void {
  Deno.test(name, async () => {
    const folder = Deno.makeTempDirSync();
    try {
      await fn(new SystemFiles(), folder);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
    const simulated = new SimulatedFiles(() => 1);
    simulated.makeDirectorySync("/data");
    await fn(simulated, "/data");
  });
}

function write(files: Files, path: string, text: string, append = false): void {
  const file = files.openSync(path, { write: true, create: true, append });
  writeAllSync(file, encoder.encode(text));
  file.close();
}

function read(files: Files, path: string): string {
  return decoder.decode(files.readSync(path));
}

function codeOf(fn: () => unknown): string {
  return errorCode(assertThrows(fn));
}

testFiles("A file holds what was written to it", (files, folder) => {
  write(files, `${folder}/a`, "hello");
  assertEquals(read(files, `${folder}/a`), "hello");
  const status = files.statusSync(`${folder}/a`)!;
  assert(status.isFile && !status.isDirectory && status.modifiedMs > 0);
  assertEquals(status.size, 5);
});

testFiles("A write goes over what is there, an appending one behind it", (files, folder) => {
  write(files, `${folder}/a`, "hello");
  write(files, `${folder}/a`, "J");
  write(files, `${folder}/a`, " world", true);
  assertEquals(read(files, `${folder}/a`), "Jello world");
});

testFiles("A file opened to be emptied is empty", (files, folder) => {
  write(files, `${folder}/a`, "hello");
  files.openSync(`${folder}/a`, { write: true, truncate: true }).close();
  assertEquals(read(files, `${folder}/a`), "");
});

testFiles("A file is read in portions, from any position", (files, folder) => {
  write(files, `${folder}/a`, "hello");
  const file = files.openSync(`${folder}/a`, {});
  const portion = new Uint8Array(3);
  assertEquals(file.readSync(portion), 3);
  assertEquals(decoder.decode(portion), "hel");
  assertEquals(file.readSync(portion), 2);
  assertEquals(file.readSync(portion), 0);
  file.seekSync(1);
  assertEquals(file.readSync(portion), 3);
  assertEquals(decoder.decode(portion), "ell");
  file.close();
});

testFiles("A file can be cut off and filled up", (files, folder) => {
  write(files, `${folder}/a`, "hello");
  const file = files.openSync(`${folder}/a`, { read: true, write: true });
  file.truncateSync(2);
  file.truncateSync(4);
  assertEquals(file.statusSync().size, 4);
  file.close();
  assertEquals(read(files, `${folder}/a`), "he\0\0");
});

testFiles("What waits in another thread does the same", async (files, folder) => {
  const file = await files.open(`${folder}/a`, { read: true, write: true, create: true });
  assertEquals(await file.write(encoder.encode("hello")), 5);
  await file.syncData();
  await file.sync();
  file.syncDataSync();
  file.syncSync();
  file.seekSync(0);
  assertEquals(await file.read(new Uint8Array(10)), 5);
  assertEquals(await file.read(new Uint8Array(10)), 0);
  file.close();
  await files.rename(`${folder}/a`, `${folder}/b`);
  assert(await files.remove(`${folder}/b`));
  assert(!await files.remove(`${folder}/b`));
  files.syncDirectorySync(folder);
  await assertRejects(() => files.open(`${folder}/missing`, {}));
});

testFiles("A write may go on while the content is brought to the disk", async (files, folder) => {
  const file = files.openSync(`${folder}/a`, { append: true, create: true });
  writeAllSync(file, new Uint8Array(1_000_000));
  const synced = file.syncData();
  writeAllSync(file, encoder.encode("more"));
  await synced;
  assertEquals(file.statusSync().size, 1_000_004);
  file.close();
});

testFiles("A file replaces the one whose name it is given", (files, folder) => {
  write(files, `${folder}/a`, "new");
  write(files, `${folder}/b`, "old");
  files.renameSync(`${folder}/a`, `${folder}/b`);
  assertEquals(files.listSync(folder), ["b"]);
  assertEquals(read(files, `${folder}/b`), "new");
});

testFiles("A directory lists what is in it, and may be made twice", (files, folder) => {
  files.makeDirectorySync(`${folder}/sub`);
  files.makeDirectorySync(`${folder}/sub`);
  write(files, `${folder}/a`, "");
  write(files, `${folder}/sub/b`, "");
  assertEquals(files.listSync(folder).sort(), ["a", "sub"]);
  assertEquals(files.listSync(`${folder}/sub`), ["b"]);
  assert(files.statusSync(`${folder}/sub`)!.isDirectory);
  assertEquals(codeOf(() => files.makeDirectorySync(`${folder}/a`)), "EEXIST");
});

testFiles("What is missing has no status, and is not removed", (files, folder) => {
  assertEquals(files.statusSync(`${folder}/a`), null);
  assert(!files.removeSync(`${folder}/a`));
  write(files, `${folder}/a`, "");
  assert(files.removeSync(`${folder}/a`));
  assertEquals(files.listSync(folder), []);
});

testFiles("What is missing, or there already, throws an error with its code", (files, folder) => {
  const mustBeNew = { write: true, createNew: true };
  files.openSync(`${folder}/a`, mustBeNew).close();
  assertEquals(codeOf(() => files.openSync(`${folder}/a`, mustBeNew)), "EEXIST");
  assertEquals(codeOf(() => files.openSync(`${folder}/b`, {})), "ENOENT");
  assertEquals(codeOf(() => files.openSync(`${folder}/no/b`, mustBeNew)), "ENOENT");
  assertEquals(codeOf(() => files.readSync(`${folder}/b`)), "ENOENT");
  assertEquals(codeOf(() => files.renameSync(`${folder}/b`, `${folder}/c`)), "ENOENT");
  assertEquals(codeOf(() => files.listSync(`${folder}/b`)), "ENOENT");
  assertEquals(codeOf(() => files.realPathSync(`${folder}/b`)), "ENOENT");
});

testFiles("A real path is absolute", (files, folder) => {
  write(files, `${folder}/a`, "");
  assert(files.realPathSync(`${folder}/a`).endsWith("/a"));
});

Deno.test({
  name: "Permission bits are set when a file is made, and afterwards",
  ignore: Deno.build.os === "windows",
  fn() {
    const files = new SystemFiles();
    const folder = Deno.makeTempDirSync();
    const path = `${folder}/a`;
    files.openSync(path, { write: true, create: true, permissions: 0o600 }).close();
    assertEquals(Deno.statSync(path).mode! & 0o777, 0o600);
    files.setPermissionsSync(path, 0o640);
    assertEquals(Deno.statSync(path).mode! & 0o777, 0o640);
    Deno.removeSync(folder, { recursive: true });
  },
});
