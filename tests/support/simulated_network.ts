/**
 * The kernel's sockets without a kernel: a test holds the far end of each connection, and lets the
 * loop run.
 */
import {
  EAGAIN,
  EPOLLHUP,
  EPOLLIN,
  EPOLLOUT,
  type Kernel,
  type Network,
  type Poller,
  RUNTIME,
  type SocketAddress,
} from "../../src/platform/mod.ts";
import { latin1Bytes, latin1Text } from "./latin1.ts";
import { SystemError } from "./system_error.ts";

/** The reset of a connection, as the kernel numbers it. */
export const ECONNRESET = 104;

/** One socket: where connections arrive, or one of them as its far end sees it. */
export class SimulatedEnd {
  /** How many bytes the system takes before it takes no more. */
  window = Infinity;
  isClosed = false;
  /** What the socket is watched for; -1 while it is not. */
  events = -1;
  /** Connections, or errors as the kernel numbers them, that wait to be accepted. */
  readonly arrived: (SimulatedEnd | number)[] = [];
  /** The sizes of what was received and sent so far. */
  readonly reads: number[] = [];
  readonly writes: number[] = [];
  keepAliveSeconds = -1;
  inbox = new Uint8Array(0);
  outbox = "";
  isEnded = false;
  failure = 0;

  constructor(readonly fd: number, readonly address: SocketAddress) {}

  /** Sends bytes to the server. */
  send(data: string): void {
    const bytes = latin1Bytes(data);
    const inbox = new Uint8Array(this.inbox.length + bytes.length);
    inbox.set(this.inbox);
    inbox.set(bytes, this.inbox.length);
    this.inbox = inbox;
  }

  /** What the server has sent since the last call. */
  take(): string {
    const taken = this.outbox;
    this.outbox = "";
    return taken;
  }

  /** What the kernel would report. */
  get ready(): number {
    if (this.failure !== 0) return EPOLLHUP | EPOLLIN | EPOLLOUT;
    const readable = this.inbox.length > 0 || this.isEnded || this.arrived.length > 0;
    return (readable ? EPOLLIN : 0) | (this.window > 0 ? EPOLLOUT : 0);
  }
}

export class SimulatedNetwork implements Network, Kernel, Poller {
  readonly kernel = this;
  readonly yields = { then: (fn: () => void) => void (this.#next = fn) };
  readonly timers = { untilDueMs: () => Infinity, run: () => {} };
  isWoken = true;
  /** Whether the runtime has something to do. */
  isRuntimeReady = false;
  /** How long each wait would have been at most, in ms. */
  readonly waits: number[] = [];
  /** What to throw when a test wants a host, or a path, not to be had. */
  readonly failures = new Map<string, Error>();
  /** Every socket there has been, by its number. */
  readonly ends: SimulatedEnd[] = [];
  isPollerOpen = false;
  #next: (() => void) | null = null;
  #reported: SimulatedEnd[] = [];
  #reportedEvents: number[] = [];
  #accepted: SocketAddress = { host: "", port: 0 };

  /** A socket that nobody has accepted. */
  open(address: SocketAddress = { host: "127.0.0.1", port: 50000 }): SimulatedEnd {
    const end = new SimulatedEnd(this.ends.length, address);
    this.ends.push(end);
    return end;
  }

  /** Lets the loop run until nothing happens any more. */
  settle(): void {
    for (let stay = 0; stay < 20; stay++) this.stay();
  }

  /** Lets the loop have the thread once. */
  stay(): void {
    const next = this.#next;
    this.#next = null;
    next?.();
  }

  openPoller(): Poller {
    this.isPollerOpen = true;
    return this;
  }

  listenTcp(host: string, port: number): number {
    const failure = this.failures.get(host);
    if (failure !== undefined) throw failure;
    const taken = this.ends.some((end) =>
      !end.isClosed && end.address.host === host && end.address.port === port
    );
    if (taken) throw new SystemError("EADDRINUSE", "Address already in use");
    return this.open({ host, port: port === 0 ? 49152 + this.ends.length : port }).fd;
  }

  listenUnix(path: string): number {
    const failure = this.failures.get(path);
    if (failure !== undefined) throw failure;
    return this.open({ host: path, port: 0 }).fd;
  }

  accept(fd: number): number {
    const arrived = this.ends[fd].arrived.shift();
    if (arrived === undefined) return -EAGAIN;
    if (typeof arrived === "number") return -arrived;
    this.#accepted = arrived.address;
    return arrived.fd;
  }

  accepted(): SocketAddress {
    return this.#accepted;
  }

  localAddress(fd: number): SocketAddress {
    return this.ends[fd].address;
  }

  tune(fd: number, keepAliveSeconds: number): void {
    this.ends[fd].keepAliveSeconds = keepAliveSeconds;
  }

  receive(fd: number, buf: Uint8Array, length: number): number {
    const end = this.ends[fd];
    if (end.failure !== 0) return -end.failure;
    if (end.inbox.length === 0) return end.isEnded ? 0 : -EAGAIN;
    const n = Math.min(length, end.inbox.length);
    buf.set(end.inbox.subarray(0, n));
    end.inbox = end.inbox.slice(n);
    end.reads.push(n);
    return n;
  }

  send(fd: number, buf: Uint8Array, length: number): number {
    const end = this.ends[fd];
    if (end.failure !== 0) return -end.failure;
    if (end.window === 0) return -EAGAIN;
    const n = Math.min(length, end.window);
    end.outbox += latin1Text(buf.subarray(0, n));
    end.window -= n;
    end.writes.push(n);
    return n;
  }

  error(result: number): SystemError {
    if (result === -ECONNRESET) return new SystemError("ECONNRESET", "Connection reset by peer");
    return new SystemError("", `Error ${-result}`);
  }

  add(fd: number, events: number): void {
    this.ends[fd].events = events;
  }

  change(fd: number, events: number): void {
    this.ends[fd].events = events;
  }

  remove(fd: number): void {
    this.ends[fd].events = -1;
  }

  leaveRuntime(): void {
    this.isWoken = false;
  }

  wait(ms: number): number {
    this.waits.push(ms);
    this.#reported = this.ends.filter((end) =>
      !end.isClosed && end.events >= 0 && (end.ready & (end.events | EPOLLHUP)) !== 0
    );
    this.#reportedEvents = this.#reported.map((end) => end.ready & (end.events | EPOLLHUP));
    return this.#reported.length + Number(this.isRuntimeReady);
  }

  fd(i: number): number {
    return i < this.#reported.length ? this.#reported[i].fd : RUNTIME;
  }

  events(i: number): number {
    return this.#reportedEvents[i];
  }

  /** Closes a socket, or, without a number, the poller. */
  close(fd?: number): void {
    if (fd === undefined) this.isPollerOpen = false;
    else this.ends[fd].isClosed = true;
  }
}
