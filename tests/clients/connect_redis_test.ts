/** Sessions of web applications: express-session with connect-redis, over node-redis. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { RedisStore } from "connect-redis";
import session from "express-session";
import { createClient } from "redis";
import { startKeyrex } from "../support/servers.ts";

/** A client, and a store on it; closed together. */
async function openStore(
  port: number,
  options: { prefix?: string; ttl?: number } = {},
) {
  const client = createClient({ socket: { port, reconnectStrategy: false } });
  client.on("error", () => {}); // Rejections tell the test the same.
  await client.connect();
  return {
    client,
    store: new RedisStore({ client, ...options }),
    [Symbol.asyncDispose]: async () => await client.close(),
  };
}

function portOf(address: object): number {
  return "port" in address ? Number(address.port) : 0;
}

Deno.test("connect-redis keeps sessions with their time to live", async () => {
  await using server = await startKeyrex();
  await using opened = await openStore(portOf(server.address), { ttl: 1000 });
  const { client, store } = opened;
  const cookie = { originalMaxAge: null };

  await store.set("a", { visits: 1, cookie });
  assertEquals(await store.get("a"), { visits: 1, cookie });
  assertEquals(await store.get("nobody"), null);
  assertEquals(await client.ttl("sess:a"), 1000);

  const expires = new Date(Date.now() + 60_000);
  await store.set("b", { visits: 2, cookie: { ...cookie, expires } });
  assert(await client.ttl("sess:b") <= 60);
  await store.touch("b", {
    visits: 2,
    cookie: { ...cookie, expires: new Date(Date.now() + 600_000) },
  });
  assert(await client.ttl("sess:b") > 60);

  assertEquals((await store.ids()).sort(), ["a", "b"]);
  const all = await store.all() as { id: string; visits: number }[];
  assertEquals(all.map(({ id, visits }) => [id, visits]).sort(), [["a", 1], [
    "b",
    2,
  ]]);

  await store.set("b", {
    visits: 3,
    cookie: { ...cookie, expires: new Date(1) },
  });
  assertEquals(await store.ids(), ["a"]);
  await store.destroy("a");
  assertEquals(await store.length(), 0);
});

Deno.test("connect-redis finds a thousand sessions among other keys, and clears them alone", async () => {
  await using server = await startKeyrex();
  await using opened = await openStore(portOf(server.address), {
    prefix: "app:",
  });
  const { client, store } = opened;
  await client.mSet({ other: "1", "another:app:": "2" });
  const cookie = { originalMaxAge: null };
  await Promise.all(
    Array.from(
      { length: 1000 },
      (_, i) => store.set(`s${i}`, { visits: i, cookie }),
    ),
  );
  assertEquals(await store.length(), 1000);
  assertEquals(new Set(await store.ids()).size, 1000);
  await store.clear();
  assertEquals(await store.length(), 0);
  assertEquals(await client.dbSize(), 2);
});

Deno.test("express-session counts visits in connect-redis, of each visitor", async () => {
  await using server = await startKeyrex();
  await using opened = await openStore(portOf(server.address));
  const { client, store } = opened;
  const withSession = session({
    store,
    secret: "keyboard cat",
    resave: false,
    saveUninitialized: false,
  });
  await using site = await openSite((request, response) =>
    // Middleware for Express, which takes plain requests as well.
    withSession(request as never, response as never, () => {
      const visitor = request as unknown as { url: string; session: Session };
      if (visitor.url === "/leave") {
        visitor.session.destroy(() => response.end("bye"));
        return;
      }
      visitor.session.visits = (visitor.session.visits ?? 0) + 1;
      response.end(String(visitor.session.visits));
    })
  );

  const first = await site.get("/");
  assertEquals(first.text, "1");
  const cookie = first.cookie!;
  assertEquals((await site.get("/", cookie)).text, "2");
  const stranger = await site.get("/");
  assertEquals(stranger.text, "1");
  assertNotEquals(stranger.cookie, cookie);
  assertEquals((await site.get("/", cookie)).text, "3");
  assertEquals(await client.dbSize(), 2);

  assertEquals((await site.get("/leave", cookie)).text, "bye");
  assertEquals(await client.dbSize(), 1);
  assertEquals((await site.get("/", cookie)).text, "1");
});

/** What express-session puts into a request. */
interface Session {
  visits?: number;
  destroy(then: () => void): void;
}

/** A web site on a free port of the loopback. */
async function openSite(handler: Parameters<typeof createServer>[1]) {
  const http = createServer(handler);
  await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
  const { port } = http.address() as AddressInfo;
  return {
    /** Fetches a page, with a cookie or without; returns the cookie that was set, if any. */
    async get(path: string, cookie?: string) {
      const headers: HeadersInit = cookie === undefined ? {} : { cookie };
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        headers,
      });
      return {
        text: await response.text(),
        cookie: response.headers.get("set-cookie")?.split(";")[0],
      };
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((closed) => {
        http.close(() => closed());
        http.closeAllConnections();
      }),
  };
}
