/**
 * Waiting for many sockets at once: an epoll instance of the kernel's.
 *
 * The runtime waits for what concerns itself (files, signals, workers) with an instance of its own,
 * and cannot do so while it is waited here. But an instance can be waited for like any socket: ours
 * watches the runtime's, so that a wait ends as soon as the runtime has something to do.
 */
import {
  EPOLL_CLOEXEC,
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  EPOLL_CTL_MOD,
  EPOLLIN,
  type EventLayout,
} from "./constants.ts";
import { cString, type Libc } from "./libc.ts";

/** How many events one wait reports at most; the others come with the next. */
const EVENTS_MAX = 512;

/** The runtime opens its instance before anything else, so its number is one of the first. */
const RUNTIME_FD_MAX = 256;

/** What events have instead of a socket's number when it is the runtime that has something to do. */
export const RUNTIME = -1;

/** How the system shows an instance among the open files. */
const INSTANCE = "anon_inode:[eventpoll]";

/** What the transport waits with. Sockets go by their numbers, events by EPOLLIN and the like. */
export interface Poller {
  /** Begins to watch a socket. */
  add(fd: number, events: number): void;
  /** Changes what a socket is watched for. */
  change(fd: number, events: number): void;
  /** Ends watching a socket. Closing it does so, too. */
  remove(fd: number): void;
  /**
   * Waits until something happens, or for `ms` milliseconds (an integer).
   *
   * @returns How many events there are, to be asked for with {@link fd} and {@link events}.
   */
  wait(ms: number): number;
  /** The socket of event `i`; {@link RUNTIME} when the runtime has something to do. */
  fd(i: number): number;
  /** What has happened to it. */
  events(i: number): number;
  /** Whether waits end when anybody else on this thread has something to do. */
  readonly isWoken: boolean;
  /** From now on what the runtime has to do ends no wait. */
  leaveRuntime(): void;
  close(): void;
}

/** How many pollers of this process are open: the runtime cannot wake all who may have to wait. */
let openPollers = 0;

export class EpollPoller implements Poller {
  /** The numbers of the runtime's instance, as far as it is watched. */
  #runtimeFds: number[];
  readonly #c: Libc;
  readonly #fd: number;
  readonly #layout: EventLayout;
  readonly #events: Int32Array<ArrayBuffer>;
  readonly #eventBytes: Uint8Array<ArrayBuffer>;
  readonly #event: Int32Array<ArrayBuffer>;
  readonly #oneEventBytes: Uint8Array<ArrayBuffer>;

  constructor(c: Libc, layout: EventLayout) {
    this.#c = c;
    this.#layout = layout;
    this.#events = new Int32Array(EVENTS_MAX * layout.words);
    this.#eventBytes = new Uint8Array(this.#events.buffer);
    this.#event = new Int32Array(layout.words);
    this.#oneEventBytes = new Uint8Array(this.#event.buffer);
    this.#runtimeFds = findInstances(c);
    this.#fd = c.epoll_create1(EPOLL_CLOEXEC);
    for (const fd of this.#runtimeFds) this.#control(EPOLL_CTL_ADD, fd, EPOLLIN, RUNTIME);
    openPollers++;
  }

  get isWoken(): boolean {
    return this.#runtimeFds.length > 0 && openPollers === 1;
  }

  leaveRuntime(): void {
    for (const fd of this.#runtimeFds) this.remove(fd);
    this.#runtimeFds = [];
  }

  add(fd: number, events: number): void {
    this.#control(EPOLL_CTL_ADD, fd, events);
  }

  change(fd: number, events: number): void {
    this.#control(EPOLL_CTL_MOD, fd, events);
  }

  remove(fd: number): void {
    this.#control(EPOLL_CTL_DEL, fd, 0);
  }

  wait(ms: number): number {
    // A wait that a signal has broken off is a wait that was short.
    return Math.max(0, this.#c.epoll_wait(this.#fd, this.#eventBytes, EVENTS_MAX, ms));
  }

  fd(i: number): number {
    return this.#events[i * this.#layout.words + this.#layout.data];
  }

  events(i: number): number {
    return this.#events[i * this.#layout.words];
  }

  close(): void {
    openPollers--;
    this.#c.close(this.#fd);
  }

  #control(operation: number, fd: number, events: number, data = fd): void {
    this.#event[0] = events;
    this.#event[this.#layout.data] = data;
    this.#c.epoll_ctl(this.#fd, operation, fd, this.#oneEventBytes);
  }
}

/**
 * The instances that there are: the runtime's own, which may have several numbers, and in a process
 * with several threads those of others, whose events are of no harm.
 */
function findInstances(c: Libc): number[] {
  const found: number[] = [];
  const link = new Uint8Array(INSTANCE.length);
  for (let fd = 0; fd < RUNTIME_FD_MAX; fd++) {
    const n = c.readlink(cString(`/proc/self/fd/${fd}`), link, link.length);
    if (n === link.length && new TextDecoder().decode(link) === INSTANCE) found.push(fd);
  }
  return found;
}
