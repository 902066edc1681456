/**
 * Socket addresses as the kernel has them, and as the rest of the program does. Ports and IP
 * addresses stand in network order.
 *
 *     sockaddr_in   ┌────────┬──────┬──────────┐
 *                   │ family │ port │ address  │
 *                   └────────┴──────┴──────────┘
 *                   0        2      4          8
 *     sockaddr_in6  ┌────────┬──────┬──────────┬────────────────────────────┬──────────┐
 *                   │ family │ port │ flowinfo │ address                    │ scope    │
 *                   └────────┴──────┴──────────┴────────────────────────────┴──────────┘
 *                   0        2      4          8                            24         28
 *     sockaddr_un   ┌────────┬───────────────────────────┐
 *                   │ family │ path, NUL                 │
 *                   └────────┴───────────────────────────┘
 *                   0        2                         110
 */
import type { SocketAddress } from "../sockets.ts";
import { AF_INET, AF_INET6, AF_UNIX, AI_PASSIVE, SOCK_STREAM } from "./constants.ts";
import { cString, type Libc, textAt } from "./libc.ts";
import { SystemError } from "./system_error.ts";

/** Room for any address. */
export const ADDRESS_BYTES = 128;

/** The longest path of a unix socket, its NUL counted. */
const UNIX_PATH_BYTES = 108;

/** Room for the text of an address, its NUL counted. */
const TEXT_BYTES = 46;

/** `struct addrinfo`: the family, the kind of socket, and what it points to. */
const INFO_BYTES = 48;
const INFO_FAMILY = 4;
const INFO_KIND = 8;
const INFO_ADDRESS_LENGTH = 16;
const INFO_ADDRESS = 24;

/** The family of the addresses that a host is looked up among, as Redis has it. */
export function familyOf(host: string): number {
  return host.includes(":") ? AF_INET6 : AF_INET;
}

/**
 * The address that a numeric address or a name stands for, to listen on.
 *
 * @throws {SystemError} When there is none.
 */
export function lookUp(c: Libc, host: string, port: number): Uint8Array<ArrayBuffer> {
  const hints = new Uint8Array(INFO_BYTES);
  const view = new DataView(hints.buffer);
  view.setInt32(0, AI_PASSIVE, true);
  view.setInt32(INFO_FAMILY, familyOf(host), true);
  view.setInt32(INFO_KIND, SOCK_STREAM, true);
  const result = new BigUint64Array(1);
  const status = c.getaddrinfo(cString(host), cString(String(port)), hints, result);
  if (status !== 0) throw new SystemError("", textAt(c, c.gai_strerror(status)));
  const info = new Uint8Array(INFO_BYTES);
  c.memcpy(info, result[0], INFO_BYTES);
  const found = new DataView(info.buffer);
  const address = new Uint8Array(found.getUint32(INFO_ADDRESS_LENGTH, true));
  c.memcpy(address, found.getBigUint64(INFO_ADDRESS, true), address.length);
  c.freeaddrinfo(result[0]);
  return address;
}

/**
 * The address of a unix socket.
 *
 * @throws {SystemError} When the path is too long.
 */
export function unixAddress(path: string): Uint8Array<ArrayBuffer> {
  const text = cString(path);
  if (text.length > UNIX_PATH_BYTES) throw new SystemError("ENAMETOOLONG", "File name too long");
  const address = new Uint8Array(2 + UNIX_PATH_BYTES);
  address[0] = AF_UNIX;
  address.set(text, 2);
  return address;
}

/** The TCP address in `bytes`, as the kernel has filled them in. */
export function tcpAddress(c: Libc, bytes: Uint8Array<ArrayBuffer>): SocketAddress {
  const family = bytes[0] | bytes[1] << 8;
  const port = bytes[2] << 8 | bytes[3];
  if (family === AF_INET) return { host: bytes.subarray(4, 8).join("."), port };
  const text = new Uint8Array(TEXT_BYTES);
  c.inet_ntop(AF_INET6, bytes.subarray(8, 24), text, text.length);
  return { host: new TextDecoder().decode(text.subarray(0, text.indexOf(0))), port };
}
