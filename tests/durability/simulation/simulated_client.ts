/** A client of a simulated machine: sends requests, and notes which of them have been answered. */
import type { Connection, Peer } from "../../../src/server/connection.ts";
import { latin1Bytes, latin1Text } from "../../support/latin1.ts";
import { replyEnd } from "../../support/reply.ts";

/** Is told of each reply that has left the server. */
export type OnReply = (reply: string, args: readonly string[]) => void;

export class SimulatedClient implements Connection {
  readonly address = "127.0.0.1:50000";
  readonly localAddress = "127.0.0.1:6379";
  readonly fd = -1;
  readonly isUnix = false;
  readonly isLocal = true;
  readonly receiveBufferBytes = 0;
  peer!: Peer;
  isClosed = false;
  #received = new Uint8Array(0);
  #replies = new Uint8Array(0);
  readonly #waiting: { readonly args: readonly string[]; readonly onReply: OnReply }[] = [];

  get receivedBytes(): number {
    return this.#received.length;
  }

  /** Sends a request, which the server runs at once unless it holds the client up. */
  send(args: readonly string[], onReply: OnReply): void {
    if (this.isClosed) return;
    this.#waiting.push({ args, onReply });
    this.#received = joined(this.#received, encodeRequest(args));
    this.resume();
  }

  resume(): void {
    const bytes = this.#received;
    let start = 0;
    while (!this.isClosed && !this.peer.held && start < bytes.length) {
      const { bulk } = this.peer;
      if (bulk === null) {
        start += this.peer.receive(bytes, start, bytes.length);
        if (this.peer.bulk === null) break;
      } else {
        const n = Math.min(bulk.end - bulk.at, bytes.length - start);
        bulk.buf.set(bytes.subarray(start, start + n), bulk.at);
        bulk.at += n;
        start += n;
        this.peer.receiveBulk(n);
      }
    }
    this.#received = bytes.slice(start);
  }

  flush(): void {
    const { output } = this.peer;
    while (output.pendingBytes > 0) {
      const chunk = output.take();
      this.#replies = joined(this.#replies, chunk);
      output.sent(chunk.length);
      this.peer.sent(chunk.length);
    }
    this.peer.drained();
    this.#takeReplies();
  }

  #takeReplies(): void {
    const bytes = this.#replies;
    let start = 0;
    for (;;) {
      const end = replyEnd(bytes, start, bytes.length);
      if (end < 0) break;
      const { args, onReply } = this.#waiting.shift()!;
      onReply(latin1Text(bytes.slice(start, end)), args);
      start = end;
    }
    this.#replies = bytes.slice(start);
  }

  closeAfterFlush(): void {
    this.flush();
    this.close();
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.peer.closed();
    this.peer.settled();
  }
}

function encodeRequest(args: readonly string[]): Uint8Array {
  const words = args.map((arg) => `$${arg.length}\r\n${arg}\r\n`);
  return latin1Bytes(`*${args.length}\r\n${words.join("")}`);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
