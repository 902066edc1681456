import { assert, assertEquals } from "@std/assert";
import { AcceptLoop } from "../../../src/net/listener.ts";
import type { StreamSocket } from "../../../src/platform/mod.ts";
import { SimulatedClock } from "../../support/simulated_platform.ts";
import { SimulatedListener, SimulatedSocket } from "../../support/simulated_sockets.ts";
import { SystemError } from "../../support/system_error.ts";

class Scene {
  readonly clock = new SimulatedClock();
  readonly listener = new SimulatedListener({ host: "127.0.0.1", port: 6379 });
  readonly warnings: string[] = [];
  readonly admitted: StreamSocket[] = [];
  readonly loop = new AcceptLoop(
    this.listener,
    this.clock,
    { warning: (message) => this.warnings.push(message) },
    (socket) => this.admitted.push(socket),
  );
  readonly ended = this.loop.run();
}

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("Connections are accepted one after the other", async () => {
  const scene = new Scene();
  const sockets = [new SimulatedSocket(), new SimulatedSocket(), new SimulatedSocket()];
  for (const socket of sockets) scene.listener.arrive(socket);
  await settle();
  assertEquals(scene.admitted.length, 3);
  scene.admitted.forEach((socket, i) => assert(socket === sockets[i]));
  scene.loop.close();
  await scene.ended;
});

Deno.test("A connection that is gone before it is accepted goes unnoticed", async () => {
  const scene = new Scene();
  scene.listener.arrive(new SystemError("ECONNABORTED", "Software caused connection abort"));
  scene.listener.arrive(new SystemError("ENOTCONN", "Transport endpoint is not connected"));
  scene.listener.arrive(new SimulatedSocket());
  await settle();
  assertEquals(scene.admitted.length, 1);
  assertEquals(scene.warnings, []);
  scene.loop.close();
  await scene.ended;
});

Deno.test("When the process may open no more files, accepting goes on a little later", async () => {
  const scene = new Scene();
  scene.listener.arrive(new SystemError("EMFILE", "Too many open files (os error 24)"));
  scene.listener.arrive(new SimulatedSocket());
  await settle();
  assertEquals(scene.warnings, ["Accepting client connection: Too many open files"]);
  assertEquals(scene.admitted.length, 0);
  scene.clock.advance(100);
  await settle();
  assertEquals(scene.admitted.length, 1);
  scene.loop.close();
  await scene.ended;
});

Deno.test("A connection that cannot be taken over is closed, and the next one accepted", async () => {
  const listener = new SimulatedListener({ host: "127.0.0.1", port: 6379 });
  const warnings: string[] = [];
  const log = { warning: (message: string) => warnings.push(message) };
  const admitted: StreamSocket[] = [];
  const loop = new AcceptLoop(listener, new SimulatedClock(), log, (socket) => {
    if (admitted.push(socket) === 1) throw new RangeError("Array buffer allocation failed");
  });
  const ended = loop.run();
  const [first, second] = [new SimulatedSocket(), new SimulatedSocket()];
  listener.arrive(first);
  listener.arrive(second);
  await settle();
  assertEquals(warnings, ["Accepting client connection: Array buffer allocation failed"]);
  assert(first.isClosed && !second.isClosed);
  assertEquals(admitted.length, 2);
  loop.close();
  await ended;
});

Deno.test("A loop that is closed says nothing and accepts no more", async () => {
  const scene = new Scene();
  await settle();
  scene.loop.close();
  await scene.ended;
  assert(scene.listener.isClosed);
  assertEquals(scene.warnings, []);
});
