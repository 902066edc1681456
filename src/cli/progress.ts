/** How far a long reading has come, told when people are looking. */
import { utf8 } from "../memory/bytes.ts";
import type { Platform } from "../platform/mod.ts";

/** Between two reports. */
const TELL_EVERY_MS = 1000;
/** Records between two looks at the time. */
const RECORDS_PER_LOOK = 1000;

export class Progress {
  readonly #platform: Platform;
  readonly #totalBytes: number;
  readonly #tells: boolean;
  #toldMs: number;
  #records = 0;

  constructor(platform: Platform, totalBytes: number) {
    this.#platform = platform;
    this.#totalBytes = totalBytes;
    this.#tells = platform.process.outIsTerminal();
    this.#toldMs = platform.clock.monotonicMs();
  }

  /** Another record has been read; `offset` bytes have been. */
  note(offset: number): void {
    if (!this.#tells || ++this.#records % RECORDS_PER_LOOK !== 0) return;
    const { clock, process } = this.#platform;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#toldMs < TELL_EVERY_MS) return;
    this.#toldMs = nowMs;
    const percent = Math.floor(100 * offset / this.#totalBytes);
    process.writeOut(utf8(`\r${percent} % of ${this.#totalBytes} bytes`));
  }

  /** Takes the last report away. */
  end(): void {
    if (this.#tells) this.#platform.process.writeOut(utf8("\r\x1b[K"));
  }
}
