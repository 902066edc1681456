/**
 * A connection whose socket the loop watches.
 *
 * When something has happened to the socket, the loop calls {@link EpollConnection.ready}: what has
 * arrived is received and shown to the peer at once. Replies are sent when the peer says so, which is
 * at the end of a turn; what the system does not take then goes when it says that it takes more.
 */
import { EAGAIN, EINTR, EPOLLERR, EPOLLHUP, EPOLLIN, EPOLLOUT } from "../../platform/mod.ts";
import type { SocketAddress } from "../../platform/mod.ts";
import type { Connection, Peer } from "../../server/connection.ts";
import { formatAddress, isLoopback } from "../address.ts";
import { Inbox } from "./inbox.ts";
import type { EpollLoop, Watched } from "./loop.ts";

/** So much may be received for a held peer that is watched. */
const READ_AHEAD_BYTES = 64 * 1024;

/** Of a bulk argument no more than this is received in a turn: others wait. */
const BULK_BYTES_MAX = 1024 * 1024;

/** No more than this is sent in a turn, for the same reason. */
const SEND_BYTES_MAX = 1024 * 1024;

const BROKEN = EPOLLERR | EPOLLHUP;

export class EpollConnection implements Connection, Watched {
  readonly fd: number;
  readonly address: string;
  readonly isUnix: boolean;
  readonly isLocal: boolean;

  readonly #loop: EpollLoop;
  readonly #inbox: Inbox;
  #localAddress = "";
  #peer!: Peer;
  #closed = false;
  /** What is left in the output is still sent, nothing more is read. */
  #closing = false;
  /** Whether the peer is being shown something: its memory may be in use. */
  #offering = false;
  /** Whether the system takes no more for now. */
  #blocked = false;
  #resuming = false;
  /** What the socket is watched for. */
  #events = EPOLLIN;
  /** How much of the output may be sent: what was in it at the last `flush`. */
  #sendable = 0;

  constructor(loop: EpollLoop, fd: number, remote: SocketAddress, isUnix: boolean) {
    this.#loop = loop;
    this.#inbox = new Inbox(loop.shared);
    this.fd = fd;
    this.address = formatAddress(remote);
    this.isUnix = isUnix;
    this.isLocal = isUnix || isLoopback(remote.host);
    if (isUnix) this.#localAddress = this.address;
  }

  /** Begins to serve `peer`; to be called once, before anything else. */
  start(peer: Peer): void {
    this.#peer = peer;
    this.#loop.watch(this.fd, this, EPOLLIN);
  }

  /** Rarely asked for, so it is not looked up for every connection. */
  get localAddress(): string {
    if (this.#localAddress === "" && !this.#closed) {
      this.#localAddress = formatAddress(this.#loop.kernel.localAddress(this.fd));
    }
    return this.#localAddress;
  }

  get receiveBufferBytes(): number {
    return this.#inbox.capacity;
  }

  get receivedBytes(): number {
    return this.#inbox.unconsumedBytes;
  }

