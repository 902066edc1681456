/**
 * Sockets of the Linux kernel, as numbers: what src/net/epoll does with them, one system call each.
 *
 * No socket ever waits. A call that fails returns a negative number, which is `errno` negated.
 */
import type { SocketAddress } from "../sockets.ts";
import { ADDRESS_BYTES, familyOf, lookUp, tcpAddress, unixAddress } from "./addresses.ts";
import {
  AF_INET6,
  AF_UNIX,
  ERROR_NAMES,
  IPPROTO_IPV6,
  IPPROTO_TCP,
  IPV6_V6ONLY,
  MSG_NOSIGNAL,
  SO_KEEPALIVE,
  SO_REUSEADDR,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  TCP_KEEPCNT,
  TCP_KEEPIDLE,
  TCP_KEEPINTVL,
  TCP_NODELAY,
} from "./constants.ts";
import { Errno, type Libc } from "./libc.ts";
import { SystemError } from "./system_error.ts";

/** So many unanswered questions end a connection. */
const KEEPALIVE_PROBES = 3;

/** What the transport asks of the kernel. */
export interface Kernel {
  /**
   * Listens on TCP.
   *
   * @param host A numeric address, or a name; an IPv6 address takes nothing that comes over IPv4.
   * @param port 0 lets the system choose.
   * @returns The number of the socket.
   * @throws {SystemError}
   */
  listenTcp(host: string, port: number, backlog: number): number;
  /** The same for a unix socket; nothing may have that name yet. */
  listenUnix(path: string, backlog: number): number;
  /** Accepts a connection; the number of its socket, or a negative number. */
  accept(fd: number): number;
  /** Where the TCP connection comes from that was accepted last. */
  accepted(): SocketAddress;
  /** The address of this side of a TCP socket. */
  localAddress(fd: number): SocketAddress;
  /** Sends what is written at once, and, with `keepAliveSeconds`, asks silent clients after that time. */
  tune(fd: number, keepAliveSeconds: number): void;
  /** Receives up to `length` bytes into `buf` from its begin on; 0 at the end of the connection. */
  receive(fd: number, buf: Uint8Array, length: number): number;
  /** Sends up to `length` bytes of `buf` from its begin on; how many were taken. */
  send(fd: number, buf: Uint8Array, length: number): number;
  close(fd: number): void;
  /** What a call says that has returned `result`. */
  error(result: number): SystemError;
}

export class LinuxKernel implements Kernel {
  readonly #c: Libc;
  readonly #errno: Errno;
  readonly #address = new Uint8Array(ADDRESS_BYTES);
  readonly #addressLength = new Int32Array(1);
  readonly #option = new Int32Array(1);
  readonly #optionBytes = new Uint8Array(this.#option.buffer);
  readonly #addressLengthBytes = new Uint8Array(this.#addressLength.buffer);

  constructor(c: Libc) {
    this.#c = c;
    this.#errno = new Errno(c);
  }

  listenTcp(host: string, port: number, backlog: number): number {
    const address = lookUp(this.#c, host, port);
    const family = familyOf(host);
    const fd = this.#socket(family);
    this.#set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (family === AF_INET6) this.#set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    return this.#listen(fd, address, backlog);
  }

  listenUnix(path: string, backlog: number): number {
    return this.#listen(this.#socket(AF_UNIX), unixAddress(path), backlog);
  }

  accept(fd: number): number {
    this.#addressLength[0] = ADDRESS_BYTES;
    return this.#checked(
      this.#c.accept4(fd, this.#address, this.#addressLengthBytes, SOCK_NONBLOCK | SOCK_CLOEXEC),
    );
  }

  accepted(): SocketAddress {
    return tcpAddress(this.#c, this.#address);
  }

  localAddress(fd: number): SocketAddress {
    this.#addressLength[0] = ADDRESS_BYTES;
    this.#c.getsockname(fd, this.#address, this.#addressLengthBytes);
    return tcpAddress(this.#c, this.#address);
  }

  tune(fd: number, keepAliveSeconds: number): void {
    this.#set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    if (keepAliveSeconds === 0) return;
    this.#set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    this.#set(fd, IPPROTO_TCP, TCP_KEEPIDLE, keepAliveSeconds);
    this.#set(fd, IPPROTO_TCP, TCP_KEEPINTVL, Math.max(1, Math.floor(keepAliveSeconds / 3)));
    this.#set(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES);
  }

  receive(fd: number, buf: Uint8Array, length: number): number {
    const n = this.#c.recv(fd, buf as Uint8Array<ArrayBuffer>, length, 0);
    return n < 0 ? -this.#errno.get() : n;
  }

  send(fd: number, buf: Uint8Array, length: number): number {
    const n = this.#c.send(fd, buf as Uint8Array<ArrayBuffer>, length, MSG_NOSIGNAL);
    return n < 0 ? -this.#errno.get() : n;
  }

  close(fd: number): void {
    this.#c.close(fd);
  }

  error(result: number): SystemError {
    const text = new Uint8Array(128);
    this.#c.__xpg_strerror_r(-result, text, text.length);
    const message = new TextDecoder().decode(text.subarray(0, text.indexOf(0)));
    return new SystemError(ERROR_NAMES.get(-result) ?? "", message);
  }

  #socket(family: number): number {
    const fd = this.#checked(
      this.#c.socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
    );
    if (fd < 0) throw this.error(fd);
    return fd;
  }

  #listen(fd: number, address: Uint8Array<ArrayBuffer>, backlog: number): number {
    let result = this.#checked(this.#c.bind(fd, address, address.length));
    if (result === 0) result = this.#checked(this.#c.listen(fd, backlog));
    if (result === 0) return fd;
    this.#c.close(fd);
    throw this.error(result);
  }

  /** Sets an option; one that the system does not know, or a connection that is gone, changes nothing. */
  #set(fd: number, level: number, option: number, value: number): void {
    this.#option[0] = value;
    this.#c.setsockopt(fd, level, option, this.#optionBytes, 4);
  }

  #checked(result: number): number {
    return result < 0 ? -this.#errno.get() : result;
  }
}
