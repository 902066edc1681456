/**
 * Sockets without a network: a test holds the far end of each connection, and decides when bytes
 * arrive, how many the system takes, and what breaks.
 */
import type {
  SocketAddress,
  SocketListener,
  Sockets,
  StreamSocket,
} from "../../src/platform/mod.ts";
import { latin1Bytes, latin1Text } from "./latin1.ts";
import { SystemError } from "./system_error.ts";

/** A promise that a test or the other side settles. */
interface Pending<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

/** One connection; the server holds it as a {@link StreamSocket}, the test as what it is. */
export class SimulatedSocket implements StreamSocket {
  /** How many bytes the system takes before writes wait. */
  window = Infinity;
  /** How many bytes the system takes at once, at most. */
  writeBytesMax = Infinity;
  isClosed = false;
  keepsAlive = false;
  /** The sizes of the server's reads and writes so far: of the space offered, of what was taken. */
  readonly reads: number[] = [];
  readonly writes: number[] = [];

  #inbox = new Uint8Array(0);
  #outbox = "";
  #isEnded = false;
  #failure: Error | null = null;
  #read: (Pending<number | null> & { target: Uint8Array }) | null = null;
  #write: (Pending<number> & { source: Uint8Array }) | null = null;

  constructor(
    readonly remote: SocketAddress = { host: "127.0.0.1", port: 50000 },
    readonly local: SocketAddress = { host: "127.0.0.1", port: 6379 },
    readonly isUnix = false,
  ) {}

  /** True while the server waits for bytes. */
  get isRead(): boolean {
    return this.#read !== null;
  }

  /** Sends bytes to the server. */
  send(data: string | Uint8Array): void {
    const bytes = typeof data === "string" ? latin1Bytes(data) : data;
    const inbox = new Uint8Array(this.#inbox.length + bytes.length);
    inbox.set(this.#inbox);
    inbox.set(bytes, this.#inbox.length);
    this.#inbox = inbox;
    this.#settleRead();
  }

  /** Says that no more bytes will be sent. */
  end(): void {
    this.#isEnded = true;
    this.#settleRead();
  }

  /** Breaks the connection: what waits fails, and what comes. */
  break(code = "ECONNRESET", message = "Connection reset by peer"): void {
    this.#failure = new SystemError(code, message);
    this.#settleRead();
    this.#settleWrite();
  }

  /** Lets the system take more bytes. */
  openWindow(bytes: number): void {
    this.window += bytes;
    this.#settleWrite();
  }

  /** What the server has sent since the last call. */
  take(): string {
    const taken = this.#outbox;
    this.#outbox = "";
    return taken;
  }

  read(target: Uint8Array): Promise<number | null> {
    if (this.#read !== null) throw new Error("A read is under way");
    if (target.length === 0) throw new Error("Nothing can be read into an empty buffer");
    this.reads.push(target.length);
    return new Promise((resolve, reject) => {
      this.#read = { target, resolve, reject };
      this.#settleRead();
    });
  }

  write(source: Uint8Array): Promise<number> {
    if (this.#write !== null) throw new Error("A write is under way");
    return new Promise((resolve, reject) => {
      this.#write = { source, resolve, reject };
      this.#settleWrite();
    });
  }

  setKeepAlive(on: boolean): void {
    this.keepsAlive = on;
  }

  close(): void {
    if (this.isClosed) throw new Error("The socket is closed already");
    this.isClosed = true;
    this.break("EINTR", "operation canceled");
  }

  #settleRead(): void {
    const read = this.#read;
    if (read === null) return;
    if (this.#failure === null && this.#inbox.length === 0 && !this.#isEnded) return;
    this.#read = null;
    if (this.#failure !== null) return read.reject(this.#failure);
    if (this.#inbox.length === 0) return read.resolve(null);
    const n = Math.min(read.target.length, this.#inbox.length);
    read.target.set(this.#inbox.subarray(0, n));
    this.#inbox = this.#inbox.slice(n);
    read.resolve(n);
  }

  #settleWrite(): void {
    const write = this.#write;
    if (write === null || (this.window === 0 && this.#failure === null)) return;
    this.#write = null;
    if (this.#failure !== null) return write.reject(this.#failure);
    const n = Math.min(write.source.length, this.window, this.writeBytesMax);
    this.#outbox += latin1Text(write.source.subarray(0, n));
    this.window -= n;
    this.writes.push(n);
    write.resolve(n);
  }
}

export class SimulatedListener implements SocketListener {
  isClosed = false;
  #waiting: Pending<StreamSocket> | null = null;
  readonly #arrived: (StreamSocket | Error)[] = [];

  constructor(readonly address: SocketAddress) {}

  /** Lets a connection arrive, or the wait for one fail. */
  arrive(connection: StreamSocket | Error): void {
    this.#arrived.push(connection);
    this.#settle();
  }

  accept(): Promise<StreamSocket> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#settle();
    });
  }

  close(): void {
    this.isClosed = true;
    this.arrive(new SystemError("EINTR", "operation canceled"));
  }

  #settle(): void {
    const waiting = this.#waiting;
    if (waiting === null || this.#arrived.length === 0) return;
    this.#waiting = null;
    const first = this.#arrived.shift()!;
    if (first instanceof Error) waiting.reject(first);
    else waiting.resolve(first);
  }
}

export class SimulatedSockets implements Sockets {
  /** The listeners that were opened, in that order. */
  readonly listeners: SimulatedListener[] = [];
  /** What to throw when a test wants an address, or a path, not to be had. */
  readonly failures = new Map<string, Error>();
  #nextPort = 49152;

  listenTcp(host: string, port: number, _backlog: number): SocketListener {
    return this.#listen({ host, port: port === 0 ? this.#nextPort++ : port });
  }

  listenUnix(path: string): SocketListener {
    return this.#listen({ host: path, port: 0 });
  }

  #listen(address: SocketAddress): SocketListener {
    const failure = this.failures.get(address.host);
    if (failure !== undefined) throw failure;
    const listener = new SimulatedListener(address);
    this.listeners.push(listener);
    return listener;
  }
}
