/** The slow log: the last commands that took longer than `slowlog-log-slower-than`. */
import type { SlowCommand } from "../commands/context.ts";
import { utf8 } from "../memory/bytes.ts";
import type { Args } from "../resp/args.ts";

/** What the log needs of the settings. */
export interface SlowlogSettings {
  /** µs; negative switches the log off, 0 logs everything. */
  readonly slowlogLogSlowerThan: number;
  readonly slowlogMaxLen: number;
}

/** Arguments beyond these are counted, not kept; longer ones are cut (as in Redis). */
const MAX_ARGS = 32;
const MAX_ARG_BYTES = 128;

export class Slowlog {
  readonly #settings: SlowlogSettings;
  /** Newest first. */
  readonly #entries: SlowCommand[] = [];
  #nextId = 0;

  constructor(settings: SlowlogSettings) {
    this.#settings = settings;
  }

  get length(): number {
    return this.#entries.length;
  }

  /** Whether a command that took `usec` belongs into the log. */
  wants(usec: number): boolean {
    const threshold = this.#settings.slowlogLogSlowerThan;
    return threshold >= 0 && usec >= threshold && this.#settings.slowlogMaxLen > 0;
  }

  /** @param args The request, without secrets. */
  add(args: Args, usec: number, atMs: number, address: string, clientName: string): void {
    this.#entries.unshift({
      id: this.#nextId++,
      atMs,
      usec: Math.floor(usec),
      args: shortened(args),
      address,
      clientName,
    });
    this.#trim();
  }

  /** The newest `count` entries, newest first; all when it is negative. */
  newest(count: number): readonly SlowCommand[] {
    this.#trim();
    return count < 0 ? this.#entries : this.#entries.slice(0, count);
  }

  clear(): void {
    this.#entries.length = 0;
  }

  #trim(): void {
    const max = Math.max(0, this.#settings.slowlogMaxLen);
    if (this.#entries.length > max) this.#entries.length = max;
  }
}

function shortened(args: Args): Uint8Array[] {
  const kept: Uint8Array[] = [];
  const shown = args.count > MAX_ARGS ? MAX_ARGS - 1 : args.count;
  for (let i = 0; i < shown; i++) {
    const excess = args.length(i) - MAX_ARG_BYTES;
    if (excess <= 0) {
      kept.push(args.copy(i));
      continue;
    }
    const start = args.starts[i];
    const head = args.bufs[i].subarray(start, start + MAX_ARG_BYTES);
    kept.push(join(head, `... (${excess} more bytes)`));
  }
  if (shown < args.count) {
    kept.push(utf8(`... (${args.count - shown} more arguments)`));
  }
  return kept;
}

function join(head: Uint8Array, tail: string): Uint8Array {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(utf8(tail), head.length);
  return bytes;
}
