/**
 * Real processes, killed with SIGKILL in the middle of their work and started again: with `always` what
 * was answered is there, with `everysec` all but the last seconds, and transactions are whole.
 *
 * The process ends without notice, but the machine goes on: what was handed to the system is not lost.
 * Failures of the power are what simulation/ is for.
 *
 * KEYREX_KILLS sets another number of rounds than 5 (30 with CI set); seeds are fresh, and printed.
 */
import { assert, assertEquals } from "@std/assert";
import type { ServerProcess } from "../support/processes.ts";
import { freshSeed, Random } from "../support/random.ts";
import { concatBytes, encodeCommand, type RespClient } from "../support/resp_client.ts";
import { startKeyrex } from "../support/servers.ts";

const ROUNDS = Number(Deno.env.get("KEYREX_KILLS") ?? (Deno.env.get("CI") ? 30 : 5));
const CLIENTS = 4;
/** A process is killed after so many transactions at most have been answered. */
const MAX_TRANSACTIONS = 1500;
/** Transactions that a client sends at once, at most. */
const MAX_BATCH = 25;
const REWRITE_ONE_IN = 30;
/** While the disk is busy, everysec keeps what is told for up to two seconds; one is for a busy machine. */
const EVERYSEC_MAX_LOSS_MS = 3000;

/** What a client has sent, and what of it was answered: transactions, counted over all rounds. */
interface Progress {
  sent: number;
  answered: number;
  /** How many at least must be there after a kill. */
  floor: number;
  /** When the answers of this round came, in ms. */
  readonly answeredAtMs: number[];
}

/** The commands of transaction `n` of a client, each of which says `n`. */
function transaction(client: number, n: number): string[][] {
  return [
    ["MULTI"],
    ["INCR", `count:${client}`],
    ["RPUSH", `list:${client}`, String(n)],
    ["HSET", `hash:${client}`, `f${n % 500}`, String(n)],
    ["ZADD", `zset:${client}`, String(n), `m${n % 100}`],
    ["SET", `string:${client}:${n % 50}`, String(n), "EX", "100000"],
    ["EXEC"],
  ];
}
const REPLIES = transaction(0, 0).length;

/** Sends transactions until the connection ends. */
async function load(
  client: RespClient,
  number: number,
  random: Random,
  progress: Progress,
  answered: () => void,
): Promise<void> {
  for (;;) {
    const batch = random.between(1, MAX_BATCH);
    const commands: string[][] = [];
    for (let i = 0; i < batch; i++) commands.push(...transaction(number, ++progress.sent));
    if (random.oneIn(REWRITE_ONE_IN)) commands.push(["BGREWRITEAOF"]);
    const sending = client.sendBytes(concatBytes(commands.map(encodeCommand))).catch(() => {});
    for (let i = 0; i < commands.length; i++) {
      const reply = await client.readReplyBytes();
      await sending;
      if (reply === null) return;
      if (i % REPLIES !== REPLIES - 1) continue;
      assertEquals(String.fromCharCode(...reply.subarray(0, 2)), "*5");
      progress.answered++;
      progress.answeredAtMs.push(performance.now());
      answered();
    }
  }
}

/** Puts load on a server and kills it at a random moment. */
async function loadAndKill(
  server: ServerProcess,
  random: Random,
  progress: readonly Progress[],
): Promise<void> {
  let left = random.between(1, MAX_TRANSACTIONS);
  const clients = await Promise.all(progress.map(() => server.connect()));
  await Promise.all(
    clients.map((client, number) =>
      load(client, number, random, progress[number], () => {
        if (--left === 0) server.signal("SIGKILL");
      })
    ),
  );
  for (const client of clients) client.close();
  await server.exited;
}

/** Tells what may not be lost after a kill just now. */
function setFloors(progress: readonly Progress[], appendfsync: string): void {
  const sinceMs = appendfsync === "always" ? Infinity : performance.now() - EVERYSEC_MAX_LOSS_MS;
  for (const one of progress) {
    one.floor = one.answered - one.answeredAtMs.filter((atMs) => atMs > sinceMs).length;
  }
}

/** Looks whether all that may not be lost is there, and nothing in parts. */
async function inspect(server: ServerProcess, progress: Progress[]): Promise<void> {
  using client = await server.connect();
  for (const [number, { floor, sent }] of progress.entries()) {
    const count = Number(await client.command("GET", `count:${number}`) ?? 0);
    assert(count >= floor && count <= sent, `${count}, not between ${floor} and ${sent}`);
    const elements = await client.command("LRANGE", `list:${number}`, "0", "-1") as string[];
    assertEquals(elements.length, count);
    elements.forEach((element, i) => assertEquals(element, String(i + 1)));
    // The next round goes on from what there is.
    progress[number] = { sent: count, answered: count, floor: count, answeredAtMs: [] };
    if (count === 0) continue;
    const n = String(count);
    assertEquals(await client.command("HGET", `hash:${number}`, `f${count % 500}`), n);
    assertEquals(await client.command("ZSCORE", `zset:${number}`, `m${count % 100}`), n);
    assertEquals(await client.command("GET", `string:${number}:${count % 50}`), n);
  }
}

for (const appendfsync of ["always", "everysec"]) {
  Deno.test(`With appendfsync ${appendfsync}, ${ROUNDS} processes that are killed lose no more than they may`, async () => {
    const random = new Random(freshSeed());
    console.log(`seed ${random.seed}`);
    const dir = await Deno.makeTempDir({ prefix: "keyrex-kill-" });
    const directives = { appendonly: "yes", appendfsync, dir };
    const progress = Array.from({ length: CLIENTS }, (): Progress => ({
      sent: 0,
      answered: 0,
      floor: 0,
      answeredAtMs: [],
    }));
    try {
      for (let round = 0; round < ROUNDS; round++) {
        await using server = await startKeyrex({ directives });
        await inspect(server, progress);
        await loadAndKill(server, random, progress);
        setFloors(progress, appendfsync);
      }
      await using server = await startKeyrex({ directives });
      await inspect(server, progress);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  });
}
