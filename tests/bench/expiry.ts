/**
 * Part "expiry": how long after its due time the `expired` event of a key comes, with many volatile
 * keys that are not due and a steady load; and what a flood of keys that fall due at once costs others.
 */
import type { ServerProcess } from "../support/processes.ts";
import {
  type Argument,
  concatBytes,
  encodeCommand,
  type RespClient,
} from "../support/resp_client.ts";
import { Contenders, portOf } from "./contenders.ts";
import type { Plan } from "./plan.ts";
import { loadArguments } from "./redis_benchmark.ts";
import { compare, type Group } from "./result.ts";
import { thousands } from "./sockets.ts";

const CHANNEL = "__keyevent@0__:expired";
/** Time to set all keys before the first one falls due. */
const LEAD_MS = 2000;
/** An event that has not come so long after the last key was due is given up. */
const PATIENCE_MS = 10_000;
/** The steady load: a request at a time from each client. */
const LOAD = { test: "set", commands: 1_000_000_000, pipeline: 1, keys: 100_000, valueBytes: 16 };

/** Compares the two servers, one after the other so that neither takes the other's processor. */
export async function benchExpiry(plan: Plan): Promise<Group> {
  const directives = { "notify-keyspace-events": "Ex" };
  await using contenders = await Contenders.start(directives);
  const lateness: Lateness[] = [];
  const floods: Flood[] = [];
  for (const server of contenders.both) {
    using client = await server.connect();
    const fillStartMs = Date.now();
    await setMany(
      client,
      plan.volatileKeys,
      (i) => ["SET", `other:${i}`, "v", "EX", 7200 + i % 7200],
    );
    // A flood takes as long to prepare, or a little longer where other work comes in between.
    const floodLeadMs = LEAD_MS + 3 * (Date.now() - fillStartMs);
    lateness.push(await measureLateness(server, plan));
    await client.command("FLUSHALL");
    floods.push(await measureFlood(server, plan, floodLeadMs));
  }
  const row = (name: string, pick: (seen: Lateness) => number) =>
    compare(name, [pick(lateness[0])], [pick(lateness[1])]);
  const floodRow = (name: string, pick: (seen: Flood) => number) =>
    compare(name, [pick(floods[0])], [pick(floods[1])]);
  const flood = `${thousands(plan.volatileKeys)} due at once`;
  return {
    title: `Lateness of \`expired\`, ${thousands(plan.volatileKeys)} other volatile keys`,
    unit: "ms",
    commandLines: [
      `redis-benchmark ${loadArguments({ ...LOAD, clients: plan.clients, port: 6379 }).join(" ")}`,
      `SET due:N v PXAT …, ${thousands(plan.dueKeys)} keys due within ${plan.dueWindowMs} ms`,
    ],
    rows: [
      row("half of the events", (seen) => seen.p50Ms),
      row("99 % of the events", (seen) => seen.p99Ms),
      row("all events", (seen) => seen.maxMs),
      floodRow(`${flood}, until all are gone`, (seen) => seen.goneMs),
      floodRow(`${flood}, longest PING meanwhile`, (seen) => seen.longestPingMs),
    ],
    notes: contenders.both.map(({ name }, i) =>
      `${name}: ${lateness[i].missing} of ${plan.dueKeys} events did not come within ` +
      `${PATIENCE_MS / 1000} s and count as that late`
    ),
  };
}

/** In ms after the due time. */
interface Lateness {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly missing: number;
}

/** Sets keys that fall due at random moments of a window, under load, and listens. */
async function measureLateness(server: ServerProcess, plan: Plan): Promise<Lateness> {
  using subscriber = await server.connect();
  await subscriber.command("SUBSCRIBE", CHANNEL);
  using client = await server.connect();
  const startMs = Date.now() + LEAD_MS;
  const dueMs = Array.from(
    { length: plan.dueKeys },
    () => startMs + Math.floor(Math.random() * plan.dueWindowMs),
  );
  await setMany(client, plan.dueKeys, (i) => ["SET", `due:${i}`, "v", "PXAT", dueMs[i]]);
  const late = new Float64Array(plan.dueKeys).fill(PATIENCE_MS);
  let seen = 0;
  const load = new Deno.Command("redis-benchmark", {
    args: loadArguments({ ...LOAD, clients: plan.clients, port: portOf(server) }),
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    const endMs = startMs + plan.dueWindowMs + PATIENCE_MS;
    while (seen < plan.dueKeys && Date.now() < endMs) {
      const message = await subscriber.readReply(endMs - Date.now()).catch(() => null);
      if (!Array.isArray(message)) break;
      const key = String(message[2]);
      if (!key.startsWith("due:")) continue;
      const i = Number(key.slice("due:".length));
      late[i] = Date.now() - dueMs[i];
      seen++;
    }
  } finally {
    load.kill();
    await load.status;
  }
  late.sort();
  const at = (share: number) => late[Math.min(late.length - 1, Math.floor(share * late.length))];
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1), missing: plan.dueKeys - seen };
}

interface Flood {
  /** From the due time until the last key was gone. */
  readonly goneMs: number;
  readonly longestPingMs: number;
}

/** Lets very many keys fall due in the same millisecond, while a client sends PING after PING. */
async function measureFlood(
  server: ServerProcess,
  plan: Plan,
  leadMs: number,
): Promise<Flood> {
  using client = await server.connect();
  const dueMs = Date.now() + leadMs;
  await setMany(client, plan.volatileKeys, (i) => ["SET", `flood:${i}`, "v", "PXAT", dueMs]);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - Date.now())));
  let longestPingMs = 0;
  while (await client.command("DBSIZE") !== 0 && Date.now() < dueMs + 60_000) {
    for (let i = 0; i < 20; i++) {
      const sentMs = performance.now();
      await client.command("PING");
      longestPingMs = Math.max(longestPingMs, performance.now() - sentMs);
    }
  }
  return { goneMs: Date.now() - dueMs, longestPingMs };
}

const BATCH = 10_000;

/** Runs one command for each of the numbers below `count`. */
async function setMany(
  client: RespClient,
  count: number,
  commandOf: (i: number) => readonly Argument[],
): Promise<void> {
  for (let start = 0; start < count; start += BATCH) {
    const length = Math.min(BATCH, count - start);
    const commands = Array.from({ length }, (_, i) => encodeCommand(commandOf(start + i)));
    const sent = client.sendBytes(concatBytes(commands));
    for (let i = 0; i < length; i++) await client.readReplyBytes();
    await sent;
  }
}
