import { assert, assertEquals } from "@std/assert";
import { SystemProcess } from "../../../src/platform/process.ts";

Deno.test("The process knows itself and its host", () => {
  const process = new SystemProcess();
  assertEquals(process.pid, Deno.pid);
  assertEquals(process.denoVersion, Deno.version.deno);
  assert(process.cpuCount >= 1);
  assert(process.systemMemoryBytes > 0);
  assert(process.osRelease !== "" && process.hostName !== "" && process.os !== "");
  assert(process.executable !== "" && process.workingDirectory !== "");
});

Deno.test("The process uses memory and processor time", () => {
  const process = new SystemProcess();
  assert(process.rssBytes() > process.heapBytes());
  assert(process.heapBytes() > 0);
  const { userUs, systemUs } = process.cpuTimes();
  assert(userUs > 0 && systemUs >= 0);
});

Deno.test({
  name: "What may not be known is empty",
  permissions: { env: false, sys: false, read: false },
  fn() {
    const process = new SystemProcess();
    assertEquals(process.env("HOME"), undefined);
    assertEquals(process.hostName, "");
    assertEquals(process.osRelease, "");
    assertEquals(process.systemMemoryBytes, 0);
  },
});

Deno.test("A variable that is not set is undefined", () => {
  assertEquals(new SystemProcess().env("KEYREX_NO_SUCH_VARIABLE"), undefined);
});
