/**
 * A server under attack: what the tests of this folder share.
 *
 * Whatever clients do, the server stays up, its memory stays bounded, others are served, and its log
 * tells of no error that nobody expected. {@link besiege} checks all of that around an attack.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Directives, ServerProcess } from "../support/processes.ts";
import { readProcessCost } from "../support/process_cost.ts";
import { concatBytes, encodeCommand } from "../support/resp_client.ts";
import { startKeyrex, transportsToTest } from "../support/servers.ts";

/** Whether to run the attacks at full strength, which takes minutes. */
export const isLong = Deno.env.get("KEYREX_LONG_TESTS") === "1";

/** What no log may contain. */
const UNEXPECTED = /Unexpected error|Uncaught|Out of memory/;

/** How often the bystander asks to be served. */
const BYSTANDER_EVERY_MS = 20;

const utf8 = new TextEncoder();

export const MIB = 1024 * 1024;

export interface Siege {
  readonly directives?: Directives;
  /** How much the server's resident memory may grow, at any time. */
  readonly growthBytes: number;
}

/**
 * Runs an attack on a fresh server, while another client goes on writing and reading a key, and
 * fails when the server falls, swells, stops serving, or complains about itself. All of that on each
 * transport.
 */
export async function besiege(
  siege: Siege,
  attack: (server: ServerProcess) => Promise<void>,
): Promise<void> {
  for (const transport of transportsToTest()) await besiegeOver(transport, siege, attack);
}

async function besiegeOver(
  transport: string | null,
  { directives, growthBytes }: Siege,
  attack: (server: ServerProcess) => Promise<void>,
): Promise<void> {
  await using server = await startKeyrex({ directives }, transport);
  await warmUp(server);
  const base = await residentBytes(server);
  let peak = base;
  let served = 0;
  const over = Promise.withResolvers<void>();
  const bystander = (async () => {
    using client = await server.connect();
    let isOver = false;
    over.promise.then(() => isOver = true);
    while (!isOver) {
      assertEquals(await client.command("SET", "bystander", served), "OK");
      assertEquals(await client.command("GET", "bystander"), String(served));
      served++;
      peak = Math.max(peak, await residentBytes(server));
      await pause(BYSTANDER_EVERY_MS);
    }
  })();
  try {
    await Promise.race([attack(server), bystander]);
  } finally {
    over.resolve();
    await bystander;
  }
  assert(server.running, `the server has ended:\n${server.log}`);
  using late = await server.connect();
  assertEquals(await late.command("PING"), "PONG");
  assert(served > 0);
  assert(!UNEXPECTED.test(server.log), server.log);
  const growth = peak - base;
  assert(growth <= growthBytes, `resident memory grew by ${mib(growth)}, not ${mib(growthBytes)}`);
}

/** Waits until a server has noticed that all attackers have gone. */
export async function untilAlone(server: ServerProcess): Promise<void> {
  // What is left are the bystander, and the client that asks, which is refused as long as too many
  // are there.
  await until(() =>
    infoNumber(server, "connected_clients").then((clients) => clients <= 2, () => false)
  );
}

/** Resident memory of a server; 0 where the system does not tell. */
export async function residentBytes(server: ServerProcess): Promise<number> {
  return (await readProcessCost(server.pid))?.residentBytes ?? 0;
}

/** One field of INFO, as a number. */
export async function infoNumber(server: ServerProcess, field: string): Promise<number> {
  using client = await server.connect();
  const info = String(await client.command("INFO", "everything"));
  return Number(info.match(new RegExp(`^${field}:(\\d+)`, "m"))?.[1] ?? NaN);
}

/** Waits until `condition` holds, and fails when it does not in good time. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!await condition()) {
    assert(Date.now() < deadline, "waited in vain");
    await pause(20);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A connection without any manners. */
export class Attacker implements Disposable {
  readonly #connection: Deno.Conn;
  #isClosed = false;

  private constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  static async connect(server: ServerProcess): Promise<Attacker> {
    const { port } = server.address as { port: number };
    return new Attacker(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  /** @returns Whether all of it was taken; false: the server has closed the connection. */
  async send(data: string | Uint8Array): Promise<boolean> {
    const bytes = typeof data === "string" ? utf8.encode(data) : data;
    try {
      for (let at = 0; at < bytes.length;) {
        at += await this.#connection.write(bytes.subarray(at));
      }
      return true;
    } catch {
      return false;
    }
  }

  /** What the server says until it closes the connection, or has said `bytes` bytes or more. */
  async read(bytes = Infinity): Promise<string> {
    const buf = new Uint8Array(64 * 1024);
    let text = "";
    try {
      while (text.length < bytes) {
        const n = await this.#connection.read(buf);
        if (n === null) break;
        text += String.fromCharCode(...buf.subarray(0, n));
      }
    } catch {
      // Reset: the server has closed while bytes of ours were under way.
    }
    return text;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#connection.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Many connections, opened a hundred at a time. */
export async function attackers(server: ServerProcess, count: number): Promise<Attacker[]> {
  const all: Attacker[] = [];
  while (all.length < count) {
    const batch = Math.min(100, count - all.length);
    all.push(...await Promise.all(Array.from({ length: batch }, () => Attacker.connect(server))));
  }
  return all;
}

/** Lets the server's heap and tables reach the size that they have under load anyway. */
async function warmUp(server: ServerProcess): Promise<void> {
  using client = await server.connect();
  const requests = Array.from({ length: 5000 }, (_, i) => encodeCommand(["SET", `warm:${i}`, i]));
  await client.sendBytes(concatBytes(requests));
  for (let i = 0; i < requests.length; i++) await client.readReplyBytes();
  await client.command("FLUSHALL");
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}

/** Waits until the server's log, which comes through a pipe and thus a little later, holds a text. */
export async function untilLogged(server: ServerProcess, text: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < 5000 && !server.log.includes(text); waitedMs += 10) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assertStringIncludes(server.log, text);
}
