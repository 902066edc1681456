import { assert, assertEquals } from "@std/assert";
import { EpollLoop } from "../../../../src/net/epoll/loop.ts";
import { EPOLLIN } from "../../../../src/platform/mod.ts";
import { SimulatedNetwork } from "../../../support/simulated_network.ts";
import { SimulatedClock } from "../../../support/simulated_platform.ts";

/** A loop that watches one socket, which is read from when it is ready. */
function scene() {
  const network = new SimulatedNetwork();
  const clock = new SimulatedClock();
  const events: string[] = [];
  const loop = new EpollLoop(network, clock, () => events.push("end"));
  const end = network.open();
  loop.watch(end.fd, {
    ready: () => {
      network.receive(end.fd, new Uint8Array(100), 100);
      events.push("ready");
    },
  }, EPOLLIN);
  return { network, clock, events, loop, end };
}

Deno.test("A turn in which something happened has an end, and another one has none", () => {
  const { network, events, end } = scene();
  network.stay();
  assertEquals(events, []);
  end.send("x");
  network.stay();
  assertEquals(events, ["ready", "end"]);
});

Deno.test("Waits are short until several stays have seen nothing", () => {
  const { network, end } = scene();
  for (let i = 0; i < 6; i++) network.stay();
  assertEquals(network.waits, [10, 10, 10, 10, 1000, 1000]);
  end.send("x");
  network.waits.length = 0;
  network.stay();
  network.stay();
  assertEquals(network.waits, [1000, 10, 10]);
});

Deno.test("Where the runtime cannot be watched, no wait is long", () => {
  const { network } = scene();
  network.isWoken = false;
  for (let i = 0; i < 20; i++) network.stay();
  assertEquals(new Set(network.waits), new Set([10]));
});

Deno.test("No wait is longer than until the next timer, which then goes off", () => {
  const { network } = scene();
  let runs = 0;
  network.timers.untilDueMs = () => 3.2;
  network.timers.run = () => void runs++;
  network.stay();
  assertEquals(network.waits, [4]);
  assertEquals(runs, 1);
});

Deno.test("While the runtime has something to do, and shortly after, nothing is waited for", () => {
  const { network, events } = scene();
  network.isRuntimeReady = true;
  network.stay();
  network.stay();
  assertEquals(network.waits, [10, 0]);
  network.isRuntimeReady = false;
  network.waits.length = 0;
  for (let i = 0; i < 5; i++) network.stay();
  assertEquals(network.waits, [0, 0, 0, 10, 10]);
  assertEquals(events, []);
});

Deno.test("A stay ends after a millisecond of turns", () => {
  const { network, clock, loop } = scene();
  const busy = network.open();
  let turns = 0;
  loop.watch(busy.fd, {
    ready: () => {
      turns++;
      clock.advance(0.3);
    },
  }, EPOLLIN);
  busy.send("x");
  network.stay();
  assertEquals(turns, 4);
});

Deno.test("Where yielding is dear, stays are longer", () => {
  const { network, clock, loop } = scene();
  const busy = network.open();
  let turns = 0;
  loop.watch(busy.fd, {
    ready: () => {
      turns++;
      clock.advance(1);
    },
  }, EPOLLIN);
  busy.send("x");
  for (let i = 0; i < 2000; i++) {
    clock.advance(1);
    network.stay();
  }
  turns = 0;
  clock.advance(1);
  network.stay();
  assertEquals(turns, 20);
  assert(!network.isWoken, "the runtime's own business waits for the end of a stay");
});

Deno.test("What is postponed goes on before the next wait, within a turn", () => {
  const { network, loop, events } = scene();
  loop.later({ goOn: () => events.push("on") });
  network.stay();
  assertEquals(network.waits[0], 0);
  assertEquals(events, ["on", "end"]);
});

Deno.test("The loop ends when it watches nothing, and begins again", () => {
  const { network, loop, end } = scene();
  loop.forget(end.fd);
  loop.forget(end.fd);
  network.stay();
  assert(!network.isPollerOpen);
  const other = network.open();
  loop.watch(other.fd, { ready: () => {} }, EPOLLIN);
  assert(network.isPollerOpen);
});
