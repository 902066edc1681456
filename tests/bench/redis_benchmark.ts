/** redis-benchmark as the source of load: how it is called, and what it reports. */
import type { Load } from "./result.ts";

/** One run of redis-benchmark with one of its tests. */
export interface LoadRequest {
  port: number;
  /** Name of the test, as `-t` takes it... */
  test: string;
  /** ...or the command to send instead, with `__rand_int__` where the number of a key belongs. */
  command?: readonly string[];
  /** Number of requests. */
  commands: number;
  clients: number;
  pipeline: number;
  /** Keys are drawn at random from this many (`-r`). */
  keys: number;
  valueBytes: number;
}

/** The arguments for redis-benchmark. */
export function loadArguments(request: LoadRequest): string[] {
  return [
    ...["-h", "127.0.0.1", "-p", request.port, "-n", request.commands],
    ...["-c", request.clients, "-P", request.pipeline],
    ...["-r", request.keys, "-d", request.valueBytes],
    ...(request.command ?? ["-t", request.test]),
  ].map(String);
}

/**
 * Runs redis-benchmark to its end.
 *
 * @throws Error with what it printed when it fails, or when the server answers with an error.
 */
export async function runLoad(request: LoadRequest): Promise<Load> {
  const args = loadArguments(request);
  const output = await new Deno.Command("redis-benchmark", { args }).output();
  const decoder = new TextDecoder();
  const report = decoder.decode(output.stdout);
  const errors = decoder.decode(output.stderr).split("\n").filter((line) =>
    line !== "" && !line.startsWith("WARNING: Could not fetch server CONFIG")
  );
  if (!output.success || errors.length > 0 || report.includes("Error from server")) {
    throw new Error(`redis-benchmark ${args.join(" ")} failed:\n${report}${errors.join("\n")}`);
  }
  return parseReport(report);
}

/**
 * Reads the report of a single test.
 *
 * The summary has no 99.9th percentile; the distribution has, at 99.902 %.
 */
export function parseReport(report: string): Load {
  const throughput = /throughput summary: ([\d.]+) requests per second/.exec(report);
  const summary = /avg +min +p50 +p95 +p99 +max\s+([\d.]+(?: +[\d.]+)*)/.exec(report);
  const distribution = report.slice(
    report.indexOf("Latency by percentile distribution"),
    report.indexOf("Cumulative distribution"),
  );
  const steps = distribution.matchAll(/([\d.]+)% <= ([\d.]+) milliseconds/g);
  const p999 = [...steps].find(([, percent]) => Number(percent) >= 99.9);
  if (throughput === null || summary === null || p999 === undefined) {
    throw new Error(`Cannot read the report of redis-benchmark:\n${report}`);
  }
  const [_average, _minimum, p50Ms, _p95Ms, p99Ms, maxMs] = summary[1].split(/ +/).map(Number);
  return { commandsPerSecond: Number(throughput[1]), p50Ms, p99Ms, p999Ms: Number(p999[2]), maxMs };
}
