/** A socket that connections arrive at. */
import {
  type Clock,
  EAGAIN,
  EMFILE,
  ENFILE,
  ENOBUFS,
  ENOMEM,
  EPOLLIN,
  type SocketAddress,
} from "../../platform/mod.ts";
import { ACCEPT_PAUSE_MS, CONNECTION_GONE, type NetLog } from "../transport.ts";
import type { EpollLoop, Watched } from "./loop.ts";

/** So many are accepted in a turn; others wait. */
const ACCEPTED_MAX = 1000;

/** These will be so the next moment, too: the system, or the process, has no room for another file. */
const NO_ROOM: ReadonlySet<number> = new Set([EMFILE, ENFILE, ENOBUFS, ENOMEM]);

export class EpollListener implements Watched {
  readonly host: string;
  readonly address: SocketAddress;
  readonly #loop: EpollLoop;
  readonly #fd: number;
  readonly #clock: Clock;
  readonly #log: NetLog;
  readonly #admit: (fd: number) => void;
  #isClosed = false;

  constructor({ loop, clock, log, fd, host, address, admit }: ListenerParts) {
    this.#loop = loop;
    this.#fd = fd;
    this.#clock = clock;
    this.#log = log;
    this.#admit = admit;
    this.host = host;
    this.address = address;
    loop.watch(fd, this, EPOLLIN);
  }

  ready(): void {
    const { kernel } = this.#loop;
    for (let i = 0; i < ACCEPTED_MAX && !this.#isClosed; i++) {
      const fd = kernel.accept(this.#fd);
      if (fd >= 0) this.#admit(fd);
      else if (fd === -EAGAIN) return;
      else if (!CONNECTION_GONE.has(kernel.error(fd).code)) return this.#recover(fd);
    }
  }

  /** Accepts what has arrived, and nothing more. */
  close(): void {
    if (this.#isClosed) return;
    this.ready();
    this.#isClosed = true;
    this.#loop.forget(this.#fd);
    this.#loop.kernel.close(this.#fd);
  }

  #recover(result: number): void {
    const { kernel, poller } = this.#loop;
    this.#log.warning(`Accepting client connection: ${kernel.error(result).message}`);
    if (!NO_ROOM.has(-result)) return;
    poller.change(this.#fd, 0);
    this.#clock.after(ACCEPT_PAUSE_MS, () => {
      if (!this.#isClosed) poller.change(this.#fd, EPOLLIN);
    });
  }
}

/** What a listener is made of. */
export interface ListenerParts {
  readonly loop: EpollLoop;
  readonly clock: Clock;
  readonly log: NetLog;
  /** The number of its socket, which listens. */
  readonly fd: number;
  /** Where it was told to listen, as it was told. */
  readonly host: string;
  readonly address: SocketAddress;
  /** Takes each connection over: the number of its socket. */
  readonly admit: (fd: number) => void;
}
