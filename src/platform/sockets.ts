/** Stream sockets: TCP and unix. */
import { attempt } from "./errors.ts";

/** One end of a connection. Of a unix socket, `host` is its path and `port` is 0. */
export interface SocketAddress {
  readonly host: string;
  readonly port: number;
}

/** A connection. After `close` nothing but `close` may be called. */
export interface StreamSocket {
  readonly isUnix: boolean;
  readonly remote: SocketAddress;
  readonly local: SocketAddress;
  /**
   * Reads what is there, or waits for it. One read may be under way at a time.
   *
   * @param target Must not be empty, and is not to be touched while the read is under way.
   * @returns How many bytes came, or null when the other side sends no more. Rejects when the
   *   connection breaks or is closed.
   */
  read(target: Uint8Array): Promise<number | null>;
  /**
   * Writes as much as the system takes, and waits until it takes something.
   *
   * @param source Must not be changed while the write is under way.
   * @returns How many bytes were taken. Rejects when the connection breaks or is closed.
   */
  write(source: Uint8Array): Promise<number>;
  /** Lets the system probe whether a silent other side still lives. TCP only. */
  setKeepAlive(on: boolean): void;
  /**
   * Closes at once. Reads and writes under way reject, in a later turn. Deno 2.5 lets a write go on,
   * and the connection with it, until the other side reads or goes.
   */
  close(): void;
}

/** A place where connections arrive. */
export interface SocketListener {
  /** Where it listens; the port is the one the system chose when 0 was asked for. */
  readonly address: SocketAddress;
  /** @returns The next connection. Rejects when there is an error, or the listener is closed. */
  accept(): Promise<StreamSocket>;
  close(): void;
}

export interface Sockets {
  /**
   * Listens on TCP.
   *
   * @param host A numeric address, or a name. `::` also takes what arrives over IPv4.
   * @param port 0 lets the system choose.
   * @param backlog How many connections may wait to be accepted.
   * @param besides Whether another listener of this process may be in the way, for the same address
   *   or for all of them. Without it, an address and port that are taken are refused.
   */
  listenTcp(host: string, port: number, backlog: number, besides?: boolean): SocketListener;
  /** Listens on a unix socket; nothing may have that name yet. */
  listenUnix(path: string): SocketListener;
}

/**
 * Whether listeners may share an address and a port. Asking for it where the runtime has not been
 * told to allow it (`"unstable": ["net"]` in deno.json) ends the process; the function that is
 * tested for comes with the same permission.
 */
const MAY_SHARE = "listenDatagram" in Deno;

export class SystemSockets implements Sockets {
  listenTcp(host: string, port: number, backlog: number, besides = false): SocketListener {
    const options = { hostname: host, port, tcpBacklog: backlog };
    if (!MAY_SHARE) return new TcpListener(Deno.listen(options));
    // Sharing is with anybody who asks for it, such as another of our servers, so a listener that
    // shares with nobody, and is closed at once, shows whether the place is taken.
    if (!besides && port !== 0) Deno.listen(options).close();
    const shared: Deno.TcpListenOptions & { reusePort: boolean } = { ...options, reusePort: true };
    return new TcpListener(Deno.listen(shared));
  }

  listenUnix(path: string): SocketListener {
    return new UnixListener(Deno.listen({ transport: "unix", path }));
  }
}

class TcpListener implements SocketListener {
  readonly address: SocketAddress;
  readonly #listener: Deno.TcpListener;

  constructor(listener: Deno.TcpListener) {
    this.#listener = listener;
    this.address = tcpAddress(listener.addr);
  }

  async accept(): Promise<StreamSocket> {
    return new TcpSocket(await this.#listener.accept());
  }

  close(): void {
    this.#listener.close();
  }
}

class UnixListener implements SocketListener {
  readonly address: SocketAddress;
  readonly #listener: Deno.UnixListener;

  constructor(listener: Deno.UnixListener) {
    this.#listener = listener;
    this.address = { host: listener.addr.path, port: 0 };
  }

  async accept(): Promise<StreamSocket> {
    return new UnixSocket(await this.#listener.accept(), this.address);
  }

  close(): void {
    this.#listener.close();
  }
}

class TcpSocket implements StreamSocket {
  readonly isUnix = false;
  readonly remote: SocketAddress;
  readonly local: SocketAddress;
  readonly #connection: Deno.TcpConn;

  constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
    this.remote = tcpAddress(connection.remoteAddr);
    this.local = tcpAddress(connection.localAddr);
    // Replies leave in one write a turn, so there is nothing to wait for. It fails when the other
    // side has gone already, which the first read will tell.
    attempt(() => connection.setNoDelay(true), undefined);
  }

  read(target: Uint8Array): Promise<number | null> {
    return this.#connection.read(target);
  }

  write(source: Uint8Array): Promise<number> {
    return this.#connection.write(source);
  }

  setKeepAlive(on: boolean): void {
    attempt(() => this.#connection.setKeepAlive(on), undefined);
  }

  close(): void {
    this.#connection.close();
  }
}

class UnixSocket implements StreamSocket {
  readonly isUnix = true;
  readonly remote: SocketAddress;
  readonly local: SocketAddress;
  readonly #connection: Deno.UnixConn;

  /** @param address The listener's: the other end of a unix socket has no name of its own. */
  constructor(connection: Deno.UnixConn, address: SocketAddress) {
    this.#connection = connection;
    this.remote = this.local = address;
  }

  read(target: Uint8Array): Promise<number | null> {
    return this.#connection.read(target);
  }

  write(source: Uint8Array): Promise<number> {
    return this.#connection.write(source);
  }

  setKeepAlive(_on: boolean): void {}

  close(): void {
    this.#connection.close();
  }
}

function tcpAddress(address: Deno.NetAddr): SocketAddress {
  return { host: address.hostname, port: address.port };
}