  ready(events: number): void {
    if (this.#blocked && (events & (EPOLLOUT | BROKEN)) !== 0) {
      this.#blocked = false;
      this.#send();
    }
    if ((events & (EPOLLIN | BROKEN)) !== 0 && !this.#closed) {
      if (this.#mayRead()) this.#receive();
      else if ((events & BROKEN) !== 0) this.close();
    }
    this.#adjust();
  }

  flush(): void {
    if (this.#closed) return;
    this.#sendable = this.#peer.output.pendingBytes;
    if (this.#blocked) return;
    if (this.#sendable > 0) {
      this.#send();
      if (this.#blocked) this.#adjust();
    } else if (this.#closing) {
      this.close();
    }
  }

  closeAfterFlush(): void {
    if (this.#closed || this.#closing) return;
    this.#closing = true;
    // The replies of the present turn have to wait for its end, when they have been logged.
    this.#loop.later(this);
  }

  resume(): void {
    if (this.#resuming || this.#closed) return;
    this.#resuming = true;
    // Not at once: the caller may be in the middle of another client's request.
    this.#loop.later(this);
  }

  /** What was to be done when nobody else's request runs. */
  goOn(): void {
    if (this.#closed) return;
    if (this.#closing) this.flush();
    if (this.#resuming) {
      this.#resuming = false;
      if (!this.#isStopped() && this.#inbox.unconsumedBytes > 0) {
        this.#inbox.received(0);
        this.#offer();
      }
    }
    this.#adjust();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#loop.forget(this.fd);
    this.#loop.kernel.close(this.fd);
    this.#peer.closed();
    if (!this.#offering) this.#settled();
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

  /** Has the socket watched for what can be done with it: nobody waits for anything else. */
  #adjust(): void {
    if (this.#closed) return;
    const events = (this.#mayRead() ? EPOLLIN : 0) | (this.#blocked ? EPOLLOUT : 0);
    if (events === this.#events) return;
    this.#events = events;
    this.#loop.poller.change(this.fd, events);
  }

  #receive(): void {
    const inbox = this.#inbox;
    const { kernel } = this.#loop;
    const { bulk, wanted } = this.#peer;
    let n: number;
    if (bulk !== null && inbox.unconsumedBytes === 0) {
      const end = Math.min(bulk.end, bulk.at + BULK_BYTES_MAX);
      n = kernel.receive(this.fd, bulk.buf.subarray(bulk.at, end), end - bulk.at);
      if (n > 0) {
        bulk.at += n;
        this.#offering = true;
        this.#peer.receiveBulk(n);
        this.#offered();
      }
    } else {
      const space = inbox.prepare(wanted);
      n = kernel.receive(this.fd, space, space.length);
      if (n > 0) {
        inbox.received(n);
        this.#offer();
      }
    }
    if (n <= 0 && n !== -EAGAIN && n !== -EINTR) this.close();
  }

  /** Shows the peer what it has not consumed; what belongs into a bulk argument goes there. */
  #offer(): void {
    const peer = this.#peer;
    const inbox = this.#inbox;
    this.#offering = true;
    while (inbox.start < inbox.end && !this.#isStopped()) {
      const { bulk } = peer;
      if (bulk === null) {
        inbox.start += peer.receive(inbox.buf, inbox.start, inbox.end);
        if (peer.bulk === null) break;
      } else {
        const n = inbox.moveTo(bulk.buf, bulk.at, bulk.end);
        bulk.at += n;
        peer.receiveBulk(n);
      }
    }
    inbox.settle();
    this.#offered();
  }

  #offered(): void {
    this.#offering = false;
    if (this.#closed) this.#settled();
  }

  /** The connection is closed and nobody is in the middle of what has arrived: its memory is free. */
  #settled(): void {
    this.#inbox.release();
    this.#peer.settled();
  }

  /**
   * Sends what may be sent. Replies of the present turn, which the log does not hold yet, may be in
   * the output already, so its end is no measure.
   */
  #send(): void {
    const { kernel } = this.#loop;
    const { output } = this.#peer;
    let most = SEND_BYTES_MAX;
    while (this.#sendable > 0) {
      const chunk = output.chunk(0);
      const start = output.chunkStart(0);
      const length = Math.min(output.chunkEnd(0) - start, this.#sendable);
      const n = kernel.send(this.fd, start === 0 ? chunk : chunk.subarray(start), length);
      if (n < 0) {
        if (n !== -EAGAIN && n !== -EINTR) return this.close();
        this.#blocked = true;
        return;
      }
      output.sent(n);
      this.#peer.sent(n);
      this.#sendable = Math.min(this.#sendable - n, output.pendingBytes);
      most -= n;
      if (n < length || most <= 0) {
        this.#blocked = true;
        return;
      }
    }
    if (output.pendingBytes > 0) return;
    this.#peer.drained();
    if (this.#closing) this.close();
  }
}
