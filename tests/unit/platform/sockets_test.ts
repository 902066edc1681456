import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { errorCode } from "../../../src/platform/errors.ts";
import { type StreamSocket, SystemSockets } from "../../../src/platform/sockets.ts";

const sockets = new SystemSockets();

/** A connection over TCP from both sides: the server's, and the client's as Deno has it. */
async function connectTcp(): Promise<[StreamSocket, Deno.TcpConn]> {
  const listener = sockets.listenTcp("127.0.0.1", 0, 511);
  const accepted = listener.accept();
  const client = await Deno.connect({ port: listener.address.port, hostname: "127.0.0.1" });
  const socket = await accepted;
  listener.close();
  return [socket, client];
}

Deno.test("Bytes travel both ways over TCP", async () => {
  const [socket, client] = await connectTcp();
  assert(!socket.isUnix);
  assertEquals(socket.remote, { host: "127.0.0.1", port: client.localAddr.port });
  assertEquals(socket.local, { host: "127.0.0.1", port: client.remoteAddr.port });
  socket.setKeepAlive(true);
  await client.write(new Uint8Array([1, 2, 3]));
  const target = new Uint8Array(8);
  assertEquals(await socket.read(target), 3);
  assertEquals(await socket.write(target.subarray(0, 2)), 2);
  assertEquals(await client.read(target), 2);
  client.close();
  assertEquals(await socket.read(target), null);
  socket.close();
});

Deno.test("A socket that is closed lets the read under way fail", async () => {
  const [socket, client] = await connectTcp();
  const failed = assertRejects(() => socket.read(new Uint8Array(8)));
  socket.close();
  await failed;
  client.close();
});

Deno.test("A connection may be gone before it is accepted", async () => {
  const listener = sockets.listenTcp("127.0.0.1", 0, 511);
  const client = await Deno.connect({ port: listener.address.port, hostname: "127.0.0.1" });
  client.close();
  const socket = await listener.accept();
  socket.setKeepAlive(true);
  assertEquals(await socket.read(new Uint8Array(8)), null);
  socket.close();
  listener.close();
});

Deno.test("A port that is taken cannot be listened on", () => {
  const listener = sockets.listenTcp("127.0.0.1", 0, 511);
  const error = assertThrows(() => sockets.listenTcp("127.0.0.1", listener.address.port, 511));
  assertEquals(errorCode(error), "EADDRINUSE");
  listener.close();
});

Deno.test("A listener may stand beside another of this process, if it is to take its place", async () => {
  const first = sockets.listenTcp("127.0.0.1", 0, 511);
  const { port } = first.address;
  const waits = assertRejects(() => first.accept());
  const second = sockets.listenTcp("0.0.0.0", port, 511, true);
  first.close();
  await waits;
  const client = await Deno.connect({ hostname: "127.0.0.1", port });
  (await second.accept()).close();
  second.close();
  client.close();
});

Deno.test("A listener that is closed lets the wait for a connection fail", async () => {
  const listener = sockets.listenTcp("127.0.0.1", 0, 511);
  const failed = assertRejects(() => listener.accept());
  listener.close();
  await failed;
});

Deno.test({
  name: "Bytes travel over a unix socket, whose ends have the name of the path",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = Deno.makeTempDirSync();
    const path = `${folder}/socket`;
    const listener = sockets.listenUnix(path);
    assertEquals(listener.address, { host: path, port: 0 });
    const accepted = listener.accept();
    const client = await Deno.connect({ transport: "unix", path });
    const socket = await accepted;
    assert(socket.isUnix);
    assertEquals(socket.remote, { host: path, port: 0 });
    assertEquals(socket.local, { host: path, port: 0 });
    socket.setKeepAlive(true);
    assertEquals(await socket.write(new Uint8Array(5)), 5);
    assertEquals(await client.read(new Uint8Array(8)), 5);
    client.close();
    socket.close();
    listener.close();
    Deno.removeSync(folder, { recursive: true });
  },
});
