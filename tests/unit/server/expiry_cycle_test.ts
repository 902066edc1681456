import { assertEquals } from "@std/assert";
import { EmbeddedServer } from "../../support/embedded_server.ts";
import { freshSeed, Random } from "../../support/random.ts";
import type { SimulatedClock } from "../../support/simulated_platform.ts";

/** A server whose `expired` events a client hears, as `database:key`. */
class Scene {
  readonly server = new EmbeddedServer();
  readonly client = this.server.connect();
  readonly #subscriber = this.server.connect();

  constructor() {
    this.client.send("config set notify-keyspace-events Ex");
    this.#subscriber.send("psubscribe __keyevent@*__:expired");
    this.#subscriber.takeReplies();
  }

  get cycle() {
    return this.server.server.expiry;
  }

  /** The events since the last call. */
  expired(): string[] {
    const messages = this.#subscriber.takeReplies().split("*4\r\n").slice(1);
    return messages.map((message) => {
      const lines = message.split("\r\n");
      return `${/@(\d+)__/.exec(lines[5])![1]}:${lines[7]}`;
    });
  }
}

/** Has each look at the monotonic clock take time, as work does. */
function slowDown(clock: SimulatedClock, ms: number): void {
  const monotonicMs = clock.monotonicMs.bind(clock);
  let spentMs = 0;
  clock.monotonicMs = () => monotonicMs() + (spentMs += ms);
}

/** Sets the wall clock forward, of which no timer knows. */
function setForward(clock: SimulatedClock, ms: number): void {
  const nowMs = clock.nowMs.bind(clock);
  clock.nowMs = () => nowMs() + ms;
}

Deno.test("A key expires at the millisecond at which it is due, without anybody's asking", () => {
  const scene = new Scene();
  scene.client.send("set k v px 500");
  scene.server.clock.advance(499);
  assertEquals(scene.expired(), []);
  scene.server.clock.advance(1);
  assertEquals(scene.expired(), ["0:k"]);
  assertEquals(scene.client.send("dbsize"), ":0\r\n");
});

Deno.test("Keys expire in the order in which they fall due, over all databases", () => {
  const seed = freshSeed();
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  const scene = new Scene();
  const keys = Array.from({ length: 500 }, (_, i) => ({
    name: `${random.below(5)}:k${i}`,
    dueMs: random.between(1, 2000),
  }));
  for (const { name, dueMs } of keys) {
    const [db, key] = name.split(":");
    scene.client.send(`select ${db}`);
    scene.client.send(`set ${key} v px ${dueMs}`);
  }
  scene.server.clock.advance(3000);
  const dueOf = new Map(keys.map(({ name, dueMs }) => [name, dueMs]));
  const events = scene.expired();
  assertEquals(new Set(events).size, keys.length, "each once, and all of them");
  const order = events.map((name) => dueOf.get(name)!);
  assertEquals(order, order.toSorted((a, b) => a - b));
});

Deno.test("What falls due while the clock jumps expires in order, too", () => {
  const scene = new Scene();
  for (const [db, key, ms] of [[1, "b", 20], [0, "a", 10], [0, "c", 30], [1, "d", 40]]) {
    scene.client.send(`select ${db}`);
    scene.client.send(`set ${key} v px ${ms}`);
  }
  scene.server.server.pause.begin(scene.server.clock.nowMs() + 60, false);
  scene.server.clock.advance(100);
  assertEquals(scene.expired(), ["0:a", "1:b", "0:c", "1:d"]);
});

Deno.test("An expiry that is changed or taken back counts as it is at the end", () => {
  const scene = new Scene();
  const { client, server } = scene;
  for (const key of ["sooner", "later", "never", "gone"]) client.send(`set ${key} v px 1000`);
  client.send("pexpire sooner 100");
  client.send("pexpire later 5000");
  client.send("persist never");
  client.send("del gone");
  server.clock.advance(2000);
  assertEquals(scene.expired(), ["0:sooner"]);
  server.clock.advance(4000);
  assertEquals(scene.expired(), ["0:later"]);
  assertEquals(client.send("keys *"), "*1\r\n$5\r\nnever\r\n");
});

Deno.test("A flood of keys that are due at once is removed in slices, one in each turn", () => {
  const scene = new Scene();
  const { client, cycle, server } = scene;
  const keys = 1000;
  for (let i = 0; i < keys; i++) client.send(`set k${i} v px 1000`);
  slowDown(server.clock, 0.25);
  setForward(server.clock, 1000);
  // A slice ends after 1 ms: with this clock after four looks at it, each after 32 keys.
  assertEquals(client.send("ping"), "+PONG\r\n");
  const first = scene.expired();
  assertEquals(first.length, 128);
  assertEquals(client.send("dbsize"), `:${keys - 128}\r\n`);
  assertEquals(cycle.capReached, 2);
  server.clock.advance(1000);
  const events = [...first, ...scene.expired()];
  assertEquals(new Set(events).size, keys, "timers have come back for the rest");
  assertEquals(cycle.capReached, 7);
});

Deno.test("A key that is due is gone for readers before its slice has come", () => {
  const scene = new Scene();
  const { client, server } = scene;
  for (let i = 0; i < 1000; i++) client.send(`set k${i} v px 1000`);
  slowDown(server.clock, 0.25);
  setForward(server.clock, 1000);
  client.send("ping");
  const removed = new Set(scene.expired());
  const left = Array.from({ length: 1000 }, (_, i) => `k${i}`).find((key) =>
    !removed.has(`0:${key}`)
  );
  assertEquals(client.send(`get ${left}`), "$-1\r\n");
  assertEquals(scene.expired()[0], `0:${left}`);
});

Deno.test("DEBUG SET-ACTIVE-EXPIRE 0 leaves keys that are due to those who ask for them", () => {
  const scene = new Scene();
  scene.cycle.enabled = false;
  scene.client.send("set k v px 10");
  scene.server.clock.advance(5000);
  assertEquals(scene.expired(), []);
  assertEquals(scene.client.send("get k"), "$-1\r\n");
  assertEquals(scene.expired(), ["0:k"]);
});

Deno.test("A wall clock that is set forward is noticed within a second", () => {
  const scene = new Scene();
  scene.client.send("set k v ex 3600");
  setForward(scene.server.clock, 7_200_000);
  scene.server.clock.advance(1000);
  assertEquals(scene.expired(), ["0:k"]);
});

Deno.test("A server that is stopped has no timer left", () => {
  const scene = new Scene();
  scene.client.send("set k v px 10");
  scene.server.server.stop();
  scene.server.clock.advance(1000);
  assertEquals(scene.server.server.keyspace.size, 1);
});
