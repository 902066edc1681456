/** LATENCY DOCTOR: what the latency monitor has seen, in words, and what may help. */
import type { LatencyEvent } from "../context.ts";

/** What the doctor asks of the settings. */
export interface DoctorSettings {
  /** ms; 0 means that the monitor is off. */
  readonly latencyMonitorThreshold: number;
  /** µs; negative means that the slow log is off. */
  readonly slowlogLogSlowerThan: number;
}

/** What a report says about one event; times in ms. */
interface Findings {
  readonly event: string;
  readonly spikes: number;
  readonly mean: number;
  /** How far the spikes are from their mean, on average. */
  readonly deviation: number;
  readonly worst: number;
  /** Seconds between two spikes, on average. */
  readonly period: number;
  readonly lastAge: number;
}

const ADVICE: Readonly<Record<string, string>> = {
  "command": "A command is slow: SLOWLOG GET tells which. Commands that handle many elements at " +
    "once (KEYS, long ranges, DEL of a big value) keep everybody waiting: SCAN and its kin, " +
    "smaller ranges and UNLINK do the same in slices.",
  "fast-command": "Even commands that do next to nothing were slow, so the time was lost outside " +
    "of them: look for other programs that want the processor, for memory that is swapped out, " +
    "and for a virtual machine that is not given its time.",
  "expire-cycle": "Many keys fall due at the same moment: spread their times, for instance by a " +
    "random part of some seconds.",
  "eviction-cycle": "Memory has reached 'maxmemory', and keys must go before others can come: " +
    "raise it, let keys expire sooner, or set 'lazyfree-lazy-eviction' where values are big.",
};

/**
 * The report.
 *
 * @param events What the monitor has seen.
 * @param nowSeconds Unix time.
 */
export function diagnose(
  events: readonly LatencyEvent[],
  settings: DoctorSettings,
  nowSeconds: number,
): string {
  const { latencyMonitorThreshold: threshold, slowlogLogSlowerThan } = settings;
  if (threshold === 0) {
    return "The latency monitor is off. 'CONFIG SET latency-monitor-threshold <milliseconds>' " +
      "switches it on: then every event that takes at least so long is remembered.\n";
  }
  if (events.length === 0) {
    return `Nothing has taken ${threshold} ms or more since the latency monitor was switched on or ` +
      "reset.\n";
  }
  const findings = events.map((event) => findingsOf(event, nowSeconds))
    .sort((a, b) => b.worst - a.worst);
  const advice = findings.flatMap(({ event }) => ADVICE[event] ?? []);
  const worstMs = findings.find(({ event }) => event === "command")?.worst ?? 0;
  if (worstMs > 0 && (slowlogLogSlowerThan < 0 || slowlogLogSlowerThan > worstMs * 1000)) {
    advice.unshift(
      `The slow log is not shown these commands: 'CONFIG SET slowlog-log-slower-than ${
        threshold * 1000
      }' shows it those that the latency monitor sees.`,
    );
  }
  return [
    `What took ${threshold} ms or more, the worst first:`,
    "",
    ...findings.map((finding, i) => `${i + 1}. ${sentence(finding)}`),
    "",
    "What may help:",
    "",
    ...advice.map((text) => `- ${text}`),
    "",
  ].join("\n");
}

function findingsOf({ event, samples, max }: LatencyEvent, nowSeconds: number): Findings {
  const spikes = samples.length;
  const mean = sum(samples.map(({ latency }) => latency)) / spikes;
  return {
    event,
    spikes,
    mean,
    deviation: sum(samples.map(({ latency }) => Math.abs(latency - mean))) / spikes,
    worst: max,
    period: (nowSeconds - samples[0].time) / spikes,
    lastAge: nowSeconds - samples[spikes - 1].time,
  };
}

function sentence(finding: Findings): string {
  const { deviation, event, lastAge, mean, period, spikes, worst } = finding;
  return `${event}: ${spikes} ${spikes === 1 ? "spike" : "spikes"} of ${mean.toFixed(0)} ms on ` +
    `average (mean deviation ${deviation.toFixed(0)} ms), ${worst} ms at worst; one in ` +
    `${period.toFixed(0)} s, the last ${lastAge} s ago.`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
