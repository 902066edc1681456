import { assert, assertEquals } from "@std/assert";
import {
  Inbox,
  LEFTOVER_BYTES_MAX,
  RECEIVE_BYTES,
  SharedSpace,
} from "../../../../src/net/epoll/inbox.ts";

/** Lets bytes arrive, numbered from `first` on. */
function arrive(inbox: Inbox, first: number, n: number): void {
  const space = inbox.prepare(0);
  assert(space.length >= n);
  for (let i = 0; i < n; i++) space[i] = first + i;
  inbox.received(n);
}

/** Whether what is unconsumed are bytes that are numbered from `first` on. */
function holds(inbox: Inbox, first: number): boolean {
  for (let i = inbox.start; i < inbox.end; i++) {
    if (inbox.buf[i] !== ((first + i - inbox.start) & 0xff)) return false;
  }
  return true;
}

Deno.test("What is left over comes back in front of what arrives next", () => {
  const shared = new SharedSpace();
  const inbox = new Inbox(shared);
  arrive(inbox, 0, 100);
  inbox.start += 60;
  inbox.settle();
  assertEquals(inbox.unconsumedBytes, 40);
  assertEquals(inbox.capacity, 64);
  shared.bytes.fill(0);
  arrive(inbox, 100, 50);
  assertEquals(inbox.unconsumedBytes, 90);
  assert(holds(inbox, 60));
  inbox.start = inbox.end;
  inbox.settle();
  assertEquals(inbox.capacity, 0);
});

Deno.test("A leftover of any length is kept, and goes as soon as it is consumed", () => {
  for (const left of [1, 64, 65, LEFTOVER_BYTES_MAX, LEFTOVER_BYTES_MAX + 1, RECEIVE_BYTES]) {
    const shared = new SharedSpace();
    const inbox = new Inbox(shared);
    arrive(inbox, 0, left);
    inbox.settle();
    shared.bytes.fill(0);
    inbox.received(0);
    assertEquals(inbox.unconsumedBytes, left);
    assert(holds(inbox, 0));
    assert(inbox.capacity >= left);
    arrive(inbox, left, 1000);
    assertEquals(inbox.unconsumedBytes, left + 1000);
    assert(holds(inbox, 0));
    inbox.start = inbox.end;
    inbox.settle();
    assertEquals(inbox.capacity, 0);
    arrive(inbox, 7, 10);
    assertEquals(inbox.unconsumedBytes, 10);
    assert(holds(inbox, 7));
  }
});

Deno.test("Unconsumed bytes can be moved to another place", () => {
  const inbox = new Inbox(new SharedSpace());
  arrive(inbox, 0, 10);
  const target = new Uint8Array(4);
  assertEquals(inbox.moveTo(target, 1, 4), 3);
  assertEquals([...target], [0, 0, 1, 2]);
  assertEquals(inbox.moveTo(new Uint8Array(20), 0, 20), 7);
  assertEquals(inbox.unconsumedBytes, 0);
});
