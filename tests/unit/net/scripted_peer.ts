/**
 * A server of one connection that a test can read along with.
 *
 * A request is a line. It is answered with itself, except: `hold` makes the peer held, `close` and
 * `bye` end the connection at once or after the replies, `bulk N` announces that the next
 * request begins with N bytes that are to be received in their place, and `say N` is answered with N
 * letters.
 */
import { BulkTarget } from "../../../src/resp/bulk.ts";
import type { Connection, Peer } from "../../../src/server/connection.ts";
import { Output } from "../../../src/resp/output.ts";
import { OutputPool } from "../../../src/resp/output_pool.ts";
import { latin1Bytes, latin1Text } from "../../support/latin1.ts";

const NEWLINE = 10;

export class ScriptedPeer implements Peer {
  readonly output = new Output(new OutputPool());
  bulk: BulkTarget | null = null;
  held = false;
  watched = false;
  wanted = 0;
  connection!: Connection;
  /** Everything that has happened: requests, bulk arguments, and the calls that are not requests. */
  readonly events: string[] = [];
  /** The sums of what `receiveBulk` and `sent` were told. */
  bulkBytes = 0;
  sentBytes = 0;
  /** Whether `settled` was called. */
  isSettled = false;
  #argument = "";

  receive(buf: Uint8Array, start: number, end: number): number {
    let at = start;
    while (!this.held && this.bulk === null) {
      const newline = buf.subarray(0, end).indexOf(NEWLINE, at);
      if (newline < 0) break;
      const request = this.#argument + latin1Text(buf.subarray(at, newline));
      this.#argument = "";
      at = newline + 1;
      this.#run(request);
    }
    return at - start;
  }

  receiveBulk(n: number): void {
    const bulk = this.bulk!;
    this.bulkBytes += n;
    if (bulk.at < bulk.end) return;
    this.bulk = null;
    this.#argument = latin1Text(bulk.buf);
  }

  sent(n: number): void {
    this.sentBytes += n;
  }

  drained(): void {
    this.events.push("(drained)");
  }

  closed(): void {
    this.events.push("(closed)");
    this.output.discard();
  }

  settled(): void {
    this.isSettled = true;
  }

  reply(text: string): void {
    this.output.write(latin1Bytes(text), 0, text.length);
  }

  #run(request: string): void {
    this.events.push(request);
    const [name, n] = request.split(" ");
    if (name === "bulk") {
      this.bulk = new BulkTarget(new Uint8Array(Number(n)), 0, Number(n));
      return;
    }
    this.reply(name === "say" ? "x".repeat(Number(n)) : `${request}\n`);
    if (name === "hold") this.held = true;
    else if (name === "close") this.connection.close();
    else if (name === "bye") this.connection.closeAfterFlush();
  }
}
