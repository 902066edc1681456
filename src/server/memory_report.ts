/** Where the server's memory is, for INFO memory and MEMORY STATS. */
import type { Server } from "./server.ts";

/** All in bytes. */
export interface MemoryReport {
  /** What counts against `maxmemory`: data, tables, what clients hold. */
  readonly used: number;
  readonly peak: number;
  /** What an empty server uses. */
  readonly startup: number;
  /** Of `used`, what is not the user's data: tables, indexes, buffers. */
  readonly overhead: number;
  readonly dataset: number;
  /** What clients hold: receive buffers, output, unfinished requests. */
  readonly clients: number;
  /** The blocks that the slab allocator has given out. */
  readonly allocated: number;
  /** The pages it holds for them. */
  readonly held: number;
  /** The process's resident memory, as the cron measured it last. */
  readonly rss: number;
}

export function memoryReport(server: Server): MemoryReport {
  const { slabs, used: databases } = server.keyspace;
  const used = server.usedBytes;
  const clients = server.clients.memoryBytes();
  let tables = 0;
  for (const db of databases) tables += db.dict.memoryBytes + db.expires.memoryBytes;
  const overhead = Math.min(used, tables + server.outputPool.usedBytes);
  return {
    used,
    peak: Math.max(server.cron.peakUsedBytes, used),
    startup: 0,
    overhead,
    dataset: used - overhead,
    clients,
    allocated: slabs.usedBytes,
    held: slabs.pageBytes,
    rss: server.cron.rssBytes,
  };
}
