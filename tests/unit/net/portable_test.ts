import { assert, assertEquals, assertThrows } from "@std/assert";
import { PortableTransport } from "../../../src/net/portable.ts";
import { ListenError } from "../../../src/net/transport.ts";
import { denoPlatform, type SocketAddress } from "../../../src/platform/mod.ts";
import { latin1Bytes, latin1Text } from "../../support/latin1.ts";
import { SimulatedPlatform } from "../../support/simulated_platform.ts";
import { SimulatedSocket } from "../../support/simulated_sockets.ts";
import { SystemError } from "../../support/system_error.ts";
import { ScriptedServer } from "./scripted_server.ts";

function simulation() {
  const platform = new SimulatedPlatform();
  const server = new ScriptedServer();
  const transport = new PortableTransport(platform, server, server);
  return { platform, server, transport, sockets: platform.sockets };
}

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function hosts(addresses: readonly SocketAddress[]): string[] {
  return addresses.map((address) => address.host);
}

const NOT_AVAILABLE = new SystemError("EADDRNOTAVAIL", "Cannot assign requested address");
const IN_USE = new SystemError("EADDRINUSE", "Address already in use (os error 98)");

Deno.test("Every address of bind is listened on, all with the same port", () => {
  const { transport } = simulation();
  const { addresses } = transport.listenTcp(["127.0.0.1", "10.0.0.1", "::1"], 0, 511);
  assertEquals(hosts(addresses), ["127.0.0.1", "10.0.0.1", "::1"]);
  assert(addresses[0].port > 0);
  assertEquals(new Set(addresses.map((address) => address.port)).size, 1);
});

Deno.test("An optional address that the host lacks is left out", () => {
  const { transport, sockets, server } = simulation();
  sockets.failures.set("::1", NOT_AVAILABLE);
  assertEquals(hosts(transport.listenTcp(["127.0.0.1", "-::1"], 6379, 511).addresses), [
    "127.0.0.1",
  ]);
  assertEquals(server.warnings, [
    "Warning: Could not create server TCP listening socket ::1:6379: bind: Cannot assign requested address",
  ]);
});

Deno.test("An address that is not optional must be had, or none is listened on", () => {
  const { transport, sockets } = simulation();
  sockets.failures.set("10.0.0.1", NOT_AVAILABLE);
  const error = assertThrows(
    () => transport.listenTcp(["127.0.0.1", "10.0.0.1"], 6379, 511),
    ListenError,
  );
  assertEquals(error.message, "bind: Cannot assign requested address");
  assert(sockets.listeners.every((listener) => listener.isClosed));
});

Deno.test("An optional address that another program has taken is an error", () => {
  const { transport, sockets } = simulation();
  sockets.failures.set("127.0.0.1", IN_USE);
  const error = assertThrows(() => transport.listenTcp(["-127.0.0.1"], 6379, 511), ListenError);
  assertEquals(error.message, "bind: Address already in use");
});

Deno.test("A host without IPv6 is listened on over IPv4 only", () => {
  const { transport, sockets } = simulation();
  sockets.failures.set("::", new SystemError("EAFNOSUPPORT", "Address family not supported"));
  assertEquals(hosts(transport.listenTcp(["*", "::*"], 6379, 511).addresses), ["0.0.0.0"]);
});

Deno.test("One socket serves the wildcards of both families", async () => {
  const { transport, sockets, server } = simulation();
  assertEquals(hosts(transport.listenTcp(["*", "-::*"], 6379, 511).addresses), ["::"]);
  const mapped = { host: "::ffff:10.0.0.1", port: 6379 };
  sockets.listeners[0].arrive(new SimulatedSocket({ host: "::ffff:10.0.0.9", port: 7 }, mapped));
  await settle();
  assertEquals(server.peers[0].connection.address, "10.0.0.9:7");
});

