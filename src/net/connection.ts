/**
 * A connection over a stream socket.
 *
 * There is one loop that reads, with one read under way at a time, and one that writes while there
 * is something to write. Neither ever throws for what the other side or the network does: whatever
 * breaks a connection ends in {@link StreamConnection.close}.
 */
import type { StreamSocket } from "../platform/mod.ts";
import type { Connection, Peer } from "../server/connection.ts";
import { formatAddress, isLoopback } from "./address.ts";
import { ReceiveBuffer, type ReceivePool } from "./receive_buffer.ts";
import type { Turns } from "./turns.ts";

const SETTLED = Promise.resolve();

/** So much may be received for a held peer that is watched. */
const READ_AHEAD_BYTES = 64 * 1024;

export class StreamConnection implements Connection {
  readonly address: string;
  readonly localAddress: string;
  readonly fd = -1;
  readonly isUnix: boolean;
  readonly isLocal: boolean;

  readonly #socket: StreamSocket;
  readonly #turns: Turns;
  readonly #buffer: ReceiveBuffer;
  #peer!: Peer;
  #closed = false;
  /** What is left in the output is still sent, nothing more is read. */
  #closing = false;
  /** Whether the loop that reads is running. */
  #reading = false;
  #resuming = false;
  /** Whether the loop that writes is running. */
  #writing = false;
  /** How much of the output may be sent: what was in it at the last `flush`. */
  #sendable = 0;

  constructor(socket: StreamSocket, turns: Turns, pool: ReceivePool) {
    this.#socket = socket;
    this.#turns = turns;
    this.#buffer = new ReceiveBuffer(pool);
    this.address = formatAddress(socket.remote);
    this.localAddress = formatAddress(socket.local);
    this.isUnix = socket.isUnix;
    this.isLocal = socket.isUnix || isLoopback(socket.remote.host);
  }

  /** Begins to serve `peer`; to be called once, before anything else. */
  start(peer: Peer): void {
    this.#peer = peer;
    void this.#read();
  }

  flush(): void {
    if (this.#closed) return;
    this.#sendable = this.#peer.output.pendingBytes;
    if (this.#writing) return;
    if (this.#sendable > 0) void this.#write();
    else if (this.#closing) this.close();
  }

  closeAfterFlush(): void {
    if (this.#closed || this.#closing) return;
    this.#closing = true;
    // The replies of the present turn have to wait for its end, when they have been logged.
    this.#turns.request();
    SETTLED.then(() => this.flush());
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
    this.#peer.closed();
    if (!this.#reading) this.#settled();
  }

  resume(): void {
    if (this.#resuming) return;
    this.#resuming = true;
    // Not at once: the caller may be in the middle of another client's request.
    SETTLED.then(() => {
      this.#resuming = false;
      if (this.#isStopped()) return;
      this.#offer();
      this.#turns.request();
      if (!this.#reading) void this.#read();
    });
  }

  get receiveBufferBytes(): number {
    return this.#buffer.capacity;
  }

  get receivedBytes(): number {
    return this.#buffer.end - this.#buffer.start;
  }

  #isStopped(): boolean {
    return this.#closed || this.#closing || this.#peer.held;
  }

  /** For a held peer that is watched, bytes are taken in but not shown to it. */
  #mayRead(): boolean {
    if (!this.#isStopped()) return true;
    const { held, watched, bulk } = this.#peer;
    const isWatched = held && watched && bulk === null && !this.#closed && !this.#closing;
    return isWatched && this.receivedBytes < READ_AHEAD_BYTES;
  }

  async #read(): Promise<void> {
    const peer = this.#peer;
    const buffer = this.#buffer;
    this.#reading = true;
    while (this.#mayRead()) {
      const { bulk } = peer;
      if (bulk !== null) buffer.rest();
      let n: number | null;
      try {
        n = await this.#socket.read(
          bulk === null ? buffer.prepare(peer.wanted) : bulk.buf.subarray(bulk.at, bulk.end),
        );
      } catch {
        n = null; // reset, timed out, or closed from here
      }
      if (this.#closed || this.#closing) break;
      if (n === null) {
        this.close();
        break;
      }
      if (bulk === null) {
        buffer.received(n);
      } else {
        bulk.at += n;
        peer.receiveBulk(n);
      }
      this.#offer();
      this.#turns.request();
    }
    this.#reading = false;
    if (this.#closed) this.#settled();
  }

  /** The connection is closed and no read is under way: all memory that bytes arrive in is free. */
  #settled(): void {
    this.#buffer.release();
    this.#peer.settled();
  }

  /** Shows the peer what it has not consumed; what belongs into a bulk argument goes there. */
  #offer(): void {
    const peer = this.#peer;
    const buffer = this.#buffer;
    while (buffer.start < buffer.end && !this.#isStopped()) {
      const { bulk } = peer;
      if (bulk === null) {
        buffer.start += peer.receive(buffer.bytes, buffer.start, buffer.end);
        if (peer.bulk === null) return;
      } else {
        const n = buffer.moveTo(bulk.buf, bulk.at, bulk.end);
        bulk.at += n;
        peer.receiveBulk(n);
      }
    }
  }

  /**
   * Sends what may be sent. Replies of the present turn, which the log does not hold yet, are in the
   * output already, so its end is no measure.
   */
  async #write(): Promise<void> {
    const { output } = this.#peer;
    this.#writing = true;
    while (this.#sendable > 0) {
      const chunk = output.take();
      let n: number;
      try {
        n = await this.#socket.write(
          chunk.length <= this.#sendable ? chunk : chunk.subarray(0, this.#sendable),
        );
      } catch {
        return this.close();
      }
      if (this.#closed) return;
      output.sent(n);
      this.#peer.sent(n);
      this.#sendable = Math.min(this.#sendable - n, output.pendingBytes);
    }
    this.#writing = false;
    if (output.pendingBytes > 0) return;
    this.#peer.drained();
    if (this.#closing) this.close();
  }
}
