/** Latency spikes by event, as LATENCY LATEST, HISTORY and RESET show them. */

/** What the monitor needs of the settings. */
export interface LatencySettings {
  /** ms; 0 switches the monitor off. */
  readonly latencyMonitorThreshold: number;
}

export interface LatencySample {
  /** Unix time in seconds. */
  readonly time: number;
  /** ms. */
  readonly latency: number;
}

/** Samples kept for each event. */
const HISTORY = 160;

interface Series {
  readonly samples: LatencySample[];
  max: number;
}

export class LatencyMonitor {
  readonly #settings: LatencySettings;
  readonly #events = new Map<string, Series>();

  constructor(settings: LatencySettings) {
    this.#settings = settings;
  }

  /** Notes an event that took `ms`, if that is at or above the threshold. */
  add(event: string, ms: number, nowMs: number): void {
    const threshold = this.#settings.latencyMonitorThreshold;
    if (threshold === 0 || ms < threshold) return;
    const series = this.#events.get(event) ?? { samples: [], max: 0 };
    this.#events.set(event, series);
    const latency = Math.floor(ms);
    const time = Math.floor(nowMs / 1000);
    const last = series.samples.at(-1);
    if (latency > series.max) series.max = latency;
    // One sample a second: the worst.
    if (last?.time === time) {
      if (latency > last.latency) series.samples[series.samples.length - 1] = { time, latency };
      return;
    }
    series.samples.push({ time, latency });
    if (series.samples.length > HISTORY) series.samples.shift();
  }

  /** Each event with its latest sample and its maximum. */
  *latest(): Iterable<{ event: string; sample: LatencySample; max: number }> {
    for (const [event, { samples, max }] of this.#events) {
      yield { event, sample: samples[samples.length - 1], max };
    }
  }

  history(event: string): readonly LatencySample[] {
    return this.#events.get(event)?.samples ?? [];
  }

  /** Forgets some events, or all without names; returns how many there were. */
  reset(events: readonly string[]): number {
    const names = events.length === 0 ? [...this.#events.keys()] : events;
    return names.filter((name) => this.#events.delete(name)).length;
  }
}
