/**
 * socket.io on several servers that share their rooms through Keyrex: with the Redis adapter, which
 * publishes, with the sharded one, with the Redis Streams adapter, and with the emitter, which is no
 * server itself.
 */
import { assertEquals } from "@std/assert";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdapter, createShardedAdapter } from "@socket.io/redis-adapter";
import { Emitter } from "@socket.io/redis-emitter";
import { createAdapter as createStreamsAdapter } from "@socket.io/redis-streams-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";
import { io, type Socket } from "socket.io-client";
import { startKeyrex } from "../support/servers.ts";

/** A connection of node-redis that the adapters take. */
async function connectRedis(port: number) {
  const client = createClient({
    socket: { port, reconnectStrategy: false },
    RESP: 2,
  });
  client.on("error", () => {}); // Rejections tell the test the same.
  return await client.connect();
}
type Redis = Awaited<ReturnType<typeof connectRedis>>;

/** How the servers share what they know: makes an adapter out of connections of its own. */
type Sharing = (connect: () => Promise<Redis>) => Promise<Adapter>;
type Adapter = (namespace: unknown) => object;

const sharings: Readonly<Record<string, Sharing>> = {
  "redis adapter": async (connect) => createAdapter(await connect(), await connect()),
  "sharded redis adapter": async (connect) =>
    createShardedAdapter(await connect(), await connect()),
  "redis-streams adapter": async (connect) =>
    createStreamsAdapter(await connect(), { readCount: 10, blockTimeInMs: 50 }),
};

/** Two servers of one site, each with the clients that have come to it. */
class Site implements AsyncDisposable {
  readonly servers: Server[] = [];
  readonly #redis: Redis[] = [];
  readonly #sockets: Socket[] = [];
  readonly #ports: number[] = [];

  /** @param port Where Keyrex listens. */
  static async open(port: number, share: Sharing): Promise<Site> {
    const site = new Site();
    const connect = async () => {
      const redis = await connectRedis(port);
      site.#redis.push(redis);
      return redis;
    };
    for (let i = 0; i < 2; i++) {
      const http = createServer();
      const server = new Server(http, {
        adapter: await share(connect) as never,
      });
      server.on("hello", (answer: (word: string) => void) => answer("hello"));
      await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
      site.servers.push(server);
      site.#ports.push((http.address() as AddressInfo).port);
    }
    await site.#acquainted();
    return site;
  }

  /** Resolves when each server knows of the other: it has answered. */
  async #acquainted(): Promise<void> {
    for (const server of this.servers) {
      for (;;) {
        try {
          if ((await server.serverSideEmitWithAck("hello")).length === 1) break;
        } catch {
          // The other has not answered in time.
        }
      }
    }
  }

  /** A client of one of the servers, in these rooms. */
  async enter(at: number, ...rooms: string[]): Promise<Socket> {
    const welcomed = new Promise<void>((resolve) =>
      this.servers[at].once("connection", async (socket) => {
        await socket.join(rooms);
        resolve();
      })
    );
    const url = `http://127.0.0.1:${this.#ports[at]}`;
    const socket = io(url, {
      transports: ["websocket"],
      reconnection: false,
      forceNew: true,
    });
    this.#sockets.push(socket);
    await Promise.all([
      welcomed,
      new Promise<void>((resolve) => socket.once("connect", resolve)),
    ]);
    return socket;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.close();
    for (const server of this.servers) await server.close();
    for (const redis of this.#redis) redis.destroy();
  }
}

/** The next argument of an event. */
function heard<T>(socket: Socket, event: string): Promise<T> {
  return new Promise((resolve) => socket.once(event, resolve));
}

for (const [name, share] of Object.entries(sharings)) {
  Deno.test(`Two socket.io servers share rooms through the ${name}`, async (t) => {
    await using keyrex = await startKeyrex();
    const port = "port" in keyrex.address ? keyrex.address.port : 0;
    await using site = await Site.open(port, share);
    const [left, right] = site.servers;
    const anna = await site.enter(0, "chess");
    const bert = await site.enter(1, "chess", "choir");
    const cora = await site.enter(1);

    await t.step("everybody hears what one server tells all", async () => {
      const all = Promise.all(
        [anna, bert, cora].map((socket) => heard<string>(socket, "news")),
      );
      left.emit("news", "of all");
      assertEquals(await all, ["of all", "of all", "of all"]);
    });

    await t.step(
      "a room hears what is told on the other server, and nobody else does",
      async () => {
        const wrong: string[] = [];
        for (const socket of [anna, cora]) {
          socket.on("song", (song: string) => wrong.push(song));
        }
        const song = heard<Uint8Array>(bert, "song");
        left.to("choir").emit("song", Uint8Array.of(0, 13, 10, 255));
        assertEquals([...new Uint8Array(await song)], [0, 13, 10, 255]);
        const after = Promise.all(
          [anna, cora].map((socket) => heard<string>(socket, "after")),
        );
        left.emit("after", "the song");
        await after;
        assertEquals(wrong, []);
      },
    );

    await t.step("servers know each other's sockets and rooms", async () => {
      assertEquals((await left.fetchSockets()).length, 3);
      const players = await right.in("chess").fetchSockets();
      assertEquals(
        new Set(players.map(({ id }) => id)),
        new Set([anna.id, bert.id]),
      );
      left.in("choir").socketsJoin("tour");
      while ((await left.in("tour").fetchSockets()).length === 0); // Nobody tells when they have.
      const [onTour] = await left.in("tour").fetchSockets();
      assertEquals(onTour.id, bert.id);
    });

    await t.step("clients of both servers acknowledge", async () => {
      for (const [i, socket] of [anna, bert].entries()) {
        socket.on("ask", (answer: (number: number) => void) => answer(i));
      }
      const answers = await left.to("chess").timeout(5000).emitWithAck("ask");
      assertEquals(answers.sort(), [0, 1]);
    });

    await t.step("one server sends the other's sockets away", async () => {
      const gone = heard<string>(bert, "disconnect");
      left.in("choir").disconnectSockets(true);
      await gone;
      assertEquals((await left.in("choir").fetchSockets()).length, 0);
    });
  });
}

Deno.test("The socket.io emitter reaches clients of all servers", async () => {
  await using keyrex = await startKeyrex();
  const port = "port" in keyrex.address ? keyrex.address.port : 0;
  await using site = await Site.open(port, sharings["redis adapter"]);
  const redis = await connectRedis(port);
  const anna = await site.enter(0);
  const bert = await site.enter(1, "choir");

  const emitter = new Emitter(redis);
  const news = Promise.all(
    [anna, bert].map((socket) => heard<string>(socket, "news")),
  );
  emitter.emit("news", "from outside");
  assertEquals(await news, ["from outside", "from outside"]);

  emitter.in("choir").socketsJoin("tour");
  const tour = heard<number>(bert, "tour");
  emitter.to("tour").emit("tour", 1);
  assertEquals(await tour, 1);

  const gone = heard<string>(bert, "disconnect");
  emitter.in("tour").disconnectSockets(true);
  await gone;
  redis.destroy();
});
