import { assertEquals } from "@std/assert";
import { DenialLog, type NewDenial } from "../../../../src/server/acl/denial_log.ts";

const denial: NewDenial = {
  reason: "key",
  context: "toplevel",
  object: "k",
  user: "u",
  clientInfo: "id=1",
};

Deno.test("The same refusal within a minute counts", () => {
  const log = new DenialLog({ acllogMaxLen: 128 });
  log.add(denial, 1000);
  log.add({ ...denial, object: "other" }, 2000);
  log.add({ ...denial, clientInfo: "id=2" }, 61_000);
  assertEquals(log.newest(10), [
    { ...denial, clientInfo: "id=2", id: 0, count: 2, createdMs: 1000, updatedMs: 61_000 },
    { ...denial, object: "other", id: 1, count: 1, createdMs: 2000, updatedMs: 2000 },
  ]);
  log.add(denial, 121_001);
  assertEquals(log.newest(1).map(({ id, count }) => [id, count]), [[2, 1]]);
});

Deno.test("Only the ten newest entries are looked at for a like one", () => {
  const log = new DenialLog({ acllogMaxLen: 128 });
  for (let i = 0; i < 11; i++) log.add({ ...denial, object: `${i}` }, 0);
  log.add({ ...denial, object: "1" }, 0);
  assertEquals(log.newest(99).length, 11);
  log.add({ ...denial, object: "0" }, 0);
  assertEquals(log.newest(99).length, 12);
});

Deno.test("The log keeps its length, and counts all the same", () => {
  const settings = { acllogMaxLen: 2 };
  const log = new DenialLog(settings);
  for (const object of ["a", "b", "c"]) log.add({ ...denial, object }, 0);
  assertEquals(log.newest(9).map(({ object }) => object), ["c", "b"]);
  settings.acllogMaxLen = 1;
  log.add({ ...denial, object: "b" }, 0);
  assertEquals(log.newest(9).length, 2);
  log.add({ ...denial, object: "d" }, 0);
  assertEquals(log.newest(9).map(({ object }) => object), ["d"]);
  settings.acllogMaxLen = 0;
  log.add({ ...denial, object: "d" }, 0);
  assertEquals(log.newest(9), []);
  assertEquals(log.totals, { auth: 0, command: 0, key: 6, channel: 0 });
});

Deno.test("No more entries are shown than are asked for", () => {
  const log = new DenialLog({ acllogMaxLen: 9 });
  log.add(denial, 0);
  assertEquals([log.newest(0).length, log.newest(-1).length], [0, 0]);
  log.clear();
  assertEquals(log.newest(9), []);
});
