import { assertEquals, assertThrows } from "@std/assert";
import { streamOf } from "../../../../../src/keyspace/types/stream.ts";
import type { Stream } from "../../../../../src/structures/stream.ts";
import { NEVER } from "../../../../../src/structures/stream_consumers.ts";
import { PendingEntry } from "../../../../../src/structures/stream_group.ts";
import { StreamId } from "../../../../../src/structures/stream_id.ts";
import { be, dump, le, len, type Part, str } from "../builder.ts";
import { loaded } from "../loading.ts";

/** A stream of no entries, of which there have been nine, up to 5-1; 5-0 was deleted. */
const HEAD: Part = [len(0), len(0), len(5), len(1), len(0), len(0), len(5), len(0), len(9)];
const FIRST: Part = [be(3, 8), be(0, 8)];
const SECOND: Part = [be(4, 8), be(1, 8)];
const PENDING: Part = [len(2), FIRST, le(1000, 8), len(1), SECOND, le(2000, 8), len(70_000)];
const UNKNOWN: Part = [0x81, new Uint8Array(8).fill(0xff)];

function consumer(name: string, ...ids: readonly Part[]): Part {
  return [str(name), le(3000, 8), le(-1, 8), len(ids.length), ids];
}

function load(...groups: readonly Part[]): Stream {
  const record: Part = [21, str("s"), HEAD, len(groups.length), groups];
  const { keyspace } = loaded(dump("REDIS0011", record));
  const entry = keyspace.database(0).peek(new TextEncoder().encode("s"), 0, 1);
  return streamOf(keyspace, entry);
}

Deno.test("A dump holds groups, their consumers and what is pending", () => {
  const stream = load([
    [str("g"), len(4), len(1), len(7)],
    [PENDING, len(3), consumer("b", SECOND), consumer("a"), consumer("c", FIRST)],
  ], [str("empty"), len(0), len(0), UNKNOWN, len(0), len(0)]);
  const group = stream.groups!.at(1);
  assertEquals([group.lastId.msLow, group.lastId.seqLow, group.entriesRead], [4, 1, 7]);
  assertEquals(group.pendingCount, 2);
  const pending = new PendingEntry();
  const b = group.consumers.numberAt(1);
  assertEquals(group.seekOwn(b, new StreamId(), pending), true);
  assertEquals([pending.id.msLow, pending.deliveryMs, pending.deliveryCount], [4, 2000, 70_000]);
  assertEquals([group.consumers.seenMs(b), group.consumers.activeMs(b)], [3000, NEVER]);
  assertEquals(group.nextOwn(b, pending), false);
  assertEquals(stream.groups!.at(0).entriesRead, -1);
});

const DAMAGED: Readonly<Record<string, Part>> = {
  "an entry that is pending for nobody": [PENDING, len(1), consumer("a", FIRST)],
  "an entry that is pending for two": [
    PENDING,
    len(2),
    consumer("a", FIRST, SECOND),
    consumer("b", FIRST),
  ],
  "an entry that is pending for a consumer alone": [len(0), len(1), consumer("a", FIRST)],
  "an entry that is pending twice": [
    [len(2), FIRST, le(1, 8), len(1), FIRST, le(1, 8), len(1)],
    [len(1), consumer("a", FIRST)],
  ],
  "a consumer that is there twice": [len(0), len(2), consumer("a"), consumer("a")],
  "more pending entries than there are": [len(1_000_000), FIRST],
};

for (const [title, part] of Object.entries(DAMAGED)) {
  Deno.test(`A dump with ${title} is refused`, () => {
    assertThrows(() => load([str("g"), len(4), len(1), len(7), part]));
  });
}

Deno.test("A dump with a group that is there twice is refused", () => {
  const group: Part = [str("g"), len(0), len(0), len(0), len(0), len(0)];
  assertThrows(() => load(group, group));
});
