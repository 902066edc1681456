/** What all transports have in common: where they listen, and what they say when they cannot. */
import type { SocketAddress } from "../platform/mod.ts";
import type { TransportDescription } from "../server/connection.ts";

/** Carries the bytes of a server's clients. */
export interface Transport extends TransportDescription {
  /** After so many seconds of silence new TCP connections are probed; 0 for never. */
  keepAliveSeconds: number;

  /**
   * Listens on TCP.
   *
   * @param binds As the directive `bind` has them: addresses and names, `*`, `::*`, with a `-` before
   *   those that the host may lack. What it lacks is left out, so there may be no address in the end.
   * @param port 0 lets the system choose one, the same for all addresses.
   * @param backlog How many connections may wait to be accepted.
   * @param previous What is to be replaced: it is closed, apart from sockets that both have.
   * @throws {ListenError} When an address cannot be had. Then nothing has changed.
   */
  listenTcp(
    binds: readonly string[],
    port: number,
    backlog: number,
    previous?: Places,
  ): Places;

  /**
   * Listens on a unix socket, in place of one that an earlier run has left behind.
   *
   * @param permissions The socket's permission bits; 0 leaves them to the umask.
   * @throws {ListenError} When that is not possible.
   */
  listenUnix(path: string, permissions: number): Places;
}

/** Places where a transport listens, opened together. */
export interface Places {
  /** Where connections arrive, with the ports that the system has chosen. */
  readonly addresses: readonly SocketAddress[];
  /** Accepts no more; connections that have been accepted stay. */
  close(): void;
}

/** What a directive says to listen on cannot be had. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** What the transport has to say, for the server's log. */
export interface NetLog {
  warning(message: string): void;
}

/** Errors that concern one connection, which is gone already; any other may come again at once. */
export const CONNECTION_GONE: ReadonlySet<string> = new Set([
  "ECONNABORTED",
  "ECONNRESET",
  "ENOTCONN",
  "EPROTO",
]);

/** How long to wait after such another, which mostly says that the files a process may open are used up. */
export const ACCEPT_PAUSE_MS = 100;

/** What a host without IPv6 says, or one that has it switched off: such an address is left out. */
export const UNSUPPORTED: ReadonlySet<string> = new Set([
  "EAFNOSUPPORT",
  "ENOPROTOOPT",
  "EPFNOSUPPORT",
  "EPROTONOSUPPORT",
  "ESOCKTNOSUPPORT",
]);
