import { assert, assertEquals } from "@std/assert";
import {
  OWN_BYTES_MAX,
  OWN_BYTES_MIN,
  ReceiveBuffer,
  ReceivePool,
  SHARED_BYTES,
} from "../../../src/net/receive_buffer.ts";
import { freshSeed, Random } from "../../support/random.ts";

function newBuffer(): ReceiveBuffer {
  return new ReceiveBuffer(new ReceivePool());
}

/** Lets `n` bytes arrive, as a read of that size does. */
function receive(buffer: ReceiveBuffer, n: number, wanted = 0): void {
  const space = buffer.prepare(wanted);
  assert(space.length >= n);
  space.fill(1, 0, n);
  buffer.received(n);
}

/** Lets `n` bytes arrive in as many reads as it takes, all but the last of which fill the space. */
function receiveAll(buffer: ReceiveBuffer, n: number, wanted = 0): void {
  let left = n;
  while (left > 0) {
    const portion = Math.min(left, buffer.prepare(wanted).length);
    buffer.received(portion);
    left -= portion;
  }
}

function consumeAll(buffer: ReceiveBuffer): void {
  buffer.start = buffer.end;
}

Deno.test("A buffer begins small", () => {
  const buffer = newBuffer();
  assertEquals(buffer.prepare(0).length, OWN_BYTES_MIN);
  assertEquals(buffer.capacity, OWN_BYTES_MIN);
});

Deno.test("Small requests are received without a new buffer", () => {
  const buffer = newBuffer();
  const { bytes } = buffer;
  for (let i = 0; i < 1000; i++) {
    receive(buffer, 300);
    assertEquals([buffer.start, buffer.end], [0, 300]);
    consumeAll(buffer);
    assert(buffer.prepare(0) === bytes);
  }
});

Deno.test("Unconsumed bytes move to the front", () => {
  const buffer = newBuffer();
  buffer.prepare(0).set([1, 2, 3, 4, 5]);
  buffer.received(5);
  buffer.start = 3;
  const space = buffer.prepare(0);
  assertEquals([buffer.start, buffer.end], [0, 2]);
  assertEquals([...buffer.bytes.subarray(0, 2)], [4, 5]);
  assertEquals(space.byteOffset, 2);
  assertEquals(space.length, OWN_BYTES_MIN - 2);
});

Deno.test("A burst is received in a shared buffer, which goes back when all is consumed", () => {
  const pool = new ReceivePool();
  const buffer = new ReceiveBuffer(pool);
  receiveAll(buffer, 3000);
  const shared = buffer.bytes;
  assertEquals(shared.length, SHARED_BYTES);
  consumeAll(buffer);
  buffer.prepare(0);
  assert(buffer.capacity < 2 * OWN_BYTES_MIN + 1);
  assert(pool.take() === shared);
});

Deno.test("The own buffer grows with each burst until bursts fit, but not above its limit", () => {
  const buffer = newBuffer();
  for (let burst = 0; burst < 5; burst++) {
    receiveAll(buffer, 4000);
    consumeAll(buffer);
  }
  assertEquals(buffer.prepare(0).length, 4096);
  for (let burst = 0; burst < 10; burst++) {
    receiveAll(buffer, 50_000);
    consumeAll(buffer);
  }
  assertEquals(buffer.prepare(0).length, OWN_BYTES_MAX);
});

Deno.test("The own buffer shrinks when its reads have been small for long", () => {
  const buffer = newBuffer();
  for (let burst = 0; burst < 5; burst++) {
    receiveAll(buffer, 50_000);
    consumeAll(buffer);
  }
  assertEquals(buffer.prepare(0).length, OWN_BYTES_MAX);
  for (let i = 0; i < 1000; i++) {
    receive(buffer, 100);
    consumeAll(buffer);
  }
  assertEquals(buffer.prepare(0).length, OWN_BYTES_MIN);
});

Deno.test("A read that fills the buffer is followed by one with more space", () => {
  const buffer = newBuffer();
  receive(buffer, OWN_BYTES_MIN);
  consumeAll(buffer);
  assertEquals(buffer.prepare(0).length, SHARED_BYTES);
});

Deno.test("Bytes that nobody consumes are all kept", () => {
  const seed = freshSeed();
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  const buffer = newBuffer();
  const expected: number[] = [];
  while (expected.length < 300_000) {
    const space = buffer.prepare(0);
    const n = random.oneIn(3) ? space.length : random.between(1, space.length);
    for (let i = 0; i < n; i++) expected.push(space[i] = random.below(256));
    buffer.received(n);
  }
  assertEquals(buffer.bytes.slice(buffer.start, buffer.end), Uint8Array.from(expected));
});

Deno.test("The space for a request that announces its size is there at once", () => {
  const buffer = newBuffer();
  receive(buffer, 100);
  assertEquals(buffer.prepare(5000).length, SHARED_BYTES - 100);
  assertEquals(buffer.prepare(200_000).length, 200_000 - 100);
});

Deno.test("A request that announces more than it sends gets no more than is trusted", () => {
  const buffer = newBuffer();
  receive(buffer, 100);
  buffer.prepare(2 ** 30);
  assertEquals(buffer.capacity - OWN_BYTES_MIN, 2 ** 20);
});

Deno.test("A giant request's buffer is dropped when it is consumed", () => {
  const buffer = newBuffer();
  receiveAll(buffer, 3_000_000, 3_000_000);
  assertEquals(buffer.end - buffer.start, 3_000_000);
  consumeAll(buffer);
  while (buffer.prepare(0).length >= SHARED_BYTES) receive(buffer, 1);
  consumeAll(buffer);
  assert(buffer.prepare(0).length <= OWN_BYTES_MAX);
  assert(buffer.capacity <= OWN_BYTES_MAX);
});

Deno.test("Bytes are moved to a target, as many as there are and as fit", () => {
  const buffer = newBuffer();
  buffer.prepare(0).set([1, 2, 3, 4, 5]);
  buffer.received(5);
  const target = new Uint8Array(4);
  assertEquals(buffer.moveTo(target, 1, 4), 3);
  assertEquals([...target], [0, 1, 2, 3]);
  assertEquals(buffer.moveTo(target, 0, 4), 2);
  assertEquals([...target], [4, 5, 2, 3]);
  assertEquals(buffer.moveTo(target, 0, 4), 0);
});

Deno.test("A buffer that is released holds nothing and gives back what it shares", () => {
  const pool = new ReceivePool();
  const buffer = new ReceiveBuffer(pool);
  receiveAll(buffer, 3000);
  const shared = buffer.bytes;
  buffer.release();
  assertEquals(buffer.capacity, 0);
  assert(pool.take() === shared);
  assert(pool.take() !== shared);
});
