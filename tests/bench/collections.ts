/**
 * Part "collections": each type as one collection of very many elements, and as very many collections
 * of a few; the memory it takes, and what adding, reading and removing costs at pipeline 16.
 */
import type { ServerProcess } from "../support/processes.ts";
import { Random } from "../support/random.ts";
import { Contenders } from "./contenders.ts";
import { randomIndexes, shuffledIndexes } from "./engine_requests.ts";
import { measureRequests, runRequests } from "./load.ts";
import type { Plan } from "./plan.ts";
import { RequestBuffer } from "./requests.ts";
import { compare, type Group, median, type Row } from "./result.ts";
import { thousands } from "./sockets.ts";

const PIPELINE = 16;
const SEED = 20260102;

/** Requests that are spelled out at a time. */
const CHUNK = 100_000;

/** Elements that one command adds while collections are filled. */
const FILL_BATCH = 100;

/** The words of a command that names element `i` of a key. */
type Words = (key: string, i: number) => readonly string[];

/** What is done with collections of a type. */
interface Type {
  readonly name: string;
  /** What adds elements, and the words of element `i` behind the key. */
  readonly add: string;
  readonly element: (i: number) => readonly string[];
  /** Whether each command adds one element, and they must come in order: from one client. */
  readonly inOrder?: boolean;
  /** Named after the command. `i` is a random element that is there. */
  readonly reads: readonly Words[];
  /** `i` is an element that has not been removed yet. */
  readonly removals: readonly Words[];
}

/** A text of 12 bytes, as small elements are. */
function text(i: number): string {
  return `element:${String(i).padStart(4, "0")}`;
}

const VALUE = "value:0123456789";

const TYPES: readonly Type[] = [
  {
    name: "hash",
    add: "HSET",
    element: (i) => [text(i), VALUE],
    reads: [(key, i) => ["HGET", key, text(i)], (key, i) => ["HMGET", key, text(i), text(i + 1)]],
    removals: [(key, i) => ["HDEL", key, text(i)]],
  },
  {
    name: "set",
    add: "SADD",
    element: (i) => [text(i)],
    reads: [(key, i) => ["SISMEMBER", key, text(i)], (key) => ["SRANDMEMBER", key]],
    removals: [(key, i) => ["SREM", key, text(i)], (key) => ["SPOP", key]],
  },
  {
    name: "sorted set",
    add: "ZADD",
    element: (i) => [String((i * 7919) % 100_003), text(i)],
    reads: [
      (key, i) => ["ZSCORE", key, text(i)],
      (key, i) => ["ZRANK", key, text(i)],
      (key) => ["ZRANGE", key, "0", "9"],
    ],
    removals: [(key, i) => ["ZREM", key, text(i)], (key) => ["ZPOPMIN", key]],
  },
  {
    name: "list",
    add: "RPUSH",
    element: (i) => [text(i)],
    reads: [(key) => ["LRANGE", key, "0", "9"], (key, i) => ["LINDEX", key, String(i % 1000)]],
    removals: [(key) => ["LPOP", key], (key) => ["RPOP", key]],
  },
  {
    name: "stream",
    add: "XADD",
    element: (i) => [`${1_700_000_000_000 + i}-0`, "field", VALUE],
    inOrder: true,
    reads: [
      (key) => ["XREVRANGE", key, "+", "-", "COUNT", "5"],
      (key, i) => ["XRANGE", key, `${1_700_000_000_000 + i}-0`, "+", "COUNT", "1"],
    ],
    removals: [(key, i) => ["XDEL", key, `${1_700_000_000_000 + i}-0`]],
  },
];

/** Elements, spread evenly over some keys. */
interface Shape {
  readonly keys: number;
  readonly elements: number;
}

/** Two groups: memory in bytes per element, and processor time per command. */
export async function benchCollections(plan: Plan): Promise<Group[]> {
  const memory: Group = {
    title: "Memory of collections, elements of 12 B, values of 16 B, as INFO says",
    unit: "bytes/element",
    commandLines: ["HSET, SADD, ZADD, RPUSH, XADD"],
    rows: [],
    notes: [],
  };
  const cost: Group = {
    title: `Commands on collections, pipeline ${PIPELINE}`,
    unit: "µs/command",
    commandLines: [`${plan.clients} clients; elements and keys in random order, seed ${SEED}`],
    rows: [],
    notes: [],
  };
  const shapes = [
    { keys: 1, elements: plan.bigElements },
    { keys: plan.smallKeys, elements: plan.smallElements },
  ];
  for (const type of TYPES) {
    for (const shape of shapes) await benchShape(plan, type, shape, memory.rows, cost.rows);
  }
  return [memory, cost];
}

