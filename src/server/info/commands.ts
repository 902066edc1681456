/** INFO commandstats, errorstats and latencystats: one line for each command or error that occurred. */
import type { Server } from "../server.ts";
import type { Fields } from "./mod.ts";

export function commandstatsSection({ registry, stats }: Server): Fields {
  const fields: Fields = {};
  for (const { index, fullName } of registry.all) {
    const calls = stats.calls[index];
    const rejected = stats.rejectedCalls[index];
    const failed = stats.failedCalls[index];
    if (calls === 0 && rejected === 0) continue;
    const usec = Math.round(stats.usec[index]);
    const usecPerCall = calls === 0 ? 0 : stats.usec[index] / calls;
    fields[`cmdstat_${fullName}`] = `calls=${calls},usec=${usec},usec_per_call=${
      usecPerCall.toFixed(2)
    },rejected_calls=${rejected},failed_calls=${failed}`;
  }
  return fields;
}

export function errorstatsSection({ stats }: Server): Fields {
  const fields: Fields = {};
  for (const [code, count] of [...stats.errors].sort()) {
    fields[`errorstat_${code}`] = `count=${count}`;
  }
  return fields;
}

export function latencystatsSection({ registry, settings, stats }: Server): Fields {
  const fields: Fields = {};
  const percentiles = settings.latencyTrackingInfoPercentiles;
  for (const { index, fullName } of registry.all) {
    const histogram = stats.histograms[index];
    if (histogram === null) continue;
    fields[`latency_percentiles_usec_${fullName}`] = percentiles
      .map((percent) => `p${percent}=${histogram.percentileUs(percent).toFixed(3)}`)
      .join(",");
  }
  return fields;
}
