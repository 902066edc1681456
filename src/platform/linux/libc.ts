/**
 * The functions of the C library that sockets are driven with.
 *
 * All numbers are 32 bits wide where a call is frequent: what is wider comes back as a BigInt, which
 * is an object. Lengths (`size_t`) are passed as u32, which the calling conventions of both
 * processors that are served widen with zeros; results that are longer (`ssize_t`) are cut to i32,
 * for no call moves 2 GiB.
 */
import { attempt } from "../errors.ts";

const SIGNATURES = {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  listen: { parameters: ["i32", "i32"], result: "i32" },
  accept4: { parameters: ["i32", "buffer", "buffer", "i32"], result: "i32" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  recv: { parameters: ["i32", "buffer", "u32", "i32"], result: "i32" },
  send: { parameters: ["i32", "buffer", "u32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  epoll_create1: { parameters: ["i32"], result: "i32" },
  epoll_ctl: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
  epoll_wait: { parameters: ["i32", "buffer", "i32", "i32"], result: "i32" },
  readlink: { parameters: ["buffer", "buffer", "u32"], result: "i32" },
  getaddrinfo: { parameters: ["buffer", "buffer", "buffer", "buffer"], result: "i32" },
  freeaddrinfo: { parameters: ["usize"], result: "void" },
  inet_ntop: { parameters: ["i32", "buffer", "buffer", "u32"], result: "usize" },
  gai_strerror: { parameters: ["i32"], result: "usize" },
  __xpg_strerror_r: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  __errno_location: { parameters: [], result: "usize" },
  clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
  memcpy: { parameters: ["buffer", "usize", "u32"], result: "usize" },
  strlen: { parameters: ["usize"], result: "u32" },
} as const satisfies Deno.ForeignLibraryInterface;

export type Libc = Deno.DynamicLibrary<typeof SIGNATURES>["symbols"];

/**
 * Where distributions keep the GNU C library. Permission is asked for by path, so these are also what
 * the tasks of deno.json allow. Its name tells it from other C libraries, whose structures differ.
 */
export const LIBC_PATHS = [
  "/lib/x86_64-linux-gnu/libc.so.6",
  "/lib/aarch64-linux-gnu/libc.so.6",
  "/lib64/libc.so.6",
  "/usr/lib/libc.so.6",
];

let opened: Libc | null | undefined;

/**
 * The C library, the same object each time: calls of one and the same function object are what V8
 * makes fast.
 *
 * @returns null where there is none that is known, or no permission to use it.
 */
export function libc(): Libc | null {
  if (opened === undefined) opened = openLibc();
  return opened;
}

function openLibc(): Libc | null {
  if (Deno.build.os !== "linux") return null;
  for (const path of LIBC_PATHS) {
    const library = attempt(() => Deno.dlopen(path, SIGNATURES), null);
    if (library !== null) return library.symbols;
  }
  return null;
}

/** A text of the C library's own, which ends with a NUL. */
export function textAt(c: Libc, address: bigint): string {
  const bytes = new Uint8Array(c.strlen(address));
  c.memcpy(bytes, address, bytes.length);
  return new TextDecoder().decode(bytes);
}

/** A text as the C library takes it. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

/** Reads `errno`, of the thread that this is called on at first. */
export class Errno {
  readonly #c: Libc;
  readonly #address: bigint;
  readonly #value = new Int32Array(1);
  readonly #bytes = new Uint8Array(this.#value.buffer);

  constructor(c: Libc) {
    this.#c = c;
    this.#address = c.__errno_location();
  }

  /** Why the call that came right before this one has failed. */
  get(): number {
    this.#c.memcpy(this.#bytes, this.#address, 4);
    return this.#value[0];
  }
}
