/**
 * How far a load is: for INFO, and for whoever waits for the server to start. On a terminal a bar
 * grows; elsewhere the log says now and then how far it is.
 */
import type { Clock } from "../platform/mod.ts";
import type { Log } from "./log.ts";

/** Between two pictures of the bar, in ms. */
const DRAW_EVERY_MS = 100;
/** Between two lines in the log, in ms. */
const LOG_EVERY_MS = 5000;
/** Characters of a full bar. */
const BAR_WIDTH = 30;

const UNITS = ["B", "KB", "MB", "GB", "TB"];

/** What a progress tells with. */
export interface ProgressParts {
  readonly log: Log;
  readonly clock: Clock;
}

export class LoadProgress {
  /** Wall clock in ms. */
  readonly startedMs: number;
  readonly totalBytes: number;
  loadedBytes = 0;
  readonly #parts: ProgressParts;
  #nextMs: number;

  constructor(parts: ProgressParts, totalBytes: number) {
    this.#parts = parts;
    this.startedMs = parts.clock.nowMs();
    this.totalBytes = totalBytes;
    this.#nextMs = parts.clock.monotonicMs() + this.#everyMs;
  }

  /** Notes, and tells if it is time to, how many bytes have been loaded. */
  reach(loadedBytes: number): void {
    this.loadedBytes = loadedBytes;
    const { clock, log } = this.#parts;
    const nowMs = clock.monotonicMs();
    if (nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + this.#everyMs;
    if (log.isOnTerminal) log.status(this.#bar());
    else log.notice(`Loading: ${this.#text()}`);
  }

  get #everyMs(): number {
    return this.#parts.log.isOnTerminal ? DRAW_EVERY_MS : LOG_EVERY_MS;
  }

  get #share(): number {
    return Math.min(1, this.loadedBytes / Math.max(1, this.totalBytes));
  }

  #bar(): string {
    const full = Math.floor(this.#share * BAR_WIDTH);
    return `Loading [${"#".repeat(full)}${"-".repeat(BAR_WIDTH - full)}] ${this.#text()}`;
  }

  #text(): string {
    const percent = Math.floor(this.#share * 100);
    return `${percent}% (${sizeText(this.loadedBytes)} of ${sizeText(this.totalBytes)})`;
  }
}

function sizeText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  for (; size >= 1000 && unit < UNITS.length - 1; unit++) size /= 1024;
  return `${unit === 0 ? size : size.toFixed(1)} ${UNITS[unit]}`;
}
