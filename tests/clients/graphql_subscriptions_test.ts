/**
 * graphql-redis-subscriptions with the tests that its package ships: against a server, and against a
 * stand-in for a client. They are written for mocha, whose words are given their meaning here.
 */
import { assert, assertEquals } from "@std/assert";
import { RedisPubSub } from "graphql-redis-subscriptions";
// The one that graphql-redis-subscriptions makes its clients with.
import { Redis } from "ioredis-5";
import { startKeyrex } from "../support/servers.ts";

/** A test or a hook of mocha: calls back when it takes an argument, else may return a promise. */
type Body = (done: (error?: unknown) => void) => unknown;

/** What a file written for mocha declares. */
class MochaFile {
  readonly tests: { readonly title: string; readonly body: Body }[] = [];
  readonly hooks: Record<"before" | "after" | "afterEach", Body[]> = {
    before: [],
    after: [],
    afterEach: [],
  };

  /** Gives mocha's words a meaning while `load` runs the file. */
  static async loaded(load: () => Promise<unknown>): Promise<MochaFile> {
    const file = new MochaFile();
    let suite = "";
    const hook = (name: keyof MochaFile["hooks"]) => (...args: unknown[]) => {
      file.hooks[name].push(args.at(-1) as Body); // A title may stand in front of it.
    };
    const words = {
      describe(title: string, body: () => void) {
        suite = title;
        body();
      },
      it: (title: string, body: Body) => file.tests.push({ title: `${suite} ${title}`, body }),
      before: hook("before"),
      after: hook("after"),
      afterEach: hook("afterEach"),
    };
    Object.assign(globalThis, words);
    try {
      await load();
    } finally {
      for (const word of Object.keys(words)) {
        Reflect.deleteProperty(globalThis, word);
      }
    }
    return file;
  }

  /** @param ready What must have come to pass, beside the hooks, before the tests. */
  async run(t: Deno.TestContext, ready: () => Promise<void>): Promise<void> {
    for (const body of this.hooks.before) await play(body);
    await ready();
    for (const { title, body } of this.tests) {
      await t.step(title, async () => {
        await play(body);
        await new Promise((resolve) => setTimeout(resolve)); // As mocha: what follows `done` runs.
        for (const after of this.hooks.afterEach) await play(after);
      });
    }
    for (const body of this.hooks.after) await play(body);
  }
}

/** Runs a body to its end, as mocha does. */
async function play(body: Body): Promise<void> {
  if (body.length === 0) {
    await body(() => {});
    return;
  }
  await new Promise<void>((resolve, reject) =>
    body((error) => error === undefined ? resolve() : reject(error))
  );
}

/** A file of the package. */
interface Shipped {
  load(): Promise<unknown>;
  /** How many tests are in it. */
  readonly count: number;
  /** How many clients connect as soon as it is loaded; its tests give them a moment only. */
  readonly clients: number;
  /** Commands that its tests send. */
  readonly sent: readonly string[];
}

const shipped: Readonly<Record<string, Shipped>> = {
  "tests against a server": {
    load: () => import("graphql-redis-subscriptions/dist/test/integration-tests.js"),
    count: 3,
    clients: 2,
    sent: ["publish", "subscribe", "psubscribe"],
  },
  "tests with a stand-in for a client": {
    load: () => import("graphql-redis-subscriptions/dist/test/tests.js"),
    count: 23,
    clients: 0,
    sent: [],
  },
};

for (const [name, { load, count, clients, sent }] of Object.entries(shipped)) {
  Deno.test({
    name: `graphql-redis-subscriptions passes its own ${name}`,
    // They leave timers, and clients that are still saying goodbye.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async (t) => {
      await using keyrex = await startKeyrex();
      // They expect the server at the usual port.
      const { defaultOptions } = Redis as unknown as {
        defaultOptions: { port: number };
      };
      const usual = defaultOptions.port;
      defaultOptions.port = "port" in keyrex.address ? keyrex.address.port : 0;
      using client = await keyrex.connect();
      /** Whether they have asked what ioredis asks first, and so are about to be ready. */
      const areThere = async () => {
        const list = String(
          await client.command("CLIENT", "LIST", "TYPE", "normal"),
        );
        return (list.match(/ cmd=(info|publish) /g) ?? []).length === clients;
      };
      try {
        const file = await MochaFile.loaded(load);
        assertEquals(file.tests.length, count);
        await file.run(t, async () => {
          while (!await areThere());
        });
      } finally {
        defaultOptions.port = usual;
      }
      const stats = String(await client.command("INFO", "commandstats"));
      for (const command of sent) {
        assert(stats.includes(`cmdstat_${command}:`), command);
      }
    },
  });
}

Deno.test("graphql-redis-subscriptions gives payloads to whom they are for, until he leaves", async () => {
  await using keyrex = await startKeyrex();
  const port = "port" in keyrex.address ? keyrex.address.port : 0;
  const pubsub = new RedisPubSub({ connection: { port } });
  const heard: unknown[] = [];
  const all = pubsub.asyncIterator<{ n: number }>("room.*", { pattern: true });
  const id = await pubsub.subscribe(
    "room.1",
    (payload: unknown) => heard.push(payload),
  );
  const first = all.next();
  using client = await keyrex.connect();
  while (Number(await client.command("PUBSUB", "NUMPAT")) === 0);

  await pubsub.publish("room.1", { n: 1 });
  assertEquals((await first).value, { n: 1 }); // The pattern's turn comes after the channel's.
  assertEquals(heard, [{ n: 1 }]);

  pubsub.unsubscribe(id);
  await pubsub.publish("room.1", { n: 2 });
  assertEquals((await all.next()).value, { n: 2 });
  assertEquals(heard.length, 1);

  await all.return?.();
  await pubsub.close();
});
