/** A file that is written in the background: order, bounds, and its end. */
import { assert, assertEquals } from "@std/assert";
import { FileStream } from "../../../../src/persistence/snapshot/file_stream.ts";
import { SimulatedFiles } from "../../../support/simulated_files.ts";
import { settle } from "./support.ts";

const MIB = 1 << 20;
const LIMIT_BYTES = 32 * MIB;

/** A stream into "/f", and what it has told. */
function openStream(files: SimulatedFiles) {
  const told: string[] = [];
  const stream = new FileStream(files, "/f", false, {
    drained: () => told.push("drained"),
    finished: () => told.push("finished"),
    failed: () => told.push("failed"),
  });
  return { stream, told };
}

/** Bytes none of whose pages is like another. */
function content(length: number): Uint8Array {
  const words = new Uint32Array(length >>> 2);
  for (let i = 0; i < words.length; i++) words[i] = i;
  return new Uint8Array(words.buffer);
}

/** Compares without the help of a diff, which would take minutes. */
function assertContent(files: SimulatedFiles, expected: Uint8Array): void {
  const found = files.readSync("/f");
  assertEquals(found.length, expected.length);
  assert(found.every((byte, i) => byte === expected[i]), "the content is what was written");
}

Deno.test("What comes before the disk can take it stays bounded, and in its place", async () => {
  const files = new SimulatedFiles(() => 0);
  const { stream, told } = openStream(files);
  const bytes = content(40 * MIB);
  for (let at = 0; at < bytes.length; at += 300_000) {
    stream.write(bytes.subarray(at, at + 300_000));
    assert(stream.pendingBytes <= LIMIT_BYTES + MIB);
  }
  assert(stream.waitedBytes > 0, "some of it was waited for");
  assert(stream.isFull);
  stream.end();
  assertEquals(told, [], "nothing is told before the caller has returned");
  for (let i = 0; i < 20; i++) await settle();
  assertEquals(told, ["drained", "finished"]);
  assertEquals(stream.pendingBytes, 0);
  assertContent(files, bytes);
});

Deno.test("A stream that is aborted writes no more and tells nothing", async () => {
  const files = new SimulatedFiles(() => 0);
  const { stream, told } = openStream(files);
  stream.write(content(3 * MIB));
  stream.abort();
  stream.write(content(MIB));
  await settle();
  assertEquals(told, []);
  assert(files.readSync("/f").length < 3 * MIB);
});