Deno.test("A socket for all of IPv6 lets in over IPv4 only what bind names", async () => {
  const { transport, sockets, server } = simulation();
  assertEquals(hosts(transport.listenTcp(["127.0.0.1", "::"], 6379, 511).addresses), ["::"]);
  function arrive(local: string): SimulatedSocket {
    const socket = new SimulatedSocket({ host: local, port: 7 }, { host: local, port: 6379 });
    sockets.listeners[0].arrive(socket);
    return socket;
  }
  const named = arrive("::ffff:127.0.0.1");
  const other = arrive("::ffff:10.0.0.1");
  const ipv6 = arrive("fe80::1");
  await settle();
  assert(!named.isClosed && other.isClosed && !ipv6.isClosed);
  assertEquals(server.peers.length, 2);
});

Deno.test("TCP connections are kept alive if the transport is told to", async () => {
  const { transport, sockets } = simulation();
  transport.listenTcp(["127.0.0.1"], 6379, 511);
  transport.keepAliveSeconds = 300;
  const probed = new SimulatedSocket();
  sockets.listeners[0].arrive(probed);
  await settle();
  transport.keepAliveSeconds = 0;
  const silent = new SimulatedSocket();
  sockets.listeners[0].arrive(silent);
  await settle();
  assert(probed.keepsAlive && !silent.keepsAlive);
});

Deno.test("A connection that is refused is told why, and closed", async () => {
  const { transport, sockets, server } = simulation();
  transport.listenTcp(["127.0.0.1"], 6379, 511);
  server.refuses = true;
  const socket = new SimulatedSocket();
  const gone = new SimulatedSocket();
  gone.break();
  sockets.listeners[0].arrive(socket);
  sockets.listeners[0].arrive(gone);
  await settle();
  assertEquals(socket.take(), "-ERR no room\r\n");
  assert(socket.isClosed && gone.isClosed);
});

Deno.test("Requests that arrive together share one turn", async () => {
  const { transport, sockets, server } = simulation();
  transport.listenTcp(["127.0.0.1"], 6379, 511);
  const clients = Array.from({ length: 20 }, () => new SimulatedSocket());
  for (const client of clients) sockets.listeners[0].arrive(client);
  await settle();
  server.turns = 0;
  for (const client of clients) client.send("PING\n");
  await settle();
  assertEquals(clients.map((client) => client.take()), clients.map(() => "PING\n"));
  assertEquals(server.turns, 1);
});

Deno.test("A unix socket replaces one left behind, has its permissions, and goes at the end", () => {
  const { transport, platform } = simulation();
  platform.files.openSync("/keyrex.sock", { write: true, create: true }).close();
  assert(platform.files.statusSync("/keyrex.sock") !== null);
  let permissions = 0;
  platform.files.setPermissionsSync = (_path, bits) => permissions = bits;
  const listening = transport.listenUnix("/keyrex.sock", 0o700);
  assertEquals(listening.addresses, [{ host: "/keyrex.sock", port: 0 }]);
  assertEquals(platform.files.statusSync("/keyrex.sock"), null);
  assertEquals(permissions, 0o700);
  listening.close();
});

Deno.test("A unix socket that cannot be made is an error", () => {
  const { transport, sockets } = simulation();
  sockets.failures.set("/no/socket", new SystemError("ENOENT", "No such file or directory"));
  const error = assertThrows(() => transport.listenUnix("/no/socket", 0), ListenError);
  assertEquals(error.message, "bind: No such file or directory");
});

/** Sends a request over a real connection and reads until its reply has come. */
async function talk(connection: Deno.Conn, request: string, replyLength: number): Promise<string> {
  const bytes = latin1Bytes(request);
  const target = new Uint8Array(replyLength);
  let sent = 0;
  let received = 0;
  await Promise.all([
    (async () => {
      while (sent < bytes.length) sent += await connection.write(bytes.subarray(sent));
    })(),
    (async () => {
      while (received < replyLength) {
        received += await connection.read(target.subarray(received)) ?? replyLength;
      }
    })(),
  ]);
  return latin1Text(target);
}

