import { assert, assertEquals } from "@std/assert";
import { StreamConnection } from "../../../src/net/connection.ts";
import { ReceivePool, SHARED_BYTES } from "../../../src/net/receive_buffer.ts";
import { Turns } from "../../../src/net/turns.ts";
import { freshSeed, Random } from "../../support/random.ts";
import { SimulatedSocket } from "../../support/simulated_sockets.ts";
import { ScriptedPeer } from "./scripted_peer.ts";

/** A connection that serves a peer, whose replies are flushed when a turn ends. */
class Scene {
  readonly peer = new ScriptedPeer();
  readonly connection: StreamConnection;
  /** While false, the replies of a turn stay in the output. */
  flushes = true;

  constructor(readonly socket = new SimulatedSocket(), readonly pool = new ReceivePool()) {
    const turns = new Turns(() => {
      if (this.flushes) this.connection.flush();
    });
    this.connection = new StreamConnection(socket, turns, pool);
    this.peer.connection = this.connection;
  }

  start(): Scene {
    this.connection.start(this.peer);
    return this;
  }

  /** Sends to the server and waits until it has done all it can. */
  async send(data: string): Promise<string> {
    this.socket.send(data);
    await settle();
    return this.socket.take();
  }
}

/** Waits until everything that can happen without the outside has happened. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("A connection tells its addresses", () => {
  const socket = new SimulatedSocket({ host: "::1", port: 50000 }, { host: "::1", port: 6379 });
  const { connection } = new Scene(socket);
  assertEquals(connection.address, "[::1]:50000");
  assertEquals(connection.localAddress, "[::1]:6379");
  assertEquals(connection.fd, -1);
  assert(connection.isLocal && !connection.isUnix);
  const far = new SimulatedSocket({ host: "10.0.0.1", port: 5 });
  assert(!new Scene(far).connection.isLocal);
  const path = { host: "/run/socket", port: 0 };
  const unix = new Scene(new SimulatedSocket(path, path, true)).connection;
  assert(unix.isLocal && unix.isUnix);
  assertEquals(unix.address, "/run/socket:0");
});

Deno.test("A request is answered", async () => {
  const scene = new Scene().start();
  assertEquals(await scene.send("PING\n"), "PING\n");
  assertEquals(scene.peer.events, ["PING", "(drained)"]);
  assertEquals(scene.peer.sentBytes, 5);
});

Deno.test("The replies of a turn leave in one write", async () => {
  const scene = new Scene().start();
  assertEquals(await scene.send("a\nb\nc\n"), "a\nb\nc\n");
  assertEquals(scene.socket.writes, [6]);
});

Deno.test("A request may arrive in any pieces", async () => {
  const seed = freshSeed();
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  const requests = Array.from({ length: 200 }, () => "r".repeat(random.below(3000)));
  const stream = requests.map((request) => `${request}\n`).join("");
  const scene = new Scene().start();
  for (let at = 0; at < stream.length;) {
    const n = random.between(1, 5000);
    scene.socket.send(stream.slice(at, at + n));
    at += n;
    if (random.oneIn(2)) await settle();
  }
  await settle();
  assertEquals(scene.socket.take(), stream);
  assertEquals(scene.connection.receivedBytes, 0);
});

Deno.test("Bytes of an incomplete request are counted until the rest arrives", async () => {
  const scene = new Scene().start();
  await scene.send("PI");
  assertEquals(scene.connection.receivedBytes, 2);
  assert(scene.connection.receiveBufferBytes >= 1024);
  assertEquals(await scene.send("NG\n"), "PING\n");
  assertEquals(scene.connection.receivedBytes, 0);
});

Deno.test("The space for a request that announces its size is offered at once", async () => {
  const scene = new Scene().start();
  scene.peer.wanted = 500_000;
  await scene.send("half");
  assertEquals(scene.socket.reads.at(-1), 500_000 - 4);
});

Deno.test("A bulk argument is read into its place", async () => {
  const scene = new Scene().start();
  await scene.send("bulk 100000\nstart-");
  assertEquals(scene.peer.bulk!.at, 6);
  assertEquals(scene.socket.reads.at(-1), 100_000 - 6);
  const argument = "start-" + "y".repeat(99_994);
  assertEquals(await scene.send(argument.slice(6, 70_000)), "");
  assertEquals(scene.socket.reads.at(-1), 30_000);
  assertEquals(await scene.send(argument.slice(70_000) + "\nnext\n"), `${argument}\nnext\n`);
  assertEquals(scene.peer.bulkBytes, 100_000);
});

Deno.test("A bulk argument that has come with its announcement needs no read", async () => {
  const scene = new Scene().start();
  assertEquals(await scene.send("bulk 4\nbody\nnext\nbulk 2\n"), "body\nnext\n");
  assertEquals(await scene.send("ab\n"), "ab\n");
});

Deno.test("A held peer is shown nothing until it is resumed", async () => {
  const scene = new Scene().start();
  assertEquals(await scene.send("a\nhold\nb\nc\n"), "a\nhold\n");
  assert(!scene.socket.isRead);
  assertEquals(await scene.send("d\n"), "");
  scene.peer.held = false;
  scene.connection.resume();
  assertEquals(scene.peer.events.at(-1), "(drained)", "nothing runs within the call");
  await settle();
  assertEquals(scene.socket.take(), "b\nc\nd\n");
});

Deno.test("The end of a connection whose peer is held and watched is noticed", async () => {
  const scene = new Scene().start();
  scene.peer.watched = true;
  assertEquals(await scene.send("hold\nb\n"), "hold\n");
  assert(scene.socket.isRead);
  assertEquals(await scene.send("c\n"), "", "what arrives is not shown");
  scene.socket.end();
  await settle();
  assertEquals(scene.peer.events.at(-1), "(closed)");
  assert(scene.peer.isSettled);
});

Deno.test("A peer that is held and watched is shown in order what has arrived meanwhile", async () => {
  const scene = new Scene().start();
  scene.peer.watched = true;
  await scene.send("hold\na\nbulk 4\nbo");
  await scene.send("dy\nnext\nla");
  scene.peer.held = false;
  scene.connection.resume();
  await settle();
  assertEquals(scene.socket.take(), "a\nbody\nnext\n");
  assertEquals(await scene.send("st\n"), "last\n");
});

Deno.test("For a peer that is held and watched little is received", async () => {
  const scene = new Scene().start();
  scene.peer.watched = true;
  await scene.send("hold\n");
  for (let i = 0; i < 100; i++) await scene.send("x".repeat(10_000));
  assert(!scene.socket.isRead);
  assert(scene.connection.receivedBytes <= 2 * SHARED_BYTES);
  scene.peer.held = false;
  scene.connection.resume();
  await settle();
  assert(scene.socket.isRead);
  assertEquals((await scene.send("\n")).length, 1_000_001);
});

Deno.test("A peer that is held while a bulk argument arrives goes on when it is resumed", async () => {
  const scene = new Scene().start();
  await scene.send("bulk 4\nbo");
  scene.peer.held = true;
  assertEquals(await scene.send("dy\nnext\n"), "");
  scene.peer.held = false;
  scene.connection.resume();
  await settle();
  assertEquals(scene.socket.take(), "body\nnext\n");
});

Deno.test("What was read before a bulk argument was announced is moved to its place", async () => {
  const scene = new Scene().start();
  const { receive } = scene.peer;
  scene.peer.receive = () => 0;
  await scene.send("bulk 10\n0123");
  scene.peer.receive = receive;
  scene.connection.resume();
  await settle();
  assertEquals(scene.peer.bulk!.at, 4);
  assertEquals(await scene.send("4567"), "", "this read was under way when the argument began");
  assertEquals(await scene.send("89\nnext\n"), "0123456789\nnext\n");
});

Deno.test("Resuming a peer that is held again, or read for already, changes nothing", async () => {
  const scene = new Scene().start();
  await scene.send("hold\nb\n");
  scene.connection.resume();
  await settle();
  assert(!scene.socket.isRead);
  scene.peer.held = false;
  scene.connection.resume();
  scene.connection.resume();
  await settle();
  scene.connection.resume();
  await settle();
  assert(scene.socket.isRead);
  assertEquals(scene.peer.events.filter((event) => event === "b").length, 1);
});

Deno.test("A peer that consumes nothing is shown its bytes again when it is resumed", async () => {
  const scene = new Scene().start();
  const { receive } = scene.peer;
  scene.peer.receive = () => 0; // blocked, and yet to be told when the other side goes
  await scene.send("a\n");
  await scene.send("b\n");
  assert(scene.socket.isRead);
  scene.peer.receive = receive;
  scene.connection.resume();
  await settle();
  assertEquals(scene.socket.take(), "a\nb\n");
  assertEquals(await scene.send("c\n"), "c\n");
});

Deno.test("Short writes are continued", async () => {
  const scene = new Scene().start();
  scene.socket.writeBytesMax = 3;
  assertEquals(await scene.send("abcdefg\n"), "abcdefg\n");
  assertEquals(scene.socket.writes, [3, 3, 2]);
  assertEquals(scene.peer.events.at(-1), "(drained)");
});

Deno.test("Replies of many chunks arrive in order", async () => {
  const scene = new Scene().start();
  const replies = await scene.send("a\nsay 100000\nb\nsay 3000000\nc\n");
  assertEquals(replies, `a\n${"x".repeat(100_000)}b\n${"x".repeat(3_000_000)}c\n`);
});

Deno.test("While a write waits, requests run and their replies collect", async () => {
  const scene = new Scene().start();
  scene.socket.window = 0;
  await scene.send("a\n");
  await scene.send("b\n");
  assertEquals(scene.peer.events, ["a", "b"]);
  assertEquals(scene.peer.output.pendingBytes, 4);
  scene.socket.openWindow(3);
  await settle();
  assertEquals(scene.socket.take(), "a\nb");
  assertEquals(scene.peer.events, ["a", "b"]);
  scene.socket.openWindow(10);
  await settle();
  assertEquals(scene.socket.take(), "\n");
  assertEquals(scene.peer.events, ["a", "b", "(drained)"]);
});

Deno.test("Nothing is sent that was written after the last flush", async () => {
  const scene = new Scene().start();
  scene.socket.window = 1;
  assertEquals(await scene.send("ab\n"), "a");
  scene.flushes = false;
  await scene.send("unlogged\n");
  scene.socket.openWindow(100);
  await settle();
  assertEquals(scene.socket.take(), "b\n");
  assertEquals(scene.peer.events.at(-1), "unlogged");
  scene.connection.flush();
  await settle();
  assertEquals(scene.socket.take(), "unlogged\n");
});

Deno.test("Flushing nothing is harmless", async () => {
  const scene = new Scene().start();
  scene.connection.flush();
  await settle();
  assertEquals(scene.socket.writes, []);
  assertEquals(scene.peer.events, []);
});

Deno.test("The end of the other side's bytes ends the connection", async () => {
  const scene = new Scene().start();
  await scene.send("a\nhalf");
  scene.socket.end();
  await settle();
  assert(scene.socket.isClosed);
  assertEquals(scene.peer.events, ["a", "(drained)", "(closed)"]);
  assertEquals(scene.connection.receiveBufferBytes, 0);
});

Deno.test("Replies to what came last are sent before the end is seen", async () => {
  const scene = new Scene().start();
  scene.socket.send("a\nb\n");
  scene.socket.end();
  await settle();
  assertEquals(scene.socket.take(), "a\nb\n");
  assert(scene.socket.isClosed);
});

Deno.test("A connection that breaks while it is read from is closed once", async () => {
  const scene = new Scene().start();
  scene.socket.break();
  await settle();
  scene.connection.close();
  assertEquals(scene.peer.events, ["(closed)"]);
  assert(scene.socket.isClosed);
});

Deno.test("A connection that breaks while it is written to is closed once", async () => {
  const scene = new Scene().start();
  scene.socket.window = 0;
  await scene.send("a\n");
  scene.socket.break();
  await settle();
  assertEquals(scene.peer.events, ["a", "(closed)"]);
  assert(scene.socket.isClosed);
});

Deno.test("Closing ends the read and the write under way, and drops the output", async () => {
  const scene = new Scene().start();
  scene.socket.window = 0;
  await scene.send("a\n");
  scene.connection.close();
  assertEquals(scene.peer.events, ["a", "(closed)"]);
  assert(scene.socket.isClosed);
  await settle();
  assertEquals(scene.socket.take(), "");
  assertEquals(scene.connection.receiveBufferBytes, 0);
  scene.connection.flush();
  scene.connection.resume();
  scene.connection.closeAfterFlush();
  await settle();
  assertEquals(scene.peer.events, ["a", "(closed)"]);
});

Deno.test("A request that closes its connection is the last one", async () => {
  const scene = new Scene().start();
  assertEquals(await scene.send("close\n"), "");
  assertEquals(scene.peer.events, ["close", "(closed)"]);
  assertEquals(scene.connection.receiveBufferBytes, 0);
});

Deno.test("Closing after the flush sends the replies first, and reads nothing more", async () => {
  const scene = new Scene().start();
  scene.socket.writeBytesMax = 2;
  assertEquals(await scene.send("a\nbye\n"), "a\nbye\n");
  assertEquals(scene.peer.events, ["a", "bye", "(drained)", "(closed)"]);
  assert(scene.socket.isClosed);
});

Deno.test("Closing after the flush waits for a client that is slow to read", async () => {
  const scene = new Scene().start();
  scene.socket.window = 1;
  assertEquals(await scene.send("bye\n"), "b");
  await scene.send("more\n");
  assert(!scene.socket.isClosed);
  assertEquals(scene.peer.events, ["bye"]);
  scene.socket.openWindow(100);
  await settle();
  assertEquals(scene.socket.take(), "ye\n");
  assertEquals(scene.peer.events, ["bye", "(drained)", "(closed)"]);
});

Deno.test("Closing after the flush closes when there is nothing to flush", async () => {
  const scene = new Scene().start();
  scene.connection.closeAfterFlush();
  assert(!scene.socket.isClosed, "nothing happens within the call");
  await settle();
  assertEquals(scene.peer.events, ["(closed)"]);
});

Deno.test("A peer hears that its memory is settled when no read can write into it any more", async () => {
  const scene = new Scene().start();
  await scene.send("bulk 10\nhalf");
  assert(scene.socket.isRead, "the rest of the bulk argument is read into its place");
  scene.connection.close();
  assertEquals(scene.peer.events, ["bulk 10", "(closed)"]);
  assert(!scene.peer.isSettled, "the read has not ended yet");
  await settle();
  assert(scene.peer.isSettled);
});

Deno.test("The memory of a held peer, for which nothing is read, is settled at once", async () => {
  const scene = new Scene().start();
  await scene.send("hold\n");
  assert(!scene.socket.isRead);
  scene.connection.close();
  assert(scene.peer.isSettled);
});

Deno.test("A buffer of the pool is not given away while a read into it is under way", async () => {
  const scene = new Scene().start();
  await scene.send("x".repeat(5000));
  assertEquals(scene.socket.reads.at(-1), SHARED_BYTES - 5000);
  const kept = scene.pool.take();
  scene.pool.give(kept);
  scene.connection.close();
  assert(scene.pool.take() === kept, "given back within the call");
  await settle();
  assertEquals(scene.connection.receiveBufferBytes, 0);
});
