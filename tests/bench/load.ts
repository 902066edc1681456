/**
 * A source of load for what redis-benchmark cannot send: elements of many collections. Like it, each
 * client sends a portion of requests, waits for all replies, and sends the next.
 */
import { processorMs, readProcessCost } from "../support/process_cost.ts";
import type { ServerProcess } from "../support/processes.ts";
import { replyEnd } from "../support/reply.ts";
import { portOf } from "./contenders.ts";
import type { RequestBuffer } from "./requests.ts";

const READ_BYTES = 256 * 1024;
const MINUS = 0x2d;

/**
 * Sends all requests from `clients` connections, each portion from whichever is free.
 *
 * @throws Error when the server answers with an error.
 */
export async function runRequests(
  server: ServerProcess,
  requests: RequestBuffer,
  clients: number,
): Promise<void> {
  let next = 0;
  const take = () => next < requests.portions ? next++ : -1;
  const hostname = "127.0.0.1";
  const running = Array.from({ length: Math.min(clients, requests.portions) }, async () => {
    using connection = await Deno.connect({ hostname, port: portOf(server) });
    connection.setNoDelay(true);
    await converse(connection, requests, take);
  });
  await Promise.all(running);
}

/** Processor time in µs, of all threads, user and system, that each of the requests costs the server. */
export async function measureRequests(
  server: ServerProcess,
  requests: RequestBuffer,
  clients: number,
): Promise<number> {
  const before = await readProcessCost(server.pid);
  await runRequests(server, requests, clients);
  const after = await readProcessCost(server.pid);
  if (before === null || after === null) {
    throw new Error("Cannot read processor times: there is no /proc");
  }
  return processorMs(before, after) * 1000 / requests.count;
}

/** One connection: sends portions until none is left. */
async function converse(
  connection: Deno.TcpConn,
  requests: RequestBuffer,
  take: () => number,
): Promise<void> {
  const buf = new Uint8Array(READ_BYTES);
  for (let portion = take(); portion >= 0; portion = take()) {
    await sendAll(connection, requests.portion(portion));
    let waiting = requests.countOf(portion);
    let end = 0;
    while (waiting > 0) {
      if (end === buf.length) throw new Error(`A reply has more than ${READ_BYTES} bytes`);
      const bytes = await connection.read(buf.subarray(end));
      if (bytes === null) throw new Deno.errors.UnexpectedEof("The server closed the connection");
      end += bytes;
      let at = 0;
      while (waiting > 0 && at < end) {
        const replyAt = at;
        at = replyEnd(buf, at, end);
        if (at < 0) {
          at = replyAt;
          break;
        }
        if (buf[replyAt] === MINUS) {
          throw new Error(new TextDecoder().decode(buf.slice(replyAt, at)));
        }
        waiting--;
      }
      buf.copyWithin(0, at, end);
      end -= at;
    }
  }
}

async function sendAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}
