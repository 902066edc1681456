/** Where the server's memory is, for INFO memory and MEMORY. */
import type { MemoryReport } from "../commands/context.ts";
import type { Server } from "./server.ts";

export function memoryReport(server: Server): MemoryReport {
  const { slabs } = server.keyspace;
  const databases = databaseReports(server);
  const used = server.usedBytes;
  let overhead = server.clientBytes;
  for (const { tableBytes, expiresBytes } of databases) overhead += tableBytes + expiresBytes;
  return {
    used,
    peak: Math.max(server.cron.peakUsedBytes, used),
    // Nothing that counts is there before the first key.
    startup: 0,
    overhead: Math.min(used, overhead),
    dataset: Math.max(0, used - overhead),
    clients: server.clients.memoryBytes(),
    allocated: slabs.usedBytes,
    held: slabs.pageBytes,
    rss: server.cron.rssBytes,
    databases,
  };
}

function databaseReports(server: Server): MemoryReport["databases"] {
  return server.keyspace.used
    .filter((db) => db.size > 0)
    .sort((a, b) => a.index - b.index)
    .map(({ index, size, dict, expires, fields }) => ({
      index,
      keys: size,
      tableBytes: dict.memoryBytes,
      expiresBytes: expires.memoryBytes + fields.hashes.memoryBytes,
    }));
}
