/** Commands and bytes per second, averaged over the last samples, as INFO's `instantaneous_…` fields. */

const SAMPLES = 16;

class Rate {
  readonly #samples = new Float64Array(SAMPLES);
  #next = 0;
  #lastCount = 0;

  sample(elapsedMs: number, count: number): void {
    // Counters fall when the statistics are reset.
    const growth = Math.max(0, count - this.#lastCount);
    this.#lastCount = count;
    if (elapsedMs > 0) this.#samples[this.#next++ % SAMPLES] = growth * 1000 / elapsedMs;
  }

  get perSecond(): number {
    let sum = 0;
    for (const sample of this.#samples) sum += sample;
    return sum / SAMPLES;
  }
}

export class InstantaneousRates {
  readonly commands = new Rate();
  readonly bytesIn = new Rate();
  readonly bytesOut = new Rate();
  readonly turns = new Rate();
  #lastMs = 0;

  /** Takes a sample of counters that only grow. */
  sample(
    nowMs: number,
    commands: number,
    bytesIn: number,
    bytesOut: number,
    turns: number,
  ): void {
    const elapsedMs = this.#lastMs === 0 ? 0 : nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    this.commands.sample(elapsedMs, commands);
    this.bytesIn.sample(elapsedMs, bytesIn);
    this.bytesOut.sample(elapsedMs, bytesOut);
    this.turns.sample(elapsedMs, turns);
  }
}
