/**
 * Numbers and layouts of the kernel's and the C library's headers, for x86-64 and arm64. Both are
 * little-endian with 64-bit pointers, and differ in nothing that is used here but the layout of
 * `struct epoll_event`.
 */

export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;

export const SOCK_STREAM = 1;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2000000;

export const SOL_SOCKET = 1;
export const SO_REUSEADDR = 2;
export const SO_KEEPALIVE = 9;
export const IPPROTO_TCP = 6;
export const TCP_NODELAY = 1;
export const TCP_KEEPIDLE = 4;
export const TCP_KEEPINTVL = 5;
export const TCP_KEEPCNT = 6;
export const IPPROTO_IPV6 = 41;
export const IPV6_V6ONLY = 26;

/** `send` into a connection that is gone fails, and raises no SIGPIPE. */
export const MSG_NOSIGNAL = 0x4000;

export const AI_PASSIVE = 1;

export const EPOLL_CLOEXEC = SOCK_CLOEXEC;
export const EPOLL_CTL_ADD = 1;
export const EPOLL_CTL_DEL = 2;
export const EPOLL_CTL_MOD = 3;

/** What there is to wait for, and what has happened; the last two come unasked. */
export const EPOLLIN = 1;
export const EPOLLOUT = 4;
export const EPOLLERR = 8;
export const EPOLLHUP = 16;

export const CLOCK_REALTIME = 0;
export const CLOCK_MONOTONIC = 1;

export const EINTR = 4;
export const EAGAIN = 11;
export const ENFILE = 23;
export const EMFILE = 24;
export const ENOBUFS = 105;
export const ENOMEM = 12;

/** The names of the errors that listening and accepting may end with. */
export const ERROR_NAMES: ReadonlyMap<number, string> = new Map([
  [1, "EPERM"],
  [2, "ENOENT"],
  [EINTR, "EINTR"],
  [EAGAIN, "EAGAIN"],
  [ENOMEM, "ENOMEM"],
  [13, "EACCES"],
  [22, "EINVAL"],
  [ENFILE, "ENFILE"],
  [EMFILE, "EMFILE"],
  [71, "EPROTO"],
  [92, "ENOPROTOOPT"],
  [93, "EPROTONOSUPPORT"],
  [94, "ESOCKTNOSUPPORT"],
  [96, "EPFNOSUPPORT"],
  [97, "EAFNOSUPPORT"],
  [98, "EADDRINUSE"],
  [99, "EADDRNOTAVAIL"],
  [103, "ECONNABORTED"],
  [104, "ECONNRESET"],
  [ENOBUFS, "ENOBUFS"],
]);

/**
 * `struct epoll_event`, in words of 32 bits: the events, then 64 bits of the program's own, which x86
 * packs and others align.
 *
 *     x86-64  ┌──────┬─────────────┐        arm64  ┌──────┬──────┬─────────────┐
 *             │events│ data        │               │events│ gap  │ data        │
 *             └──────┴─────────────┘               └──────┴──────┴─────────────┘
 */
export interface EventLayout {
  /** The length of one event. */
  readonly words: number;
  /** Where the lower half of the data is. */
  readonly data: number;
}

/** @returns null for a processor whose layouts are not known. */
export function eventLayout(arch: string): EventLayout | null {
  if (arch === "x86_64") return { words: 3, data: 1 };
  if (arch === "aarch64") return { words: 4, data: 2 };
  return null;
}
