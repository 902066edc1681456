import { assert, assertEquals } from "@std/assert";
import type { Settings } from "../../../src/config/mod.ts";
import { EmbeddedServer } from "../../support/embedded_server.ts";

const MIB = 1024 * 1024;
const OOM = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";

/** A server that is filled, and whose resident memory a test decides on. */
class Scene {
  readonly server: EmbeddedServer;
  readonly client;
  readonly #startBytes: number;

  constructor(settings: Partial<Settings>) {
    this.server = new EmbeddedServer({ settings });
    this.client = this.server.connect();
    this.#startBytes = this.server.platform.process.rss;
  }

  /** Sets keys to values of some length, many at once. */
  fill(prefix: string, keys: number, bytes: number): void {
    const value = "v".repeat(bytes);
    for (let first = 0; first < keys; first += 1000) {
      let requests = "";
      for (let i = first; i < Math.min(first + 1000, keys); i++) {
        requests += `set ${prefix}${i} ${value}\r\n`;
      }
      this.client.sendRaw(requests);
    }
  }

  /** Lets the process be so much larger than at its start, and the server notice it. */
  grow(bytes: number): void {
    this.server.platform.process.rss = this.#startBytes + bytes;
    this.server.clock.advance(100);
  }

  /** Lets the process be so much larger than maxmemory, after what the runtime is granted. */
  exceedBy(bytes: number): void {
    this.grow(100 * MIB + 16 * MIB + bytes);
    assert(this.server.server.realSize.isExceeded, `${this.pageBytes / MIB} MiB of pages`);
  }

  get pageBytes(): number {
    return this.server.server.keyspace.slabs.pageBytes;
  }

  get withheldBytes(): number {
    return this.server.server.evictor.withheldBytes;
  }

  get keys(): number {
    return this.server.server.keyspace.size;
  }
}

Deno.test("A process of the size that maxmemory allows is left alone", () => {
  const scene = new Scene({ maxmemory: 100 * MIB });
  scene.fill("k", 60_000, 1000);
  scene.grow(scene.pageBytes + 10 * MIB);
  assertEquals(scene.withheldBytes, 0);
  assert(!scene.server.server.realSize.isExceeded);
});

Deno.test("In a process that is too large the data may not grow", () => {
  const scene = new Scene({ maxmemory: 100 * MIB });
  scene.fill("k", 85_000, 1000);
  const { usedBytes } = scene.server.server;
  scene.exceedBy(MIB);
  assert(Math.abs(100 * MIB - scene.withheldBytes - usedBytes) < MIB / 10);
  scene.fill("new", 1000, 1000);
  assertEquals(scene.client.send("set new v"), OOM, "with the policy noeviction");
  assertEquals(scene.client.send("del k1"), ":1\r\n");
  scene.grow(scene.pageBytes + 10 * MIB);
  assertEquals(scene.withheldBytes, 0);
  assertEquals(scene.client.send("set new v"), "+OK\r\n");
});

Deno.test("What is written to a process that is too large takes the place of something else", () => {
  const scene = new Scene({ maxmemory: 100 * MIB, maxmemoryPolicy: "allkeys-random" });
  scene.fill("k", 85_000, 1000);
  scene.exceedBy(MIB);
  const { keys } = scene;
  scene.fill("new", 5000, 1000);
  assert(scene.keys < keys + 100);
  assert(scene.server.server.keyspace.counters.evictedKeys > 4000);
});

Deno.test("Where memory is scattered it is moved together, and no key has to go for it", () => {
  const scene = new Scene({ maxmemory: 100 * MIB, maxmemoryPolicy: "allkeys-random" });
  scene.fill("k", 90_000, 1000);
  // Every second key goes: half of the memory is free, and not a single page.
  for (let i = 0; i < 90_000; i += 2) scene.client.send(`del k${i}`);
  const { pageBytes, keys } = scene;
  scene.exceedBy(5 * MIB);
  scene.server.clock.advance(5000);
  assert(scene.server.server.compactor.moved > 0);
  assert(scene.pageBytes < pageBytes * 0.8);
  assertEquals(scene.keys, keys);
  scene.server.server.keyspace.slabs.check();
});

Deno.test("Where nothing can be moved together the data shrinks, a step at a time", () => {
  const scene = new Scene({ maxmemory: 100 * MIB, maxmemoryPolicy: "allkeys-random" });
  scene.fill("k", 90_000, 1000);
  const sizes = [scene.keys];
  for (let look = 0; look < 3; look++) {
    scene.grow(130 * MIB);
    sizes.push(scene.keys);
  }
  assert(sizes[3] < sizes[2] && sizes[2] < sizes[1]);
  // A step is 1/64 of maxmemory: some 1500 keys.
  assert(sizes[1] - sizes[3] < 4000);
  assert(sizes[3] > 80_000);
});

Deno.test("The runtime's own size takes an eighth of maxmemory from the data at most", () => {
  const scene = new Scene({ maxmemory: 100 * MIB, maxmemoryPolicy: "allkeys-random" });
  scene.fill("k", 70_000, 1000);
  const { keys } = scene;
  scene.grow(scene.pageBytes + 500 * MIB);
  scene.server.clock.advance(10_000);
  assertEquals(scene.keys, keys, "pages and an eighth are less than maxmemory");
});

Deno.test("With a small maxmemory only the count is kept", () => {
  const scene = new Scene({ maxmemory: 20 * MIB });
  scene.fill("k", 10_000, 1000);
  scene.grow(500 * MIB);
  assertEquals(scene.withheldBytes, 0);
  assertEquals(scene.client.send("set new v"), "+OK\r\n");
});

Deno.test("Without maxmemory the process may be as large as it likes", () => {
  const scene = new Scene({});
  scene.fill("k", 1000, 1000);
  scene.grow(500 * MIB);
  assertEquals(scene.withheldBytes, 0);
  assert(!scene.server.server.realSize.isExceeded);
});
