/**
 * Handing the thread to the runtime, and getting it back.
 *
 * `setImmediate` lets everything that the runtime has ready go first: files, signals, messages of
 * workers, timers. In Deno 2.9 that costs 3 µs. In 2.5 the runtime rests for a millisecond each time,
 * so whoever yields should ask what it costs.
 */
import { setImmediate } from "node:timers";

export interface Yields {
  /** Calls `fn` when the runtime has had its turn; never before this call has returned. */
  then(fn: () => void): void;
}

export class RuntimeYields implements Yields {
  then(fn: () => void): void {
    setImmediate(fn);
  }
}