async function benchShape(
  plan: Plan,
  type: Type,
  shape: Shape,
  memoryRows: Row[],
  costRows: Row[],
): Promise<void> {
  const { keys, elements } = shape;
  const title = `${type.name}, ` +
    (keys === 1 ? `${thousands(elements)} in one key` : `${thousands(keys)} keys of ${elements}`);
  const total = keys * elements;
  // The last elements of each key are added one by one, and that is measured.
  const measured = Math.max(1, Math.floor(Math.min(plan.collectionCommands, total >> 2) / keys));
  const add: Words = (key, i) => [type.add, key, ...type.element(i)];
  await using contenders = await Contenders.start();

  async function measure(words: Words, indexes: Uint32Array, clients: number): Promise<void> {
    const costs: number[][] = [[], []];
    for (let start = 0; start < indexes.length; start += CHUNK) {
      const requests = spell(words, indexes.subarray(start, start + CHUNK), keys);
      // The servers take turns chunk by chunk, so that both see the same machine.
      for (const [which, server] of contenders.both.entries()) {
        costs[which].push(await measureRequests(server, requests, clients));
      }
    }
    const command = words("", 0)[0];
    costRows.push(compare(`${command}, ${title}`, [median(costs[0])], [median(costs[1])]));
  }

  for (const server of contenders.both) await warmUp(server, plan, type, add);
  const before = await Promise.all(contenders.both.map(usedMemory));
  for (const server of contenders.both) {
    await fill(server, plan, type, keys, elements - measured);
  }
  const added = Uint32Array.from(
    { length: measured * keys },
    (_, i) => (elements - measured) * keys + i,
  );
  await measure(add, added, type.inOrder ? 1 : plan.clients);
  const after = await Promise.all(contenders.both.map(usedMemory));
  const [redis, keyrex] = after.map((used, i) => (used - before[i]) / total);
  memoryRows.push(compare(title, [redis], [keyrex]));

  const random = new Random(SEED);
  const count = Math.min(plan.collectionCommands, total >> 2);
  for (const read of type.reads) {
    await measure(read, randomIndexes(count, total, random), plan.clients);
  }
  const order = shuffledIndexes(total, random);
  for (const removal of type.removals) {
    await measure(removal, order.subarray(0, count), plan.clients);
  }
}

/** Adds elements 0 to `elements - 1` to each key, many by each command where that is possible. */
async function fill(
  server: ServerProcess,
  plan: Plan,
  type: Type,
  keys: number,
  elements: number,
): Promise<void> {
  const batch = type.inOrder ? 1 : FILL_BATCH;
  let requests = new RequestBuffer(PIPELINE);
  for (let key = 0; key < keys; key++) {
    for (let start = 0; start < elements; start += batch) {
      const words = [type.add, keyAt(key)];
      for (let i = start; i < Math.min(elements, start + batch); i++) {
        words.push(...type.element(i));
      }
      requests.add(words);
      if (requests.count < CHUNK) continue;
      await runRequests(server, requests, type.inOrder ? 1 : plan.clients);
      requests = new RequestBuffer(PIPELINE);
    }
  }
  if (requests.count > 0) await runRequests(server, requests, type.inOrder ? 1 : plan.clients);
}

/** Spells a command for each of some elements, counted through all keys. */
function spell(words: Words, indexes: Uint32Array, keys: number): RequestBuffer {
  const requests = new RequestBuffer(PIPELINE);
  for (const index of indexes) {
    requests.add(words(keyAt(index % keys), Math.floor(index / keys)));
  }
  return requests;
}

function keyAt(i: number): string {
  return `key:${String(i).padStart(8, "0")}`;
}

/** Lets the server run each of the type's commands on collections that are gone afterwards. */
async function warmUp(server: ServerProcess, plan: Plan, type: Type, add: Words): Promise<void> {
  const indexes = Uint32Array.from({ length: plan.warmUpCommands >> 3 }, (_, i) => i);
  for (const keys of [1, indexes.length >> 4]) {
    for (const words of [add, ...type.reads, ...type.removals]) {
      const clients = words === add && type.inOrder ? 1 : plan.clients;
      await runRequests(server, spell(words, indexes, keys), clients);
    }
    using client = await server.connect();
    await client.command("FLUSHALL", "SYNC");
  }
}

/** What the server counts as used, in bytes, without the buffers of clients, some of which may just be leaving. */
async function usedMemory(server: ServerProcess): Promise<number> {
  using client = await server.connect();
  const info = String(await client.command("INFO", "memory"));
  const [used, clients] = ["used_memory", "mem_clients_normal"].map((field) =>
    Number(new RegExp(`^${field}:(\\d+)`, "m").exec(info)?.[1])
  );
  return used - clients;
}
