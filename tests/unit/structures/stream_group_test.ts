import { assert, assertEquals, assertThrows } from "@std/assert";
import { latin1, latin1Text } from "../../../src/memory/bytes.ts";
import type { NameView } from "../../../src/structures/name_table.ts";
import { NEVER } from "../../../src/structures/stream_consumers.ts";
import { PendingEntry, StreamGroup } from "../../../src/structures/stream_group.ts";
import { StreamId } from "../../../src/structures/stream_id.ts";
import { freshSeed, Random } from "../../support/random.ts";
import { FailingSlabs } from "./failing_slabs.ts";

const START_MS = 1_700_000_000_000;
const NAMES = ["alice", "bob", "carol", ""];
const pending = new PendingEntry();

function idOf(n: number): StreamId {
  const id = new StreamId();
  id.setMs(START_MS + n);
  return id;
}

/** A pending entry as a test writes it: whose, when and how often. */
type Delivery = [consumer: string, ms: number, count: number];

/** A group and a map that must agree. */
class GroupModel {
  readonly slabs = new FailingSlabs();
  group = new StreamGroup(this.slabs);
  readonly entries = new Map<number, Delivery>();

  consumer(name: string): number {
    const { consumers } = this.group;
    const found = consumers.find(latin1(name), 0, name.length);
    return found >= 0 ? found : consumers.add(latin1(name), 0, name.length, START_MS);
  }

  assign(n: number, [name, ms, count]: Delivery): void {
    this.group.assign(idOf(n), this.consumer(name), ms, count);
    this.entries.set(n, [name, ms, count]);
  }

  check(group = this.group): void {
    const sorted = [...this.entries].sort(([a], [b]) => a - b);
    assertEquals(listOf(group, -1), sorted);
    assertEquals(group.pendingCount, sorted.length);
    for (let rank = 0; rank < group.consumers.size; rank++) {
      const consumer = group.consumers.numberAt(rank);
      const own = sorted.filter(([, [name]]) => name === nameOf(group, consumer));
      assertEquals(listOf(group, consumer), own);
      assertEquals(group.consumers.pendingCount(consumer), own.length);
    }
  }
}

const view: NameView = { buf: new Uint8Array(0), start: 0, end: 0 };

function nameOf(group: StreamGroup, consumer: number): string {
  group.consumers.showName(consumer, view);
  return latin1Text(view.buf, view.start, view.end);
}

/** What is pending, for one consumer or, with -1, for all. */
function listOf(group: StreamGroup, consumer: number): [number, Delivery][] {
  const list: [number, Delivery][] = [];
  const first = idOf(0);
  let more = consumer < 0 ? group.seek(first, pending) : group.seekOwn(consumer, first, pending);
  const next = () => consumer < 0 ? group.next(pending) : group.nextOwn(consumer, pending);
  for (; more; more = next()) {
    const n = pending.id.msHigh * 2 ** 32 + (pending.id.msLow >>> 0) - START_MS;
    const name = nameOf(group, pending.consumer);
    list.push([n, [name, pending.deliveryMs, pending.deliveryCount]]);
  }
  return list;
}

Deno.test("A group knows what is pending in both orders", () => {
  const seed = freshSeed();
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  const model = new GroupModel();
  for (let round = 0; round < 40; round++) {
    for (let step = 0; step < 200; step++) {
      const n = random.below(800);
      const kind = random.below(5);
      if (kind < 3) {
        const ms = random.pick([0, START_MS, START_MS + random.below(1e9)]);
        model.assign(n, [random.pick(NAMES), ms, random.pick([0, 1, 7, 2 ** 40])]);
      } else {
        assertEquals(model.group.acknowledge(idOf(n)), model.entries.delete(n));
      }
      assertEquals(model.group.find(idOf(n), pending), model.entries.has(n));
    }
    if (random.oneIn(5)) {
      const name = random.pick(NAMES);
      model.group.removeConsumer(model.consumer(name));
      for (const [n, [owner]] of model.entries) if (owner === name) model.entries.delete(n);
    }
    model.check();
  }
});

Deno.test("A copy of a group has consumers of its own", () => {
  const model = new GroupModel();
  for (const name of NAMES) model.consumer(name);
  model.group.removeConsumer(model.consumer("bob"));
  for (let n = 0; n < 500; n++) model.assign(n, [NAMES[n % 4], START_MS + n, n]);
  model.group.consumers.setActiveMs(model.consumer("alice"), START_MS + 5);
  const copy = new StreamGroup(model.slabs);
  copy.copy(model.group);
  model.check(copy);
  assertEquals(copy.consumers.activeMs(copy.consumers.find(latin1("alice"), 0, 5)), START_MS + 5);
  assertEquals(copy.consumers.activeMs(copy.consumers.find(latin1("bob"), 0, 3)), NEVER);
  copy.removeConsumer(copy.consumers.find(latin1("alice"), 0, 5));
  model.check();
});

Deno.test("A group without memory stays as it was", () => {
  const model = new GroupModel();
  for (const name of NAMES) model.consumer(name);
  for (let n = 0; n < 2000; n++) {
    const delivery: Delivery = [NAMES[n % 4], START_MS, 1];
    for (let left = 0;; left++) {
      model.slabs.allocationsLeft = left;
      try {
        model.assign(n * 7 % 2003, delivery);
      } catch {
        model.slabs.allocationsLeft = Infinity;
        continue;
      }
      break;
    }
    model.slabs.allocationsLeft = Infinity;
  }
  model.check();
  model.slabs.allocationsLeft = 0;
  assertThrows(() => model.assign(5000, ["dora", START_MS, 1]));
  model.slabs.allocationsLeft = Infinity;
  model.check();
});

Deno.test("A group of many pending entries is freed in slices", () => {
  const model = new GroupModel();
  for (let n = 0; n < 20_000; n++) model.assign(n, [NAMES[n % 3], START_MS, 1]);
  assertEquals(model.group.bytes, model.slabs.usedBytes);
  let slices = 1;
  while (!model.group.freeSome(64)) slices++;
  assert(slices > 10);
  assertEquals(model.slabs.usedBytes, 0);
  model.slabs.check();
});
