import { assert, assertEquals, assertThrows } from "@std/assert";
import { EpollTransport } from "../../../../src/net/epoll/transport.ts";
import { ListenError } from "../../../../src/net/transport.ts";
import { EMFILE, EPOLLIN } from "../../../../src/platform/mod.ts";
import { SimulatedNetwork } from "../../../support/simulated_network.ts";
import { SimulatedPlatform } from "../../../support/simulated_platform.ts";
import { SystemError } from "../../../support/system_error.ts";
import { ScriptedServer } from "../scripted_server.ts";

function simulation() {
  const platform = new SimulatedPlatform();
  const network = new SimulatedNetwork();
  const server = new ScriptedServer();
  const transport = new EpollTransport(platform, network, server, server);
  return { platform, network, server, transport };
}

/** Which hosts are listened on. */
function open(network: SimulatedNetwork): string[] {
  return network.ends.filter((end) => !end.isClosed).map((end) => end.address.host);
}

Deno.test("Each address of bind has a socket, all with the same port", () => {
  const { network, transport } = simulation();
  const { addresses } = transport.listenTcp(["*", "-::*"], 0, 511);
  assertEquals(addresses.map(({ host }) => host), ["0.0.0.0", "::"]);
  assertEquals(addresses[0].port, addresses[1].port);
  assertEquals(open(network), ["0.0.0.0", "::"]);
});

Deno.test("Connections are accepted, tuned, served, and their turns end", () => {
  const { network, server, transport } = simulation();
  transport.keepAliveSeconds = 60;
  transport.listenTcp(["127.0.0.1"], 6379, 511);
  const ends = [network.open(), network.open()];
  network.ends[0].arrived.push(...ends);
  network.settle();
  assertEquals(server.peers.length, 2);
  assertEquals(ends.map(({ keepAliveSeconds }) => keepAliveSeconds), [60, 60]);
  ends[1].send("PING\n");
  network.settle();
  assertEquals(ends[1].take(), "PING\n");
  assert(server.turns >= 2);
});

Deno.test("A connection that the server refuses is told why, and closed", () => {
  const { network, server, transport } = simulation();
  transport.listenTcp(["127.0.0.1"], 6379, 511);
  server.refuses = true;
  const end = network.open();
  network.ends[0].arrived.push(end);
  network.settle();
  assertEquals(end.take(), "-ERR no room\r\n");
  assert(end.isClosed);
});

Deno.test("What the host lacks is left out, what is taken is an error and changes nothing", () => {
  const { network, server, transport } = simulation();
  network.failures.set("::1", new SystemError("EADDRNOTAVAIL", "Cannot assign requested address"));
  network.failures.set("10.0.0.1", new SystemError("EADDRINUSE", "Address already in use"));
  network.failures.set("::", new SystemError("EAFNOSUPPORT", "Not supported"));
  transport.listenTcp(["127.0.0.1", "-::1", "::*"], 6379, 511);
  assertEquals(open(network), ["127.0.0.1"]);
  assertEquals(server.warnings.length, 2);
  const error = assertThrows(
    () => transport.listenTcp(["127.0.0.2", "10.0.0.1"], 7000, 511),
    ListenError,
  );
  assertEquals(error.message, "bind: Address already in use");
  assertThrows(() => transport.listenTcp(["::1"], 6379, 511), ListenError);
  assertEquals(open(network), ["127.0.0.1"]);
});

Deno.test("Sockets that are wanted before and after a change stay, the others give way", () => {
  const { network, server, transport } = simulation();
  const first = transport.listenTcp(["127.0.0.1", "127.0.0.2"], 6379, 511);
  network.ends[1].arrived.push(network.open());
  const second = transport.listenTcp(["127.0.0.1", "127.0.0.3"], 6379, 511, first);
  assertEquals(server.peers.length, 1, "who had arrived was accepted");
  assert(!network.ends[0].isClosed && network.ends[1].isClosed);
  second.close();
  assertEquals(open(network), ["127.0.0.1"], "the connection is all that is left");
});

Deno.test("When a change cannot be made, what was listened on is listened on again", () => {
  const { network, transport } = simulation();
  const first = transport.listenTcp(["*"], 6379, 511);
  network.failures.set("10.0.0.1", new SystemError("EADDRNOTAVAIL", "Cannot assign"));
  assertThrows(() => transport.listenTcp(["10.0.0.1"], 6379, 511, first), ListenError);
  assertEquals(open(network), ["0.0.0.0"]);
  first.close();
  assertEquals(open(network), []);
});

Deno.test("While the process has no room for another file, nothing is accepted", () => {
  const { network, platform, server, transport } = simulation();
  transport.listenTcp(["127.0.0.1"], 6379, 511);
  network.ends[0].arrived.push(EMFILE);
  network.stay();
  assertEquals(network.ends[0].events, 0);
  assertEquals(server.warnings.length, 1);
  network.ends[0].arrived.push(network.open());
  network.settle();
  assertEquals(server.peers.length, 0);
  platform.clock.advance(100);
  assertEquals(network.ends[0].events, EPOLLIN);
  network.settle();
  assertEquals(server.peers.length, 1);
});

Deno.test("A connection that is gone before it is accepted does not keep others waiting", () => {
  const { network, server, transport } = simulation();
  transport.listenTcp(["127.0.0.1"], 6379, 511);
  network.ends[0].arrived.push(104, network.open());
  network.settle();
  assertEquals(server.peers.length, 1);
  assertEquals(server.warnings, []);
});

Deno.test("A unix socket takes the place of one that was left behind, and goes in the end", () => {
  const { network, platform, server, transport } = simulation();
  platform.files.openSync("/socket", { write: true, create: true }).close();
  network.failures.set("/none", new SystemError("EACCES", "Permission denied"));
  assertThrows(() => transport.listenUnix("/none", 0), ListenError);
  const places = transport.listenUnix("/socket", 0);
  assertEquals(places.addresses, [{ host: "/socket", port: 0 }]);
  network.ends[0].arrived.push(network.open());
  network.settle();
  assertEquals(server.peers[0].connection.address, "/socket:0");
  assert(server.peers[0].connection.isUnix);
  places.close();
  assert(network.ends[0].isClosed);
});
