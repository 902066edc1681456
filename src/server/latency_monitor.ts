/** Latency spikes by event, as LATENCY LATEST, HISTORY and RESET show them. */
import type { LatencyEvent, LatencySample } from "../commands/context.ts";

/** What the monitor needs of the settings. */
export interface LatencySettings {
  /** ms; 0 switches the monitor off. */
  readonly latencyMonitorThreshold: number;
}

/** Samples kept for each event. */
const HISTORY = 160;

interface Series extends LatencyEvent {
  readonly samples: LatencySample[];
  max: number;
}

export class LatencyMonitor {
  readonly #settings: LatencySettings;
  readonly #series = new Map<string, Series>();

  constructor(settings: LatencySettings) {
    this.#settings = settings;
  }

  /** Notes an event that took `ms`, if that is at or above the threshold. */
  add(event: string, ms: number, nowMs: number): void {
    const threshold = this.#settings.latencyMonitorThreshold;
    if (threshold === 0 || ms < threshold) return;
    let series = this.#series.get(event);
    if (series === undefined) this.#series.set(event, series = { event, samples: [], max: 0 });
    const { samples } = series;
    const latency = Math.floor(ms);
    const time = Math.floor(nowMs / 1000);
    const last = samples.at(-1);
    if (latency > series.max) series.max = latency;
    // One sample a second: the worst.
    if (last?.time === time) {
      if (latency > last.latency) samples[samples.length - 1] = { time, latency };
      return;
    }
    samples.push({ time, latency });
    if (samples.length > HISTORY) samples.shift();
  }

  /** The events of which there are samples. */
  get events(): readonly LatencyEvent[] {
    return [...this.#series.values()];
  }

  /** Forgets some events, or all without names; returns how many there were. */
  reset(events: readonly string[]): number {
    const names = events.length === 0 ? [...this.#series.keys()] : events;
    return names.filter((name) => this.#series.delete(name)).length;
  }
}
