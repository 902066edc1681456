/** Socket addresses as Redis writes them, and what `bind` may say. */
import type { SocketAddress } from "../platform/mod.ts";

/** All addresses of a host. */
export const ANY_IPV4 = "0.0.0.0";
export const ANY_IPV6 = "::";

/** What stands before an IPv4 address that has arrived on an IPv6 socket. */
const MAPPED_PREFIX = "::ffff:";

/** `127.0.0.1:6379`, `[::1]:6379`, `/path/of/socket:0`. */
export function formatAddress(address: SocketAddress): string {
  const host = unmapped(address.host);
  const isIpv6 = host.includes(":") && !host.includes("/");
  return isIpv6 ? `[${host}]:${address.port}` : `${host}:${address.port}`;
}

/** Whether an address is one of the host talking to itself. */
export function isLoopback(host: string): boolean {
  const address = unmapped(host);
  return address.startsWith("127.") || address === "::1";
}

export function isIpv4(host: string): boolean {
  return /^\d+(\.\d+){3}$/.test(host);
}

/** Whether an IPv4 address has arrived on an IPv6 socket. */
export function isMapped(host: string): boolean {
  return host.startsWith(MAPPED_PREFIX) && host.includes(".");
}

/** The IPv4 address itself, where one has arrived on an IPv6 socket. */
export function unmapped(host: string): string {
  return isMapped(host) ? host.slice(MAPPED_PREFIX.length) : host;
}

/** One address of the directive `bind`. */
export interface Bind {
  /** As a socket takes it: `*` has become `0.0.0.0`, and `::*` has become `::`. */
  readonly host: string;
  /** With a `-` before it: the server starts without it when the host does not have the address. */
  readonly isOptional: boolean;
}

export function parseBind(text: string): Bind {
  const isOptional = text.startsWith("-");
  const host = isOptional ? text.slice(1) : text;
  if (host === "*") return { host: ANY_IPV4, isOptional };
  if (host === "::*") return { host: ANY_IPV6, isOptional };
  return { host, isOptional };
}
