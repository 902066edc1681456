/** Signals from outside the process. */

export type Signal = "SIGINT" | "SIGTERM" | "SIGHUP";

export interface Signals {
  /**
   * Calls `fn` whenever the signal comes, in place of what the system would do. Nothing happens
   * where the system does not know the signal.
   *
   * @returns Takes `fn` off again.
   */
  on(signal: Signal, fn: () => void): () => void;
}

export class SystemSignals implements Signals {
  on(signal: Signal, fn: () => void): () => void {
    if (Deno.build.os === "windows" && signal === "SIGTERM") return () => {};
    Deno.addSignalListener(signal, fn);
    return () => Deno.removeSignalListener(signal, fn);
  }
}
