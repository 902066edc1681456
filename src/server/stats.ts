/**
 * Counters of the server, reset by CONFIG RESETSTAT, read by INFO.
 *
 * Counters of commands are arrays by {@link Command.index}, so that counting is an addition and
 * nothing more.
 */
import type { Registry } from "../commands/registry.ts";
import { LatencyHistogram } from "./latency_histogram.ts";

export class Stats {
  connectionsReceived = 0;
  connectionsRejected = 0;
  commandsProcessed = 0;
  bytesIn = 0;
  bytesOut = 0;
  evictedClients = 0;
  protocolErrors = 0;
  unexpectedErrors = 0;
  readsProcessed = 0;
  writesProcessed = 0;
  errorReplies = 0;
  /** Turns of the loop. */
  turns = 0;
  /** Clients closed for their output or query buffer's size. */
  outputBufferLimitDisconnections = 0;
  queryBufferLimitDisconnections = 0;

  readonly calls: Float64Array;
  /** Time in the handlers, µs. */
  readonly usec: Float64Array;
  /** Not run: arity, authentication, memory and other gates. */
  readonly rejectedCalls: Float64Array;
  /** Run, and answered with an error. */
  readonly failedCalls: Float64Array;
  /** Made at a command's first call. */
  readonly histograms: (LatencyHistogram | null)[];
  /** Error replies by their first word. */
  readonly errors = new Map<string, number>();

  constructor(registry: Registry) {
    const count = registry.all.length;
    this.calls = new Float64Array(count);
    this.usec = new Float64Array(count);
    this.rejectedCalls = new Float64Array(count);
    this.failedCalls = new Float64Array(count);
    this.histograms = new Array(count).fill(null);
  }

  /** Counts calls of a command that took `usec` µs each. */
  record(index: number, calls: number, usec: number, withHistogram: boolean): void {
    this.calls[index] += calls;
    this.usec[index] += calls * usec;
    if (withHistogram) (this.histograms[index] ??= new LatencyHistogram()).add(usec, calls);
  }

  /** Counts an error reply by its code, the first word of its text. */
  countError(code: string): void {
    this.errorReplies++;
    const count = this.errors.get(code) ?? 0;
    // As in Redis, too many different codes mean that somebody makes them up: stop counting apart.
    if (count === 0 && this.errors.size >= 128) return;
    this.errors.set(code, count + 1);
  }

  /** CONFIG RESETSTAT. */
  reset(): void {
    this.connectionsReceived = 0;
    this.connectionsRejected = 0;
    this.commandsProcessed = 0;
    this.bytesIn = 0;
    this.bytesOut = 0;
    this.evictedClients = 0;
    this.protocolErrors = 0;
    this.unexpectedErrors = 0;
    this.readsProcessed = 0;
    this.writesProcessed = 0;
    this.errorReplies = 0;
    this.turns = 0;
    this.outputBufferLimitDisconnections = 0;
    this.queryBufferLimitDisconnections = 0;
    this.calls.fill(0);
    this.usec.fill(0);
    this.rejectedCalls.fill(0);
    this.failedCalls.fill(0);
    this.histograms.fill(null);
    this.errors.clear();
  }
}
