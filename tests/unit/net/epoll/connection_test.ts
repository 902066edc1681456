import { assert, assertEquals } from "@std/assert";
import { EpollConnection } from "../../../../src/net/epoll/connection.ts";
import { EpollLoop } from "../../../../src/net/epoll/loop.ts";
import { EPOLLIN, EPOLLOUT, type SocketAddress } from "../../../../src/platform/mod.ts";
import { freshSeed, Random } from "../../../support/random.ts";
import {
  ECONNRESET,
  type SimulatedEnd,
  SimulatedNetwork,
} from "../../../support/simulated_network.ts";
import { SimulatedClock } from "../../../support/simulated_platform.ts";
import { ScriptedPeer } from "../scripted_peer.ts";

/** A connection that serves a peer, whose replies are flushed when a turn ends. */
class Scene {
  readonly network = new SimulatedNetwork();
  readonly peer = new ScriptedPeer();
  readonly end: SimulatedEnd;
  readonly connection: EpollConnection;
  /** While false, the replies of a turn stay in the output. */
  flushes = true;

  constructor(remote?: SocketAddress, isUnix = false) {
    const loop = new EpollLoop(this.network, new SimulatedClock(), () => {
      if (this.flushes) this.connection.flush();
    });
    this.end = this.network.open(remote);
    this.connection = new EpollConnection(loop, this.end.fd, this.end.address, isUnix);
    this.peer.connection = this.connection;
  }

  start(): Scene {
    this.connection.start(this.peer);
    return this;
  }

  /** Sends to the server and lets it do all it can. */
  send(data: string): string {
    this.end.send(data);
    this.network.settle();
    return this.end.take();
  }
}

Deno.test("A watched connection tells its addresses", () => {
  const { connection, end } = new Scene({ host: "::1", port: 50000 });
  assertEquals(connection.address, "[::1]:50000");
  assertEquals(connection.localAddress, "[::1]:50000");
  assertEquals(connection.fd, end.fd);
  assert(connection.isLocal && !connection.isUnix);
  assert(!new Scene({ host: "10.0.0.1", port: 5 }).connection.isLocal);
  const unix = new Scene({ host: "/run/socket", port: 0 }, true).connection;
  assert(unix.isLocal && unix.isUnix);
  assertEquals(unix.address, "/run/socket:0");
  assertEquals(unix.localAddress, "/run/socket:0");
});

Deno.test("The replies of a turn leave in one call", () => {
  const scene = new Scene().start();
  assertEquals(scene.send("a\nb\nc\n"), "a\nb\nc\n");
  assertEquals(scene.end.writes, [6]);
  assertEquals(scene.peer.events, ["a", "b", "c", "(drained)"]);
  assertEquals(scene.peer.sentBytes, 6);
});

Deno.test("A request may be received in any pieces", () => {
  const seed = freshSeed();
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  const lengths = Array.from({ length: 200 }, () => random.below(random.oneIn(10) ? 90_000 : 300));
  const stream = lengths.map((length) => `${"r".repeat(length)}\n`).join("");
  const scene = new Scene().start();
  for (let at = 0; at < stream.length;) {
    const n = random.between(1, random.oneIn(10) ? 200_000 : 5000);
    scene.end.send(stream.slice(at, at + n));
    at += n;
    if (random.oneIn(2)) scene.network.settle();
  }
  scene.network.settle();
  assertEquals(scene.end.take(), stream);
  assertEquals(scene.connection.receivedBytes, 0);
  assertEquals(scene.connection.receiveBufferBytes, 0);
});

Deno.test("Connections share the space that bytes arrive in", () => {
  const network = new SimulatedNetwork();
  const loop = new EpollLoop(network, new SimulatedClock(), () => {
    for (const { connection } of both) connection.flush();
  });
  const both = [0, 1].map(() => {
    const end = network.open();
    const peer = new ScriptedPeer();
    const connection = new EpollConnection(loop, end.fd, end.address, false);
    peer.connection = connection;
    connection.start(peer);
    return { end, connection };
  });
  for (const half of ["ha", "lf", "\n"]) {
    for (const { end } of both) end.send(half + end.fd);
    network.settle();
  }
  assertEquals(both.map(({ end }) => end.take()), ["ha0lf0\n", "ha1lf1\n"]);
  assertEquals(both.map(({ connection }) => connection.receivedBytes), [1, 1]);
});

Deno.test("Only bytes of an incomplete request hold memory of a connection", () => {
  const scene = new Scene().start();
  scene.send("PI");
  assertEquals(scene.connection.receivedBytes, 2);
  assert(scene.connection.receiveBufferBytes <= 64);
  assertEquals(scene.send("NG\n"), "PING\n");
  assertEquals(scene.connection.receivedBytes, 0);
  assertEquals(scene.connection.receiveBufferBytes, 0);
});

Deno.test("A bulk argument is received into its place", () => {
  const scene = new Scene().start();
  scene.send("bulk 100000\nstart-");
  assertEquals(scene.peer.bulk!.at, 6);
  const argument = "start-" + "y".repeat(99_994);
  assertEquals(scene.send(argument.slice(6, 70_000)), "");
  assertEquals(scene.end.reads.at(-1), 69_994);
  assertEquals(scene.send(argument.slice(70_000) + "\nnext\n"), `${argument}\nnext\n`);
  assertEquals(scene.peer.bulkBytes, 100_000);
});

