/**
 * The transport of Linux: sockets as the kernel has them, watched by one epoll instance.
 *
 * It does what the portable transport does with fewer detours: one system call for what has arrived,
 * one for the replies of a turn, no promise and no buffer for a client that is silent.
 */
import {
  type Clock,
  errorCode,
  errorText,
  type Files,
  type Network,
  type SocketAddress,
} from "../../platform/mod.ts";
import type { Acceptor } from "../../server/connection.ts";
import { parseBind } from "../address.ts";
import {
  ListenError,
  type NetLog,
  type Places,
  type Transport,
  UNSUPPORTED,
} from "../transport.ts";
import { EpollConnection } from "./connection.ts";
import { EpollListener } from "./listener.ts";
import { EpollLoop } from "./loop.ts";

/** How many connections may wait at a unix socket. */
const UNIX_BACKLOG = 511;

/** What the transport needs of the platform. */
export interface EpollPlatform {
  readonly clock: Clock;
  readonly files: Files;
}

export class EpollTransport implements Transport {
  readonly name = "epoll";
  readonly multiplexing = "epoll";
  keepAliveSeconds = 0;

  readonly #platform: EpollPlatform;
  readonly #network: Network;
  readonly #acceptor: Acceptor;
  readonly #log: NetLog;
  readonly #loop: EpollLoop;

  constructor(platform: EpollPlatform, network: Network, acceptor: Acceptor, log: NetLog) {
    this.#platform = platform;
    this.#network = network;
    this.#acceptor = acceptor;
    this.#log = log;
    this.#loop = new EpollLoop(network, platform.clock, () => acceptor.endTurn());
  }

  listenTcp(
    binds: readonly string[],
    port: number,
    backlog: number,
    previous?: EpollPlaces,
  ): EpollPlaces {
    const before = previous?.listeners ?? [];
    const wanted = binds.map(parseBind);
    const isKept = ({ host, address }: EpollListener): boolean =>
      address.port === port && wanted.some((bind) => bind.host === host);
    const listeners = before.filter(isKept);
    const leaving = before.filter((listener) => !isKept(listener));
    // A socket for all addresses, and one for some of them, cannot have the same port.
    const inTheWay = leaving.filter(({ address }) => address.port === port);
    for (const listener of inTheWay) listener.close();
    const opened: EpollListener[] = [];
    try {
      for (const { host, isOptional } of wanted) {
        if (listeners.some((listener) => listener.host === host)) continue;
        const listener = this.#listenTcp(host, port, backlog, isOptional);
        if (listener === null) continue;
        opened.push(listener);
        port = listener.address.port;
      }
    } catch (error) {
      for (const listener of opened) listener.close();
      const back = inTheWay.map(({ host }) => this.#listenTcp(host, port, backlog, true));
      if (previous !== undefined) {
        previous.listeners = before.filter((listener) => !inTheWay.includes(listener))
          .concat(back.filter((listener) => listener !== null));
      }
      throw error;
    }
    for (const listener of leaving) listener.close();
    return new EpollPlaces([...listeners, ...opened]);
  }

  listenUnix(path: string, permissions: number): EpollPlaces {
    const { files } = this.#platform;
    try {
      files.removeSync(path);
      const fd = this.#network.kernel.listenUnix(path, UNIX_BACKLOG);
      if (permissions !== 0) files.setPermissionsSync(path, permissions);
      const address = { host: path, port: 0 };
      const listener = this.#listener(fd, path, address, (accepted) => {
        this.#admit(accepted, address, true);
      });
      return new EpollPlaces([listener], () => files.removeSync(path));
    } catch (error) {
      throw new ListenError(`bind: ${errorText(error)}`);
    }
  }

  /** @returns null when the host lacks the address, and may do so. */
  #listenTcp(
    host: string,
    port: number,
    backlog: number,
    isOptional: boolean,
  ): EpollListener | null {
    const { kernel } = this.#network;
    try {
      const fd = kernel.listenTcp(host, port, backlog);
      return this.#listener(fd, host, kernel.localAddress(fd), (fd) => {
        kernel.tune(fd, this.keepAliveSeconds);
        this.#admit(fd, kernel.accepted(), false);
      });
    } catch (error) {
      const reason = `bind: ${errorText(error)}`;
      this.#log.warning(
        `Warning: Could not create server TCP listening socket ${host}:${port}: ${reason}`,
      );
      if (isOptional && errorCode(error) === "EADDRNOTAVAIL") return null;
      if (UNSUPPORTED.has(errorCode(error))) return null;
      throw new ListenError(reason);
    }
  }

  #listener(
    fd: number,
    host: string,
    address: SocketAddress,
    admit: (fd: number) => void,
  ): EpollListener {
    const { clock } = this.#platform;
    return new EpollListener({
      loop: this.#loop,
      clock,
      log: this.#log,
      fd,
      host,
      address,
      admit,
    });
  }

  #admit(fd: number, remote: SocketAddress, isUnix: boolean): void {
    const connection = new EpollConnection(this.#loop, fd, remote, isUnix);
    const peer = this.#acceptor.accept(connection);
    if (peer !== null) return connection.start(peer);
    const { kernel } = this.#network;
    const { refusal } = this.#acceptor;
    kernel.send(fd, refusal, refusal.length);
    kernel.close(fd);
  }
}

/** Listeners that were opened together. */
export class EpollPlaces implements Places {
  constructor(
    public listeners: readonly EpollListener[],
    /** Is called when all of them are closed. */
    readonly closed: () => void = () => {},
  ) {}

  get addresses(): readonly SocketAddress[] {
    return this.listeners.map(({ address }) => address);
  }

  close(): void {
    for (const listener of this.listeners) listener.close();
    this.closed();
  }
}
