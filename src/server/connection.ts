/**
 * The seam between the server and whatever carries its bytes.
 *
 * A transport (src/net) owns sockets and receive buffers; the server owns requests, replies and
 * limits. The transport calls a {@link Peer}, the server calls a {@link Connection}; neither sees
 * more of the other than what stands here, so that every transport serves the same server.
 */
import type { BulkTarget } from "../resp/bulk.ts";
import type { Output } from "../resp/output.ts";

/** The server's side of a connection: what a transport tells about it, and reads from it. */
export interface Peer {
  /**
   * Takes the bytes that have arrived and runs every whole request among them.
   *
   * @param buf The receive buffer, which the transport may reuse after the call.
   * @param start First byte that no earlier call has consumed.
   * @param end One past the last byte received.
   * @returns How many bytes from `start` on are consumed; the transport keeps the others and shows
   *   them again, at the front, with the next call.
   */
  receive(buf: Uint8Array, start: number, end: number): number;

  /**
   * Set while a big bulk argument is under way and everything before it is consumed: the transport
   * reads straight into it, advances `at`, and calls {@link receiveBulk}.
   */
  readonly bulk: BulkTarget | null;

  /** Says that `n` more bytes have arrived there, and that `bulk.at` has been advanced by them. */
  receiveBulk(n: number): void;

  /** How many unconsumed bytes the current request needs at least; 0 when unknown. */
  readonly wanted: number;

  /** While true, the transport stops reading: the client is blocked, paused, or must be written to first. */
  readonly held: boolean;

  /**
   * Whether the transport notices the end of the connection although the peer is held, because what
   * it waits for may never come. To that end it goes on receiving, some 64 KiB at most.
   */
  readonly watched: boolean;

  /** What waits to be sent. */
  readonly output: Output;

  /** `n` more bytes of `output` have been handed to the kernel. */
  sent(n: number): void;

  /** All of `output` has been handed to the kernel. */
  drained(): void;

  /**
   * The connection has ended: by the other side, by an error, or by {@link Connection.close}. A read
   * into {@link bulk} may still be under way.
   */
  closed(): void;

  /** After {@link closed}: no read is under way any more, so what was received can be let go of. */
  settled(): void;
}

/** The transport's side of a connection: what the server may ask of it. */
export interface Connection {
  /** The client's address as CLIENT LIST shows it: `127.0.0.1:5000`, `[::1]:5000`, `/path/socket:0`. */
  readonly address: string;
  /** The server's own address on this connection, in the same form. */
  readonly localAddress: string;
  /** A number for CLIENT LIST's `fd`; -1 where the transport knows none. */
  readonly fd: number;
  /** True for a unix socket. */
  readonly isUnix: boolean;
  /** True when the client's address is a loopback address, or a unix socket (protected mode asks). */
  readonly isLocal: boolean;
  /** Begins to send what is in the peer's output; returns at once. Harmless when nothing waits. */
  flush(): void;
  /** Sends what is in the output, then closes. Reads nothing more. */
  closeAfterFlush(): void;
  /** Closes at once and drops what has not been sent. `Peer.closed` follows before the call returns. */
  close(): void;
  /** Reads on after {@link Peer.held} has become false again. */
  resume(): void;
  /** Bytes that the transport's own receive buffer holds for this connection. */
  readonly receiveBufferBytes: number;
  /** Unconsumed bytes in that buffer (CLIENT LIST's `qbuf`). */
  readonly receivedBytes: number;
}

/** What a transport tells of itself. */
export interface TransportDescription {
  /** As the directive `transport` calls it. */
  readonly name: string;
  /** What it waits for sockets with, as INFO calls it. */
  readonly multiplexing: string;
}

/** What the server gives a transport: called for each new connection. */
export interface Acceptor {
  /** @returns The peer, or null when the connection is refused; what to say is then in `refusal`. */
  accept(connection: Connection): Peer | null;
  /** The bytes to send to a refused connection before it is closed (error reply of `maxclients`, protected mode). */
  readonly refusal: Uint8Array;
  /** The transport's turn has ended: all sockets that were ready have been read. Flushes, log first. */
  endTurn(): void;
}
