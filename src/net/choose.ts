/** Which transport serves: the best that can be had, or the one that the configuration asks for. */
import type { Platform } from "../platform/mod.ts";
import type { Acceptor } from "../server/connection.ts";
import { EpollTransport } from "./epoll/transport.ts";
import { PortableTransport } from "./portable.ts";
import type { NetLog, Transport } from "./transport.ts";

/** What the directive `transport` may say. */
export type TransportChoice = "auto" | "epoll" | "portable";

/**
 * Makes the transport. `auto` takes the system's own sockets where they can be had: on Linux with the
 * GNU C library, and with the permission to call it.
 *
 * @returns null when what is asked for cannot be had.
 */
export function openTransport(
  choice: TransportChoice,
  platform: Platform,
  acceptor: Acceptor,
  log: NetLog,
): Transport | null {
  const network = choice === "portable" ? null : platform.openNetwork();
  if (network !== null) return new EpollTransport(platform, network, acceptor, log);
  return choice === "epoll" ? null : new PortableTransport(platform, acceptor, log);
}
