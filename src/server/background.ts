/**
 * Work that nobody waits for, done in slices between turns: freeing what is no longer reachable,
 * moving memory together, evicting what one command's time was not enough for.
 *
 * While there is such work a slice of it is done every few milliseconds; the cron looks whether there
 * is any.
 */
import type { Cancel } from "../platform/mod.ts";
import type { Server } from "./server.ts";

/** The longest slice, in ms. */
const SLICE_MS = 1;
/** How long to leave the loop to others after a slice, in ms, when memory is to become free, */
const URGENT_PAUSE_MS = 1;
/** and when it is only to be put in order. */
const PAUSE_MS = 4;

export class Background {
  readonly #server: Server;
  #cancel: Cancel | null = null;

  constructor(server: Server) {
    this.#server = server;
  }

  /** Begins with what there is to do, unless that goes on already. */
  start(): void {
    if (this.#cancel === null) this.#slice();
  }

  /** The same, when the present turn is over. */
  startSoon(): void {
    if (this.#cancel === null) this.#schedule(URGENT_PAUSE_MS);
  }

  /** Stops; at shutdown. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #slice(): void {
    const pauseMs = this.#work();
    if (pauseMs > 0) this.#schedule(pauseMs);
  }

  #schedule(pauseMs: number): void {
    this.#cancel = this.#server.after(pauseMs, "background work", () => {
      this.#cancel = null;
      this.#slice();
    });
  }

  /** Does a slice; returns the pause before the next one, in ms, 0 when nothing is left to do. */
  #work(): number {
    const { compactor, evictor, keyspace, platform, realSize } = this.#server;
    const endMs = platform.clock.monotonicMs() + SLICE_MS;
    const mayGoOn = () => platform.clock.monotonicMs() < endMs;
    if (!keyspace.lazyFree.step(mayGoOn)) return URGENT_PAUSE_MS;
    if (evictor.makeRoom(mayGoOn) && !evictor.hasRoom) return URGENT_PAUSE_MS;
    if (!compactor.isRunning && !(compactor.isWanted && compactor.begin())) return 0;
    if (!compactor.step(mayGoOn)) return 0;
    return realSize.isExceeded ? URGENT_PAUSE_MS : PAUSE_MS;
  }
}
