/**
 * The transport that works wherever Deno does: TCP and unix sockets as the platform gives them.
 *
 * Connections of another kind, such as TLS, are another listener of the platform's: what comes out
 * of it is a stream socket like any other.
 */
import {
  type Clock,
  errorCode,
  errorText,
  type Files,
  type Sockets,
  type StreamSocket,
} from "../platform/mod.ts";
import type { Acceptor } from "../server/connection.ts";
import { ANY_IPV4, ANY_IPV6, isIpv4, isMapped, parseBind, unmapped } from "./address.ts";
import { StreamConnection } from "./connection.ts";
import { AcceptLoop } from "./listener.ts";
import { Listening } from "./listening.ts";
import { ReceivePool } from "./receive_buffer.ts";
import { ListenError, type NetLog, type Transport, UNSUPPORTED } from "./transport.ts";
import { Turns } from "./turns.ts";

/** What the transport needs of the platform. */
export interface NetPlatform {
  readonly clock: Clock;
  readonly files: Files;
  readonly sockets: Sockets;
}

export class PortableTransport implements Transport {
  readonly name = "portable";
  readonly multiplexing = "deno";
  /** Any number but 0 has silent clients probed as the system is set up to do. */
  keepAliveSeconds = 0;

  readonly #platform: NetPlatform;
  readonly #acceptor: Acceptor;
  readonly #log: NetLog;
  readonly #turns: Turns;
  readonly #pool = new ReceivePool();

  constructor(platform: NetPlatform, acceptor: Acceptor, log: NetLog) {
    this.#platform = platform;
    this.#acceptor = acceptor;
    this.#log = log;
    this.#turns = new Turns(() => acceptor.endTurn());
  }

  listenTcp(
    binds: readonly string[],
    port: number,
    backlog: number,
    previous?: Listening,
  ): Listening {
    const wanted = binds.map(parseBind);
    const hosts = new Set(wanted.map((bind) => bind.host));
    // A socket for all of IPv6 takes IPv4 too, where Redis has a socket each. It comes first, and
    // then does the work of the others.
    wanted.sort((a, b) => Number(b.host === ANY_IPV6) - Number(a.host === ANY_IPV6));
    const admit = (socket: StreamSocket): void => {
      const { host } = socket.local;
      if (!isMapped(host) || hosts.has(ANY_IPV4) || hosts.has(unmapped(host))) this.#admit(socket);
      else socket.close();
    };
    const besides = previous?.addresses.some((address) => address.port === port);
    const loops: AcceptLoop[] = [];
    const opened: AcceptLoop[] = [];
    for (const { host, isOptional } of wanted) {
      if (loops[0]?.address.host === ANY_IPV6 && isIpv4(host)) continue;
      const kept = previous?.at(host, port);
      if (kept !== undefined) {
        loops.push(kept);
        continue;
      }
      try {
        const listener = this.#platform.sockets.listenTcp(host, port, backlog, besides);
        const loop = new AcceptLoop(listener, this.#platform.clock, this.#log, admit);
        opened.push(loop);
        loops.push(loop);
        port = loop.address.port;
      } catch (error) {
        const reason = `bind: ${errorText(error)}`;
        this.#log.warning(
          `Warning: Could not create server TCP listening socket ${host}:${port}: ${reason}`,
        );
        if (isOptional && errorCode(error) === "EADDRNOTAVAIL") continue;
        if (UNSUPPORTED.has(errorCode(error))) continue;
        for (const loop of opened) loop.close();
        throw new ListenError(reason);
      }
    }
    for (const loop of loops) loop.admit = admit;
    for (const loop of opened) void loop.run();
    const listening = new Listening(loops, this.#platform.clock);
    previous?.giveWay(listening);
    return listening;
  }

  listenUnix(path: string, permissions: number): Listening {
    const { clock, files, sockets } = this.#platform;
    try {
      files.removeSync(path);
      const listener = sockets.listenUnix(path);
      if (permissions !== 0) files.setPermissionsSync(path, permissions);
      const loop = new AcceptLoop(listener, clock, this.#log, (socket) => this.#admit(socket));
      void loop.run();
      return new Listening([loop], clock, () => files.removeSync(path));
    } catch (error) {
      throw new ListenError(`bind: ${errorText(error)}`);
    }
  }

  #admit(socket: StreamSocket): void {
    if (this.keepAliveSeconds > 0) socket.setKeepAlive(true);
    const connection = new StreamConnection(socket, this.#turns, this.#pool);
    const peer = this.#acceptor.accept(connection);
    if (peer === null) void refuse(socket, this.#acceptor.refusal);
    else connection.start(peer);
  }
}

/** Tells the other side why it is not let in, if it still listens. */
async function refuse(socket: StreamSocket, refusal: Uint8Array): Promise<void> {
  try {
    await socket.write(refusal);
  } catch {
    // It has gone: there is nobody to tell.
  }
  socket.close();
}