Deno.test("Clients are served over TCP", async () => {
  const server = new ScriptedServer();
  const transport = new PortableTransport(denoPlatform(), server, server);
  const listening = transport.listenTcp(["127.0.0.1"], 0, 511);
  const { port } = listening.addresses[0];
  const clients = await Promise.all(
    Array.from({ length: 10 }, () => Deno.connect({ hostname: "127.0.0.1", port })),
  );
  for (const [i, client] of clients.entries()) {
    const request = `${"r".repeat(i * 20_000)}\n`;
    assertEquals(await talk(client, request, request.length), request);
    const bulk = "b".repeat(i * 20_000);
    const replies = await talk(client, `bulk ${bulk.length}\n${bulk}\nend\n`, bulk.length + 5);
    assertEquals(replies, `${bulk}\nend\n`);
  }
  listening.close();
  for (const client of clients) assertEquals(await talk(client, "a\n", 2), "a\n");
  for (const peer of server.peers) peer.connection.close();
  for (const client of clients) {
    assertEquals(await client.read(new Uint8Array(1)), null);
    client.close();
  }
});

Deno.test("A client that never reads stops nobody, and is let go at once", async () => {
  const server = new ScriptedServer();
  const transport = new PortableTransport(denoPlatform(), server, server);
  const listening = transport.listenTcp(["127.0.0.1"], 0, 511);
  const { port } = listening.addresses[0];
  const deaf = await Deno.connect({ hostname: "127.0.0.1", port });
  await deaf.write(latin1Bytes("say 20000000\n"));
  const other = await Deno.connect({ hostname: "127.0.0.1", port });
  assertEquals(await talk(other, "a\n", 2), "a\n");
  const [peer, otherPeer] = server.peers;
  while (peer.sentBytes === 0) await talk(other, "a\n", 2);
  assert(peer.output.pendingBytes > 0);
  peer.connection.close();
  assertEquals(peer.events.at(-1), "(closed)");
  assertEquals(await talk(other, "b\n", 2), "b\n");
  otherPeer.connection.close();
  listening.close();
  deaf.close();
  other.close();
});

Deno.test({
  name: "Clients are served over a unix socket, which only those may use who may",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = Deno.makeTempDirSync();
    const path = `${folder}/keyrex.sock`;
    Deno.writeTextFileSync(path, "left behind");
    const server = new ScriptedServer();
    const transport = new PortableTransport(denoPlatform(), server, server);
    const listening = transport.listenUnix(path, 0o700);
    assertEquals(Deno.statSync(path).mode! & 0o777, 0o700);
    const client = await Deno.connect({ transport: "unix", path });
    assertEquals(await talk(client, "hello\n", 6), "hello\n");
    assertEquals(server.peers[0].connection.address, `${path}:0`);
    assert(server.peers[0].connection.isUnix);
    client.close();
    listening.close();
    assertEquals([...Deno.readDirSync(folder)], []);
    Deno.removeSync(folder, { recursive: true });
    await settle();
    server.peers[0].connection.close();
  },
});

Deno.test("Sockets that are wanted before and after a change stay, the others give way", () => {
  const { transport, platform, sockets } = simulation();
  const before = transport.listenTcp(["127.0.0.1", "10.0.0.1"], 6379, 511);
  const after = transport.listenTcp(["10.0.0.1", "::1"], 6379, 511, before);
  assertEquals(hosts(after.addresses), ["10.0.0.1", "::1"]);
  assertEquals(sockets.listeners.map((listener) => listener.isClosed), [true, false, false]);
  // What arrives at the special address goes to its socket until that is gone.
  const all = transport.listenTcp(["*"], 6379, 511, after);
  assertEquals(sockets.listeners.map(({ isClosed }) => isClosed), [true, false, true, false]);
  platform.clock.advance(100);
  assert(sockets.listeners[1].isClosed);
  transport.listenTcp(["*"], 6380, 511, all);
  assert(sockets.listeners[3].isClosed);
});

Deno.test("Addresses that cannot be had leave those that are listened on as they are", () => {
  const { transport, sockets } = simulation();
  const before = transport.listenTcp(["127.0.0.1"], 6379, 511);
  sockets.failures.set("10.0.0.1", NOT_AVAILABLE);
  assertThrows(() => transport.listenTcp(["::1", "10.0.0.1"], 6379, 511, before), ListenError);
  assertEquals(sockets.listeners.map((listener) => listener.isClosed), [false, true]);
});