Deno.test("A held peer is not read for, nor its socket watched, until it is resumed", () => {
  const scene = new Scene().start();
  assertEquals(scene.send("a\nhold\nb\nc\n"), "a\nhold\n");
  assertEquals(scene.send("d\n"), "");
  assertEquals(scene.end.events, 0);
  scene.peer.held = false;
  scene.connection.resume();
  assertEquals(scene.peer.events.at(-1), "(drained)", "nothing runs within the call");
  scene.network.settle();
  assertEquals(scene.end.take(), "b\nc\nd\n");
  assertEquals(scene.end.events, EPOLLIN);
});

Deno.test("For a peer that is held and watched some is received, and the end noticed", () => {
  const scene = new Scene().start();
  scene.peer.watched = true;
  assertEquals(scene.send("hold\nbulk 4\nbo"), "hold\n");
  for (let i = 0; i < 100; i++) scene.send("x".repeat(10_000));
  assert(scene.connection.receivedBytes <= 2 * 64 * 1024);
  assertEquals(scene.end.events, 0);
  scene.end.failure = ECONNRESET;
  scene.network.settle();
  assertEquals(scene.peer.events.at(-1), "(closed)");
  assert(scene.peer.isSettled);
});

Deno.test("A peer that was held and watched is shown in order what has arrived meanwhile", () => {
  const scene = new Scene().start();
  scene.peer.watched = true;
  scene.send("hold\na\nbulk 4\nbo");
  scene.send("dy\nnext\nla");
  scene.peer.held = false;
  scene.connection.resume();
  scene.network.settle();
  assertEquals(scene.end.take(), "a\nbody\nnext\n");
  assertEquals(scene.send("st\n"), "last\n");
});

Deno.test("What the system does not take is sent when it takes more", () => {
  const scene = new Scene().start();
  scene.end.window = 3;
  assertEquals(scene.send("abcdefg\n"), "abc");
  assertEquals(scene.end.events, EPOLLIN | EPOLLOUT);
  assertEquals(scene.send("h\n"), "", "requests go on");
  assertEquals(scene.peer.events, ["abcdefg", "h"]);
  scene.end.window = 100;
  scene.network.settle();
  assertEquals(scene.end.take(), "defg\nh\n");
  assertEquals(scene.end.events, EPOLLIN);
  assertEquals(scene.peer.events.at(-1), "(drained)");
});

Deno.test("Nothing is sent by the loop that was written after the last flush", () => {
  const scene = new Scene().start();
  scene.end.window = 1;
  assertEquals(scene.send("ab\n"), "a");
  scene.flushes = false;
  scene.send("unlogged\n");
  scene.end.window = 100;
  scene.network.settle();
  assertEquals(scene.end.take(), "b\n");
  scene.connection.flush();
  assertEquals(scene.end.take(), "unlogged\n");
});

Deno.test("A long reply is sent in portions, between which others have their turns", () => {
  const scene = new Scene().start();
  scene.end.send("say 5000000\n");
  scene.network.settle();
  assert(scene.network.waits.length >= 5);
  assertEquals(scene.end.events, EPOLLIN);
  assertEquals(scene.end.writes.reduce((sum, n) => sum + n), 5_000_000);
});

Deno.test("The other side's end, and a break, close a connection once", () => {
  for (const failure of [0, ECONNRESET]) {
    const scene = new Scene().start();
    scene.send("a\nhalf");
    if (failure === 0) scene.end.isEnded = true;
    scene.end.failure = failure;
    scene.network.settle();
    scene.connection.close();
    assert(scene.end.isClosed);
    assertEquals(scene.peer.events, ["a", "(drained)", "(closed)"]);
    assert(scene.peer.isSettled);
    assertEquals(scene.connection.receiveBufferBytes, 0);
    assert(!scene.network.isPollerOpen, "without sockets the loop ends");
  }
});

Deno.test("A request that closes its connection is the last one, and settled after it", () => {
  const scene = new Scene().start();
  assertEquals(scene.send("close\n"), "");
  assertEquals(scene.peer.events, ["close", "(closed)"]);
  assert(scene.peer.isSettled);
});

Deno.test("Closing after the flush sends the replies first, and waits for a slow reader", () => {
  const scene = new Scene().start();
  scene.end.window = 1;
  assertEquals(scene.send("bye\nmore\n"), "b");
  assert(!scene.end.isClosed);
  assertEquals(scene.end.events, EPOLLOUT);
  scene.end.window = 100;
  scene.network.settle();
  assertEquals(scene.end.take(), "ye\nmore\n");
  assert(scene.end.isClosed);
});

Deno.test("Closing after the flush closes in the next turn when there is nothing to flush", () => {
  const scene = new Scene().start();
  scene.connection.closeAfterFlush();
  assert(!scene.end.isClosed, "nothing happens within the call");
  scene.network.settle();
  assertEquals(scene.peer.events, ["(closed)"]);
});
